// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// A session over a fake kernel and a directory for the files.
#pragma once

#include <gtest/gtest.h>

#include <cerrno>
#include <initializer_list>
#include <map>
#include <ownroute/session.hpp>
#include <string>
#include <vector>

#include "fake_kernel.hpp"
#include "temporary_root.hpp"
#include "thrown.hpp"

namespace ownroute::test {

class SessionFixture : public testing::Test {
 protected:
  SessionFixture() {
    kernel_.add_device("tun0");
    kernel_.add_device("tun1");
    kernel_.add_device("down0", false);
    kernel_.add_device("ipv4only", true, false);
    root_.write("run/.keep", "");
    root_.write("etc/iproute2/rt_tables", "200 vpn\n");
  }

  Session session() {
    return {kernel_.client(), kernel_.router(), root_.path(), [this](const std::string &path) {
              const auto found = cgroups_.find(path);
              if (found == cgroups_.end()) {
                throw Error(ErrorKind::not_found, "no cgroup " + path, ENOENT);
              }
              return found->second;
            }};
  }

  /// One session, plan and apply.
  Mapping add(const Mapping &wanted) {
    Session session = this->session();
    return session.apply(session.plan_add(wanted)).made.at(0);
  }
  Mapping replace(const Mapping &wanted) {
    Session session = this->session();
    return session.apply(session.plan_replace(wanted)).replaced.at(0);
  }
  void del(std::vector<std::uint32_t> ids) {
    Session session = this->session();
    session.apply(session.plan_del(ids));
  }
  void flush() {
    Session session = this->session();
    session.apply(session.plan_flush());
  }

  /// What plan_add() throws.
  Error refused(const Mapping &wanted) {
    return thrown_by([&] { session().plan_add(wanted); });
  }

  std::vector<std::string> words(const Plan &plan) const {
    std::vector<std::string> words;
    for (const Step &step : plan) {
      words.push_back(describe(step));
    }
    return words;
  }

  std::string our_names() const { return root_.read("etc/iproute2/rt_tables.d/ownroute.conf"); }

  FakeKernel kernel_;
  std::map<std::string, std::uint64_t> cgroups_;
  TemporaryRoot root_;
};

/// "user torrent dev tun0 source keep inbound follow"
inline Mapping over(const std::string &dev, std::uint32_t uid = 1001) {
  return {
      .uid = UidRange{uid, uid}, .dev = dev, .source = Source::keep, .inbound = Inbound::follow};
}

inline Mapping over(const std::string &dev, std::uint32_t mark, std::uint32_t table,
                    std::uint32_t uid = 1001) {
  return {.uid = UidRange{uid, uid},
          .mark = Mark{mark},
          .table = table,
          .dev = dev,
          .source = Source::keep,
          .inbound = Inbound::follow};
}

}  // namespace ownroute::test
