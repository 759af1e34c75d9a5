// SPDX-License-Identifier: LGPL-2.1-or-later
#include <linux/netlink.h>

#include <cerrno>
#include <optional>
#include <ownroute/error.hpp>
#include <ownroute/sock_diag.hpp>
#include <string>
#include <utility>

#include "connection.hpp"
#include "sock_diag_message.hpp"

namespace ownroute {
namespace {

std::unique_ptr<detail::Transport> open(const Netns &netns) {
  if (!netns.has_own_users()) {
    throw Error(
        ErrorKind::refused,
        "cannot tell whose connections are whose: the network namespace has other uids than "
        "its caller, work from inside its user namespace");
  }
  return detail::open_transport(netns, NETLINK_SOCK_DIAG);
}

}  // namespace

class SockDiag::Impl {
 public:
  explicit Impl(std::unique_ptr<detail::Transport> transport) : connection_(std::move(transport)) {}

  /// What @p read makes of each socket that @p request_for, of both families, asks for.
  template <typename T>
  std::vector<T> read_all(detail::Message (*request_for)(Family),
                          std::optional<T> (*read)(const nlmsghdr &));
  bool destroy(const TcpConnection &connection);

 private:
  detail::Connection connection_;
};

template <typename T>
std::vector<T> SockDiag::Impl::read_all(detail::Message (*request_for)(Family),
                                        std::optional<T> (*read)(const nlmsghdr &)) {
  std::vector<T> all;
  try {
    for (const Family family : kFamilies) {
      detail::Message request = request_for(family);
      const std::size_t before = all.size();
      connection_.dump(
          request, "cannot list the TCP connections", [&] { all.resize(before); },
          [&](const nlmsghdr &answer) {
            if (auto one = read(answer)) {
              all.push_back(*std::move(one));
            }
          });
    }
  } catch (const Error &error) {
    if (error.code() != ENOENT) {
      throw;
    }
    throw error.with_message(
        "cannot list the TCP connections: this kernel lacks tcp_diag (CONFIG_INET_TCP_DIAG), load "
        "it with `modprobe tcp_diag`");
  }
  return all;
}

bool SockDiag::Impl::destroy(const TcpConnection &connection) {
  detail::Message request = detail::connection_destroy(connection);
  try {
    connection_.ask(request, "cannot close a connection to " + connection.peer.to_string());
    return true;
  } catch (const Error &error) {
    if (error.code() != ENOENT) {
      throw;
    }
    return false;
  }
}

SockDiag::SockDiag(const Netns &netns) : SockDiag(open(netns)) {}
SockDiag::SockDiag(std::unique_ptr<detail::Transport> transport)
    : impl_(std::make_unique<Impl>(std::move(transport))) {}
SockDiag::SockDiag(SockDiag &&) noexcept = default;
SockDiag &SockDiag::operator=(SockDiag &&) noexcept = default;
SockDiag::~SockDiag() = default;

std::vector<TcpConnection> SockDiag::connections() {
  return impl_->read_all(detail::connection_dump, detail::read_connection);
}

std::vector<std::uint16_t> SockDiag::listening_ports() {
  return impl_->read_all(detail::listener_dump, detail::read_local_port);
}

bool SockDiag::destroy(const TcpConnection &connection) {
  try {
    return impl_->destroy(connection);
  } catch (const Error &error) {
    if (error.code() != EOPNOTSUPP) {
      throw;
    }
    throw error.with_message(
        "cannot close connections: this kernel was built without CONFIG_INET_DIAG_DESTROY, restart "
        "the programs that have them");
  }
}

}  // namespace ownroute
