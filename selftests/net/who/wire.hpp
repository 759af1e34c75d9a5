// SPDX-License-Identifier: LGPL-2.1-or-later
// What goes over the wire between "who ask" and "who serve", and the sockets that carry it.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace who {

/// How a question travels. Raw uses a protocol number that is set aside for experiments; ping is an
/// ICMP echo, sent through the ICMP datagram socket that ping(8) uses.
enum class Kind { kUdp, kTcp, kMptcp, kRaw, kPing };

/// Throws std::invalid_argument if there is no such kind.
Kind parse_kind(std::string_view text);

/// The kind has connections.
bool is_stream(Kind kind);

/// The port that it is answered at; 0 if it has no ports.
std::uint16_t port_of(Kind kind);

/// An IPv4 or IPv6 address, with the port that its kind has.
struct Address {
  sockaddr_storage storage{};
  socklen_t length = sizeof(sockaddr_storage);

  int family() const { return storage.ss_family; }
  sockaddr *get() { return reinterpret_cast<sockaddr *>(&storage); }
  const sockaddr *get() const { return reinterpret_cast<const sockaddr *>(&storage); }
};

/// Throws std::invalid_argument if `text` is no address.
Address parse_address(Kind kind, std::string_view text, std::uint16_t port);

/// A socket that is closed with its owner.
class Socket {
 public:
  /// Throws std::system_error.
  Socket(int family, int type, int protocol);
  /// Takes over `fd`, which may be -1.
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket &&other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket &operator=(Socket &&) = delete;
  ~Socket();

  int fd() const { return fd_; }
  /// Throws std::system_error.
  void set_option(int level, int option, const void *value, socklen_t length) const;
  /// Throws std::system_error.
  void set_option(int level, int option, int value) const;

 private:
  int fd_;
};

/// The socket that asks. Throws std::system_error.
Socket open_to_ask(Kind kind, int family);

/// The socket that answers, not yet bound. Throws std::system_error.
Socket open_to_serve(Kind kind, int family);

/// A question of about `size` bytes, ready to be sent.
std::string question(Kind kind, int family, std::size_t size);

/// The reply to `packet`, as received by a socket to serve, ready to be sent.
std::string answer(Kind kind, int family, std::string_view packet, std::string_view name);

/// The name in `packet`, as received by a socket to ask.
std::string_view name_in(Kind kind, int family, std::string_view packet);

}  // namespace who
