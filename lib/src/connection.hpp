// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Questions and answers over a transport.
#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ownroute/error.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "message.hpp"
#include "transport.hpp"

namespace ownroute::detail {

/// The message at @p rest's beginning, cut off from it; none if there is no whole one.
const nlmsghdr *next_message(Bytes &rest);

class Connection {
 public:
  /// See to_error(): what @p request wants, that can't be done.
  using SubjectOf = std::function<std::string(const nlmsghdr &request)>;
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

  /// Puts @p request to others that are to travel together, and sends them all if they are many.
  /// Only errors are answered. Throws Error as send_posted().
  void post(Message &request, const SubjectOf &subject);
  /// Sends the rest of them. Throws the first Error of one of them.
  void send_posted(const SubjectOf &subject);
  /// Forgets those that haven't been sent.
  void forget_posted() { posted_.clear(); }

  Transport &transport() { return *transport_; }

 private:
  enum class Outcome { complete, interrupted };

  Outcome exchange(Message &request, std::string_view subject, const Each &each);
  std::optional<Error> error_of(const nlmsghdr &answer, const SubjectOf &subject) const;

  std::unique_ptr<Transport> transport_;
  std::uint32_t sequence_ = 0;
  /// Requests, one behind the other, and the dialect that they are in.
  std::vector<std::uint8_t> posted_;
  const Dialect *posted_dialect_ = nullptr;
};

}  // namespace ownroute::detail
