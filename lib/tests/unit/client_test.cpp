// SPDX-License-Identifier: LGPL-2.1-or-later
#include <linux/genetlink.h>
#include <linux/ownroute.h>

#include <cerrno>
#include <ownroute/client.hpp>

#include "codec.hpp"
#include "fake_kernel.hpp"
#include "thrown.hpp"
#include "userdata.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;

constexpr int kFamily = 0x20;

Mapping torrent() {
  return {.id = 7,
          .priority = 500,
          .uid = UidRange{1001, 1010},
          .mark = Mark{0x1000000, 0xff000000},
          .table = 20000,
          .dev = "tun0",
          .via = {Address::parse("10.2.0.254").value(), Address::parse("fd02::254").value()},
          .comment = "größer"};
}

/// A client whose kernel answers each request but the one for the family by @p kernel.
Client client_of(FakeTransport::Kernel kernel) {
  return Client(fake([kernel](const nlmsghdr &request) -> Answers {
    if (request.nlmsg_type != GENL_ID_CTRL) {
      return kernel(request);
    }
    return {Answer(request, GENL_ID_CTRL)
                .raw(genlmsghdr{})
                .attribute(CTRL_ATTR_FAMILY_ID, std::uint16_t{kFamily})
                .attribute(CTRL_ATTR_VERSION, std::uint32_t{1})
                .bytes(),
            ack(request)};
  }));
}

// The family

TEST(Family, IsAskedForByName) {
  FakeKernel kernel;
  EXPECT_NO_THROW(kernel.client());
}

TEST(Family, ThatIsNotThereMeansThatTheModuleIsNotLoaded) {
  FakeKernel kernel;
  kernel.loaded = false;
  const Error error = thrown_by([&] { kernel.client(); });
  EXPECT_EQ(error.kind(), ErrorKind::not_loaded);
  EXPECT_EQ(error.code(), ENOENT);
  EXPECT_STREQ(error.what(), "ownroute module is not loaded: load it with `modprobe ownroute`");
}

void connect_to_version(std::uint32_t version) {
  Client(fake([&](const nlmsghdr &request) -> Answers {
    return {Answer(request, GENL_ID_CTRL)
                .raw(genlmsghdr{})
                .attribute(CTRL_ATTR_FAMILY_ID, std::uint16_t{kFamily})
                .attribute(CTRL_ATTR_VERSION, version)
                .bytes(),
            ack(request)};
  }));
}

TEST(Family, OfAnotherVersionSaysWhichIsOlder) {
  EXPECT_THAT(thrown_by([] { connect_to_version(2); }),
              IsError(ErrorKind::other_version,
                      "speaks version 2 and this library version 1: update the library"));
  EXPECT_THAT(thrown_by([] { connect_to_version(0); }),
              IsError(ErrorKind::other_version, "update the module"));
}

TEST(Family, RefusedForAnotherReasonIsNotCalledNotLoaded) {
  const auto refuse = [](const nlmsghdr &request) { return Answers{ack(request, ENOMEM)}; };
  EXPECT_THAT(thrown_by([&] { Client{fake(refuse)}; }),
              IsError(ErrorKind::refused, "Cannot allocate memory"));
}

// Commands

TEST(Client, MappingComesBackAsItWasSent) {
  FakeKernel kernel;
  Client client = kernel.client();
  const Mapping made = client.add(torrent());
  EXPECT_EQ(made, torrent());
  const KernelMapping read = client.get(7);
  EXPECT_EQ(read.mapping, torrent());
  EXPECT_EQ(read.stats, (Stats{17, 1007}));
  EXPECT_THAT(client.list(), ElementsAre(read));
}

TEST(Client, KernelChoosesTheId) {
  FakeKernel kernel;
  Client client = kernel.client();
  Mapping mapping = torrent();
  mapping.id = 0;
  EXPECT_EQ(client.add(mapping).id, 1u);
  EXPECT_EQ(client.add(mapping).id, 2u);
}

TEST(Client, SetReplacesAndDelDeletes) {
  FakeKernel kernel;
  Client client = kernel.client();
  client.add(torrent());
  const Mapping plain{.id = 7, .uid = UidRange{1002, 1002}, .mark = Mark{0x1}};
  client.set(plain);
  EXPECT_EQ(client.get(7).mapping, plain);
  EXPECT_EQ(kernel.world.mappings.at(7).userdata.size(), 0u);
  client.del(7);
  EXPECT_TRUE(kernel.world.mappings.empty());
}

TEST(Client, EverySelectorAndActionComesBack) {
  FakeKernel kernel;
  Client client = kernel.client();
  for (const Mapping &mapping : std::initializer_list<Mapping>{
           {.id = 1, .gid = GidRange{100, 200}, .suppl = true, .action = Action::bypass},
           {.id = 2, .uid = UidRange{1, 2}, .kernel = true, .action = Action::block},
           {.id = 3, .cgroup = "/a b/c", .cgroup_id = 77, .mark = Mark{1}},
           {.id = 4,
           .uid = UidRange{0, kMaxUid},
           .gid = GidRange{0, kMaxGid},
           .cgroup = "/",
           .cgroup_id = 1,
           .mark = Mark{1},
           .table = 200},
           {.id = 5, .uid = UidRange{1, 2}, .mark = Mark{1}, .nostamp = true},
           {.id = 6, .uid = UidRange{1, 2}, .mark = Mark{1}, .connmark = true},
           {.id = 7,
           .uid = UidRange{1, 2},
           .mark = Mark{1},
           .table = 200,
           .dev = "tun0",
           .guard = true}}) {
    const Mapping made = client.add(mapping);
    EXPECT_EQ(made, mapping);
    EXPECT_EQ(made.cgroup_id, mapping.cgroup_id);
  }
}

TEST(Client, FlagsTravelEachInItsBit) {
  FakeKernel kernel;
  Client client = kernel.client();
  client.add({.id = 1, .gid = GidRange{1, 1}, .suppl = true, .mark = Mark{1}});
  client.add({.id = 2, .uid = UidRange{1, 1}, .kernel = true, .mark = Mark{1}});
  client.add({.id = 3, .uid = UidRange{1, 1}, .mark = Mark{1}, .nostamp = true});
  EXPECT_EQ(kernel.world.mappings.at(1).flags, std::uint32_t{OWNROUTE_FLAG_SUPPL});
  EXPECT_EQ(kernel.world.mappings.at(2).flags, std::uint32_t{OWNROUTE_FLAG_KERNEL});
  client.add({.id = 4, .uid = UidRange{1, 1}, .mark = Mark{1}, .dev = "tun0", .guard = true});
  client.add({.id = 5, .uid = UidRange{1, 1}, .mark = Mark{1}, .connmark = true});
  EXPECT_EQ(kernel.world.mappings.at(3).flags, std::uint32_t{OWNROUTE_FLAG_NOSTAMP});
  EXPECT_EQ(kernel.world.mappings.at(4).flags, std::uint32_t{OWNROUTE_FLAG_GUARD});
  EXPECT_EQ(kernel.world.mappings.at(5).flags, std::uint32_t{OWNROUTE_FLAG_CONNMARK});
}

TEST(Client, DeviceIsTheKernelsToKeep) {
  FakeKernel kernel;
  Client client = kernel.client();
  client.add({.id = 3, .uid = UidRange{1, 1}, .mark = Mark{1}, .dev = "tun0"});
  EXPECT_EQ(kernel.world.mappings.at(3).device, "tun0");
  EXPECT_TRUE(kernel.world.mappings.at(3).userdata.empty());
  kernel.world.mappings.at(3).device = "tun1";
  EXPECT_EQ(client.get(3).mapping.dev, "tun1");
}

TEST(Client, CgroupWithoutAPathIsShownById) {
  FakeKernel kernel;
  Client client = kernel.client();
  client.add({.id = 3, .cgroup = "/a", .cgroup_id = 77, .mark = Mark{1}});
  kernel.world.mappings.at(3).userdata.clear();
  EXPECT_EQ(client.get(3).mapping.cgroup, "id:77");
}

TEST(Client, ActionOfALaterModuleIsAnError) {
  FakeKernel kernel;
  Client client = kernel.client();
  client.add({.id = 3, .uid = UidRange{1, 1}, .mark = Mark{1}});
  kernel.world.mappings.at(3).action = 9;
  EXPECT_THAT(thrown_by([&] { client.list(); }),
              IsError(ErrorKind::other_version, "action 9, which this library doesn't know"));
}

TEST(Client, ListIsInTheOrderOfMatching) {
  FakeKernel kernel;
  Client client = kernel.client();
  for (const auto &[id, priority] : {std::pair(1u, 30u), {2u, 10u}, {3u, 20u}, {4u, 10u}}) {
    client.add({.id = id, .priority = priority, .uid = UidRange{id, id}, .mark = Mark{1}});
  }
  std::vector<std::uint32_t> ids;
  for (const KernelMapping &kernel : client.list()) {
    ids.push_back(kernel.mapping.id);
  }
  EXPECT_THAT(ids, ElementsAre(2, 4, 3, 1));
}

TEST(Client, SetsTheLimit) {
  FakeKernel kernel;
  Client client = kernel.client();
  client.set_limit(7);
  EXPECT_EQ(client.info().limit, 7u);
}

TEST(Client, ReadsNetStats) {
  Client client = client_of([](const nlmsghdr &request) -> Answers {
    ownroute_net_stats wire{};
    wire.size = sizeof(wire);
    std::uint64_t number = 0;
    for (auto *counter = &wire.lookups; counter <= &wire.refused_other; ++counter) {
      *counter = ++number;
    }
    return {
        Answer(request, kFamily).raw(genlmsghdr{}).attribute(OWNROUTE_A_NET_STATS, wire).bytes(),
        ack(request)};
  });
  EXPECT_EQ(client.stats(), (NetStats{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
}

TEST(Client, LooksUpAnOwner) {
  FakeKernel kernel;
  Client client = kernel.client();
  client.add({.id = 1, .gid = GidRange{100, 100}, .suppl = true, .mark = Mark{1}});
  client.add({.id = 2, .cgroup = "/x", .cgroup_id = 77, .mark = Mark{1}});
  client.add({.id = 3, .uid = UidRange{0, kMaxUid}, .kernel = true, .mark = Mark{1}});
  const auto id = [&](const Owner &owner) {
    const auto found = client.lookup(owner);
    return found ? found->mapping.id : 0;
  };
  EXPECT_EQ(id({.uid = 5, .gid = 7, .groups = {99, 100}}), 1u);
  EXPECT_EQ(id({.uid = 5, .gid = 7, .cgroup_id = 77}), 2u);
  EXPECT_EQ(id({.uid = 5, .kernel = true}), 3u);
  EXPECT_EQ(id({.gid = 7}), 0u);
}

// Transactions

TEST(Transaction, TravelsTogetherAndIsMadeAtTheCommit) {
  FakeKernel kernel;
  FakeTransport *transport = nullptr;
  Client client = kernel.client(&transport);
  client.begin();
  EXPECT_TRUE(client.in_transaction());
  transport->sendings = 0;
  for (std::uint32_t id = 1; id <= 5000; ++id) {
    client.add({.id = id, .uid = UidRange{id, id}, .mark = Mark{1}});
  }
  EXPECT_TRUE(kernel.world.mappings.empty());
  client.commit();
  EXPECT_FALSE(client.in_transaction());
  EXPECT_EQ(kernel.world.mappings.size(), 5000u);
  EXPECT_LT(transport->sendings, 20);
}

TEST(Transaction, ErrorNamesItsMappingAndEndsIt) {
  FakeKernel kernel;
  Client client = kernel.client();
  const auto refuse = [&](int change, const std::function<void()> &work) {
    client.begin();
    kernel.changes = 0;
    kernel.refused_change = change;
    const Error error = thrown_by([&] {
      work();
      client.commit();
    });
    EXPECT_FALSE(client.in_transaction());
    EXPECT_TRUE(kernel.world.mappings.empty());
    return error;
  };
  const auto add = [&](std::uint32_t id, std::uint32_t uid) {
    client.add({.id = id, .uid = UidRange{uid, uid}, .mark = Mark{1}});
  };
  EXPECT_THAT(refuse(2, [&] { add(7, 1), add(8, 2), add(9, 3); }),
              IsError(ErrorKind::refused, "cannot add mapping 8: refused for the test"));
  EXPECT_THAT(refuse(2, [&] { add(7, 1), add(0, 1002); }),
              IsError(ErrorKind::refused, "cannot add the mapping for uid 1002: refused"));
  EXPECT_THAT(refuse(1, [&] { client.del(9); }),
              IsError(ErrorKind::refused, "cannot delete mapping 9: refused"));
  EXPECT_THAT(refuse(1,
                     [&] {
                       client.set({.id = 9, .uid = UidRange{1, 1}, .mark = Mark{1}});
                     }),
              IsError(ErrorKind::refused, "cannot replace mapping 9: refused"));
  // Out of a full batch, long before the commit.
  EXPECT_THAT(refuse(3,
                     [&] {
                       for (std::uint32_t id = 1; id < 100000; ++id) {
                         add(id, id);
                       }
                     }),
              IsError(ErrorKind::refused, "cannot add mapping 3: refused"));
  EXPECT_LT(kernel.changes, 5000);
}

TEST(Transaction, ThatWasOvertakenSaysSo) {
  FakeKernel kernel;
  Client client = kernel.client();
  client.begin();
  client.add(torrent());
  ++kernel.generation;
  const Error error = thrown_by([&] { client.commit(); });
  EXPECT_EQ(error.code(), EAGAIN);
  EXPECT_THAT(error, IsError(ErrorKind::refused, "mappings have changed since"));
  EXPECT_FALSE(client.in_transaction());
  client.begin();
  client.commit();
}

TEST(Transaction, AbortForgetsIt) {
  FakeKernel kernel;
  Client client = kernel.client();
  client.begin();
  client.add(torrent());
  client.abort();
  client.abort();
  EXPECT_EQ(thrown_by([&] { client.commit(); }).code(), ENOENT);
  EXPECT_TRUE(kernel.world.mappings.empty());
  client.add(torrent());
  EXPECT_EQ(kernel.world.mappings.size(), 1u);
}

TEST(Transaction, SecondOneIsRefused) {
  FakeKernel kernel;
  Client client = kernel.client();
  client.begin();
  EXPECT_EQ(thrown_by([&] { client.begin(); }).code(), EBUSY);
  EXPECT_TRUE(client.in_transaction());
}

TEST(Client, FlushDeletesAll) {
  FakeKernel kernel;
  Client client = kernel.client();
  client.add(torrent());
  client.flush();
  EXPECT_TRUE(client.list().empty());
}

TEST(Client, ErrorsSayWhichMappingAndWhy) {
  FakeKernel kernel;
  Client client = kernel.client();
  client.add(torrent());
  const Error taken = thrown_by([&] { client.add(torrent()); });
  EXPECT_STREQ(taken.what(),
               "cannot add mapping 7: id is taken by another mapping [OWNROUTE_A_MAPPING]");
  EXPECT_EQ(taken.code(), EEXIST);
  const Error missing = thrown_by([&] { client.get(8); });
  EXPECT_STREQ(missing.what(), "cannot read mapping 8: no mapping has this id [OWNROUTE_A_ID]");
  EXPECT_EQ(missing.code(), ENOENT);
  EXPECT_THAT(thrown_by([&] { client.del(8); }),
              IsError(ErrorKind::refused, "cannot delete mapping 8: no mapping has this id"));
}

TEST(Client, WithoutPrivilegeSaysSo) {
  Client client = client_of([](const nlmsghdr &request) { return Answers{ack(request, EPERM)}; });
  EXPECT_THAT(
      thrown_by([&] { client.list(); }),
      IsError(ErrorKind::not_permitted, "cannot list the mappings: it needs CAP_NET_ADMIN"));
}

TEST(Client, CommentThatNetlinkCannotCarryIsRefusedBeforeItIsSent) {
  FakeKernel kernel;
  Client client = kernel.client();
  Mapping mapping = torrent();
  mapping.comment.assign(65536, 'x');
  EXPECT_THAT(thrown_by([&] { client.add(mapping); }),
              IsError(ErrorKind::usage, "OWNROUTE_A_COMMENT"));
  EXPECT_EQ(kernel.changes, 0);
  // What netlink can carry is for the kernel to refuse.
  mapping.comment.assign(60000, 'x');
  EXPECT_NO_THROW(client.add(mapping));
}

TEST(Client, AckWithoutAnswerIsAnError) {
  Client client = client_of([](const nlmsghdr &request) { return Answers{ack(request)}; });
  EXPECT_THAT(thrown_by([&] { client.get(7); }), IsError(ErrorKind::refused, "didn't answer"));
  EXPECT_THAT(thrown_by([&] { client.info(); }), IsError(ErrorKind::refused, "didn't answer"));
}

// Structs of other sizes

/// @p value cut to @p size bytes, or with bytes behind it that only a later version understands.
template <typename Struct>
Datagram of_size(Struct value, std::size_t size) {
  value.size = static_cast<std::uint32_t>(size);
  const auto *begin = reinterpret_cast<const std::uint8_t *>(&value);
  Datagram bytes(begin, begin + std::min(size, sizeof(value)));
  bytes.resize(size, 0xaa);
  return bytes;
}

/// Answers with structs of these sizes.
Client client_with_sizes(std::size_t mapping_size, std::size_t stats_size,
                         std::uint32_t match = OWNROUTE_MATCH_UID) {
  return client_of([=](const nlmsghdr &request) -> Answers {
    const ownroute_mapping wire{.size = 0,
                                .flags = 0,
                                .id = 7,
                                .priority = 1000,
                                .match = match,
                                .action = OWNROUTE_ACTION_MARK,
                                .uid_min = 1001,
                                .uid_max = 1001,
                                .mark = 0x1111,
                                .mask = 0xffffffff,
                                .gid_min = 100,
                                .gid_max = 101,
                                .cgroup = 0,
                                .inbound = 0,
                                .reserved = 0};
    const ownroute_stats counted{.size = 0,
                                 .reserved = 0,
                                 .packets = 3,
                                 .bytes = 84,
                                 .stamped = 2,
                                 .reroutes = 1,
                                 .drops = 5,
                                 .guarded = 4};
    const Datagram mapping = of_size(wire, mapping_size);
    const Datagram stats = of_size(counted, stats_size);
    return {Answer(request, kFamily)
                .raw(genlmsghdr{.cmd = OWNROUTE_CMD_MAPPING_GET, .version = 1, .reserved = 0})
                .attribute(OWNROUTE_A_MAPPING, mapping.data(), mapping.size())
                .attribute(OWNROUTE_A_STATS, stats.data(), stats.size())
                .bytes(),
            ack(request)};
  });
}

const KernelMapping kRead{.mapping = {.id = 7, .uid = UidRange{1001, 1001}, .mark = Mark{0x1111}},
                          .stats = {3, 84, 2, 1, 5, 4}};

TEST(StructSize, OfOursIsRead) {
  EXPECT_EQ(client_with_sizes(sizeof(ownroute_mapping), sizeof(ownroute_stats)).get(7), kRead);
}

TEST(StructSize, OfTheFirstVersionIsExtendedByZeros) {
  KernelMapping read = kRead;
  read.stats = {3, 84};
  EXPECT_EQ(client_with_sizes(OWNROUTE_MAPPING_SIZE_VER0, OWNROUTE_STATS_SIZE_VER0).get(7), read);
  read.mapping.gid = GidRange{100, 101};
  EXPECT_NE(client_with_sizes(OWNROUTE_MAPPING_SIZE_VER0, OWNROUTE_STATS_SIZE_VER0,
                              OWNROUTE_MATCH_UID | OWNROUTE_MATCH_GID)
                .get(7),
            read);
}

TEST(StructSize, LongerIsCut) {
  EXPECT_EQ(client_with_sizes(sizeof(ownroute_mapping) + 24, sizeof(ownroute_stats) + 8).get(7),
            kRead);
}

TEST(StructSize, BelowTheFirstVersionIsAnotherVersion) {
  EXPECT_THAT(thrown_by([] { client_with_sizes(OWNROUTE_MAPPING_SIZE_VER0 - 4, 24).get(7); }),
              IsError(ErrorKind::other_version, "36 bytes in OWNROUTE_A_MAPPING and not 40"));
  EXPECT_THAT(thrown_by([] { client_with_sizes(40, OWNROUTE_STATS_SIZE_VER0 - 8).get(7); }),
              IsError(ErrorKind::other_version, "OWNROUTE_A_STATS"));
  EXPECT_THAT(thrown_by([] { client_with_sizes(0, 0).get(7); }),
              IsError(ErrorKind::other_version, "update the module"));
}

TEST(StructSize, ShorterIsExtendedByZeros) {
  struct Newer {
    std::uint32_t size, old, added;
  };
  const std::uint8_t older[] = {8, 0, 0, 0, 5, 0, 0, 0};
  const auto read = detail::read_as<Newer>(older);
  EXPECT_EQ(read.old, 5u);
  EXPECT_EQ(read.added, 0u);
}

TEST(StructSize, OwnIsSent) {
  std::vector<std::uint8_t> sent;
  Client client = client_of([&](const nlmsghdr &request) {
    const detail::Attributes attributes(request, sizeof(genlmsghdr));
    const auto bytes = attributes.bytes(OWNROUTE_A_MAPPING);
    sent.assign(bytes.begin(), bytes.end());
    return Answers{ack(request)};
  });
  client.set(torrent());
  ASSERT_EQ(sent.size(), sizeof(ownroute_mapping));
  EXPECT_EQ(detail::read_as<ownroute_mapping>(sent).size, sizeof(ownroute_mapping));
  EXPECT_EQ(detail::read_as<ownroute_mapping>(sent).flags, 0u);
}

TEST(Client, ReadsInfo) {
  Client client = client_of([](const nlmsghdr &request) -> Answers {
    return {Answer(request, kFamily)
                .raw(genlmsghdr{})
                .attribute(OWNROUTE_A_INFO, ownroute_info{.size = sizeof(ownroute_info),
                                                          .mappings = 3,
                                                          .features = 5,
                                                          .generation = 42,
                                                          .limit = 131072,
                                                          .reserved = 0})
                .bytes(),
            ack(request)};
  });
  EXPECT_EQ(client.info(), (Info{.mappings = 3, .features = 5, .generation = 42, .limit = 131072}));
}

// Userdata

Mapping decoded(const std::vector<std::uint8_t> &bytes) {
  Mapping mapping{.id = 7, .uid = UidRange{1001, 1001}, .mark = Mark{0x1111}};
  detail::decode_userdata(bytes, mapping);
  return mapping;
}

const Mapping kBare{.id = 7, .uid = UidRange{1001, 1001}, .mark = Mark{0x1111}};

/// An attribute, padded.
std::vector<std::uint8_t> attribute(std::uint16_t type, std::vector<std::uint8_t> payload) {
  return Answer({}, 0).attribute(type, payload.data(), payload.size()).attributes();
}

std::vector<std::uint8_t> operator+(std::vector<std::uint8_t> a,
                                    const std::vector<std::uint8_t> &b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(Userdata, IsEmptyWithoutARoutingHalf) {
  EXPECT_TRUE(detail::encode_userdata(kBare).empty());
  EXPECT_EQ(decoded({}), kBare);
}

// Kernels keep what a library wrote, for the next one to read.
TEST(Userdata, HasAFormatThatStays) {
  Mapping mapping = kBare;
  mapping.table = 200;
  mapping.via = {Address::parse("10.2.0.254").value(), Address::parse("fd02::1").value()};
  const std::vector<std::uint8_t> bytes =
      attribute(1, {200, 0, 0, 0}) + attribute(3, {10, 2, 0, 254}) +
      attribute(4, {0xfd, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  mapping.source = Source::keep;
  EXPECT_EQ(detail::encode_userdata(mapping), bytes);
  EXPECT_EQ(decoded(bytes), mapping);
}

TEST(Userdata, SourceHasItsNumbers) {
  Mapping mapping = kBare;
  mapping.table = 200;
  const auto table = attribute(1, {200, 0, 0, 0});
  // What can be nothing but keep isn't said.
  EXPECT_EQ(detail::encode_userdata(mapping), table);
  EXPECT_EQ(decoded(table).source, Source::automatic);
  mapping.source = Source::rule;
  EXPECT_EQ(detail::encode_userdata(mapping), table + attribute(6, {2, 0, 0, 0}));
  EXPECT_EQ(decoded(detail::encode_userdata(mapping)), mapping);
  mapping.source = Source::automatic;
  mapping.via = {Address::parse("10.2.0.254").value()};
  const auto via = attribute(3, {10, 2, 0, 254});
  EXPECT_EQ(detail::encode_userdata(mapping), table + via + attribute(6, {1, 0, 0, 0}));
  EXPECT_EQ(decoded(detail::encode_userdata(mapping)), mapping);
}

TEST(Userdata, UnknownAttributesArePassedOver) {
  Mapping mapping = kBare;
  mapping.table = 200;
  EXPECT_EQ(decoded(attribute(77, {1, 2, 3}) + attribute(1, {200, 0, 0, 0})), mapping);
}

TEST(Userdata, OfAnotherProgramIsTakenAsAWholeOrNotAtAll) {
  const auto table = attribute(1, {200, 0, 0, 0});
  for (const auto &bytes : {
           table + std::vector<std::uint8_t>{1},           // cut in a header
           table + std::vector<std::uint8_t>{9, 0, 1, 0},  // cut in a payload
           table + std::vector<std::uint8_t>{3, 0, 1, 0},  // shorter than its header
           table + attribute(3, {0, 0, 0, 0}),             // no gateway
           attribute(1, {0, 0, 0, 0}),                     // no table
           attribute(1, {254, 0, 0, 0}) + attribute(3, {10, 2, 0, 254}),
           std::vector<std::uint8_t>{'s', 'o', 'm', 'e', ' ', 't', 'e', 'x', 't'},
       }) {
    EXPECT_EQ(decoded(bytes), kBare);
  }
  // Of another length than ours.
  EXPECT_EQ(decoded(attribute(1, {200, 0})), kBare);
  EXPECT_EQ(decoded(attribute(3, {10, 0, 0})), kBare);
}

TEST(Userdata, AnyBytesAreSurvived) {
  // The same bytes each time.
  std::uint32_t state = 1;
  for (int round = 0; round < 20000; ++round) {
    std::vector<std::uint8_t> bytes(round % 64);
    for (std::uint8_t &byte : bytes) {
      state = state * 1664525 + 1013904223;
      // Small numbers make lengths that fit more often.
      byte = static_cast<std::uint8_t>((state >> 24) % (round % 2 == 0 ? 256 : 12));
    }
    EXPECT_NO_THROW(validate(decoded(bytes)));
  }
}

TEST(Client, ListSurvivesAnotherProgramsUserdata) {
  FakeKernel kernel;
  kernel.world.mappings[7] = {.id = 7,
                              .priority = 1000,
                              .uid_min = 1001,
                              .uid_max = 1001,
                              .mark = 0x1111,
                              .mask = 0xffffffff,
                              .comment = "",
                              .userdata = {1, 2, 3}};
  EXPECT_EQ(kernel.client().list().at(0).mapping, kBare);
}

}  // namespace
}  // namespace ownroute::test
