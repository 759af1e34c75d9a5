// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The kernel module.
#pragma once

#include "namespace.hpp"

namespace ownroute::test {

/// Loads the file that OWNROUTE_KO names.
void load_module();
/// Does nothing if it isn't loaded.
void unload_module();

/// Tests that have the module.
class WithModule : public InNamespace {
 protected:
  static void SetUpTestSuite() { load_module(); }
  static void TearDownTestSuite() { unload_module(); }
};

}  // namespace ownroute::test
