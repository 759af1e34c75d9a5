// SPDX-License-Identifier: LGPL-2.1-or-later
#include "modules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "temporary_root.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class ModulesOfAMachine : public testing::Test {
 protected:
  void load(const std::vector<std::string> &names) {
    loaded_ = names;
    write();
  }
  void write() {
    std::string text;
    for (const std::string &name : loaded_) {
      text += name + " 16384 0 - Live 0x0000000000000000\n";
    }
    root_.write("proc/modules", text);
  }
  std::string remembered() const { return root_.read("run/ownroute.modules"); }

  detail::Modules modules() {
    root_.write("run/.keep", "");
    return detail::Modules(root_.path(), [this](const std::string &name) {
      asked_.push_back(name);
      if (name != busy_) {
        std::erase(loaded_, name);
        write();
      }
    });
  }

  TemporaryRoot root_;
  std::vector<std::string> loaded_;
  std::vector<std::string> asked_;
  std::string busy_;
};

TEST_F(ModulesOfAMachine, OnlyThoseThatMappingsBringCount) {
  load({"ext4", "nf_conntrack", "ownroute"});
  EXPECT_THAT(modules().loaded(), ElementsAre("nf_conntrack"));
}

TEST_F(ModulesOfAMachine, WhatCameGoesEachBeforeThoseThatItNeeds) {
  load({"nf_defrag_ipv4", "ext4"});
  const auto before = modules().loaded();
  load({"nf_defrag_ipv4", "ext4", "nf_conntrack", "nf_nat", "ownroute_nat", "nf_tables"});
  modules().keep_since(before);
  modules().unload();
  EXPECT_THAT(asked_, ElementsAre("ownroute_nat", "nf_nat", "nf_conntrack"));
  EXPECT_THAT(loaded_, UnorderedElementsAre("nf_defrag_ipv4", "ext4", "nf_tables"));
  EXPECT_FALSE(root_.has("run/ownroute.modules"));
}

TEST_F(ModulesOfAMachine, WhatIsInUseIsTriedAgain) {
  load({});
  const auto before = modules().loaded();
  load({"nf_conntrack", "nf_nat"});
  modules().keep_since(before);
  busy_ = "nf_conntrack";
  modules().unload();
  EXPECT_EQ(remembered(), "nf_conntrack\n");
  busy_.clear();
  modules().keep_since(modules().loaded());
  modules().unload();
  EXPECT_THAT(loaded_, IsEmpty());
}

TEST_F(ModulesOfAMachine, WhatWasThereStays) {
  load({"nf_conntrack"});
  modules().keep_since(modules().loaded());
  modules().unload();
  EXPECT_THAT(asked_, IsEmpty());
}

TEST_F(ModulesOfAMachine, WhereNothingCanBeRememberedNothingGoes) {
  load({"nf_conntrack"});
  const detail::Modules unwritable("/proc/self/nowhere");
  unwritable.keep_since({});
  unwritable.unload();
}

}  // namespace
}  // namespace ownroute::test
