// SPDX-License-Identifier: LGPL-2.1-or-later
#include "check_fixture.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint8_t kOthers = 0;

class CheckRules : public CheckFixture {
 protected:
  CheckRules() {
    add(torrent());
    // Whatever comes to a rule in front is decided by it.
    kernel_.ways[0x1111] = {.table = 100, .dev = "eth0"};
  }

  void add_rule(std::uint32_t priority, Mark mark, std::uint32_t table = 100,
                std::optional<UidRange> uid = {}, std::uint8_t protocol = kOthers) {
    kernel_.world.rules.insert(
        {.priority = priority, .mark = mark, .table = table, .protocol = protocol, .uid = uid});
  }

  std::vector<std::string> found() {
    auto lines = CheckFixture::found();
    // These are another concern.
    std::erase_if(lines, [](const std::string &line) { return line.starts_with("collision"); });
    return lines;
  }
};

const std::string kComes =
    "\" comes before its own and takes its packets: give that rule a priority above 2001";
constexpr Mark kAny{0, 0};

TEST_F(CheckRules, ThoseForAllTakeThem) {
  EXPECT_THAT(found(), IsEmpty());
  add_rule(1500, kAny);
  EXPECT_THAT(found(), ElementsAre("leak 1: IPv4 rule \"priority 1500 lookup 100" + kComes));
}

TEST_F(CheckRules, ThoseForTheMarkOrTheUidTakeThem) {
  add_rule(1500, Mark{0x11, 0xff});
  add_rule(1501, kAny, 100, UidRange{1000, 2000});
  EXPECT_THAT(
      found(),
      ElementsAre("leak 1: IPv4 rule \"priority 1500 fwmark 0x11/0xff lookup 100" + kComes,
                  "leak 1: IPv4 rule \"priority 1501 uidrange 1000-2000 lookup 100" + kComes));
}

TEST_F(CheckRules, OthersDoNot) {
  add_rule(1500, Mark{0x12, 0xff});
  add_rule(1501, kAny, 100, UidRange{1002, 2000});
  // Bits that nobody has said to be set
  add_rule(1502, Mark{0x10000, 0xf0000});
  // Its own table, the local one, ours, one behind ours
  add_rule(1503, kAny, 200);
  add_rule(0, kAny, 255);
  add_rule(1999, kAny, 100, {}, kProtocol);
  add_rule(2002, kAny);
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(CheckRules, ATableThatHasNothingDoesNot) {
  kernel_.ways[0x1111].table = 200;
  add_rule(1500, kAny);
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(CheckRules, AGuardLeaksNothing) {
  Mapping guarded = torrent();
  guarded.id = 1;
  guarded.guard = true;
  replace(guarded);
  kernel_.ways[0x1111] = {.table = 100, .dev = "eth0"};
  add_rule(1500, kAny);
  EXPECT_THAT(found(), ElementsAre("broken 1: IPv4 rule \"priority 1500 lookup 100" + kComes));
}

TEST_F(CheckRules, ATableOfOthersMayLackRoutes) {
  del({1});
  kernel_.ways[0x2222] = {.table = 254, .dev = "eth0"};
  add({.uid = UidRange{5, 5}, .mark = Mark{0x2222, 0xffff}, .table = 300});
  EXPECT_THAT(
      found(),
      ElementsAre(
          "leak 1: IPv4 packets that table 300 has no route for go by the main table: ip -4 "
          "route add unreachable default metric 4294967295 table 300",
          "leak 1: IPv6 packets that table 300 has no route for go by the main table: ip -6 "
          "route add unreachable default metric 4294967295 table 300"));
  kernel_.ways[0x2222] = {.error = EHOSTUNREACH};
  EXPECT_THAT(found(), IsEmpty());
}

}  // namespace
}  // namespace ownroute::test
