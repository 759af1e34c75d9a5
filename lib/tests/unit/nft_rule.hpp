// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Rules of nftables, as the kernel shows them.
#pragma once

#include <arpa/inet.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <string>
#include <utility>
#include <vector>

#include "answer.hpp"

namespace ownroute::test {

/// Attributes inside of an attribute.
class Nest {
 public:
  Nest() : answer_({}, 0) {}

  /// As nftables has numbers.
  Nest &number(unsigned type, std::uint32_t value) {
    answer_.attribute(type, htonl(value));
    return *this;
  }
  Nest &text(unsigned type, const std::string &text) {
    answer_.attribute(type, text);
    return *this;
  }
  template <typename T>
  Nest &raw(unsigned type, const T &value) {
    answer_.attribute(type, value);
    return *this;
  }
  Nest &nest(unsigned type, const Nest &inner) {
    const Datagram bytes = inner.attributes();
    answer_.attribute(type | NLA_F_NESTED, bytes.data(), bytes.size());
    return *this;
  }
  /// What a register holds.
  Nest &data(unsigned type, std::uint32_t value) {
    return nest(type, Nest().raw(NFTA_DATA_VALUE, value));
  }

  Datagram attributes() const { return answer_.attributes(); }

 private:
  Answer answer_;
};

using Expression = std::pair<std::string, Nest>;

/// "meta load mark", "meta set mark"; @p number is a register's, as in the attribute.
inline Expression load_mark(std::uint32_t number = NFT_REG_1) {
  return {"meta", Nest().number(NFTA_META_KEY, NFT_META_MARK).number(NFTA_META_DREG, number)};
}
inline Expression set_mark(std::uint32_t number = NFT_REG_1) {
  return {"meta", Nest().number(NFTA_META_KEY, NFT_META_MARK).number(NFTA_META_SREG, number)};
}
inline Expression load_ct_mark(std::uint32_t number = NFT_REG_1) {
  return {"ct", Nest().number(NFTA_CT_KEY, NFT_CT_MARK).number(NFTA_CT_DREG, number)};
}
inline Expression set_ct_mark(std::uint32_t number = NFT_REG_1) {
  return {"ct", Nest().number(NFTA_CT_KEY, NFT_CT_MARK).number(NFTA_CT_SREG, number)};
}
/// (register & mask) ^ flip
inline Expression bitwise(std::uint32_t mask, std::uint32_t flip,
                          std::uint32_t number = NFT_REG_1) {
  return {"bitwise", Nest()
                         .number(NFTA_BITWISE_SREG, number)
                         .number(NFTA_BITWISE_DREG, number)
                         .number(NFTA_BITWISE_LEN, 4)
                         .number(NFTA_BITWISE_OP, NFT_BITWISE_BOOL)
                         .data(NFTA_BITWISE_MASK, mask)
                         .data(NFTA_BITWISE_XOR, flip)};
}
inline Expression compare(std::uint32_t with, std::uint32_t number = NFT_REG_1) {
  return {"cmp", Nest()
                     .number(NFTA_CMP_SREG, number)
                     .number(NFTA_CMP_OP, NFT_CMP_EQ)
                     .data(NFTA_CMP_DATA, with)};
}
inline Expression immediate(std::uint32_t value, std::uint32_t number = NFT_REG_1) {
  return {"immediate", Nest().number(NFTA_IMMEDIATE_DREG, number).data(NFTA_IMMEDIATE_DATA, value)};
}

inline Datagram nft_rule(const nlmsghdr &request, const std::vector<Expression> &expressions,
                         std::uint8_t family = 1) {
  Nest list;
  for (const auto &[name, data] : expressions) {
    list.nest(NFTA_LIST_ELEM, Nest().text(NFTA_EXPR_NAME, name).nest(NFTA_EXPR_DATA, data));
  }
  const Nest rule = Nest()
                        .text(NFTA_RULE_TABLE, "filter")
                        .text(NFTA_RULE_CHAIN, "output")
                        .nest(NFTA_RULE_EXPRESSIONS, list);
  Answer answer(request, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWRULE, NLM_F_MULTI);
  answer.raw(nfgenmsg{.nfgen_family = family, .version = NFNETLINK_V0, .res_id = 0});
  const Datagram attributes = rule.attributes();
  Datagram bytes = answer.bytes();
  bytes.insert(bytes.end(), attributes.begin(), attributes.end());
  reinterpret_cast<nlmsghdr *>(bytes.data())->nlmsg_len = static_cast<std::uint32_t>(bytes.size());
  return bytes;
}

}  // namespace ownroute::test
