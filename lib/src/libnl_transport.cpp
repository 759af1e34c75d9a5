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

#include "handle.hpp"
#include "transport.hpp"

namespace ownroute::detail {
namespace {

/// The kernel fills a dump's datagrams up to 32 kB if it is let.
constexpr std::size_t kDatagramSize = 32 * 1024;
/// Answers lie ready when send() returns. One that doesn't come was lost for want of memory.
constexpr timeval kLost{.tv_sec = 10, .tv_usec = 0};

/// libnl's own error numbers say less than errno, from which it makes them.
[[noreturn]] void fail(const std::string &what) {
  const int code = errno;
  const std::string why =
      code == EAGAIN || code == ENOBUFS ? "an answer was lost, try again" : std::strerror(code);
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
    set_option(SOL_SOCKET, SO_RCVTIMEO, kLost);
  }

  void send(nl_msg *request) override {
    if (nl_send(socket_.get(), request) < 0) {
      fail("ask");
    }
  }

  std::vector<std::uint8_t> receive() override {
    std::vector<std::uint8_t> datagram(kDatagramSize);
    sockaddr_nl sender{};
    do {
      const std::size_t length = receive_into(datagram, MSG_PEEK | MSG_TRUNC, sender);
      datagram.resize(std::max(length, datagram.size()));
      datagram.resize(receive_into(datagram, 0, sender));
      // Any process may send to a netlink socket; only the kernel does it from port 0.
    } while (sender.nl_pid != 0);
    return datagram;
  }

 private:
  template <typename T>
  void set_option(int level, int option, const T &value) {
    if (setsockopt(nl_socket_get_fd(socket_.get()), level, option, &value, sizeof(value)) != 0) {
      fail("speak with");
    }
  }

  std::size_t receive_into(std::vector<std::uint8_t> &datagram, int flags, sockaddr_nl &sender) {
    for (;;) {
      socklen_t sender_length = sizeof(sender);
      const ssize_t length =
          recvfrom(nl_socket_get_fd(socket_.get()), datagram.data(), datagram.size(), flags,
                   reinterpret_cast<sockaddr *>(&sender), &sender_length);
      if (length >= 0) {
        return static_cast<std::size_t>(length);
      }
      if (errno != EINTR) {
        fail("hear");
      }
    }
  }

  SocketHandle socket_;
};

}  // namespace

std::unique_ptr<Transport> open_transport(const Netns &netns, int protocol) {
  std::unique_ptr<Transport> transport;
  netns.run([&] { transport = std::make_unique<LibnlTransport>(protocol); });
  return transport;
}

}  // namespace ownroute::detail
