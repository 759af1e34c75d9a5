// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cerrno>
#include <map>
#include <ownroute/error.hpp>
#include <ownroute/session.hpp>
#include <set>

#include "choose.hpp"
#include "conflict.hpp"
#include "execute.hpp"
#include "lock.hpp"
#include "planner.hpp"
#include "present.hpp"
#include "text.hpp"

namespace ownroute {
namespace {

constexpr const char *kLockFile = "run/ownroute.lock";

[[noreturn]] void refuse(const std::string &message, int code = 0) {
  throw Error(ErrorKind::refused, message, code);
}

/// Takes the mapping @p id out of @p mappings.
Mapping take(std::vector<KernelMapping> &mappings, std::uint32_t id) {
  const auto has_id = [id](const KernelMapping &kernel) { return kernel.mapping.id == id; };
  const auto found = std::ranges::find_if(mappings, has_id);
  if (found == mappings.end()) {
    refuse("no mapping has id " + std::to_string(id) + ": give one that is there", ENOENT);
  }
  Mapping mapping = std::move(found->mapping);
  mappings.erase(found);
  return mapping;
}

std::vector<Mapping> without_stats(std::vector<KernelMapping> kernel) {
  std::vector<Mapping> mappings;
  mappings.reserve(kernel.size());
  std::ranges::transform(kernel, std::back_inserter(mappings),
                         [](KernelMapping &each) { return std::move(each.mapping); });
  return mappings;
}

class Released {
 public:
  explicit Released(detail::Lock &lock) : lock_(lock) {}
  Released(const Released &) = delete;
  Released &operator=(const Released &) = delete;
  ~Released() { lock_.release(); }

 private:
  detail::Lock &lock_;
};

}  // namespace

class Session::Impl {
 public:
  Impl(Client client, Router router, std::filesystem::path root,
       std::function<std::uint64_t(const std::string &)> cgroup_id)
      : client_(std::move(client)),
        router_(std::move(router)),
        root_(std::move(root)),
        cgroup_id_(std::move(cgroup_id)),
        names_(root_),
        lock_(root_ / kLockFile) {}

  std::vector<Listed> list();
  Plan plan_add(Mapping wanted);
  Plan plan_replace(Mapping wanted);
  Plan plan_del(const std::vector<std::uint32_t> &ids);
  Plan plan_flush();
  Changes apply(const Plan &plan);

 private:
  void look() {
    routing_ = router_.routing();
    names_ = TableNames(root_);
  }

  void begin() {
    lock_.take();
    look();
  }

  std::optional<Device> find_device(const std::string &name);
  Ipv6 ipv6_over(const std::optional<Device> &device) const;
  Ipv6 check_way(Mapping &wanted);
  detail::Change change_for(Mapping wanted);
  Mapping with_table_name(Mapping mapping) const;

  Client client_;
  Router router_;
  std::filesystem::path root_;
  std::function<std::uint64_t(const std::string &)> cgroup_id_;
  TableNames names_;
  detail::Lock lock_;
  Routing routing_;
};

std::vector<Listed> Session::Impl::list() {
  std::vector<KernelMapping> mappings = client_.list();
  look();
  const detail::Present present(routing_);
  std::map<std::string, std::optional<Device>> devices;
  std::vector<Listed> listed;
  listed.reserve(mappings.size());
  for (auto &[mapping, stats] : mappings) {
    std::vector<std::string> missing;
    std::optional<Device> device;
    if (!mapping.dev.empty()) {
      if (!devices.contains(mapping.dev)) {
        devices[mapping.dev] = find_device(mapping.dev);
      }
      device = devices[mapping.dev];
      if (!device) {
        missing.push_back("device " + mapping.dev);
      }
    }
    std::ranges::copy(detail::missing(needs_of(mapping, ipv6_over(device)), present),
                      std::back_inserter(missing));
    listed.push_back({with_table_name(std::move(mapping)), stats, std::move(missing)});
  }
  return listed;
}

std::optional<Device> Session::Impl::find_device(const std::string &name) {
  try {
    return router_.device(name);
  } catch (const Error &error) {
    if (error.kind() != ErrorKind::not_found) {
      throw;
    }
    return std::nullopt;
  }
}

Ipv6 Session::Impl::ipv6_over(const std::optional<Device> &device) const {
  if (!routing_.ipv6) {
    return Ipv6::absent;
  }
  return device && !device->ipv6 ? Ipv6::blocked : Ipv6::routed;
}

/// Whether packets can go by @p wanted's device and gateways at all, as far as that can be told
/// beforehand.
Ipv6 Session::Impl::check_way(Mapping &wanted) {
  std::optional<Device> device;
  if (!wanted.dev.empty()) {
    device = router_.device(wanted.dev);
    wanted.dev = device->name;
    if (!device->up) {
      refuse("device " + wanted.dev + " is down: bring it up first, ip link set " + wanted.dev +
             " up");
    }
  }
  const Ipv6 ipv6 = ipv6_over(device);
  if (wanted.via_of(Family::ipv6) != nullptr && ipv6 != Ipv6::routed) {
    refuse("via " + wanted.via_of(Family::ipv6)->to_string() + " can't be reached: IPv6 is off" +
           (ipv6 == Ipv6::blocked ? " on " + wanted.dev : "") + ", turn it on or leave it out");
  }
  return ipv6;
}

/// What is to be done for @p wanted as a new mapping.
detail::Change Session::Impl::change_for(Mapping wanted) {
  validate(wanted);
  begin();
  const Ipv6 ipv6 = check_way(wanted);
  // A mark without a rule is seen in its mapping only.
  const auto used_marks = [this] {
    std::set<Mark> marks;
    for (const auto &[mapping, stats] : client_.list()) {
      marks.insert(mapping.mark.value_or(Mark()));
    }
    return marks;
  };
  const detail::Completed completed =
      detail::complete(std::move(wanted), routing_, names_, ipv6, used_marks);
  const Mapping &mapping = completed.mapping;
  const Needs needs = needs_of(mapping, ipv6);
  detail::Change change;
  if (completed.names_table) {
    change.new_names = {{.add = true, .table = *mapping.table, .name = mapping.table_name}};
  }
  change.added = detail::lacking(needs, routing_);
  change.obstacles = detail::in_the_way(needs, routing_);
  change.mappings.emplace_back(std::in_place_type<MappingStep>, std::nullopt, mapping);
  return change;
}

Plan Session::Impl::plan_add(Mapping wanted) {
  const detail::Change change = change_for(std::move(wanted));
  // There may be many mappings: they are asked for only if it matters.
  if (!change.obstacles.empty()) {
    detail::refuse_if_needed(change.obstacles, client_.list());
  }
  return detail::in_safe_order(change);
}

Plan Session::Impl::plan_replace(Mapping wanted) {
  detail::Change change = change_for(std::move(wanted));
  auto &step = std::get<MappingStep>(change.mappings.front());
  std::vector<KernelMapping> staying = client_.list();
  step.before = take(staying, step.after->id);
  detail::refuse_if_needed(change.obstacles, staying);
  staying.push_back({*step.after, {}});
  change.removed =
      detail::without(detail::surplus(routing_, {*step.before}, staying), change.obstacles);
  change.old_names = detail::surplus_names(names_, {*step.before}, staying);
  return detail::in_safe_order(change);
}

Plan Session::Impl::plan_del(const std::vector<std::uint32_t> &ids) {
  begin();
  std::vector<KernelMapping> staying = client_.list();
  std::vector<Mapping> gone;
  detail::Change change;
  for (const std::uint32_t id : ids) {
    gone.push_back(take(staying, id));
    change.mappings.emplace_back(std::in_place_type<MappingStep>, gone.back(), std::nullopt);
  }
  change.removed = detail::surplus(routing_, gone, staying);
  change.old_names = detail::surplus_names(names_, gone, staying);
  return detail::in_safe_order(change);
}

Plan Session::Impl::plan_flush() {
  begin();
  detail::Change change;
  const std::vector<Mapping> mappings = without_stats(client_.list());
  if (!mappings.empty()) {
    change.mappings.emplace_back(std::in_place_type<FlushStep>, mappings);
  }
  change.removed = detail::ours(routing_);
  // Namespaces share the files: a name that no mapping here uses may be another's.
  change.old_names = detail::surplus_names(names_, mappings, {});
  return detail::in_safe_order(change);
}

Changes Session::Impl::apply(const Plan &plan) {
  lock_.take();
  const Released released(lock_);
  Changes changes;
  for (const Step &step : detail::execute(plan, {client_, router_, names_})) {
    const auto *mapping = std::get_if<MappingStep>(&step);
    if (mapping != nullptr && mapping->after) {
      (mapping->before ? changes.replaced : changes.made)
          .push_back(with_table_name(client_.get(mapping->after->id).mapping));
    }
  }
  return changes;
}

Mapping Session::Impl::with_table_name(Mapping mapping) const {
  mapping.table_name = mapping.table ? names_.name(*mapping.table).value_or("") : "";
  return mapping;
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
  return impl_->plan_add(std::move(wanted));
}
Plan Session::plan_replace(Mapping wanted) {
  return impl_->plan_replace(std::move(wanted));
}
Plan Session::plan_del(const std::vector<std::uint32_t> &ids) {
  return impl_->plan_del(ids);
}
Plan Session::plan_flush() {
  return impl_->plan_flush();
}
Changes Session::apply(const Plan &plan) {
  return impl_->apply(plan);
}

}  // namespace ownroute
