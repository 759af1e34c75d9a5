// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// File descriptors, and files written all or nothing.
#pragma once

#include <filesystem>
#include <string_view>
#include <utility>

namespace ownroute::detail {

/// Closes what it holds.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd = -1) : fd_(fd) {}
  FileDescriptor(FileDescriptor &&other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor &operator=(FileDescriptor &&other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor();

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

/// Puts a file with @p content and mode 0644 at @p path, by way of a temporary one beside it: who
/// reads meanwhile sees the old content or the new. Throws Error of kind refused.
void replace_file(const std::filesystem::path &path, std::string_view content);

}  // namespace ownroute::detail
