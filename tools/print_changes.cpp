// SPDX-License-Identifier: LGPL-2.1-or-later
#include "print_changes.hpp"

#include <string>
#include <vector>

#include "counters.hpp"
#include "json.hpp"
#include "print.hpp"
#include "quote.hpp"

namespace ownroute::cli {
namespace {

using cli::to_words;

struct Change {
  Event::Kind kind;
  const Mapping *mapping;
};

std::vector<Change> in_order(const Changes &changes) {
  std::vector<Change> all;
  const auto append = [&all](Event::Kind kind, const std::vector<Mapping> &mappings) {
    for (const Mapping &mapping : mappings) {
      all.push_back({kind, &mapping});
    }
  };
  append(Event::Kind::made, changes.made);
  append(Event::Kind::changed, changes.replaced);
  append(Event::Kind::withdrawn, changes.deleted);
  return all;
}

Json change_to_json(const Change &change) {
  Json json{{"change", to_string(change.kind)}};
  json.update(to_json(*change.mapping));
  return json;
}

/// "packets 12 bytes 1008 …"
std::string to_words(const Stats &stats) {
  std::string words;
  for (const auto &[name, value] : kCounters) {
    words += words.empty() ? "" : " ";
    words.append(name).append(" ").append(std::to_string(stats.*value));
  }
  return words;
}

Json event_to_json(const Event &event) {
  Json json{{"event", to_string(event.kind)}};
  if (event.mapping) {
    json.update(to_json(event.mapping->mapping));
    add_stats(json, event.mapping->stats);
  }
  if (event.guarded) {
    json["id"] = event.guarded->id;
    if (event.guarded->uid) {
      json["uid"] = *event.guarded->uid;
    }
    json["dev"] = event.guarded->dev;
    json["to"] = event.guarded->to.to_string();
  }
  if (event.info) {
    json["mappings"] = event.info->mappings;
    json["limit"] = event.info->limit;
    json["generation"] = event.info->generation;
  }
  return json;
}

/// "id 1 uid 1001 dev eth0 to 203.0.113.1"
std::string to_words(const GuardedPacket &packet) {
  const std::string uid = packet.uid ? " uid " + std::to_string(*packet.uid) : "";
  return "id " + std::to_string(packet.id) + uid + " dev " + shell_word(packet.dev) + " to " +
         packet.to.to_string();
}

std::string event_to_words(const Event &event) {
  std::string words(to_string(event.kind));
  if (event.mapping) {
    // Only what goes has counted all that it will.
    if (event.kind == Event::Kind::withdrawn) {
      words += " " + to_words(event.mapping->stats);
    }
    words += " " + to_words(event.mapping->mapping);
  }
  if (event.guarded) {
    words += " " + to_words(*event.guarded);
  }
  if (event.info) {
    words += " mappings " + std::to_string(event.info->mappings) + " limit " +
             std::to_string(event.info->limit) + " generation " +
             std::to_string(event.info->generation);
  }
  if (event.kind == Event::Kind::resync) {
    words += ": events were lost, see ownroute list";
  }
  return words;
}

}  // namespace

void print_changes(std::ostream &out, const Plan &others, const Changes &changes, bool json) {
  const std::vector<Change> all = in_order(changes);
  if (json) {
    JsonArray array(out);
    for (const Step &step : others) {
      array.add(to_json(step));
    }
    for (const Change &change : all) {
      array.add(change_to_json(change));
    }
    array.end();
    return;
  }
  print_plan(out, others, false);
  for (const Change &change : all) {
    out << to_string(change.kind) << ' ' << to_words(*change.mapping) << '\n';
  }
}

void print_event(std::ostream &out, const Event &event, bool json) {
  if (json) {
    write_json(out, event_to_json(event));
  } else {
    out << event_to_words(event);
  }
  out << '\n';
}

}  // namespace ownroute::cli
