// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sock_diag_message.hpp"

#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <iterator>
#include <utility>

#include "address_family.hpp"
#include "attributes.hpp"

namespace ownroute::detail {
namespace {

static_assert(std::tuple_size_v<decltype(TcpConnection::socket)> == sizeof(inet_diag_sockid));

constexpr std::uint32_t bitmap(std::initializer_list<int> states) {
  std::uint32_t bits = 0;
  for (const int state : states) {
    bits |= 1U << static_cast<unsigned>(state);
  }
  return bits;
}

/// Those in which a socket has a peer and a program may wait for it.
constexpr std::uint32_t kConnected =
    bitmap({TCP_ESTABLISHED, TCP_SYN_SENT, TCP_SYN_RECV, TCP_FIN_WAIT1, TCP_FIN_WAIT2,
            TCP_CLOSE_WAIT, TCP_LAST_ACK, TCP_CLOSING});

inet_diag_req_v2 request(Family family) {
  inet_diag_req_v2 header{};
  header.sdiag_family = to_af(family);
  header.sdiag_protocol = IPPROTO_TCP;
  return header;
}

Message dump(Family family, std::uint32_t states) {
  inet_diag_req_v2 header = request(family);
  header.idiag_states = states;
  return {kSockDiagDialect, SOCK_DIAG_BY_FAMILY, 0, header};
}

/// @p words holds an address of @p family.
Address address(Family family, const std::uint32_t (&words)[4]) {
  constexpr std::uint8_t kMapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const auto *bytes = reinterpret_cast<const std::uint8_t *>(words);
  if (family == Family::ipv4) {
    return *Address::from_bytes(bytes, 4);
  }
  return std::equal(std::begin(kMapped), std::end(kMapped), bytes)
             ? *Address::from_bytes(bytes + sizeof(kMapped), 4)
             : *Address::from_bytes(bytes, 16);
}

}  // namespace

Message connection_dump(Family family) {
  return dump(family, kConnected);
}

Message listener_dump(Family family) {
  return dump(family, bitmap({TCP_LISTEN}));
}

Message connection_destroy(const TcpConnection &connection) {
  inet_diag_req_v2 header = request(connection.family);
  std::memcpy(&header.id, connection.socket.data(), sizeof(header.id));
  return {kSockDiagDialect, SOCK_DESTROY, 0, header};
}

std::optional<TcpConnection> read_connection(const nlmsghdr &answer) {
  const auto header = read_as<inet_diag_msg>(payload(answer));
  // What the kernel says of the uid is true only together with an inode.
  if (header.idiag_inode == 0) {
    return std::nullopt;
  }
  const Attributes attributes(answer, sizeof(header));
  const Family family = from_af(header.idiag_family);
  TcpConnection connection{
      .local = address(family, header.id.idiag_src),
      .peer = address(family, header.id.idiag_dst),
      .local_port = ntohs(header.id.idiag_sport),
      .uid = header.idiag_uid,
      .cgroup_id = attributes.number<std::uint64_t>(INET_DIAG_CGROUP_ID).value_or(0),
      .family = family};
  std::memcpy(connection.socket.data(), &header.id, sizeof(header.id));
  return connection;
}

std::optional<std::uint16_t> read_local_port(const nlmsghdr &answer) {
  return ntohs(read_as<inet_diag_msg>(payload(answer)).id.idiag_sport);
}

}  // namespace ownroute::detail
