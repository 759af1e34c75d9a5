// SPDX-License-Identifier: LGPL-2.1-or-later
#include "wire.hpp"

#include <arpa/inet.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace who {
namespace {

constexpr int kRawProtocol = 253;  // RFC 3692
constexpr std::size_t kIcmpHeader = sizeof(icmphdr);
static_assert(kIcmpHeader == sizeof(icmp6_hdr));

int icmp_of(int family) {
  return family == AF_INET ? static_cast<int>(IPPROTO_ICMP) : static_cast<int>(IPPROTO_ICMPV6);
}

// Only IPv4 raw sockets receive the IP header.
std::string_view without_ip_header(int family, std::string_view packet) {
  if (family != AF_INET || packet.empty()) {
    return packet;
  }
  const std::size_t length = (static_cast<unsigned char>(packet[0]) & 0x0fU) * 4U;
  return packet.substr(std::min(length, packet.size()));
}

// RFC 1071
std::uint16_t internet_checksum(std::string_view data) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto byte = static_cast<unsigned char>(data[i]);
    sum += i % 2 == 0 ? static_cast<std::uint32_t>(byte) << 8U : byte;
  }
  sum = (sum & 0xffffU) + (sum >> 16U);
  sum += sum >> 16U;
  return htons(static_cast<std::uint16_t>(~sum));
}

std::string echo_request(int family, std::string_view text) {
  std::string packet(kIcmpHeader, '\0');
  packet[0] = static_cast<char>(family == AF_INET ? ICMP_ECHO : ICMP6_ECHO_REQUEST);
  return packet.append(text);
}

// Identifier and sequence number are the request's. The kernel does the checksum of ICMPv6 alone.
std::string echo_reply(int family, std::string_view request, std::string_view text) {
  std::string packet(request.substr(0, kIcmpHeader));
  packet.resize(kIcmpHeader);
  packet.append(text);
  packet[0] = static_cast<char>(family == AF_INET ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY);
  std::fill_n(packet.begin() + offsetof(icmphdr, checksum), sizeof(icmphdr::checksum), '\0');
  if (family == AF_INET) {
    const std::uint16_t checksum = internet_checksum(packet);
    std::memcpy(packet.data() + offsetof(icmphdr, checksum), &checksum, sizeof(checksum));
  }
  return packet;
}

void want_only_echo_requests(const Socket &socket, int family) {
  if (family == AF_INET) {
    const icmp_filter filter{.data = ~(1U << ICMP_ECHO)};
    socket.set_option(SOL_RAW, ICMP_FILTER, &filter, sizeof(filter));
  } else {
    icmp6_filter filter;
    ICMP6_FILTER_SETBLOCKALL(&filter);
    ICMP6_FILTER_SETPASS(ICMP6_ECHO_REQUEST, &filter);
    socket.set_option(IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter));
  }
}

}  // namespace

Kind parse_kind(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, Kind>, 5> kKinds{{{"udp", Kind::kUdp},
                                                                     {"tcp", Kind::kTcp},
                                                                     {"mptcp", Kind::kMptcp},
                                                                     {"raw", Kind::kRaw},
                                                                     {"ping", Kind::kPing}}};
  for (const auto &[name, kind] : kKinds) {
    if (name == text) {
      return kind;
    }
  }
  throw std::invalid_argument("no kind of packet: " + std::string(text));
}

bool is_stream(Kind kind) {
  return kind == Kind::kTcp || kind == Kind::kMptcp;
}

std::uint16_t port_of(Kind kind) {
  switch (kind) {
    case Kind::kUdp:
    case Kind::kTcp:
      return 7;  // echo
    case Kind::kMptcp:
      return 8;  // one socket listens at a port, to TCP or to MPTCP
    case Kind::kRaw:
    case Kind::kPing:
      break;
  }
  return 0;
}

Address parse_address(Kind kind, std::string_view text, std::uint16_t port) {
  Address address;
  const std::string string(text);
  // Elsewhere a port would be taken for a protocol number.
  const std::uint16_t net_port = port_of(kind) != 0 ? htons(port) : 0;
  auto *in = reinterpret_cast<sockaddr_in *>(&address.storage);
  auto *in6 = reinterpret_cast<sockaddr_in6 *>(&address.storage);

  if (inet_pton(AF_INET, string.c_str(), &in->sin_addr) == 1) {
    in->sin_family = AF_INET;
    in->sin_port = net_port;
    address.length = sizeof(*in);
  } else if (inet_pton(AF_INET6, string.c_str(), &in6->sin6_addr) == 1) {
    in6->sin6_family = AF_INET6;
    in6->sin6_port = net_port;
    address.length = sizeof(*in6);
  } else {
    throw std::invalid_argument("no address: " + string);
  }
  return address;
}

Socket::Socket(int family, int type, int protocol)
    : fd_(::socket(family, type | SOCK_CLOEXEC, protocol)) {
  if (fd_ < 0) {
    throw std::system_error(errno, std::generic_category(), "socket");
  }
}

Socket::~Socket() {
  if (fd_ >= 0) {
    ::close(fd_);
  }
}

void Socket::set_option(int level, int option, const void *value, socklen_t length) const {
  if (::setsockopt(fd_, level, option, value, length) < 0) {
    throw std::system_error(errno, std::generic_category(), "setsockopt");
  }
}

void Socket::set_option(int level, int option, int value) const {
  set_option(level, option, &value, sizeof(value));
}

Socket open_to_ask(Kind kind, int family) {
  switch (kind) {
    case Kind::kTcp:
      return {family, SOCK_STREAM, 0};
    case Kind::kMptcp:
      return {family, SOCK_STREAM, IPPROTO_MPTCP};
    case Kind::kRaw:
      return {family, SOCK_RAW, kRawProtocol};
    case Kind::kPing:
      return {family, SOCK_DGRAM, icmp_of(family)};
    case Kind::kUdp:
      break;
  }
  return {family, SOCK_DGRAM, 0};
}

Socket open_to_serve(Kind kind, int family) {
  if (kind != Kind::kPing) {
    return open_to_ask(kind, family);
  }
  Socket socket(family, SOCK_RAW, icmp_of(family));
  want_only_echo_requests(socket, family);
  return socket;
}

std::string question(Kind kind, int family, std::size_t size) {
  std::string text(std::max<std::size_t>(size, 1), '?');
  text.back() = '\n';
  return kind == Kind::kPing ? echo_request(family, text) : text;
}

std::string answer(Kind kind, int family, std::string_view packet, std::string_view name) {
  const std::string text = std::string(name) + '\n';
  return kind == Kind::kPing ? echo_reply(family, without_ip_header(family, packet), text) : text;
}

std::string_view name_in(Kind kind, int family, std::string_view packet) {
  if (kind == Kind::kRaw) {
    packet = without_ip_header(family, packet);
  } else if (kind == Kind::kPing) {
    packet = packet.substr(std::min(kIcmpHeader, packet.size()));
  }
  return packet.substr(0, packet.find('\n'));
}

}  // namespace who
