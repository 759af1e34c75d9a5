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
#include "transport.hpp"

namespace ownroute::test {

using Answers = std::vector<Datagram>;

class FakeTransport : public detail::Transport {
 public:
  /// Returns the datagrams that answer @p request.
  using Kernel = std::function<Answers(const nlmsghdr &request)>;

  explicit FakeTransport(Kernel kernel) : kernel_(std::move(kernel)) {}

  void send(nl_msg *request) override {
    for (Datagram &datagram : kernel_(*nlmsg_hdr(request))) {
      answers_.push_back(std::move(datagram));
    }
  }

  std::vector<std::uint8_t> receive() override {
    if (answers_.empty()) {
      throw std::logic_error("the kernel has said all that it has to say");
    }
    Datagram datagram = std::move(answers_.front());
    answers_.pop_front();
    return datagram;
  }

 private:
  Kernel kernel_;
  std::deque<Datagram> answers_;
};

inline std::unique_ptr<detail::Transport> fake(FakeTransport::Kernel kernel) {
  return std::make_unique<FakeTransport>(std::move(kernel));
}

}  // namespace ownroute::test
