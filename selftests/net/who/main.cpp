// SPDX-License-Identifier: LGPL-2.1-or-later
// who: asks over the network "who are you?", and answers it. Two servers that own the same address
// but not the same name show which way a packet went.
#include <algorithm>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "ask.hpp"
#include "serve.hpp"

namespace {

constexpr char kUsage[] =
    "usage: who serve NAME [port N] ADDR...\n"
    "       who ask ADDR KIND [OPTION]...\n"
    "       who flood ADDR KIND [OPTION]...\n"
    "KIND := udp | tcp | mptcp | raw | ping\n"
    "OPTION := uid N | late | connect | wait | count N | size N | mark N | port N | dev IFNAME |\n"
    "          deadline MS\n";

template <typename Number>
Number parse_number(const std::string &text) {
  std::size_t end = 0;
  const unsigned long number = std::stoul(text, &end, 0);
  if (end != text.size() || number != static_cast<Number>(number)) {
    throw std::invalid_argument("no number, or too large: " + text);
  }
  return static_cast<Number>(number);
}

who::Question parse_question(std::span<const std::string> words) {
  if (words.size() < 2) {
    throw std::invalid_argument("ADDR and KIND are missing");
  }
  who::Question question;
  question.kind = who::parse_kind(words[1]);
  question.address = words[0];

  using Value = const std::string &;
  const std::map<std::string, std::function<void()>> flags{
      {"late", [&] { question.late = true; }},
      {"connect", [&] { question.connect = true; }},
      {"wait", [&] { question.wait = true; }},
  };
  const std::map<std::string, std::function<void(Value)>> options{
      {"uid", [&](Value v) { question.uid = parse_number<uid_t>(v); }},
      {"count", [&](Value v) { question.count = parse_number<unsigned>(v); }},
      {"size", [&](Value v) { question.size = parse_number<std::size_t>(v); }},
      {"mark", [&](Value v) { question.mark = parse_number<std::uint32_t>(v); }},
      {"port", [&](Value v) { question.port = parse_number<std::uint16_t>(v); }},
      {"dev", [&](Value v) { question.device = v; }},
      {"deadline", [&](Value v) { question.deadline_ms = parse_number<unsigned>(v); }},
  };
  for (std::size_t i = 2; i < words.size(); ++i) {
    if (const auto flag = flags.find(words[i]); flag != flags.end()) {
      flag->second();
      continue;
    }
    const auto option = options.find(words[i]);
    if (option == options.end() || i + 1 == words.size()) {
      throw std::invalid_argument("unknown or unfinished option: " + words[i]);
    }
    option->second(words[++i]);
  }
  return question;
}

[[noreturn]] void serve(const std::string &name, std::span<const std::string> words) {
  if (words.size() >= 2 && words[0] == "port") {
    who::serve(name, parse_number<std::uint16_t>(words[1]), words.subspan(2));
  }
  who::serve(name, std::nullopt, words);
}

}  // namespace

int main(int argc, char *argv[]) {
  const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  try {
    if (words.size() >= 3 && words[0] == "serve") {
      serve(words[1], std::span(words).subspan(2));
    }
    if (!words.empty() && (words[0] == "ask" || words[0] == "flood")) {
      const who::Question question = parse_question(std::span(words).subspan(1));
      words[0] == "ask" ? who::ask(question) : who::flood(question);
      return EXIT_SUCCESS;
    }
    std::cerr << kUsage;
  } catch (const std::exception &error) {
    std::cerr << "who: " << error.what() << '\n';
  }
  return EXIT_FAILURE;
}
