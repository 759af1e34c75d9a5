// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "wire.hpp"

namespace who {

struct Question {
  Kind kind = Kind::kUdp;
  std::string address;
  std::optional<std::uint16_t> port;
  /// Become this user before (or, if `late`, after) the socket is opened.
  std::optional<uid_t> uid;
  bool late = false;
  /// Connect a socket that needn't be connected.
  bool connect = false;
  /// Wait for a line on stdin before each question.
  bool wait = false;
  /// Questions to ask.
  unsigned count = 1;
  /// Bytes of each, without any header.
  std::size_t size = 8;
  /// SO_MARK of the socket.
  std::optional<std::uint32_t> mark;
  /// Device that the socket is bound to.
  std::string device;
  /// How long to wait for an answer, or for a connection.
  unsigned deadline_ms = 5000;
};

/// Prints a line for each question: who answered, or the name of the errno that it ended with.
/// With `wait`, prints a line "open" first, when there is a socket (and a connection); without a
/// connection, the name of the errno is all that is printed. Throws std::system_error,
/// std::invalid_argument.
void ask(const Question &question);

/// Sends the questions and waits for no answer; over TCP, each through a connection of its own.
/// Prints how many went out. A count of 0 goes on until killed. Throws as ask() does.
void flood(const Question &question);

}  // namespace who
