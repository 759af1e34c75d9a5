// SPDX-License-Identifier: LGPL-2.1-or-later
#include "file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ownroute/error.hpp>
#include <string>

namespace ownroute::detail {
namespace {

constexpr mode_t kMode = 0644;

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = write(fd, content.data(), content.size());
    if (written < 0 && errno != EINTR) {
      return false;
    }
    content.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
  return true;
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

void replace_file(const std::filesystem::path &path, std::string_view content) {
  std::string temporary = path.parent_path() / ("." + path.filename().string() + ".XXXXXX");
  const FileDescriptor fd(mkostemp(temporary.data(), O_CLOEXEC));
  if (fd && write_all(fd.get(), content) && fchmod(fd.get(), kMode) == 0 && fsync(fd.get()) == 0 &&
      rename(temporary.c_str(), path.c_str()) == 0) {
    return;
  }
  const int code = errno;
  if (fd) {
    unlink(temporary.c_str());
  }
  throw Error(ErrorKind::refused, "cannot write " + path.string() + ": " + std::strerror(code),
              code);
}

}  // namespace ownroute::detail
