// SPDX-License-Identifier: LGPL-2.1-or-later
#include "check_fixture.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using CheckLeftovers = CheckFixture;

const std::string kLeft =
    "broken: rules and routes of ownroute are there, but no mappings: make the mappings again, or "
    "ownroute flush";

TEST_F(CheckLeftovers, RulesOrRoutesOfOursAreLeft) {
  add(torrent());
  EXPECT_THAT(found(), IsEmpty());
  kernel_.world.mappings.clear();
  const World left = kernel_.world;
  EXPECT_THAT(found(), ElementsAre(kLeft));
  kernel_.world.rules.clear();
  EXPECT_THAT(found(), ElementsAre(kLeft));
  kernel_.world = left;
  kernel_.world.routes.clear();
  EXPECT_THAT(found(), ElementsAre(kLeft));
  flush();
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(CheckLeftovers, ThoseOfOthersAreNone) {
  kernel_.world.rules.insert({.mark = Mark{0x1111}, .table = 200, .protocol = 3});
  kernel_.world.routes.insert({.table = 200, .dev = "tun0", .protocol = 3});
  EXPECT_THAT(found(), IsEmpty());
}

}  // namespace
}  // namespace ownroute::test
