// SPDX-License-Identifier: LGPL-2.1-or-later
#include "print.hpp"

#include <gtest/gtest.h>

#include "samples.hpp"

namespace ownroute::cli {
namespace {

Mapping with_everything() {
  Mapping mapping;
  mapping.id = 12;
  mapping.priority = 5;
  mapping.uid = UidRange{1001, 1010};
  mapping.mark = Mark{0x1000000, 0xff000000};
  mapping.table = 20000;
  mapping.table_name = "vpn";
  mapping.dev = "tun0";
  mapping.via = {*Address::parse("10.2.0.254"), *Address::parse("fd02::254")};
  mapping.source = Source::keep;
  mapping.guard = true;
  mapping.connmark = true;
  mapping.nostamp = true;
  mapping.comment = "it's mine";
  return mapping;
}

Mapping of_every_selector() {
  Mapping mapping;
  mapping.id = 3;
  mapping.uid = UidRange{0, 0};
  mapping.gid = GidRange{44, 50};
  mapping.suppl = true;
  mapping.cgroup = "/system.slice/it's.service";
  mapping.cgroup_id = 123456789012;
  mapping.kernel = true;
  mapping.action = Action::block;
  return mapping;
}

std::string listed(const std::vector<Listed> &items, bool json = false) {
  return printed([&](std::ostream &out) { print_listed(out, items, json); });
}

TEST(ToWords, GivesTheWordsOfAdd) {
  EXPECT_EQ(to_words(one_liner()), "id 1 priority 1000 uid 1001 mark 0x1111 table 200 dev tun0");
  EXPECT_EQ(
      to_words(with_everything()),
      "id 12 priority 5 uid 1001-1010 mark 0x1000000/0xff000000 table vpn dev tun0"
      " via 10.2.0.254 via fd02::254 source keep guard connmark nostamp comment 'it'\\''s mine'");
  EXPECT_EQ(to_words(of_every_selector()),
            "id 3 priority 1000 uid 0 gid 44-50 cgroup '/system.slice/it'\\''s.service' suppl"
            " kernel block");
  Mapping bypass;
  bypass.id = 1;
  bypass.gid = GidRange{5, 5};
  bypass.action = Action::bypass;
  EXPECT_EQ(to_words(bypass), "id 1 priority 1000 gid 5 bypass");
}

TEST(ToWords, NamesASelector) {
  EXPECT_EQ(to_words(Selector{.uid = UidRange{1, 1}}), "uid 1");
  EXPECT_EQ(to_words(selector_of(of_every_selector())),
            "uid 0 gid 44-50 cgroup '/system.slice/it'\\''s.service'");
}

TEST(PrintMappings, PrintsOneALine) {
  EXPECT_EQ(printed([](std::ostream &out) {
              print_mappings(out, {one_liner(), one_liner()}, false);
            }),
            "id 1 priority 1000 uid 1001 mark 0x1111 table 200 dev tun0\n"
            "id 1 priority 1000 uid 1001 mark 0x1111 table 200 dev tun0\n");
}

TEST(PrintMappings, PrintsJson) {
  EXPECT_EQ(
      printed([](std::ostream &out) {
        print_mappings(out, {one_liner(), with_everything()}, true);
      }),
      R"([{"id":1,"priority":1000,"uid":1001,"action":"mark","mark":4369,"mask":4294967295,"table":200,)"
      R"("dev":"tun0"},)"
      R"({"id":12,"priority":5,"uid":"1001-1010","action":"mark","mark":16777216,"mask":4278190080,)"
      R"("table":20000,"table_name":"vpn","dev":"tun0","via":["10.2.0.254","fd02::254"],)"
      R"("source":"keep","guard":true,"connmark":true,"nostamp":true,"comment":"it's mine"}])"
      "\n");
  EXPECT_EQ(
      printed([](std::ostream &out) { print_mappings(out, {of_every_selector()}, true); }),
      R"([{"id":3,"priority":1000,"uid":0,"gid":"44-50","cgroup":"/system.slice/it's.service",)"
      R"("cgroup_id":123456789012,"suppl":true,"kernel":true,"action":"block"}])"
      "\n");
}

TEST(PrintListed, PrintsNothingForNothing) {
  EXPECT_EQ(listed({}), "");
  EXPECT_EQ(listed({}, true), "[]\n");
}

TEST(PrintListed, AlignsTheCounters) {
  EXPECT_EQ(
      listed({{one_liner(), {}, {}}, {one_liner(), {12345678901, 7, 3, 123456789, 0, 0}, {}}}),
      "    PACKETS  BYTES  STAMPED   REROUTES  DROPS\n"
      "          0      0        0          0      0  " +
          to_words(one_liner()) +
          "\n"
          "12345678901      7        3  123456789      0  " +
          to_words(one_liner()) + "\n");
}

TEST(PrintListed, HasAColumnForTheGuard) {
  Mapping guarded = one_liner();
  guarded.guard = true;
  EXPECT_EQ(listed({{guarded, {5, 300, 1, 1, 0, 4}, {}}, {one_liner(), {}, {}}}),
            "PACKETS  BYTES  STAMPED  REROUTES  DROPS  GUARDED\n"
            "      5    300        1         1      0        4  " +
                to_words(guarded) +
                "\n"
                "      0      0        0         0      0        0  " +
                to_words(one_liner()) + "\n");
}

TEST(PrintListed, ShowsWhatIsMissing) {
  const std::vector<Listed> items{
      {one_liner(), {1, 60, 2, 3, 4, 0}, {"IPv4 rule", "IPv6 default route in table 200"}}};
  EXPECT_EQ(listed(items),
            "PACKETS  BYTES  STAMPED  REROUTES  DROPS\n"
            "      1     60        2         3      4  id 1 priority 1000 uid 1001 mark 0x1111"
            " table 200 dev tun0\n"
            "    missing: IPv4 rule\n"
            "    missing: IPv6 default route in table 200\n");
  EXPECT_EQ(
      listed(items, true),
      R"([{"id":1,"priority":1000,"uid":1001,"action":"mark","mark":4369,"mask":4294967295,)"
      R"("table":200,"dev":"tun0","packets":1,"bytes":60,"stamped":2,"reroutes":3,"drops":4,"guarded":0,)"
      R"("missing":["IPv4 rule","IPv6 default route in table 200"]}])"
      "\n");
}

TEST(PrintListed, KeepsJsonValidWhateverTheCommentHolds) {
  Mapping mapping = one_liner();
  mapping.comment = "a\xff\"b";
  EXPECT_NE(listed({{mapping, {}, {}}}, true).find(R"("comment":"a�\"b")"), std::string::npos);
}

TEST(PrintPlan, PrintsOneStepALine) {
  const Plan plan{RuleStep{true, Rule{.mark = Mark{0x1111, 0xffffffff}, .table = 200}},
                  MappingStep{std::nullopt, one_liner()}};
  const std::string text = printed([&](std::ostream &out) { print_plan(out, plan, false); });
  EXPECT_EQ(text, describe(plan[0]) + "\n" + describe(plan[1]) + "\n");
  const std::string json = printed([&](std::ostream &out) { print_plan(out, plan, true); });
  EXPECT_EQ(json, "[{\"step\":\"" + describe(plan[0]) + "\"},{\"step\":\"" + describe(plan[1]) +
                      "\"}]\n");
}

}  // namespace
}  // namespace ownroute::cli
