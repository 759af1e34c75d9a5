// SPDX-License-Identifier: LGPL-2.1-or-later
#include "userdata.hpp"

#include <linux/ownroute.h>

#include <ownroute/cgroup.hpp>
#include <string>

#include "thrown.hpp"

namespace ownroute::test {
namespace {

using detail::encode_userdata;

/// With all that userdata keeps.
Mapping largest(const std::string &cgroup) {
  return {.cgroup = normal_cgroup(cgroup),
          .cgroup_id = 7,
          .mark = Mark{1, 0xff},
          .table = 200,
          .dev = "tun0",
          .via = {Address::parse("10.8.0.1").value(), Address::parse("fd00::1").value()},
          .inbound = Inbound::follow,
          .settings_before = {{Setting::rp_filter, 1}, {Setting::route_localnet, 0}}};
}

TEST(Userdata, TheLargestFits) {
  const std::string longest = "/" + std::string(950, 'x');
  const Mapping mapping = largest(longest);
  EXPECT_NO_THROW(validate(mapping));
  const auto userdata = encode_userdata(mapping);
  EXPECT_EQ(userdata.size(), std::size_t{OWNROUTE_USERDATA_MAX});
  Mapping read = mapping;
  read.table.reset();
  read.via.clear();
  read.inbound = Inbound::automatic;
  read.settings_before.clear();
  // What the kernel itself says of them
  read.cgroup = "id:7";
  read.source = Source::masquerade;
  detail::decode_userdata(userdata, read);
  EXPECT_EQ(read, mapping);
  EXPECT_THAT(thrown_by([&] { largest(longest + "x"); }),
              IsError(ErrorKind::usage, "is longer than 951 bytes"));
}

}  // namespace
}  // namespace ownroute::test
