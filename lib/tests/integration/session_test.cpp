// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cerrno>
#include <ownroute/session.hpp>

#include "module.hpp"
#include "temporary_root.hpp"
#include "thrown.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class KernelSession : public WithModule {
 protected:
  KernelSession() : before_(routing()) { root_.write("run/.keep", ""); }

  Session session() { return {Client(), Router(), root_.path()}; }

  Mapping add(const Mapping &wanted) {
    Session session = this->session();
    return session.apply(session.plan_add(wanted)).made.at(0);
  }
  Mapping replace(const Mapping &wanted) {
    Session session = this->session();
    return session.apply(session.plan_replace(wanted)).replaced.at(0);
  }
  void del(std::vector<std::uint32_t> ids) {
    Session session = this->session();
    session.apply(session.plan_del(ids));
  }

  TemporaryRoot root_;
  const std::string before_;
};

Mapping over(const std::string &dev, std::uint32_t uid = 1001) {
  return {.uid = UidRange{uid, uid}, .dev = dev};
}

TEST_F(KernelSession, AddMakesAllAndDelLeavesNothing) {
  Mapping wanted = over("tun0");
  wanted.mark = Mark{0x1111};
  wanted.table = 200;
  const Mapping made = add(wanted);
  wanted.id = made.id;
  EXPECT_EQ(made, wanted);
  const Routing routing = Router().routing();
  EXPECT_EQ(routing.rules.size(), 6u);
  EXPECT_EQ(routing.routes.size(), 4u);
  const std::vector<Listed> listed = session().list();
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].mapping, made);
  EXPECT_THAT(listed[0].missing, IsEmpty());
  del({made.id});
  EXPECT_EQ(this->routing(), before_);
  EXPECT_THAT(Client().list(), IsEmpty());
}

TEST_F(KernelSession, ChoosesAndShares) {
  const Mapping first = add(over("tun0", 1001));
  const Mapping second = add(over("tun0", 1002));
  const Mapping other = add(over("tun1", 1003));
  EXPECT_EQ(first.mark, (Mark{0x01000000, 0xff000000}));
  EXPECT_EQ(first.table, 20000u);
  EXPECT_EQ(second.mark, first.mark);
  EXPECT_EQ(second.table, first.table);
  EXPECT_EQ(other.mark, (Mark{0x02000000, 0xff000000}));
  EXPECT_EQ(other.table, 20001u);
  del({first.id});
  for (const Listed &item : session().list()) {
    EXPECT_THAT(item.missing, IsEmpty());
  }
  del({second.id, other.id});
  EXPECT_EQ(routing(), before_);
}

TEST_F(KernelSession, GatewaysOfBothFamilies) {
  add_address("tun0", "10.2.0.1/24");
  add_address("tun0", "fd02::1/64");
  const std::string before = routing();
  Mapping wanted{
      .uid = UidRange{1001, 1001},
      .via = {Address::parse("10.2.0.254").value(), Address::parse("fd02::254").value()}};
  const Mapping made = add(wanted);
  EXPECT_EQ(made.via, wanted.via);
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
  del({made.id});
  EXPECT_EQ(routing(), before);
}

TEST_F(KernelSession, DeviceWithoutIpv6) {
  set_sysctl("ipv6/conf/tun0/disable_ipv6", "1");
  const Mapping made = add(over("tun0"));
  EXPECT_EQ(Router().routing().routes.size(), 3u);
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
  del({made.id});
  EXPECT_EQ(routing(), before_);
}

TEST_F(KernelSession, ReplaceOfTheWay) {
  const Mapping made = add(over("tun0"));
  Mapping wanted = over("tun1");
  wanted.id = made.id;
  const Mapping replaced = replace(wanted);
  EXPECT_EQ(replaced.dev, "tun1");
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
  // In the same table.
  wanted.mark = replaced.mark;
  wanted.table = replaced.table;
  wanted.dev = "tun0";
  replace(wanted);
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
  // The same mark in another table.
  wanted.table = 300;
  replace(wanted);
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
  del({made.id});
  EXPECT_EQ(routing(), before_);
}

TEST_F(KernelSession, FlushTakesAwayWhatWasLeftOver) {
  add(over("tun0"));
  add(over("tun1", 1002));
  // As if the module had been reloaded.
  Client().flush();
  add(over("tun1", 1003));
  Session session = this->session();
  session.apply(session.plan_flush());
  EXPECT_EQ(routing(), before_);
  EXPECT_THAT(Client().list(), IsEmpty());
}

TEST_F(KernelSession, ForeignObjectsStay) {
  Router router;
  router.add(Rule{.mark = Mark{0x1111}, .table = 200, .protocol = 3});
  router.add(DefaultRoute{.table = 200, .dev = "tun0", .protocol = 3});
  const std::string before = routing();
  Mapping wanted = over("tun0");
  wanted.mark = Mark{0x1111};
  wanted.table = 200;
  const Mapping made = add(wanted);
  EXPECT_NE(routing(), before);
  del({made.id});
  EXPECT_EQ(routing(), before);
}

TEST_F(KernelSession, TakenIdUndoesTheWay) {
  Client().add({.id = 7, .uid = UidRange{1001, 1001}, .mark = Mark{0x1111}});
  Mapping wanted = over("tun0");
  wanted.id = 7;
  wanted.table_name = "torrents";
  const Error error = thrown_by([&] { add(wanted); });
  EXPECT_EQ(error.code(), EEXIST);
  EXPECT_THAT(error.what(), HasSubstr("nothing has been changed"));
  EXPECT_EQ(routing(), before_);
  EXPECT_FALSE(root_.has("etc/iproute2/rt_tables.d/ownroute.conf"));
  EXPECT_EQ(Client().list().size(), 1u);
}

TEST_F(KernelSession, DeviceThatGoesMeanwhileUndoesAll) {
  Session session = this->session();
  const Plan plan = session.plan_add(over("tun0"));
  remove("tun0");
  const std::string before = routing();
  EXPECT_THAT(thrown_by([&] { session.apply(plan); }),
              IsError(ErrorKind::not_found, "device tun0"));
  EXPECT_EQ(routing(), before);
}

TEST_F(KernelSession, FailureOfTheLastStepIsUndone) {
  const Mapping first = add(over("tun0"));
  const std::string before = routing();
  Mapping wanted = over("tun1");
  wanted.id = first.id;
  Session session = this->session();
  Plan plan = session.plan_replace(wanted);
  // What the kernel will refuse.
  plan.push_back(RouteStep{true, {.table = 300, .via = Address::parse("10.99.0.1")}});
  EXPECT_THAT(thrown_by([&] { session.apply(plan); }),
              IsError(ErrorKind::refused, "Nexthop has invalid gateway"));
  EXPECT_EQ(routing(), before);
  EXPECT_EQ(Client().get(first.id).mapping, first);
}

TEST_F(KernelSession, ListShowsWhatIsMissing) {
  add(over("tun0"));
  set_up("tun0", false);
  EXPECT_THAT(session().list().at(0).missing,
              testing::Contains("IPv4 default route in table 20000"));
  remove("tun0");
  EXPECT_THAT(session().list().at(0).missing,
              ElementsAre("device tun0", "IPv4 default route in table 20000",
                          "IPv6 default route in table 20000"));
}

TEST_F(KernelSession, NamesTheTable) {
  Mapping wanted = over("tun0");
  wanted.table_name = "torrents";
  const Mapping made = add(wanted);
  EXPECT_EQ(made.table_name, "torrents");
  EXPECT_THAT(root_.read("etc/iproute2/rt_tables.d/ownroute.conf"), HasSubstr("20000\ttorrents"));
  del({made.id});
  EXPECT_FALSE(root_.has("etc/iproute2/rt_tables.d/ownroute.conf"));
}

TEST_F(KernelSession, WorksInAnotherNamespace) {
  const Netns other = make_namespace();
  Session session{Client(other), Router(other), root_.path()};
  EXPECT_THAT(thrown_by([&] { session.plan_add(over("tun0")); }),
              IsError(ErrorKind::not_found, "device 'tun0'"));
  session.apply(session.plan_add({.uid = UidRange{1001, 1001}, .table = 200}));
  EXPECT_EQ(session.list().size(), 1u);
  EXPECT_THAT(this->session().list(), IsEmpty());
  EXPECT_EQ(routing(), before_);
}

}  // namespace
}  // namespace ownroute::test
