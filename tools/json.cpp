// SPDX-License-Identifier: LGPL-2.1-or-later
#include "json.hpp"

#include <ownroute/words.hpp>

#include "counters.hpp"

namespace ownroute::cli {
namespace {

void add_addresses(Json &json, const char *key, const std::vector<Address> &addresses) {
  for (const Address &address : addresses) {
    json[key].push_back(address.to_string());
  }
}

}  // namespace

void add_range(Json &json, const char *key, const std::optional<IdRange> &range) {
  if (range && range->min == range->max) {
    json[key] = range->min;
  } else if (range) {
    json[key] = to_string(*range);
  }
}

Json to_json(const Mapping &mapping) {
  Json json;
  json["id"] = mapping.id;
  json["priority"] = mapping.priority;
  add_range(json, "uid", mapping.uid);
  add_range(json, "gid", mapping.gid);
  if (!mapping.cgroup.empty()) {
    json["cgroup"] = mapping.cgroup;
    json["cgroup_id"] = mapping.cgroup_id;
  }
  if (mapping.suppl) {
    json["suppl"] = true;
  }
  if (mapping.kernel) {
    json["kernel"] = true;
  }
  json["action"] = to_string(mapping.action);
  if (mapping.mark) {
    json["mark"] = mapping.mark->value;
    json["mask"] = mapping.mark->mask;
  }
  if (mapping.table) {
    json["table"] = *mapping.table;
  }
  if (!mapping.table_name.empty()) {
    json["table_name"] = mapping.table_name;
  }
  if (!mapping.dev.empty()) {
    json["dev"] = mapping.dev;
  }
  add_addresses(json, "via", mapping.via);
  if (mapping.source == Source::address) {
    add_addresses(json, "source", mapping.source_addresses);
  } else if (mapping.source != Source::automatic) {
    json["source"] = to_string(mapping.source);
  }
  if (mapping.lan) {
    json["lan"] = true;
  }
  add_addresses(json, "dns", mapping.dns);
  if (mapping.inbound != Inbound::automatic) {
    json["inbound"] = to_string(mapping.inbound);
  }
  if (mapping.guard) {
    json["guard"] = true;
  }
  if (mapping.connmark) {
    json["connmark"] = true;
  }
  if (mapping.nostamp) {
    json["nostamp"] = true;
  }
  if (!mapping.comment.empty()) {
    json["comment"] = mapping.comment;
  }
  return json;
}

void add_stats(Json &json, const Stats &stats) {
  for (const auto &[name, value] : kCounters) {
    json[std::string(name)] = stats.*value;
  }
}

Json to_json(const Step &step) {
  return {{"step", describe(step)}};
}

void write_json(std::ostream &out, const Json &json) {
  // A comment may hold any bytes, and JSON only UTF-8.
  out << json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void JsonArray::add(const Json &item) {
  out_ << (empty_ ? '[' : ',');
  write_json(out_, item);
  empty_ = false;
}

void JsonArray::end() {
  out_ << (empty_ ? "[]\n" : "]\n");
}

}  // namespace ownroute::cli
