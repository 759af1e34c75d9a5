// SPDX-License-Identifier: LGPL-2.1-or-later
#include "print_stats.hpp"

#include <iomanip>

#include "counters.hpp"
#include "json.hpp"

namespace ownroute::cli {

void print_stats(std::ostream &out, const Info &info, const NetStats &stats, bool json) {
  Json all{{"mappings", info.mappings}, {"limit", info.limit}, {"generation", info.generation}};
  for (const auto &[name, value] : kNetCounters) {
    all[std::string(name)] = stats.*value;
  }
  if (json) {
    JsonArray array(out);
    array.add(all);
    array.end();
    return;
  }
  for (const auto &[name, number] : all.items()) {
    out << std::left << std::setw(16) << name << number << '\n';
  }
}

}  // namespace ownroute::cli
