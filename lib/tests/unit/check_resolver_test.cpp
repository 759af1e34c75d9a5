// SPDX-License-Identifier: LGPL-2.1-or-later
#include "check_fixture.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CheckResolver : public CheckFixture {
 protected:
  CheckResolver() {
    add(torrent());
    add({.uid = UidRange{5, 5}, .action = Action::block});
    kernel_.add_device("lo");
    kernel_.addresses["lo"] = {Address::parse("127.0.0.1").value(),
                               Address::parse("127.0.0.53").value()};
  }
};

const std::string kNames = "leak 1: the names that it asks for leave as those of ";
const std::string kServer = kNames + "the resolver, because /etc/resolv.conf has nameserver ";

TEST_F(CheckResolver, AServerOnThisHostAsksItself) {
  root_.write("etc/resolv.conf", "search a\nnameserver 192.0.2.1\n#nameserver 127.0.0.53\n");
  EXPECT_THAT(found(), IsEmpty());
  root_.write("etc/resolv.conf",
              "nameserver\t127.0.0.53 # x\nnameserver fd00::1\nnameserver\nnameserver nonsense\n");
  EXPECT_THAT(found(), ElementsAre(kServer + "127.0.0.53: give it dns ADDR",
                                   kServer + "fd00::1: give it dns ADDR"));
}

TEST_F(CheckResolver, NoServerMeansThisHost) {
  const std::string none = kNames +
                           "the resolver, because /etc/resolv.conf has no nameserver, which means "
                           "127.0.0.1: give it dns ADDR";
  root_.write("etc/resolv.conf", "search a\n#nameserver 192.0.2.1\nnameserver nonsense\n");
  EXPECT_THAT(found(), ElementsAre(none));
  std::filesystem::remove(root_.path() / "etc/resolv.conf");
  EXPECT_THAT(found(), ElementsAre(none));
  Mapping mapping = torrent();
  mapping.id = 1;
  mapping.dns = {Address::parse("10.1.0.53").value()};
  replace(mapping);
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(CheckResolver, AServerOfTheLanIsAskedPastTheTunnel) {
  root_.write("etc/resolv.conf", "nameserver 192.168.1.1\nnameserver fd01::53\n");
  Mapping mapping = torrent();
  mapping.id = 1;
  mapping.lan = true;
  replace(mapping);
  EXPECT_THAT(found(), IsEmpty());
  kernel_.ways[0x1111] = {.table = 254, .dev = "eth0"};
  kernel_.prefix_length = 24;
  const std::string leaves =
      "leak 1: the names that it asks for leave by the LAN, because /etc/resolv.conf has "
      "nameserver ";
  EXPECT_THAT(found(), ElementsAre(leaves + "192.168.1.1: give it dns ADDR",
                                   leaves + "fd01::53: give it dns ADDR"));
  // One that is for everything, in two halves.
  kernel_.prefix_length = 1;
  EXPECT_THAT(found(), IsEmpty());
  mapping.dns = {Address::parse("198.51.100.53").value()};
  replace(mapping);
  kernel_.prefix_length = 24;
  EXPECT_THAT(found(), ElementsAre(leaves + "fd01::53: give it dns ADDR"));
  mapping.dns = {};
  mapping.lan = false;
  replace(mapping);
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(CheckResolver, ANamespaceMayHaveItsOwnFiles) {
  root_.write("etc/resolv.conf", "nameserver 127.0.0.53\n");
  root_.write("etc/netns/vpn/resolv.conf", "nameserver 192.0.2.1\n");
  sight_.name = "vpn";
  EXPECT_THAT(found(), IsEmpty());
  sight_.name = "other";
  EXPECT_THAT(found(), ElementsAre(kServer + "127.0.0.53: give it dns ADDR"));
}

TEST_F(CheckResolver, ResolvedIsAskedBeforeNameServers) {
  root_.write("etc/nsswitch.conf", "passwd: files\nhosts:\tfiles resolve [!UNAVAIL=return] dns\n");
  EXPECT_THAT(found(), IsEmpty());
  root_.write("run/systemd/resolve/io.systemd.Resolve", "");
  EXPECT_THAT(found(), ElementsAre(kNames + "systemd-resolved: take resolve out of hosts: in "
                                            "/etc/nsswitch.conf"));
  root_.write("etc/nsswitch.conf", "hosts: files dns resolve\n");
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(CheckResolver, NscdIsAskedIfItCachesHosts) {
  root_.write("run/nscd/socket", "");
  root_.write("etc/nscd.conf", "#enable-cache hosts yes\n\tenable-cache passwd yes\n");
  EXPECT_THAT(found(), IsEmpty());
  root_.write("etc/nscd.conf", "\tenable-cache\t\thosts\t\tyes\n");
  EXPECT_THAT(found(), ElementsAre(kNames + "nscd: enable-cache hosts no in /etc/nscd.conf"));
}

}  // namespace
}  // namespace ownroute::test
