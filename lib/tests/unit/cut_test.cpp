// SPDX-License-Identifier: LGPL-2.1-or-later
#include <netinet/tcp.h>

#include <cerrno>
#include <ownroute/cut.hpp>

#include "fake_kernel.hpp"
#include "fake_sock_diag.hpp"
#include "thrown.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

Address address(const char *text) {
  return Address::parse(text).value();
}

/// Torrent goes by tun0; each socket is known by its peer.
class Cut : public testing::Test {
 protected:
  Cut() {
    kernel_.add_device("lo");
    kernel_.add_device("eth0");
    kernel_.add_device("tun0");
    kernel_.addresses["lo"] = {address("127.0.0.1"), address("::1")};
    kernel_.addresses["eth0"] = {address("192.0.2.7"), address("2001:db8::7")};
    kernel_.addresses["tun0"] = {address("10.2.0.1"), address("fd02::1")};
    kernel_.ways[0] = {.table = 254, .dev = "eth0"};
  }

  Mapping add(const Mapping &mapping) {
    kernel_.client().add(mapping);
    return mapping;
  }

  std::size_t cut(const Mapping &mapping) {
    Client client = kernel_.client();
    Router router = kernel_.router();
    SockDiag sock_diag = sockets_.sock_diag();
    return ownroute::cut(client, router, sock_diag, mapping);
  }

  FakeKernel kernel_;
  FakeSockDiag sockets_;
};

Mapping torrent() {
  return {.id = 7, .uid = UidRange{1001, 1001}, .mark = Mark{0x1111}, .table = 200, .dev = "tun0"};
}

TEST_F(Cut, ClosesWhatHasAnotherAddress) {
  sockets_.sockets = {
      {.local = "192.0.2.7", .peer = "198.51.100.1", .uid = 1001},
      {.local = "10.2.0.1", .peer = "198.51.100.2", .uid = 1001},
      {.local = "2001:db8::7", .peer = "2001:db8:1::3", .uid = 1001},
      {.local = "fd02::1", .peer = "2001:db8:1::4", .uid = 1001},
  };
  EXPECT_EQ(cut(add(torrent())), 2u);
  EXPECT_THAT(sockets_.closed_peers, ElementsAre("198.51.100.1", "2001:db8:1::3"));
}

TEST_F(Cut, ClosesAllWhereNoDeviceSaysWhatFits) {
  sockets_.sockets = {
      {.local = "192.0.2.7", .peer = "198.51.100.1", .uid = 1001},
      {.local = "10.2.0.1", .peer = "198.51.100.2", .uid = 1001},
  };
  EXPECT_EQ(cut(add({.id = 7, .uid = UidRange{1001, 1001}, .action = Action::block})), 2u);
}

TEST_F(Cut, JudgesMappedAddressesAsIpv4) {
  sockets_.sockets = {
      {.local = "192.0.2.7", .peer = "198.51.100.1", .uid = 1001, .mapped = true},
      {.local = "10.2.0.1", .peer = "198.51.100.2", .uid = 1001, .mapped = true},
      {.local = "192.0.2.7", .peer = "127.0.0.1", .uid = 1001, .mapped = true},
  };
  EXPECT_EQ(cut(add(torrent())), 1u);
  EXPECT_THAT(sockets_.closed_peers, ElementsAre("198.51.100.1"));
}

TEST_F(Cut, LeavesConnectionsToThisHost) {
  sockets_.sockets = {
      {.local = "127.0.0.1", .peer = "127.0.0.1", .uid = 1001},
      {.local = "::1", .peer = "::1", .uid = 1001},
      {.local = "192.0.2.7", .peer = "192.0.2.7", .uid = 1001},
  };
  EXPECT_EQ(cut(add(torrent())), 0u);
  EXPECT_THAT(sockets_.closed_peers, IsEmpty());
}

TEST_F(Cut, LeavesTheLanWhereTheMappingDoes) {
  Mapping mapping = torrent();
  sockets_.sockets = {{.local = "192.0.2.7", .peer = "192.0.2.9", .uid = 1001}};
  kernel_.ways[0x1111] = {.table = 254, .dev = "eth0"};
  EXPECT_EQ(cut(add(mapping)), 1u);
  sockets_.closed_peers.clear();
  mapping.id = 8;
  mapping.priority = 1;
  mapping.lan = true;
  add(mapping);
  EXPECT_EQ(cut(mapping), 0u);
  // The mapping's way, a neighbour of its device, and none
  for (const Route &way : {Route{.table = 200, .dev = "tun0"}, Route{.table = 254, .dev = "tun0"},
                           Route{.error = EHOSTUNREACH}}) {
    kernel_.ways[0x1111] = way;
    EXPECT_EQ(cut(mapping), 1u);
  }
}

TEST_F(Cut, LeavesWhatOthersHaveBegunWhereItIsAnswered) {
  Mapping mapping = torrent();
  sockets_.sockets = {
      {.local = "192.0.2.7", .peer = "198.51.100.1", .uid = 1001, .port = 22},
      {.local = "192.0.2.7", .peer = "198.51.100.2", .uid = 1001, .port = 23},
      {.local = "192.0.2.7", .peer = "198.51.100.3", .uid = 1001, .mapped = true, .port = 24},
      {.local = "0.0.0.0", .peer = "0.0.0.0", .state = TCP_LISTEN, .port = 22},
      {.local = "::", .peer = "::", .state = TCP_LISTEN, .port = 24},
  };
  EXPECT_EQ(cut(add(mapping)), 3u);
  sockets_.closed_peers.clear();
  mapping.id = 8;
  mapping.priority = 1;
  mapping.inbound_mark = 0x2222;
  EXPECT_EQ(cut(add(mapping)), 1u);
  EXPECT_THAT(sockets_.closed_peers, ElementsAre("198.51.100.2"));
}

TEST_F(Cut, LeavesOtherOwners) {
  sockets_.sockets = {
      {.local = "192.0.2.7", .peer = "198.51.100.1", .uid = 1002},
      {.local = "192.0.2.7", .peer = "198.51.100.2", .uid = 0},
      // Closed, or not accepted yet: it is said to be root's.
      {.local = "192.0.2.7", .peer = "198.51.100.3", .uid = 1001, .inode = 0},
  };
  EXPECT_EQ(cut(add(torrent())), 0u);
  EXPECT_EQ(cut(add({.id = 8, .uid = UidRange{0, 0}, .mark = Mark{1}})), 1u);
  EXPECT_THAT(sockets_.closed_peers, ElementsAre("198.51.100.2"));
}

TEST_F(Cut, LeavesListenersAndTheDead) {
  for (const int state : {TCP_LISTEN, TCP_TIME_WAIT, TCP_CLOSE}) {
    sockets_.sockets.push_back({.local = "192.0.2.7",
                                .peer = "198.51.100.1",
                                .uid = 1001,
                                .state = static_cast<std::uint8_t>(state)});
  }
  for (const int state : {TCP_ESTABLISHED, TCP_SYN_SENT, TCP_FIN_WAIT2, TCP_CLOSE_WAIT}) {
    sockets_.sockets.push_back({.local = "192.0.2.7",
                                .peer = "198.51.100." + std::to_string(100 + state),
                                .uid = 1001,
                                .state = static_cast<std::uint8_t>(state)});
  }
  EXPECT_EQ(cut(add(torrent())), 4u);
  EXPECT_THAT(sockets_.closed_peers, UnorderedElementsAre("198.51.100.101", "198.51.100.102",
                                                          "198.51.100.105", "198.51.100.108"));
}

TEST_F(Cut, LeavesWhoMeetsAnotherMappingFirst) {
  add({.id = 1, .priority = 10, .uid = UidRange{1001, 1001}, .action = Action::bypass});
  add({.id = 2, .priority = 10, .cgroup = "/x", .cgroup_id = 77, .action = Action::bypass});
  sockets_.sockets = {
      {.local = "192.0.2.7", .peer = "198.51.100.1", .uid = 1001},
      {.local = "192.0.2.7", .peer = "198.51.100.2", .uid = 1002},
      {.local = "192.0.2.7", .peer = "198.51.100.3", .uid = 1002, .cgroup = 77},
      {.local = "192.0.2.7", .peer = "198.51.100.4", .uid = 1002, .cgroup = 78},
  };
  Mapping mapping = torrent();
  mapping.uid = UidRange{1000, 1010};
  EXPECT_EQ(cut(add(mapping)), 2u);
  EXPECT_THAT(sockets_.closed_peers, ElementsAre("198.51.100.2", "198.51.100.4"));
}

TEST_F(Cut, FollowsTheCgroup) {
  sockets_.sockets = {
      {.local = "192.0.2.7", .peer = "198.51.100.1", .uid = 1001, .cgroup = 77},
      {.local = "192.0.2.7", .peer = "198.51.100.2", .uid = 1001},
  };
  EXPECT_EQ(cut(add({.id = 7, .cgroup = "/x", .cgroup_id = 77, .mark = Mark{1}})), 1u);
  EXPECT_THAT(sockets_.closed_peers, ElementsAre("198.51.100.1"));
}

TEST_F(Cut, TakesWhoseCgroupIsGoneByTheUid) {
  kernel_.gone_cgroups = {78};
  sockets_.sockets = {
      {.local = "192.0.2.7", .peer = "198.51.100.1", .uid = 1001, .cgroup = 78},
      {.local = "192.0.2.7", .peer = "198.51.100.2", .uid = 1002, .cgroup = 78},
  };
  EXPECT_EQ(cut(add(torrent())), 1u);
  EXPECT_THAT(sockets_.closed_peers, ElementsAre("198.51.100.1"));
}

TEST_F(Cut, RefusesWhereACgroupThatIsGoneMayComeFirst) {
  kernel_.gone_cgroups = {78};
  sockets_.sockets = {{.local = "192.0.2.7", .peer = "198.51.100.1", .uid = 1001, .cgroup = 78}};
  const Mapping mapping = add(torrent());
  const auto excepted = [](std::uint32_t id, std::uint32_t priority, std::uint32_t uid) {
    return Mapping{.id = id,
                   .priority = priority,
                   .uid = UidRange{uid, uid},
                   .cgroup = "/x",
                   .cgroup_id = 77,
                   .action = Action::bypass};
  };
  // Neither of them is met.
  add(excepted(8, 1000, 1001));
  add(excepted(2, 10, 1002));
  EXPECT_EQ(cut(mapping), 1u);
  sockets_.closed_peers.clear();
  add(excepted(1, 10, 1001));
  EXPECT_THAT(thrown_by([&] { cut(mapping); }),
              IsError(ErrorKind::refused, "mapping 1, which has a cgroup and comes first"));
  EXPECT_THAT(sockets_.closed_peers, IsEmpty());
  // Of this one the cgroup is known.
  sockets_.sockets[0].cgroup = 79;
  EXPECT_EQ(cut(mapping), 1u);
}

TEST_F(Cut, RefusesGroups) {
  const Mapping mapping =
      add({.id = 7, .uid = UidRange{1001, 1001}, .gid = GidRange{100, 100}, .mark = Mark{1}});
  EXPECT_THAT(thrown_by([&] { cut(mapping); }), IsError(ErrorKind::usage, "cannot cut by gid"));
}

TEST_F(Cut, RefusesWhereAGroupMayComeFirst) {
  sockets_.sockets = {{.local = "192.0.2.7", .peer = "198.51.100.1", .uid = 1001}};
  const Mapping mapping = add(torrent());
  // Neither of them is met.
  add({.id = 8, .gid = GidRange{100, 100}, .action = Action::bypass});
  add({.id = 2,
       .priority = 10,
       .uid = UidRange{1002, 1002},
       .gid = GidRange{100, 100},
       .action = Action::bypass});
  EXPECT_EQ(cut(mapping), 1u);
  sockets_.closed_peers.clear();
  add({.id = 1, .priority = 10, .gid = GidRange{100, 100}, .action = Action::bypass});
  EXPECT_THAT(thrown_by([&] { cut(mapping); }), IsError(ErrorKind::refused, "mapping 1"));
  EXPECT_THAT(sockets_.closed_peers, IsEmpty());
}

TEST_F(Cut, CountsWhatItClosed) {
  sockets_.sockets = {{.local = "192.0.2.7", .peer = "198.51.100.1", .uid = 1001}};
  sockets_.refusal = ENOENT;
  EXPECT_EQ(cut(add(torrent())), 0u);
}

TEST_F(Cut, SaysWhatTheKernelLacks) {
  sockets_.sockets = {{.local = "192.0.2.7", .peer = "198.51.100.1", .uid = 1001}};
  const Mapping mapping = add(torrent());
  sockets_.refusal = EOPNOTSUPP;
  EXPECT_THAT(thrown_by([&] { cut(mapping); }),
              IsError(ErrorKind::refused, "CONFIG_INET_DIAG_DESTROY"));
  sockets_.refusal = EPERM;
  EXPECT_THAT(thrown_by([&] { cut(mapping); }),
              IsError(ErrorKind::not_permitted, "cannot close a connection to 198.51.100.1"));
  sockets_.dump_refusal = ENOENT;
  EXPECT_THAT(thrown_by([&] { cut(mapping); }), IsError(ErrorKind::refused, "modprobe tcp_diag"));
}

}  // namespace
}  // namespace ownroute::test
