// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device_address.hpp"

#include <algorithm>
#include <vector>

namespace ownroute::detail {

std::optional<Address> device_address(const std::string &dev, Family family, Router &router) {
  const std::vector<Address> own = router.addresses(dev);
  const auto found = std::ranges::find_if(own, [&](const Address &address) {
    return address.family() == family && !address.is_link_local();
  });
  return found == own.end() ? std::nullopt : std::optional(*found);
}

}  // namespace ownroute::detail
