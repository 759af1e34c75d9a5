// SPDX-License-Identifier: LGPL-2.1-or-later
#include "family.hpp"

#include <linux/genetlink.h>
#include <linux/ownroute.h>

#include <ownroute/error.hpp>
#include <string>

#include "attributes.hpp"

namespace ownroute::detail {
namespace {

void check_version(std::uint32_t version) {
  if (version == OWNROUTE_GENL_VERSION) {
    return;
  }
  const std::string older = version < OWNROUTE_GENL_VERSION ? "module" : "library";
  throw Error(ErrorKind::other_version, "the ownroute module speaks version " +
                                            std::to_string(version) + " and this library version " +
                                            std::to_string(OWNROUTE_GENL_VERSION) +
                                            ": update the " + older);
}

/// @p groups is a list of lists.
std::uint32_t events_group(const Attributes &groups) {
  for (const Attribute &each : groups) {
    const Attributes group(each.payload);
    if (group.text(CTRL_ATTR_MCAST_GRP_NAME) == OWNROUTE_MCGRP_EVENTS) {
      return group.number(CTRL_ATTR_MCAST_GRP_ID).value_or(0);
    }
  }
  return 0;
}

}  // namespace

FamilyNumbers resolve_family(Connection &connection) {
  const genlmsghdr header{.cmd = CTRL_CMD_GETFAMILY, .version = 1, .reserved = 0};
  Message request(kControlDialect, GENL_ID_CTRL, 0, header);
  request.put(CTRL_ATTR_FAMILY_NAME, std::string(OWNROUTE_GENL_NAME));
  FamilyNumbers found;
  std::uint32_t version = 0;
  try {
    connection.ask(request, "cannot find the ownroute module", [&](const nlmsghdr &answer) {
      const Attributes attributes(answer, sizeof(genlmsghdr));
      found.id = attributes.number<std::uint16_t>(CTRL_ATTR_FAMILY_ID).value_or(0);
      found.events = events_group(Attributes(attributes.bytes(CTRL_ATTR_MCAST_GROUPS)));
      version = attributes.number(CTRL_ATTR_VERSION).value_or(0);
    });
  } catch (const Error &error) {
    if (error.kind() != ErrorKind::not_loaded) {
      throw;
    }
    throw error.with_message(kNotLoaded);
  }
  check_version(version);
  return found;
}

}  // namespace ownroute::detail
