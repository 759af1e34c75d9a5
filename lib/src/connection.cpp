// SPDX-License-Identifier: LGPL-2.1-or-later
#include "connection.hpp"

#include <cerrno>
#include <ownroute/error.hpp>
#include <string>

#include "attributes.hpp"
#include "report.hpp"

namespace ownroute::detail {
namespace {

constexpr int kDumpTries = 16;

/// The message at @p rest's beginning, cut off from it; none if there is no whole one.
const nlmsghdr *next_message(Bytes &rest) {
  if (rest.size() < sizeof(nlmsghdr)) {
    return nullptr;
  }
  const auto *message = reinterpret_cast<const nlmsghdr *>(rest.data());
  if (message->nlmsg_len < sizeof(nlmsghdr) || message->nlmsg_len > rest.size()) {
    return nullptr;
  }
  rest = rest.subspan(std::min<std::size_t>(NLMSG_ALIGN(message->nlmsg_len), rest.size()));
  return message;
}

}  // namespace

void Connection::ask(Message &request, std::string_view subject, const Each &each) {
  request.header().nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
  exchange(request, subject, each);
}

void Connection::dump(Message &request, std::string_view subject,
                      const std::function<void()> &restart, const Each &each) {
  request.header().nlmsg_flags |= NLM_F_REQUEST | NLM_F_DUMP;
  for (int i = 0; i < kDumpTries; ++i) {
    restart();
    if (exchange(request, subject, each) == Outcome::complete) {
      return;
    }
  }
  throw Error(ErrorKind::refused,
              std::string(subject) + ": it changed each time while it was read, try again", EINTR);
}

Connection::Outcome Connection::exchange(Message &request, std::string_view subject,
                                         const Each &each) {
  request.header().nlmsg_seq = ++sequence_;
  transport_->send(request.get());
  Outcome outcome = Outcome::complete;
  for (;;) {
    const std::vector<std::uint8_t> datagram = transport_->receive();
    Bytes rest(datagram);
    while (const nlmsghdr *message = next_message(rest)) {
      // What is left of an answer that an error has cut short.
      if (message->nlmsg_seq != sequence_) {
        continue;
      }
      if ((message->nlmsg_flags & NLM_F_DUMP_INTR) != 0) {
        outcome = Outcome::interrupted;
      }
      switch (message->nlmsg_type) {
        case NLMSG_NOOP:
          break;
        case NLMSG_ERROR:
        case NLMSG_DONE: {
          const Report report = read_report(*message, request.header(), request.dialect());
          if (report.code != 0) {
            throw to_error(report, request.dialect(), subject);
          }
          return outcome;
        }
        default:
          if (each) {
            each(*message);
          }
      }
    }
  }
}

}  // namespace ownroute::detail
