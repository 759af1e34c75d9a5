// SPDX-License-Identifier: LGPL-2.1-or-later
#include "check_fixture.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using CheckSources = CheckFixture;

TEST_F(CheckSources, SaysWhoTakesTheRule) {
  add(torrent());
  Mapping keeps = torrent(1002);
  keeps.source = Source::keep;
  add(keeps);
  EXPECT_THAT(found(), IsEmpty());
  add({.priority = 1, .gid = GidRange{5, 5}, .action = Action::bypass});
  EXPECT_THAT(
      found(),
      ElementsAre("broken 1: its packets don't have the source address of their way, because "
                  "mapping 3 comes before it and takes some of its uids elsewhere: narrow "
                  "that one, or give this one source masquerade"));
}

}  // namespace
}  // namespace ownroute::test
