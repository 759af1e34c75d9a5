// SPDX-License-Identifier: LGPL-2.1-or-later
#include "check_fixture.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CheckNetworkd : public CheckFixture {
 protected:
  CheckNetworkd() {
    add(torrent());
    root_.write("sys/fs/cgroup/system.slice/systemd-networkd.service/cgroup.procs", "");
  }
};

const std::string kRoutes =
    "collision: systemd-networkd deletes routes that aren't its own: ManageForeignRoutes=no below "
    "[Network] in /etc/systemd/networkd.conf";
const std::string kRules =
    "collision: systemd-networkd deletes rules that aren't its own: "
    "ManageForeignRoutingPolicyRules=no below [Network] in /etc/systemd/networkd.conf";

TEST_F(CheckNetworkd, DeletesUnlessItIsTold) {
  EXPECT_THAT(found(), ElementsAre(kRoutes, kRules));
  root_.write("etc/systemd/networkd.conf",
              "[Network]\n#ManageForeignRoutes=yes\nManageForeignRoutes = OFF\n");
  EXPECT_THAT(found(), ElementsAre(kRules));
  root_.write("usr/lib/systemd/networkd.conf.d/10.conf",
              "[Network]\nManageForeignRoutingPolicyRules=no\n");
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(CheckNetworkd, FilesHaveAnOrder) {
  root_.write("usr/lib/systemd/networkd.conf", "[Network]\nManageForeignRoutes=no\n");
  root_.write("run/systemd/networkd.conf", "[Network]\nManageForeignRoutingPolicyRules=no\n");
  EXPECT_THAT(found(), ElementsAre(kRoutes));
  root_.write("usr/lib/systemd/networkd.conf.d/20.conf", "[Network]\nManageForeignRoutes=no\n");
  EXPECT_THAT(found(), IsEmpty());
  root_.write("run/systemd/networkd.conf.d/30.conf", "[Network]\nManageForeignRoutes=yes\n");
  root_.write("run/systemd/networkd.conf.d/40", "[Network]\nManageForeignRoutes=no\n");
  EXPECT_THAT(found(), ElementsAre(kRoutes));
  root_.write("etc/systemd/networkd.conf.d/30.conf", "[Other]\nManageForeignRoutes=yes\n");
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(CheckNetworkd, WorksInTheMachinesNamespace) {
  sight_.is_machines = false;
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(CheckNetworkd, MayBeStartedLater) {
  std::filesystem::remove_all(root_.path() / "sys/fs/cgroup");
  EXPECT_THAT(found(), IsEmpty());
  const auto wants = root_.path() / "etc/systemd/system/multi-user.target.wants";
  std::filesystem::create_directories(wants);
  std::filesystem::create_symlink("/lib/systemd/system/systemd-networkd.service",
                                  wants / "systemd-networkd.service");
  EXPECT_THAT(found(), ElementsAre(kRoutes, kRules));
}

TEST_F(CheckNetworkd, HasNothingToDeleteWithoutMappings) {
  del({1});
  EXPECT_THAT(found(), IsEmpty());
}

}  // namespace
}  // namespace ownroute::test
