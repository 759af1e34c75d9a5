// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ownroute/error.hpp>
#include <ownroute/policy_file.hpp>
#include <ownroute/session.hpp>
#include <string>
#include <utility>

#include "change.hpp"
#include "print_changes.hpp"
#include "verb.hpp"

namespace ownroute::cli {
namespace {

/// A file to read, or standard input.
class Input {
 public:
  /// @p file "-" is standard input.
  explicit Input(const std::string &file)
      : name_(file == "-" ? "standard input" : file),
        fd_(file == "-" ? STDIN_FILENO : open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0) {
      fail();
    }
  }
  ~Input() { close(fd_); }
  Input(const Input &) = delete;
  Input &operator=(const Input &) = delete;

  /// For messages.
  const std::string &name() const { return name_; }
  std::string read_all() const {
    std::string text;
    char piece[65536];
    for (;;) {
      const ssize_t length = read(fd_, piece, sizeof(piece));
      if (length > 0) {
        text.append(piece, static_cast<std::size_t>(length));
      } else if (length == 0) {
        return text;
      } else if (errno != EINTR) {
        fail();
      }
    }
  }

 private:
  [[noreturn]] void fail() const {
    throw Error(ErrorKind::refused, "cannot read " + name_ + ": " + std::strerror(errno), errno);
  }

  std::string name_;
  int fd_;
};

const std::string &only_word(Words words) {
  if (words.empty()) {
    throw Error(ErrorKind::usage, "which mappings? give a FILE, or - for standard input");
  }
  take_no_words(words.subspan(1), "apply takes one FILE, or -");
  return words[0];
}

void apply_file(const std::string &file, const Options &options, std::ostream &out) {
  const Input input(file);
  Policy policy = read_policy(input.read_all(), input.name());
  Session session(options.open_netns());
  carry_out(session, session.plan_apply(std::move(policy)), options, out, print_changes);
}

void apply(Words words, const Options &options, std::ostream &out) {
  const std::string &file = only_word(words);
  try {
    apply_file(file, options, out);
  } catch (const Error &error) {
    // Whatever is wrong now, the command line isn't.
    throw Error(ErrorKind::refused, error.what(), error.code(), error.extack(), error.attribute());
  }
}

}  // namespace

const Verb kApply{"apply", "(FILE | -)", "make the mappings exactly those of a file, in one go",
                  apply};

}  // namespace ownroute::cli
