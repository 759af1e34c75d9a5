// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <ownroute/client.hpp>
#include <ownroute/session.hpp>
#include <thread>

#include "module.hpp"
#include "temporary_root.hpp"
#include "thrown.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Mapping torrent(std::uint32_t id = 0) {
  return {.id = id,
          .priority = 500,
          .uid = UidRange{1001, 1010},
          .mark = Mark{0x1000000, 0xff000000},
          .table = 20000,
          .dev = "tun0",
          .via = {Address::parse("10.2.0.254").value(), Address::parse("fd02::254").value()},
          .comment = "größer"};
}

// Without the module

class WithoutModule : public InNamespace {};

TEST_F(WithoutModule, ErrorSaysToLoadIt) {
  EXPECT_THAT(thrown_by([] { Client(); }),
              IsError(ErrorKind::not_loaded, "load it with `modprobe ownroute`"));
  EXPECT_THAT(thrown_by([] { Session(); }), IsError(ErrorKind::not_loaded, "is not loaded"));
}

// With it

class KernelClient : public WithModule {};

TEST_F(KernelClient, MappingComesBackAsItWasSent) {
  Client client;
  const Mapping made = client.add(torrent(7));
  EXPECT_EQ(made, torrent(7));
  const KernelMapping expected{torrent(7), Stats{}};
  EXPECT_EQ(client.get(7), expected);
  EXPECT_THAT(client.list(), ElementsAre(expected));
}

TEST_F(KernelClient, KernelChoosesTheId) {
  Client client;
  const std::uint32_t first = client.add(torrent()).id;
  const std::uint32_t second = client.add(torrent()).id;
  EXPECT_NE(first, 0u);
  EXPECT_NE(second, 0u);
  EXPECT_NE(first, second);
}

TEST_F(KernelClient, SetReplacesAsAWhole) {
  Client client;
  client.add(torrent(7));
  const Mapping bare{.id = 7, .uid = UidRange{0, kMaxUid}, .mark = Mark{0, 0xff}};
  client.set(bare);
  EXPECT_EQ(client.get(7).mapping, bare);
}

TEST_F(KernelClient, DelAndFlushDelete) {
  Client client;
  client.add(torrent(7));
  client.add(torrent(8));
  client.add(torrent(9));
  client.del(8);
  EXPECT_EQ(client.list().size(), 2u);
  client.flush();
  EXPECT_THAT(client.list(), IsEmpty());
  EXPECT_NO_THROW(client.flush());
}

TEST_F(KernelClient, InfoCountsAndNoticesChanges) {
  Client client;
  const Info before = client.info();
  EXPECT_EQ(before.mappings, 0u);
  client.add(torrent());
  const Info after = client.info();
  EXPECT_EQ(after.mappings, 1u);
  EXPECT_GT(after.generation, before.generation);
}

TEST_F(KernelClient, ListIsInTheOrderOfMatching) {
  Client client;
  for (const std::uint32_t priority : {30, 10, 20, 10}) {
    Mapping mapping = torrent();
    mapping.priority = priority;
    client.add(mapping);
  }
  std::vector<std::uint32_t> priorities;
  for (const KernelMapping &each : client.list()) {
    priorities.push_back(each.mapping.priority);
  }
  EXPECT_THAT(priorities, ElementsAre(10, 10, 20, 30));
}

TEST_F(KernelClient, LongListComesInManyDatagrams) {
  Client client;
  constexpr std::uint32_t kMany = 1000;
  for (std::uint32_t id = 1; id <= kMany; ++id) {
    Mapping mapping = torrent(id);
    mapping.comment.assign(255, 'x');
    client.add(mapping);
  }
  const std::vector<KernelMapping> listed = client.list();
  ASSERT_EQ(listed.size(), kMany);
  for (std::uint32_t id = 1; id <= kMany; ++id) {
    EXPECT_EQ(listed[id - 1].mapping.id, id);
  }
}

TEST_F(KernelClient, ListThatChangesMeanwhileIsOneState) {
  Client client;
  constexpr std::uint32_t kMany = 500;
  for (std::uint32_t id = 1; id <= kMany; ++id) {
    client.add(torrent(id));
  }
  std::atomic<bool> stop = false;
  std::thread changer([&, netns = Netns::current()] {
    Client other(netns);
    // Moves one mapping to and fro: in every state there are as many.
    Mapping mapping = torrent(1);
    while (!stop) {
      mapping.priority = mapping.priority == 500 ? 1000 : 500;
      other.set(mapping);
    }
  });
  for (int i = 0; i < 20; ++i) {
    try {
      EXPECT_EQ(client.list().size(), kMany);
    } catch (const Error &error) {
      // It never stood still: said, and not guessed.
      EXPECT_EQ(error.code(), EINTR);
    }
  }
  stop = true;
  changer.join();
}

TEST_F(KernelClient, ErrorsHaveTheKernelsWordsAndAttribute) {
  Client client;
  client.add(torrent(7));
  const Error taken = thrown_by([&] { client.add(torrent(7)); });
  EXPECT_EQ(taken.kind(), ErrorKind::refused);
  EXPECT_EQ(taken.code(), EEXIST);
  EXPECT_EQ(taken.attribute(), "OWNROUTE_A_MAPPING");
  EXPECT_NE(taken.extack(), "");
  EXPECT_THAT(taken, IsError(ErrorKind::refused, taken.extack()));
  for (const auto &ask : std::initializer_list<std::function<void()>>{
           [&] { client.get(9); }, [&] { client.del(9); }, [&] { client.set(torrent(9)); }}) {
    const Error missing = thrown_by(ask);
    EXPECT_THAT(missing, IsError(ErrorKind::refused, "mapping 9: "));
    EXPECT_EQ(missing.code(), ENOENT);
    EXPECT_NE(missing.extack(), "");
  }
  EXPECT_EQ(thrown_by([&] { client.get(9); }).attribute(), "OWNROUTE_A_ID");
}

TEST_F(KernelClient, BadMappingsAreRefusedByTheKernelToo) {
  Client client;
  Mapping upside_down = torrent();
  upside_down.uid = UidRange{1010, 1001};
  Mapping outside_mask = torrent();
  outside_mask.mark = Mark{0x1111, 0xff};
  Mapping long_comment = torrent();
  long_comment.comment.assign(256, 'x');
  Mapping very_long_comment = torrent();
  very_long_comment.comment.assign(60000, 'x');
  for (const Mapping &mapping : {upside_down, outside_mask, long_comment, very_long_comment}) {
    const Error error = thrown_by([&] { client.add(mapping); });
    EXPECT_EQ(error.kind(), ErrorKind::refused);
    EXPECT_EQ(error.code(), EINVAL);
    EXPECT_NE(error.extack(), "");
    EXPECT_NE(error.attribute(), "");
  }
  Mapping too_long = torrent();
  too_long.comment.assign(65536, 'x');
  EXPECT_EQ(thrown_by([&] { client.add(too_long); }).kind(), ErrorKind::usage);
  EXPECT_THAT(client.list(), IsEmpty());
}

TEST_F(KernelClient, WithoutPrivilegeSaysSo) {
  ASSERT_EQ(seteuid(65534), 0);
  const Error error = thrown_by([] { Client().list(); });
  ASSERT_EQ(seteuid(0), 0);
  EXPECT_EQ(error.code(), EPERM);
  EXPECT_THAT(error, IsError(ErrorKind::not_permitted, "needs CAP_NET_ADMIN"));
}

TEST_F(KernelClient, SpeaksToAnotherNamespace) {
  const Netns other = make_namespace();
  Client there(other);
  there.add(torrent(7));
  EXPECT_EQ(there.list().size(), 1u);
  EXPECT_THAT(Client().list(), IsEmpty());
  other.run([] { EXPECT_EQ(Client().list().size(), 1u); });
  EXPECT_THAT(Client().list(), IsEmpty());
}

}  // namespace
}  // namespace ownroute::test
