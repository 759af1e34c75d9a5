// SPDX-License-Identifier: LGPL-2.1-or-later
#include "print_check.hpp"

#include <gtest/gtest.h>

#include "samples.hpp"

namespace ownroute::cli {
namespace {

std::string said(const std::vector<Finding> &findings, bool json = false) {
  return printed([&](std::ostream &out) { print_check(out, findings, json); });
}

const std::vector<Finding> kFindings{
    {Severity::leak, {3}, "a rule is missing", "ownroute repair"},
    {Severity::broken, {1, 2}, "a device is down", "bring it up"},
    {Severity::collision, {}, "somebody is there", "send him off"}};

TEST(PrintCheck, PrintsOneALine) {
  EXPECT_EQ(said(kFindings),
            "leak: mapping 3: a rule is missing: ownroute repair\n"
            "broken: mappings 1, 2: a device is down: bring it up\n"
            "collision: somebody is there: send him off\n");
  EXPECT_EQ(said({}), "nothing is wrong\n");
}

TEST(PrintCheck, ManyMappingsAreCounted) {
  EXPECT_EQ(said({{Severity::note, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, "p", "r"}}),
            "note: mappings 1, 2, 3, 4, 5, 6, 7, 8 and 2 more: p: r\n");
}

TEST(PrintCheck, PrintsJson) {
  EXPECT_EQ(said(kFindings, true),
            R"([{"severity":"leak","about":[3],"problem":"a rule is missing",)"
            R"("remedy":"ownroute repair"},)"
            R"({"severity":"broken","about":[1,2],"problem":"a device is down",)"
            R"("remedy":"bring it up"},)"
            R"({"severity":"collision","problem":"somebody is there","remedy":"send him off"}])"
            "\n");
  EXPECT_EQ(said({}, true), "[]\n");
}

}  // namespace
}  // namespace ownroute::cli
