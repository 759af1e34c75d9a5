// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ownroute/policy.hpp>

#include "thrown.hpp"

namespace ownroute::test {
namespace {

Mapping good() {
  return {.uid = UidRange{1001, 1001}, .mark = Mark{0x1111}, .table = 200, .dev = "tun0"};
}

Address address(const char *text) {
  return Address::parse(text).value();
}

TEST(Validate, TakesWhatAnAdminWants) {
  EXPECT_NO_THROW(validate(good()));
  EXPECT_NO_THROW(validate({.uid = UidRange{0, 0}, .mark = Mark{0x1}}));
  EXPECT_NO_THROW(validate({.uid = UidRange{1001, kMaxUid}, .mark = Mark{0x1000000, 0xff000000}}));
  EXPECT_NO_THROW(validate({.uid = UidRange{1001, 1001}, .table = 4294967295}));
  EXPECT_NO_THROW(validate({.uid = UidRange{1001, 1001}, .table_name = "vpn"}));
  EXPECT_NO_THROW(validate({.gid = GidRange{0, kMaxGid}, .suppl = true, .action = Action::bypass}));
  EXPECT_NO_THROW(validate({.cgroup = "/", .kernel = true, .action = Action::block}));
  EXPECT_NO_THROW(validate({.cgroup = "id:42", .mark = Mark{1}}));
  EXPECT_NO_THROW(validate({.uid = UidRange{1001, 1001}, .dev = "tun0", .nostamp = true}));
  EXPECT_NO_THROW(validate({.uid = UidRange{1001, 1001}, .via = {address("10.2.0.254")}}));
  // Nothing leads this mark anywhere.
  EXPECT_NO_THROW(validate({.uid = UidRange{1001, 1001}, .mark = Mark{0, 0xff}}));
  // What everyone does, for these packets only.
  EXPECT_NO_THROW(validate({.uid = UidRange{1001, 1001}, .mark = Mark{0x1}, .table = 254}));
}

struct BadMapping {
  const char *name;
  void (*spoil)(Mapping &);
  const char *message;
};

class ValidateRefuses : public testing::TestWithParam<BadMapping> {};

TEST_P(ValidateRefuses, SayingWhatToDo) {
  Mapping mapping = good();
  GetParam().spoil(mapping);
  EXPECT_THAT(thrown_by([&] { validate(mapping); }), IsError(ErrorKind::usage, GetParam().message));
}

const BadMapping kBadMappings[] = {
    {"UidRangeUpsideDown",
     [](Mapping &m) {
       m.uid = UidRange{1010, 1001};
     },
     "uid range 1010-1001 is upside down: write 1001-1010"},
    {"NoSelector", [](Mapping &m) { m.uid.reset(); }, "whose packets? give uid, gid or cgroup"},
    {"GidRangeUpsideDown",
     [](Mapping &m) {
       m.gid = GidRange{200, 100};
     },
     "gid range 200-100 is upside down: write 100-200"},
    {"NoGroup",
     [](Mapping &m) {
       m.gid = GidRange{1001, 4294967295};
     },
     "gid 4294967295 means no group"},
    {"SupplWithoutGid", [](Mapping &m) { m.suppl = true; }, "give gid too, or leave it out"},
    {"CgroupNotWrittenOut", [](Mapping &m) { m.cgroup = "system.slice/"; },
     "write '/system.slice'"},
    {"CgroupUpwards", [](Mapping &m) { m.cgroup = "/a/../b"; }, "without .."},
    {"CgroupTooLong", [](Mapping &m) { m.cgroup = "/" + std::string(951, 'x'); },
     "longer than 951 bytes: give it as id:N"},
    {"CgroupWithControlCharacter", [](Mapping &m) { m.cgroup = "/a\nb"; },
     "has a control character in it"},
    {"BypassWithMark",
     [](Mapping &m) {
       m = {.uid = UidRange{1, 1}, .action = Action::bypass, .mark = Mark{1}};
     },
     "bypass sends packets nowhere: leave mark, table, dev and via out"},
    {"BlockWithTable",
     [](Mapping &m) {
       m = {.uid = UidRange{1, 1}, .action = Action::block, .table = 200};
     },
     "block sends packets nowhere"},
    {"BlockWithDevice",
     [](Mapping &m) {
       m = {.uid = UidRange{1, 1}, .action = Action::block, .dev = "tun0"};
     },
     "block sends packets nowhere"},
    {"BypassWithNostamp",
     [](Mapping &m) {
       m = {.uid = UidRange{1, 1}, .action = Action::bypass, .nostamp = true};
     },
     "bypass leaves no mark on sockets: leave nostamp out"},
    {"BlockWithNostamp",
     [](Mapping &m) {
       m = {.uid = UidRange{1, 1}, .action = Action::block, .nostamp = true};
     },
     "block leaves no mark on sockets: leave nostamp out"},
    {"BypassWithGuard",
     [](Mapping &m) {
       m = {.uid = UidRange{1, 1}, .action = Action::bypass, .guard = true};
     },
     "guard needs dev, and bypass sends packets nowhere: leave guard out"},
    {"BlockWithConnmark",
     [](Mapping &m) {
       m = {.uid = UidRange{1, 1}, .action = Action::block, .connmark = true};
     },
     "block leaves no mark on connections: leave connmark out"},
    {"GuardWithoutDevice",
     [](Mapping &m) {
       m.dev = "";
       m.guard = true;
     },
     "guard needs dev: give the device that the packets may leave by"},
    {"BypassWithSource",
     [](Mapping &m) {
       m = {.uid = UidRange{1, 1}, .action = Action::bypass, .source = Source::keep};
     },
     "bypass sends packets nowhere: leave source out"},
    {"SourceRuleWithoutTable",
     [](Mapping &m) {
       m = {.uid = UidRange{1, 1}, .mark = Mark{1}, .source = Source::rule};
     },
     "source rule leads to the table: give dev, via or table too"},
    {"SourceRuleForAGroup",
     [](Mapping &m) {
       m.gid = GidRange{5, 5};
       m.source = Source::rule;
     },
     "source rule is for a uid alone: give uid and neither gid nor cgroup, or source keep"},
    {"SourceRuleForRoot",
     [](Mapping &m) {
       m.uid = UidRange{0, 1001};
       m.source = Source::rule;
     },
     "source rule can't be for uid 0, which the kernel forwards with: give source keep"},
    {"NostampAlone",
     [](Mapping &m) {
       m = {.uid = UidRange{1, 1}, .nostamp = true};
     },
     "give mark, table, dev or via"},
    {"NoUser",
     [](Mapping &m) {
       m.uid = UidRange{1001, 4294967295};
     },
     "uid 4294967295 means no user"},
    {"NoAction",
     [](Mapping &m) {
       m = {.uid = UidRange{1001, 1001}};
     },
     "give mark, table, dev or via"},
    {"MaskZero",
     [](Mapping &m) {
       m.mark = Mark{0, 0};
     },
     "mask of the mark is 0"},
    {"MarkOutsideMask",
     [](Mapping &m) {
       m.mark = Mark{0x1111, 0xff};
     },
     "mark 0x1111 lies outside its mask 0xff"},
    {"RuleForEveryone",
     [](Mapping &m) {
       m.mark = Mark{0, 0xff};
     },
     "mark 0"},
    {"ConnmarkOfMarkZero",
     [](Mapping &m) {
       m = {.uid = UidRange{1, 1}, .mark = Mark{0, 0xff}, .connmark = true};
     },
     "connmark can't tell mark 0 from none: give another mark, or leave connmark out"},
    {"TableZero", [](Mapping &m) { m.table = 0; }, "table 0 is no table"},
    {"LocalTable", [](Mapping &m) { m.table = 255; }, "table 255 is everyone's"},
    {"MainTable", [](Mapping &m) { m.table = 254; }, "table 254 is everyone's"},
    {"DefaultTable", [](Mapping &m) { m.table = 253; }, "table 253 is everyone's"},
    {"MainTableByGateway",
     [](Mapping &m) {
       m.table = 254;
       m.dev = "";
       m.via = {address("10.2.0.254")};
     },
     "table 254 is everyone's"},
    {"DeviceNameTooLong", [](Mapping &m) { m.dev = "sixteen-letters0"; }, "can't be a device"},
    {"DeviceNameWithSlash", [](Mapping &m) { m.dev = "a/b"; }, "dev 'a/b' can't be a device"},
    {"DeviceNameWithNewline", [](Mapping &m) { m.dev = "a\nb"; }, "dev 'a?b' can't be a device"},
    {"DeviceNameDot", [](Mapping &m) { m.dev = "."; }, "can't be a device"},
    {"TwoGatewaysOfOneFamily",
     [](Mapping &m) {
       m.via = {address("10.0.0.1"), address("fd02::1"), address("10.0.0.2")};
     },
     "via 10.0.0.2 is the second IPv4 gateway"},
    {"NoGateway", [](Mapping &m) { m.via = {address("0.0.0.0")}; }, "via 0.0.0.0 is no gateway"},
    {"NoIpv6Gateway", [](Mapping &m) { m.via = {address("::")}; }, "via :: is no gateway"},
    {"MulticastGateway", [](Mapping &m) { m.via = {address("224.0.0.1")}; }, "is no gateway"},
    {"Ipv6MulticastGateway", [](Mapping &m) { m.via = {address("ff02::1")}; }, "is no gateway"},
    {"LinkLocalGatewayAlone",
     [](Mapping &m) {
       m.dev = "";
       m.via = {address("fe80::1")};
     },
     "give dev too"},
    {"CommentTooLong", [](Mapping &m) { m.comment.assign(256, 'x'); },
     "comment has 256 bytes: the most is 255"},
    {"Comment64K", [](Mapping &m) { m.comment.assign(65536, 'x'); }, "comment has 65536 bytes"},
    {"CommentWithNewline", [](Mapping &m) { m.comment = "a\nb"; }, "control character"},
    {"CommentWithNul", [](Mapping &m) { m.comment = std::string("a\0b", 3); }, "control character"},
    {"CommentWithDelete", [](Mapping &m) { m.comment = "\x7f"; }, "control character"},
};

INSTANTIATE_TEST_SUITE_P(, ValidateRefuses, testing::ValuesIn(kBadMappings),
                         [](const auto &param) { return std::string(param.param.name); });

TEST(Validate, LinkLocalGatewayWithItsLinkIsFine) {
  Mapping mapping = good();
  mapping.via = {address("fe80::1")};
  EXPECT_NO_THROW(validate(mapping));
}

TEST(Validate, LongestCommentIsFine) {
  Mapping mapping = good();
  mapping.comment.assign(255, 'x');
  EXPECT_NO_THROW(validate(mapping));
  mapping.comment = "größer, and \"quoted\"";
  EXPECT_NO_THROW(validate(mapping));
}

TEST(Mapping, FindsItsGateways) {
  const Mapping mapping{.via = {address("fd02::254")}};
  EXPECT_EQ(find_of(mapping.via, Family::ipv4), nullptr);
  ASSERT_NE(find_of(mapping.via, Family::ipv6), nullptr);
  EXPECT_EQ(find_of(mapping.via, Family::ipv6)->to_string(), "fd02::254");
}

TEST(Mapping, CgroupIdIsNoPartOfWhatIsWanted) {
  Mapping a{.cgroup = "/x", .cgroup_id = 7, .mark = Mark{1}};
  Mapping b = a;
  b.cgroup_id = 8;
  EXPECT_EQ(a, b);
  b.kernel = true;
  EXPECT_NE(a, b);
}

TEST(Mapping, FlagsArePartOfWhatIsWanted) {
  for (bool Mapping::*flag : {&Mapping::guard, &Mapping::connmark, &Mapping::nostamp}) {
    Mapping other = good();
    other.*flag = true;
    EXPECT_NO_THROW(validate(other));
    EXPECT_NE(good(), other);
  }
}

TEST(Mapping, SourceIsPartOfWhatIsWanted) {
  for (const Source source : {Source::rule, Source::keep}) {
    Mapping other = good();
    other.source = source;
    EXPECT_NO_THROW(validate(other));
    EXPECT_NE(good(), other);
  }
}

TEST(Address, ReadsBothFamilies) {
  const Address ipv4 = address("10.2.0.254");
  EXPECT_EQ(ipv4.family(), Family::ipv4);
  EXPECT_EQ(ipv4.size(), 4u);
  EXPECT_EQ(ipv4.data()[3], 254);
  EXPECT_EQ(ipv4.to_string(), "10.2.0.254");
  const Address ipv6 = address("FD02:0::254");
  EXPECT_EQ(ipv6.family(), Family::ipv6);
  EXPECT_EQ(ipv6.size(), 16u);
  EXPECT_EQ(ipv6.to_string(), "fd02::254");
  EXPECT_NE(ipv4, ipv6);
}

TEST(Address, RefusesAllElse) {
  for (const char *text : {"", "10.2.0", "10.2.0.256", "010.1.1.1", " 10.0.0.1", "10.0.0.1/8",
                           "fd02::1%eth0", "fd02::g", "localhost"}) {
    EXPECT_FALSE(Address::parse(text)) << text;
  }
  EXPECT_FALSE(Address::parse(std::string_view("10.0.0.1\0x", 10)));
}

TEST(Address, FromBytesWantsAWholeAddress) {
  const std::uint8_t bytes[16] = {10, 0, 0, 1};
  EXPECT_EQ(Address::from_bytes(bytes, 4), address("10.0.0.1"));
  EXPECT_EQ(Address::from_bytes(bytes, 16)->family(), Family::ipv6);
  EXPECT_FALSE(Address::from_bytes(bytes, 0));
  EXPECT_FALSE(Address::from_bytes(bytes, 5));
}

}  // namespace
}  // namespace ownroute::test
