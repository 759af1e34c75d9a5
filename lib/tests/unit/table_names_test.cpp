// SPDX-License-Identifier: LGPL-2.1-or-later
#include <sys/stat.h>

#include <ownroute/table_names.hpp>

#include "temporary_root.hpp"
#include "thrown.hpp"

namespace ownroute::test {
namespace {

using testing::Optional;

constexpr const char *kOurFile = "etc/iproute2/rt_tables.d/ownroute.conf";

class TableNamesTest : public testing::Test {
 protected:
  TableNames names() const { return TableNames(root_.path()); }

  /// Files in the directory of ours.
  std::size_t files() const {
    const std::filesystem::directory_iterator begin(root_.path() / "etc/iproute2/rt_tables.d");
    return static_cast<std::size_t>(std::distance(begin, {}));
  }

  TemporaryRoot root_;
};

TEST_F(TableNamesTest, KnowsTheKernelsTablesWithoutAFile) {
  EXPECT_THAT(names().number("local"), Optional(255));
  EXPECT_THAT(names().number("main"), Optional(254));
  EXPECT_THAT(names().number("default"), Optional(253));
  EXPECT_THAT(names().name(254), Optional(std::string("main")));
  EXPECT_FALSE(names().number("vpn"));
  EXPECT_FALSE(names().name(200));
}

TEST_F(TableNamesTest, ReadsNumbers) {
  EXPECT_THAT(names().number("200"), Optional(200));
  EXPECT_THAT(names().number("0x10"), Optional(16));
  EXPECT_THAT(names().number("4294967295"), Optional(4294967295));
  for (const char *text : {"", "4294967296", "-1", "200x", "0x", "+5", " 5"}) {
    EXPECT_FALSE(names().number(text)) << text;
  }
}

TEST_F(TableNamesTest, ReadsLinesAsIproute2Does) {
  root_.write("etc/iproute2/rt_tables",
              "# a comment\n"
              "\n"
              "  200\tvpn # another\n"
              "0xc9 hex and more\n"
              "202 2nd-name");
  EXPECT_THAT(names().number("vpn"), Optional(200));
  EXPECT_THAT(names().number("hex"), Optional(201));
  EXPECT_THAT(names().number("2nd-name"), Optional(202));
  EXPECT_THAT(names().name(200), Optional(std::string("vpn")));
}

TEST_F(TableNamesTest, StopsWhereIproute2Stops) {
  root_.write("etc/iproute2/rt_tables", "200 vpn\nnonsense\n201 lost\n");
  root_.write("etc/iproute2/rt_tables.d/a.conf", "202\n203 lost\n");
  root_.write("etc/iproute2/rt_tables.d/b.conf", "204 found\n");
  EXPECT_THAT(names().number("vpn"), Optional(200));
  EXPECT_FALSE(names().number("lost"));
  EXPECT_THAT(names().number("found"), Optional(204));
}

TEST_F(TableNamesTest, ReadsConfFilesOnly) {
  root_.write("etc/iproute2/rt_tables.d/a.conf", "200 a\n");
  root_.write("etc/iproute2/rt_tables.d/README", "201 b\n");
  root_.write("etc/iproute2/rt_tables.d/.c.conf", "202 c\n");
  EXPECT_TRUE(names().number("a"));
  EXPECT_FALSE(names().number("b"));
  EXPECT_FALSE(names().number("c"));
}

TEST_F(TableNamesTest, EtcStandsForTheFilesInUsr) {
  root_.write("usr/share/iproute2/rt_tables", "200 share\n");
  root_.write("usr/lib/iproute2/rt_tables", "201 lib\n");
  EXPECT_TRUE(names().number("share"));
  EXPECT_FALSE(names().number("lib"));
  root_.write("etc/iproute2/rt_tables", "202 etc\n");
  EXPECT_TRUE(names().number("etc"));
  EXPECT_FALSE(names().number("share"));
}

TEST_F(TableNamesTest, EtcStandsForTheConfFileOfItsNameInUsr) {
  root_.write("usr/share/iproute2/rt_tables.d/a.conf", "200 hidden\n");
  root_.write("usr/share/iproute2/rt_tables.d/b.conf", "201 seen\n");
  root_.write("etc/iproute2/rt_tables.d/a.conf", "202 etc\n");
  EXPECT_FALSE(names().number("hidden"));
  EXPECT_TRUE(names().number("seen"));
  EXPECT_TRUE(names().number("etc"));
}

TEST_F(TableNamesTest, LastNameOfANumberCounts) {
  root_.write("etc/iproute2/rt_tables", "200 old\n200 new\n254 everyone\n");
  EXPECT_THAT(names().name(200), Optional(std::string("new")));
  EXPECT_THAT(names().number("old"), Optional(200));
  EXPECT_THAT(names().name(254), Optional(std::string("everyone")));
}

// ip(8) looks through 256 buckets of numbers for a name.
TEST_F(TableNamesTest, NameThatStandsTwiceMeansWhatIpFindsFirst) {
  root_.write("etc/iproute2/rt_tables", "511 a\n256 a\n300 a\n1 b\n257 b\n");
  EXPECT_THAT(names().number("a"), Optional(256));
  EXPECT_THAT(names().number("b"), Optional(257));
}

TEST_F(TableNamesTest, AddsToAFileOfOurs) {
  TableNames names = this->names();
  names.add(20000, "vpn");
  names.add(20001, "other.vpn-2");
  EXPECT_THAT(names.number("vpn"), Optional(20000));
  EXPECT_EQ(names.ours().size(), 2u);
  EXPECT_EQ(root_.read(kOurFile),
            "# Made by ownroute, which takes a line away with its last mapping.\n"
            "20000\tvpn\n20001\tother.vpn-2\n");
  EXPECT_THAT(this->names().number("other.vpn-2"), Optional(20001));
  struct stat status;
  ASSERT_EQ(stat((root_.path() / kOurFile).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0644u);
  // No temporary file has stayed.
  EXPECT_EQ(files(), 1u);
}

TEST_F(TableNamesTest, TakesTheLineAndTheLastOnesFileAway) {
  TableNames names = this->names();
  names.add(20000, "vpn");
  names.add(20001, "other");
  names.del(20000);
  EXPECT_FALSE(this->names().number("vpn"));
  EXPECT_TRUE(this->names().number("other"));
  names.del(20001);
  EXPECT_FALSE(root_.has(kOurFile));
  EXPECT_TRUE(names.ours().empty());
  // What somebody took away already is no error.
  EXPECT_NO_THROW(names.del(20001));
}

TEST_F(TableNamesTest, OnlyOurFileIsOurs) {
  root_.write("etc/iproute2/rt_tables", "200 vpn\n");
  TableNames names = this->names();
  EXPECT_TRUE(names.ours().empty());
  names.del(200);
  EXPECT_THAT(names.number("vpn"), Optional(200));
}

TEST_F(TableNamesTest, FileTakenAwayBehindOurBackIsMadeAnew) {
  TableNames names = this->names();
  names.add(20000, "vpn");
  std::filesystem::remove(root_.path() / kOurFile);
  names.add(20001, "other");
  EXPECT_FALSE(this->names().number("vpn"));
  EXPECT_TRUE(this->names().number("other"));
}

TEST_F(TableNamesTest, NameOrNumberThatIsTakenIsRefused) {
  TableNames names = this->names();
  // Taken after the names were read.
  root_.write("etc/iproute2/rt_tables", "200 vpn\n");
  EXPECT_THAT(thrown_by([&] { names.add(20000, "vpn"); }),
              IsError(ErrorKind::refused, "table 200 has the name 'vpn'"));
  EXPECT_THAT(thrown_by([&] { names.add(200, "other"); }),
              IsError(ErrorKind::refused, "cannot name table 200: it has the name 'vpn'"));
  EXPECT_FALSE(root_.has(kOurFile));
}

TEST_F(TableNamesTest, NameThatIpWouldNotUnderstandIsRefused) {
  TableNames names = this->names();
  for (const std::string name :
       {"", "5", "5a", "0x5", "a b", "#a", "a\nb", "-a", "all", "cache", "größer", "a/b"}) {
    EXPECT_THAT(thrown_by([&] { names.add(20000, name); }), IsError(ErrorKind::usage, "table '"))
        << name;
  }
  EXPECT_THAT(thrown_by([&] { names.add(20000, std::string(65, 'x')); }),
              IsError(ErrorKind::usage, "can't be a new table's name"));
  EXPECT_NO_THROW(names.add(20000, std::string(64, 'x')));
}

TEST_F(TableNamesTest, FileThatCannotBeWrittenIsAnErrorWithItsName) {
  // A file where the directory should be: that holds for root too.
  root_.write("etc/iproute2/rt_tables.d", "");
  TableNames names = this->names();
  EXPECT_THAT(thrown_by([&] { names.add(20000, "vpn"); }),
              IsError(ErrorKind::refused, "rt_tables.d/ownroute.conf: Not a directory"));
  EXPECT_FALSE(names.number("vpn"));
}

TEST_F(TableNamesTest, FailedWriteLeavesTheOldFile) {
  TableNames names = this->names();
  names.add(20000, "vpn");
  const std::string before = root_.read(kOurFile);
  // A directory can't be replaced by a file.
  const auto ours = root_.path() / kOurFile;
  std::filesystem::rename(ours, root_.path() / "kept");
  std::filesystem::create_directories(ours / "inside");
  EXPECT_THAT(thrown_by([&] { names.add(20001, "other"); }),
              IsError(ErrorKind::refused, "cannot write"));
  EXPECT_EQ(root_.read("kept"), before);
  EXPECT_EQ(files(), 1u);
}

}  // namespace
}  // namespace ownroute::test
