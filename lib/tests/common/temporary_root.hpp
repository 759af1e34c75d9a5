// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// A directory to stand for /, gone at the end.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace ownroute::test {

class TemporaryRoot {
 public:
  TemporaryRoot() {
    std::string name = std::filesystem::temp_directory_path() / "ownroute.XXXXXX";
    if (mkdtemp(name.data()) == nullptr) {
      throw std::runtime_error("cannot make " + name);
    }
    path_ = name;
  }
  TemporaryRoot(const TemporaryRoot &) = delete;
  TemporaryRoot &operator=(const TemporaryRoot &) = delete;
  ~TemporaryRoot() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path &path() const { return path_; }

  void write(const std::string &file, const std::string &content) const {
    std::filesystem::create_directories((path_ / file).parent_path());
    std::ofstream(path_ / file) << content;
  }

  bool has(const std::string &file) const { return std::filesystem::exists(path_ / file); }

  std::string read(const std::string &file) const {
    std::ostringstream content;
    content << std::ifstream(path_ / file).rdbuf();
    return content.str();
  }

 private:
  std::filesystem::path path_;
};

}  // namespace ownroute::test
