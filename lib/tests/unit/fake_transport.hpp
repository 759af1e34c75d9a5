// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// A transport with a function at its other end.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <stdexcept>
#include <vector>

#include "answer.hpp"
#include "connection.hpp"
#include "transport.hpp"

namespace ownroute::test {

using Answers = std::vector<Datagram>;

class FakeTransport : public detail::Transport {
 public:
  /// Returns the datagrams that answer @p request.
  using Kernel = std::function<Answers(const nlmsghdr &request)>;

  explicit FakeTransport(Kernel kernel) : kernel_(std::move(kernel)) {}

  void send(detail::Bytes requests) override {
    ++sendings;
    while (const nlmsghdr *request = detail::next_message(requests)) {
      for (Datagram &datagram : kernel_(*request)) {
        if (is_wanted(*request, datagram)) {
          answers_.push_back(std::move(datagram));
        }
      }
    }
  }

  detail::Bytes receive() override {
    const detail::Arrived arrived = receive_now();
    if (arrived.kind != detail::Arrived::Kind::datagram) {
      throw std::logic_error("the kernel has said all that it has to say");
    }
    return arrived.datagram;
  }

  detail::Arrived receive_now() override {
    if (answers_.empty()) {
      return {};
    }
    current_ = std::move(answers_.front());
    answers_.pop_front();
    // An empty one stands for those that were lost.
    return current_.empty()
               ? detail::Arrived{.kind = detail::Arrived::Kind::overrun}
               : detail::Arrived{.kind = detail::Arrived::Kind::datagram, .datagram = current_};
  }

  void join(std::uint32_t group) override { joined = group; }
  int fd() const override { return -1; }

  /// What the kernel says unasked.
  void tell(Datagram datagram) { answers_.push_back(std::move(datagram)); }

  int sendings = 0;
  std::uint32_t joined = 0;

 private:
  /// Who doesn't ask for an ack gets none.
  static bool is_wanted(const nlmsghdr &request, const Datagram &datagram) {
    const auto answer = detail::read_as<nlmsghdr>(datagram);
    const auto code = detail::read_as<int>(detail::Bytes(datagram).subspan(NLMSG_HDRLEN));
    return (request.nlmsg_flags & NLM_F_ACK) != 0 || answer.nlmsg_type != NLMSG_ERROR || code != 0;
  }

  Kernel kernel_;
  std::deque<Datagram> answers_;
  Datagram current_;
};

inline std::unique_ptr<detail::Transport> fake(FakeTransport::Kernel kernel) {
  return std::make_unique<FakeTransport>(std::move(kernel));
}

}  // namespace ownroute::test
