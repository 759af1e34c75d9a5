// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Questions and answers over a transport.
#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "message.hpp"
#include "transport.hpp"

namespace ownroute::detail {

class Connection {
 public:
  /// Called for each message of an answer but its end.
  using Each = std::function<void(const nlmsghdr &)>;

  explicit Connection(std::unique_ptr<Transport> transport) : transport_(std::move(transport)) {}

  /// Sends @p request and waits until it is acknowledged. @p subject: see to_error().
  /// Throws Error.
  void ask(Message &request, std::string_view subject, const Each &each = {});

  /// Sends @p request as a dump. If a change overtakes it, it is asked for again: @p restart is
  /// called before each try, to forget what was heard of the one before. Throws Error.
  void dump(Message &request, std::string_view subject, const std::function<void()> &restart,
            const Each &each);

 private:
  enum class Outcome { complete, interrupted };

  Outcome exchange(Message &request, std::string_view subject, const Each &each);

  std::unique_ptr<Transport> transport_;
  std::uint32_t sequence_ = 0;
};

}  // namespace ownroute::detail
