// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ownroute/policy_file.hpp>

#include "thrown.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Mapping read_one(const std::string &keys) {
  return read_policy("[[mapping]]\n" + keys, "file").mappings.at(0);
}

TEST(ReadPolicy, TakesEveryKey) {
  EXPECT_EQ(
      read_one("uid = 1001\n"
               "gid = \"100-200\"\n"
               "suppl = true\n"
               "cgroup = \"system.slice/x.service/\"\n"
               "mark = \"0x1111/0xffff\"\n"
               "table = 200\n"
               "dev = \"tun0\"\n"
               "via = [\"10.2.0.254\", \"fd02::254\"]\n"
               "id = 7\n"
               "priority = 0\n"
               "source = [\"10.2.0.1\", \"fd02::1\"]\n"
               "lan = true\n"
               "dns = [\"10.2.0.53\", \"fd02::53\"]\n"
               "inbound = \"follow\"\n"
               "guard = true\n"
               "connmark = true\n"
               "nostamp = true\n"
               "kernel = true\n"
               "comment = \"größer \\\"als\\\"\"\n"),
      (Mapping{.id = 7,
               .priority = 0,
               .uid = UidRange{1001, 1001},
               .gid = GidRange{100, 200},
               .suppl = true,
               .cgroup = "/system.slice/x.service",
               .kernel = true,
               .mark = Mark{0x1111, 0xffff},
               .table = 200,
               .dev = "tun0",
               .via = {Address::parse("10.2.0.254").value(), Address::parse("fd02::254").value()},
               .source = Source::address,
               .source_addresses = {Address::parse("10.2.0.1").value(),
                                    Address::parse("fd02::1").value()},
               .lan = true,
               .dns = {Address::parse("10.2.0.53").value(), Address::parse("fd02::53").value()},
               .inbound = Inbound::follow,
               .guard = true,
               .connmark = true,
               .nostamp = true,
               .comment = "größer \"als\""}));
}

TEST(ReadPolicy, TakesEachValueInItsForms) {
  EXPECT_EQ(read_one("uid = \"1-2\"\nmark = 0x1111").mark, Mark{0x1111});
  EXPECT_EQ(read_one("user = \"root\"\nbypass = true").uid, (UidRange{0, 0}));
  EXPECT_EQ(read_one("group = \"root\"\nblock = true").action, Action::block);
  EXPECT_EQ(read_one("uid = 1\nbypass = true\nblock = false").action, Action::bypass);
  EXPECT_EQ(read_one("uid = 1\ntable = \"200\"").table, 200u);
  EXPECT_EQ(read_one("uid = 1\ntable = \"vpn\"").table_name, "vpn");
  EXPECT_EQ(read_one("uid = 1\nvia = \"10.2.0.254\"").via.size(), 1u);
}

TEST(ReadPolicy, KeepsTheOrderAndTakesNothing) {
  const Policy policy = read_policy(
      "[[mapping]]\nuid = 2\nblock = true\n[[mapping]]\nuid = 1\nblock = true\n", "file");
  ASSERT_EQ(policy.mappings.size(), 2u);
  EXPECT_EQ(policy.mappings[0].uid, (UidRange{2, 2}));
  EXPECT_THAT(read_policy("", "file").mappings, IsEmpty());
  EXPECT_THAT(read_policy("# nothing\n", "file").mappings, IsEmpty());
}

struct BadFile {
  const char *text;
  ErrorKind kind;
  const char *message;
};

TEST(ReadPolicy, SaysWhereWhatIsWrong) {
  const auto usage = ErrorKind::usage;
  for (const BadFile &bad : std::initializer_list<BadFile>{
           {"[[mapping]]\nuid = 1\nblock = true\nfoo = 1", usage,
            "file:4:1: unknown key 'foo': expected uid, user, gid, group, suppl, cgroup, mark, "},
           {"[[mapping]]\nuid = 1\nmark = 1\nguard = true", usage,
            "file:1:1: guard needs dev: give"},
           {"mappings = 1", usage, "file:1:1: unknown key 'mappings': expected tables [[mapping]]"},
           {"[mapping]\nuid = 1", usage, "file:1:2: mapping is no array of tables"},
           {"mapping = [1]", usage, "file:1:1: mapping is no array of tables"},
           {"[[mapping]]\nuid = 4294967296\n", usage, "file:2:7: uid is not valid: expected a num"},
           {"[[mapping]]\nuid = -1\n", usage, "file:2:7: uid is not valid"},
           {"[[mapping]]\nuid = 1.5\n", usage, "file:2:7: uid is not valid"},
           {"[[mapping]]\nblock = 1\n", usage, "file:2:9: block is not valid: expected true or"},
           {"[[mapping]]\nnostamp = 1\n", usage,
            "file:2:11: nostamp is not valid: expected true or"},
           {"[[mapping]]\nuid = 1\nblock = true\nnostamp = true", usage,
            "file:1:1: block leaves no mark on sockets: leave nostamp out"},
           {"[[mapping]]\nuid = 1\nsource = \"address\"", usage,
            "file:3:10: source is not valid: expected \"auto\", \"rule\""},
           {"[[mapping]]\nuid = 1\nmark = 1\nsource = []", usage,
            "file:1:1: source has no address: give one"},
           {"[[mapping]]\nuid = 1\ndns = [[\"10.0.0.1\"]]", usage, "file:3:7: dns is not valid"},
           {"[[mapping]]\nuid = 1\ninbound = true", usage, "file:3:11: inbound is not valid"},
           {"[[mapping]]\nuid = 1\nlan = 1", usage, "file:3:7: lan is not valid: expected true"},
           {"[[mapping]]\nid = 0\n", usage, "file:2:6: id is not valid"},
           {"[[mapping]]\nuser = 0\n", usage, "file:2:8: user is not valid"},
           {"[[mapping]]\nuid = 1\nvia = [\"10.0.0.1\", \"x\"]", usage,
            "file:3:7: via is not valid"},
           {"[[mapping]]\ncgroup = \"/a/..\"", usage, "file:2:10: cgroup '/a/..' leads upwards"},
           {"[[mapping]]\nuser = \"no such user\"\n", ErrorKind::not_found,
            "file:2:8: user 'no such user' is unknown"},
           {"[[mapping]]\ngroup = \"no such group\"\n", ErrorKind::not_found,
            "file:2:9: group 'no such group' is unknown"},
           {"\n[[mapping]]\nblock = true\n", usage, "file:2:1: whose packets?"},
           {"[[mapping]]\nuid = 1\nuser = \"root\"\nblock = true", usage,
            "file:1:1: uid and user are both given"},
           {"[[mapping]]\nuid = 1\nbypass = true\nblock = true", usage, "are both given"},
           {"[[mapping]]\nuid = 1\nblock = true\nmark = 1", usage,
            "file:1:1: block sends packets nowhere"},
           {"[[mapping]]\nuid = \n", usage, "file:2:"},
           {"[[mapping]]\nuid = 1\nuid = 2\n", usage, "file:3:"},
           {"\xff", usage, "file:1:"}}) {
    const Error error = thrown_by([&] { read_policy(bad.text, "file"); });
    EXPECT_EQ(error.kind(), bad.kind) << bad.text;
    EXPECT_THAT(error.what(), HasSubstr(bad.message)) << bad.text;
  }
}

TEST(WritePolicy, WritesWhatIsReadAgain) {
  const Policy policy = read_policy(R"(
[[mapping]]
id = 7
priority = 5
user = "root"
gid = "100-200"
suppl = true
cgroup = "/a \"b\""
mark = "0x1000000/0xff000000"
table = 200
dev = "tun0"
via = ["10.2.0.254", "fd02::254"]
guard = true
connmark = true
nostamp = true
kernel = true
comment = "tab\\ and 'quotes' \" größer"
[[mapping]]
uid = 0
table = "vpn"
via = "10.2.0.254"
dev = "tun0"
source = "masquerade"
lan = true
dns = "10.2.0.53"
inbound = "back"
[[mapping]]
uid = 1
dev = "tun0"
source = ["10.2.0.1", "fd02::1"]
[[mapping]]
group = "root"
bypass = true
[[mapping]]
cgroup = "id:42"
block = true
)",
                                    "file");
  EXPECT_EQ(read_policy(write_policy(policy), "written"), policy);
  EXPECT_EQ(write_policy({}), "");
}

TEST(WritePolicy, WritesOneTableAMapping) {
  EXPECT_EQ(
      write_policy({{{.id = 1, .uid = UidRange{1, 1}, .action = Action::block},
                     {.uid = UidRange{1, 9}, .mark = Mark{0x11}, .table = 200},
                     {.uid = UidRange{2, 2}, .dev = "tun0", .nostamp = true},
                     {.uid = UidRange{3, 3},
                      .dev = "tun0",
                      .source = Source::rule,
                      .guard = true,
                      .connmark = true}}}),
      "[[mapping]]\nid = 1\nuid = 1\nblock = true\n\n"
      "[[mapping]]\nuid = \"1-9\"\nmark = \"0x11\"\ntable = 200\n\n"
      "[[mapping]]\nuid = 2\ndev = \"tun0\"\nnostamp = true\n\n"
      "[[mapping]]\nuid = 3\ndev = \"tun0\"\nsource = \"rule\"\nguard = true\nconnmark = true\n");
}

TEST(WritePolicy, AnyBytesOfACommentAreReadAgain) {
  const auto comment_read_again = [](const std::string &comment) {
    return read_policy(
               write_policy(
                   {{{.uid = UidRange{1, 1}, .action = Action::block, .comment = comment}}}),
               "written")
        .mappings.at(0)
        .comment;
  };
  for (const char *comment : {"\\", "\"\"\"", "ü€𝄞", "#", "\\u0041", "\xed\x9f\xbf"}) {
    EXPECT_EQ(comment_read_again(comment), comment);
  }
  // No UTF-8: cut, too long, a surrogate, beyond the last one.
  EXPECT_EQ(comment_read_again("a\xc3"), "a\ufffd");
  EXPECT_EQ(comment_read_again("\xc0\xaf"), "\ufffd\ufffd");
  EXPECT_EQ(comment_read_again("\xed\xa0\x80"), "\ufffd\ufffd\ufffd");
  EXPECT_EQ(comment_read_again("\xf4\x90\x80\x80"), "\ufffd\ufffd\ufffd\ufffd");
}

}  // namespace
}  // namespace ownroute::test
