// SPDX-License-Identifier: LGPL-2.1-or-later
#include "report.hpp"

#include <cerrno>
#include <cstring>

#include "attributes.hpp"

namespace ownroute::detail {
namespace {

/// Bytes of @p end's payload in front of the report's attributes.
std::size_t attributes_offset(const nlmsghdr &end) {
  if (end.nlmsg_type == NLMSG_DONE) {
    return sizeof(int);
  }
  // The request is repeated, its payload only if the answer isn't capped.
  const auto error = read_as<nlmsgerr>(payload(end));
  const bool capped = (end.nlmsg_flags & NLM_F_CAPPED) != 0;
  return sizeof(int) + (capped ? sizeof(nlmsghdr) : NLMSG_ALIGN(error.msg.nlmsg_len));
}

/// The attribute of @p request that has byte @p offset, counted from the request's beginning.
std::string attribute_at(std::size_t offset, const nlmsghdr &request, const Dialect &dialect) {
  const std::size_t first = NLMSG_HDRLEN + NLMSG_ALIGN(dialect.header_size);
  for (const Attribute &attribute : Attributes(request, dialect.header_size)) {
    const std::size_t begin = first + attribute.offset;
    if (begin <= offset && offset < begin + NLA_HDRLEN + attribute.payload.size()) {
      return dialect.attribute_name(attribute.type);
    }
  }
  return {};
}

std::string reason(const Report &report) {
  return report.extack.empty() ? std::strerror(report.code) : report.extack;
}

}  // namespace

Report read_report(const nlmsghdr &end, const nlmsghdr &request, const Dialect &dialect) {
  // Both kinds begin with the error, negative.
  Report report{.code = -read_as<int>(payload(end))};
  if ((end.nlmsg_flags & NLM_F_ACK_TLVS) == 0) {
    return report;
  }
  const Attributes attributes(end, attributes_offset(end));
  report.extack = attributes.text(NLMSGERR_ATTR_MSG);
  // The module pads them for kernels before 6.2.
  report.extack.erase(report.extack.find_last_not_of(' ') + 1);
  if (const auto offset = attributes.number(NLMSGERR_ATTR_OFFS)) {
    report.attribute = attribute_at(*offset, request, dialect);
  } else if (const auto type = attributes.number(NLMSGERR_ATTR_MISS_TYPE)) {
    report.attribute = dialect.attribute_name(*type);
  }
  return report;
}

Error to_error(const Report &report, const Dialect &dialect, std::string_view subject) {
  const ErrorKind kind = report.code == EPERM ? ErrorKind::not_permitted
                                              : dialect.kind(report.code, !report.extack.empty());
  std::string message(subject);
  switch (kind) {
    case ErrorKind::not_permitted:
      message += ": it needs CAP_NET_ADMIN over the network namespace, run it as root";
      break;
    case ErrorKind::other_version:
      message += ": the ownroute module is older than this library, update the module";
      break;
    default:
      message += ": " + reason(report);
  }
  if (kind == ErrorKind::not_permitted || kind == ErrorKind::other_version) {
    message += " (the kernel says: " + reason(report) + ")";
  }
  if (!report.attribute.empty()) {
    message += " [" + report.attribute + "]";
  }
  return Error(kind, message, report.code, report.extack, report.attribute);
}

}  // namespace ownroute::detail
