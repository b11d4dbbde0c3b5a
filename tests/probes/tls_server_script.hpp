#pragma once
// A TLS server as a script for ScriptedPeer: what it speaks and takes, and how it misbehaves.

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "probes/offers.hpp"
#include "support/scripted_peer.hpp"
#include "wire/ssl2.hpp"

namespace tlsgauge::test {

struct TlsServer {
  using Suites = std::vector<wire::CipherSuite>;
  using Groups = std::vector<wire::NamedGroup>;

  std::map<wire::ProtocolVersion, Suites> suites;  ///< by version, most preferred first
  Groups groups;                                   ///< of TLS 1.3, most preferred first
  std::vector<wire::Ssl2CipherKind> ssl2;
  bool client_chooses = false;
  bool answers_empty_key_share = true;
  bool tells_version = true;  ///< protocol_version for an unsupported version, else handshake_failure
  bool falls_back = false;    ///< answers an unsupported version with its newest older one
  Suites fail_after_hello;    ///< picked, then a fatal alert
  std::map<wire::CipherSuite, int> dh_bits;
  std::map<wire::CipherSuite, wire::NamedGroup> curves;
  std::size_t most_suites = 1000;
  std::size_t most_octets = 100000;  ///< of a hello message; longer ones are met with silence

  [[nodiscard]] audit::Reply operator()(audit::Question const& question) const {
    if (question.ssl2) return answer_ssl2();
    wire::ClientHello const& hello = question.hello;
    if (hello.encode().size() > most_octets) return unanswered(audit::Outcome::inconclusive, "timed out");
    if (hello.cipher_suites.size() > most_suites) return alerted();
    std::optional<wire::ProtocolVersion> const only = probes::only_version(hello);
    if (!only) return answer_canary(hello);
    if (suites.contains(*only)) return answer(hello, *only);
    if (falls_back) {
      for (auto version = suites.rbegin(); version != suites.rend(); ++version) {
        if (version->first < *only) return picked(version->first, version->second.front());
      }
    }
    return alerted(tells_version ? wire::AlertDescription::protocol_version : wire::AlertDescription::handshake_failure);
  }

 private:
  template <class T>
  static bool holds(std::vector<T> const& list, T value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  }

  template <class T>
  [[nodiscard]] std::optional<T> choose(std::vector<T> const& mine, std::vector<T> const& theirs) const {
    std::vector<T> const& first = client_chooses ? theirs : mine;
    std::vector<T> const& second = client_chooses ? mine : theirs;
    for (T const value : first) {
      if (holds(second, value)) return value;
    }
    return std::nullopt;
  }

  [[nodiscard]] audit::Reply answer(wire::ClientHello const& hello, wire::ProtocolVersion version) const {
    std::optional<wire::CipherSuite> const suite = choose(suites.at(version), hello.cipher_suites);
    if (!suite) return alerted();
    audit::Reply reply = picked(version, *suite);
    if (version == wire::ProtocolVersion::TLSv1_3) {
      std::optional<wire::NamedGroup> const group = choose(groups, probes::named_groups_of(hello));
      bool const shares = probes::has_shares(hello);
      if (!group) return alerted();
      if (!shares && !answers_empty_key_share) return unanswered(audit::Outcome::inconclusive, "timed out");
      auto const code = static_cast<std::uint16_t>(*group);
      reply.flight.server_hello->extensions.emplace_back(
          wire::ExtensionType::key_share, Bytes{static_cast<std::uint8_t>(code >> 8U), static_cast<std::uint8_t>(code & 0xFFU)});
      reply.flight.server_hello->random = kRetry;
    }
    wire::ServerKeyExchange exchange;
    if (auto const bits = dh_bits.find(*suite); bits != dh_bits.end()) {
      exchange.dh_p = Bytes(static_cast<std::size_t>(bits->second) / 8, 0xFF);
      reply.flight.server_key_exchange = exchange;
    }
    if (auto const curve = curves.find(*suite); curve != curves.end()) {
      exchange.group = curve->second;
      reply.flight.server_key_exchange = exchange;
    }
    if (holds(fail_after_hello, *suite)) {
      reply.outcome = audit::Outcome::refused;
      reply.flight.server_hello_done = false;
      reply.flight.alerts.push_back({wire::AlertLevel::fatal, wire::AlertDescription::internal_error});
    }
    return reply;
  }

  [[nodiscard]] audit::Reply answer_canary(wire::ClientHello const& hello) const {
    for (auto version = suites.rbegin(); version != suites.rend(); ++version) {
      audit::Reply reply = answer(hello, version->first);
      if (reply.answered()) return reply;
    }
    return alerted();
  }

  [[nodiscard]] audit::Reply answer_ssl2() const {
    if (ssl2.empty()) return unanswered(audit::Outcome::refused_silently, "closed without an answer");
    audit::Reply reply;
    reply.outcome = audit::Outcome::answered;
    wire::Ssl2ServerHello& hello = reply.flight.ssl2.emplace();
    hello.version = wire::ProtocolVersion::SSLv2;
    hello.cipher_specs = ssl2;
    return reply;
  }

 public:
  // RFC 8446 section 4.1.3: the random of a HelloRetryRequest.
  static constexpr wire::Random kRetry = {0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
                                          0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C};
};

/// What the probe fills in, as facts for the next one.
inline audit::Facts learned(audit::Probe const& probe, audit::Peer& peer) {
  audit::Observation const seen = ask(probe, peer);
  audit::Facts facts;
  for (auto const& [key, value] : seen.facts()) facts.set(key, value);
  return facts;
}

/// As nginx with Mozilla's "intermediate" and an RSA key.
inline TlsServer intermediate() {
  using wire::CipherSuite;
  using wire::NamedGroup;
  TlsServer server;
  server.suites[wire::ProtocolVersion::TLSv1_2] = {
      CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,       CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
      CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, CipherSuite::TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
      CipherSuite::TLS_DHE_RSA_WITH_AES_256_GCM_SHA384,         CipherSuite::TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256};
  server.suites[wire::ProtocolVersion::TLSv1_3] = {CipherSuite::TLS_AES_256_GCM_SHA384, CipherSuite::TLS_CHACHA20_POLY1305_SHA256,
                                                   CipherSuite::TLS_AES_128_GCM_SHA256};
  server.groups = {NamedGroup::x25519,    NamedGroup::secp256r1, NamedGroup::x448,      NamedGroup::secp521r1, NamedGroup::secp384r1,
                   NamedGroup::ffdhe2048, NamedGroup::ffdhe3072, NamedGroup::ffdhe4096, NamedGroup::ffdhe6144, NamedGroup::ffdhe8192};
  return server;
}

}  // namespace tlsgauge::test
