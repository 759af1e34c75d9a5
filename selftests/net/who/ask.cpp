// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ask.hpp"

#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <system_error>

namespace who {
namespace {

// Root's capabilities are kept: raw sockets and SO_MARK need them, whoever the owner is.
void become(uid_t uid) {
  if (::prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP) < 0 || ::setresuid(uid, uid, uid) < 0) {
    throw std::system_error(errno, std::generic_category(), "setresuid");
  }
}

// A deadline that passed has one name, whatever call it ended.
const char *errno_name(int error) {
  return error == EAGAIN || error == EINPROGRESS ? "timeout" : ::strerrorname_np(error);
}

class Asker {
 public:
  explicit Asker(const Question &question)
      : question_(question),
        address_(parse_address(question.kind, question.address,
                               question.port.value_or(port_of(question.kind)))),
        packet_(who::question(question.kind, address_.family(), question.size)),
        socket_(open()) {}

  // 0, or an errno
  int connect() const {
    const bool wanted = question_.connect || is_stream(question_.kind);
    return wanted && ::connect(socket_.fd(), address_.get(), address_.length) < 0 ? errno : 0;
  }

  // 0, or an errno
  int send() const {
    const bool connected = question_.connect || is_stream(question_.kind);
    const ssize_t sent =
        ::sendto(socket_.fd(), packet_.data(), packet_.size(), MSG_NOSIGNAL,
                 connected ? nullptr : address_.get(), connected ? 0 : address_.length);
    return sent < 0 ? errno : 0;
  }

  // The name of who answered, or of an errno
  std::string receive() const {
    std::array<char, 65536> buffer;
    const ssize_t length = ::recv(socket_.fd(), buffer.data(), buffer.size(), 0);
    if (length < 0) {
      return errno_name(errno);
    }
    if (length == 0) {
      return "EOF";
    }
    return std::string(name_in(question_.kind, address_.family(),
                               {buffer.data(), static_cast<std::size_t>(length)}));
  }

 private:
  Socket open() const {
    if (question_.uid && !question_.late) {
      become(*question_.uid);
    }
    Socket socket = open_to_ask(question_.kind, address_.family());
    const timeval deadline{
        .tv_sec = question_.deadline_ms / 1000,
        .tv_usec = static_cast<suseconds_t>(question_.deadline_ms % 1000) * 1000};
    socket.set_option(SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof(deadline));
    socket.set_option(SOL_SOCKET, SO_SNDTIMEO, &deadline, sizeof(deadline));
    socket.set_option(SOL_SOCKET, SO_BROADCAST, 1);
    if (question_.mark) {
      socket.set_option(SOL_SOCKET, SO_MARK, static_cast<int>(*question_.mark));
    }
    if (!question_.device.empty()) {
      socket.set_option(SOL_SOCKET, SO_BINDTODEVICE, question_.device.c_str(),
                        static_cast<socklen_t>(question_.device.size()));
    }
    if (question_.uid && question_.late) {
      become(*question_.uid);
    }
    return socket;
  }

  const Question &question_;
  Address address_;
  std::string packet_;
  Socket socket_;
};

}  // namespace

void ask(const Question &question) {
  const Asker asker(question);
  if (const int error = asker.connect()) {
    std::cout << errno_name(error) << std::endl;
    return;
  }
  if (question.wait) {
    std::cout << "open" << std::endl;
  }
  std::string go;
  for (unsigned i = 0; i < question.count && (!question.wait || std::getline(std::cin, go)); ++i) {
    const int error = asker.send();
    std::cout << (error ? errno_name(error) : asker.receive()) << std::endl;
  }
}

void flood(const Question &question) {
  unsigned sent = 0;
  if (is_stream(question.kind)) {
    for (unsigned i = 0; question.count == 0 || i < question.count; ++i) {
      const Asker asker(question);
      sent += asker.connect() == 0 && asker.send() == 0 ? 1 : 0;
    }
  } else {
    const Asker asker(question);
    if (const int error = asker.connect()) {
      throw std::system_error(error, std::generic_category(), question.address);
    }
    for (unsigned i = 0; question.count == 0 || i < question.count; ++i) {
      sent += asker.send() == 0 ? 1 : 0;
    }
  }
  std::cout << sent << std::endl;
}

}  // namespace who
