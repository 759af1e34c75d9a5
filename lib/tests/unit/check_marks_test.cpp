// SPDX-License-Identifier: LGPL-2.1-or-later
#include "check_fixture.hpp"
#include "nft_rule.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CheckMarks : public CheckFixture {
 protected:
  CheckMarks() { add(torrent()); }

  void add_rule(Mark mark, std::uint8_t protocol) {
    kernel_.world.rules.insert(
        {.priority = 3000, .mark = mark, .table = 100, .protocol = protocol});
  }

  void keep_in_connections() {
    Mapping mapping = torrent();
    mapping.id = 1;
    mapping.connmark = true;
    replace(mapping);
  }
};

const std::string kRemedy = " of its mark: use others in one of both";

TEST_F(CheckMarks, RulesOfOthersLookAtThem) {
  add_rule(Mark{0x11, 0xff}, kProtocol);
  add_rule(Mark{0x10000, 0xf0000}, 0);
  add_rule(Mark{0x20000}, 0);
  EXPECT_THAT(found(), IsEmpty());
  add_rule(Mark{0x20001}, 0);
  add_rule(Mark{0x10000, 0xf00f0}, 0);
  EXPECT_THAT(
      found(),
      ElementsAre(
          "collision 1: the rule \"priority 3000 fwmark 0x10000/0xf00f0 lookup 100\" looks at bits "
          "0xf0" +
              kRemedy,
          "collision 1: the rule \"priority 3000 fwmark 0x20001 lookup 100\" looks at bits 0x1" +
              kRemedy));
}

TEST_F(CheckMarks, SoDoesNftables) {
  netfilter_ = [](const nlmsghdr &request) -> Answers {
    return {nft_rule(request, {load_mark(), compare(0x10001)}),
            nft_rule(request, {load_mark(), compare(0x10002)}),
            nft_rule(request, {immediate(1), set_mark()}), done(request)};
  };
  // Asked, the kernel would load it.
  EXPECT_THAT(found(), IsEmpty());
  root_.write("sys/module/nf_tables/refcnt", "1\n");
  const std::vector<std::string> collisions{
      "collision 1: the nftables chain inet filter output changes bits 0xffff" + kRemedy,
      "collision 1: the nftables chain inet filter output looks at bits 0x3" + kRemedy};
  EXPECT_EQ(found(), collisions);
  std::filesystem::remove_all(root_.path() / "sys");
  root_.write("lib/modules/" + release() + "/modules.builtin",
              "kernel/net/netfilter/nf_tables.ko\n");
  EXPECT_EQ(found(), collisions);
}

TEST_F(CheckMarks, ConnectionsMatterToConnmark) {
  root_.write("sys/module/nf_tables/refcnt", "1\n");
  netfilter_ = [](const nlmsghdr &request) -> Answers {
    return {nft_rule(request, {load_ct_mark(), compare(0x1)}), done(request)};
  };
  EXPECT_THAT(found(), IsEmpty());
  keep_in_connections();
  EXPECT_THAT(found(),
              ElementsAre("collision 1: the nftables chain inet filter output looks at bits 0x1 of "
                          "its mark in connections: use others in one of both"));
}

}  // namespace
}  // namespace ownroute::test
