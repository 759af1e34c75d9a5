// SPDX-License-Identifier: LGPL-2.1-or-later
#include "answer.hpp"

namespace ownroute::test {
namespace {

void put(Answer &answer, const Extack &extack) {
  if (!extack.message.empty()) {
    answer.attribute(NLMSGERR_ATTR_MSG, extack.message);
  }
  if (extack.offset) {
    answer.attribute(NLMSGERR_ATTR_OFFS, *extack.offset);
  }
  if (extack.missing) {
    answer.attribute(NLMSGERR_ATTR_MISS_TYPE, *extack.missing);
  }
}

int tlv_flag(const Extack &extack) {
  return extack.message.empty() && !extack.offset && !extack.missing ? 0 : NLM_F_ACK_TLVS;
}

}  // namespace

Answer::Answer(const nlmsghdr &request, int type, int flags) {
  raw(nlmsghdr{.nlmsg_len = 0,
               .nlmsg_type = static_cast<std::uint16_t>(type),
               .nlmsg_flags = static_cast<std::uint16_t>(flags),
               .nlmsg_seq = request.nlmsg_seq,
               .nlmsg_pid = request.nlmsg_pid});
}

Answer &Answer::attribute(unsigned type, const void *data, std::size_t length) {
  raw(nlattr{.nla_len = static_cast<std::uint16_t>(NLA_HDRLEN + length),
             .nla_type = static_cast<std::uint16_t>(type)});
  return append(data, length);
}

Answer &Answer::append(const void *data, std::size_t length) {
  const auto *begin = static_cast<const std::uint8_t *>(data);
  bytes_.insert(bytes_.end(), begin, begin + length);
  bytes_.resize(NLMSG_ALIGN(bytes_.size()));
  const auto size = static_cast<std::uint32_t>(bytes_.size());
  std::memcpy(bytes_.data(), &size, sizeof(size));
  return *this;
}

Datagram ack(const nlmsghdr &request, int code, const Extack &extack) {
  Answer answer(request, NLMSG_ERROR, NLM_F_CAPPED | tlv_flag(extack));
  answer.raw(nlmsgerr{.error = -code, .msg = request});
  put(answer, extack);
  return answer.bytes();
}

Datagram uncapped_error(const nlmsghdr &request, int code, const Extack &extack) {
  Answer answer(request, NLMSG_ERROR, tlv_flag(extack));
  answer.raw(-code);
  const auto *begin = reinterpret_cast<const std::uint8_t *>(&request);
  for (std::size_t i = 0; i < NLMSG_ALIGN(request.nlmsg_len); i += sizeof(std::uint32_t)) {
    std::uint32_t word;
    std::memcpy(&word, begin + i, sizeof(word));
    answer.raw(word);
  }
  put(answer, extack);
  return answer.bytes();
}

Datagram done(const nlmsghdr &request, int code, const Extack &extack, int flags) {
  Answer answer(request, NLMSG_DONE, NLM_F_MULTI | flags | tlv_flag(extack));
  answer.raw(-code);
  put(answer, extack);
  return answer.bytes();
}

}  // namespace ownroute::test
