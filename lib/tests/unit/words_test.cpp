// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <ownroute/words.hpp>

namespace ownroute::test {
namespace {

TEST(ParseNumber, TakesAllOfTheTextOrNothing) {
  EXPECT_EQ(parse_number("0"), 0U);
  EXPECT_EQ(parse_number("4294967295"), 4294967295U);
  for (const char *text :
       {"", " 1", "1 ", "+1", "-1", "1x", "0x1", "1.0", "4294967296", "18446744073709551617"}) {
    EXPECT_EQ(parse_number(text), std::nullopt) << text;
  }
}

TEST(ParseBits, TakesDecimalAndHexadecimal) {
  EXPECT_EQ(parse_bits("4369"), 0x1111U);
  EXPECT_EQ(parse_bits("0x1111"), 0x1111U);
  EXPECT_EQ(parse_bits("0XfF"), 0xffU);
  EXPECT_EQ(parse_bits("010"), 10U);
  for (const char *text : {"", "0x", "x1", "ff", "0x0x1", "0x-1", "0x100000000"}) {
    EXPECT_EQ(parse_bits(text), std::nullopt) << text;
  }
}

TEST(ParseRange, TakesOneOrTwoNumbers) {
  EXPECT_EQ(parse_range("1001"), (UidRange{1001, 1001}));
  EXPECT_EQ(parse_range("1001-1010"), (UidRange{1001, 1010}));
  EXPECT_EQ(parse_range("1010-1001"), (UidRange{1010, 1001}));
  for (const char *text : {"", "-", "1-", "-1", "1-2-3", "1--2", "1,2", "a-b", "0x1-0x2"}) {
    EXPECT_EQ(parse_range(text), std::nullopt) << text;
  }
}

TEST(ParseMark, TakesAValueAndAMask) {
  EXPECT_EQ(parse_mark("0x1111"), (Mark{0x1111, 0xffffffff}));
  EXPECT_EQ(parse_mark("0x1111/0xffff"), (Mark{0x1111, 0xffff}));
  EXPECT_EQ(parse_mark("16/255"), (Mark{16, 255}));
  for (const char *text : {"", "/", "1/", "/1", "1/2/3", "one", "1/mask", "1 /1"}) {
    EXPECT_EQ(parse_mark(text), std::nullopt) << text;
  }
}

TEST(ToString, WritesWhatIsReadAgain) {
  EXPECT_EQ(to_string(UidRange{7, 7}), "7");
  EXPECT_EQ(to_string(UidRange{7, 9}), "7-9");
  EXPECT_EQ(to_string(Mark{0x1111, 0xffffffff}), "0x1111");
  EXPECT_EQ(to_string(Mark{0x1000000, 0xff000000}), "0x1000000/0xff000000");
}

}  // namespace
}  // namespace ownroute::test
