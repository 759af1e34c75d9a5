// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ownroute/error.hpp>
#include <utility>

namespace ownroute {

Error::Error(ErrorKind kind, std::string message, int code, std::string extack,
             std::string attribute)
    : std::runtime_error(std::move(message)),
      kind_(kind),
      code_(code),
      extack_(std::move(extack)),
      attribute_(std::move(attribute)) {}

Error Error::with_message(std::string message) const {
  return Error(kind_, std::move(message), code_, extack_, attribute_);
}

}  // namespace ownroute
