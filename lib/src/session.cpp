// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cerrno>
#include <ownroute/error.hpp>
#include <ownroute/session.hpp>
#include <utility>

#include "execute.hpp"
#include "lock.hpp"
#include "plans.hpp"
#include "sources.hpp"
#include "surroundings.hpp"

namespace ownroute {
namespace {

constexpr const char *kLockFile = "run/ownroute.lock";

/// How often a plan is made that others overtake.
constexpr int kTries = 10;

class Released {
 public:
  explicit Released(detail::Lock &lock) : lock_(lock) {}
  Released(const Released &) = delete;
  Released &operator=(const Released &) = delete;
  ~Released() { lock_.release(); }

 private:
  detail::Lock &lock_;
};

/// The kernel knows none.
void name_table(Mapping &mapping, const TableNames &names) {
  mapping.table_name = mapping.table ? names.name(*mapping.table).value_or("") : "";
}

/// What @p plan, carried out, has done to the mappings.
Changes changes_of(Plan plan, const TableNames &names) {
  Changes changes;
  for (Step &step : plan) {
    if (auto *flush = std::get_if<FlushStep>(&step)) {
      changes.deleted = std::move(flush->before);
    } else if (auto *mapping = std::get_if<MappingStep>(&step)) {
      auto &list = !mapping->after   ? changes.deleted
                   : mapping->before ? changes.replaced
                                     : changes.made;
      list.push_back(std::move(mapping->after ? *mapping->after : *mapping->before));
    }
  }
  for (auto *list : {&changes.made, &changes.replaced, &changes.deleted}) {
    for (Mapping &mapping : *list) {
      name_table(mapping, names);
    }
  }
  return changes;
}

using Make = std::function<Plan(Client &client, detail::Surroundings &surroundings)>;

}  // namespace

class Session::Impl {
 public:
  Impl(Client client, Router router, std::filesystem::path root, detail::CgroupIdOf cgroup_id_of)
      : client_(std::move(client)),
        router_(std::move(router)),
        root_(std::move(root)),
        cgroup_id_of_(std::move(cgroup_id_of)),
        lock_(root_ / kLockFile) {}

  std::vector<Listed> list();
  Plan plan(const Make &make);
  /// In a transaction, begun before @p make looks at the mappings. If others overtake the plan,
  /// apply() makes it again.
  Plan plan_transaction(Make make);
  Changes apply(Plan plan);
  Repair plan_repair(const std::string &dev);
  Repair repair(Repair planned);

 private:
  detail::Surroundings look() { return {router_, root_, cgroup_id_of_}; }
  /// Looks when nobody else changes anything any more.
  detail::Surroundings look_first();

  Client client_;
  Router router_;
  std::filesystem::path root_;
  detail::CgroupIdOf cgroup_id_of_;
  detail::Lock lock_;
  std::function<Plan()> plan_again_;
};

std::vector<Listed> Session::Impl::list() {
  std::vector<KernelMapping> mappings = client_.list();
  detail::Surroundings surroundings = look();
  const detail::Sources sources =
      detail::sources_of(detail::pointers_to(mappings), surroundings.routing());
  std::vector<Listed> listed;
  listed.reserve(mappings.size());
  for (auto &[mapping, stats] : mappings) {
    std::vector<std::string> missing =
        surroundings.missing(mapping, sources.ruled.contains(&mapping));
    name_table(mapping, surroundings.names());
    listed.push_back({std::move(mapping), stats, std::move(missing)});
  }
  return listed;
}

detail::Surroundings Session::Impl::look_first() {
  lock_.take();
  // Of a plan that nobody wanted, or that changed no mappings.
  client_.abort();
  plan_again_ = nullptr;
  return look();
}

Plan Session::Impl::plan(const Make &make) {
  detail::Surroundings surroundings = look_first();
  return make(client_, surroundings);
}

Plan Session::Impl::plan_transaction(Make make) {
  const auto make_in_transaction = [make = std::move(make)](Client &client,
                                                            detail::Surroundings &surroundings) {
    client.begin();
    return make(client, surroundings);
  };
  Plan plan = this->plan(make_in_transaction);
  plan_again_ = [this, make_in_transaction] {
    detail::Surroundings surroundings = look();
    return make_in_transaction(client_, surroundings);
  };
  return plan;
}

Changes Session::Impl::apply(Plan plan) {
  lock_.take();
  const Released released(lock_);
  TableNames names(root_);
  const detail::Modules modules(root_);
  for (int tries = 1;; ++tries) {
    try {
      detail::execute(plan, {client_, router_, names, modules});
      break;
    } catch (const Error &error) {
      if (error.code() != EAGAIN || !plan_again_) {
        throw;
      }
      if (tries == kTries) {
        throw Error(ErrorKind::refused,
                    "others change the mappings all the time, and nothing has been changed: stop "
                    "them, or try again",
                    EAGAIN);
      }
    }
    plan = plan_again_();
  }
  return changes_of(std::move(plan), names);
}

Repair Session::Impl::plan_repair(const std::string &dev) {
  detail::Surroundings surroundings = look_first();
  return detail::plan_repair(dev, client_, surroundings);
}

Repair Session::Impl::repair(Repair planned) {
  lock_.take();
  const Released released(lock_);
  TableNames names(root_);
  const detail::Modules modules(root_);
  Repair done{.plan = {}, .hindrances = std::move(planned.hindrances)};
  for (Step &step : planned.plan) {
    try {
      detail::execute_alone(step, {client_, router_, names, modules});
      done.plan.push_back(std::move(step));
    } catch (const Error &error) {
      if (error.kind() == ErrorKind::not_permitted) {
        throw;
      }
      done.hindrances.emplace_back(error.what());
    }
  }
  return done;
}

Session::Session(const Netns &netns) : Session(Client(netns), Router(netns), "/") {}
Session::Session(Client client, Router router, std::filesystem::path root,
                 std::function<std::uint64_t(const std::string &)> cgroup_id)
    : impl_(std::make_unique<Impl>(std::move(client), std::move(router), std::move(root),
                                   std::move(cgroup_id))) {}
Session::Session(Session &&) noexcept = default;
Session &Session::operator=(Session &&) noexcept = default;
Session::~Session() = default;

std::vector<Listed> Session::list() {
  return impl_->list();
}
Plan Session::plan_add(Mapping wanted) {
  validate(wanted);
  return impl_->plan([&](Client &client, detail::Surroundings &surroundings) {
    return detail::plan_add(std::move(wanted), client, surroundings);
  });
}
Plan Session::plan_replace(Mapping wanted) {
  validate(wanted);
  return impl_->plan([&](Client &client, detail::Surroundings &surroundings) {
    return detail::plan_replace(std::move(wanted), client, surroundings);
  });
}
Plan Session::plan_del(const std::vector<std::uint32_t> &ids) {
  const Make make = [ids](Client &client, detail::Surroundings &surroundings) {
    return detail::plan_del(ids, client, surroundings);
  };
  return ids.size() > 1 ? impl_->plan_transaction(make) : impl_->plan(make);
}
Plan Session::plan_flush() {
  return impl_->plan_transaction(detail::plan_flush);
}
Plan Session::plan_apply(Policy policy) {
  const auto shared = std::make_shared<const Policy>(std::move(policy));
  return impl_->plan_transaction([shared](Client &client, detail::Surroundings &surroundings) {
    return detail::plan_apply(*shared, client, surroundings);
  });
}
Repair Session::plan_repair(const std::string &dev) {
  return impl_->plan_repair(dev);
}
Repair Session::repair(Repair planned) {
  return impl_->repair(std::move(planned));
}
Changes Session::apply(Plan plan) {
  return impl_->apply(std::move(plan));
}

}  // namespace ownroute
