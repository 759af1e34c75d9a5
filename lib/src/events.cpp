// SPDX-License-Identifier: LGPL-2.1-or-later
#include <linux/genetlink.h>
#include <linux/ownroute.h>

#include <ownroute/error.hpp>
#include <ownroute/events.hpp>

#include "attributes.hpp"
#include "codec.hpp"
#include "connection.hpp"
#include "family.hpp"

namespace ownroute {

using detail::Arrived;

namespace {

/// Datagrams that one call reads at most.
constexpr int kAtOnce = 256;

std::optional<Event> event_of(const nlmsghdr &message) {
  const auto of_mapping = [&](Event::Kind kind) {
    return Event{.kind = kind, .mapping = detail::read_mapping(message)};
  };
  const auto of_all = [&](Event::Kind kind) {
    return Event{.kind = kind, .info = detail::read_info(message)};
  };
  switch (detail::read_as<genlmsghdr>(detail::payload(message)).cmd) {
    case OWNROUTE_CMD_MAPPING_NEW_NTF:
      return of_mapping(Event::Kind::made);
    case OWNROUTE_CMD_MAPPING_SET_NTF:
      return of_mapping(Event::Kind::changed);
    case OWNROUTE_CMD_MAPPING_DEL_NTF:
      return of_mapping(Event::Kind::withdrawn);
    case OWNROUTE_CMD_FLUSH_NTF:
      return of_all(Event::Kind::flushed);
    case OWNROUTE_CMD_REPLACED_NTF:
      return of_all(Event::Kind::replaced);
    case OWNROUTE_CMD_LIMIT_NTF:
      return of_all(Event::Kind::limit);
    case OWNROUTE_CMD_GUARDED_NTF:
      return Event{.kind = Event::Kind::guarded, .guarded = detail::read_guarded(message)};
    default:
      // Of a later module.
      return std::nullopt;
  }
}

}  // namespace

std::string_view to_string(Event::Kind kind) {
  switch (kind) {
    case Event::Kind::made:
      return "made";
    case Event::Kind::changed:
      return "changed";
    case Event::Kind::withdrawn:
      return "withdrawn";
    case Event::Kind::flushed:
      return "flushed";
    case Event::Kind::replaced:
      return "replaced";
    case Event::Kind::limit:
      return "limit";
    case Event::Kind::guarded:
      return "guarded";
    case Event::Kind::resync:
      break;
  }
  return "resync";
}

class Events::Impl {
 public:
  explicit Impl(std::unique_ptr<detail::Transport> transport)
      : connection_(std::move(transport)), family_(detail::resolve_family(connection_)) {
    if (family_.events == 0) {
      throw Error(ErrorKind::other_version, "the ownroute module has no events: update the module");
    }
    connection_.transport().join(family_.events);
  }

  int fd() { return transport().fd(); }

  std::vector<Event> read() {
    std::vector<Event> events;
    for (int i = 0; i < kAtOnce; ++i) {
      const Arrived arrived = transport().receive_now();
      if (arrived.kind == Arrived::Kind::nothing) {
        break;
      }
      if (arrived.kind == Arrived::Kind::overrun) {
        events.push_back({.kind = Event::Kind::resync});
      }
      take(arrived.datagram, events);
    }
    return events;
  }

 private:
  detail::Transport &transport() { return connection_.transport(); }

  void take(detail::Bytes datagram, std::vector<Event> &events) const {
    while (const nlmsghdr *message = detail::next_message(datagram)) {
      if (message->nlmsg_type == NLMSG_OVERRUN) {
        events.push_back({.kind = Event::Kind::resync});
      } else if (message->nlmsg_type == family_.id) {
        if (auto event = event_of(*message)) {
          events.push_back(*std::move(event));
        }
      }
    }
  }

  detail::Connection connection_;
  detail::FamilyNumbers family_;
};

Events::Events(const Netns &netns) : Events(detail::open_transport(netns, NETLINK_GENERIC)) {}
Events::Events(std::unique_ptr<detail::Transport> transport)
    : impl_(std::make_unique<Impl>(std::move(transport))) {}
Events::Events(Events &&) noexcept = default;
Events &Events::operator=(Events &&) noexcept = default;
Events::~Events() = default;

int Events::fd() const {
  return impl_->fd();
}

std::vector<Event> Events::read() {
  return impl_->read();
}

}  // namespace ownroute
