// SPDX-License-Identifier: LGPL-2.1-or-later
#include <linux/genetlink.h>
#include <linux/ownroute.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <optional>
#include <ownroute/client.hpp>
#include <ownroute/error.hpp>
#include <string>
#include <utility>

#include "attributes.hpp"
#include "codec.hpp"
#include "connection.hpp"
#include "family.hpp"
#include "text.hpp"

namespace ownroute {

using detail::Connection;
using detail::Message;

class Client::Impl {
 public:
  explicit Impl(std::unique_ptr<detail::Transport> transport)
      : connection_(std::move(transport)), family_(detail::resolve_family(connection_).id) {}

  Message message(std::uint8_t command, std::size_t attributes = 64) const {
    const genlmsghdr header{.cmd = command, .version = OWNROUTE_GENL_VERSION, .reserved = 0};
    return {detail::kOwnrouteDialect, family_, 0, header, attributes};
  }

  Message message(std::uint8_t command, const Mapping &mapping) const {
    Message request = message(command, detail::encoded_size(mapping));
    detail::put_mapping(request, mapping);
    return request;
  }

  Connection &connection() { return connection_; }

  void begin();
  void commit();
  void abort();
  bool in_transaction() const { return in_transaction_; }

  /// Asks for a change, or keeps it for the commit.
  void change(Message &request, const Connection::Each &each = {});

 private:
  template <typename Work>
  void or_abort(const Work &work);

  Connection connection_;
  std::uint16_t family_;
  bool in_transaction_ = false;
};

namespace {

std::string name_of(std::uint32_t id) {
  return "mapping " + std::to_string(id);
}

/// What a change wants, that can't be done.
std::string subject_of(const nlmsghdr &request) {
  const auto header = detail::read_as<genlmsghdr>(detail::payload(request));
  const detail::Attributes attributes(request, sizeof(genlmsghdr));
  switch (header.cmd) {
    case OWNROUTE_CMD_MAPPING_NEW:
      return "cannot add " + detail::name_of(detail::read_request(request));
    case OWNROUTE_CMD_MAPPING_SET:
      return "cannot replace " + detail::name_of(detail::read_request(request));
    case OWNROUTE_CMD_MAPPING_DEL:
      return "cannot delete " + name_of(attributes.number(OWNROUTE_A_ID).value_or(0));
    default:
      return "cannot delete the mappings";
  }
}

/// The kernel shows them in the order of their ids.
std::vector<KernelMapping> in_order_of_matching(std::vector<KernelMapping> mappings) {
  const auto order = [](const KernelMapping &kernel) {
    return std::pair(kernel.mapping.priority, kernel.mapping.id);
  };
  if (std::ranges::is_sorted(mappings, {}, order)) {
    return mappings;
  }
  // They are large: each is moved once.
  std::vector<KernelMapping *> pointers(mappings.size());
  std::ranges::transform(mappings, pointers.begin(), [](KernelMapping &kernel) { return &kernel; });
  std::ranges::sort(pointers, {}, [&](const KernelMapping *kernel) { return order(*kernel); });
  std::vector<KernelMapping> sorted;
  sorted.reserve(mappings.size());
  std::ranges::transform(pointers, std::back_inserter(sorted),
                         [](KernelMapping *kernel) { return std::move(*kernel); });
  return sorted;
}

/// What must have come in an answer that was acknowledged.
template <typename T>
T required(std::optional<T> answer) {
  if (!answer) {
    throw Error(ErrorKind::refused, "the ownroute module didn't answer what it was asked", EBADMSG);
  }
  return *std::move(answer);
}

/// Asks @p request, whose one answer @p read understands.
template <typename T>
T ask_one(Connection &connection, Message &request, const std::string &subject,
          T (*read)(const nlmsghdr &)) {
  std::optional<T> answer;
  connection.ask(request, subject, [&](const nlmsghdr &message) { answer = read(message); });
  return required(std::move(answer));
}

}  // namespace

void Client::Impl::begin() {
  Message request = message(OWNROUTE_CMD_BEGIN);
  connection_.ask(request, "cannot begin a transaction");
  in_transaction_ = true;
}

void Client::Impl::commit() {
  or_abort([&] { connection_.send_posted(subject_of); });
  in_transaction_ = false;
  Message request = message(OWNROUTE_CMD_COMMIT);
  connection_.ask(request, "cannot change the mappings");
}

void Client::Impl::abort() {
  if (!in_transaction_) {
    return;
  }
  in_transaction_ = false;
  connection_.forget_posted();
  Message request = message(OWNROUTE_CMD_ABORT);
  connection_.ask(request, "cannot abort the transaction");
}

void Client::Impl::change(Message &request, const Connection::Each &each) {
  if (in_transaction_) {
    or_abort([&] { connection_.post(request, subject_of); });
  } else {
    connection_.ask(request, subject_of(request.header()), each);
  }
}

template <typename Work>
void Client::Impl::or_abort(const Work &work) {
  try {
    work();
  } catch (const Error &) {
    try {
      abort();
    } catch (const Error &) {
      // What has gone wrong first says more.
    }
    throw;
  }
}

Client::Client(const Netns &netns) : Client(detail::open_transport(netns, NETLINK_GENERIC)) {}
Client::Client(std::unique_ptr<detail::Transport> transport)
    : impl_(std::make_unique<Impl>(std::move(transport))) {}
Client::Client(Client &&) noexcept = default;
Client &Client::operator=(Client &&) noexcept = default;
Client::~Client() = default;

Info Client::info() {
  Message request = impl_->message(OWNROUTE_CMD_INFO_GET);
  return ask_one(impl_->connection(), request, "cannot ask the ownroute module", detail::read_info);
}

NetStats Client::stats() {
  Message request = impl_->message(OWNROUTE_CMD_STATS_GET);
  return ask_one(impl_->connection(), request, "cannot ask the ownroute module",
                 detail::read_net_stats);
}

void Client::set_limit(std::uint32_t limit) {
  Message request = impl_->message(OWNROUTE_CMD_LIMIT_SET);
  detail::put_limit(request, limit);
  impl_->connection().ask(request, "cannot set the limit to " + std::to_string(limit));
}

std::vector<KernelMapping> Client::list() {
  Message request = impl_->message(OWNROUTE_CMD_MAPPING_GET);
  std::vector<KernelMapping> mappings;
  impl_->connection().dump(
      request, "cannot list the mappings", [&] { mappings.clear(); },
      [&](const nlmsghdr &answer) { mappings.push_back(detail::read_mapping(answer)); });
  return in_order_of_matching(std::move(mappings));
}

KernelMapping Client::get(std::uint32_t id) {
  Message request = impl_->message(OWNROUTE_CMD_MAPPING_GET);
  request.put(OWNROUTE_A_ID, id);
  return ask_one(impl_->connection(), request, "cannot read " + name_of(id), detail::read_mapping);
}

std::optional<KernelMapping> Client::lookup(const Owner &owner) {
  Message request = impl_->message(OWNROUTE_CMD_LOOKUP, detail::encoded_size(owner));
  detail::put_owner(request, owner);
  try {
    return ask_one(impl_->connection(), request, "cannot look up the mapping of the owner",
                   detail::read_mapping);
  } catch (const Error &error) {
    if (error.code() != ENOENT) {
      throw;
    }
    return std::nullopt;
  }
}

Mapping Client::add(const Mapping &mapping) {
  Message request = impl_->message(OWNROUTE_CMD_MAPPING_NEW, mapping);
  std::optional<KernelMapping> made;
  impl_->change(request, [&](const nlmsghdr &answer) { made = detail::read_mapping(answer); });
  return impl_->in_transaction() ? mapping : required(std::move(made)).mapping;
}

void Client::set(const Mapping &mapping) {
  Message request = impl_->message(OWNROUTE_CMD_MAPPING_SET, mapping);
  impl_->change(request);
}

void Client::del(std::uint32_t id) {
  Message request = impl_->message(OWNROUTE_CMD_MAPPING_DEL);
  request.put(OWNROUTE_A_ID, id);
  impl_->change(request);
}

void Client::flush() {
  Message request = impl_->message(OWNROUTE_CMD_FLUSH);
  impl_->change(request);
}

void Client::begin() {
  impl_->begin();
}
void Client::commit() {
  impl_->commit();
}
void Client::abort() {
  impl_->abort();
}
bool Client::in_transaction() const {
  return impl_->in_transaction();
}

}  // namespace ownroute
