// Does the server compress its certificates in TLS 1.3, and with what?
//
// RFC 8879 section 3: zlib, brotli and zstd. The message names its algorithm in front, so nothing is decompressed here. The first
// question was asked with other rare extensions.

#include <algorithm>

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "probes/offers.hpp"
#include "probes/readable.hpp"
#include "wire/hello.hpp"
#include "wire/reader.hpp"

namespace tlsgauge::probes {
namespace {

using wire::ExtensionType;

constexpr std::string_view kKeys[] = {"certificate_compression"};
constexpr std::string_view kNeeds[] = {"protocols", "cipher_suites", "certificates", "extensions"};
constexpr audit::Citation kCitations[] = {{"RFC 8879", "3"}, {"RFC 8879", "4"}};
constexpr std::string_view kNames[] = {"", "zlib", "brotli", "zstd"};  // by code

audit::Applicability applies(audit::Facts const& facts) {
  if (facts.support(wire::ProtocolVersion::TLSv1_3) == audit::Support::yes) return {};
  return {.applies = false, .reason = "TLS 1.3 is not known to be supported"};
}

/// The algorithm of a CompressedCertificate; 0: plain; empty: neither was read.
std::optional<std::uint16_t> algorithm(wire::Flight const& flight) {
  for (wire::HandshakeMessage const& message : flight.messages) {
    if (message.type == wire::HandshakeType::certificate) return std::uint16_t{0};
    if (message.type != wire::HandshakeType::compressed_certificate) continue;
    wire::Reader reader{message.body()};
    std::uint16_t const code = reader.u16();
    if (reader.failed()) return std::nullopt;
    return code;
  }
  return std::nullopt;
}

wire::Extension offer(std::vector<std::uint16_t> const& codes) {
  Bytes data{static_cast<std::uint8_t>(2 * codes.size())};
  for (std::uint16_t const code : codes) {
    data.push_back(static_cast<std::uint8_t>(code >> 8U));
    data.push_back(static_cast<std::uint8_t>(code & 0xFFU));
  }
  return {ExtensionType::compress_certificate, std::move(data)};
}

/// What a hello with all algorithms was answered with, if one was sent.
std::optional<std::uint16_t> known(audit::Peer const& peer, wire::Extension const& all) {
  for (audit::Transcript const& transcript : peer.transcripts()) {
    wire::ClientHello const& hello = transcript.question.hello;
    wire::Extension const* const offered = wire::find(hello.extensions, ExtensionType::compress_certificate);
    if (offered == nullptr || *offered != all || !for_target(peer, hello) || !transcript.reply.answered()) continue;
    if (std::optional<std::uint16_t> const found = algorithm(transcript.reply.flight)) return found;
  }
  return std::nullopt;
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  std::vector<std::uint16_t> rest{1, 2, 3};
  std::vector<std::uint16_t> used;
  std::string open;
  std::optional<std::uint16_t> answer = known(peer, offer(rest));
  while (!rest.empty()) {
    if (!answer) {
      wire::ClientHello hello = readable_hello(peer, facts);
      wire::put(hello, offer(rest));
      ReadableFlight const asked = co_await ask_readable(peer, hello, "TLSv1.3 compressed certificates");
      answer = asked.failure.empty() ? algorithm(asked.reply.flight) : std::nullopt;
      if (!answer) open = asked.failure.empty() ? "the encrypted flight held no certificate" : to_utf8(asked.failure);
    }
    if (!answer || *answer == 0) break;
    auto const at = std::find(rest.begin(), rest.end(), *answer);
    if (at == rest.end()) {
      open = "algorithm " + std::to_string(*answer) + " was used, which was not offered";
      break;
    }
    used.push_back(*answer);
    rest.erase(at);
    answer.reset();
  }
  Value list = Value::array();
  for (std::uint16_t const code : used) list.push_back(kNames[code]);
  Value out = Value::object();
  out.set("algorithms", std::move(list));
  audit::Observation seen;
  if (!open.empty()) {
    out.set("inconclusive", open);
    seen.open(open);
  }
  seen.fact("certificate_compression", std::move(out));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe certificate_compression{
    .id = "certificate_compression",
    .question = "Does the server compress its certificates in TLS 1.3, and with what?",
    .connections = "0-3",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes
