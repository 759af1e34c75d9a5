// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Configuration files of others, as far as they can be read.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ownroute::detail {

/// The lines of @p file, without spaces at their ends; none if it can't be read.
std::vector<std::string> read_lines(const std::filesystem::path &file);

/// The words of @p line, between spaces or tabs, up to one that begins with '#'.
std::vector<std::string> words_of(std::string_view line);

}  // namespace ownroute::detail
