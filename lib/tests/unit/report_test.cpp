// SPDX-License-Identifier: LGPL-2.1-or-later
#include "report.hpp"

#include <linux/genetlink.h>
#include <linux/ownroute.h>

#include <cerrno>

#include "answer.hpp"
#include "message.hpp"
#include "thrown.hpp"

namespace ownroute::test {
namespace {

using detail::kOwnrouteDialect;
using detail::kRuleDialect;
using detail::Message;
using detail::Report;

/// OWNROUTE_A_ID, 8 bytes at offset 20; then OWNROUTE_A_COMMENT, 4 + 3 bytes at offset 28.
Message request() {
  Message message(kOwnrouteDialect, 0x20, NLM_F_REQUEST,
                  genlmsghdr{.cmd = OWNROUTE_CMD_MAPPING_GET, .version = 1, .reserved = 0});
  message.put(OWNROUTE_A_ID, 7u);
  message.put(OWNROUTE_A_COMMENT, std::string("ab"));
  return message;
}

Report read(const Datagram &datagram) {
  return detail::read_report(*reinterpret_cast<const nlmsghdr *>(datagram.data()),
                             request().header(), kOwnrouteDialect);
}

TEST(Report, OfAnAckSaysNothing) {
  const Report report = read(ack(request().header()));
  EXPECT_EQ(report.code, 0);
  EXPECT_EQ(report.extack, "");
  EXPECT_EQ(report.attribute, "");
}

TEST(Report, OfAnErrorWithoutExtack) {
  const Report report = read(ack(request().header(), ENOENT));
  EXPECT_EQ(report.code, ENOENT);
  EXPECT_EQ(report.extack, "");
}

TEST(Report, HasTheKernelsWordsAndTheAttribute) {
  const Report report =
      read(ack(request().header(), ENOENT, {.message = "no mapping has this id", .offset = 20}));
  EXPECT_EQ(report.code, ENOENT);
  EXPECT_EQ(report.extack, "no mapping has this id");
  EXPECT_EQ(report.attribute, "OWNROUTE_A_ID");
}

TEST(Report, IsWithoutThePaddingOfOlderKernels) {
  EXPECT_EQ(read(ack(request().header(), ENOENT, {.message = "no such id   "})).extack,
            "no such id");
  EXPECT_EQ(read(ack(request().header(), ENOENT, {.message = "   "})).extack, "");
}

TEST(Report, NamesTheAttributeThatTheOffsetLiesIn) {
  const auto attribute_at = [](std::uint32_t offset) {
    return read(ack(request().header(), EINVAL, {.offset = offset})).attribute;
  };
  EXPECT_EQ(attribute_at(19), "");
  EXPECT_EQ(attribute_at(20), "OWNROUTE_A_ID");
  EXPECT_EQ(attribute_at(27), "OWNROUTE_A_ID");
  EXPECT_EQ(attribute_at(28), "OWNROUTE_A_COMMENT");
  EXPECT_EQ(attribute_at(34), "OWNROUTE_A_COMMENT");
  // Padding, and beyond the message.
  EXPECT_EQ(attribute_at(35), "");
  EXPECT_EQ(attribute_at(4000000000), "");
}

TEST(Report, NamesAMissingAttribute) {
  const Report report =
      read(ack(request().header(), EINVAL,
               {.message = "a mapping is needed", .missing = OWNROUTE_A_MAPPING}));
  EXPECT_EQ(report.attribute, "OWNROUTE_A_MAPPING");
  EXPECT_EQ(read(ack(request().header(), EINVAL, {.missing = 99})).attribute, "attribute 99");
}

TEST(Report, IsFoundBehindARepeatedRequest) {
  const Report report =
      read(uncapped_error(request().header(), EEXIST, {.message = "id is taken", .offset = 20}));
  EXPECT_EQ(report.code, EEXIST);
  EXPECT_EQ(report.extack, "id is taken");
  EXPECT_EQ(report.attribute, "OWNROUTE_A_ID");
}

TEST(Report, OfADumpsEnd) {
  EXPECT_EQ(read(done(request().header())).code, 0);
  const Report report =
      read(done(request().header(), EINVAL, {.message = "can't be filtered", .offset = 20}));
  EXPECT_EQ(report.code, EINVAL);
  EXPECT_EQ(report.extack, "can't be filtered");
  EXPECT_EQ(report.attribute, "OWNROUTE_A_ID");
}

TEST(Report, OfACutOffMessageReadsNothingBeyond) {
  Datagram datagram = ack(request().header(), EINVAL, {.message = "words", .offset = 20});
  for (std::uint32_t length = NLMSG_HDRLEN; length < datagram.size(); ++length) {
    Datagram cut(datagram.begin(), datagram.begin() + length);
    std::memcpy(cut.data(), &length, sizeof(length));
    const Report report = read(cut);
    EXPECT_EQ(report.attribute, "");
  }
}

TEST(ReportToError, PutsTheKernelsWordsFirst) {
  const Error error =
      detail::to_error({EEXIST, "id is taken by another mapping", "OWNROUTE_A_MAPPING"},
                       kOwnrouteDialect, "cannot add mapping 7");
  EXPECT_STREQ(error.what(),
               "cannot add mapping 7: id is taken by another mapping [OWNROUTE_A_MAPPING]");
  EXPECT_EQ(error.kind(), ErrorKind::refused);
  EXPECT_EQ(error.code(), EEXIST);
  EXPECT_EQ(error.extack(), "id is taken by another mapping");
  EXPECT_EQ(error.attribute(), "OWNROUTE_A_MAPPING");
}

TEST(ReportToError, FallsBackOnErrno) {
  EXPECT_STREQ(detail::to_error({ENOMEM, "", ""}, kRuleDialect, "cannot add").what(),
               "cannot add: Cannot allocate memory");
}

TEST(ReportToError, TellsKindsApart) {
  EXPECT_THAT(detail::to_error({EPERM, "", ""}, kOwnrouteDialect, "cannot list"),
              IsError(ErrorKind::not_permitted, "needs CAP_NET_ADMIN"));
  EXPECT_THAT(detail::to_error({EPERM, "", ""}, kRuleDialect, "cannot add"),
              IsError(ErrorKind::not_permitted, "run it as root"));
  EXPECT_THAT(detail::to_error({E2BIG, "knows only 40 of 48", ""}, kOwnrouteDialect, "cannot add"),
              IsError(ErrorKind::other_version, "older than this library"));
  EXPECT_THAT(detail::to_error({E2BIG, "knows only 40 of 48", ""}, kOwnrouteDialect, "cannot add"),
              IsError(ErrorKind::other_version, "knows only 40 of 48"));
  EXPECT_THAT(detail::to_error({EOPNOTSUPP, "", ""}, kOwnrouteDialect, "cannot list"),
              IsError(ErrorKind::other_version, "update the module"));
  EXPECT_THAT(detail::to_error({EOPNOTSUPP, "this kernel knows no cgroups of sockets", ""},
                               kOwnrouteDialect, "cannot add"),
              IsError(ErrorKind::refused, "cannot add: this kernel knows no cgroups of sockets"));
  EXPECT_THAT(detail::to_error({ENODEV, "", ""}, detail::kLinkDialect, "cannot find device 'tun9'"),
              IsError(ErrorKind::not_found, "cannot find device 'tun9': No such device"));
  EXPECT_THAT(detail::to_error({ENOENT, "", ""}, kOwnrouteDialect, "cannot delete"),
              IsError(ErrorKind::refused, "cannot delete"));
}

}  // namespace
}  // namespace ownroute::test
