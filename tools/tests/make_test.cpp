// SPDX-License-Identifier: LGPL-2.1-or-later
#include "make.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ownroute::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

RuleStep step(bool add, Family family, std::optional<UidRange> uid, std::uint32_t table) {
  return {.add = add, .rule = {.family = family, .mark = {}, .table = table, .uid = uid}};
}

TEST(LostSourceRules, AreThoseOfOtherMappings) {
  const UidRange range{1001, 1010}, one{2000, 2000};
  Plan plan{MappingStep{.after = Mapping{.gid = GidRange{5, 5}, .action = Action::bypass}}};
  EXPECT_THAT(lost_source_rules(plan), IsEmpty());
  for (const Family family : kFamilies) {
    plan.push_back(step(true, family, one, 300));
    plan.push_back(step(false, family, std::nullopt, 300));
    plan.push_back(step(false, family, range, 200));
    plan.push_back(step(false, family, one, 201));
  }
  EXPECT_THAT(lost_source_rules(plan),
              ElementsAre("uid 1001-1010 has no rule for the source address of table 200 any more, "
                          "because of the new mapping",
                          "uid 2000 has no rule for the source address of table 201 any more, "
                          "because of the new mapping"));
}

TEST(LostSourceRules, AreNotThoseOfTheMappingThatIsReplaced) {
  const UidRange range{1001, 1010};
  const Mapping before{.id = 1, .uid = range, .table = 200};
  const Plan plan{MappingStep{.before = before, .after = Mapping{.id = 1}},
                  step(false, Family::ipv4, range, 200), step(false, Family::ipv6, range, 200)};
  EXPECT_THAT(lost_source_rules(plan), IsEmpty());
}

TEST(LostSourceRules, AreNotThoseForTheLan) {
  const UidRange one{1001, 1001};
  RuleStep lan = step(false, Family::ipv4, one, 254);
  lan.rule.suppress = widest_lan_prefix(Family::ipv4);
  const Mapping before{.id = 1, .uid = one, .table = 200, .lan = true};
  EXPECT_THAT(lost_source_rules({MappingStep{.before = before, .after = Mapping{.id = 1}}, lan}),
              IsEmpty());
}

}  // namespace
}  // namespace ownroute::cli
