// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pairing.hpp"

#include <algorithm>
#include <ownroute/error.hpp>
#include <string>
#include <tuple>
#include <unordered_map>

namespace ownroute::detail {
namespace {

/// Selector and priority.
auto key(const Mapping &m) {
  return std::tie(m.priority, m.uid, m.gid, m.suppl, m.cgroup);
}

/// Mappings that stand for none yet, by selector and priority.
class Free {
 public:
  explicit Free(const std::vector<KernelMapping> &present) {
    mappings_.reserve(present.size());
    for (const KernelMapping &kernel : present) {
      mappings_.push_back({&kernel.mapping});
    }
    const auto key_of = [](const Entry &entry) { return key(*entry.mapping); };
    if (!std::ranges::is_sorted(mappings_, {}, key_of)) {
      std::ranges::stable_sort(mappings_, {}, key_of);
    }
  }

  /// Takes the first with @p wanted's selector and priority that @p fits holds for.
  template <typename Fits>
  const Mapping *take(const Mapping &wanted, const Fits &fits) {
    const auto key_of = [](const Entry &entry) { return key(*entry.mapping); };
    const auto [begin, end] = std::ranges::equal_range(mappings_, key(wanted), {}, key_of);
    // Those that were taken are passed over once.
    auto from = begin == end ? end : begin + begin->taken_before;
    while (from != end && from->taken) {
      ++from;
    }
    if (begin != end) {
      begin->taken_before = from - begin;
    }
    const auto found = std::find_if(
        from, end, [&](const Entry &entry) { return !entry.taken && fits(*entry.mapping); });
    if (found == end) {
      return nullptr;
    }
    found->taken = true;
    return found->mapping;
  }

 private:
  struct Entry {
    const Mapping *mapping;
    bool taken = false;
    /// Of the first with its key: how many at the front are taken.
    std::ptrdiff_t taken_before = 0;
  };

  std::vector<Entry> mappings_;
};

/// Mappings by their ids; of those that are wanted, each id once.
std::unordered_map<std::uint32_t, const Mapping *> by_id(
    const std::vector<Mapping> &wanted, const std::vector<KernelMapping> &present) {
  std::unordered_map<std::uint32_t, const Mapping *> ids;
  for (const Mapping &mapping : wanted) {
    if (mapping.id != 0 && !ids.emplace(mapping.id, nullptr).second) {
      throw Error(ErrorKind::usage, "two mappings have id " + std::to_string(mapping.id) +
                                        ": give each its own, or none");
    }
  }
  for (const KernelMapping &kernel : present) {
    if (const auto found = ids.find(kernel.mapping.id); found != ids.end()) {
      found->second = &kernel.mapping;
    }
  }
  return ids;
}

bool has_the_table_of(const Mapping &wanted, const Mapping &present) {
  if (wanted.table) {
    return wanted.table == present.table;
  }
  // Where none is given, one is chosen for a default route. One that is yet to be named is new.
  return wanted.table_name.empty() && wanted.has_default_route() == present.table.has_value();
}

}  // namespace

bool goes_the_way_of(const Mapping &wanted, const Mapping &present) {
  if (wanted.action != Action::mark || present.action != Action::mark) {
    return wanted.action == present.action;
  }
  return (!wanted.mark || wanted.mark == present.mark) && has_the_table_of(wanted, present) &&
         wanted.dev == present.dev && wanted.via == present.via && wanted.lan == present.lan;
}

bool is_as_wanted(const Mapping &wanted, const Mapping &present) {
  return key(wanted) == key(present) && wanted.cgroup_id == present.cgroup_id &&
         wanted.kernel == present.kernel && wanted.source == present.source &&
         wanted.source_addresses == present.source_addresses && wanted.dns == present.dns &&
         wanted.inbound == present.inbound && wanted.guard == present.guard &&
         wanted.connmark == present.connmark && wanted.nostamp == present.nostamp &&
         wanted.comment == present.comment && goes_the_way_of(wanted, present);
}

std::vector<const Mapping *> pair_up(const std::vector<Mapping> &wanted,
                                     const std::vector<KernelMapping> &present) {
  std::vector<const Mapping *> pairs(wanted.size());
  const auto ids = by_id(wanted, present);
  Free free(present);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    pairs[i] = wanted[i].id == 0 ? nullptr : ids.at(wanted[i].id);
  }
  const auto for_each_open = [&](const auto &fits) {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i].id == 0 && pairs[i] == nullptr) {
        pairs[i] = free.take(wanted[i], [&](const Mapping &mapping) {
          return !ids.contains(mapping.id) && fits(wanted[i], mapping);
        });
      }
    }
  };
  for_each_open(is_as_wanted);
  for_each_open([](const Mapping &, const Mapping &) { return true; });
  return pairs;
}

}  // namespace ownroute::detail
