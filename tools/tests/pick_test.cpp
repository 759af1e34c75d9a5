// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pick.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ownroute/error.hpp>

namespace ownroute::cli {
namespace {

using testing::HasSubstr;

Listed listed(std::uint32_t id, UidRange uid) {
  Listed item;
  item.mapping.id = id;
  item.mapping.uid = uid;
  return item;
}

const std::vector<Listed> kListed{listed(1, {1001, 1001}), listed(2, {1002, 1002}),
                                  listed(4, {1001, 1010}), listed(3, {1002, 1002})};

std::vector<std::uint32_t> ids_of(const Pick &pick) {
  std::vector<std::uint32_t> ids;
  for (const Listed &item : pick_all(kListed, pick)) {
    ids.push_back(item.mapping.id);
  }
  return ids;
}

TEST(PickAll, TakesAllInTheirOrder) {
  EXPECT_THAT(ids_of(Pick()), testing::ElementsAre(1, 2, 4, 3));
}

TEST(PickAll, TakesAnId) {
  EXPECT_THAT(ids_of({2, {}}), testing::ElementsAre(2));
}

TEST(PickAll, TakesTheSelectorThatWasGiven) {
  EXPECT_THAT(ids_of({{}, UidRange{1002, 1002}}), testing::ElementsAre(2, 3));
  EXPECT_THAT(ids_of({{}, UidRange{1001, 1001}}), testing::ElementsAre(1));
  EXPECT_THAT(ids_of({{}, UidRange{1001, 1010}}), testing::ElementsAre(4));
  EXPECT_THAT(ids_of({{}, UidRange{1005, 1005}}), testing::IsEmpty());
}

TEST(PickAll, MissesAnIdThatIsNotThere) {
  EXPECT_THROW(ids_of({9, {}}), Error);
}

TEST(PickOne, TakesTheOneThatIsMeant) {
  EXPECT_EQ(pick_one(kListed, {4, {}}), 4U);
  EXPECT_EQ(pick_one(kListed, {{}, UidRange{1001, 1001}}), 1U);
}

TEST(PickOne, RefusesWhatIsNotThere) {
  for (const Pick &pick : {Pick{9, {}}, Pick{{}, UidRange{9, 9}}}) {
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
    pick_one(kListed, {{}, UidRange{1002, 1002}});
    FAIL();
  } catch (const Error &error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), HasSubstr("(2, 3)"));
  }
}

}  // namespace
}  // namespace ownroute::cli
