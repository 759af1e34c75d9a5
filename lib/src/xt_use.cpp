// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xt_use.hpp"

#include <linux/netfilter/xt_CT.h>
#include <linux/netfilter/xt_connmark.h>
#include <linux/netfilter/xt_mark.h>

#include <cstddef>
#include <cstdint>

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

/// All revisions begin alike.
std::uint16_t ct_flags(Bytes info) {
  static_assert(offsetof(xt_ct_target_info, flags) == 0 &&
                offsetof(xt_ct_target_info_v1, flags) == 0);
  return read_as<std::uint16_t>(info);
}

}  // namespace

void read_xt_match(std::string_view name, unsigned revision, Bytes info, FilterUse &use) {
  if (revision != 1 || (name != "mark" && name != "connmark")) {
    return;
  }
  static_assert(sizeof(xt_mark_mtinfo1) == sizeof(xt_connmark_mtinfo1));
  const auto match = read_as<xt_mark_mtinfo1>(info);
  use.add(MarkUse{.bits = compared_bits({match.mark, match.mask}),
                  .of_connection = name == "connmark"});
}

void read_xt_target(std::string_view name, unsigned revision, Bytes info, Untracked reached,
                    FilterUse &use) {
  if (name == "MARK" && revision == 2) {
    const auto target = read_as<xt_mark_tginfo2>(info);
    use.add(change(target.mask | target.mark, false));
  } else if (name == "CONNMARK" && (revision == 1 || revision == 2)) {
    use.add(read_connmark(read_as<xt_connmark_tginfo1>(info),
                          revision == 1 ? read_as<xt_connmark_tginfo1>(info).mode
                                        : read_as<xt_connmark_tginfo2>(info).mode));
  } else if (name == "NOTRACK" || (name == "CT" && (ct_flags(info) & XT_CT_NOTRACK) != 0)) {
    use.add(reached);
  }
}

}  // namespace ownroute::detail
