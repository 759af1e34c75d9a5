// SPDX-License-Identifier: LGPL-2.1-or-later
#include "print_stats.hpp"

#include <gtest/gtest.h>

#include "samples.hpp"

namespace ownroute::cli {
namespace {

const Info kInfo{.mappings = 1, .generation = 12345678901, .limit = 3};
const NetStats kStats{.lookups = 4,
                      .misses = 5,
                      .ownerless = 6,
                      .nomem = 7,
                      .refused_invalid = 8,
                      .refused_exists = 9,
                      .refused_missing = 10,
                      .refused_limit = 11,
                      .refused_busy = 12,
                      .refused_other = 18446744073709551615U};

TEST(PrintStats, PrintsOneALine) {
  EXPECT_EQ(printed([](std::ostream &out) { print_stats(out, kInfo, kStats, false); }),
            "mappings        1\n"
            "limit           3\n"
            "generation      12345678901\n"
            "lookups         4\n"
            "misses          5\n"
            "ownerless       6\n"
            "nomem           7\n"
            "refused_invalid 8\n"
            "refused_exists  9\n"
            "refused_missing 10\n"
            "refused_limit   11\n"
            "refused_busy    12\n"
            "refused_other   18446744073709551615\n");
}

TEST(PrintStats, PrintsJson) {
  EXPECT_EQ(printed([](std::ostream &out) { print_stats(out, kInfo, kStats, true); }),
            R"([{"mappings":1,"limit":3,"generation":12345678901,"lookups":4,"misses":5,)"
            R"("ownerless":6,"nomem":7,"refused_invalid":8,"refused_exists":9,)"
            R"("refused_missing":10,"refused_limit":11,"refused_busy":12,)"
            R"("refused_other":18446744073709551615}])"
            "\n");
}

}  // namespace
}  // namespace ownroute::cli
