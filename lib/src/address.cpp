// SPDX-License-Identifier: LGPL-2.1-or-later
#include <arpa/inet.h>

#include <cstring>
#include <ownroute/policy.hpp>

namespace ownroute {
namespace {

constexpr std::size_t kIpv4Length = 4;
constexpr std::size_t kIpv6Length = 16;

}  // namespace

std::optional<Address> Address::parse(std::string_view text) {
  // A NUL in the middle would end the text for inet_pton(3).
  if (text.find('\0') != text.npos) {
    return std::nullopt;
  }
  const std::string terminated(text);
  std::array<std::uint8_t, kIpv6Length> bytes;
  if (inet_pton(AF_INET, terminated.c_str(), bytes.data()) == 1) {
    return from_bytes(bytes.data(), kIpv4Length);
  }
  if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) {
    return from_bytes(bytes.data(), kIpv6Length);
  }
  return std::nullopt;
}

std::optional<Address> Address::from_bytes(const void *bytes, std::size_t length) {
  if (length != kIpv4Length && length != kIpv6Length) {
    return std::nullopt;
  }
  Address address;
  address.family_ = length == kIpv4Length ? Family::ipv4 : Family::ipv6;
  std::memcpy(address.bytes_.data(), bytes, length);
  return address;
}

std::string Address::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(family_ == Family::ipv4 ? AF_INET : AF_INET6, bytes_.data(), text.data(), text.size());
  return text.data();
}

}  // namespace ownroute
