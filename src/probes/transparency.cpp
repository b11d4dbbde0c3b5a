// Which transparency logs vouch for the certificates, and do their signatures hold?
//
// RFC 6962 section 3.3:
//   The SCT data corresponding to at least one certificate in the chain from at least one log must be included in the TLS handshake by
//   using one or more of the mechanisms listed below.
//
// Timestamps lie in certificates, staples and flights that were asked for anyway.

#include <algorithm>

#include "audit/probe.hpp"
#include "probes/offers.hpp"
#include "probes/readable.hpp"
#include "probes/timestamps.hpp"
#include "wire/hello.hpp"

namespace tlsgauge::probes {
namespace {

using wire::ExtensionType;
using wire::ProtocolVersion;

constexpr std::string_view kKeys[] = {"transparency"};
constexpr std::string_view kNeeds[] = {"protocols", "certificates"};
constexpr std::string_view kAfter[] = {"cipher_suites", "extensions"};
constexpr audit::Citation kCitations[] = {{"RFC 6962", "3.2"}, {"RFC 6962", "3.3"}};

audit::Applicability applies(audit::Facts const& facts) {
  std::optional<ProtocolVersion> const version = version_to_ask(facts);
  if (!version || *version < ProtocolVersion::TLSv1_0)
    return {.applies = false, .reason = "no version with extensions is known to be supported"};
  return {};
}

/// Somebody asked for timestamps by TLS and got a certificate.
bool asked(audit::Peer const& peer) {
  return std::any_of(peer.transcripts().begin(), peer.transcripts().end(), [&](audit::Transcript const& transcript) {
    wire::ClientHello const& hello = transcript.question.hello;
    return wire::find(hello.extensions, ExtensionType::signed_certificate_timestamp) != nullptr && for_target(peer, hello) &&
           !transcript.reply.flight.certificates.empty();
  });
}

asio::awaitable<std::string> ask_for_timestamps(audit::Peer& peer, audit::Facts const& facts) {
  ProtocolVersion const version = *version_to_ask(facts);
  if (version == ProtocolVersion::TLSv1_3) {
    wire::ClientHello hello = readable_hello(peer, facts);
    if (hello.cipher_suites.empty()) co_return std::string{};  // nothing of it can be read, and the certificates probe says so
    wire::put(hello, wire::signed_certificate_timestamp());
    ReadableFlight const flight = co_await ask_readable(peer, std::move(hello), "TLSv1.3 certificate timestamps");
    co_return flight.failure;
  }
  audit::Question question{model_hello(peer, version)};
  wire::fill_random(question.hello.random);
  wire::put(question.hello, wire::signed_certificate_timestamp());
  question.purpose = wire::name(version) + " certificate timestamps";
  audit::Reply const reply = co_await peer.exchange(std::move(question));
  co_return reply.answered() ? std::string{} : reply.why();
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  audit::Observation seen;
  std::string open;
  if (!timestamped_certificates(peer).empty() && !asked(peer)) open = co_await ask_for_timestamps(peer, facts);
  Value list = Value::array();
  for (Timestamped const& shown : timestamped_certificates(peer)) {
    Value entry = timestamp_facts(shown, peer.settings());
    if (!open.empty()) entry.set("inconclusive", "whether timestamps come by TLS: " + open);
    list.push_back(std::move(entry));
  }
  if (!open.empty()) seen.open("whether timestamps come by TLS: " + open);
  seen.fact("transparency", std::move(list));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe transparency{
    .id = "transparency",
    .question = "Which transparency logs vouch for the certificates, and do their signatures hold?",
    .connections = "0-1",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
    .after = kAfter,
};

}  // namespace tlsgauge::probes
