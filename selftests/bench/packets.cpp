// SPDX-License-Identifier: LGPL-2.1-or-later
//
// packets ADDRESS UID: what one 18-byte datagram of UID to ADDRESS costs, in nanoseconds of the
// monotonic clock: instructions, where the clock counts them (selftests/vm/run --icount).
#include <arpa/inet.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <string>
#include <system_error>
#include <vector>

namespace {

constexpr int kBatch = 64;
constexpr int kBatches = 60;
// The first ones fill caches: of routes, neighbours, memory.
constexpr int kWarmUp = 20;

[[noreturn]] void fail(const char *what) {
  throw std::system_error(errno, std::generic_category(), what);
}

std::int64_t now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

template <typename Address>
int connect_to(const Address &address, sa_family_t family, const char *name) {
  const int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, reinterpret_cast<const sockaddr *>(&address), sizeof(address)) != 0) {
    fail(name);
  }
  return fd;
}

int connected_socket(const char *name) {
  constexpr std::uint16_t kDiscardPort = 9;
  sockaddr_in ipv4{};
  ipv4.sin_family = AF_INET;
  ipv4.sin_port = htons(kDiscardPort);
  if (inet_pton(AF_INET, name, &ipv4.sin_addr) == 1) {
    return connect_to(ipv4, AF_INET, name);
  }
  sockaddr_in6 ipv6{};
  ipv6.sin6_family = AF_INET6;
  ipv6.sin6_port = htons(kDiscardPort);
  if (inet_pton(AF_INET6, name, &ipv6.sin6_addr) == 1) {
    return connect_to(ipv6, AF_INET6, name);
  }
  errno = EINVAL;
  fail(name);
}

double cost_of_one(int fd) {
  std::array<char, 18> payload{};
  iovec part{payload.data(), payload.size()};
  std::array<mmsghdr, kBatch> messages{};
  for (mmsghdr &message : messages) {
    message.msg_hdr.msg_iov = &part;
    message.msg_hdr.msg_iovlen = 1;
  }
  std::vector<std::int64_t> costs;
  for (int batch = 0; batch < kBatches; ++batch) {
    const std::int64_t start = now();
    if (sendmmsg(fd, messages.data(), kBatch, 0) != kBatch) {
      fail("sendmmsg");
    }
    if (batch >= kWarmUp) {
      costs.push_back(now() - start);
    }
  }
  // The median: a timer's interrupt now and then is not the packets' doing.
  const auto middle = costs.begin() + static_cast<std::ptrdiff_t>(costs.size() / 2);
  std::nth_element(costs.begin(), middle, costs.end());
  return static_cast<double>(*middle) / kBatch;
}

}  // namespace

int main(int argc, char **argv) try {
  if (argc != 3) {
    std::fprintf(stderr, "usage: packets ADDRESS UID\n");
    return 1;
  }
  const auto uid = static_cast<uid_t>(std::stoul(argv[2]));
  if (setresuid(uid, uid, uid) != 0) {
    fail("setresuid");
  }
  std::printf("%.0f\n", cost_of_one(connected_socket(argv[1])));
} catch (const std::exception &error) {
  std::fprintf(stderr, "packets: %s\n", error.what());
  return 1;
}
