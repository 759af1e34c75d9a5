// SPDX-License-Identifier: LGPL-2.1-or-later
#include "connection.hpp"

#include <algorithm>
#include <cerrno>
#include <ownroute/error.hpp>
#include <string>

#include "attributes.hpp"
#include "report.hpp"

namespace ownroute::detail {
namespace {

constexpr int kDumpTries = 16;
/// Fits a socket's default buffer, with room for a request that is begun below it.
constexpr std::size_t kTogether = 96 * 1024;

}  // namespace

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
  transport_->send(request.bytes());
  Outcome outcome = Outcome::complete;
  for (;;) {
    Bytes rest = transport_->receive();
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

void Connection::post(Message &request, const SubjectOf &subject) {
  request.header().nlmsg_flags |= NLM_F_REQUEST;
  request.header().nlmsg_seq = ++sequence_;
  posted_dialect_ = &request.dialect();
  const Bytes bytes = request.bytes();
  posted_.insert(posted_.end(), bytes.begin(), bytes.end());
  posted_.resize(NLMSG_ALIGN(posted_.size()));
  if (posted_.size() >= kTogether) {
    send_posted(subject);
  }
}

void Connection::send_posted(const SubjectOf &subject) {
  if (posted_.empty()) {
    return;
  }
  // Keeps its memory for the next ones.
  struct Cleared {
    std::vector<std::uint8_t> &posted;
    ~Cleared() { posted.clear(); }
  } const cleared{posted_};
  transport_->send(posted_);
  std::optional<Error> first;
  // An overrun loses errors behind the first.
  for (Arrived arrived = transport_->receive_now(); arrived.kind != Arrived::Kind::nothing;
       arrived = transport_->receive_now()) {
    Bytes answers = arrived.datagram;
    while (const nlmsghdr *answer = next_message(answers)) {
      if (!first && answer->nlmsg_type == NLMSG_ERROR) {
        first = error_of(*answer, subject);
      }
    }
  }
  if (first) {
    throw *first;
  }
}

/// What @p answer says about one of the posted requests; none if it is about another.
std::optional<Error> Connection::error_of(const nlmsghdr &answer, const SubjectOf &subject) const {
  Bytes requests(posted_);
  while (const nlmsghdr *request = next_message(requests)) {
    if (request->nlmsg_seq == answer.nlmsg_seq) {
      return to_error(read_report(answer, *request, *posted_dialect_), *posted_dialect_,
                      subject(*request));
    }
  }
  return std::nullopt;
}

}  // namespace ownroute::detail
