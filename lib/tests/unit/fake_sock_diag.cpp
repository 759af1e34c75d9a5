// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fake_sock_diag.hpp"

#include <arpa/inet.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netlink/msg.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ownroute::test {
namespace {

std::uint8_t family_of(const StoredSocket &socket) {
  return socket.mapped || socket.local.find(':') != std::string::npos ? AF_INET6 : AF_INET;
}

void put_address(const StoredSocket &socket, const std::string &address, void *bytes) {
  const std::string mapped = socket.mapped ? "::ffff:" + address : address;
  inet_pton(family_of(socket), mapped.c_str(), bytes);
}

/// The number of the socket is its place in the list.
inet_diag_sockid id_of(const StoredSocket &socket, std::size_t place) {
  inet_diag_sockid id{};
  id.idiag_sport = htons(socket.port);
  id.idiag_dport = htons(443);
  put_address(socket, socket.local, id.idiag_src);
  put_address(socket, socket.peer, id.idiag_dst);
  id.idiag_cookie[0] = static_cast<std::uint32_t>(place);
  id.idiag_cookie[1] = 7;
  return id;
}

const inet_diag_req_v2 &header_of(const nlmsghdr &request) {
  return *static_cast<const inet_diag_req_v2 *>(nlmsg_data(&request));
}

}  // namespace

SockDiag FakeSockDiag::sock_diag() {
  return SockDiag(fake([this](const nlmsghdr &request) { return hear(request); }));
}

Answers FakeSockDiag::hear(const nlmsghdr &request) {
  if (request.nlmsg_len != NLMSG_LENGTH(sizeof(inet_diag_req_v2)) ||
      header_of(request).sdiag_protocol != IPPROTO_TCP) {
    return {ack(request, EINVAL)};
  }
  switch (request.nlmsg_type) {
    case SOCK_DIAG_BY_FAMILY:
      return dump(request);
    case SOCK_DESTROY:
      return destroy(request);
    default:
      return {ack(request, EINVAL)};
  }
}

Answers FakeSockDiag::dump(const nlmsghdr &request) {
  if (dump_refusal != 0) {
    return {done(request, dump_refusal)};
  }
  Answers answers;
  for (std::size_t place = 0; place < sockets.size(); ++place) {
    const StoredSocket &socket = sockets[place];
    if (family_of(socket) != header_of(request).sdiag_family ||
        (header_of(request).idiag_states & (1U << socket.state)) == 0) {
      continue;
    }
    inet_diag_msg message{};
    message.idiag_family = family_of(socket);
    message.idiag_state = socket.state;
    message.id = id_of(socket, place);
    message.idiag_uid = socket.inode == 0 ? 0 : socket.uid;
    message.idiag_inode = socket.inode;
    Answer answer(request, SOCK_DIAG_BY_FAMILY, NLM_F_MULTI);
    answer.raw(message).attribute(INET_DIAG_SHUTDOWN, std::uint8_t{0});
    if (socket.cgroup != 0) {
      answer.attribute(INET_DIAG_CGROUP_ID, socket.cgroup);
    }
    answers.push_back(answer.bytes());
  }
  answers.push_back(done(request));
  return answers;
}

Answers FakeSockDiag::destroy(const nlmsghdr &request) {
  if (refusal != 0) {
    return {ack(request, refusal)};
  }
  const inet_diag_sockid &id = header_of(request).id;
  const std::size_t place = id.idiag_cookie[0];
  const inet_diag_sockid wanted = id_of(sockets.at(place), place);
  if (std::memcmp(&id, &wanted, sizeof(id)) != 0 ||
      header_of(request).sdiag_family != family_of(sockets[place])) {
    return {ack(request, ENOENT)};
  }
  closed_peers.push_back(sockets[place].peer);
  return {ack(request)};
}

}  // namespace ownroute::test
