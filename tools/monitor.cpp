// SPDX-License-Identifier: LGPL-2.1-or-later
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <ownroute/error.hpp>
#include <ownroute/events.hpp>

#include "print_changes.hpp"
#include "verb.hpp"

namespace ownroute::cli {
namespace {

/// SIGINT and SIGTERM as something to poll: they end no process any more.
class StopSignals {
 public:
  StopSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, nullptr);
    fd_ = signalfd(-1, &signals, SFD_CLOEXEC);
    if (fd_ < 0) {
      throw Error(ErrorKind::refused,
                  std::string("cannot wait for signals: ") + std::strerror(errno), errno);
    }
  }
  ~StopSignals() { close(fd_); }
  StopSignals(const StopSignals &) = delete;
  StopSignals &operator=(const StopSignals &) = delete;

  int fd() const { return fd_; }

 private:
  int fd_;
};

/// Waits for events; false if it is time to stop.
bool wait(const Events &events, const StopSignals &signals) {
  // The output is never waited for, but it tells when its reader is gone.
  pollfd fds[] = {{signals.fd(), POLLIN, 0}, {STDOUT_FILENO, 0, 0}, {events.fd(), POLLIN, 0}};
  while (poll(fds, std::size(fds), -1) < 0) {
    if (errno != EINTR) {
      throw Error(ErrorKind::refused,
                  std::string("cannot wait for events: ") + std::strerror(errno), errno);
    }
  }
  return fds[0].revents == 0 && fds[1].revents == 0;
}

void print_until_stopped(Events &events, const StopSignals &signals, bool json, std::ostream &out) {
  while (wait(events, signals)) {
    for (const Event &event : events.read()) {
      print_event(out, event, json);
    }
    out.flush();
  }
}

void monitor(Words words, const Options &options, std::ostream &out) {
  take_no_words(words, "monitor prints all events");
  const StopSignals signals;
  Events events(options.open_netns());
  try {
    print_until_stopped(events, signals, options.json, out);
  } catch (const Error &error) {
    // A reader that has seen enough.
    if (error.code() != EPIPE) {
      throw;
    }
  }
}

}  // namespace

const Verb kMonitor{"monitor", "", "print what happens to the mappings, until interrupted",
                    monitor};

}  // namespace ownroute::cli
