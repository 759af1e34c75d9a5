// SPDX-License-Identifier: LGPL-2.1-or-later
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <ownroute/cgroup.hpp>
#include <ownroute/events.hpp>
#include <ownroute/explain.hpp>
#include <ownroute/policy_file.hpp>
#include <ownroute/session.hpp>
#include <thread>

#include "file.hpp"
#include "module.hpp"
#include "temporary_root.hpp"
#include "thrown.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class KernelPolicy : public WithModule {
 protected:
  KernelPolicy() { root_.write("run/.keep", ""); }

  Session session() { return {Client(), Router(), root_.path()}; }
  Changes apply(std::vector<Mapping> mappings) {
    Session session = this->session();
    return session.apply(session.plan_apply({std::move(mappings)}));
  }
  std::size_t planned(std::vector<Mapping> mappings) {
    return session().plan_apply({std::move(mappings)}).size();
  }

  TemporaryRoot root_;
};

Mapping marked(std::uint32_t uid, std::uint32_t mark = 1) {
  return {.uid = UidRange{uid, uid}, .mark = Mark{mark}};
}

Mapping blocked(std::uint32_t uid) {
  return {.uid = UidRange{uid, uid}, .action = Action::block};
}

Mapping with_id(std::uint32_t id, Mapping mapping) {
  mapping.id = id;
  return mapping;
}

/// Sends a packet to the loopback-free test address as @p uid.
void send_as(uid_t uid) {
  std::thread([uid] {
    if (syscall(SYS_setresuid, uid, uid, uid) != 0) {
      abort();
    }
    const detail::FileDescriptor fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(9);
    to.sin_addr.s_addr = htonl(0x0a020002);
    // Whether it arrives doesn't matter.
    (void)!sendto(fd.get(), "x", 1, 0, reinterpret_cast<sockaddr *>(&to), sizeof(to));
  }).join();
}

TEST_F(KernelPolicy, EverySelectorAndActionComesBack) {
  Client client;
  const std::uint64_t root = cgroup_id_of("/");
  for (const Mapping &mapping : std::initializer_list<Mapping>{
           {.id = 1, .gid = GidRange{100, 200}, .suppl = true, .action = Action::bypass},
           {.id = 2, .uid = UidRange{1, 2}, .kernel = true, .action = Action::block},
           {.id = 3, .cgroup = "/", .cgroup_id = root, .mark = Mark{1}},
           {.id = 4,
           .uid = UidRange{0, kMaxUid},
           .gid = GidRange{0, kMaxGid},
           .cgroup = "/",
           .cgroup_id = root,
           .mark = Mark{1},
           .table = 200},
           {.id = 5, .uid = UidRange{1, 2}, .mark = Mark{1}, .nostamp = true}}) {
    const Mapping made = client.add(mapping);
    EXPECT_EQ(made, mapping);
    EXPECT_EQ(made.cgroup_id, mapping.cgroup_id);
  }
}

// Transactions

TEST_F(KernelPolicy, TransactionIsMadeAtItsCommit) {
  Client client, other;
  client.begin();
  for (std::uint32_t id = 1; id <= 3000; ++id) {
    client.add(with_id(id, marked(id)));
  }
  EXPECT_THAT(other.list(), IsEmpty());
  client.commit();
  EXPECT_EQ(other.list().size(), 3000u);
  client.begin();
  client.flush();
  client.add(with_id(1, marked(1)));
  client.commit();
  EXPECT_EQ(other.list().size(), 1u);
}

TEST_F(KernelPolicy, ErrorInATransactionNamesItsMapping) {
  Client client;
  client.begin();
  const auto work = [&] {
    for (std::uint32_t id = 1; id <= 3000; ++id) {
      client.add(
          with_id(id, id == 2000 ? Mapping{.uid = UidRange{9, 8}, .mark = Mark{1}} : marked(id)));
    }
    client.commit();
  };
  const Error error = thrown_by(work);
  EXPECT_EQ(error.code(), EINVAL);
  EXPECT_THAT(error.what(), HasSubstr("cannot add mapping 2000: uid range 9-8 is upside down"));
  EXPECT_THAT(client.list(), IsEmpty());
  EXPECT_FALSE(client.in_transaction());
}

TEST_F(KernelPolicy, TransactionThatWasOvertakenIsRefused) {
  Client client, other;
  client.begin();
  client.add(marked(1));
  other.add(marked(2));
  EXPECT_EQ(thrown_by([&] { client.commit(); }).code(), EAGAIN);
  EXPECT_EQ(client.list().size(), 1u);
  EXPECT_EQ(thrown_by([&] { client.commit(); }).code(), ESRCH);
  client.begin();
  EXPECT_EQ(thrown_by([&] { client.begin(); }).code(), EBUSY);
  client.abort();
}

TEST_F(KernelPolicy, SessionTriesAgainWhenOvertaken) {
  apply({marked(1)});
  Session session = this->session();
  const Plan plan = session.plan_apply({{marked(1), blocked(2)}});
  const Mapping theirs = Client().add(marked(3));
  const Changes changes = session.apply(plan);
  EXPECT_EQ(changes.made.size(), 1u);
  EXPECT_THAT(changes.deleted, ElementsAre(theirs));
  EXPECT_EQ(Client().list().size(), 2u);
}

TEST_F(KernelPolicy, ManySessionsAtOnceEndInOneOfTheirPolicies) {
  const auto netns = Netns::current();
  std::atomic<int> failed = 0;
  std::vector<std::thread> threads;
  for (std::uint32_t thread = 0; thread < 3; ++thread) {
    threads.emplace_back([&, thread] {
      for (int round = 0; round < 5; ++round) {
        try {
          // Each with a lock of its own: none waits for another.
          TemporaryRoot root;
          Session session{Client(netns), Router(netns), root.path()};
          std::vector<Mapping> policy;
          for (std::uint32_t uid = 0; uid < 50; ++uid) {
            policy.push_back(marked(uid, thread + 1));
          }
          session.apply(session.plan_apply({policy}));
        } catch (const Error &error) {
          failed += error.code() != EAGAIN;
        }
      }
    });
  }
  for (std::thread &thread : threads) {
    thread.join();
  }
  EXPECT_EQ(failed, 0);
  const std::vector<KernelMapping> mappings = Client().list();
  ASSERT_EQ(mappings.size(), 50u);
  for (const KernelMapping &each : mappings) {
    EXPECT_EQ(each.mapping.mark, mappings[0].mapping.mark);
  }
}

TEST_F(KernelPolicy, ApplyKeepsCountersAndIds) {
  add_address("tun0", "10.2.0.1/24");
  apply({marked(1001), marked(1002), marked(1003)});
  send_as(1001);
  send_as(1002);
  send_as(1003);
  const auto packets = [](std::uint32_t uid) {
    for (const auto &[mapping, stats] : Client().list()) {
      if (mapping.uid->contains(uid)) {
        return stats.packets;
      }
    }
    return std::uint64_t{0};
  };
  EXPECT_EQ(packets(1001), 1u);
  // 1001 stays, 1002 is replaced in its place, 1003 goes and comes.
  apply({blocked(1002), marked(1001)});
  apply({blocked(1002), marked(1001), marked(1003)});
  EXPECT_EQ(packets(1001), 1u);
  EXPECT_EQ(packets(1002), 1u);
  EXPECT_EQ(packets(1003), 0u);
  EXPECT_EQ(planned({blocked(1002), marked(1001), marked(1003)}), 0u);
}

TEST_F(KernelPolicy, CountsStampsButForNostamp) {
  add_address("tun0", "10.2.0.1/24");
  Mapping nostamp = with_id(2, marked(1002));
  nostamp.nostamp = true;
  apply({with_id(1, marked(1001)), nostamp});
  send_as(1001);
  send_as(1002);
  const auto counted = [](std::uint32_t id) { return Client().get(id).stats; };
  EXPECT_EQ(counted(1).packets, 1u);
  EXPECT_EQ(counted(1).stamped, 1u);
  EXPECT_EQ(counted(2).packets, 1u);
  EXPECT_EQ(counted(2).stamped, 0u);
}

TEST_F(KernelPolicy, FileIsAppliedTwiceAndTakenAway) {
  const std::string before = routing();
  const Policy policy = read_policy(
      "[[mapping]]\nuid = 1001\ndev = \"tun0\"\n"
      "[[mapping]]\nuid = \"1002-1010\"\ndev = \"tun0\"\n"
      "[[mapping]]\ngroup = \"root\"\nsuppl = true\nbypass = true\n"
      "[[mapping]]\ncgroup = \"/\"\nuid = 7\nblock = true\n"
      "[[mapping]]\nuid = 8\ntable = 300\ndev = \"tun1\"\n"
      "[[mapping]]\nuid = 9\ndev = \"tun1\"\nnostamp = true\n",
      "file");
  Session session = this->session();
  session.apply(session.plan_apply(policy));
  EXPECT_THAT(session.plan_apply(policy), IsEmpty());
  Policy exported;
  for (const Listed &each : session.list()) {
    EXPECT_THAT(each.missing, IsEmpty());
    exported.mappings.push_back(each.mapping);
  }
  EXPECT_THAT(session.plan_apply(read_policy(write_policy(exported), "exported")), IsEmpty());
  session.apply(session.plan_apply({}));
  EXPECT_EQ(routing(), before);
}

TEST_F(KernelPolicy, LimitIsKeptAndTold) {
  Client client;
  EXPECT_EQ(client.info().limit, 131072u);
  client.set_limit(2);
  EXPECT_EQ(client.info().limit, 2u);
  Events events;
  const Error error = thrown_by([&] { apply({marked(1), marked(2), marked(3)}); });
  EXPECT_EQ(error.code(), ENOSPC);
  EXPECT_THAT(error.what(), HasSubstr("nothing has been changed"));
  EXPECT_THAT(client.list(), IsEmpty());
  const std::vector<Event> told = events.read();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].kind, Event::Kind::limit);
  EXPECT_EQ(told[0].info.value().limit, 2u);
  EXPECT_EQ(client.stats().refused_limit, 1u);
  // Replacing all of them needs no room.
  apply({marked(1), marked(2)});
  apply({marked(3), marked(4)});
  EXPECT_EQ(thrown_by([&] { client.set_limit(0); }).code(), EINVAL);
}

// Owners

TEST_F(KernelPolicy, LooksUpOwners) {
  Client client;
  client.add({.id = 1, .uid = UidRange{5, 5}, .action = Action::bypass});
  client.add({.id = 2, .gid = GidRange{100, 110}, .suppl = true, .mark = Mark{1}});
  client.add({.id = 3, .gid = GidRange{200, 200}, .mark = Mark{1}});
  client.add({.id = 4, .uid = UidRange{0, 0}, .kernel = true, .mark = Mark{1}});
  const auto id = [&](const Owner &owner) {
    const auto found = client.lookup(owner);
    return found ? found->mapping.id : 0;
  };
  EXPECT_EQ(id({.uid = 5, .gid = 100}), 1u);
  EXPECT_EQ(id({.uid = 6, .gid = 7, .groups = {1, 105}}), 2u);
  EXPECT_EQ(id({.uid = 6, .gid = 7, .groups = {200}}), 0u);
  EXPECT_EQ(id({.uid = 6, .gid = 200}), 3u);
  EXPECT_EQ(id({.uid = 0, .gid = 7, .kernel = true}), 4u);
  EXPECT_EQ(id({.uid = 5, .kernel = true}), 0u);
  EXPECT_EQ(id({}), 0u);
}

/// A cgroup of the test's own.
class Cgroup {
 public:
  explicit Cgroup(const std::string &name) : file_("/sys/fs/cgroup/" + name), path_("/" + name) {
    std::filesystem::create_directory(file_);
  }
  ~Cgroup() { remove(); }
  Cgroup(const Cgroup &) = delete;
  Cgroup &operator=(const Cgroup &) = delete;

  void remove() const {
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
  }
  const std::string &path() const { return path_; }

 private:
  std::string file_;
  std::string path_;
};

TEST_F(KernelPolicy, CgroupsAreKnownByPathAndId) {
  const Cgroup above("ownroute-test");
  const Cgroup below("ownroute-test/below");
  const Mapping wanted{.cgroup = above.path(), .action = Action::block};
  apply({wanted});
  EXPECT_EQ(planned({wanted}), 0u);
  Client client;
  EXPECT_EQ(client.list().at(0).mapping.cgroup_id, cgroup_id_of(above.path()));
  EXPECT_TRUE(client.lookup({.cgroup_id = cgroup_id_of(below.path())}));
  EXPECT_FALSE(client.lookup({.cgroup_id = cgroup_id_of("/")}));
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
  EXPECT_THAT(thrown_by([&] { apply({{.cgroup = "/no-such", .action = Action::block}}); }),
              IsError(ErrorKind::not_found, "no cgroup '/no-such': No such file or directory"));
}

TEST_F(KernelPolicy, CgroupThatIsGoneAndMadeAgainIsShown) {
  const Mapping wanted{.cgroup = "/ownroute-gone", .action = Action::block};
  {
    const Cgroup cgroup("ownroute-gone");
    apply({wanted});
  }
  EXPECT_THAT(session().list().at(0).missing, ElementsAre("cgroup /ownroute-gone is gone"));
  const Cgroup again("ownroute-gone");
  EXPECT_THAT(session().list().at(0).missing,
              ElementsAre(HasSubstr("cgroup /ownroute-gone was made again (id ")));
  apply({wanted});
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
}

// Events

std::vector<Event::Kind> kinds(Events &events) {
  std::vector<Event::Kind> kinds;
  for (const Event &event : events.read()) {
    kinds.push_back(event.kind);
  }
  return kinds;
}

bool is_readable(const Events &events) {
  pollfd fd{.fd = events.fd(), .events = POLLIN, .revents = 0};
  return poll(&fd, 1, 0) == 1;
}

TEST_F(KernelPolicy, TellsWhatHappens) {
  Events events;
  EXPECT_FALSE(is_readable(events));
  EXPECT_THAT(events.read(), IsEmpty());
  Client client;
  client.add(with_id(7, marked(1)));
  client.set(with_id(7, blocked(1)));
  client.del(7);
  EXPECT_TRUE(is_readable(events));
  const std::vector<Event> told = events.read();
  ASSERT_EQ(told.size(), 3u);
  EXPECT_EQ(told[0].kind, Event::Kind::made);
  EXPECT_EQ(told[0].mapping.value().mapping, with_id(7, marked(1)));
  EXPECT_EQ(told[1].kind, Event::Kind::changed);
  EXPECT_EQ(told[1].mapping.value().mapping, with_id(7, blocked(1)));
  EXPECT_EQ(told[2].kind, Event::Kind::withdrawn);
  EXPECT_EQ(told[2].mapping.value().mapping.id, 7u);
  EXPECT_FALSE(is_readable(events));
  apply({marked(1), marked(2)});
  client.flush();
  EXPECT_THAT(kinds(events), ElementsAre(Event::Kind::replaced, Event::Kind::flushed));
}

TEST_F(KernelPolicy, OverrunIsToldAsResync) {
  Events events;
  // As small as it gets.
  const int size = 1;
  ASSERT_EQ(setsockopt(events.fd(), SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)), 0);
  Client client;
  for (int i = 0; i < 100; ++i) {
    client.add(marked(1));
  }
  const std::vector<Event::Kind> told = kinds(events);
  EXPECT_THAT(told, testing::Contains(Event::Kind::resync));
  EXPECT_LT(told.size(), 100u);
  // And goes on.
  client.flush();
  EXPECT_THAT(kinds(events), ElementsAre(Event::Kind::flushed));
}

TEST_F(KernelPolicy, EventsNeedThePrivilege) {
  ASSERT_EQ(seteuid(65534), 0);
  const Error error = thrown_by([] { Events(); });
  ASSERT_EQ(seteuid(0), 0);
  EXPECT_EQ(error.kind(), ErrorKind::not_permitted);
}

// Explanations

TEST_F(KernelPolicy, ExplainAsksTheKernel) {
  add_address("tun0", "10.2.0.1/24");
  add_address("tun1", "10.3.0.1/24");
  Mapping wanted = marked(1001, 0x1111);
  wanted.table = 200;
  wanted.dev = "tun1";
  // Else the first look-up leads there, too.
  wanted.source = Source::keep;
  apply({with_id(1, wanted), with_id(2, marked(1001))});
  Client client;
  Router router;
  const Question question{
      .owner = {.uid = 1001, .gid = 100}, .to = Address::parse("10.2.0.9").value(), .port = 443};
  const Explanation explanation = explain(client, router, question);
  EXPECT_EQ(explanation.mapping.value().mapping.id, 1u);
  ASSERT_EQ(explanation.near.size(), 1u);
  EXPECT_EQ(explanation.near[0].why, "it comes later than mapping 1");
  EXPECT_EQ(explanation.mark, 0x1111u);
  EXPECT_EQ(explanation.rule.value().priority, kRulePriority);
  EXPECT_EQ(explanation.route.table, 200u);
  EXPECT_EQ(explanation.route.dev, "tun1");
  EXPECT_EQ(explanation.route.type, "unicast");
  EXPECT_EQ(explanation.route.source, Address::parse("10.3.0.1"));
  EXPECT_EQ(explanation.source, Address::parse("10.2.0.1"));

  set_up("tun1", false);
  const Explanation down = explain(client, router, question);
  EXPECT_EQ(down.route.error, EHOSTUNREACH);
  EXPECT_EQ(down.route.type, "unreachable");
  EXPECT_EQ(down.rule.value().table, 200u);

  const Explanation other =
      explain(client, router, {.owner = {.uid = 7}, .to = Address::parse("10.2.0.9").value()});
  EXPECT_FALSE(other.mapping);
  EXPECT_EQ(other.route.table, 254u);
  EXPECT_EQ(other.rule.value().table, 254u);
  EXPECT_EQ(other.rule->priority, 32766u);
}

TEST_F(KernelPolicy, ExplainSpeaksIpv6) {
  set_sysctl("ipv6/conf/tun0/accept_dad", "0");
  add_address("tun0", "fd02::1/64");
  Mapping wanted = marked(1001, 0x1111);
  wanted.table = 200;
  wanted.dev = "tun0";
  apply({wanted});
  Client client;
  Router router;
  const Question question{.owner = {.uid = 1001}, .to = Address::parse("fd02::9").value()};
  const Explanation explanation = explain(client, router, question);
  EXPECT_EQ(explanation.route.table, 200u);
  EXPECT_EQ(explanation.route.dev, "tun0");
  EXPECT_EQ(explanation.rule.value().table, 200u);
  set_up("tun0", false);
  EXPECT_EQ(explain(client, router, question).route.type, "unreachable");
}

// Many

double seconds_of(const std::function<void()> &work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

TEST_F(KernelPolicy, ManyMappings) {
  // The debug kernel looks at each step of each.
  const bool debug = std::filesystem::exists("/sys/kernel/debug/kmemleak");
  const std::uint32_t many = debug ? 2000 : 100000;
  std::string text;
  for (std::uint32_t uid = 100000; uid < 100000 + many; ++uid) {
    text += "[[mapping]]\nuid = " + std::to_string(uid) + "\nmark = \"0x1111\"\ntable = 200\n";
  }
  Session session = this->session();
  Policy policy;
  Plan plan;
  Changes changes;
  std::cout << "# read " << seconds_of([&] { policy = read_policy(text, "file"); }) << " s\n";
  std::cout << "# plan " << seconds_of([&] { plan = session.plan_apply(policy); }) << " s\n";
  std::cout << "# apply " << seconds_of([&] { changes = session.apply(std::move(plan)); })
            << " s\n";
  EXPECT_EQ(changes.made.size(), many);
  std::vector<Listed> listed;
  std::cout << "# client list " << seconds_of([] { Client().list(); }) << " s\n";
  std::cout << "# list " << seconds_of([&] { listed = session.list(); }) << " s\n";
  ASSERT_EQ(listed.size(), many);
  std::cout << "# plan again " << seconds_of([&] { plan = session.plan_apply(policy); }) << " s\n";
  EXPECT_THAT(plan, IsEmpty());
  for (int i = 0; i < 3; ++i) {
    std::cout << "# add " << seconds_of([&] { session.apply(session.plan_add(marked(7))); })
              << " s\n";
  }
  std::cout << "# flush " << seconds_of([&] { session.apply(session.plan_flush()); }) << " s\n";
  EXPECT_THAT(Client().list(), IsEmpty());
  for (int i = 0; i < 3; ++i) {
    std::cout << "# add " << seconds_of([&] { session.apply(session.plan_add(marked(7))); })
              << " s\n";
  }
}

}  // namespace
}  // namespace ownroute::test
