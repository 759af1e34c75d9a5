// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Text as a shell reads it back: for words that are printed to be given to a command again, and
/// for what people typed, in messages.
#pragma once

#include <string>
#include <string_view>

namespace ownroute::cli {

/// @p text as one word of the shell: as it is where no quotes are needed, else in single quotes, or
/// as $'...' where it has control characters, so that it stays on one line.
std::string shell_word(std::string_view text);

/// @p text in quotes on one line of bounded length, for messages.
std::string cite(std::string_view text);

}  // namespace ownroute::cli
