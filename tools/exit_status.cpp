// SPDX-License-Identifier: LGPL-2.1-or-later
#include "exit_status.hpp"

#include <iostream>
#include <ownroute/error.hpp>
#include <string>

namespace ownroute::cli {
namespace {

ExitStatus exit_status(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
    case ErrorKind::not_found:
      return kWrongCommandLine;
    case ErrorKind::not_loaded:
    case ErrorKind::not_permitted:
    case ErrorKind::other_version:
    case ErrorKind::refused:
      break;
  }
  return kRefused;
}

ExitStatus fail(ExitStatus status, const std::string &message) {
  std::cerr << "ownroute: " << message << '\n';
  return status;
}

}  // namespace

ExitStatus report(const std::function<void()> &work) noexcept {
  try {
    work();
  } catch (const Exit &exit) {
    return exit.status;
  } catch (const Error &error) {
    return fail(exit_status(error.kind()), error.what());
  } catch (const std::exception &error) {
    return fail(kRefused, std::string("unexpected error: ") + error.what());
  }
  return kDone;
}

}  // namespace ownroute::cli
