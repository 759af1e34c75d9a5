// SPDX-License-Identifier: LGPL-2.1-or-later
#include "check_fixture.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using CheckRpFilter = CheckFixture;

const std::string kDrops = "broken 1: rp_filter drops the IPv4 answers to its packets: ";

TEST_F(CheckRpFilter, SaysWhatHelps) {
  add(torrent());
  kernel_.filters["eth0"] = {};
  EXPECT_THAT(found(), IsEmpty());
  kernel_.filters["tun0"] = {};
  EXPECT_THAT(found(), ElementsAre(kDrops + "sysctl net.ipv4.conf.tun0.rp_filter=2"));
  kernel_.ways.erase(0);
  EXPECT_THAT(found(),
              ElementsAre(kDrops + "a default route in the main table, or connmark and sysctl "
                                   "net.ipv4.conf.tun0.src_valid_mark=1"));
  kernel_.filters["tun0"] = {0};
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(CheckRpFilter, ConnectionsKeepTheirMark) {
  Mapping mapping = torrent();
  mapping.connmark = true;
  add(mapping);
  kernel_.filters["tun0"] = {0};
  EXPECT_THAT(found(), ElementsAre(kDrops + "sysctl net.ipv4.conf.tun0.src_valid_mark=1"));
  kernel_.filters["tun0"] = {0x1111};
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(CheckRpFilter, DotsAreSlashes) {
  kernel_.devices["eth0.100"] = {.name = "eth0.100", .index = 99, .up = true, .ipv6 = true};
  kernel_.addresses["eth0.100"] = kernel_.addresses["eth0"];
  Mapping mapping = torrent();
  mapping.dev = "eth0.100";
  kernel_.ways[0x1111].dev = "eth0.100";
  add(mapping);
  kernel_.filters["eth0.100"] = {};
  EXPECT_THAT(found(), ElementsAre(kDrops + "sysctl net.ipv4.conf.eth0/100.rp_filter=2"));
}

}  // namespace
}  // namespace ownroute::test
