// Does the server ask for a retry to get its preferred group, although a share of another group that it takes was sent?
//
// RFC 8446 section 4.1.4:
//   The server will send this message in response to a ClientHello message if it is able to find an acceptable set of parameters but the
//   ClientHello does not contain sufficient information to proceed with the handshake.
//
// A share that is acceptable is sufficient; a server may all the same insist on the group it likes better, for one round trip more. Most
// often the questions for signature schemes have answered this: one of them carries such a share.

#include <algorithm>

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "crypto/key_share.hpp"
#include "probes/lesser_share.hpp"
#include "probes/offers.hpp"

namespace tlsgauge::probes {

using wire::NamedGroup;
using wire::ProtocolVersion;

std::optional<LesserShare> lesser_share(audit::Facts const& facts) {
  if (facts.document()["group_order"]["chooser"] != Value{"server"}) return std::nullopt;
  LesserShare found;
  for (Value const& group : facts.document()["groups"].items()) {
    wire::NamedGroupInfo const* const info = wire::find_named_group(group["name"].as_string());
    if (info != nullptr) found.groups.push_back(info->code);
  }
  if (found.groups.size() < 2) return std::nullopt;
  found.preferred = found.groups.front();
  auto const shared = std::find_if(found.groups.begin() + 1, found.groups.end(), [](NamedGroup group) { return crypto::can_share(group); });
  if (shared == found.groups.end()) return std::nullopt;
  found.shared = *shared;
  return found;
}

namespace {

constexpr std::string_view kKeys[] = {"group_retry"};
constexpr std::string_view kNeeds[] = {"groups", "signature_schemes"};
constexpr audit::Citation kCitations[] = {{"RFC 8446", "4.1.4"}, {"RFC 8446", "4.2.8"}};

audit::Applicability applies(audit::Facts const& facts) {
  if (lesser_share(facts)) return {};
  return {.applies = false, .reason = "TLS 1.3 is not known to prefer one group to another that a share can be made of"};
}

bool asks_it(wire::ClientHello const& hello, LesserShare const& lesser) {
  return has_shares(hello) && named_groups_of(hello) == lesser.groups;
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  LesserShare const lesser = lesser_share(facts).value_or(LesserShare{});
  Value out = Value::object();
  out.set("preferred", wire::name(lesser.preferred)).set("shared", wire::name(lesser.shared));
  audit::Reply reply;
  for (audit::Transcript const& transcript : peer.transcripts()) {
    bool const known = transcript.question.raw.empty() && asks_it(transcript.question.hello, lesser);
    if (known && !reply.server_hello() && transcript.reply.server_hello()) reply = transcript.reply;
  }
  if (!reply.server_hello()) {
    NamedGroup const shared[] = {lesser.shared};
    wire::ClientHello const model = offering(model_hello(peer, ProtocolVersion::TLSv1_3), std::span<NamedGroup const>{lesser.groups});
    audit::Question question{with_shares(model, shared).value_or(model)};
    question.purpose = "TLSv1.3 with a share of " + wire::name(lesser.shared) + " where " + wire::name(lesser.preferred) + " is preferred";
    reply = co_await peer.exchange(std::move(question));
  }
  wire::ServerHello const* const hello = reply.server_hello();
  std::optional<NamedGroup> const picked = hello ? hello->key_share_group() : std::nullopt;
  audit::Observation seen;
  if (hello && hello->version() == ProtocolVersion::TLSv1_3 && picked) {
    bool const retry = hello->is_hello_retry_request();
    out.set("asks", retry).set("asked_for", retry ? Value{wire::name(*picked)} : Value{});
  } else {
    std::string const reason = hello ? "the answer names no group" : to_utf8(reply.why());
    out.set("asks", nullptr).set("asked_for", nullptr).set("inconclusive", reason);
    seen.open("whether a retry is asked for to get the preferred group stayed open: " + reason);
  }
  seen.fact("group_retry", std::move(out));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe group_retry{
    .id = "group_retry",
    .question = "Does the server ask for a retry to get its preferred group, although a share of another that it takes was sent?",
    .connections = "0-1",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes
