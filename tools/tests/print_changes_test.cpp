// SPDX-License-Identifier: LGPL-2.1-or-later
#include "print_changes.hpp"

#include <gtest/gtest.h>

#include "samples.hpp"

namespace ownroute::cli {
namespace {

constexpr const char *kWords = "id 1 priority 1000 uid 1001 mark 0x1111 table 200 dev tun0";
const std::string kJson =
    R"("id":1,"priority":1000,"uid":1001,"action":"mark","mark":4369,"mask":4294967295,)"
    R"("table":200,"dev":"tun0")";

std::string text_of(const Event &event) {
  return printed([&](std::ostream &out) { print_event(out, event, false); });
}

std::string json_of(const Event &event) {
  return printed([&](std::ostream &out) { print_event(out, event, true); });
}

std::string changes_of(const Plan &plan, const Changes &changes, bool json) {
  return printed([&](std::ostream &out) { print_changes(out, plan, changes, json); });
}

TEST(PrintEvent, TellsOfAMapping) {
  Event event{.kind = Event::Kind::made,
              .mapping = KernelMapping{one_liner(), {1, 60, 2, 3, 4, 5}}};
  EXPECT_EQ(text_of(event), "made " + std::string(kWords) + "\n");
  EXPECT_EQ(json_of(event),
            R"({"event":"made",)" + kJson +
                R"(,"packets":1,"bytes":60,"stamped":2,"reroutes":3,"drops":4,"guarded":5})"
                "\n");
  event.kind = Event::Kind::changed;
  EXPECT_EQ(text_of(event), "changed " + std::string(kWords) + "\n");
}

TEST(PrintEvent, CountsWhatIsGone) {
  const Event event{.kind = Event::Kind::withdrawn,
                    .mapping = KernelMapping{one_liner(), {1, 60, 2, 3, 4, 5}}};
  EXPECT_EQ(text_of(event), "withdrawn packets 1 bytes 60 stamped 2 reroutes 3 drops 4 guarded 5 " +
                                std::string(kWords) + "\n");
}

TEST(PrintEvent, TellsWhatAGuardDropped) {
  GuardedPacket packet{.id = 7, .uid = 1001, .dev = "eth0", .to = *Address::parse("203.0.113.1")};
  EXPECT_EQ(text_of({.kind = Event::Kind::guarded, .guarded = packet}),
            "guarded id 7 uid 1001 dev eth0 to 203.0.113.1\n");
  EXPECT_EQ(json_of({.kind = Event::Kind::guarded, .guarded = packet}),
            R"({"event":"guarded","id":7,"uid":1001,"dev":"eth0","to":"203.0.113.1"})"
            "\n");
  packet.uid.reset();
  EXPECT_EQ(text_of({.kind = Event::Kind::guarded, .guarded = packet}),
            "guarded id 7 dev eth0 to 203.0.113.1\n");
  EXPECT_EQ(json_of({.kind = Event::Kind::guarded, .guarded = packet}),
            R"({"event":"guarded","id":7,"dev":"eth0","to":"203.0.113.1"})"
            "\n");
}

TEST(PrintEvent, TellsOfTheNamespace) {
  const Event event{.kind = Event::Kind::replaced,
                    .info = Info{.mappings = 3, .generation = 12345678901, .limit = 9}};
  EXPECT_EQ(text_of(event), "replaced mappings 3 limit 9 generation 12345678901\n");
  EXPECT_EQ(json_of(event),
            R"({"event":"replaced","mappings":3,"limit":9,"generation":12345678901})"
            "\n");
}

TEST(PrintEvent, TellsOfEventsThatWereLost) {
  EXPECT_EQ(text_of({.kind = Event::Kind::resync}),
            "resync: events were lost, see ownroute list\n");
  EXPECT_EQ(json_of({.kind = Event::Kind::resync}), "{\"event\":\"resync\"}\n");
}

TEST(PrintChanges, PrintsOneALine) {
  const Plan plan{RuleStep{true, Rule{.mark = Mark{0x1111, 0xffffffff}, .table = 200}}};
  const Changes changes{.made = {one_liner()}, .replaced = {one_liner()}, .deleted = {one_liner()}};
  const std::string words(kWords);
  EXPECT_EQ(changes_of(plan, changes, false),
            "rule add ipv4 fwmark 0x1111 lookup 200\n"
            "made " +
                words + "\nchanged " + words + "\nwithdrawn " + words + "\n");
  EXPECT_EQ(changes_of(plan, changes, true),
            R"([{"step":"rule add ipv4 fwmark 0x1111 lookup 200"},{"change":"made",)" + kJson +
                R"(},{"change":"changed",)" + kJson + R"(},{"change":"withdrawn",)" + kJson +
                "}]\n");
}

TEST(PrintChanges, PrintsNothingForNothing) {
  EXPECT_EQ(changes_of({}, {}, false), "");
  EXPECT_EQ(changes_of({}, {}, true), "[]\n");
}

}  // namespace
}  // namespace ownroute::cli
