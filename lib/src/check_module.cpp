// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>

#include "checks.hpp"
#include "kernel_release.hpp"
#include "read_lines.hpp"

namespace ownroute::detail {
namespace {

using std::filesystem::path;

/// Empty if it can't be read.
std::string content_of(const path &file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Why the kernel, or the next one that is booted, takes signed modules alone; empty: it takes all.
std::string strictness(const path &root) {
  // Four bytes of attributes come first.
  const std::string secure_boot =
      content_of(root / "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c");
  if (secure_boot.size() == 5 && secure_boot.back() == 1) {
    return "Secure Boot is on";
  }
  const std::string lockdown = content_of(root / "sys/kernel/security/lockdown");
  if (lockdown.find("[integrity]") != lockdown.npos ||
      lockdown.find("[confidentiality]") != lockdown.npos) {
    return "the kernel is locked down";
  }
  return content_of(root / "sys/module/module/parameters/sig_enforce").starts_with('Y')
             ? "the kernel takes signed modules alone"
             : "";
}

bool is_unsigned(const path &module) {
  return std::filesystem::exists(module) &&
         !content_of(module).ends_with("~Module signature appended~\n");
}

/// Whether the numbers of @p a, "0.1.0", come before those of @p b.
bool is_before(const std::string &a, const std::string &b) {
  return strverscmp(a.c_str(), b.c_str()) < 0;
}

}  // namespace

bool lacks_module(const Sight &sight) {
  const path modules = sight.root / "sys/module";
  return std::filesystem::exists(modules) && !std::filesystem::exists(modules / "ownroute");
}

void check_signature(const Sight &sight, Findings &findings) {
  const std::string why = strictness(sight.root);
  if (why.empty()) {
    return;
  }
  // Compressed ones can't be looked into.
  for (const char *directory : {"updates", "updates/dkms", "extra"}) {
    const path below = path("lib/modules") / kernel_release() / directory / "ownroute.ko";
    if (is_unsigned(sight.root / below)) {
      findings.add(Severity::broken,
                   "/" + below.string() + " is not signed and can't be loaded, because " + why,
                   "sign it, and enrol the key with mokutil --import");
    }
  }
}

void check_version(const Sight &sight, const Info &info, Findings &findings) {
  const auto lines = read_lines(sight.root / "sys/module/ownroute/version");
  const bool is_older = !lines.empty() && is_before(lines[0], OWNROUTE_VERSION);
  if (info.older || is_older) {
    findings.add(Severity::broken, "the ownroute module that is loaded is older than the library",
                 "save the mappings with ownroute export, rmmod and modprobe ownroute, apply them");
  }
}

}  // namespace ownroute::detail
