// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xt_marks.hpp"

#include <linux/netfilter/xt_connmark.h>
#include <linux/netfilter/xt_mark.h>

namespace ownroute::detail {
namespace {

MarkUse change(std::uint32_t bits, bool of_connection) {
  return {.bits = bits, .changes = true, .of_connection = of_connection};
}

/// Both revisions begin alike.
MarkUse read_connmark(const xt_connmark_tginfo1 &info, std::uint8_t mode) {
  switch (mode) {
    case XT_CONNMARK_SET:
      return change(info.ctmask | info.ctmark, true);
    case XT_CONNMARK_SAVE:
      return change(info.ctmask | info.nfmask, true);
    default:
      return change(info.nfmask | info.ctmask, false);
  }
}

}  // namespace

std::optional<MarkUse> read_xt_match(std::string_view name, unsigned revision, Bytes info) {
  if (revision != 1 || (name != "mark" && name != "connmark")) {
    return std::nullopt;
  }
  static_assert(sizeof(xt_mark_mtinfo1) == sizeof(xt_connmark_mtinfo1));
  const auto match = read_as<xt_mark_mtinfo1>(info);
  return MarkUse{.bits = compared_bits({match.mark, match.mask}),
                 .of_connection = name == "connmark"};
}

std::optional<MarkUse> read_xt_target(std::string_view name, unsigned revision, Bytes info) {
  if (name == "MARK" && revision == 2) {
    const auto target = read_as<xt_mark_tginfo2>(info);
    return change(target.mask | target.mark, false);
  }
  if (name == "CONNMARK" && (revision == 1 || revision == 2)) {
    return read_connmark(read_as<xt_connmark_tginfo1>(info),
                         revision == 1 ? read_as<xt_connmark_tginfo1>(info).mode
                                       : read_as<xt_connmark_tginfo2>(info).mode);
  }
  return std::nullopt;
}

}  // namespace ownroute::detail
