// SPDX-License-Identifier: LGPL-2.1-or-later
#include "findings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ownroute::test {
namespace {

using testing::ElementsAre;

TEST(Findings, TheWorstComeFirst) {
  const Mapping first{.id = 9, .priority = 1};
  const Mapping second{.id = 3, .priority = 2};
  detail::Findings findings;
  findings.add(Severity::note, first, "n", "");
  findings.add(Severity::collision, "a", "");
  findings.add(Severity::collision, second, "b", "");
  findings.add(Severity::leak, second, "y", "x");
  findings.add(Severity::leak, first, "z", "x");
  findings.add(Severity::broken, "p: q: r");
  EXPECT_THAT(findings.in_order(), ElementsAre(Finding{Severity::leak, {9}, "z", "x"},
                                               Finding{Severity::leak, {3}, "y", "x"},
                                               Finding{Severity::broken, {}, "p: q", "r"},
                                               Finding{Severity::collision, {3}, "b", ""},
                                               Finding{Severity::collision, {}, "a", ""},
                                               Finding{Severity::note, {9}, "n", ""}));
}

TEST(Findings, TheSameIsSaidOnce) {
  const Mapping first{.id = 9, .priority = 1};
  const Mapping second{.id = 3, .priority = 2};
  detail::Findings findings;
  for (const Mapping *mapping : {&second, &first, &second}) {
    findings.add(Severity::leak, *mapping, "a\nb", "c");
  }
  EXPECT_THAT(findings.in_order(), ElementsAre(Finding{Severity::leak, {9, 3}, "a?b", "c"}));
}

}  // namespace
}  // namespace ownroute::test
