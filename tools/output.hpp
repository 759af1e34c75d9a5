// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Where the command's answers go.
#pragma once

#include <array>
#include <streambuf>

namespace ownroute::cli {

/// A file descriptor to write to, in large pieces. What can't be written is thrown at once, where
/// std::cout would keep quiet until somebody looks, and not say why: the stream it serves needs
/// exceptions(std::ios::badbit).
class Output : public std::streambuf {
 public:
  /// @p fd stays open.
  explicit Output(int fd);

 private:
  /// @throws Error refused, with the errno value.
  int_type overflow(int_type c) override;
  int sync() override;
  /// Forgets what can't be written, so that it is not tried again.
  void write_all();

  int fd_;
  std::array<char, 65536> buffer_{};
};

}  // namespace ownroute::cli
