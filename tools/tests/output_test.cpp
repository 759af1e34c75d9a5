// SPDX-License-Identifier: LGPL-2.1-or-later
#include "output.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <ostream>
#include <ownroute/error.hpp>
#include <string>

namespace ownroute::cli {
namespace {

/// Closed when it goes out of scope.
class File {
 public:
  explicit File(FILE *file) : file_(file) {}
  ~File() { std::fclose(file_); }
  File(const File &) = delete;
  File &operator=(const File &) = delete;

  int fd() const { return fileno(file_); }
  std::string content() const {
    std::string text(static_cast<std::size_t>(lseek(fd(), 0, SEEK_END)), '\0');
    EXPECT_EQ(pread(fd(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
    return text;
  }

 private:
  FILE *file_;
};

TEST(Output, WritesWhenItIsFullOrTold) {
  const File file(std::tmpfile());
  Output output(file.fd());
  std::ostream out(&output);
  out << "first\n";
  EXPECT_EQ(file.content(), "");
  out.flush();
  EXPECT_EQ(file.content(), "first\n");
  std::string all = "first\n";
  for (int i = 0; i < 20000; ++i) {
    const std::string line = "line " + std::to_string(i) + "\n";
    out << line;
    all += line;
  }
  EXPECT_GT(file.content().size(), all.size() / 2);
  out << 'x' << std::flush;
  EXPECT_EQ(file.content(), all + "x");
}

TEST(Output, SaysWhyNothingCanBeWritten) {
  const File full(std::fopen("/dev/full", "w"));
  Output output(full.fd());
  std::ostream out(&output);
  out.exceptions(std::ios::badbit);
  try {
    out << std::string(1000000, 'x');
    FAIL();
  } catch (const Error &error) {
    EXPECT_EQ(error.kind(), ErrorKind::refused);
    EXPECT_EQ(error.code(), ENOSPC);
    EXPECT_NE(std::string(error.what()).find("No space left on device"), std::string::npos);
  }
}

TEST(Output, ForgetsWhatCannotBeWritten) {
  const File full(std::fopen("/dev/full", "w"));
  Output output(full.fd());
  EXPECT_EQ(output.sputn("x", 1), 1);
  EXPECT_THROW(output.pubsync(), Error);
  EXPECT_EQ(output.pubsync(), 0);
}

}  // namespace
}  // namespace ownroute::cli
