// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nft_use.hpp"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>

#include <map>
#include <optional>
#include <ownroute/words.hpp>

#include "xt_use.hpp"

namespace ownroute::detail {
namespace {

std::string family_name(std::uint8_t family) {
  switch (family) {
    case NFPROTO_INET:
      return "inet";
    case NFPROTO_IPV4:
      return "ip";
    case NFPROTO_IPV6:
      return "ip6";
    case NFPROTO_ARP:
      return "arp";
    case NFPROTO_NETDEV:
      return "netdev";
    case NFPROTO_BRIDGE:
      return "bridge";
    default:
      return "family " + std::to_string(family);
  }
}

/// Numbers of nftables are big-endian.
std::optional<std::uint32_t> number(const Attributes &attributes, unsigned type) {
  const auto value = attributes.number(type);
  return value ? std::optional(ntohl(*value)) : std::nullopt;
}

/// What the rule compares a register with, or masks it by: as the register has it.
std::uint32_t data(const Attributes &attributes, unsigned type) {
  return Attributes(attributes.bytes(type)).number(NFTA_DATA_VALUE).value_or(0);
}

/// In numbers of 32-bit registers: the first four are of 128 bits.
std::uint32_t register_number(std::uint32_t number) {
  return number < NFT_REG32_00 ? number * 4 : number - NFT_REG32_00 + 4;
}

/// A register that holds a mark: (mark & kept) ^ flipped.
struct Held {
  bool of_connection = false;
  std::uint32_t kept = 0xffffffff;
  std::uint32_t flipped = 0;
};

/// Follows marks through the registers while one expression after the other is read.
class Reader {
 public:
  void read(const std::string &name, const Attributes &expression) {
    if (name == "meta") {
      read_access(expression, NFT_META_MARK, NFTA_META_KEY, NFTA_META_DREG, NFTA_META_SREG, false);
    } else if (name == "ct") {
      read_access(expression, NFT_CT_MARK, NFTA_CT_KEY, NFTA_CT_DREG, NFTA_CT_SREG, true);
    } else if (name == "bitwise") {
      read_bitwise(expression);
    } else if (name == "cmp") {
      note_comparison(expression, NFTA_CMP_SREG, data(expression, NFTA_CMP_DATA));
    } else if (name == "lookup") {
      note_comparison(expression, NFTA_LOOKUP_SREG, 0);
      held_.clear();
    } else if (name == "range") {
      note_comparison(expression, NFTA_RANGE_SREG, 0);
    } else if (name == "match") {
      read_xt_match(expression.text(NFTA_MATCH_NAME),
                    number(expression, NFTA_MATCH_REV).value_or(0),
                    expression.bytes(NFTA_MATCH_INFO), use);
    } else if (name == "target") {
      read_xt_target(expression.text(NFTA_TARGET_NAME),
                     number(expression, NFTA_TARGET_REV).value_or(0),
                     expression.bytes(NFTA_TARGET_INFO), reached_, use);
    } else if (name == "notrack") {
      use.add(reached_);
    } else {
      // Whatever it writes, it is no mark.
      held_.clear();
    }
    if (name != "counter" && name != "log") {
      // It may have been a condition.
      reached_ = Untracked::some;
    }
  }

  FilterUse use;

 private:
  std::optional<Held> held(const Attributes &expression, unsigned attribute) const {
    const auto found = held_.find(register_number(number(expression, attribute).value_or(0)));
    return found == held_.end() ? std::nullopt : std::optional(found->second);
  }

  void hold(const Attributes &expression, unsigned attribute, const std::optional<Held> &value) {
    if (const auto target = number(expression, attribute)) {
      held_.erase(register_number(*target));
      if (value) {
        held_.emplace(register_number(*target), *value);
      }
    }
  }

  /// Of "meta" and "ct": a mark goes to a register, or comes from one.
  void read_access(const Attributes &expression, std::uint32_t mark, unsigned key, unsigned to,
                   unsigned from, bool of_connection) {
    const bool is_mark = number(expression, key) == mark;
    hold(expression, to,
         is_mark ? std::optional(Held{.of_connection = of_connection}) : std::nullopt);
    if (!is_mark || !expression.find(from)) {
      return;
    }
    const auto value = held(expression, from);
    const bool is_itself = value && value->of_connection == of_connection;
    use.add(MarkUse{.bits = is_itself ? ~value->kept | value->flipped : 0xffffffff,
                    .changes = true,
                    .of_connection = of_connection});
  }

  void read_bitwise(const Attributes &expression) {
    auto value = held(expression, NFTA_BITWISE_SREG);
    if (number(expression, NFTA_BITWISE_OP).value_or(NFT_BITWISE_BOOL) != NFT_BITWISE_BOOL ||
        !expression.find(NFTA_BITWISE_MASK)) {
      value.reset();
    }
    if (value) {
      const std::uint32_t mask = data(expression, NFTA_BITWISE_MASK);
      value->kept &= mask;
      value->flipped = (value->flipped & mask) ^ data(expression, NFTA_BITWISE_XOR);
    }
    hold(expression, NFTA_BITWISE_DREG, value);
  }

  void note_comparison(const Attributes &expression, unsigned attribute, std::uint32_t with) {
    if (const auto value = held(expression, attribute)) {
      use.add(MarkUse{.bits = compared_bits({with ^ value->flipped, value->kept}),
                      .of_connection = value->of_connection});
    }
  }

  std::map<std::uint32_t, Held> held_;
  /// What comes next is for these.
  Untracked reached_ = Untracked::all;
};

}  // namespace

Message nft_rule_dump() {
  const nfgenmsg header{.nfgen_family = NFPROTO_UNSPEC, .version = NFNETLINK_V0, .res_id = 0};
  return {kNetfilterDialect, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETRULE, 0, header};
}

NftRule read_nft_rule(const nlmsghdr &answer) {
  const auto header = read_as<nfgenmsg>(payload(answer));
  const Attributes rule(answer, sizeof(header));
  Reader reader;
  for (const Attribute &element : Attributes(rule.bytes(NFTA_RULE_EXPRESSIONS))) {
    const Attributes expression(element.payload);
    reader.read(expression.text(NFTA_EXPR_NAME), Attributes(expression.bytes(NFTA_EXPR_DATA)));
  }
  return {.chain = family_name(header.nfgen_family) + " " + rule.text(NFTA_RULE_TABLE) + " " +
                   rule.text(NFTA_RULE_CHAIN),
          .use = std::move(reader.use)};
}

}  // namespace ownroute::detail
