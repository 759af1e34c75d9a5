// SPDX-License-Identifier: LGPL-2.1-or-later
#include "serve.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iostream>
#include <system_error>
#include <vector>

#include "wire.hpp"

namespace who {
namespace {

struct Server {
  Kind kind;
  int family;
  bool listens;  // else it is a connection, or has no connections
  Socket socket;
};

Server bind_server(Kind kind, const std::string &text, std::uint16_t port) {
  const Address address = parse_address(kind, text, port);
  Server server{kind, address.family(), is_stream(kind), open_to_serve(kind, address.family())};
  server.socket.set_option(SOL_SOCKET, SO_REUSEADDR, 1);
  if (::bind(server.socket.fd(), address.get(), address.length) < 0 ||
      (server.listens && ::listen(server.socket.fd(), SOMAXCONN) < 0)) {
    throw std::system_error(errno, std::generic_category(), text);
  }
  return server;
}

// Not sent is not sent: who asks faster than they read must not stop the others.
void answer_datagram(const Server &server, const std::string &name) {
  std::array<char, 65536> buffer;
  Address peer;
  const ssize_t length =
      ::recvfrom(server.socket.fd(), buffer.data(), buffer.size(), 0, peer.get(), &peer.length);
  if (length < 0) {
    return;
  }
  const std::string reply =
      answer(server.kind, server.family, {buffer.data(), static_cast<std::size_t>(length)}, name);
  ::sendto(server.socket.fd(), reply.data(), reply.size(), MSG_DONTWAIT, peer.get(), peer.length);
}

// Answers each whole line. Returns false at the connection's end.
bool answer_stream(const Server &server, const std::string &name) {
  std::array<char, 65536> buffer;
  const ssize_t length = ::recv(server.socket.fd(), buffer.data(), buffer.size(), 0);
  if (length <= 0) {
    return false;
  }
  const auto lines = std::count(buffer.begin(), buffer.begin() + length, '\n');
  for (auto i = lines; i > 0; --i) {
    const std::string reply = answer(server.kind, server.family, {}, name);
    ::send(server.socket.fd(), reply.data(), reply.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  }
  return true;
}

}  // namespace

void serve(const std::string &name, std::optional<std::uint16_t> port,
           std::span<const std::string> addresses) {
  std::vector<Kind> kinds{Kind::kUdp, Kind::kTcp};
  if (!port) {
    kinds.insert(kinds.end(), {Kind::kMptcp, Kind::kRaw, Kind::kPing});
  }
  std::vector<Server> servers;
  for (const std::string &address : addresses) {
    for (const Kind kind : kinds) {
      servers.push_back(bind_server(kind, address, port.value_or(port_of(kind))));
    }
  }
  std::cout << "ready" << std::endl;

  for (;;) {
    std::vector<pollfd> polls;
    for (const Server &server : servers) {
      polls.push_back({.fd = server.socket.fd(), .events = POLLIN, .revents = 0});
    }
    if (::poll(polls.data(), polls.size(), -1) < 0) {
      throw std::system_error(errno, std::generic_category(), "poll");
    }

    std::vector<Server> next;
    for (std::size_t i = 0; i < polls.size(); ++i) {
      Server &server = servers[i];
      bool goes_on = true;
      if (polls[i].revents != 0) {
        if (server.listens) {
          Socket connection(::accept4(server.socket.fd(), nullptr, nullptr, SOCK_CLOEXEC));
          if (connection.fd() >= 0) {
            next.push_back({server.kind, server.family, false, std::move(connection)});
          }
        } else if (is_stream(server.kind)) {
          goes_on = answer_stream(server, name);
        } else {
          answer_datagram(server, name);
        }
      }
      if (goes_on) {
        next.push_back(std::move(server));
      }
    }
    servers.swap(next);
  }
}

}  // namespace who
