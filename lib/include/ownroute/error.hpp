// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The one exception type of the library.
#pragma once

#include <ownroute/export.hpp>
#include <stdexcept>
#include <string>

namespace ownroute {

/// What went wrong, as far as it changes what the caller should do about it.
enum class ErrorKind {
  /// The request makes no sense, whatever the system looks like; nothing was asked of the kernel.
  usage,
  /// What the request names isn't there: device, table, namespace.
  not_found,
  /// The kernel has no family "ownroute": the module is not loaded.
  not_loaded,
  /// CAP_NET_ADMIN over the network namespace's user namespace is missing.
  not_permitted,
  /// Module and library differ in a way that this request can't bridge.
  other_version,
  /// The kernel, or a file, said no for another reason: code() is ENOENT for a mapping that isn't
  /// there, EEXIST for an id that is taken.
  refused,
};

/// Carries what the kernel said. what() is one line, fit for people, that says what to do.
class OWNROUTE_API Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, std::string message, int code = 0, std::string extack = {},
        std::string attribute = {});

  ErrorKind kind() const { return kind_; }
  /// errno value, positive; 0 if no system call was involved.
  int code() const { return code_; }
  /// The kernel's own words (NLMSGERR_ATTR_MSG); empty if it had none.
  const std::string &extack() const { return extack_; }
  /// Name of the attribute that the kernel pointed at (NLMSGERR_ATTR_OFFS or _MISS_TYPE), such as
  /// "OWNROUTE_A_MAPPING"; empty if it pointed at none.
  const std::string &attribute() const { return attribute_; }

  /// The same error in other words.
  Error with_message(std::string message) const;

 private:
  ErrorKind kind_;
  int code_;
  std::string extack_;
  std::string attribute_;
};

}  // namespace ownroute
