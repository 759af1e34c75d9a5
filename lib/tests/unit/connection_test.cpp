// SPDX-License-Identifier: LGPL-2.1-or-later
#include "connection.hpp"

#include <linux/genetlink.h>
#include <linux/ownroute.h>

#include <cerrno>

#include "answer.hpp"
#include "fake_transport.hpp"
#include "thrown.hpp"

namespace ownroute::test {
namespace {

using detail::Connection;
using detail::Message;
using testing::ElementsAre;

constexpr int kFamily = 0x20;

Message request() {
  return {detail::kOwnrouteDialect, kFamily, 0,
          genlmsghdr{.cmd = OWNROUTE_CMD_MAPPING_GET, .version = 1, .reserved = 0}};
}

/// A message whose payload is @p number.
Datagram part(const nlmsghdr &request, std::uint32_t number, int flags = NLM_F_MULTI) {
  return Answer(request, kFamily, flags).raw(number).bytes();
}

std::uint32_t number_of(const nlmsghdr &message) {
  std::uint32_t number;
  std::memcpy(&number, &message + 1, sizeof(number));
  return number;
}

Datagram joined(std::initializer_list<Datagram> parts) {
  Datagram datagram;
  for (const Datagram &part : parts) {
    datagram.insert(datagram.end(), part.begin(), part.end());
  }
  return datagram;
}

std::vector<std::uint32_t> heard_in_dump(const FakeTransport::Kernel &kernel) {
  Connection connection(fake(kernel));
  Message message = request();
  std::vector<std::uint32_t> heard;
  connection.dump(
      message, "cannot list", [&] { heard.clear(); },
      [&](const nlmsghdr &answer) { heard.push_back(number_of(answer)); });
  return heard;
}

TEST(Connection, AsksForAnAckAndHearsTheAnswerBeforeIt) {
  int flags = 0;
  Connection connection(fake([&](const nlmsghdr &asked) -> Answers {
    flags = asked.nlmsg_flags;
    return {part(asked, 7, 0), ack(asked)};
  }));
  Message message = request();
  std::vector<std::uint32_t> heard;
  connection.ask(message, "cannot",
                 [&](const nlmsghdr &answer) { heard.push_back(number_of(answer)); });
  EXPECT_EQ(flags, NLM_F_REQUEST | NLM_F_ACK);
  EXPECT_THAT(heard, ElementsAre(7));
}

TEST(Connection, ThrowsWhatTheKernelRefuses) {
  Connection connection(
      fake([](const nlmsghdr &asked) { return Answers{ack(asked, EINVAL, {.message = "no"})}; }));
  Message message = request();
  EXPECT_THAT(thrown_by([&] { connection.ask(message, "cannot ask"); }),
              IsError(ErrorKind::refused, "cannot ask: no"));
}

TEST(Connection, EachRequestHasANumberAndOthersAnswersArePassedOver) {
  nlmsghdr before{};
  Connection connection(fake([&](const nlmsghdr &asked) {
    Answers answers;
    if (before.nlmsg_seq != 0) {
      EXPECT_NE(before.nlmsg_seq, asked.nlmsg_seq);
      answers = {part(before, 1), ack(before, EINVAL), done(before)};
    }
    before = asked;
    answers.push_back(part(asked, 2));
    answers.push_back(ack(asked));
    return answers;
  }));
  std::vector<std::uint32_t> heard;
  Message message = request();
  for (int i = 0; i < 2; ++i) {
    connection.ask(message, "cannot",
                   [&](const nlmsghdr &answer) { heard.push_back(number_of(answer)); });
  }
  EXPECT_THAT(heard, ElementsAre(2, 2));
}

TEST(Connection, DumpReadsAllMessagesOfAllDatagrams) {
  EXPECT_THAT(heard_in_dump([](const nlmsghdr &asked) -> Answers {
                EXPECT_EQ(asked.nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
                return {joined({part(asked, 1), part(asked, 2)}), part(asked, 3), done(asked)};
              }),
              ElementsAre(1, 2, 3));
}

TEST(Connection, DumpThatWasOvertakenIsAskedForAgain) {
  int tries = 0;
  const auto overtaken = [&](const nlmsghdr &asked) -> Answers {
    switch (++tries) {
      case 1:
        return {part(asked, 1), part(asked, 2, NLM_F_MULTI | NLM_F_DUMP_INTR), done(asked)};
      case 2:
        // Noticed at the very end.
        return {part(asked, 3), done(asked, 0, {}, NLM_F_DUMP_INTR)};
      default:
        return {part(asked, 4), done(asked)};
    }
  };
  EXPECT_THAT(heard_in_dump(overtaken), ElementsAre(4));
  EXPECT_EQ(tries, 3);
}

TEST(Connection, DumpThatIsAlwaysOvertakenIsGivenUp) {
  int tries = 0;
  const auto overtaken = [&](const nlmsghdr &asked) -> Answers {
    ++tries;
    return {done(asked, 0, {}, NLM_F_DUMP_INTR)};
  };
  EXPECT_THAT(thrown_by([&] { heard_in_dump(overtaken); }),
              IsError(ErrorKind::refused, "changed each time"));
  EXPECT_EQ(tries, 16);
}

TEST(Connection, DumpsErrorInItsEnd) {
  const auto failing = [](const nlmsghdr &asked) -> Answers {
    return {part(asked, 1), done(asked, EINVAL, {.message = "half-way"})};
  };
  EXPECT_THAT(thrown_by([&] { heard_in_dump(failing); }),
              IsError(ErrorKind::refused, "cannot list: half-way"));
}

TEST(Connection, WhatIsCutOffIsNotRead) {
  const auto cut = [](const nlmsghdr &asked) -> Answers {
    Datagram half = part(asked, 9);
    half.resize(half.size() - 2);
    return {joined({part(asked, 1), half}), Datagram(3), done(asked)};
  };
  EXPECT_THAT(heard_in_dump(cut), ElementsAre(1));
}

TEST(Message, AttributeThatNetlinkCannotCarryIsRefused) {
  Message message(detail::kOwnrouteDialect, kFamily, 0, genlmsghdr{}, 70000);
  EXPECT_NO_THROW(message.put(OWNROUTE_A_USERDATA, std::string(65530, 'x')));
  Message other(detail::kOwnrouteDialect, kFamily, 0, genlmsghdr{}, 70000);
  EXPECT_THAT(thrown_by([&] { other.put(OWNROUTE_A_COMMENT, std::string(65536, 'x')); }),
              IsError(ErrorKind::usage, "OWNROUTE_A_COMMENT would have 65537 bytes"));
}

}  // namespace
}  // namespace ownroute::test
