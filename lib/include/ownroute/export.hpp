// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Marks what the shared library exports; all else in it is hidden.
#pragma once

#define OWNROUTE_API __attribute__((visibility("default")))
/// What belongs to an exported class and isn't exported.
#define OWNROUTE_HIDDEN __attribute__((visibility("hidden")))
