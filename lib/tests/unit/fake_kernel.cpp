// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fake_kernel.hpp"

#include <linux/fib_rules.h>
#include <linux/genetlink.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netconf.h>
#include <linux/ownroute.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace ownroute::test {
namespace {

constexpr int kFamily = 0x20;
constexpr std::uint32_t kIpv6Metric = 1024;
constexpr int kMaxAttribute = 64;

/// A request's attributes, read by libnl.
class Request {
 public:
  Request(const nlmsghdr &request, int header_size) {
    nlmsg_parse(const_cast<nlmsghdr *>(&request), header_size, attributes_.data(), kMaxAttribute,
                nullptr);
  }
  bool has(int type) const { return attributes_[type] != nullptr; }
  std::uint32_t u32(int type) const { return has(type) ? nla_get_u32(attributes_[type]) : 0; }
  std::uint8_t u8(int type) const { return has(type) ? nla_get_u8(attributes_[type]) : 0; }
  std::string text(int type) const { return has(type) ? nla_get_string(attributes_[type]) : ""; }
  std::vector<std::uint8_t> bytes(int type) const {
    if (!has(type)) {
      return {};
    }
    const auto *data = static_cast<const std::uint8_t *>(nla_data(attributes_[type]));
    return {data, data + nla_len(attributes_[type])};
  }

 private:
  std::array<nlattr *, kMaxAttribute + 1> attributes_{};
};

template <typename Header>
const Header &header_of(const nlmsghdr &request) {
  return *static_cast<const Header *>(nlmsg_data(&request));
}

Family family_of(std::uint8_t af) {
  return af == AF_INET6 ? Family::ipv6 : Family::ipv4;
}

std::uint8_t af_of(Family family) {
  return family == Family::ipv6 ? AF_INET6 : AF_INET;
}

StoredMapping stored(const nlmsghdr &request) {
  const Request attributes(request, sizeof(genlmsghdr));
  ownroute_mapping wire{};
  const auto bytes = attributes.bytes(OWNROUTE_A_MAPPING);
  std::memcpy(&wire, bytes.data(), std::min(bytes.size(), sizeof(wire)));
  return {.id = wire.id,
          .priority = wire.priority,
          .uid_min = wire.uid_min,
          .uid_max = wire.uid_max,
          .mark = wire.mark,
          .mask = wire.mask,
          .comment = attributes.text(OWNROUTE_A_COMMENT),
          .userdata = attributes.bytes(OWNROUTE_A_USERDATA),
          .match = wire.match,
          .action = wire.action,
          .flags = wire.flags,
          .gid_min = wire.gid_min,
          .gid_max = wire.gid_max,
          .cgroup = wire.cgroup,
          .device = attributes.text(OWNROUTE_A_DEVICE),
          .inbound = wire.inbound,
          .nat = attributes.bytes(OWNROUTE_A_NAT)};
}

Datagram shown(const nlmsghdr &request, const StoredMapping &mapping, int flags = 0) {
  Answer answer(request, kFamily, flags);
  answer.raw(genlmsghdr{.cmd = OWNROUTE_CMD_MAPPING_GET, .version = 1, .reserved = 0});
  answer.attribute(OWNROUTE_A_MAPPING, ownroute_mapping{.size = sizeof(ownroute_mapping),
                                                        .flags = mapping.flags,
                                                        .id = mapping.id,
                                                        .priority = mapping.priority,
                                                        .match = mapping.match,
                                                        .action = mapping.action,
                                                        .uid_min = mapping.uid_min,
                                                        .uid_max = mapping.uid_max,
                                                        .mark = mapping.mark,
                                                        .mask = mapping.mask,
                                                        .gid_min = mapping.gid_min,
                                                        .gid_max = mapping.gid_max,
                                                        .cgroup = mapping.cgroup,
                                                        .inbound = mapping.inbound,
                                                        .reserved = 0});
  answer.attribute(OWNROUTE_A_STATS, ownroute_stats{.size = sizeof(ownroute_stats),
                                                    .reserved = 0,
                                                    .packets = mapping.packets + 10 + mapping.id,
                                                    .bytes = 1000 + mapping.id,
                                                    .stamped = 0,
                                                    .reroutes = 0,
                                                    .drops = 0,
                                                    .guarded = 0});
  if (!mapping.device.empty()) {
    answer.attribute(OWNROUTE_A_DEVICE, mapping.device);
  }
  if (!mapping.nat.empty()) {
    answer.attribute(OWNROUTE_A_NAT, mapping.nat.data(), mapping.nat.size());
  }
  if (!mapping.comment.empty()) {
    answer.attribute(OWNROUTE_A_COMMENT, mapping.comment);
  }
  if (!mapping.userdata.empty()) {
    answer.attribute(OWNROUTE_A_USERDATA, mapping.userdata.data(), mapping.userdata.size());
  }
  return answer.bytes();
}

Rule requested_rule(const nlmsghdr &request) {
  const Request attributes(request, sizeof(fib_rule_hdr));
  Rule rule{.family = family_of(header_of<fib_rule_hdr>(request).family),
            .priority = attributes.u32(FRA_PRIORITY),
            .mark = {attributes.u32(FRA_FWMARK), attributes.u32(FRA_FWMASK)},
            .table = attributes.u32(FRA_TABLE),
            .protocol = attributes.u8(FRA_PROTOCOL)};
  if (attributes.has(FRA_UID_RANGE)) {
    fib_rule_uid_range range{};
    const auto bytes = attributes.bytes(FRA_UID_RANGE);
    std::memcpy(&range, bytes.data(), std::min(bytes.size(), sizeof(range)));
    rule.uid = UidRange{range.start, range.end};
  }
  if (attributes.has(FRA_SUPPRESS_PREFIXLEN)) {
    rule.suppress = attributes.u32(FRA_SUPPRESS_PREFIXLEN);
  }
  return rule;
}

int number_of(Setting setting) {
  return setting == Setting::rp_filter ? IPV4_DEVCONF_RP_FILTER : IPV4_DEVCONF_ROUTE_LOCALNET;
}

/// Three attributes, each inside the one before.
template <typename Values>
struct [[gnu::packed]] FamilySettings {
  nlattr family;
  nlattr conf;
  Values values;

  FamilySettings() = default;
  FamilySettings(std::uint16_t af, std::uint16_t type, const Values &settings)
      : family{.nla_len = sizeof(FamilySettings), .nla_type = af},
        conf{.nla_len = sizeof(nlattr) + sizeof(Values), .nla_type = type},
        values(settings) {}
};

/// As the kernel compares: what isn't said is no difference.
bool is_meant(const DefaultRoute &meant, const DefaultRoute &route) {
  return meant.family == route.family && meant.table == route.table &&
         meant.protocol == route.protocol && meant.is_backstop() == route.is_backstop() &&
         (meant.metric == 0 || meant.metric == route.metric) &&
         (meant.dev.empty() || meant.dev == route.dev) && (!meant.via || meant.via == route.via);
}

}  // namespace

Client FakeKernel::client(FakeTransport **transport) {
  auto made = std::make_unique<FakeTransport>(
      [this, transaction = std::make_shared<Begun>()](const nlmsghdr &request) {
        return hear_generic(request, *transaction);
      });
  if (transport != nullptr) {
    *transport = made.get();
  }
  return Client(std::move(made));
}

Router FakeKernel::router() {
  return Router(fake([this](const nlmsghdr &request) { return hear_route(request); }));
}

void FakeKernel::add_device(const std::string &name, bool up, bool ipv6) {
  devices[name] = {
      .name = name, .index = static_cast<unsigned>(devices.size() + 1), .up = up, .ipv6 = ipv6};
}

Answers FakeKernel::hear_generic(const nlmsghdr &request, Begun &transaction) {
  if (request.nlmsg_type == GENL_ID_CTRL) {
    return get_family(request);
  }
  switch (header_of<genlmsghdr>(request).cmd) {
    case OWNROUTE_CMD_MAPPING_NEW:
    case OWNROUTE_CMD_MAPPING_SET:
    case OWNROUTE_CMD_MAPPING_DEL:
    case OWNROUTE_CMD_FLUSH:
      return change(request, transaction);
    case OWNROUTE_CMD_MAPPING_GET:
      return (request.nlmsg_flags & NLM_F_DUMP) != 0 ? dump_mappings(request)
                                                     : get_mapping(request);
    case OWNROUTE_CMD_BEGIN:
      return begin(request, transaction);
    case OWNROUTE_CMD_COMMIT:
      return commit(request, transaction);
    case OWNROUTE_CMD_ABORT:
      return {ack(request, std::exchange(transaction, std::nullopt) ? 0 : ENOENT)};
    case OWNROUTE_CMD_INFO_GET:
      return info(request);
    case OWNROUTE_CMD_LIMIT_SET:
      return set_limit(request);
    case OWNROUTE_CMD_LOOKUP:
      return lookup(request);
    default:
      return {ack(request, EOPNOTSUPP)};
  }
}

Answers FakeKernel::hear_route(const nlmsghdr &request) {
  switch (request.nlmsg_type) {
    case RTM_NEWRULE:
      return new_rule(request);
    case RTM_DELRULE:
      return del_rule(request);
    case RTM_GETRULE:
      return dump_rules(request);
    case RTM_NEWROUTE:
      return new_route(request);
    case RTM_DELROUTE:
      return del_route(request);
    case RTM_GETROUTE:
      return (request.nlmsg_flags & NLM_F_DUMP) != 0 ? dump_routes(request) : get_route(request);
    case RTM_GETLINK:
      return get_link(request);
    case RTM_SETLINK:
      return set_link(request);
    case RTM_GETNETCONF:
      return get_netconf(request);
    case RTM_GETADDR:
      return dump_addresses(request);
    default:
      return {ack(request, EOPNOTSUPP)};
  }
}

Answers FakeKernel::get_family(const nlmsghdr &request) {
  if (!loaded) {
    return {ack(request, ENOENT)};
  }
  return {Answer(request, GENL_ID_CTRL)
              .raw(genlmsghdr{.cmd = CTRL_CMD_NEWFAMILY, .version = 2, .reserved = 0})
              .attribute(CTRL_ATTR_FAMILY_ID, std::uint16_t{kFamily})
              .attribute(CTRL_ATTR_VERSION, std::uint32_t{OWNROUTE_GENL_VERSION})
              .bytes(),
          ack(request)};
}

Answers FakeKernel::begin(const nlmsghdr &request, Begun &transaction) {
  if (transaction) {
    return {ack(request, EBUSY, {.message = "this socket has begun a transaction already"})};
  }
  ++transactions;
  transaction = Transaction{.generation = generation};
  return {ack(request)};
}

Answers FakeKernel::commit(const nlmsghdr &request, Begun &transaction) {
  if (!transaction) {
    return {ack(request, ENOENT, {.message = "this socket has begun no transaction"})};
  }
  if (before_commit) {
    before_commit();
  }
  const Transaction ended = *std::exchange(transaction, std::nullopt);
  if (ended.spoiled) {
    return {ack(request, EINVAL, {.message = "a change of this transaction was refused"})};
  }
  if (ended.generation != generation) {
    return {ack(request, EAGAIN, {.message = "mappings have changed since the transaction began"})};
  }
  const auto before = world.mappings;
  for (const Datagram &kept : ended.changes) {
    const int code = make(*reinterpret_cast<const nlmsghdr *>(kept.data()));
    if (code != 0) {
      world.mappings = before;
      return {ack(request, code,
                  {.message = code == EEXIST ? "id is taken by another mapping"
                                             : "no mapping has this id"})};
    }
  }
  return {ack(request)};
}

Answers FakeKernel::change(const nlmsghdr &request, Begun &transaction) {
  if (const auto refused = refusal(request)) {
    if (transaction) {
      transaction->spoiled = true;
    }
    return *refused;
  }
  if (transaction) {
    const auto *begin = reinterpret_cast<const std::uint8_t *>(&request);
    transaction->changes.emplace_back(begin, begin + request.nlmsg_len);
    return {ack(request)};
  }
  switch (make(request)) {
    case 0:
      break;
    case EEXIST:
      return {ack(request, EEXIST, {.message = "id is taken by another mapping", .offset = 20})};
    default:
      return {ack(request, ENOENT, {.message = "no mapping has this id"})};
  }
  if (header_of<genlmsghdr>(request).cmd != OWNROUTE_CMD_MAPPING_NEW) {
    return {ack(request)};
  }
  const std::uint32_t id = stored(request).id;
  return {shown(request, id == 0 ? world.mappings.at(last_id_) : world.mappings.at(id)),
          ack(request)};
}

int FakeKernel::make(const nlmsghdr &request) {
  StoredMapping mapping = stored(request);
  switch (header_of<genlmsghdr>(request).cmd) {
    case OWNROUTE_CMD_MAPPING_NEW:
      if (mapping.id == 0) {
        mapping.id = 1;
        while (world.mappings.contains(mapping.id)) {
          ++mapping.id;
        }
        last_id_ = mapping.id;
      }
      if (!world.mappings.emplace(mapping.id, mapping).second) {
        return EEXIST;
      }
      break;
    case OWNROUTE_CMD_MAPPING_SET: {
      const auto found = world.mappings.find(mapping.id);
      if (found == world.mappings.end()) {
        return ENOENT;
      }
      mapping.packets = found->second.packets;
      found->second = mapping;
      break;
    }
    case OWNROUTE_CMD_MAPPING_DEL:
      if (world.mappings.erase(Request(request, sizeof(genlmsghdr)).u32(OWNROUTE_A_ID)) == 0) {
        return ENOENT;
      }
      break;
    default:
      world.mappings.clear();
  }
  ++generation;
  return 0;
}

Answers FakeKernel::info(const nlmsghdr &request) {
  const ownroute_info info{.size = sizeof(ownroute_info),
                           .mappings = static_cast<std::uint32_t>(world.mappings.size()),
                           .features = 0,
                           .generation = generation,
                           .limit = limit,
                           .reserved = 0};
  return {Answer(request, kFamily)
              .raw(genlmsghdr{.cmd = OWNROUTE_CMD_INFO_GET, .version = 1, .reserved = 0})
              .attribute(OWNROUTE_A_INFO, &info, info_size)
              .bytes(),
          ack(request)};
}

Answers FakeKernel::set_limit(const nlmsghdr &request) {
  const auto bytes = Request(request, sizeof(genlmsghdr)).bytes(OWNROUTE_A_INFO);
  ownroute_info wire{};
  std::memcpy(&wire, bytes.data(), std::min(bytes.size(), sizeof(wire)));
  limit = wire.limit;
  return {ack(request)};
}

Answers FakeKernel::lookup(const nlmsghdr &request) {
  const Request attributes(request, sizeof(genlmsghdr));
  const auto bytes = attributes.bytes(OWNROUTE_A_OWNER);
  ownroute_owner owner{};
  std::memcpy(&owner, bytes.data(), std::min(bytes.size(), sizeof(owner)));
  if (gone_cgroups.contains(owner.cgroup)) {
    return {ack(request, ENOENT, {.message = "no cgroup has id " + std::to_string(owner.cgroup)})};
  }
  std::vector<std::uint32_t> gids(attributes.bytes(OWNROUTE_A_GROUPS).size() / 4);
  std::memcpy(gids.data(), attributes.bytes(OWNROUTE_A_GROUPS).data(), gids.size() * 4);
  std::vector<const StoredMapping *> matching;
  for (const auto &[id, mapping] : world.mappings) {
    const auto in_range = [&mapping = mapping](std::uint32_t gid) {
      return mapping.gid_min <= gid && gid <= mapping.gid_max;
    };
    const bool suppl = (mapping.flags & OWNROUTE_FLAG_SUPPL) != 0;
    if (((mapping.match & OWNROUTE_MATCH_UID) == 0 ||
         (mapping.uid_min <= owner.uid && owner.uid <= mapping.uid_max)) &&
        ((mapping.match & OWNROUTE_MATCH_GID) == 0 || in_range(owner.gid) ||
         (suppl && std::ranges::any_of(gids, in_range))) &&
        ((mapping.match & OWNROUTE_MATCH_CGROUP) == 0 || mapping.cgroup == owner.cgroup) &&
        ((owner.flags & OWNROUTE_FLAG_KERNEL & ~mapping.flags) == 0)) {
      matching.push_back(&mapping);
    }
  }
  if (matching.empty()) {
    return {ack(request, ENOENT, {.message = "no mapping matches this owner"})};
  }
  const StoredMapping &first = **std::ranges::min_element(
      matching, {}, [](const auto *mapping) { return std::pair(mapping->priority, mapping->id); });
  return {shown(request, first), ack(request)};
}

Answers FakeKernel::get_mapping(const nlmsghdr &request) {
  const auto found = world.mappings.find(Request(request, sizeof(genlmsghdr)).u32(OWNROUTE_A_ID));
  if (found == world.mappings.end()) {
    return {ack(request, ENOENT, {.message = "no mapping has this id", .offset = 20})};
  }
  return {shown(request, found->second), ack(request)};
}

Answers FakeKernel::dump_mappings(const nlmsghdr &request) {
  ++mapping_dumps;
  Answers answers;
  for (const auto &[id, mapping] : world.mappings) {
    answers.push_back(shown(request, mapping, NLM_F_MULTI));
  }
  answers.push_back(done(request));
  return answers;
}

Answers FakeKernel::new_rule(const nlmsghdr &request) {
  if (const auto refused = refusal(request)) {
    return *refused;
  }
  const Rule rule = requested_rule(request);
  if (world.rules.contains(rule)) {
    return {ack(request, EEXIST)};
  }
  world.rules.insert(rule);
  return {ack(request)};
}

Answers FakeKernel::del_rule(const nlmsghdr &request) {
  if (const auto refused = refusal(request)) {
    return *refused;
  }
  const auto found = world.rules.find(requested_rule(request));
  if (found == world.rules.end()) {
    return {ack(request, ENOENT)};
  }
  world.rules.erase(found);
  return {ack(request)};
}

Answers FakeKernel::dump_rules(const nlmsghdr &request) {
  const std::uint8_t af = header_of<fib_rule_hdr>(request).family;
  if (af == AF_INET6 && !ipv6) {
    return {done(request, EAFNOSUPPORT)};
  }
  Answers answers;
  for (const Rule &rule : world.rules) {
    if (rule.family != family_of(af)) {
      continue;
    }
    fib_rule_hdr header{};
    header.family = af;
    header.table = static_cast<std::uint8_t>(rule.table > 255 ? RT_TABLE_COMPAT : rule.table);
    header.action = FR_ACT_TO_TBL;
    Answer answer(request, RTM_NEWRULE, NLM_F_MULTI);
    answer.raw(header)
        .attribute(FRA_TABLE, rule.table)
        .attribute(FRA_SUPPRESS_PREFIXLEN, rule.suppress.value_or(0xffffffff))
        .attribute(FRA_PROTOCOL, rule.protocol)
        .attribute(FRA_PRIORITY, rule.priority);
    if (rule.mark.mask != 0) {
      answer.attribute(FRA_FWMARK, rule.mark.value).attribute(FRA_FWMASK, rule.mark.mask);
    }
    if (rule.uid) {
      answer.attribute(FRA_UID_RANGE,
                       fib_rule_uid_range{.start = rule.uid->min, .end = rule.uid->max});
    }
    answers.push_back(answer.bytes());
  }
  answers.push_back(done(request));
  return answers;
}

DefaultRoute FakeKernel::requested_route(const nlmsghdr &request) const {
  const auto &header = header_of<rtmsg>(request);
  const Request attributes(request, sizeof(rtmsg));
  DefaultRoute route{.family = family_of(header.rtm_family),
                     .table = attributes.has(RTA_TABLE) ? attributes.u32(RTA_TABLE)
                                                        : std::uint32_t{header.rtm_table},
                     .metric = attributes.u32(RTA_PRIORITY),
                     .protocol = header.rtm_protocol};
  for (const auto &[name, device] : devices) {
    if (device.index == attributes.u32(RTA_OIF)) {
      route.dev = name;
    }
  }
  const auto gateway = attributes.bytes(RTA_GATEWAY);
  route.via = Address::from_bytes(gateway.data(), gateway.size());
  return route;
}

Answers FakeKernel::new_route(const nlmsghdr &request) {
  if (const auto refused = refusal(request)) {
    return *refused;
  }
  DefaultRoute route = requested_route(request);
  if (route.family == Family::ipv6 && route.metric == 0) {
    route.metric = kIpv6Metric;
  }
  if (route.dev.empty() && route.via) {
    route.dev = devices.begin()->first;
  }
  const auto in_the_place = [&](const DefaultRoute &other) {
    return other.family == route.family && other.table == route.table &&
           other.metric == route.metric;
  };
  if (std::ranges::any_of(world.routes, in_the_place)) {
    return {ack(request, EEXIST)};
  }
  world.routes.insert(route);
  return {ack(request)};
}

Answers FakeKernel::del_route(const nlmsghdr &request) {
  if (const auto refused = refusal(request)) {
    return *refused;
  }
  const DefaultRoute meant = requested_route(request);
  const auto found = std::ranges::find_if(
      world.routes, [&](const DefaultRoute &route) { return is_meant(meant, route); });
  if (found == world.routes.end()) {
    return {ack(request, ESRCH)};
  }
  world.routes.erase(found);
  return {ack(request)};
}

Answers FakeKernel::dump_routes(const nlmsghdr &request) {
  const std::uint8_t af = header_of<rtmsg>(request).rtm_family;
  Answers answers;
  for (const DefaultRoute &route : world.routes) {
    if (route.family != family_of(af)) {
      continue;
    }
    rtmsg header{};
    header.rtm_family = af_of(route.family);
    header.rtm_protocol = route.protocol;
    header.rtm_table = RT_TABLE_COMPAT;
    header.rtm_type = route.other_kind      ? RTN_BLACKHOLE
                      : route.is_backstop() ? RTN_UNREACHABLE
                                            : RTN_UNICAST;
    Answer answer(request, RTM_NEWROUTE, NLM_F_MULTI);
    answer.raw(header).attribute(RTA_TABLE, route.table).attribute(RTA_PRIORITY, route.metric);
    if (!route.dev.empty()) {
      answer.attribute(RTA_OIF, devices.at(route.dev).index);
    } else if (route.family == Family::ipv6) {
      // The loopback device.
      answer.attribute(RTA_OIF, 1u);
    }
    if (route.via) {
      answer.attribute(RTA_GATEWAY, route.via->data(), route.via->size());
    }
    answers.push_back(answer.bytes());
  }
  answers.push_back(done(request));
  return answers;
}

Answers FakeKernel::get_route(const nlmsghdr &request) {
  const Request attributes(request, sizeof(rtmsg));
  if (attributes.has(RTA_IIF)) {
    return get_input_route(attributes.u32(RTA_IIF), attributes.u32(RTA_MARK), request);
  }
  asked_uids.push_back(attributes.u32(RTA_UID));
  for (const auto &[name, own] : addresses) {
    const auto to = attributes.bytes(RTA_DST);
    if (std::ranges::find(own, Address::from_bytes(to.data(), to.size())) != own.end()) {
      rtmsg header = header_of<rtmsg>(request);
      header.rtm_type = RTN_LOCAL;
      return {Answer(request, RTM_NEWROUTE).raw(header).bytes(), ack(request)};
    }
  }
  const auto found = ways.find(attributes.u32(RTA_MARK));
  if (found == ways.end() || found->second.error != 0) {
    return {ack(request, found == ways.end() ? ENETUNREACH : found->second.error)};
  }
  const Route &route = found->second;
  rtmsg header = header_of<rtmsg>(request);
  header.rtm_type = RTN_UNICAST;
  if ((header.rtm_flags & RTM_F_FIB_MATCH) != 0) {
    header.rtm_dst_len = prefix_length;
  }
  Answer answer(request, RTM_NEWROUTE);
  answer.raw(header).attribute(RTA_TABLE, route.table);
  if (!route.dev.empty()) {
    answer.attribute(RTA_OIF, devices.at(route.dev).index);
  }
  if (route.via) {
    answer.attribute(RTA_GATEWAY, route.via->data(), route.via->size());
  }
  if (route.source) {
    answer.attribute(RTA_PREFSRC, route.source->data(), route.source->size());
  }
  return {answer.bytes(), ack(request)};
}

Answers FakeKernel::get_input_route(unsigned ifindex, std::uint32_t mark, const nlmsghdr &request) {
  for (const auto &[name, marks] : filters) {
    if (devices.at(name).index == ifindex && !marks.contains(mark)) {
      return {ack(request, EXDEV)};
    }
  }
  rtmsg header = header_of<rtmsg>(request);
  header.rtm_type = RTN_LOCAL;
  return {Answer(request, RTM_NEWROUTE).raw(header).bytes(), ack(request)};
}

Answers FakeKernel::get_link(const nlmsghdr &request) {
  const auto index = static_cast<unsigned>(header_of<ifinfomsg>(request).ifi_index);
  const std::string name = Request(request, sizeof(ifinfomsg)).text(IFLA_IFNAME);
  const auto found = std::ranges::find_if(devices, [&](const auto &entry) {
    return index != 0 ? entry.second.index == index : entry.first == name;
  });
  if (found == devices.end()) {
    return {ack(request, ENODEV)};
  }
  const Device &device = found->second;
  ifinfomsg header{};
  header.ifi_index = static_cast<int>(device.index);
  header.ifi_flags = device.up ? IFF_UP : 0;
  std::array<std::int32_t, IPV4_DEVCONF_MAX> for_ipv4{};
  for (const Setting setting : kSettings) {
    const auto known = world.settings.find({device.name, setting});
    for_ipv4[number_of(setting) - 1] =
        known == world.settings.end() ? 0 : static_cast<std::int32_t>(known->second);
  }
  std::array<std::int32_t, DEVCONF_DISABLE_IPV6 + 1> for_ipv6{};
  for_ipv6[DEVCONF_DISABLE_IPV6] = device.ipv6 ? 0 : 1;
  struct [[gnu::packed]] {
    FamilySettings<decltype(for_ipv4)> ipv4_settings;
    FamilySettings<decltype(for_ipv6)> ipv6_settings;
  } families{{AF_INET, IFLA_INET_CONF, for_ipv4}, {AF_INET6, IFLA_INET6_CONF, for_ipv6}};
  return {Answer(request, RTM_NEWLINK)
              .raw(header)
              .attribute(IFLA_IFNAME, device.name)
              .attribute(IFLA_AF_SPEC, &families, sizeof(families))
              .bytes(),
          ack(request)};
}

Answers FakeKernel::set_link(const nlmsghdr &request) {
  if (const auto refused = refusal(request)) {
    return *refused;
  }
  const auto index = static_cast<unsigned>(header_of<ifinfomsg>(request).ifi_index);
  const auto spec = Request(request, sizeof(ifinfomsg)).bytes(IFLA_AF_SPEC);
  FamilySettings<std::array<std::int32_t, 2>> asked;
  std::memcpy(&asked, spec.data(), std::min(spec.size(), sizeof(asked)));
  // One setting: its header, and the value.
  nlattr header;
  std::memcpy(&header, &asked.values[0], sizeof(header));
  for (const auto &[name, device] : devices) {
    for (const Setting setting : kSettings) {
      if (device.index == index && number_of(setting) == header.nla_type) {
        world.settings[{name, setting}] = static_cast<std::uint32_t>(asked.values[1]);
      }
    }
  }
  return {ack(request)};
}

Answers FakeKernel::get_netconf(const nlmsghdr &request) {
  return {Answer(request, RTM_NEWNETCONF)
              .raw(header_of<netconfmsg>(request))
              .attribute(NETCONFA_RP_FILTER, rp_filter)
              .bytes(),
          ack(request)};
}

Answers FakeKernel::dump_addresses(const nlmsghdr &request) {
  ifaddrmsg header = header_of<ifaddrmsg>(request);
  Answers answers;
  for (const auto &[name, own] : addresses) {
    if (devices.at(name).index != header.ifa_index) {
      continue;
    }
    for (const Address &address : own) {
      header.ifa_family = af_of(address.family());
      Answer answer(request, RTM_NEWADDR, NLM_F_MULTI);
      answer.raw(header);
      if (address.family() == Family::ipv4) {
        // Of a point-to-point link: the other end's.
        constexpr std::uint8_t kPeer[] = {192, 0, 2, 200};
        answer.attribute(IFA_ADDRESS, kPeer).attribute(IFA_LOCAL, address.data(), address.size());
      } else {
        answer.attribute(IFA_ADDRESS, address.data(), address.size());
      }
      answers.push_back(answer.bytes());
    }
  }
  answers.push_back(done(request));
  return answers;
}

std::optional<Answers> FakeKernel::refusal(const nlmsghdr &request) {
  ++changes;
  if (refused_change == 0 || changes < refused_change ||
      (changes > refused_change && !stays_refusing)) {
    return std::nullopt;
  }
  return Answers{ack(request, EINVAL, {.message = "refused for the test"})};
}

}  // namespace ownroute::test
