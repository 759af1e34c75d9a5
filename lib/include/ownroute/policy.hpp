// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What an administrator wants, as plain data. Nothing here talks to the kernel.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <ownroute/export.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ownroute {

/// Priority of a mapping for which none is given.
inline constexpr std::uint32_t kDefaultPriority = 1000;
/// Largest uid and gid; the one above means "no user" and "no group" to the kernel.
inline constexpr std::uint32_t kMaxUid = 0xfffffffe;
inline constexpr std::uint32_t kMaxGid = 0xfffffffe;

enum class Family : std::uint8_t { ipv4, ipv6 };
inline constexpr std::array kFamilies{Family::ipv4, Family::ipv6};

/// "IPv4" or "IPv6", for messages.
OWNROUTE_API std::string_view to_string(Family family);

/// Uids or gids from min to max, both included, as seen in the user namespace that owns the network
/// namespace. min <= max <= kMaxUid.
struct IdRange {
  std::uint32_t min = 0;
  std::uint32_t max = 0;

  bool contains(std::uint32_t id) const { return min <= id && id <= max; }

  friend auto operator<=>(const IdRange &, const IdRange &) = default;
};
using UidRange = IdRange;
using GidRange = IdRange;

/// What happens to the packets of an owner.
enum class Action : std::uint8_t {
  /// They get the mark, and go where it leads.
  mark,
  /// Nothing; no later mapping is looked at.
  bypass,
  /// They are dropped.
  block,
};

/// "mark", "bypass" or "block".
OWNROUTE_API std::string_view to_string(Action action);

/// Which source address the packets of programs that don't choose one get.
enum class Source : std::uint8_t {
  /// What Mapping::source_means() says; of a rule only if no mapping in front takes some of its
  /// uids
  /// elsewhere, else keep.
  automatic,
  /// A rule for the uids leads the first route lookup, which chooses the address, to the table.
  rule,
  /// The kernel's NAT puts in the address of dev, for new connections that leave by it.
  masquerade,
  /// The kernel's NAT puts in Mapping::source_addresses; a family without one keeps its own.
  address,
  /// The first route lookup is left to the rules of the others.
  keep,
};

/// "auto", "rule", "masquerade", "address" or "keep".
OWNROUTE_API std::string_view to_string(Source source);

/// Where the answers go of a TCP service of the owner, to whoever reaches it by another device than
/// the mapping's.
enum class Inbound : std::uint8_t {
  /// back where there is a dev and no guard, and sockets get stamps; else follow.
  automatic,
  /// The way that the first packet came, by the rules for everybody, past a guard.
  back,
  /// The mapping's way.
  follow,
};

/// "auto", "back" or "follow".
OWNROUTE_API std::string_view to_string(Inbound inbound);

/// Settings of a device for IPv4, net.ipv4.conf.DEV.*
enum class Setting : std::uint8_t {
  /// 2, loose, or answers would be dropped: by the main table they come from elsewhere.
  rp_filter,
  /// 1, or what goes from 127.0.0.1 to a name server would have no way out.
  route_localnet,
};
inline constexpr std::array kSettings{Setting::rp_filter, Setting::route_localnet};

/// "rp_filter" or "route_localnet".
OWNROUTE_API std::string_view to_string(Setting setting);

/// A packet's mark becomes (old & ~mask) | value. value lies within mask, mask is not 0; a mark
/// given without a mask means the whole word, as in ip-rule(8).
struct Mark {
  std::uint32_t value = 0;
  std::uint32_t mask = 0xffffffff;

  friend auto operator<=>(const Mark &, const Mark &) = default;
};

/// An IPv4 or IPv6 address, bytes in network order; IPv4 uses the first four.
class OWNROUTE_API Address {
 public:
  /// Reads the notations of inet_pton(3); nothing else, no names.
  static std::optional<Address> parse(std::string_view text);
  /// @p bytes holds 4 or 16 bytes in network order, else there is no address.
  static std::optional<Address> from_bytes(const void *bytes, std::size_t length);

  Family family() const { return family_; }
  const std::uint8_t *data() const { return bytes_.data(); }
  /// 4 or 16.
  std::size_t size() const { return family_ == Family::ipv4 ? 4 : 16; }
  std::string to_string() const;
  /// IPv6 only.
  bool is_link_local() const {
    return family_ == Family::ipv6 && bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0x80;
  }

  friend auto operator<=>(const Address &, const Address &) = default;

 private:
  Family family_ = Family::ipv4;
  std::array<std::uint8_t, 16> bytes_{};
};

/// One mapping with its routing half: whose packets, and where they go. What is left empty is
/// chosen when the mapping is made (see Session::plan_add).
struct Mapping {
  /// Name within the network namespace; 0: the kernel takes the next free one.
  std::uint32_t id = 0;
  /// Mappings are tried in order of (priority, id), lowest first.
  std::uint32_t priority = kDefaultPriority;
  // The selector: whose packets. All that is given must match; something is given.
  std::optional<UidRange> uid = {};
  /// Primary group: the fsgid that a socket's file was made with.
  std::optional<GidRange> gid = {};
  /// The gid range also matches supplementary groups.
  bool suppl = false;
  /// Path below the mount of cgroup v2, as normal_cgroup() returns it; empty: any. Sockets of this
  /// cgroup and of all below it match. "id:N" where the kernel's mapping came without a path.
  std::string cgroup = {};
  /// What the kernel knows the cgroup by; 0: not looked up yet. Does not count in comparisons: it
  /// is no part of what is wanted.
  std::uint64_t cgroup_id = 0;
  /// Matches the kernel's own sockets too (a tunnel's, NFS' ...), which otherwise match nothing.
  bool kernel = false;
  /// What happens to them. What follows it, up to the comment, is for Action::mark only.
  Action action = Action::mark;
  /// Mark of the owner's packets; none: chosen.
  std::optional<Mark> mark = {};
  /// Routing table that the mark selects; none: chosen if there is a dev or via, else no rule is
  /// made. Not 0.
  std::optional<std::uint32_t> table = {};
  /// Name of the table in the rt_tables files, if it was asked for by name.
  std::string table_name = {};
  /// Device of the default route in the table.
  std::string dev = {};
  /// Gateways of the default routes, at most one a family.
  std::vector<Address> via = {};
  /// Source::keep where automatic can't mean anything else is the same as automatic.
  Source source = Source::automatic;
  /// Of Source::address, at most one a family.
  std::vector<Address> source_addresses = {};
  /// What the main table has a route for that is none for everything, goes by that route, also
  /// past a guard.
  bool lan = false;
  /// Name servers: what is sent to port 53, anywhere, goes to the one of its family; at most one a
  /// family. Needs dev.
  std::vector<Address> dns = {};
  Inbound inbound = Inbound::automatic;
  /// Under the mark's mask: what sockets are stamped with whose answers go back; 0: none are.
  /// Chosen when the mapping is made, and no part of what is wanted.
  std::uint32_t inbound_mark = 0;
  /// What the settings of dev were that this mapping, or one before it, has changed. No part of
  /// what is wanted.
  std::map<Setting, std::uint32_t> settings_before = {};
  /// The packets leave by dev, by loopback, or not at all; needs dev.
  bool guard = false;
  /// The mark, which isn't 0, is kept in the conntrack mark of the connection, too, and put on what
  /// comes back.
  bool connmark = false;
  /// The mark is put on packets alone, not on the socket that sends them.
  bool nostamp = false;
  /// Text for people, at most OWNROUTE_COMMENT_MAX bytes, no control characters.
  std::string comment = {};

  bool has_default_route() const { return !dev.empty() || !via.empty(); }
  /// What source means: never automatic. That is rule if a uid alone says whose packets they are,
  /// it is not 0, which the kernel forwards and answers with, and there is a way to go; else
  /// masquerade if there is a dev; else keep.
  Source source_means() const;
  /// What inbound means: never automatic.
  Inbound inbound_means() const;
  /// Whether addresses are changed.
  bool has_nat() const {
    return source_means() == Source::masquerade || source == Source::address || !dns.empty();
  }
  /// Whether connections keep the mark, asked for or not.
  bool marks_connections() const { return connmark || has_nat(); }

  friend OWNROUTE_API bool operator==(const Mapping &, const Mapping &);
};

/// The one of @p family among @p addresses, none if there is none.
OWNROUTE_API const Address *find_of(const std::vector<Address> &addresses, Family family);

/// All that is wanted in one network namespace, in any order.
struct Policy {
  std::vector<Mapping> mappings = {};

  friend bool operator==(const Policy &, const Policy &) = default;
};

/// Looks for what no kernel would take: no selector, range upside down, uid above kMaxUid, suppl
/// without gid, mark outside its mask, guard, masquerade or dns without dev, source rule for what
/// is no uid alone, a way or what goes with a mark with bypass or block, two gateways of one
/// family, comment too long or with control characters, no action …
/// @throws Error of kind usage, with one line that says what to do.
OWNROUTE_API void validate(const Mapping &mapping);

}  // namespace ownroute
