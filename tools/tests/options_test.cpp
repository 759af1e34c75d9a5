// SPDX-License-Identifier: LGPL-2.1-or-later
#include "options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ownroute/error.hpp>
#include <vector>

namespace ownroute::cli {
namespace {

TEST(TakeOptions, StopsAtTheCommand) {
  const std::vector<std::string> line{"-j", "-n", "blue", "--dry-run", "-q", "add", "-j"};
  Words words = line;
  Options expected;
  expected.json = true;
  expected.netns = "blue";
  expected.dry_run = true;
  expected.quiet = true;
  EXPECT_EQ(take_options(words), expected);
  EXPECT_THAT(words, testing::ElementsAre("add", "-j"));
}

TEST(TakeOptions, KnowsTheLongNames) {
  const std::vector<std::string> line{"--json",  "--netns", "blue",
                                      "--quiet", "--help",  "--version"};
  Words words = line;
  Options expected;
  expected.json = true;
  expected.netns = "blue";
  expected.quiet = true;
  expected.help = true;
  expected.version = true;
  EXPECT_EQ(take_options(words), expected);
  EXPECT_TRUE(words.empty());
}

TEST(TakeOptions, RefusesTheRest) {
  for (const std::vector<std::string> &line :
       {std::vector<std::string>{"-x"}, {"--js"}, {"-jq"}, {"--"}, {"-"}, {"-n"}, {"--netns"}}) {
    Words words = line;
    EXPECT_THROW(take_options(words), Error) << line.front();
  }
}

}  // namespace
}  // namespace ownroute::cli
