// What does the server do with a client that names no host, or one that it does not know?
//
// RFC 6066 section 3:
//   If the server understood the ClientHello extension but does not recognize the server name, the server SHOULD take one of two
//   actions: either abort the handshake by sending a fatal-level unrecognized_name(112) alert or continue the handshake.
//
// One that continues shows which certificate strangers get to see.

#include <algorithm>
#include <set>

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "crypto/certificate.hpp"
#include "probes/offers.hpp"
#include "probes/readable.hpp"
#include "wire/hello.hpp"

namespace tlsgauge::probes {
namespace {

using wire::ExtensionType;
using wire::ProtocolVersion;

constexpr std::string_view kKeys[] = {"server_name"};
constexpr std::string_view kNeeds[] = {"protocols", "cipher_suites"};
constexpr audit::Citation kCitations[] = {{"RFC 6066", "3"}, {"RFC 9325", "3.7"}};

audit::Applicability applies(audit::Facts const& facts) {
  if (version_to_ask(facts)) return {};
  return {.applies = false, .reason = "no version that has extensions is known to be supported"};
}

/// End entities that were shown to the target's own name at that version.
std::set<Bytes> usual_certificates(audit::Peer const& peer, ProtocolVersion version) {
  std::set<Bytes> shown;
  for (audit::Transcript const& transcript : peer.transcripts()) {
    wire::ServerHello const* const hello = transcript.reply.server_hello();
    std::vector<Bytes> const& chain = transcript.reply.flight.certificates;
    bool const usual =
        hello != nullptr && hello->version() == version && transcript.question.raw.empty() && for_target(peer, transcript.question.hello);
    if (usual && !chain.empty()) shown.insert(chain.front());
  }
  return shown;
}

struct Asked {
  Asked() = default;
  ReadableFlight flight;
  std::string_view answer = "inconclusive";
  std::string reason;
};

asio::awaitable<Asked> ask_for(audit::Peer& peer, audit::Facts const& facts, ProtocolVersion version, std::string name) {
  bool const tls13 = version == ProtocolVersion::TLSv1_3;
  wire::ClientHello hello = tls13 ? readable_hello(peer, facts) : model_hello(peer, version);
  wire::fill_random(hello.random);
  name.empty() ? wire::drop(hello, ExtensionType::server_name) : wire::put(hello, wire::server_name(name));
  std::string const purpose = wire::name(version) + (name.empty() ? " without a server name" : " for an unknown server name");
  Asked asked;
  if (tls13) {
    asked.flight = co_await ask_readable(peer, hello, purpose);
  } else {
    audit::Question question{hello};
    question.purpose = purpose;
    asked.flight.reply = co_await peer.exchange(std::move(question));
    asked.flight.refused = asked.flight.reply.refused();
    if (!asked.flight.reply.answered()) asked.flight.failure = asked.flight.reply.why();
  }
  std::vector<Bytes> const& chain = asked.flight.reply.flight.certificates;
  std::set<Bytes> const usual = usual_certificates(peer, version);
  if (asked.flight.refused) {
    asked.answer = "refused";
  } else if (!asked.flight.failure.empty()) {
    asked.reason = to_utf8(asked.flight.failure);
  } else if (chain.empty() || usual.empty()) {
    asked.reason = "there is no certificate to compare";
  } else {
    asked.answer = usual.contains(chain.front()) ? "same_certificate" : "other_certificate";
  }
  co_return asked;
}

Value described(Asked const& asked) {
  wire::Flight const& flight = asked.flight.reply.flight;
  std::optional<wire::Alert> const fatal = flight.fatal_alert();
  bool const refused = asked.answer == "refused";
  bool const warned = !refused && std::any_of(flight.alerts.begin(), flight.alerts.end(), [](wire::Alert const& alert) {
    return alert.description == wire::AlertDescription::unrecognized_name;
  });
  Value out = Value::object();
  out.set("answer", asked.answer).set("alert", refused && fatal ? Value{wire::name(fatal->description)} : Value{}).set("warning", warned);
  if (asked.answer == "other_certificate") {
    Result<crypto::Certificate> const other = crypto::read_certificate(flight.certificates.front());
    out.set("subject", other ? Value{other->subject} : Value{});
  }
  if (!asked.reason.empty()) out.set("inconclusive", asked.reason);
  return out;
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  ProtocolVersion const version = *version_to_ask(facts);
  audit::Observation seen;
  Value out = Value::object();
  out.set("protocol", wire::name(version));
  // Up to TLS 1.2 there is something to compare with in any case. The probe certificates need not ask for this again.
  if (version == ProtocolVersion::TLSv1_3 && usual_certificates(peer, version).empty()) {
    wire::ClientHello hello = readable_hello(peer, facts);
    std::string const purpose = wire::name(version) + " for the server's own name";
    [[maybe_unused]] ReadableFlight const own = co_await ask_readable(peer, std::move(hello), purpose);
  }
  if (peer.target().server_name.empty()) {
    out.set("without_name", Value::object().set("answer", "not_applicable").set("alert", nullptr).set("warning", false));
  } else {
    Asked const without = co_await ask_for(peer, facts, version, std::string{});
    out.set("without_name", described(without));
    if (!without.reason.empty()) seen.open("without a server name: " + without.reason);
  }
  std::string const unknown{kUnknownName};
  Asked const other = co_await ask_for(peer, facts, version, unknown);
  out.set("unknown_name", described(other));
  if (!other.reason.empty()) seen.open("for an unknown server name: " + other.reason);
  seen.fact("server_name", std::move(out));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe server_name{
    .id = "server_name",
    .question = "What does the server do with a client that names no host, or one that it does not know?",
    .connections = "2-3",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes
