// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What check() finds in a system of which all is made for the test.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/utsname.h>

#include <string>
#include <vector>

#include "checks.hpp"
#include "session_fixture.hpp"

namespace ownroute::test {

class CheckFixture : public SessionFixture {
 protected:
  CheckFixture() {
    root_.write("sys/module/ownroute/refcnt", "0\n");
    root_.write("etc/resolv.conf", "nameserver 192.0.2.1\n");
    kernel_.add_device("eth0");
    for (const char *dev : {"tun0", "tun1", "eth0"}) {
      kernel_.addresses[dev] = {Address::parse("10.0.0.1").value(),
                                Address::parse("fd00::1").value()};
    }
    kernel_.ways[0] = {.table = 254, .dev = "eth0"};
    sight_.client = [this] { return kernel_.client(); };
    sight_.router = [this] { return kernel_.router(); };
    sight_.netfilter = [this] {
      return fake([this](const nlmsghdr &request) { return netfilter_(request); });
    };
    sight_.inside = [](const auto &work) { work(); };
    sight_.root = root_.path();
    sight_.cgroup_id_of = [this](const std::string &path) {
      const auto found = cgroups_.find(path);
      if (found == cgroups_.end()) {
        throw Error(ErrorKind::not_found, "no cgroup " + path, ENOENT);
      }
      return found->second;
    };
  }

  /// "id 1 uid 1001 mark 0x1111/0xffff table 200 dev tun0"
  Mapping torrent(std::uint32_t uid = 1001) {
    kernel_.ways[0x1111] = {.table = 200, .dev = "tun0"};
    return {.uid = UidRange{uid, uid}, .mark = Mark{0x1111, 0xffff}, .table = 200, .dev = "tun0"};
  }

  /// "leak 1,2: PROBLEM: REMEDY"
  std::vector<std::string> found() {
    std::vector<std::string> lines;
    for (const Finding &finding : detail::check(sight_)) {
      std::string line(to_string(finding.severity));
      for (const std::uint32_t id : finding.about) {
        line += (id == finding.about.front() ? " " : ",") + std::to_string(id);
      }
      lines.push_back(line + ": " + finding.problem + ": " + finding.remedy);
    }
    return lines;
  }

  static std::string release() {
    utsname names{};
    uname(&names);
    return names.release;
  }

  detail::Sight sight_;
  /// Speaks for nftables, if it is asked.
  FakeTransport::Kernel netfilter_ = [](const nlmsghdr &) -> Answers {
    ADD_FAILURE() << "nftables was asked, and is not loaded";
    return {};
  };
};

}  // namespace ownroute::test
