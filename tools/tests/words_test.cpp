// SPDX-License-Identifier: LGPL-2.1-or-later
#include "words.hpp"

#include <gtest/gtest.h>

#include <ownroute/error.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace ownroute::cli {
namespace {

using List = std::vector<std::string>;

std::optional<std::uint32_t> find(std::initializer_list<std::pair<std::string, std::uint32_t>> all,
                                  const std::string &name) {
  for (const auto &[known, number] : all) {
    if (known == name) {
      return number;
    }
  }
  return std::nullopt;
}

Names test_names() {
  return {
      [](const std::string &name) {
        return find({{"torrent", 1001}, {"1002", 1003}}, name);
      },
      [](const std::string &name) {
        return find({{"media", 44}, {"suppl", 45}}, name);
      },
      [](const std::string &name) {
        return find({{"vpn", 200}, {"main", 254}}, name);
      },
  };
}

/// Splits at spaces, as none of the words here needs quotes.
List split(const std::string &line) {
  std::istringstream stream(line);
  return {std::istream_iterator<std::string>(stream), {}};
}

Mapping mapping_of(const std::string &line) {
  return parse_mapping(split(line), test_names()).mapping;
}

Pick pick_of(const std::string &line) {
  return parse_pick(split(line), test_names());
}

Asked question_of(const std::string &line) {
  return parse_question(split(line), test_names());
}

/// The message of the Error that @p parse throws, which is of @p kind.
template <typename Parse>
std::string refusal(Parse parse, ErrorKind kind = ErrorKind::usage) {
  try {
    parse();
  } catch (const Error &error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    return error.what();
  }
  return "(not refused)";
}

std::string refusal_of(const std::string &line, ErrorKind kind = ErrorKind::usage) {
  return refusal([&] { mapping_of(line); }, kind);
}

testing::AssertionResult says(const std::string &message, const std::string &part) {
  if (message.find(part) == std::string::npos) {
    return testing::AssertionFailure() << "\"" << message << "\" doesn't say \"" << part << "\"";
  }
  return testing::AssertionSuccess();
}

TEST(ParseMapping, ReadsTheOneLiner) {
  Mapping expected;
  expected.uid = UidRange{1001, 1001};
  expected.mark = Mark{0x1111, 0xffffffff};
  expected.table = 200;
  expected.dev = "tun0";
  EXPECT_EQ(mapping_of("uid 1001 mark 0x1111 table 200 dev tun0"), expected);
}

TEST(ParseMapping, ReadsEveryWordInAnyOrder) {
  Mapping expected;
  expected.id = 7;
  expected.priority = 5;
  expected.uid = UidRange{1001, 1010};
  expected.mark = Mark{0x100, 0xff00};
  expected.table = 200;
  expected.table_name = "vpn";
  expected.dev = "tun0";
  expected.via = {*Address::parse("10.2.0.254"), *Address::parse("fd02::254")};
  expected.source = Source::keep;
  expected.guard = true;
  expected.connmark = true;
  expected.nostamp = true;
  expected.comment = "text";
  EXPECT_EQ(
      mapping_of("uid 1001-1010 mark 0x100/0xff00 table vpn dev tun0 via 10.2.0.254"
                 " via fd02::254 source keep guard connmark nostamp id 7 priority 5 comment text"),
      expected);
  EXPECT_EQ(mapping_of("connmark nostamp guard source keep comment text priority 5 via 10.2.0.254 "
                       "id 7 dev tun0 via fd02::254"
                       " table vpn mark 0x100/0xff00 uid 1001-1010"),
            expected);
}

TEST(ParseMapping, LeavesTheRestToBeChosen) {
  const Mapping mapping = mapping_of("user torrent dev tun0");
  EXPECT_EQ(mapping.id, 0U);
  EXPECT_EQ(mapping.priority, kDefaultPriority);
  EXPECT_EQ(mapping.mark, std::nullopt);
  EXPECT_EQ(mapping.table, std::nullopt);
}

TEST(ParseMapping, FindsUsersByNameAlone) {
  EXPECT_EQ(mapping_of("user torrent dev tun0").uid, (UidRange{1001, 1001}));
  EXPECT_EQ(mapping_of("user 1002 dev tun0").uid, (UidRange{1003, 1003}));
  EXPECT_TRUE(says(refusal_of("user 1001 dev tun0", ErrorKind::not_found), "user '1001'"));
  EXPECT_TRUE(says(refusal_of("user nobdy dev tun0", ErrorKind::not_found), "user 'nobdy'"));
}

TEST(ParseMapping, FindsTablesByNameAndNumber) {
  EXPECT_EQ(mapping_of("uid 1 table vpn").table, 200U);
  EXPECT_EQ(mapping_of("uid 1 table vpn").table_name, "vpn");
  EXPECT_EQ(mapping_of("uid 1 table 200").table, 200U);
  EXPECT_EQ(mapping_of("uid 1 table 200").table_name, "");
}

TEST(ParseMapping, KeepsANewTableNameWhereATableCanBeMade) {
  EXPECT_EQ(mapping_of("uid 1 table new dev tun0").table_name, "new");
  EXPECT_EQ(mapping_of("uid 1 table new dev tun0").table, std::nullopt);
  EXPECT_EQ(mapping_of("uid 1 table new via 10.0.0.1").table_name, "new");
  EXPECT_TRUE(says(refusal_of("uid 1 table new", ErrorKind::not_found), "table 'new'"));
  EXPECT_TRUE(says(refusal_of("uid 1 mark 1 table new", ErrorKind::not_found), "table 'new'"));
}

TEST(ParseMapping, RefusesTablesThatAreNeitherNameNorNumber) {
  for (const char *table : {"0", "-5", "4294967296", "20x", "#1", "a#b", "a/b"}) {
    EXPECT_TRUE(says(refusal_of("uid 1 dev tun0 table " + std::string(table)),
                     "table '" + std::string(table) + "'"));
  }
}

TEST(ParseMapping, RefusesWhatIsNoUid) {
  for (const char *uid : {"x", "-1", "1-", "4294967295", "1-4294967295", "4294967296", "0x1"}) {
    EXPECT_TRUE(
        says(refusal_of("dev tun0 uid " + std::string(uid)), "uid '" + std::string(uid) + "'"));
  }
  EXPECT_EQ(mapping_of("uid 0-4294967294 mark 1").uid, (UidRange{0, kMaxUid}));
}

TEST(ParseMapping, TurnsARangeThatIsUpsideDown) {
  EXPECT_TRUE(says(refusal_of("uid 1010-1001 dev tun0"), "1001-1010"));
}

TEST(ParseMapping, RefusesAMarkOutsideItsMask) {
  EXPECT_TRUE(says(refusal_of("uid 1 mark 0x100/0xff"), "mask"));
  EXPECT_TRUE(says(refusal_of("uid 1 mark 0/0"), "mask"));
  EXPECT_TRUE(says(refusal_of("uid 1 mark 0x1/0xfg"), "mark '0x1/0xfg'"));
}

TEST(ParseMapping, RefusesOtherBadValues) {
  EXPECT_TRUE(says(refusal_of("uid 1 mark 1 id 0"), "id '0'"));
  EXPECT_TRUE(says(refusal_of("uid 1 mark 1 id one"), "id 'one'"));
  EXPECT_TRUE(says(refusal_of("uid 1 mark 1 priority high"), "priority 'high'"));
  EXPECT_TRUE(says(refusal_of("uid 1 dev tun0 via gateway"), "via 'gateway'"));
  EXPECT_TRUE(says(refusal_of("uid 1 dev tun0 via 10.0.0.0/8"), "via '10.0.0.0/8'"));
  EXPECT_TRUE(says(refusal([] {
                     parse_mapping(List{"uid", "1", "dev", ""}, test_names());
                   }),
                   "dev ''"));
  EXPECT_TRUE(says(refusal([] {
                     parse_mapping(List{"uid", "1", "table", ""}, test_names());
                   }),
                   "table ''"));
}

TEST(ParseMapping, TakesOneGatewayAFamily) {
  EXPECT_TRUE(says(refusal_of("uid 1 via 10.0.0.1 via 10.0.0.2"), "second IPv4 gateway"));
  EXPECT_TRUE(says(refusal_of("uid 1 via fd00::1 via fd00::2"), "second IPv6 gateway"));
}

TEST(ParseMapping, RefusesACommentThatIsTooLong) {
  const auto with_comment = [](const std::string &comment) {
    return parse_mapping(List{"uid", "1", "mark", "1", "comment", comment}, test_names()).mapping;
  };
  EXPECT_EQ(with_comment(std::string(255, 'x')).comment.size(), 255U);
  EXPECT_TRUE(says(refusal([&] { with_comment(std::string(256, 'x')); }), "comment"));
  EXPECT_TRUE(says(refusal([&] { with_comment(std::string(65536, 'x')); }), "comment"));
  EXPECT_TRUE(says(refusal([&] { with_comment("two\nlines"); }), "comment"));
}

TEST(ParseMapping, WantsAnOwnerAndAnAction) {
  EXPECT_TRUE(says(refusal_of(""), "uid N[-M], user NAME, gid N[-M], group NAME or cgroup PATH"));
  EXPECT_TRUE(says(refusal_of("mark 1"), "whose packets?"));
  EXPECT_TRUE(says(refusal_of("mark 1 kernel"), "whose packets?"));
  EXPECT_TRUE(says(refusal_of("uid 1"), "mark"));
  EXPECT_TRUE(says(refusal_of("uid 1 comment text"), "mark"));
}

TEST(ParseMapping, NamesTheWordThatIsWrong) {
  EXPECT_TRUE(says(refusal_of("uid 1 mark 1 junk"), "'junk'"));
  EXPECT_TRUE(says(
      refusal_of("uid 1 mark 1 junk"),
      "uid, user, gid, group, cgroup, suppl, kernel, mark, bypass, block, table, dev, "
      "via, source, lan, dns, inbound, guard, connmark, nostamp, id, priority, comment or cut"));
  EXPECT_TRUE(says(refusal_of("uid 1 mark"), "'mark' has no value: expected mark M[/MASK]"));
  EXPECT_TRUE(says(refusal_of("uid 1 uid 2 mark 1"), "'uid' is given twice"));
  EXPECT_TRUE(says(refusal_of("uid 1 mark 1 mark 1"), "'mark' is given twice"));
  EXPECT_TRUE(says(refusal_of("uid 1 user torrent mark 1"), "'uid' and 'user'"));
  EXPECT_TRUE(says(refusal_of("uid 1 mark 1 -j"), "before the command"));
}

TEST(ParseMapping, KnowsNoWordsOfQuestions) {
  for (const char *word : {"to", "port"}) {
    EXPECT_TRUE(says(refusal_of("mark 1 " + std::string(word) + " 1"),
                     "unknown word '" + std::string(word) + "'"));
  }
}

TEST(ParseMapping, TakesNoAbbreviations) {
  for (const char *word : {"u", "ui", "prio", "tab", "com", "ma"}) {
    EXPECT_TRUE(says(refusal_of("mark 1 " + std::string(word) + " 1"), "unknown word"));
  }
}

TEST(ParseMapping, SuggestsAWordThatIsNear) {
  EXPECT_TRUE(says(refusal_of("usr torrent"), "did you mean 'user'?"));
  EXPECT_TRUE(says(refusal_of("uid 1 devv tun0"), "did you mean 'dev'?"));
  EXPECT_TRUE(says(refusal_of("uid 1 tabel 200"), "did you mean 'table'?"));
  EXPECT_TRUE(says(refusal_of("uid 1 priorty 200"), "did you mean 'priority'?"));
  EXPECT_TRUE(says(refusal_of("uid 1 coment 200"), "did you mean 'comment'?"));
  EXPECT_FALSE(says(refusal_of("uid 1 masks"), "did you mean"));
}

TEST(ParseMapping, ReadsEverySelector) {
  Mapping expected;
  expected.uid = UidRange{1001, 1001};
  expected.gid = GidRange{44, 50};
  expected.suppl = true;
  expected.cgroup = "/system.slice/x.service";
  expected.kernel = true;
  expected.mark = Mark{1, 0xffffffff};
  EXPECT_EQ(mapping_of("uid 1001 gid 44-50 suppl cgroup system.slice/x.service/ kernel mark 1"),
            expected);
  EXPECT_EQ(mapping_of("kernel mark 1 suppl cgroup /system.slice/x.service gid 44-50 uid 1001"),
            expected);
  EXPECT_EQ(mapping_of("group media mark 1").gid, (GidRange{44, 44}));
  EXPECT_EQ(mapping_of("group media mark 1").uid, std::nullopt);
  EXPECT_EQ(mapping_of("cgroup / mark 1").cgroup, "/");
  EXPECT_EQ(mapping_of("cgroup id:77 mark 1").cgroup, "id:77");
}

TEST(ParseMapping, ReadsNostamp) {
  EXPECT_TRUE(mapping_of("uid 1 mark 1 nostamp").nostamp);
  EXPECT_TRUE(mapping_of("uid 1 dev tun0 nostamp").nostamp);
  EXPECT_FALSE(mapping_of("uid 1 mark 1").nostamp);
  EXPECT_TRUE(says(refusal_of("uid 1 nostamp mark 1 nostamp"), "'nostamp' is given twice"));
  EXPECT_TRUE(says(refusal_of("uid 1 bypass nostamp"), "leave nostamp out"));
  EXPECT_TRUE(says(refusal_of("uid 1 nostamp block"), "leave nostamp out"));
  EXPECT_TRUE(says(refusal_of("uid 1 nostamp"), "give mark"));
}

TEST(ParseMapping, ReadsGuardAndConnmark) {
  EXPECT_TRUE(mapping_of("uid 1 dev tun0 guard").guard);
  EXPECT_TRUE(mapping_of("uid 1 table 200 guard dev tun0").guard);
  EXPECT_TRUE(mapping_of("uid 1 connmark mark 1").connmark);
  EXPECT_FALSE(mapping_of("uid 1 dev tun0").guard);
  EXPECT_TRUE(says(refusal_of("uid 1 mark 1 guard"), "guard needs dev: give"));
  EXPECT_TRUE(says(refusal_of("uid 1 guard"), "guard needs dev: give"));
  EXPECT_TRUE(says(refusal_of("uid 1 via 10.0.0.1 guard"), "guard needs dev: give"));
  EXPECT_TRUE(says(refusal_of("uid 1 bypass guard"), "guard needs dev, and bypass"));
  EXPECT_TRUE(says(refusal_of("uid 1 block connmark"), "leave connmark out"));
}

TEST(ParseMapping, ReadsSource) {
  EXPECT_EQ(mapping_of("uid 1 dev tun0").source, Source::automatic);
  EXPECT_EQ(mapping_of("uid 1 dev tun0 source auto").source, Source::automatic);
  EXPECT_EQ(mapping_of("uid 1 source rule table 200").source, Source::rule);
  EXPECT_EQ(mapping_of("gid 1 dev tun0 source keep").source, Source::keep);
  EXPECT_EQ(mapping_of("uid 1 dev tun0 source masquerade").source, Source::masquerade);
  const Mapping fixed = mapping_of("uid 1 dev tun0 source 10.0.0.1 source fd00::1");
  EXPECT_EQ(fixed.source, Source::address);
  EXPECT_EQ(fixed.source_addresses,
            (std::vector{*Address::parse("10.0.0.1"), *Address::parse("fd00::1")}));
  for (const char *word : {"address", "10.0.0"}) {
    EXPECT_TRUE(says(refusal_of("uid 1 dev tun0 source " + std::string(word)),
                     "source '" + std::string(word) +
                         "' is not valid: expected source (auto|rule|masquerade|keep|ADDR)"));
  }
  for (const char *words : {"rule source 10.0.0.1", "10.0.0.1 source keep", "auto source auto"}) {
    EXPECT_TRUE(
        says(refusal_of("uid 1 dev tun0 source " + std::string(words)), "'source' is given twice"));
  }
  EXPECT_TRUE(says(refusal_of("uid 1 dev tun0 source 10.0.0.1 source 10.0.0.2"),
                   "source 10.0.0.2 is the second IPv4 source address"));
  EXPECT_TRUE(says(refusal_of("uid 1 dev tun0 source ::1"), "give another source address"));
  EXPECT_TRUE(says(refusal_of("uid 1 dev tun0 source 224.0.0.1"), "give a host's address"));
  for (const char *source : {"masquerade", "10.0.0.1"}) {
    EXPECT_TRUE(says(refusal_of("uid 1 table 200 source " + std::string(source)), "needs dev"));
  }
  EXPECT_TRUE(says(refusal_of("gid 1 dev tun0 source rule"), "is for a uid alone"));
  EXPECT_TRUE(says(refusal_of("uid 1 block source keep"), "leave source out"));
}

TEST(ParseMapping, ReadsLanDnsAndInbound) {
  const Mapping mapping = mapping_of("uid 1 dev tun0 lan dns 10.0.0.53 dns fd00::53 inbound back");
  EXPECT_TRUE(mapping.lan);
  EXPECT_EQ(mapping.dns, (std::vector{*Address::parse("10.0.0.53"), *Address::parse("fd00::53")}));
  EXPECT_EQ(mapping.inbound, Inbound::back);
  EXPECT_EQ(mapping_of("uid 1 dev tun0 inbound follow").inbound, Inbound::follow);
  EXPECT_EQ(mapping_of("uid 1 dev tun0 inbound auto").inbound, Inbound::automatic);
  EXPECT_TRUE(says(refusal_of("uid 1 mark 1 lan"), "lan is an exception from a way"));
  EXPECT_TRUE(says(refusal_of("uid 1 table 200 dns 10.0.0.53"), "dns needs dev"));
  EXPECT_TRUE(says(refusal_of("uid 1 dev tun0 dns 127.0.0.53"), "give another name server"));
  EXPECT_TRUE(says(refusal_of("uid 1 dev tun0 dns 10.0.0.1 dns 10.0.0.2"), "the second IPv4"));
  EXPECT_TRUE(says(refusal_of("uid 1 dev tun0 dns name"), "dns 'name' is not valid: expected dns"));
  EXPECT_TRUE(says(refusal_of("uid 1 dev tun0 inbound no"), "expected inbound (auto|back|follow)"));
  EXPECT_TRUE(says(refusal_of("uid 1 dev tun0 nostamp inbound back"), "leave nostamp out"));
  EXPECT_TRUE(says(refusal_of("uid 1 mark 1/1 table 9 inbound back"), "give a wider mask"));
  for (const char *words : {"lan", "dns 10.0.0.1", "inbound follow"}) {
    EXPECT_TRUE(
        says(refusal_of("uid 1 block " + std::string(words)), "leave lan, dns and inbound"));
  }
}

TEST(ParseMapping, TakesAFlagsNameForAValue) {
  EXPECT_EQ(mapping_of("group suppl mark 1").gid, (GidRange{45, 45}));
  EXPECT_FALSE(mapping_of("group suppl mark 1").suppl);
  EXPECT_TRUE(says(refusal_of("gid 1 suppl yes mark 1"), "unknown word 'yes'"));
}

TEST(ParseMapping, ReadsEveryAction) {
  EXPECT_EQ(mapping_of("uid 1 mark 1").action, Action::mark);
  EXPECT_EQ(mapping_of("uid 1 bypass").action, Action::bypass);
  EXPECT_EQ(mapping_of("block gid 1").action, Action::block);
}

TEST(ParseMapping, RefusesActionsThatDoNotGoTogether) {
  EXPECT_TRUE(says(refusal_of("uid 1 bypass block"), "'bypass' and 'block'"));
  EXPECT_TRUE(says(refusal_of("uid 1 bypass bypass"), "'bypass' is given twice"));
  for (const char *action : {"bypass", "block"}) {
    for (const char *way : {"mark 1", "table 5", "dev tun0", "via 10.0.0.1"}) {
      EXPECT_TRUE(
          says(refusal_of("uid 1 " + std::string(action) + " " + way), std::string(action) + " "));
    }
  }
}

TEST(ParseMapping, RefusesBadGroups) {
  EXPECT_TRUE(says(refusal_of("group nobdy mark 1", ErrorKind::not_found),
                   "group 'nobdy' is unknown: give a name that getent(1) finds, or a number as"
                   " gid N"));
  EXPECT_TRUE(says(refusal_of("gid 4294967295 mark 1"), "gid '4294967295'"));
  EXPECT_TRUE(says(refusal_of("gid media mark 1"), "gid 'media'"));
  EXPECT_TRUE(says(refusal_of("gid 9-3 mark 1"), "3-9"));
  EXPECT_TRUE(says(refusal_of("gid 1 group media mark 1"), "'gid' and 'group'"));
  EXPECT_TRUE(says(refusal_of("uid 1 suppl mark 1"), "gid"));
}

TEST(ParseMapping, RefusesBadCgroups) {
  EXPECT_TRUE(says(refusal_of("cgroup /a/../b mark 1"), "'/a/../b'"));
  EXPECT_TRUE(says(refusal_of("cgroup id:x mark 1"), "'id:x'"));
  EXPECT_TRUE(says(refusal([] {
                     parse_mapping(List{"cgroup", "", "mark", "1"}, test_names());
                   }),
                   "cgroup ''"));
  EXPECT_TRUE(says(refusal_of("cgroup /a cgroup /b mark 1"), "'cgroup' is given twice"));
}

TEST(ParseMapping, CutIsNoPartOfTheMapping) {
  const Wanted wanted = parse_mapping(split("uid 1 mark 1 cut"), test_names());
  EXPECT_TRUE(wanted.cut);
  EXPECT_EQ(wanted.mapping, mapping_of("uid 1 mark 1"));
  EXPECT_FALSE(parse_mapping(split("uid 1 mark 1"), test_names()).cut);
  EXPECT_TRUE(says(refusal_of("uid 1 gid 1 mark 1 cut"), "cannot cut by gid"));
}

TEST(ParseErrand, ReadsAMappingAndACommand) {
  const List words{"dev", "tun0", "guard", "comment", "a b", "--", "cmd", "", "--", "dev"};
  const Errand errand = parse_errand(words, test_names());
  EXPECT_EQ(errand.mapping, (Mapping{.dev = "tun0", .guard = true, .comment = "a b"}));
  EXPECT_EQ(List(errand.command.begin(), errand.command.end()), (List{"cmd", "", "--", "dev"}));
}

TEST(ParseErrand, RefusesTheRest) {
  const auto refused = [](const std::string &line) {
    return refusal([&] { parse_errand(split(line), test_names()); });
  };
  for (const char *line : {"", "dev tun0", "dev tun0 --"}) {
    EXPECT_TRUE(says(refused(line), "give -- CMD"));
  }
  EXPECT_TRUE(says(refused("-- cmd"), "nothing is to be done"));
  EXPECT_TRUE(says(refused("dev tun0 cmd -- x"), "unknown word 'cmd'"));
  for (const std::string word : {"uid 1", "user torrent", "gid 1", "group media", "cgroup /a"}) {
    EXPECT_TRUE(says(refused("dev tun0 " + word + " -- cmd"), "leave it away"));
  }
  EXPECT_TRUE(says(refused("dev tun0 suppl -- cmd"), "'suppl'"));
  EXPECT_TRUE(says(refused("dev tun0 cut -- cmd"), "'cut'"));
  EXPECT_TRUE(says(refused("mark 1 guard -- cmd"), "guard"));
  EXPECT_TRUE(says(refused("dev tun0 source rule -- cmd"), "source"));
}

TEST(ParsePick, ReadsAnIdOrASelectorOrNothing) {
  EXPECT_EQ(pick_of(""), Pick());
  EXPECT_EQ(pick_of("id 3"), (Pick{.id = 3}));
  EXPECT_EQ(pick_of("uid 1-5"), (Pick{.selector = Selector{.uid = UidRange{1, 5}}}));
  EXPECT_EQ(pick_of("user torrent"), (Pick{.selector = Selector{.uid = UidRange{1001, 1001}}}));
  EXPECT_EQ(pick_of("group media cgroup a"),
            (Pick{.selector = Selector{.gid = GidRange{44, 44}, .cgroup = "/a"}}));
}

TEST(ParsePick, RefusesTheRest) {
  const auto refused = [](const std::string &line, ErrorKind kind = ErrorKind::usage) {
    return refusal([&] { pick_of(line); }, kind);
  };
  EXPECT_TRUE(says(refused("3"), "unknown word '3': expected uid, user, gid, group, cgroup or id"));
  EXPECT_TRUE(says(refused("id 3 uid 4"), "'id'"));
  EXPECT_TRUE(says(refused("id 3 id 4"), "'id' is given twice"));
  EXPECT_TRUE(says(refused("id 0"), "id '0'"));
  EXPECT_TRUE(says(refused("id"), "'id' has no value"));
  EXPECT_TRUE(says(refused("uid 5-1"), "1-5"));
  EXPECT_TRUE(says(refused("id 3 cgroup /a"), "'id'"));
  EXPECT_TRUE(says(refused("dev tun0"), "unknown word 'dev'"));
  EXPECT_TRUE(says(refused("gid 3 suppl"), "unknown word 'suppl'"));
  EXPECT_TRUE(says(refused("uid 3 block"), "unknown word 'block'"));
  EXPECT_TRUE(says(refused("uid 3 nostamp"), "unknown word 'nostamp'"));
  EXPECT_TRUE(says(refused("user nobdy", ErrorKind::not_found), "user 'nobdy'"));
}

TEST(ParseQuestion, ReadsWhoAndWhereTo) {
  const Address to = *Address::parse("192.0.2.1");
  EXPECT_EQ(question_of("uid 1001 to 192.0.2.1"), (Asked{.uid = 1001, .to = to}));
  EXPECT_EQ(question_of("to 192.0.2.1 user torrent port 443"),
            (Asked{.uid = 1001, .to = to, .port = 443}));
  EXPECT_EQ(question_of("group media suppl cgroup a kernel to 192.0.2.1"),
            (Asked{.gid = 44, .suppl = true, .cgroup = "/a", .kernel = true, .to = to}));
}

TEST(ParseQuestion, RefusesTheRest) {
  const auto refused = [](const std::string &line) { return refusal([&] { question_of(line); }); };
  EXPECT_TRUE(says(refused("to 192.0.2.1"), "whose packets?"));
  EXPECT_TRUE(says(refused("uid 1"), "give to ADDR"));
  EXPECT_TRUE(says(refused("uid 1 to example.org"), "to 'example.org'"));
  EXPECT_TRUE(says(refused("uid 1-5 to ::1"), "uid 1-5 is more than one"));
  EXPECT_TRUE(says(refused("gid 1-5 to ::1"), "gid 1-5 is more than one"));
  EXPECT_TRUE(says(refused("uid 1 suppl to ::1"), "'suppl'"));
  for (const char *port : {"0", "65536", "http", "-1"}) {
    EXPECT_TRUE(says(refused("uid 1 to ::1 port " + std::string(port)),
                     "port '" + std::string(port) + "'"));
  }
  EXPECT_TRUE(says(refused("uid 1 to ::1 mark 1"), "unknown word 'mark'"));
  EXPECT_TRUE(says(refused("uid 1 to ::1 nostamp"), "unknown word 'nostamp'"));
}

// repair

TEST(ParseDevice, TakesADeviceOrNone) {
  EXPECT_EQ(parse_device(split("dev tun0"), test_names()), "tun0");
  EXPECT_EQ(parse_device({}, test_names()), "");
  EXPECT_EQ(refusal([] { parse_device(split("dev"), test_names()); }).find("'dev' has no value"),
            0u);
  EXPECT_NE(refusal([] { parse_device(split("uid 5"), test_names()); }).find("'uid'"),
            std::string::npos);
}

}  // namespace
}  // namespace ownroute::cli
