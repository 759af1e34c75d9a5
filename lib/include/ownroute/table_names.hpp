// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Names of routing tables, from and to the rt_tables files of iproute2.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <ownroute/export.hpp>
#include <string>

namespace ownroute {

/// Reads what iproute2 reads, in its order; writes one file of our own beside it,
/// rt_tables.d/ownroute.conf, so that whatever stands there is ours to take away again.
class OWNROUTE_API TableNames {
 public:
  /// Reads the files as they are now. @p root is put before /etc and /usr, for tests.
  explicit TableNames(std::filesystem::path root = "/");

  /// Table number of @p name, or of a @p name that is itself a number.
  std::optional<std::uint32_t> number(const std::string &name) const;
  /// Name of table @p number.
  std::optional<std::string> name(std::uint32_t number) const;
  /// What stands in our own file.
  const std::map<std::uint32_t, std::string> &ours() const { return ours_; }

  /// Adds a line to our file, all or nothing.
  /// @throws Error usage if @p name can't be a table's, refused with the file's name.
  void add(std::uint32_t number, const std::string &name);
  /// Takes the line away, and the file with its last line.
  /// @throws Error refused, with the file's name.
  void del(std::uint32_t number);

  /// @throws Error usage if @p name can't be given to a table.
  static void validate(const std::string &name);

 private:
  void read();
  std::filesystem::path our_file() const;
  void write(const std::map<std::uint32_t, std::string> &ours);

  std::filesystem::path root_;
  std::map<std::string, std::uint32_t> numbers_;
  std::map<std::uint32_t, std::string> names_;
  std::map<std::uint32_t, std::string> ours_;
};

}  // namespace ownroute
