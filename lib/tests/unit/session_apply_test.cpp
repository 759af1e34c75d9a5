// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <sys/file.h>

#include <functional>

#include "file.hpp"
#include "session_fixture.hpp"

namespace ownroute::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A change, made in a world that has something of everything.
struct Case {
  const char *name;
  std::function<Plan(Session &)> plan;
};

Mapping with_id(Mapping mapping, std::uint32_t id) {
  mapping.id = id;
  return mapping;
}

Mapping named(Mapping mapping, const char *table_name) {
  mapping.table_name = table_name;
  return mapping;
}

class Apply : public SessionFixture, public testing::WithParamInterface<Case> {
 protected:
  Apply() {
    add(with_id(over("tun0", 0x1111, 200), 7));
    add(with_id(named(over("tun1", 1002), "torrents"), 8));
    kernel_.world.rules.insert({.mark = Mark{0x1}, .table = 300, .protocol = 3});
    kernel_.world.routes.insert({.table = 300, .dev = "tun1", .protocol = 3});
  }
};

TEST_P(Apply, IsUndoneAsAWholeWhereverItFails) {
  const World before = kernel_.world;
  const std::string names_before = our_names();
  std::size_t steps = 1;
  for (int failing = 1; failing <= static_cast<int>(steps); ++failing) {
    Session session = this->session();
    const Plan plan = GetParam().plan(session);
    // Names of tables are no matter of the kernel's.
    steps = static_cast<std::size_t>(std::ranges::count_if(
        plan, [](const Step &step) { return !std::holds_alternative<TableNameStep>(step); }));
    kernel_.changes = 0;
    kernel_.refused_change = failing;
    EXPECT_THAT(thrown_by([&] { session.apply(plan); }),
                IsError(ErrorKind::refused, "refused for the test"))
        << failing;
    EXPECT_EQ(kernel_.world, before) << failing;
    EXPECT_EQ(our_names(), names_before) << failing;
  }
  EXPECT_GT(steps, 1u);
  kernel_.refused_change = 0;
  Session session = this->session();
  EXPECT_NO_THROW(session.apply(GetParam().plan(session)));
  EXPECT_NE(kernel_.world, before);
}

TEST_P(Apply, SaysWhichStepFailedAndThatNothingHasChanged) {
  Session session = this->session();
  const Plan plan = GetParam().plan(session);
  kernel_.changes = 0;
  kernel_.refused_change = 2;
  const Error error = thrown_by([&] { session.apply(plan); });
  EXPECT_THAT(error.what(), HasSubstr("refused for the test"));
  EXPECT_THAT(error.what(), HasSubstr("nothing has been changed"));
  EXPECT_TRUE(std::ranges::any_of(plan, [&](const Step &step) {
    return std::string(error.what()).find(describe(step)) != std::string::npos;
  })) << error.what();
  EXPECT_EQ(error.extack(), "refused for the test");
}

TEST_P(Apply, SaysWhatIsLeftIfUndoingFailsToo) {
  Session session = this->session();
  const Plan plan = GetParam().plan(session);
  kernel_.changes = 0;
  // Behind all that one transaction makes.
  kernel_.refused_change = 3;
  kernel_.stays_refusing = true;
  EXPECT_THAT(thrown_by([&] { session.apply(plan); }).what(), HasSubstr("undoing it failed too; "));
}

const Case kCases[] = {
    {"Add", [](Session &s) { return s.plan_add(named(over("tun0", 1003), "new")); }},
    {"AddByGivenMarkAndTable",
     [](Session &s) { return s.plan_add(over("tun1", 0x3333, 400, 1003)); }},
    {"Replace",
     [](Session &s) { return s.plan_replace(with_id(named(over("tun0", 0x4444, 500), ""), 8)); }},
    {"ReplaceDevice",
     [](Session &s) { return s.plan_replace(with_id(over("tun1", 0x1111, 200), 7)); }},
    {"ReplaceTable",
     [](Session &s) { return s.plan_replace(with_id(over("tun0", 0x1111, 600), 7)); }},
    {"Del", [](Session &s) { return s.plan_del({7}); }},
    {"DelBoth",
     [](Session &s) {
       return s.plan_del({8, 7});
     }},
    {"Flush", [](Session &s) { return s.plan_flush(); }},
};

INSTANTIATE_TEST_SUITE_P(, Apply, testing::ValuesIn(kCases),
                         [](const auto &param) { return std::string(param.param.name); });

class ApplyOnce : public SessionFixture {
 protected:
  /// Whether a session has the lock.
  bool is_locked() const {
    const detail::FileDescriptor fd(
        open((root_.path() / "run/ownroute.lock").c_str(), O_RDWR | O_CLOEXEC));
    return fd && flock(fd.get(), LOCK_EX | LOCK_NB) != 0;
  }
};

TEST_F(ApplyOnce, IdThatTheKernelChoseIsUsedForUndoing) {
  add(over("tun0", 0x1111, 200));
  const World before = kernel_.world;
  Session session = this->session();
  Plan plan = session.plan_add(over("tun1", 1002));
  // A second change that fails, after the mapping.
  plan.push_back(RuleStep{true, {.mark = Mark{0x5555}, .table = 500}});
  kernel_.changes = 0;
  kernel_.refused_change = static_cast<int>(plan.size());
  EXPECT_THAT(thrown_by([&] { session.apply(plan); }).what(),
              HasSubstr("rule add ipv4 fwmark 0x5555 lookup 500"));
  EXPECT_EQ(kernel_.world, before);
}

TEST_F(ApplyOnce, TransactionIsUndoneFromItsEnd) {
  add(with_id(over("tun0", 0x1111, 200), 7));
  const World before = kernel_.world;
  Session session = this->session();
  Plan plan = session.plan_del({7});
  plan.insert(plan.begin() + 1, MappingStep{{}, with_id(over("tun0", 0x1111, 200, 1002), 7)});
  kernel_.changes = 0;
  // The first behind the two.
  kernel_.refused_change = 3;
  EXPECT_THAT(thrown_by([&] { session.apply(plan); }).what(),
              HasSubstr("nothing has been changed"));
  EXPECT_EQ(kernel_.world, before);
}

TEST_F(ApplyOnce, TakenIdUndoesTheWay) {
  add(with_id(over("tun0", 0x1111, 200), 7));
  const World before = kernel_.world;
  EXPECT_THAT(thrown_by([&] { add(with_id(over("tun1", 1002), 7)); }),
              IsError(ErrorKind::refused, "cannot add mapping 7: id is taken by another mapping"));
  EXPECT_EQ(kernel_.world, before);
}

TEST_F(ApplyOnce, NameThatCannotBeWrittenChangesNothing) {
  root_.write("etc/iproute2/rt_tables.d", "a file where the directory should be");
  EXPECT_THAT(thrown_by([&] { add(named(over("tun0"), "torrents")); }),
              IsError(ErrorKind::refused, "cannot write"));
  EXPECT_EQ(kernel_.world, World());
}

TEST_F(ApplyOnce, LockIsHeldFromPlanToApply) {
  Session session = this->session();
  session.list();
  EXPECT_FALSE(is_locked());
  const Plan plan = session.plan_add(over("tun0"));
  EXPECT_TRUE(is_locked());
  session.apply(plan);
  EXPECT_FALSE(is_locked());
}

TEST_F(ApplyOnce, LockGoesWithTheSessionAndWithAFailure) {
  { session().plan_flush(); }
  EXPECT_FALSE(is_locked());
  Session session = this->session();
  const Plan plan = session.plan_add(over("tun0"));
  kernel_.refused_change = 1;
  thrown_by([&] { session.apply(plan); });
  EXPECT_FALSE(is_locked());
}

TEST_F(ApplyOnce, EachPlanLooksAnew) {
  Session session = this->session();
  session.plan_add(over("tun0"));
  kernel_.world.rules.insert({.mark = {0x01000000, 0xff000000}, .table = 7, .protocol = 3});
  EXPECT_EQ(session.apply(session.plan_add(over("tun0"))).made.at(0).mark,
            (Mark{0x02000000, 0xff000000}));
}

}  // namespace
}  // namespace ownroute::test
