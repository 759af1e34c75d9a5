// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pick.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ownroute/error.hpp>

namespace ownroute::cli {
namespace {

using testing::HasSubstr;

Listed listed(std::uint32_t id, const Selector &selector) {
  Listed item;
  item.mapping.id = id;
  item.mapping.uid = selector.uid;
  item.mapping.gid = selector.gid;
  item.mapping.cgroup = selector.cgroup;
  return item;
}

Selector uid(std::uint32_t min, std::uint32_t max) {
  return {.uid = UidRange{min, max}};
}

Selector uid(std::uint32_t number) {
  return uid(number, number);
}

const Selector kBoth{.uid = UidRange{1001, 1001}, .gid = GidRange{5, 5}};
const Selector kAll{.uid = UidRange{1001, 1001}, .gid = GidRange{5, 5}, .cgroup = "/a b"};

const std::vector<Listed> kListed{
    listed(1, uid(1001)), listed(2, uid(1002)), listed(4, uid(1001, 1010)),
    listed(3, uid(1002)), listed(5, kBoth),     listed(6, kAll),
    listed(7, kAll)};

std::vector<std::uint32_t> ids_of(const Pick &pick) {
  std::vector<std::uint32_t> ids;
  for (const Listed &item : pick_all(kListed, pick)) {
    ids.push_back(item.mapping.id);
  }
  return ids;
}

TEST(PickAll, TakesAllInTheirOrder) {
  EXPECT_THAT(ids_of(Pick()), testing::ElementsAre(1, 2, 4, 3, 5, 6, 7));
}

TEST(PickAll, TakesAnId) {
  EXPECT_THAT(ids_of({.id = 2}), testing::ElementsAre(2));
}

TEST(PickAll, TakesTheSelectorThatWasGiven) {
  EXPECT_THAT(ids_of({.selector = uid(1002)}), testing::ElementsAre(2, 3));
  EXPECT_THAT(ids_of({.selector = uid(1001)}), testing::ElementsAre(1));
  EXPECT_THAT(ids_of({.selector = uid(1001, 1010)}), testing::ElementsAre(4));
  EXPECT_THAT(ids_of({.selector = uid(1005)}), testing::IsEmpty());
  EXPECT_THAT(ids_of({.selector = kBoth}), testing::ElementsAre(5));
  EXPECT_THAT(ids_of({.selector = kAll}), testing::ElementsAre(6, 7));
}

TEST(PickAll, MissesAnIdThatIsNotThere) {
  EXPECT_THROW(ids_of({.id = 9}), Error);
}

TEST(PickOne, TakesTheOneThatIsMeant) {
  EXPECT_EQ(pick_one(kListed, {.id = 4}), 4U);
  EXPECT_EQ(pick_one(kListed, {.selector = uid(1001)}), 1U);
}

TEST(PickOne, RefusesWhatIsNotThere) {
  for (const Pick &pick : {Pick{.id = 9}, Pick{.selector = uid(9)}}) {
    try {
      pick_one(kListed, pick);
      FAIL();
    } catch (const Error &error) {
      EXPECT_EQ(error.kind(), ErrorKind::refused);
      EXPECT_THAT(error.what(), HasSubstr(" 9:"));
    }
  }
}

TEST(PickOne, RefusesToChoose) {
  try {
    pick_one(kListed, {.selector = uid(1002)});
    FAIL();
  } catch (const Error &error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), HasSubstr("(2, 3)"));
  }
  try {
    pick_one(kListed, {.selector = kAll});
    FAIL();
  } catch (const Error &error) {
    EXPECT_THAT(error.what(), HasSubstr("uid 1001 gid 5 cgroup '/a b':"));
  }
}

}  // namespace
}  // namespace ownroute::cli
