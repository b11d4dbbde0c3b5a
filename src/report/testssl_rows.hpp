#pragma once
// What testssl.sh would say of an endpoint: its ids, severities and findings (testssl.sh 3.2; its 3.0 has other names for a few), as far as
// facts answer. Severities are testssl's own table, no verdict of a profile.
//
// Tests that the scan does not make (heartbleed, CCS, ticketbleed, ROBOT, BREACH, winshock, client simulation) have no row. What was asked
// and stayed open is a WARN, "test inconclusive: REASON", never an OK; so is what may hide behind an incomplete list of suites.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/strength.hpp"
#include "tlsgauge/result.hpp"
#include "wire/registry/registry.hpp"

namespace tlsgauge::report {

struct TestsslRow {
  std::string id;
  std::string_view severity;  ///< "OK", "INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL", "WARN", "FATAL"
  std::string finding;        ///< printable, one line
  std::string_view cve = {};  ///< several divided by a blank
  std::string_view cwe = {};
};

/// In testssl's order. `now`: when the run ended, seconds since 1970; empty: not known.
[[nodiscard]] std::vector<TestsslRow> testssl_rows(Endpoint const& endpoint, std::optional<std::int64_t> now);
/// "www.example.com/192.0.2.1".
[[nodiscard]] std::string testssl_host(Target const& target);

/// Facts of an endpoint, as three-valued answers.
class TestsslFacts {
 public:
  enum class Known { no, yes, unknown };

  explicit TestsslFacts(Endpoint const& endpoint) : endpoint_(endpoint) {}
  [[nodiscard]] Endpoint const& endpoint() const { return endpoint_; }
  [[nodiscard]] Value const& operator[](std::string_view key) const { return endpoint_.facts[key]; }

  /// Whether the version is accepted; a suite that was accepted proves it.
  [[nodiscard]] Known version(wire::ProtocolVersion version) const;
  /// Whether none but TLS 1.3 is accepted.
  [[nodiscard]] Known only_tls13() const;
  /// Whether a version from `lowest` to `highest` has a suite like that; no only where all lists are complete and it is known what each
  /// suite is made of.
  template <typename Predicate>
  [[nodiscard]] Known any(Predicate const& like, wire::ProtocolVersion lowest = wire::ProtocolVersion::SSLv3,
                          wire::ProtocolVersion highest = wire::ProtocolVersion::TLSv1_3) const {
    Known out = Known::no;
    for (wire::ProtocolVersion const each : wire::kAllVersions) {
      if (each < lowest || each > highest) continue;
      for (Value const* const suite : suites(each)) {
        if (like(*suite)) return Known::yes;
        if (!is_described(*suite)) out = Known::unknown;
      }
      if (!complete(each)) out = Known::unknown;
    }
    return out;
  }
  [[nodiscard]] std::vector<Value const*> suites(wire::ProtocolVersion version) const;
  /// Whether no suite of the version can be missing.
  [[nodiscard]] bool complete(wire::ProtocolVersion version) const;
  /// The first suite of the version that no registry knows; nullptr: there is none.
  [[nodiscard]] Value const* not_described(wire::ProtocolVersion version) const;
  /// Why versions or suites are not known, in words.
  [[nodiscard]] std::string reason(wire::ProtocolVersion version) const;
  [[nodiscard]] std::string reason() const;
  /// Whether HTTP is spoken.
  [[nodiscard]] Known http() const;

 private:
  Endpoint const& endpoint_;
};

[[nodiscard]] std::string inconclusive_finding(std::string const& reason);
/// Names of the suites that are like that, each once, divided by blanks: OpenSSL's, the registry's where it has none.
[[nodiscard]] std::string suite_names(std::vector<Value const*> const& suites);

/// testssl's name of an item of facts.dh_parameters.groups, "RFC7919/ffdhe2048"; empty: a prime that nobody knows by name.
[[nodiscard]] std::string testssl_prime_name(Value const& group);
/// Of a Diffie-Hellman prime of that many bits.
[[nodiscard]] std::string_view testssl_dh_severity(std::int64_t bits);

void add_protocol_rows(std::vector<TestsslRow>& rows, TestsslFacts const& facts);
void add_cipher_rows(std::vector<TestsslRow>& rows, TestsslFacts const& facts);
void add_preference_rows(std::vector<TestsslRow>& rows, TestsslFacts const& facts);
void add_exchange_rows(std::vector<TestsslRow>& rows, TestsslFacts const& facts);
void add_session_rows(std::vector<TestsslRow>& rows, TestsslFacts const& facts);
void add_certificate_rows(std::vector<TestsslRow>& rows, TestsslFacts const& facts, std::optional<std::int64_t> now);
void add_http_rows(std::vector<TestsslRow>& rows, TestsslFacts const& facts);
void add_vulnerability_rows(std::vector<TestsslRow>& rows, TestsslFacts const& facts);
void add_rating_rows(std::vector<TestsslRow>& rows, Endpoint const& endpoint);

}  // namespace tlsgauge::report
