// SPDX-License-Identifier: LGPL-2.1-or-later
#include "lock.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <future>

#include "temporary_root.hpp"

namespace ownroute::test {
namespace {

class LockTest : public testing::Test {
 protected:
  /// Whether somebody has it.
  bool is_held() const {
    const detail::FileDescriptor fd(open(file_.c_str(), O_RDWR | O_CLOEXEC));
    return fd && flock(fd.get(), LOCK_EX | LOCK_NB) != 0;
  }

  TemporaryRoot root_;
  std::filesystem::path file_ = root_.path() / "lock";
};

TEST_F(LockTest, IsHeldFromTakeToRelease) {
  detail::Lock lock(file_);
  EXPECT_FALSE(is_held());
  lock.take();
  EXPECT_TRUE(is_held());
  lock.take();
  EXPECT_TRUE(is_held());
  lock.release();
  EXPECT_FALSE(is_held());
  lock.take();
  EXPECT_TRUE(is_held());
}

TEST_F(LockTest, EndsWithItsOwner) {
  { detail::Lock(file_).take(); }
  EXPECT_FALSE(is_held());
}

TEST_F(LockTest, FileIsForRootAlone) {
  detail::Lock lock(file_);
  lock.take();
  struct stat status;
  ASSERT_EQ(stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
}

TEST_F(LockTest, SecondWaitsForTheFirst) {
  detail::Lock first(file_);
  first.take();
  std::promise<void> started;
  auto second = std::async(std::launch::async, [&] {
    detail::Lock lock(file_);
    started.set_value();
    lock.take();
  });
  started.get_future().wait();
  EXPECT_EQ(second.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
  first.release();
  EXPECT_EQ(second.wait_for(std::chrono::seconds(30)), std::future_status::ready);
}

TEST_F(LockTest, WhereNoFileCanBeMadeThereIsNone) {
  detail::Lock lock(root_.path() / "nowhere" / "lock");
  EXPECT_NO_THROW(lock.take());
}

TEST_F(LockTest, SymlinkIsNotFollowed) {
  std::filesystem::create_symlink(root_.path() / "elsewhere", file_);
  detail::Lock(file_).take();
  EXPECT_FALSE(root_.has("elsewhere"));
}

}  // namespace
}  // namespace ownroute::test
