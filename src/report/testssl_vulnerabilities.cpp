// testssl.sh: vulnerabilities that follow from versions, suites, extensions and renegotiation; and the rating of SSL Labs.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/fact_parts.hpp"
#include "report/testssl_rows.hpp"

namespace tlsgauge::report {
namespace {

using wire::ProtocolVersion;
using Known = TestsslFacts::Known;

bool cbc(Value const& suite) { return suite["mode"].as_string() == "CBC"; }

/// One id with its CVE and CWE.
struct Weakness {
  std::string_view id;
  std::string_view cve;
  std::string_view cwe = "CWE-310";

  [[nodiscard]] TestsslRow row(std::string_view severity, std::string finding) const {
    return {.id = std::string{id}, .severity = severity, .finding = std::move(finding), .cve = cve, .cwe = cwe};
  }
  [[nodiscard]] TestsslRow open(std::string const& reason) const { return row("WARN", inconclusive_finding(reason)); }
};

void add_renegotiation(std::vector<TestsslRow>& rows, TestsslFacts const& facts) {
  Value const& extensions = facts["extensions"];
  constexpr Weakness kSecure{.id = "secure_renego", .cve = ""};
  std::string const& secure = extensions["secure_renegotiation"].as_string();
  if (secure == "yes") rows.push_back(kSecure.row("OK", "supported"));
  if (secure == "no") rows.push_back(kSecure.row("CRITICAL", "VULNERABLE"));
  if (secure == "not_applicable" && facts.only_tls13() == Known::yes) rows.push_back(kSecure.row("OK", "TLS 1.3 only server"));
  if (secure == "inconclusive") rows.push_back(kSecure.open(extensions["inconclusive"].as_string()));

  constexpr Weakness kClient{.id = "secure_client_renego", .cve = "CVE-2011-1473"};
  constexpr std::int64_t kTried = 6;  // by testssl
  Value const& renegotiation = facts["renegotiation"];
  std::string const& begun = renegotiation["client_initiated"].as_string();
  if (begun == "no") rows.push_back(kClient.row("OK", "not vulnerable"));
  if (begun == "inconclusive") rows.push_back(kClient.open(renegotiation["inconclusive"].as_string()));
  if (std::int64_t const count = renegotiation["count"].as_int(kTried); begun == "yes" && count < kTried) {
    rows.push_back(renegotiation["refused_by"].as_string().empty() ? kClient.open(fmt::format("accepted {} times, and not refused", count))
                                                                   : kClient.row("OK", "not vulnerable, mitigated"));
  } else if (begun == "yes") {
    rows.push_back(facts.http() != Known::no ? kClient.row("HIGH", "VULNERABLE, DoS threat")
                                             : kClient.row("MEDIUM", "VULNERABLE, potential DoS threat"));
  }
  if (begun.empty() && facts.only_tls13() == Known::yes) rows.push_back(kClient.row("OK", "not vulnerable, TLS 1.3 only"));
}

void add_compression(std::vector<TestsslRow>& rows, TestsslFacts const& facts) {
  constexpr Weakness kCrime{.id = "CRIME_TLS", .cve = "CVE-2012-4929"};
  std::string const& word = facts["extensions"]["compression"].as_string();
  bool const http = facts.http() != Known::no;  // not known: it may be
  if (word == "no") rows.push_back(kCrime.row("OK", http ? "not vulnerable" : "not vulnerable (not using HTTP anyway)"));
  if (word == "yes")
    rows.push_back(kCrime.row(http ? "HIGH" : "MEDIUM", http ? "VULNERABLE" : "VULNERABLE, but not using HTTP. Probably no exploit known"));
  if (word == "not_applicable" && facts.only_tls13() == Known::yes) rows.push_back(kCrime.row("OK", "TLS 1.3 only server"));
  if (word == "inconclusive") rows.push_back(kCrime.open(facts["extensions"]["inconclusive"].as_string()));
}

void add_ssl3(std::vector<TestsslRow>& rows, TestsslFacts const& facts) {
  constexpr Weakness kPoodle{.id = "POODLE_SSL", .cve = "CVE-2014-3566"};
  Known const accepted = facts.version(ProtocolVersion::SSLv3);
  Known const poodle = facts.any(cbc, ProtocolVersion::SSLv3, ProtocolVersion::SSLv3);
  if (poodle == Known::yes) rows.push_back(kPoodle.row("HIGH", "VULNERABLE, uses SSLv3+CBC"));
  if (poodle == Known::no) rows.push_back(kPoodle.row("OK", accepted == Known::no ? "not vulnerable, no SSLv3" : "not vulnerable"));
  if (poodle == Known::unknown) rows.push_back(kPoodle.open(facts.reason(ProtocolVersion::SSLv3)));

  constexpr Weakness kFallback{.id = "fallback_SCSV", .cve = "", .cwe = ""};
  Value const& downgrade = facts["downgrade"];
  std::string const& word = downgrade["fallback_scsv"].as_string();
  bool const old = std::ranges::any_of(
      wire::kAllVersions, [&](ProtocolVersion each) { return each < ProtocolVersion::TLSv1_2 && facts.version(each) != Known::no; });
  if (word.empty()) return;
  if (facts.only_tls13() == Known::yes) {
    rows.push_back(kFallback.row("OK", "only TLS 1.3 supported"));
  } else if (!old && facts.version(ProtocolVersion::TLSv1_2) == Known::yes) {
    rows.push_back(kFallback.row("OK", "no protocol below TLS 1.2 offered"));
  } else if (word == "yes") {
    rows.push_back(kFallback.row("OK", "supported"));
  } else if (word == "no" && poodle == Known::yes) {
    rows.push_back(kFallback.row("HIGH", "NOT supported and vulnerable to POODLE SSL"));
  } else if (word == "no") {
    rows.push_back(kFallback.row("MEDIUM", "NOT supported"));
  } else if (word == "inconclusive") {
    rows.push_back(kFallback.open(downgrade["reasons"]["fallback_scsv"].as_string()));
  }
}

void add_export(std::vector<TestsslRow>& rows, TestsslFacts const& facts) {
  auto const exported = [](std::string_view exchange) {
    return [exchange](Value const& suite) { return suite["export"].as_bool() && suite["key_exchange"].as_string().starts_with(exchange); };
  };
  constexpr Weakness kFreak{.id = "FREAK", .cve = "CVE-2015-0204"};
  Known const freak = facts.any(exported("RSA"));
  if (freak == Known::yes) rows.push_back(kFreak.row("CRITICAL", "VULNERABLE, uses EXPORT RSA ciphers"));
  if (freak == Known::no) rows.push_back(kFreak.row("OK", "not vulnerable"));
  if (freak == Known::unknown) rows.push_back(kFreak.open(facts.reason()));

  constexpr Weakness kDrown{.id = "DROWN", .cve = "CVE-2016-0800 CVE-2016-0703"};
  std::size_t const kinds = facts.suites(ProtocolVersion::SSLv2).size();
  switch (facts.version(ProtocolVersion::SSLv2)) {
    case Known::no:
      rows.push_back(kDrown.row("OK", "not vulnerable on this host and port"));
      break;
    case Known::unknown:
      rows.push_back(kDrown.open(facts.reason(ProtocolVersion::SSLv2)));
      break;
    case Known::yes:
      rows.push_back(kinds > 0
                         ? kDrown.row("CRITICAL", fmt::format("VULNERABLE, SSLv2 offered with {} ciphers. Make sure you don't use this "
                                                              "certificate elsewhere",
                                                              kinds))
                         : kDrown.row("HIGH",
                                      "SSLv2 offered, but could not detect a cipher. Make sure you don't use this certificate "
                                      "elsewhere"));
  }

  constexpr Weakness kLogjam{.id = "LOGJAM", .cve = "CVE-2015-4000"};
  auto const ephemeral = [](Value const& suite) {
    return suite["key_exchange"].as_string().starts_with("DH") && suite["forward_secrecy"].as_bool();
  };
  std::int64_t shortest = 1'000'000;
  bool unread = false;
  for (Value const& suite : facts["cipher_suites"].items()) {
    if (!ephemeral(suite)) continue;
    std::int64_t const bits = suite["dh_bits"].as_int();
    unread = unread || bits <= 0;
    if (bits > 0) shortest = std::min(shortest, bits);
  }
  Value const& parameters = facts["dh_parameters"];
  for (Value const& group : parameters["groups"].items()) {
    std::int64_t const bits = group["bits"].as_int();
    unread = unread || bits <= 0;
    if (bits > 0) shortest = std::min(shortest, bits);
  }
  Known const export_dh = facts.any(exported("DH"));
  Known const any_dh = facts.any(ephemeral, ProtocolVersion::SSLv3, ProtocolVersion::TLSv1_2);
  if (export_dh == Known::yes) {
    rows.push_back(kLogjam.row("HIGH", "VULNERABLE, uses DH EXPORT ciphers"));
  } else if (shortest <= 1024) {
    bool const unnamed = std::ranges::any_of(parameters["groups"].items(), [&](Value const& group) {
      return group["bits"].as_int() == shortest && group["name"].as_string().empty();
    });
    rows.push_back(kLogjam.row(testssl_dh_severity(shortest),
                               fmt::format("no DH EXPORT ciphers, {}has only {} bits,",
                                           unnamed ? "no common prime but Unknown DH group " : "but the DH group ", shortest)));
  } else if (export_dh == Known::unknown || unread) {
    rows.push_back(kLogjam.open(export_dh == Known::unknown ? facts.reason() : "a Diffie-Hellman group was not read"));
  } else if (any_dh != Known::no && parameters.find("inconclusive") != nullptr) {
    rows.push_back(kLogjam.open(reason_of(parameters)));
  } else {
    rows.push_back(kLogjam.row("OK", "not vulnerable, no DH EXPORT ciphers,"));
  }

  constexpr Weakness kPrimes{.id = "LOGJAM-common_primes", .cve = "CVE-2015-4000"};
  if (any_dh == Known::no) {
    rows.push_back(kPrimes.row("OK", "no DH key with <= TLS 1.2"));
  } else if (parameters["groups"].is_array() && parameters.find("inconclusive") == nullptr && any_dh == Known::yes) {
    Value const* common = nullptr;  // the shortest comes first
    for (Value const& group : parameters["groups"].items()) {
      if (common == nullptr && !group["name"].as_string().empty()) common = &group;
    }
    if (common == nullptr) {
      std::string const open = facts.reason();  // behind which there may be others
      if (!open.empty()) rows.push_back(kPrimes.open(open));
      if (open.empty() && !parameters["groups"].items().empty()) rows.push_back(kPrimes.row("OK", "--"));
      return;
    }
    std::int64_t const bits = (*common)["bits"].as_int();
    rows.push_back(kPrimes.row(bits <= 800    ? "CRITICAL"
                               : bits <= 1024 ? "HIGH"
                               : bits <= 1536 ? "LOW"
                                              : "INFO",
                               testssl_prime_name(*common)));
  } else {
    std::string const why = reason_of(parameters);
    rows.push_back(kPrimes.open(why.empty() ? facts.reason() : why));
  }
}

void add_old_ciphers(std::vector<TestsslRow>& rows, TestsslFacts const& facts) {
  constexpr Weakness kSweet{.id = "SWEET32", .cve = "CVE-2016-2183 CVE-2016-6329", .cwe = "CWE-327"};
  auto const short_blocks = [](Value const& suite) { return suite["block_bits"].as_int() == 64; };
  Known const sweet = facts.any(short_blocks);
  Known const sweet2 = facts.any(short_blocks, ProtocolVersion::SSLv2, ProtocolVersion::SSLv2);
  if (sweet == Known::yes)
    rows.push_back(kSweet.row("LOW", sweet2 == Known::yes ? "uses 64 bit block ciphers for SSLv2 and above" : "uses 64 bit block ciphers"));
  if (sweet == Known::no && sweet2 == Known::yes) rows.push_back(kSweet.row("LOW", "uses 64 bit block ciphers with SSLv2 only"));
  if (sweet == Known::no && sweet2 == Known::no) rows.push_back(kSweet.row("OK", "not vulnerable"));
  if (sweet == Known::unknown || (sweet == Known::no && sweet2 == Known::unknown)) rows.push_back(kSweet.open(facts.reason()));

  constexpr Weakness kLucky{.id = "LUCKY13", .cve = "CVE-2013-0169"};
  Known const lucky = facts.any(cbc);
  if (lucky == Known::yes) rows.push_back(kLucky.row("LOW", "potentially vulnerable, uses TLS CBC ciphers"));
  if (lucky == Known::no) rows.push_back(kLucky.row("OK", "not vulnerable"));
  if (lucky == Known::unknown) rows.push_back(kLucky.open(facts.reason()));

  constexpr Weakness kRc4{.id = "RC4", .cve = "CVE-2013-2566 CVE-2015-2808"};
  auto const rc4 = [](Value const& suite) { return suite["encryption"].as_string() == "RC4"; };
  std::vector<Value const*> found;
  for (Value const& suite : facts["cipher_suites"].items()) {
    if (rc4(suite)) found.push_back(&suite);
  }
  Known const offered = facts.any(rc4);
  if (!found.empty()) rows.push_back(kRc4.row("HIGH", "VULNERABLE, Detected ciphers: " + suite_names(found)));
  if (found.empty() && offered == Known::no) rows.push_back(kRc4.row("OK", "not vulnerable"));
  if (found.empty() && offered == Known::unknown) rows.push_back(kRc4.open(facts.reason()));
}

void add_beast(std::vector<TestsslRow>& rows, TestsslFacts const& facts) {
  constexpr std::pair<ProtocolVersion, std::string_view> kOld[] = {{ProtocolVersion::SSLv3, "BEAST_CBC_SSL3"},
                                                                   {ProtocolVersion::TLSv1_0, "BEAST_CBC_TLS1"}};
  constexpr Weakness kBeast{.id = "BEAST", .cve = "CVE-2011-3389", .cwe = "CWE-20"};
  bool any = false;
  bool accepted = false;
  bool open = false;
  for (auto const& [version, id] : kOld) {
    Known const known = facts.any(cbc, version, version);
    accepted = accepted || facts.version(version) != Known::no;
    open = open || known == Known::unknown;
    any = any || known == Known::yes;
    if (known != Known::yes) continue;
    std::vector<Value const*> found = facts.suites(version);
    std::erase_if(found, [](Value const* suite) { return !cbc(*suite); });
    rows.push_back({.id = std::string{id}, .severity = "MEDIUM", .finding = suite_names(found), .cve = kBeast.cve, .cwe = kBeast.cwe});
  }
  std::string higher;
  for (ProtocolVersion const version : {ProtocolVersion::TLSv1_1, ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3}) {
    bool const told = version != ProtocolVersion::TLSv1_3 || higher.empty();  // testssl names TLS 1.3 in no other case
    if (told && facts.version(version) == Known::yes) higher += " " + wire::name(version);
  }
  if (any) {
    rows.push_back(higher.empty()
                       ? kBeast.row("MEDIUM", "VULNERABLE -- and no higher protocols as mitigation supported")
                       : kBeast.row("LOW", fmt::format("VULNERABLE -- but also supports higher protocols {} (likely mitigated)", higher)));
  } else if (open) {
    rows.push_back(kBeast.open(facts.reason()));
  } else {
    rows.push_back(kBeast.row("OK", accepted ? "not vulnerable" : "not vulnerable, no SSL3 or TLS1"));
  }
}

}  // namespace

void add_vulnerability_rows(std::vector<TestsslRow>& rows, TestsslFacts const& facts) {
  add_renegotiation(rows, facts);
  add_compression(rows, facts);
  if (facts.endpoint().facts.find("cipher_suites") == nullptr) return;
  add_ssl3(rows, facts);
  add_export(rows, facts);
  add_beast(rows, facts);
  add_old_ciphers(rows, facts);
}

void add_rating_rows(std::vector<TestsslRow>& rows, Endpoint const& endpoint) {
  auto const at = std::ranges::find(endpoint.assessments, "ssllabs", &Assessment::model);
  if (at == endpoint.assessments.end()) return;
  constexpr std::pair<std::string_view, std::string_view> kParts[] = {
      {"Protocol support", "protocol_support_score"}, {"Key exchange", "key_exchange_score"}, {"Cipher strength", "cipher_strength_score"}};
  auto const info = [&](std::string id, std::string finding) {
    rows.push_back({.id = std::move(id), .severity = "INFO", .finding = std::move(finding)});
  };
  info("rating_spec", "SSL Labs's 'SSL Server Rating Guide'");
  info("rating_doc", "https://github.com/ssllabs/research/wiki/SSL-Server-Rating-Guide");
  for (auto const& [name, id] : kParts) {
    for (ScorePart const& part : at->parts) {
      if (part.name != name) continue;
      info(std::string{id}, fmt::format("{}", static_cast<int>(part.score)));
      info(std::string{id} + "_weighted", fmt::format("{}", static_cast<int>(part.score * part.weight / 100)));
    }
  }
  info("final_score", fmt::format("{}", at->score));
  std::string_view severity = "CRITICAL";  // F, T, M
  if (at->grade.starts_with('A')) severity = "OK";
  if (at->grade == "B" || at->grade == "C") severity = "MEDIUM";
  if (at->grade == "D" || at->grade == "E") severity = "HIGH";
  auto const open = [](GradeCap const& cap) { return cap.reason.starts_with("inconclusive"); };
  bool const whole = at->coverage == 100 && std::ranges::none_of(at->caps, open);
  if (severity == "OK" && !whole) severity = "WARN";
  rows.push_back({.id = "overall_grade", .severity = severity, .finding = printable(at->grade)});
  std::size_t number = 0;
  for (GradeCap const& cap : at->caps)
    info(fmt::format("grade_cap_reason_{}", ++number), printable(fmt::format("Grade capped to {}. {}", cap.grade, cap.reason)));
}

}  // namespace tlsgauge::report
