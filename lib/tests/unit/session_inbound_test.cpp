// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session_fixture.hpp"

namespace ownroute::test {
namespace {

using testing::HasSubstr;

class InboundMark : public SessionFixture {
 protected:
  std::uint32_t of(std::uint32_t id) const { return kernel_.world.mappings.at(id).inbound; }

  std::uint32_t made_for(Mapping wanted) { return of(add(wanted).id); }
};

/// "uid UID dev DEV source keep"
Mapping by(const std::string &dev, std::uint32_t uid) {
  return {.uid = UidRange{uid, uid}, .dev = dev, .source = Source::keep};
}

Mapping with_mark(Mark mark, Inbound inbound = Inbound::automatic) {
  return {.uid = UidRange{1001, 1001},
          .mark = mark,
          .table = 200,
          .dev = "tun0",
          .source = Source::keep,
          .inbound = inbound};
}

TEST_F(InboundMark, IsTheLastOfTheSpaceForAll) {
  EXPECT_EQ(made_for(by("tun0", 1001)), 0xff000000u);
  EXPECT_EQ(made_for(by("tun1", 1002)), 0xff000000u);
}

TEST_F(InboundMark, HasHighBitsWhereTheMaskHas) {
  EXPECT_EQ(made_for(with_mark({0x1111})), 0xff000000u);
}

TEST_F(InboundMark, LiesWithinTheMask) {
  EXPECT_EQ(made_for(with_mark({0x1111, 0xffff})), 0xffffu);
}

TEST_F(InboundMark, IsNobodysElse) {
  EXPECT_EQ(made_for(with_mark({0xff000000, 0xff000000})), 0xfe000000u);
  kernel_.world.rules.insert({.mark = {0xfd000000, 0xff000000}, .table = 7, .protocol = 3});
  add({.uid = UidRange{5, 5}, .mark = Mark{0xfc000000, 0xff000000}});
  flush();
  add({.uid = UidRange{5, 5}, .mark = Mark{0xff000000, 0xff000000}});
  add({.uid = UidRange{6, 6}, .mark = Mark{0xfe000000, 0xff000000}});
  EXPECT_EQ(made_for(by("tun1", 1002)), 0xfc000000u);
}

TEST_F(InboundMark, IsNoMarkToChoose) {
  for (std::uint32_t uid = 1; uid < 255; ++uid) {
    add({.uid = UidRange{uid, uid}, .table = 300 + uid, .dev = "tun0", .source = Source::keep});
  }
  EXPECT_EQ(of(254), 0xff000000u);
  EXPECT_THAT(refused(by("tun1", 1002)).what(), HasSubstr("use all marks"));
}

TEST_F(InboundMark, IsRefusedAsAMark) {
  add(by("tun0", 1001));
  EXPECT_THAT(refused({.uid = UidRange{7, 7},
                       .mark = Mark{0xff000000, 0xff000000},
                       .table = 201,
                       .dev = "tun1"})
                  .what(),
              HasSubstr("is what mappings give to connections from outside"));
}

TEST_F(InboundMark, IsForThoseWhoseAnswersGoBack) {
  EXPECT_EQ(made_for(with_mark({1}, Inbound::follow)), 0u);
  Mapping guarded = with_mark({2});
  guarded.table = 201;
  guarded.guard = true;
  EXPECT_EQ(made_for(guarded), 0u);
  guarded.mark = Mark{3};
  guarded.table = 202;
  guarded.inbound = Inbound::back;
  EXPECT_NE(made_for(guarded), 0u);
  EXPECT_EQ(made_for({.uid = UidRange{1, 1}, .table = 204}), 0u);
  EXPECT_NE(made_for({.uid = UidRange{1, 1}, .table = 205, .inbound = Inbound::back}), 0u);
  Mapping narrow = with_mark({0x100, 0x100});
  narrow.table = 206;
  EXPECT_EQ(made_for(narrow), 0u);
}

// In front of a rule for the uid, which these packets have, too.
TEST_F(InboundMark, LeadsToTheMainTable) {
  const World before = kernel_.world;
  const Mapping first = add({.uid = UidRange{1001, 1001}, .dev = "tun0"});
  const Rule rule{.priority = 1999, .mark = {0xff000000, 0xff000000}, .table = 254};
  EXPECT_THAT(kernel_.world.rules, testing::Contains(rule));
  const Mapping second = add(by("tun1", 1002));
  del({first.id});
  EXPECT_THAT(kernel_.world.rules, testing::Contains(rule));
  del({second.id});
  EXPECT_EQ(kernel_.world, before);
  Session session = this->session();
  session.apply(session.plan_apply({{by("tun0", 1001)}}));
  EXPECT_THAT(kernel_.world.rules, testing::Contains(rule));
  kernel_.world.rules.erase(kernel_.world.rules.find(rule));
  EXPECT_THAT(this->session().list().at(0).missing,
              testing::ElementsAre("IPv4 rule from mark 0xff000000/0xff000000 to table 254"));
}

TEST_F(InboundMark, IsReadBackAndStays) {
  for (const Inbound inbound : {Inbound::automatic, Inbound::back, Inbound::follow}) {
    const Mapping wanted = with_mark({0x1111}, inbound);
    add(wanted);
    EXPECT_EQ(session().list().at(0).mapping.inbound, inbound);
    EXPECT_TRUE(session().plan_apply({{wanted}}).empty());
    Mapping commented = wanted;
    commented.comment = "other";
    const std::uint32_t before = kernel_.world.mappings.begin()->second.inbound;
    Session session = this->session();
    session.apply(session.plan_apply({{commented}}));
    EXPECT_EQ(kernel_.world.mappings.begin()->second.inbound, before);
    flush();
  }
}

}  // namespace
}  // namespace ownroute::test
