// SPDX-License-Identifier: LGPL-2.1-or-later
#include "check_fixture.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using CheckFamilies = CheckFixture;

TEST_F(CheckFamilies, ADeviceWithoutIpv6IsANote) {
  Mapping mapping = torrent();
  mapping.dev = "ipv4only";
  kernel_.addresses["ipv4only"] = {Address::parse("10.0.0.1").value()};
  kernel_.ways[0x1111].dev = "ipv4only";
  add(mapping);
  EXPECT_THAT(found(), ElementsAre("note 1: ipv4only carries no IPv6, senders get an error: give "
                                   "it IPv6 if that is wanted, nothing leaks"));
}

TEST_F(CheckFamilies, ADeviceWithoutAnAddressIsANote) {
  kernel_.addresses["tun0"] = {Address::parse("fe80::1").value(),
                               Address::parse("10.0.0.1").value()};
  add(torrent());
  EXPECT_THAT(found(), ElementsAre("note 1: tun0 has no IPv6 address, answers may not find back: "
                                   "give it IPv6 if that is wanted, nothing leaks"));
}

TEST_F(CheckFamilies, AGatewayOfOneFamilyIsANote) {
  Mapping mapping = torrent();
  mapping.via = {Address::parse("10.0.0.254").value()};
  add(mapping);
  EXPECT_THAT(found(), ElementsAre("note 1: it has no IPv6 gateway, senders get an error: give it "
                                   "IPv6 if that is wanted, nothing leaks"));
}

TEST_F(CheckFamilies, WhatNobodyUsesIsNotMissed) {
  kernel_.addresses["tun0"].clear();
  kernel_.ways.erase(0);
  add(torrent());
  EXPECT_THAT(found(), IsEmpty());
}

}  // namespace
}  // namespace ownroute::test
