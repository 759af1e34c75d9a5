// SPDX-License-Identifier: LGPL-2.1-or-later
#include <linux/netlink.h>
#include <netlink/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ownroute/error.hpp>
#include <string>
#include <vector>

#include "handle.hpp"
#include "transport.hpp"

namespace ownroute::detail {
namespace {

/// The kernel fills a dump's datagrams up to 32 kB if it is let.
constexpr std::size_t kDatagramSize = 32 * 1024;
/// What anyone may have. libnl takes less, and many requests travel together.
constexpr int kBufferSize = 208 * 1024;
/// Room for notifications that nobody has read yet: some thousand.
constexpr int kEventsSize = 4 << 20;
/// Answers lie ready when send() returns. One that doesn't come was lost for want of memory.
constexpr timeval kLost{.tv_sec = 10, .tv_usec = 0};

/// libnl's own error numbers say less than errno, from which it makes them.
[[noreturn]] void fail(const std::string &what) {
  // What a socket says whose time is up.
  const int code = errno == EAGAIN ? ETIMEDOUT : errno;
  const std::string why = code == ETIMEDOUT || code == ENOBUFS ? "an answer was lost, try again"
                          : code == EPERM
                              ? "it needs CAP_NET_ADMIN over the network namespace, run "
                                "it as root"
                              : std::strerror(code);
  throw Error(code == EPERM ? ErrorKind::not_permitted : ErrorKind::refused,
              "cannot " + what + " the kernel over netlink: " + why, code);
}

class LibnlTransport : public Transport {
 public:
  explicit LibnlTransport(int protocol) : socket_(checked(SocketHandle(nl_socket_alloc()))) {
    // libnl opens it close-on-exec.
    if (nl_connect(socket_.get(), protocol) < 0) {
      fail("speak with");
    }
    set_option(SOL_NETLINK, NETLINK_EXT_ACK, 1);
    set_option(SOL_NETLINK, NETLINK_CAP_ACK, 1);
    if (protocol == NETLINK_ROUTE) {
      set_option(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
    }
    set_option(SOL_SOCKET, SO_SNDBUF, kBufferSize);
    set_option(SOL_SOCKET, SO_RCVBUF, kBufferSize);
    set_option(SOL_SOCKET, SO_RCVTIMEO, kLost);
  }

  void send(Bytes requests) override {
    if (nl_sendto(socket_.get(), const_cast<std::uint8_t *>(requests.data()), requests.size()) <
        0) {
      fail("ask");
    }
  }

  Bytes receive() override {
    const Arrived arrived = receive(0);
    if (arrived.kind != Arrived::Kind::datagram) {
      fail("hear");
    }
    return arrived.datagram;
  }

  Arrived receive_now() override {
    const Arrived arrived = receive(MSG_DONTWAIT);
    if (arrived.kind == Arrived::Kind::nothing && errno != EAGAIN) {
      fail("hear");
    }
    return arrived;
  }

  void join(std::uint32_t group) override {
    set_option(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
    // More than the administrator's limit takes a privilege that root of a container hasn't.
    if (setsockopt(fd(), SOL_SOCKET, SO_RCVBUFFORCE, &kEventsSize, sizeof(kEventsSize)) != 0) {
      set_option(SOL_SOCKET, SO_RCVBUF, kEventsSize);
    }
  }

  int fd() const override { return nl_socket_get_fd(socket_.get()); }

 private:
  template <typename T>
  void set_option(int level, int option, const T &value) {
    if (setsockopt(fd(), level, option, &value, sizeof(value)) != 0) {
      fail("speak with");
    }
  }

  /// Without a datagram, errno says why.
  Arrived receive(int flags) {
    sockaddr_nl sender{};
    ssize_t read = 0;
    do {
      // Its length first, without its bytes: most fit, and none may be cut.
      const ssize_t length = receive_into(nullptr, 0, flags | MSG_PEEK | MSG_TRUNC, sender);
      if (length < 0) {
        return {.kind = errno == ENOBUFS ? Arrived::Kind::overrun : Arrived::Kind::nothing};
      }
      buffer_.resize(std::max(static_cast<std::size_t>(length), buffer_.size()));
      read = receive_into(buffer_.data(), buffer_.size(), flags, sender);
      if (read < 0) {
        return {};
      }
      // Any process may send to a netlink socket; only the kernel does it from port 0.
    } while (sender.nl_pid != 0);
    return {.kind = Arrived::Kind::datagram,
            .datagram = Bytes(buffer_).first(static_cast<std::size_t>(read))};
  }

  ssize_t receive_into(std::uint8_t *data, std::size_t size, int flags, sockaddr_nl &sender) {
    ssize_t length;
    do {
      socklen_t sender_length = sizeof(sender);
      length =
          recvfrom(fd(), data, size, flags, reinterpret_cast<sockaddr *>(&sender), &sender_length);
    } while (length < 0 && errno == EINTR);
    return length;
  }

  SocketHandle socket_;
  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(kDatagramSize);
};

}  // namespace

std::unique_ptr<Transport> open_transport(const Netns &netns, int protocol) {
  std::unique_ptr<Transport> transport;
  netns.run([&] { transport = std::make_unique<LibnlTransport>(protocol); });
  return transport;
}

}  // namespace ownroute::detail
