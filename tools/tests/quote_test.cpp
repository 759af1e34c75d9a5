// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quote.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

namespace ownroute::cli {
namespace {

/// What a shell makes of @p word.
std::string through_shell(const std::string &word) {
  // popen starts sh, and $'…' is bash's.
  FILE *pipe = popen(("exec bash <<'END'\nprintf %s " + word + "\nEND\n").c_str(), "r");
  std::string text;
  for (int c = std::getc(pipe); c != EOF; c = std::getc(pipe)) {
    text += static_cast<char>(c);
  }
  pclose(pipe);
  return text;
}

TEST(ShellWord, LeavesPlainTextAsItIs) {
  EXPECT_EQ(shell_word("tun0"), "tun0");
  EXPECT_EQ(shell_word("wg-quick@home.vpn"), "wg-quick@home.vpn");
  EXPECT_EQ(shell_word("łódź"), "łódź");
}

TEST(ShellWord, QuotesTheRest) {
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("two words"), "'two words'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word("a\nb"), "$'a\\012b'");
}

TEST(ShellWord, ComesBackFromAShellUnchanged) {
  for (const std::string &text : std::vector<std::string>{
           "", "plain", "two words", "it's", "\"double\"", "$HOME `id` \\ ! # ~ * ?",
           "tab\tnewline\n1", "'\\\x1b[31m", "łódź 🛰"}) {
    EXPECT_EQ(through_shell(shell_word(text)), text);
  }
}

TEST(Cite, StaysShortAndOnOneLine) {
  EXPECT_EQ(cite("devv"), "'devv'");
  EXPECT_EQ(cite("a\nb"), "$'a\\012b'");
  EXPECT_LT(cite(std::string(65536, 'x')).size(), 100U);
}

TEST(Cite, CutsBetweenCharacters) {
  std::string text = "x";
  for (int i = 0; i < 100; ++i) {
    text += "ł";
  }
  const std::string cited = cite(text);
  // Quotes, x, whole two-byte letters, quote, three dots.
  EXPECT_EQ((cited.size() - 1 - 1 - 1 - 3) % 2, 0U) << cited;
}

TEST(Cite, TakesWhatIsNoUtf8) {
  EXPECT_LT(cite(std::string(1000, '\x80')).size(), 100U);
}

}  // namespace
}  // namespace ownroute::cli
