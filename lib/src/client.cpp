// SPDX-License-Identifier: LGPL-2.1-or-later
#include <linux/genetlink.h>
#include <linux/ownroute.h>

#include <cerrno>
#include <optional>
#include <ownroute/client.hpp>
#include <ownroute/error.hpp>
#include <string>

#include "codec.hpp"
#include "connection.hpp"
#include "family.hpp"

namespace ownroute {

using detail::Connection;
using detail::Message;

class Client::Impl {
 public:
  explicit Impl(std::unique_ptr<detail::Transport> transport)
      : connection_(std::move(transport)), family_(detail::resolve_family(connection_)) {}

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

 private:
  Connection connection_;
  std::uint16_t family_;
};

namespace {

std::string name_of(std::uint32_t id) {
  return "mapping " + std::to_string(id);
}

/// What must have come in an answer that was acknowledged.
template <typename T>
T required(std::optional<T> answer) {
  if (!answer) {
    throw Error(ErrorKind::refused, "the ownroute module didn't answer what it was asked", EBADMSG);
  }
  return *std::move(answer);
}

}  // namespace

Client::Client(const Netns &netns) : Client(detail::open_transport(netns, NETLINK_GENERIC)) {}
Client::Client(std::unique_ptr<detail::Transport> transport)
    : impl_(std::make_unique<Impl>(std::move(transport))) {}
Client::Client(Client &&) noexcept = default;
Client &Client::operator=(Client &&) noexcept = default;
Client::~Client() = default;

Info Client::info() {
  Message request = impl_->message(OWNROUTE_CMD_INFO_GET);
  std::optional<Info> info;
  impl_->connection().ask(request, "cannot ask the ownroute module",
                          [&](const nlmsghdr &answer) { info = detail::read_info(answer); });
  return required(info);
}

std::vector<KernelMapping> Client::list() {
  Message request = impl_->message(OWNROUTE_CMD_MAPPING_GET);
  std::vector<KernelMapping> mappings;
  impl_->connection().dump(
      request, "cannot list the mappings", [&] { mappings.clear(); },
      [&](const nlmsghdr &answer) { mappings.push_back(detail::read_mapping(answer)); });
  return mappings;
}

KernelMapping Client::get(std::uint32_t id) {
  Message request = impl_->message(OWNROUTE_CMD_MAPPING_GET);
  request.put(OWNROUTE_A_ID, id);
  std::optional<KernelMapping> mapping;
  impl_->connection().ask(request, "cannot read " + name_of(id),
                          [&](const nlmsghdr &answer) { mapping = detail::read_mapping(answer); });
  return required(mapping);
}

Mapping Client::add(const Mapping &mapping) {
  Message request = impl_->message(OWNROUTE_CMD_MAPPING_NEW, mapping);
  std::optional<KernelMapping> made;
  impl_->connection().ask(
      request, mapping.id == 0 ? "cannot add the mapping" : "cannot add " + name_of(mapping.id),
      [&](const nlmsghdr &answer) { made = detail::read_mapping(answer); });
  return required(made).mapping;
}

void Client::set(const Mapping &mapping) {
  Message request = impl_->message(OWNROUTE_CMD_MAPPING_SET, mapping);
  impl_->connection().ask(request, "cannot replace " + name_of(mapping.id));
}

void Client::del(std::uint32_t id) {
  Message request = impl_->message(OWNROUTE_CMD_MAPPING_DEL);
  request.put(OWNROUTE_A_ID, id);
  impl_->connection().ask(request, "cannot delete " + name_of(id));
}

void Client::flush() {
  Message request = impl_->message(OWNROUTE_CMD_FLUSH);
  impl_->connection().ask(request, "cannot delete the mappings");
}

}  // namespace ownroute
