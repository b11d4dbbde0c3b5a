#pragma once
// A server of TLS 1.2 as a script for ScriptedPeer: which curves, ffdhe groups and signature schemes it takes, and how it misbehaves.

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/offers.hpp"
#include "support/facts.hpp"
#include "support/scripted_peer.hpp"

namespace tlsgauge::test {

struct ExchangeServer {
  std::vector<wire::CipherSuite> suites;
  std::vector<wire::NamedGroup> curves;  ///< most preferred first, as all lists
  std::vector<wire::NamedGroup> primes;  ///< that are named; the first is used where none is
  std::vector<wire::SignatureScheme> schemes;
  std::optional<wire::NamedGroup> certificate_curve;
  bool client_chooses = false;
  bool ignores_curves = false;
  bool ignores_primes = false;
  bool ignores_schemes = false;

  [[nodiscard]] audit::Reply operator()(audit::Question const& question) const {
    wire::ClientHello const& hello = question.hello;
    if (probes::only_version(hello) != wire::ProtocolVersion::TLSv1_2) return refusal();
    std::vector<wire::NamedGroup> const groups = probes::named_groups_of(hello);
    std::optional<wire::SignatureScheme> scheme = choose(schemes, probes::schemes_of(hello));
    if (ignores_schemes && !schemes.empty()) scheme = schemes.front();
    if (!scheme) return refusal();
    for (wire::CipherSuite const suite : suites) {
      if (!holds(hello.cipher_suites, suite)) continue;
      wire::CipherSuiteInfo const* const info = wire::find(suite);
      if (info->authentication == "ECDSA" && certificate_curve && !holds(groups, *certificate_curve)) continue;
      audit::Reply reply = picked(wire::ProtocolVersion::TLSv1_2, suite);
      wire::ServerKeyExchange& exchange = reply.flight.server_key_exchange.emplace();
      exchange.scheme = *scheme;
      if (info->key_exchange == "ECDHE") {
        exchange.group = choose(curves, groups);
        if (!exchange.group && ignores_curves) {
          exchange.group = curves.front();
          reply.outcome = audit::Outcome::malformed;
          reply.detail = "picked the group " + wire::name(*exchange.group) + ", which was not offered";
        }
        if (!exchange.group) continue;
      } else {
        bool const named =
            std::any_of(groups.begin(), groups.end(), [](wire::NamedGroup group) { return wire::find(group)->kind == "ffdhe"; });
        std::optional<wire::NamedGroup> const prime = ignores_primes || !named ? primes.front() : choose(primes, groups);
        if (!prime) continue;
        exchange.dh_p = octets(*prime);
      }
      return reply;
    }
    return refusal();
  }

  static audit::Reply refusal() {
    audit::Reply reply;
    reply.outcome = audit::Outcome::refused;
    reply.detail = "fatal handshake_failure (40)";
    reply.flight.ended_by = wire::Alert{wire::AlertLevel::fatal, wire::AlertDescription::handshake_failure};
    reply.flight.alerts.push_back(*reply.flight.ended_by);
    return reply;
  }

  /// facts.protocols and facts.cipher_suites of this server.
  [[nodiscard]] audit::Facts facts() const {
    audit::Facts out = supporting({"TLSv1.2"});
    Value list = Value::array();
    for (wire::CipherSuite const suite : suites) {
      Value entry = Value::object();
      entry.set("protocol", "TLSv1.2").set("code", wire::code_text(suite)).set("name", wire::name(suite));
      list.push_back(std::move(entry));
    }
    out.set("cipher_suites", std::move(list));
    if (certificate_curve) {
      Value key = Value::object(), certificate = Value::object(), shown = Value::object(), chain = Value::object();
      key.set("type", "ecdsa").set("curve", wire::name(*certificate_curve));
      certificate.set("key", std::move(key));
      Value certificates = Value::array(), chains = Value::array();
      certificates.push_back(std::move(certificate));
      shown.set("protocol", "TLSv1.2");
      chain.set("shown_for", std::move(shown)).set("chain", std::move(certificates));
      chains.push_back(std::move(chain));
      out.set("certificates", std::move(chains));
    }
    return out;
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

  static Bytes octets(wire::NamedGroup group) {
    for (wire::DhPrimeInfo const& prime : wire::dh_primes()) {
      if (prime.named_group == std::to_string(static_cast<int>(group))) return from_hex(prime.hex).value_or(Bytes{});
    }
    return Bytes{23};
  }
};

/// As nginx with an RSA key and OpenSSL 3.0's defaults, which leave the choice to the client.
inline ExchangeServer rsa_server() {
  using wire::CipherSuite;
  using wire::NamedGroup;
  using wire::SignatureScheme;
  ExchangeServer server;
  server.suites = {CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384};
  server.curves = {NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::x448, NamedGroup::secp521r1, NamedGroup::secp384r1};
  server.schemes = {SignatureScheme::rsa_pss_rsae_sha256, SignatureScheme::rsa_pss_rsae_sha384, SignatureScheme::rsa_pss_rsae_sha512,
                    SignatureScheme::rsa_pkcs1_sha256,    SignatureScheme::rsa_pkcs1_sha384,    SignatureScheme::rsa_pkcs1_sha512,
                    SignatureScheme::rsa_pkcs1_sha224};
  server.client_chooses = true;
  return server;
}

}  // namespace tlsgauge::test
