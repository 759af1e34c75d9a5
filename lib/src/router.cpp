// SPDX-License-Identifier: LGPL-2.1-or-later
#include <linux/rtnetlink.h>

#include <cerrno>
#include <map>
#include <optional>
#include <ownroute/error.hpp>
#include <ownroute/router.hpp>
#include <ownroute/words.hpp>

#include "address_message.hpp"
#include "any_rule.hpp"
#include "connection.hpp"
#include "link_message.hpp"
#include "route_lookup.hpp"
#include "route_message.hpp"
#include "rule_message.hpp"
#include "text.hpp"

namespace ownroute {

using detail::Connection;
using detail::Message;

class Router::Impl {
 public:
  Impl(std::unique_ptr<detail::Transport> transport, bool uid_rules)
      : connection_(std::move(transport)), uid_rules_(uid_rules) {}

  Connection &connection() { return connection_; }
  bool uid_rules() const { return uid_rules_; }

  Device device(Message request, const std::string &name) {
    Device device;
    connection_.ask(request, "cannot find device " + name,
                    [&](const nlmsghdr &answer) { device = detail::read_device(answer); });
    return device;
  }

  unsigned index_of(const DefaultRoute &route) {
    return route.dev.empty() ? 0 : device(detail::link_get(route.dev), route.dev).index;
  }

  void read_rules(Family family, Routing &routing) {
    Message request = detail::rule_dump(family);
    Routing read;
    connection_.dump(
        request, "cannot list the " + std::string(to_string(family)) + " rules",
        [&] { read = routing; }, [&](const nlmsghdr &answer) { detail::read_rule(answer, read); });
    routing = std::move(read);
  }

  void read_routes(Family family, Routing &routing) {
    Message request = detail::route_dump(family);
    std::vector<detail::NumberedRoute> routes;
    connection_.dump(
        request, "cannot list the " + std::string(to_string(family)) + " routes",
        [&] { routes.clear(); },
        [&](const nlmsghdr &answer) {
          if (auto route = detail::read_route(answer, routing)) {
            routes.push_back(*std::move(route));
          }
        });
    // Many go by the same few.
    std::map<unsigned, std::optional<std::string>> names{{0, ""}};
    for (detail::NumberedRoute &numbered : routes) {
      const auto known = names.find(numbered.ifindex);
      const auto &name = known != names.end()
                             ? known->second
                             : names[numbered.ifindex] = device_name(numbered.ifindex);
      // With its device the route is gone, too.
      if (name) {
        numbered.route.dev = *name;
        routing.routes.push_back(std::move(numbered.route));
      }
    }
  }

  /// None if there is none of this number any more.
  std::optional<std::string> device_name(unsigned ifindex) {
    try {
      return device(detail::link_get(ifindex), std::to_string(ifindex)).name;
    } catch (const Error &error) {
      if (error.kind() != ErrorKind::not_found) {
        throw;
      }
      return std::nullopt;
    }
  }

 private:
  Connection connection_;
  bool uid_rules_;
};

namespace {

std::string subject(const char *verb, const Rule &rule) {
  return std::string("cannot ") + verb + " the " + std::string(to_string(rule.family)) + " rule " +
         detail::to_words(rule);
}

std::string subject(const char *verb, const DefaultRoute &route) {
  return std::string("cannot ") + verb + " the " + std::string(to_string(route.family)) +
         " route " + detail::to_words(route) + " in table " + std::to_string(route.table);
}

}  // namespace

Router::Router(const Netns &netns)
    : impl_(std::make_unique<Impl>(detail::open_transport(netns, NETLINK_ROUTE),
                                   netns.has_own_users())) {}
Router::Router(std::unique_ptr<detail::Transport> transport)
    : impl_(std::make_unique<Impl>(std::move(transport), true)) {}
Router::Router(Router &&) noexcept = default;
Router &Router::operator=(Router &&) noexcept = default;
Router::~Router() = default;

Device Router::device(const std::string &name) {
  return impl_->device(detail::link_get(name), detail::cite(name));
}

std::vector<Address> Router::addresses(const std::string &name) {
  Message request = detail::address_dump(device(name).index);
  std::vector<Address> addresses;
  impl_->connection().dump(
      request, "cannot list the addresses of device " + detail::cite(name),
      [&] { addresses.clear(); },
      [&](const nlmsghdr &answer) {
        if (const auto address = detail::read_address(answer)) {
          addresses.push_back(*address);
        }
      });
  return addresses;
}

Routing Router::routing() {
  Routing routing{.uid_rules = impl_->uid_rules()};
  Message request = detail::netconf_get();
  impl_->connection().ask(
      request, "cannot ask for the settings of all devices",
      [&](const nlmsghdr &answer) { routing.rp_filter = detail::read_rp_filter(answer); });
  impl_->read_rules(Family::ipv4, routing);
  impl_->read_routes(Family::ipv4, routing);
  try {
    impl_->read_rules(Family::ipv6, routing);
  } catch (const Error &error) {
    if (error.code() != EAFNOSUPPORT) {
      throw;
    }
    routing.ipv6 = false;
    return routing;
  }
  impl_->read_routes(Family::ipv6, routing);
  return routing;
}

std::vector<AnyRule> Router::rules(Family family) {
  Message request = detail::rule_dump(family);
  std::vector<AnyRule> rules;
  impl_->connection().dump(
      request, "cannot list the " + std::string(to_string(family)) + " rules",
      [&] { rules.clear(); },
      [&](const nlmsghdr &answer) { rules.push_back(detail::read_any_rule(answer)); });
  return rules;
}

Route Router::route(const RouteQuestion &question) {
  Message request = detail::route_get(question);
  detail::FoundRoute found;
  try {
    impl_->connection().ask(
        request, "cannot look up the route to " + question.to.to_string(),
        [&](const nlmsghdr &answer) { found = detail::read_found_route(answer); });
  } catch (const Error &error) {
    if (const auto no_way = detail::no_way(error)) {
      return *no_way;
    }
    throw;
  }
  if (found.ifindex != 0) {
    found.route.dev = impl_->device_name(found.ifindex).value_or("");
  }
  return found.route;
}

unsigned Router::prefix_length(const RouteQuestion &question) {
  Message request = detail::route_match(question);
  unsigned length = 0;
  try {
    impl_->connection().ask(
        request, "cannot look up the route to " + question.to.to_string(),
        [&](const nlmsghdr &answer) { length = detail::read_prefix_length(answer); });
  } catch (const Error &error) {
    if (!detail::no_way(error)) {
      throw;
    }
  }
  return length;
}

bool Router::lets_in(const std::string &dev, const Address &from, const Address &to,
                     std::uint32_t mark) {
  Message request = detail::input_route_get(device(dev).index, from, to, mark);
  try {
    impl_->connection().ask(request, "cannot ask what device " + detail::cite(dev) + " lets in");
  } catch (const Error &error) {
    // Up to Linux 6.12 the kernel hands on what fib_validate_source() says. From 6.13 on it makes a
    // drop reason of that, which comes as EINVAL; a question that it finds wrong, it explains.
    if (error.code() == EXDEV || (error.code() == EINVAL && error.extack().empty())) {
      return false;
    }
    throw;
  }
  return true;
}

void Router::add(const Rule &rule) {
  Message request = detail::rule_add(rule);
  impl_->connection().ask(request, subject("add", rule));
}

void Router::del(const Rule &rule) {
  Message request = detail::rule_del(rule, impl_->uid_rules());
  impl_->connection().ask(request, subject("delete", rule));
}

void Router::add(const DefaultRoute &route) {
  Message request = detail::route_add(route, impl_->index_of(route));
  impl_->connection().ask(request, subject("add", route));
}

void Router::set(const std::string &name, Setting setting, std::uint32_t value) {
  Message request = detail::link_set(device(name).index, setting, value);
  impl_->connection().ask(
      request, "cannot set " + detail::name_of(name, setting) + " to " + std::to_string(value));
}

void Router::del(const DefaultRoute &route) {
  Message request = detail::route_del(route, impl_->index_of(route));
  impl_->connection().ask(request, subject("delete", route));
}

}  // namespace ownroute
