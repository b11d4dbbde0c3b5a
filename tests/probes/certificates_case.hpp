#pragma once
// A server that shows certificates, and the probe that asks it for them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "crypto/issue.hpp"
#include "probes/chains.hpp"
#include "support/facts.hpp"
#include "support/scripted_peer.hpp"
#include "wire/hello.hpp"

namespace tlsgauge::probes {

extern audit::Probe const certificates;

inline Moment const kNow = *parse_rfc3339("2026-11-24T00:00:00Z");

inline Bytes der_of(std::string const& pem) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  std::size_t const begin = pem.find(kBegin) + kBegin.size();
  std::string_view const body = std::string_view{pem}.substr(begin, pem.find("-----END") - begin);
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Bytes out;
  std::uint32_t bits = 0;
  int count = 0;
  for (char const c : body) {
    std::size_t const digit = kDigits.find(c);
    if (digit == std::string_view::npos) continue;
    bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
    if ((count += 6) >= 8) out.push_back(static_cast<std::uint8_t>(bits >> static_cast<unsigned>(count -= 8)));
  }
  return out;
}

inline Bytes issued(std::string const& key_type, std::string const& name = "example.test") {
  crypto::CertificateRequestForm form;
  form.common_name = name;
  form.dns_names = {name};
  form.key_type = key_type;
  form.not_before = kNow - std::chrono::days{10};
  form.not_after = kNow + std::chrono::days{90} - std::chrono::seconds{1};
  return der_of(crypto::issue(form)->certificate_pem);
}

inline Bytes const& rsa() {
  static Bytes const der = issued("rsa");
  return der;
}

inline Bytes const& ecdsa() {
  static Bytes const der = issued("ecdsa");
  return der;
}

inline audit::Reply shows(wire::ProtocolVersion version, std::vector<Bytes> chain, bool stapled = false) {
  audit::Reply reply = test::picked(version, version == wire::ProtocolVersion::TLSv1_3 ? wire::CipherSuite::TLS_AES_128_GCM_SHA256
                                                                                       : wire::CipherSuite::TLS_RSA_WITH_AES_128_CBC_SHA);
  reply.flight.certificates = std::move(chain);
  if (stapled) reply.flight.ocsp_response = {1, 2, 3};
  return reply;
}

inline audit::Reply retry_with(wire::NamedGroup group) {
  audit::Reply reply = test::picked(wire::ProtocolVersion::TLSv1_3, wire::CipherSuite::TLS_AES_128_GCM_SHA256);
  constexpr std::string_view kMagic = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";
  Bytes const random = from_hex(kMagic).value();
  std::copy(random.begin(), random.end(), reply.flight.server_hello->random.begin());
  auto const code = static_cast<std::uint16_t>(group);
  reply.flight.server_hello->extensions.emplace_back(wire::ExtensionType::key_share,
                                                     Bytes{static_cast<std::uint8_t>(code >> 8U), static_cast<std::uint8_t>(code & 0xFFU)});
  return reply;
}

/// The schemes that a hello accepts for the handshake.
inline std::vector<wire::SignatureScheme> schemes(wire::ClientHello const& hello) {
  std::vector<wire::SignatureScheme> out;
  Bytes const& data = wire::find(hello.extensions, wire::ExtensionType::signature_algorithms)->data;
  for (std::size_t i = 2; i + 1 < data.size(); i += 2) out.push_back(static_cast<wire::SignatureScheme>(data[i] << 8U | data[i + 1]));
  return out;
}

inline bool takes(wire::ClientHello const& hello, wire::SignatureScheme scheme) {
  std::vector<wire::SignatureScheme> const all = schemes(hello);
  return std::find(all.begin(), all.end(), scheme) != all.end();
}

inline wire::NamedGroup shared_group(wire::ClientHello const& hello) {
  Bytes const& data = wire::find(hello.extensions, wire::ExtensionType::key_share)->data;
  return static_cast<wire::NamedGroup>(data.at(2) << 8U | data.at(3));
}

inline audit::Question hello_of(wire::ProtocolVersion version, std::string_view server_name = "example.test") {
  return audit::Question{wire::hello_for(version, {wire::CipherSuite::TLS_RSA_WITH_AES_128_CBC_SHA}, server_name)};
}

/// Plays what other probes asked before, then asks for the certificates.
class CertificatesCase : public testing::Test {
 protected:
  CertificatesCase() {
    audit::Settings settings;
    settings.at = kNow;
    peer_.set_settings(settings);
  }

  void earlier(wire::ProtocolVersion version, audit::Reply reply) {
    audit::Question const question = hello_of(version);
    earlier(question, std::move(reply));
  }

  void earlier(audit::Question question, audit::Reply reply) {
    script_ = [reply = std::move(reply)](audit::Question const&) { return reply; };
    test::run(peer_.exchange(std::move(question)));
  }

  /// As part of a whole scan: the suites were asked for before.
  Value facts_of(audit::Facts facts, test::ScriptedPeer::Script script = {}) {
    if (facts.document().find("cipher_suites") == nullptr) facts.set("cipher_suites", Value::array());
    return all_of(facts, std::move(script));
  }

  Value all_of(audit::Facts const& facts, test::ScriptedPeer::Script script) {
    script_ = [this, script = std::move(script)](audit::Question const& question) {
      asked_.push_back(question);
      return script(question);
    };
    audit::Observation const seen = test::ask(certificates, peer_, facts);
    open_ = seen.open();
    EXPECT_THAT(seen.facts(), testing::SizeIs(1));
    return seen.facts().front().second;
  }

  test::ScriptedPeer::Script script_;
  test::ScriptedPeer peer_{[this](audit::Question const& question) { return script_(question); }};
  std::vector<audit::Question> asked_;
  std::vector<std::string> open_;
};

}  // namespace tlsgauge::probes
