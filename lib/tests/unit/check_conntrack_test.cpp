// SPDX-License-Identifier: LGPL-2.1-or-later
#include "check_fixture.hpp"
#include "nft_rule.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CheckConntrack : public CheckFixture {
 protected:
  CheckConntrack() {
    root_.write("sys/module/nf_tables/refcnt", "1\n");
    netfilter_ = [this](const nlmsghdr &request) -> Answers {
      Answers answers;
      for (const auto &rule : rules_) {
        answers.push_back(nft_rule(request, rule));
      }
      answers.push_back(done(request));
      return answers;
    };
  }

  std::vector<std::vector<Expression>> rules_ = {};
};

const Expression kNotrack{"notrack", Nest()};
const std::string kBroken =
    "broken 2,3: the nftables chain inet filter output has connections not tracked (notrack): "
    "narrow it to others' packets";

TEST_F(CheckConntrack, MattersToThoseWhoMarkConnections) {
  add(torrent());
  Mapping keeps = torrent(1002);
  keeps.connmark = true;
  add(keeps);
  Mapping masquerades = torrent(1003);
  masquerades.source = Source::masquerade;
  add(masquerades);
  EXPECT_THAT(found(), IsEmpty());
  rules_ = {{kNotrack}};
  EXPECT_THAT(found(), ElementsAre(kBroken));
  rules_ = {{load_mark(), compare(0x100000), kNotrack}};
  EXPECT_THAT(found(), ElementsAre("note 2,3: the nftables chain inet filter output has some "
                                   "connections not tracked (notrack): see that its packets are "
                                   "not among them"));
  rules_.push_back({kNotrack});
  EXPECT_THAT(found(), ElementsAre(kBroken));
}

}  // namespace
}  // namespace ownroute::test
