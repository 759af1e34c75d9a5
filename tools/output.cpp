// SPDX-License-Identifier: LGPL-2.1-or-later
#include "output.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ownroute/error.hpp>

namespace ownroute::cli {

Output::Output(int fd) : fd_(fd) {
  setp(buffer_.data(), buffer_.data() + buffer_.size());
}

Output::int_type Output::overflow(int_type c) {
  write_all();
  if (!traits_type::eq_int_type(c, traits_type::eof())) {
    sputc(traits_type::to_char_type(c));
  }
  return traits_type::not_eof(c);
}

int Output::sync() {
  write_all();
  return 0;
}

void Output::write_all() {
  const char *begin = pbase();
  const char *const end = pptr();
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  while (begin != end) {
    const ssize_t written = write(fd_, begin, static_cast<std::size_t>(end - begin));
    if (written >= 0) {
      begin += written;
    } else if (errno != EINTR) {
      throw Error(ErrorKind::refused,
                  std::string("cannot write the output: ") + std::strerror(errno), errno);
    }
  }
}

}  // namespace ownroute::cli
