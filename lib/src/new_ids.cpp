// SPDX-License-Identifier: LGPL-2.1-or-later
#include "new_ids.hpp"

#include <algorithm>

namespace ownroute::detail {

NewIds::NewIds(const std::vector<KernelMapping> &present, const std::vector<Mapping> &wanted) {
  used_.reserve(1 + present.size() + wanted.size());
  // None.
  used_.push_back(0);
  for (const KernelMapping &kernel : present) {
    used_.push_back(kernel.mapping.id);
  }
  for (const Mapping &mapping : wanted) {
    used_.push_back(mapping.id);
  }
  std::ranges::sort(used_);
  last_ = used_.back();
}

std::uint32_t NewIds::next() {
  do {
    ++last_;
  } while (std::ranges::binary_search(used_, last_));
  return last_;
}

}  // namespace ownroute::detail
