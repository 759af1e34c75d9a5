// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pick.hpp"

#include <algorithm>
#include <iterator>
#include <ownroute/error.hpp>
#include <ownroute/words.hpp>

namespace ownroute::cli {

std::vector<Listed> pick_all(const std::vector<Listed> &listed, const Pick &pick) {
  std::vector<Listed> picked;
  std::ranges::copy_if(listed, std::back_inserter(picked), [&](const Listed &item) {
    return pick.id.value_or(item.mapping.id) == item.mapping.id &&
           (!pick.uid || pick.uid == item.mapping.uid);
  });
  if (pick.id && picked.empty()) {
    throw Error(ErrorKind::refused,
                "no mapping has id " + std::to_string(*pick.id) + ": see ownroute list");
  }
  return picked;
}

std::uint32_t pick_one(const std::vector<Listed> &listed, const Pick &pick) {
  const std::vector<Listed> picked = pick_all(listed, pick);
  if (picked.empty()) {
    throw Error(ErrorKind::refused,
                "no mapping has uid " + to_string(*pick.uid) + ": see ownroute list");
  }
  if (picked.size() > 1) {
    std::string ids;
    for (const Listed &item : picked) {
      ids += (ids.empty() ? "" : ", ") + std::to_string(item.mapping.id);
    }
    throw Error(ErrorKind::usage, "several mappings have uid " + to_string(*pick.uid) +
                                      ": give one of them as id N (" + ids + ")");
  }
  return picked.front().mapping.id;
}

}  // namespace ownroute::cli
