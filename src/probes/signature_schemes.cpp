// With which schemes does the server sign its handshakes, in which order, and who chooses?
//
// RFC 5246 section 7.4.3:
//   If the client has offered the "signature_algorithms" extension, the signature algorithm and hash algorithm MUST be a pair listed in
//   that extension.
//
// What is used is read where it is used: in the ServerKeyExchange of TLS 1.2, for each kind of key, and in the CertificateVerify of
// TLS 1.3. A ServerHello alone says nothing, and the list of a CertificateRequest is what the server claims to take, not what it does.

#include <fmt/core.h>

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "probes/evidence.hpp"
#include "probes/exchange_rounds.hpp"
#include "probes/verify_rounds.hpp"

namespace tlsgauge::probes {
namespace {

using wire::ProtocolVersion;
using wire::SignatureScheme;

constexpr std::string_view kKeys[] = {"signature_schemes"};
constexpr std::string_view kNeeds[] = {"protocols", "cipher_suites", "certificates", "curves"};
constexpr audit::Citation kCitations[] = {
    {"RFC 5246", "7.4.1.4.1"}, {"RFC 5246", "7.4.3"}, {"RFC 8446", "4.2.3"}, {"RFC 8446", "4.4.3"}, {"RFC 9155", "4"}};

/// Suites of TLS 1.2 whose ServerKeyExchange is signed with that kind of key.
std::optional<ExchangeSuites> signed_suites(audit::Facts const& facts, std::string_view authentication) {
  std::string_view const only[] = {authentication};
  for (std::string_view const key_exchange : {"ECDHE", "DHE"}) {
    std::optional<ExchangeSuites> const suites = exchange_suites(facts, key_exchange, only);
    if (suites && suites->version == ProtocolVersion::TLSv1_2) return suites;
  }
  return std::nullopt;
}

constexpr std::string_view kAuthentications[] = {"RSA", "ECDSA", "DSS"};

audit::Applicability applies(audit::Facts const& facts) {
  if (facts.support(ProtocolVersion::TLSv1_3) == audit::Support::yes) return {};
  for (std::string_view const authentication : kAuthentications) {
    if (signed_suites(facts, authentication)) return {};
  }
  return {.applies = false, .reason = "neither TLS 1.3 nor a suite of TLS 1.2 that signs is known to be accepted"};
}

/// What the server says that it takes from clients.
Value claimed(audit::Peer const& peer, ProtocolVersion version) {
  for (audit::Transcript const& transcript : peer.transcripts()) {
    wire::ServerHello const* const hello = transcript.reply.server_hello();
    std::optional<wire::CertificateRequest> const& request = transcript.reply.flight.certificate_request;
    if (hello == nullptr || hello->version() != version || !request) continue;
    Value list = Value::array();
    for (SignatureScheme const scheme : request->signature_algorithms) list.push_back(wire::name(scheme));
    return list;
  }
  return {};
}

bool weak(SignatureScheme scheme) {
  wire::SignatureSchemeInfo const* const info = wire::find(scheme);
  return info != nullptr && (info->hash == "md5" || info->hash == "sha1");
}

std::string reproduce(Target const& target, SignatureScheme scheme) {
  switch (scheme) {
    case SignatureScheme::rsa_pkcs1_sha1:
      return s_client(target, "-tls1_2 -sigalgs RSA+SHA1 -cipher ALL:@SECLEVEL=0");
    case SignatureScheme::ecdsa_sha1:
      return s_client(target, "-tls1_2 -sigalgs ECDSA+SHA1 -cipher ALL:@SECLEVEL=0");
    case SignatureScheme::dsa_sha1:
      return s_client(target, "-tls1_2 -sigalgs DSA+SHA1 -cipher ALL:@SECLEVEL=0");
    default:
      return {};
  }
}

Value fact(SignatureScheme scheme) {
  Value entry = Value::object();
  entry.set("code", wire::code_text(scheme)).set("name", wire::name(scheme));
  return entry;
}

Value describe(solve::Solution const& solution, std::optional<solve::Code> not_offered, Value claim, ProtocolVersion version,
               std::string_view authentication, audit::Observation& seen) {
  std::string const reason = to_utf8(solution.reason);
  Value schemes = Value::array();
  for (solve::Code const code : solution.accepted) schemes.push_back(fact(SignatureScheme{code}));
  Value out = Value::object();
  out.set("protocol", wire::name(version))
      .set("authentication", authentication.empty() ? Value{} : Value{authentication})
      .set("schemes", std::move(schemes))
      .set("chooser", probes::name(solution.chooser))
      .set("complete", solution.complete && !solution.accepted.empty())
      .set("reason", reason.empty() ? Value{} : Value{reason})
      .set("not_offered", not_offered ? Value{wire::name(SignatureScheme{*not_offered})} : Value{})
      .set("claimed", std::move(claim));
  if (solution.accepted.empty()) {
    out.set("inconclusive", reason.empty() ? "no signature could be read" : reason);
    seen.open(wire::name(version) + ": no signature scheme could be read: " + reason);
  } else if (!solution.complete) {
    seen.open(wire::name(version) + ": there may be more signature schemes than were found: " + reason);
  }
  return out;
}

/// SHA-1 and MD5 once more, on a connection of their own.
asio::awaitable<void> confirm(audit::Peer& peer, ExchangeRounds const& rounds, SignatureScheme scheme, Value& entry) {
  audit::Question question = rounds.question({static_cast<solve::Code>(scheme)});
  question.purpose += ", once more";
  audit::Reply const reply = co_await peer.exchange(std::move(question));
  solve::Answer const answer = exchange_answer(ProtocolVersion::TLSv1_2, Part::scheme, reply);
  if (answer.kind == solve::Answer::Kind::picked && answer.code == static_cast<solve::Code>(scheme)) {
    entry.set("evidence", evidence(reply, reproduce(peer.target(), scheme)));
  } else {
    entry.set("inconclusive", reply.answered() ? "used once, and not when it was offered alone" : to_utf8(reply.why()));
  }
}

asio::awaitable<Value> ask_tls12(audit::Peer& peer, ExchangeSuites suites, audit::Observation& seen) {
  std::string const authentication = suites.authentication;
  ExchangeRounds rounds{peer, std::move(suites), Part::scheme, schemes_of_tls12(authentication)};
  rounds.recall();
  co_await rounds.run();
  solve::Solution const solution = rounds.solution();
  Value out =
      describe(solution, rounds.not_offered(), claimed(peer, ProtocolVersion::TLSv1_2), ProtocolVersion::TLSv1_2, authentication, seen);
  Value schemes = Value::array();
  for (solve::Code const code : solution.accepted) {
    Value entry = fact(SignatureScheme{code});
    if (weak(SignatureScheme{code})) {
      co_await confirm(peer, rounds, SignatureScheme{code}, entry);
      if (entry["inconclusive"].is_string()) seen.open(wire::name(SignatureScheme{code}) + ": " + entry["inconclusive"].as_string());
    }
    schemes.push_back(std::move(entry));
  }
  out.set("schemes", std::move(schemes));
  co_return out;
}

asio::awaitable<Value> ask_tls13(audit::Peer& peer, audit::Facts const& facts, audit::Observation& seen) {
  VerifyRounds rounds{peer, lesser_share(facts)};
  if (!rounds.readable()) {
    solve::Solution nothing;
    nothing.reason = "no encrypted flight could be read";
    co_return describe(nothing, std::nullopt, Value{}, ProtocolVersion::TLSv1_3, {}, seen);
  }
  co_await rounds.run();
  Value claim = claimed(peer, ProtocolVersion::TLSv1_3);
  co_return describe(rounds.solution(), rounds.not_offered(), std::move(claim), ProtocolVersion::TLSv1_3, {}, seen);
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  audit::Observation seen;
  Value list = Value::array();
  for (std::string_view const authentication : kAuthentications) {
    std::optional<ExchangeSuites> suites = signed_suites(facts, authentication);
    if (!suites) continue;
    ExchangeSuites these = std::move(*suites);
    Value entry = co_await ask_tls12(peer, std::move(these), seen);
    list.push_back(std::move(entry));
  }
  if (facts.support(ProtocolVersion::TLSv1_3) == audit::Support::yes) {
    Value entry = co_await ask_tls13(peer, facts, seen);
    list.push_back(std::move(entry));
  }
  seen.fact("signature_schemes", std::move(list));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe signature_schemes{
    .id = "signature_schemes",
    .question = "With which schemes does the server sign its handshakes, in which order, and who chooses?",
    .connections = "schemes + 1-2 a version, less those that curves asked for",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes
