// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The error that a piece of code ends with.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <ownroute/error.hpp>
#include <string>

namespace ownroute::test {

/// What @p work throws. If it throws nothing, an error that no test expects.
inline Error thrown_by(const std::function<void()> &work) {
  try {
    work();
  } catch (const Error &error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Error(ErrorKind::usage, "nothing was thrown", -1);
}

/// Matches an Error of @p kind that says @p text.
MATCHER_P2(IsError, kind, text, "") {
  *result_listener << "says \"" << arg.what() << "\"";
  return arg.kind() == kind && std::string(arg.what()).find(text) != std::string::npos;
}

}  // namespace ownroute::test
