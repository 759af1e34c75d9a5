// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scope.hpp"

#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <ownroute/error.hpp>

#include "quote.hpp"

namespace ownroute::cli {
namespace {

constexpr const char *kService = "org.freedesktop.systemd1";
constexpr const char *kObject = "/org/freedesktop/systemd1";
constexpr const char *kManager = "org.freedesktop.systemd1.Manager";

/// How long systemd may take; as long as sd-bus gives it to answer.
constexpr std::chrono::seconds kPatience{25};

template <typename T, T *(*kUnref)(T *)>
struct Unref {
  void operator()(T *object) const { kUnref(object); }
};
using Bus = std::unique_ptr<sd_bus, Unref<sd_bus, sd_bus_flush_close_unref>>;
using Message = std::unique_ptr<sd_bus_message, Unref<sd_bus_message, sd_bus_message_unref>>;

[[noreturn]] void fail(const std::string &what, int code, const std::string &why) {
  throw Error(ErrorKind::refused, "systemd doesn't " + what + ": " + why, code);
}

/// One request, and the job that it becomes.
class Job {
 public:
  /// @p what it is for is for messages.
  explicit Job(std::string what) : what_(std::move(what)) {
    sd_bus *bus = nullptr;
    const int code = sd_bus_open_system(&bus);
    if (code < 0) {
      fail(what_, -code,
           std::string("D-Bus doesn't reach it, start dbus: ") + std::strerror(-code));
    }
    bus_.reset(bus);
    // Before there is a job, so that its end isn't missed.
    check(sd_bus_match_signal(bus, nullptr, kService, kObject, kManager, "JobRemoved", note_removed,
                              this));
  }
  ~Job() { sd_bus_error_free(&error_); }
  Job(const Job &) = delete;
  Job &operator=(const Job &) = delete;

  /// A request to call @p method.
  Message request(const char *method) const {
    sd_bus_message *message = nullptr;
    check(
        sd_bus_message_new_method_call(bus_.get(), &message, kService, kObject, kManager, method));
    return Message(message);
  }

  /// Sends @p request, and waits until the job is done. False if there is no such unit.
  bool run(const Message &request) {
    sd_bus_message *answer = nullptr;
    const int code = sd_bus_call(bus_.get(), request.get(), 0, &error_, &answer);
    const Message freed(answer);
    if (sd_bus_error_has_name(&error_, "org.freedesktop.systemd1.NoSuchUnit") != 0) {
      return false;
    }
    check(code);
    const char *job = nullptr;
    check(sd_bus_message_read(answer, "o", &job));
    wait_for(job);
    return true;
  }

  /// @p code is what a function of sd-bus has returned.
  void check(int code) const {
    if (code < 0) {
      fail(what_, -code, error_.message != nullptr ? error_.message : std::strerror(-code));
    }
  }

 private:
  static int note_removed(sd_bus_message *message, void *self, sd_bus_error *) {
    const char *job = nullptr;
    const char *result = nullptr;
    if (sd_bus_message_read(message, "uoss", nullptr, &job, nullptr, &result) >= 0) {
      static_cast<Job *>(self)->removed_[job] = result;
    }
    return 0;
  }

  void wait_for(const std::string &job) {
    using std::chrono::steady_clock;
    const auto deadline = steady_clock::now() + kPatience;
    while (!removed_.contains(job)) {
      const auto left =
          std::chrono::duration_cast<std::chrono::microseconds>(deadline - steady_clock::now());
      if (left.count() <= 0) {
        check(-ETIMEDOUT);
      }
      const int more = sd_bus_process(bus_.get(), nullptr);
      check(more);
      if (more == 0) {
        check(sd_bus_wait(bus_.get(), static_cast<std::uint64_t>(left.count())));
      }
    }
    if (removed_[job] != "done") {
      fail(what_, 0, "its job ended as " + removed_[job]);
    }
  }

  std::string what_;
  Bus bus_;
  sd_bus_error error_ = SD_BUS_ERROR_NULL;
  /// Results of jobs, by their path.
  std::map<std::string, std::string> removed_;
};

}  // namespace

bool systemd_runs() {
  return sd_booted() > 0;
}

void start_scope(const std::string &name, const std::string &description, pid_t pid) {
  Job job("start " + name);
  const Message request = job.request("StartTransientUnit");
  // "inactive-or-failed": none stays behind to be looked at.
  job.check(sd_bus_message_append(request.get(), "ssa(sv)a(sa(sv))", name.c_str(), "fail", 3,
                                  "Description", "s", description.c_str(), "CollectMode", "s",
                                  "inactive-or-failed", "PIDs", "au", 1,
                                  static_cast<std::uint32_t>(pid), 0));
  job.run(request);
}

std::string cgroup_of_scope(const std::string &name, const std::string &found) {
  if (!found.ends_with("/" + name)) {
    throw Error(ErrorKind::refused, "cgroup " + cite(found) + " of cgroup v2 isn't that of " +
                                        name + ": boot with systemd.unified_cgroup_hierarchy=1");
  }
  return found;
}

void stop_scope(const std::string &name) {
  Job job("stop " + name);
  const Message request = job.request("StopUnit");
  job.check(sd_bus_message_append(request.get(), "ss", name.c_str(), "replace"));
  job.run(request);
}

}  // namespace ownroute::cli
