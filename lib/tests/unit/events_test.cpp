// SPDX-License-Identifier: LGPL-2.1-or-later
#include <linux/genetlink.h>
#include <linux/ownroute.h>

#include <ownroute/events.hpp>

#include "fake_transport.hpp"
#include "thrown.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint16_t kFamily = 0x20;
constexpr std::uint32_t kGroup = 9;

/// The kernel tells it what a test wants.
class Subscription : public testing::Test {
 protected:
  Subscription() : events_(listen(OWNROUTE_MCGRP_EVENTS)) {}

  Events listen(const std::string &group) {
    auto transport = std::make_unique<FakeTransport>([group](const nlmsghdr &request) -> Answers {
      const Datagram entry = Answer(request, 0)
                                 .attribute(CTRL_ATTR_MCAST_GRP_NAME, group)
                                 .attribute(CTRL_ATTR_MCAST_GRP_ID, kGroup)
                                 .attributes();
      const Datagram list =
          Answer(request, 0).attribute(1, entry.data(), entry.size()).attributes();
      return {Answer(request, GENL_ID_CTRL)
                  .raw(genlmsghdr{})
                  .attribute(CTRL_ATTR_FAMILY_ID, kFamily)
                  .attribute(CTRL_ATTR_VERSION, std::uint32_t{OWNROUTE_GENL_VERSION})
                  .attribute(CTRL_ATTR_MCAST_GROUPS, list.data(), list.size())
                  .bytes(),
              ack(request)};
    });
    transport_ = transport.get();
    return Events(std::move(transport));
  }

  static Answer about(std::uint8_t command) {
    return Answer({}, kFamily).raw(genlmsghdr{.cmd = command, .version = 1, .reserved = 0});
  }
  static Datagram about_mapping(std::uint8_t command, std::uint32_t id) {
    ownroute_mapping wire{};
    wire.size = sizeof(wire);
    wire.id = id;
    wire.match = OWNROUTE_MATCH_GID;
    wire.mask = 1;
    ownroute_stats stats{};
    stats.size = sizeof(stats);
    stats.packets = 5;
    return about(command)
        .attribute(OWNROUTE_A_MAPPING, wire)
        .attribute(OWNROUTE_A_STATS, stats)
        .bytes();
  }
  static Datagram about_all(std::uint8_t command, std::uint32_t mappings) {
    ownroute_info wire{};
    wire.size = sizeof(wire);
    wire.mappings = mappings;
    return about(command).attribute(OWNROUTE_A_INFO, wire).bytes();
  }

  FakeTransport *transport_ = nullptr;
  Events events_;
};

TEST_F(Subscription, JoinsTheGroupAndHearsNothingYet) {
  EXPECT_EQ(transport_->joined, kGroup);
  EXPECT_THAT(events_.read(), IsEmpty());
}

TEST_F(Subscription, ModuleWithoutTheGroupIsAnotherVersion) {
  EXPECT_THAT(thrown_by([&] { listen("others"); }),
              IsError(ErrorKind::other_version, "update the module"));
}

TEST_F(Subscription, TellsEachKindWithWhatItCarries) {
  const auto kind = [&] {
    const std::vector<Event> events = events_.read();
    EXPECT_EQ(events.size(), 1u);
    return events.at(0);
  };
  for (const auto &[command, expected] :
       {std::pair(OWNROUTE_CMD_MAPPING_NEW_NTF, Event::Kind::made),
        {OWNROUTE_CMD_MAPPING_SET_NTF, Event::Kind::changed},
        {OWNROUTE_CMD_MAPPING_DEL_NTF, Event::Kind::withdrawn}}) {
    transport_->tell(about_mapping(command, 7));
    const Event event = kind();
    EXPECT_EQ(event.kind, expected);
    EXPECT_EQ(event.mapping.value().mapping.id, 7u);
    EXPECT_EQ(event.mapping->stats.packets, 5u);
    EXPECT_FALSE(event.info);
  }
  for (const auto &[command, expected] : {std::pair(OWNROUTE_CMD_FLUSH_NTF, Event::Kind::flushed),
                                          {OWNROUTE_CMD_REPLACED_NTF, Event::Kind::replaced},
                                          {OWNROUTE_CMD_LIMIT_NTF, Event::Kind::limit}}) {
    transport_->tell(about_all(command, 3));
    const Event event = kind();
    EXPECT_EQ(event.kind, expected);
    EXPECT_EQ(event.info.value().mappings, 3u);
    EXPECT_FALSE(event.mapping);
  }
}

TEST_F(Subscription, TellsWhatAGuardDropped) {
  const auto dropped = [&](std::uint32_t uid, std::vector<std::uint8_t> to) {
    ownroute_owner owner{};
    owner.size = sizeof(owner);
    owner.uid = uid;
    return about(OWNROUTE_CMD_GUARDED_NTF)
        .attribute(OWNROUTE_A_ID, std::uint32_t{7})
        .attribute(OWNROUTE_A_OWNER, owner)
        .attribute(OWNROUTE_A_DEVICE, std::string("eth0"))
        .attribute(OWNROUTE_A_DESTINATION, to.data(), to.size())
        .bytes();
  };
  transport_->tell(dropped(1001, {203, 0, 113, 1}));
  transport_->tell(dropped(0xffffffff, {0xfd, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
  const std::vector<Event> events = events_.read();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].kind, Event::Kind::guarded);
  EXPECT_FALSE(events[0].mapping);
  const GuardedPacket &packet = events[0].guarded.value();
  EXPECT_EQ(packet.id, 7u);
  EXPECT_EQ(packet.uid, 1001u);
  EXPECT_EQ(packet.dev, "eth0");
  EXPECT_EQ(packet.to.to_string(), "203.0.113.1");
  EXPECT_EQ(events[1].guarded.value().uid, std::nullopt);
  EXPECT_EQ(events[1].guarded->to.to_string(), "fd02::1");
  transport_->tell(dropped(1001, {1, 2}));
  EXPECT_THAT(thrown_by([&] { events_.read(); }),
              IsError(ErrorKind::other_version, "to no address: update the module"));
}

TEST_F(Subscription, SaysWhatWasLost) {
  transport_->tell(about_all(OWNROUTE_CMD_FLUSH_NTF, 0));
  transport_->tell({});
  transport_->tell(Answer({}, NLMSG_OVERRUN).bytes());
  transport_->tell(about_mapping(OWNROUTE_CMD_MAPPING_NEW_NTF, 7));
  std::vector<Event::Kind> kinds;
  for (const Event &event : events_.read()) {
    kinds.push_back(event.kind);
  }
  EXPECT_THAT(kinds, ElementsAre(Event::Kind::flushed, Event::Kind::resync, Event::Kind::resync,
                                 Event::Kind::made));
}

TEST_F(Subscription, PassesOverWhatItDoesNotKnow) {
  transport_->tell(about(200).bytes());
  transport_->tell(Answer({}, kFamily + 1).raw(genlmsghdr{}).bytes());
  EXPECT_THAT(events_.read(), IsEmpty());
}

TEST_F(Subscription, LeavesSomeForTheNextCall) {
  for (std::uint32_t id = 1; id <= 1000; ++id) {
    transport_->tell(about_mapping(OWNROUTE_CMD_MAPPING_NEW_NTF, id));
  }
  std::uint32_t heard = 0;
  for (auto events = events_.read(); !events.empty(); events = events_.read()) {
    for (const Event &event : events) {
      EXPECT_EQ(event.mapping.value().mapping.id, ++heard);
    }
  }
  EXPECT_EQ(heard, 1000u);
}

}  // namespace
}  // namespace ownroute::test
