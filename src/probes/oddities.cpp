#include "probes/oddities.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "probes/offers.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace tlsgauge::probes {
namespace {

using wire::CipherSuite;
using wire::ClientHello;
using wire::ExtensionType;
using wire::NamedGroup;
using wire::ProtocolVersion;
using wire::SignatureScheme;

constexpr std::size_t kMiddleFrom = 256, kMiddleTo = 511, kMiddle = 384;
constexpr std::size_t kLarge = 1500, kLargeSegment = 1550, kLargeRecord = 1600, kLargeHello = 1700;
constexpr std::size_t kManySuites = 128, kMostSuites = 192;
constexpr std::size_t kExtensionHeader = 4;
constexpr ExtensionType kUnknownExtension{0xFF7B};  // RFC 8446 section 11: private use
constexpr ProtocolVersion kGreaseVersion{0x3A3A};   // RFC 8701 section 2
constexpr ProtocolVersion kUnknownVersions[] = {kGreaseVersion, ProtocolVersion{0x7FEE}, ProtocolVersion{0x0305}};
constexpr std::string_view kUnknownProtocol = "unknown/9";

/// Puts these octets in front of a list with a length of two octets.
void prepend(ClientHello& hello, ExtensionType type, Bytes const& front) {
  wire::Extension const* const found = wire::find(hello.extensions, type);
  Bytes list;
  if (found != nullptr && found->data.size() > 2) list.assign(found->data.begin() + 2, found->data.end());
  wire::Writer data;
  data.vector16([&](wire::Writer& w) {
    w.bytes(front);
    w.bytes(list);
  });
  wire::put(hello, {type, data.take()});
}

void add_grease(ClientHello& hello) {
  hello.cipher_suites.insert(hello.cipher_suites.begin(), CipherSuite::GREASE_0A0A);
  prepend(hello, ExtensionType::supported_groups, {0x1A, 0x1A});
  if (wire::find(hello.extensions, ExtensionType::key_share)) prepend(hello, ExtensionType::key_share, {0x1A, 0x1A, 0, 1, 0});
  if (wire::find(hello.extensions, ExtensionType::signature_algorithms)) prepend(hello, ExtensionType::signature_algorithms, {0x2A, 0x2A});
  if (wire::find(hello.extensions, ExtensionType::application_layer_protocol_negotiation)) {
    prepend(hello, ExtensionType::application_layer_protocol_negotiation, {2, 0x5A, 0x5A});
  }
  std::vector<ProtocolVersion> versions = supported_versions_of(hello);
  if (!versions.empty() && versions.front() != kGreaseVersion) {
    versions.insert(versions.begin(), kGreaseVersion);
    wire::put(hello, wire::supported_versions(versions));
  }
  hello.extensions.insert(hello.extensions.begin(), wire::Extension{ExtensionType::GREASE_6A6A, {}});
  wire::put(hello, {ExtensionType::GREASE_7A7A, {0}});
}

void add_suites(ClientHello& hello) {
  for (CipherSuite const suite : wire::offerable_suites(ProtocolVersion::TLSv1_2)) {
    if (hello.cipher_suites.size() >= kMostSuites) break;
    if (suite == CipherSuite::TLS_NULL_WITH_NULL_NULL) continue;
    if (std::find(hello.cipher_suites.begin(), hello.cipher_suites.end(), suite) == hello.cipher_suites.end()) {
      hello.cipher_suites.push_back(suite);
    }
  }
}

void add_versions(ClientHello& hello) {
  std::vector<ProtocolVersion> versions{std::begin(kUnknownVersions), std::end(kUnknownVersions)};
  std::vector<ProtocolVersion> const known = supported_versions_of(hello);
  versions.insert(versions.end(), known.begin(), known.end());
  if (known.empty()) versions.push_back(hello.legacy_version);
  wire::put(hello, wire::supported_versions(versions));
}

void add_protocol(ClientHello& hello) {
  // Not insert(): g++ 12 with -O3 warns of a copy that it takes to be out of bounds.
  Bytes front(1 + kUnknownProtocol.size());
  front.front() = static_cast<std::uint8_t>(kUnknownProtocol.size());
  std::copy(kUnknownProtocol.begin(), kUnknownProtocol.end(), front.begin() + 1);
  if (!wire::find(hello.extensions, ExtensionType::application_layer_protocol_negotiation)) {
    std::string const known[] = {"h2", "http/1.1"};
    wire::put(hello, wire::application_layer_protocol_negotiation(known));
  }
  prepend(hello, ExtensionType::application_layer_protocol_negotiation, front);
}

/// With padding alone. The message must be shorter to begin with.
void grow(ClientHello& hello, std::size_t octets) {
  wire::drop(hello, ExtensionType::padding);
  if (hello.extensions.empty()) return;
  std::size_t const now = hello.encode().size() + kExtensionHeader;
  if (now < octets) wire::put(hello, wire::padding(octets - now));
}

bool same(audit::Question const& question, Oddity oddity, std::size_t octets) {
  ClientHello const& hello = question.hello;
  switch (oddity) {
    case Oddity::hello_256_511:
      return octets >= kMiddleFrom && octets <= kMiddleTo;
    case Oddity::large_hello:
      return octets > kLarge;
    case Oddity::many_suites:
      return hello.cipher_suites.size() > kManySuites;
    case Oddity::grease:
      return wire::find(hello.extensions, ExtensionType::GREASE_6A6A) != nullptr;
    case Oddity::unknown_extension:
      return wire::find(hello.extensions, kUnknownExtension) != nullptr;
    case Oddity::unknown_alpn: {
      auto const* const alpn = wire::find(hello.extensions, ExtensionType::application_layer_protocol_negotiation);
      return alpn &&
             std::search(alpn->data.begin(), alpn->data.end(), kUnknownProtocol.begin(), kUnknownProtocol.end()) != alpn->data.end();
    }
    case Oddity::unknown_versions: {
      std::vector<ProtocolVersion> const versions = supported_versions_of(hello);
      return std::find(versions.begin(), versions.end(), kUnknownVersions[1]) != versions.end();
    }
    case Oddity::record_version:
      return hello.record_version == ProtocolVersion::TLSv1_2;
    case Oddity::two_segments:
      return question.delivery.segment > 0;
    case Oddity::two_records:
      return question.delivery.record > 0;
  }
  return false;
}

/// Of the model's, the one that was picked first and some more.
std::vector<CipherSuite> few_suites(audit::Peer const& peer, ProtocolVersion version) {
  constexpr std::size_t kFew = 16;
  ClientHello const model = model_hello(peer, version);
  std::vector<CipherSuite> suites = suites_of(model);
  for (audit::Transcript const& transcript : peer.transcripts()) {
    wire::ServerHello const* const hello = transcript.reply.server_hello();
    if (hello == nullptr || hello->version() != version || !same_shape(transcript.question.hello, model)) continue;
    std::erase(suites, hello->cipher_suite);
    suites.insert(suites.begin(), hello->cipher_suite);
    break;
  }
  if (suites.size() > kFew) suites.resize(kFew);
  return suites;
}

/// The odd hello itself, whatever the exchange was told it is.
bool answered(audit::Question const& question, audit::Reply const& reply) {
  return reply.server_hello() != nullptr && audit::contradiction(question.hello, reply.flight).empty();
}

}  // namespace

std::string_view name(Oddity oddity) {
  constexpr std::string_view kNames[] = {"hello_256_511", "large_hello",      "many_suites",    "grease",       "unknown_extension",
                                         "unknown_alpn",  "unknown_versions", "record_version", "two_segments", "two_records"};
  return kNames[static_cast<std::size_t>(oddity)];
}

ClientHello plain_hello(audit::Peer const& peer, ProtocolVersion newest) {
  if (newest < ProtocolVersion::TLSv1_3) return offering(model_hello(peer, newest), few_suites(peer, newest));
  bool refused = false;
  for (audit::Transcript const& transcript : peer.transcripts()) {
    audit::Question const& question = transcript.question;
    bool const usual = question.raw.empty() && question.delivery.usual() && !has(question, Oddity::unknown_versions);
    if (!usual || supported_versions_of(question.hello).size() < 2) continue;
    if (transcript.reply.server_hello() != nullptr) return offering(question.hello, suites_of(question.hello));
    refused = refused || transcript.reply.refused();
  }
  if (!refused) return wire::canary_hello(peer.target().server_name);
  // A server with rare groups or keys alone: it has none of the few that hellos for two versions name.
  return offering(model_hello(peer, newest), suites_of(model_hello(peer, newest)));
}

audit::Question odd(ClientHello plain, std::span<Oddity const> oddities, std::string purpose) {
  auto const with = [&](Oddity oddity) { return std::find(oddities.begin(), oddities.end(), oddity) != oddities.end(); };
  ClientHello hello = std::move(plain);
  if (with(Oddity::many_suites)) add_suites(hello);
  if (with(Oddity::unknown_versions)) add_versions(hello);
  if (with(Oddity::unknown_alpn)) add_protocol(hello);
  if (with(Oddity::unknown_extension)) wire::put(hello, {kUnknownExtension, Bytes(24, 0x7B)});
  if (with(Oddity::grease)) add_grease(hello);
  if (with(Oddity::record_version)) hello.record_version = ProtocolVersion::TLSv1_2;
  // Anew, since the lists have grown: out of the lengths that get lost, unless that is the question.
  hello = offering(hello, suites_of(hello));
  if (with(Oddity::hello_256_511)) grow(hello, kMiddle);
  if (with(Oddity::large_hello)) grow(hello, kLargeHello);
  audit::Question question{std::move(hello)};
  std::size_t const octets = question.hello.encode().size();
  if (with(Oddity::two_records)) question.delivery.record = octets > kLargeRecord ? kLargeRecord : octets / 2 + 1;
  if (with(Oddity::two_segments)) question.delivery.segment = octets > kLargeRecord ? kLargeSegment : octets / 3;
  question.purpose = std::move(purpose);
  return question;
}

audit::Question odd(ClientHello plain, Oddity oddity) {
  Oddity const one[] = {oddity};
  audit::Question question = odd(std::move(plain), one, "tolerance: " + std::string{name(oddity)});
  // So that the exchange does not look for the size behind a refusal: here the size is the question.
  bool const size = oddity == Oddity::hello_256_511 || oddity == Oddity::large_hello || oddity == Oddity::many_suites;
  if (size) question.raw = question.hello.encode_in_records();
  return question;
}

bool has(audit::Question const& question, Oddity oddity) { return same(question, oddity, question.hello.encode().size()); }

bool shown(audit::Peer const& peer, Oddity oddity) {
  return std::any_of(peer.transcripts().begin(), peer.transcripts().end(), [oddity](audit::Transcript const& transcript) {
    // A raw question may be anything, with no hello in it.
    if (transcript.question.hello.cipher_suites.empty() || transcript.reply.server_hello() == nullptr) return false;
    return has(transcript.question, oddity);
  });
}

asio::awaitable<Tolerance> tolerated(audit::Peer& peer, audit::Question odd, audit::Question plain) {
  Tolerance result;
  odd.alone = plain.alone = true;
  audit::Question const asked = odd;
  audit::Reply const reply = co_await peer.exchange(std::move(odd));
  if (answered(asked, reply)) {
    result.answer = "yes";
    co_return result;
  }
  result.reason = to_utf8(reply.answered() ? audit::contradiction(asked.hello, reply.flight) : reply.why());
  bool const against = reply.refused() || reply.answered() || reply.outcome == audit::Outcome::malformed;
  if (!against) co_return result;
  audit::Reply const control = co_await peer.exchange(std::move(plain));
  if (control.answered()) {
    result.answer = "no";
  } else {
    result.reason += ", and so is a plain hello: " + to_utf8(control.why());
  }
  co_return result;
}

}  // namespace tlsgauge::probes
