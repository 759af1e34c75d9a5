// SPDX-License-Identifier: LGPL-2.1-or-later
#include "check_fixture.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CheckModule : public CheckFixture {
 protected:
  const std::string module_ = "lib/modules/" + release() + "/updates/ownroute.ko";
  const std::string not_signed_ =
      "broken: /" + module_ + " is not signed and can't be loaded, because ";
  const std::string sign_ = ": sign it, and enrol the key with mokutil --import";
};

const std::string kNotLoaded =
    "broken: ownroute module is not loaded: load it with `modprobe ownroute`";

TEST_F(CheckModule, WithoutItNothingElseIsSaid) {
  add(torrent());
  kernel_.world.rules.clear();
  kernel_.loaded = false;
  EXPECT_THAT(found(), ElementsAre(kNotLoaded));
}

TEST_F(CheckModule, IsNotAskedForWhereItIsSeenNotToBeLoaded) {
  std::filesystem::remove_all(root_.path() / "sys/module/ownroute");
  sight_.client = []() -> Client {
    ADD_FAILURE() << "the kernel was asked, and would have loaded it";
    throw Error(ErrorKind::not_loaded, "not loaded");
  };
  EXPECT_THAT(found(), ElementsAre(kNotLoaded));
}

TEST_F(CheckModule, IsAskedForWithoutSysfs) {
  add(torrent());
  std::filesystem::remove_all(root_.path() / "sys");
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(CheckModule, OthersErrorsAreErrors) {
  sight_.client = []() -> Client {
    throw Error(ErrorKind::not_permitted, "it needs a privilege: run it as root", EPERM);
  };
  EXPECT_THAT(thrown_by([&] { found(); }), IsError(ErrorKind::not_permitted, "privilege"));
}

TEST_F(CheckModule, MayBeOlder) {
  const std::string older =
      "broken: the ownroute module that is loaded is older than the library: save the mappings "
      "with "
      "ownroute export, rmmod and modprobe ownroute, apply them";
  root_.write("sys/module/ownroute/version", "99.0.0\n");
  EXPECT_THAT(found(), IsEmpty());
  kernel_.info_size = OWNROUTE_INFO_SIZE_VER0;
  EXPECT_THAT(found(), ElementsAre(older));
  kernel_.info_size = sizeof(ownroute_info);
  root_.write("sys/module/ownroute/version", "0.0.99\n");
  EXPECT_THAT(found(), ElementsAre(older));
}

TEST_F(CheckModule, SecureBootTakesSignedOnes) {
  const std::string variable =
      "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";
  root_.write(module_, "a module");
  root_.write(variable, std::string("\6\0\0\0\0", 5));
  EXPECT_THAT(found(), IsEmpty());
  root_.write(variable, std::string("\6\0\0\0\1", 5));
  EXPECT_THAT(found(), ElementsAre(not_signed_ + "Secure Boot is on" + sign_));
  root_.write(module_, "a module~Module signature appended~\n");
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(CheckModule, SoDoesALockedDownKernel) {
  root_.write(module_, "a module");
  root_.write("sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
  root_.write("sys/module/module/parameters/sig_enforce", "N\n");
  EXPECT_THAT(found(), IsEmpty());
  root_.write("sys/module/module/parameters/sig_enforce", "Y\n");
  EXPECT_THAT(found(), ElementsAre(not_signed_ + "the kernel takes signed modules alone" + sign_));
  root_.write("sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
  EXPECT_THAT(found(), ElementsAre(not_signed_ + "the kernel is locked down" + sign_));
}

}  // namespace
}  // namespace ownroute::test
