// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Network namespaces, named by a file descriptor.
#pragma once

#include <functional>
#include <ownroute/export.hpp>
#include <string>

namespace ownroute {

/// A network namespace, held open. Move-only.
class OWNROUTE_API Netns {
 public:
  /// The namespace of the calling thread.
  static Netns current();
  /// A namespace made by ip-netns(8): /run/netns/NAME. A NAME with a slash is a path.
  /// @throws Error not_found if there is none, refused if the file is no network namespace.
  static Netns by_name(const std::string &name);

  Netns(Netns &&other) noexcept;
  Netns &operator=(Netns &&other) noexcept;
  ~Netns();

  /// Close-on-exec.
  int fd() const { return fd_; }
  /// Whether the caller's user namespace owns it, so that both mean the same user by a uid.
  bool has_own_users() const;

  /// Whether both are the same one.
  friend OWNROUTE_API bool operator==(const Netns &, const Netns &);

  /// Takes the calling thread into the namespace, for good: for who gives up what it would take to
  /// come back. Takes a privilege as run() does.
  void enter() const;
  /// Runs @p work with the calling thread inside the namespace, and brings the thread back, also
  /// when @p work throws. Entering another namespace than one's own takes CAP_SYS_ADMIN.
  void run(const std::function<void()> &work) const;

 private:
  explicit Netns(int fd) : fd_(fd) {}

  int fd_ = -1;
};

}  // namespace ownroute
