// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pick.hpp"

#include <ownroute/error.hpp>
#include <utility>

#include "print.hpp"

namespace ownroute::cli {

std::vector<Listed> pick_all(std::vector<Listed> listed, const Pick &pick) {
  std::erase_if(listed, [&](const Listed &item) {
    return pick.id.value_or(item.mapping.id) != item.mapping.id ||
           (pick.selector && *pick.selector != selector_of(item.mapping));
  });
  if (pick.id && listed.empty()) {
    throw Error(ErrorKind::refused,
                "no mapping has id " + std::to_string(*pick.id) + ": see ownroute list");
  }
  return listed;
}

std::uint32_t pick_one(std::vector<Listed> listed, const Pick &pick) {
  const std::vector<Listed> picked = pick_all(std::move(listed), pick);
  if (picked.empty()) {
    throw Error(ErrorKind::refused,
                "no mapping is for " + to_words(*pick.selector) + ": see ownroute list");
  }
  if (picked.size() > 1) {
    std::string ids;
    for (const Listed &item : picked) {
      ids += (ids.empty() ? "" : ", ") + std::to_string(item.mapping.id);
    }
    throw Error(ErrorKind::usage, "several mappings are for " + to_words(*pick.selector) +
                                      ": give one of them as id N (" + ids + ")");
  }
  return picked.front().mapping.id;
}

}  // namespace ownroute::cli
