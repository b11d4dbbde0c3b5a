// testssl.sh: protocols, cipher categories, order of suites, forward secrecy.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>

#include "audit/suite_evidence.hpp"
#include "base/text.hpp"
#include "report/fact_parts.hpp"
#include "report/testssl_rows.hpp"

namespace tlsgauge::report {
namespace {

using wire::ProtocolVersion;
using Known = TestsslFacts::Known;

bool anonymous(Value const& suite) { return suite["authentication"].as_string() == "anon"; }
bool unencrypted(Value const& suite) { return suite["encryption"].as_string() == "NULL"; }
bool triple_des_or_idea(Value const& suite) {
  std::string const& cipher = suite["encryption"].as_string();
  return cipher == "3DES" || cipher == "IDEA";
}
bool sound(Value const& suite) { return !anonymous(suite) && !unencrypted(suite) && !suite["export"].as_bool() && is_described(suite); }
bool low(Value const& suite) {
  std::string const& cipher = suite["encryption"].as_string();
  return cipher == "RC4" || cipher == "RC2" || (suite["key_bits"].as_int(128) < 112 && !unencrypted(suite));
}

/// A row of "cipherlist_...": what it is about, and testssl's rating of offering and not offering it.
struct Category {
  std::string_view id;
  std::function<bool(Value const&)> like;
  std::string_view offered;
  std::string_view not_offered;
  std::string_view cwe;
};

std::vector<Category> const& categories() {
  static std::vector<Category> const all{
      {"NULL", unencrypted, "CRITICAL", "OK", "CWE-327"},
      {"aNULL", anonymous, "CRITICAL", "OK", "CWE-327"},
      {"EXPORT", [](Value const& suite) { return suite["export"].as_bool(); }, "CRITICAL", "OK", "CWE-327"},
      {"LOW", [](Value const& suite) { return sound(suite) && low(suite); }, "HIGH", "OK", "CWE-327"},
      {"3DES_IDEA", [](Value const& suite) { return sound(suite) && triple_des_or_idea(suite); }, "MEDIUM", "INFO", "CWE-310"},
      {"OBSOLETED",
       [](Value const& suite) { return sound(suite) && !low(suite) && !triple_des_or_idea(suite) && !suite["aead"].as_bool(); }, "LOW",
       "INFO", "CWE-310"},
      {"STRONG_NOFS", [](Value const& suite) { return sound(suite) && suite["aead"].as_bool() && !suite["forward_secrecy"].as_bool(); },
       "OK", "INFO", ""},
      {"STRONG_FS", [](Value const& suite) { return sound(suite) && suite["aead"].as_bool() && suite["forward_secrecy"].as_bool(); }, "OK",
       "MEDIUM", ""},
  };
  return all;
}

std::string_view severity_of(Value const& suite) {
  for (Category const& category : categories()) {
    if (category.like(suite)) return category.offered;
  }
  return is_described(suite) ? "INFO" : "WARN";
}

/// testssl's word for a version in ids: "tls1_2".
std::string_view id_of(ProtocolVersion version) {
  switch (version) {
    case ProtocolVersion::SSLv2:
      return "ssl2";
    case ProtocolVersion::SSLv3:
      return "ssl3";
    case ProtocolVersion::TLSv1_0:
      return "tls1";
    case ProtocolVersion::TLSv1_1:
      return "tls1_1";
    case ProtocolVersion::TLSv1_2:
      return "tls1_2";
    default:
      return "tls1_3";
  }
}

/// ... and in findings, where TLS 1.0 is "TLSv1".
std::string label_of(ProtocolVersion version) { return version == ProtocolVersion::TLSv1_0 ? "TLSv1" : wire::name(version); }

/// Bits of a curve as OpenSSL counts them; 0: not known, or no curve.
int curve_bits(wire::NamedGroupInfo const* group) {
  if (group == nullptr || group->kind != "ecdhe") return 0;
  if (group->name == "x25519") return 253;
  if (group->name == "x448") return 448;
  constexpr int kLeast = 100;  // what is shorter is no size: curveSM2
  std::size_t const at = group->name.find_first_of("0123456789");
  int out = 0;
  if (at != std::string_view::npos) std::from_chars(group->name.data() + at, group->name.data() + group->name.size(), out);
  return out >= kLeast ? out : 2 * group->security_bits;
}

/// Bits of a group of RFC 7919; 0: it is none.
int prime_bits(wire::NamedGroupInfo const* group) {
  return group != nullptr && group->kind == "ffdhe" ? audit::rsa_bits_of_group(group->name) : 0;
}

std::string exchange_text(Value const& suite) {
  std::string const& exchange = suite["key_exchange"].as_string();
  wire::NamedGroupInfo const* const group = wire::find_named_group(suite["group"].as_string());
  if (group != nullptr && group->post_quantum())
    return group->kind == "pqc" ? "MLKEM" : group->kind == "pqc-hybrid" ? "ECDH/MLKEM" : "ECDH/Kyber";
  if (std::int64_t const bits = suite["dh_bits"].as_int(); bits > 0) return fmt::format("DH {}", bits);
  if (int const bits = prime_bits(group); bits > 0) return fmt::format("DH {}", bits);
  if (int const bits = curve_bits(group); bits > 0) return fmt::format("ECDH {}", bits);
  if (exchange.starts_with("ECDH")) return "ECDH";
  if (exchange.starts_with("DH")) return "DH";
  return exchange == "any" ? "any" : printable(exchange);
}

std::string encryption_text(Value const& suite) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {{"CHACHA20", "ChaCha20"}, {"CAMELLIA", "Camellia"}, {"NULL", "None"}};
  std::string cipher = printable(suite["encryption"].as_string());
  for (auto const& [ours, theirs] : kNames) {
    if (cipher == ours) cipher = theirs;
  }
  std::string const& mode = suite["mode"].as_string();
  if (mode == "GCM" || mode == "CCM") return cipher + mode;
  return mode == "CCM_8" ? cipher + "CCM8" : cipher;
}

std::string bits_text(Value const& suite) {
  if (unencrypted(suite)) return "None";
  // testssl shows the length of the key, of which 112 bits count.
  std::int64_t const bits = suite["encryption"].as_string() == "3DES" ? 168 : suite["key_bits"].as_int();
  return fmt::format("{}{}", bits, suite["export"].as_bool() ? ",exp" : "");
}

/// "xc030", "x9f", "x1302", "x010080".
std::string hex_of(Value const& suite) {
  std::string code = ascii_lower(suite["code"].as_string());
  if (code.starts_with("0x")) code.erase(0, 2);
  if (code.size() == 4 && code.starts_with("00")) code.erase(0, 2);
  return "x" + printable(code);
}

/// An importer of these rows takes the name from behind "TLS_".
std::string registry_name(Value const& suite) {
  std::string const name = printable(suite["name"].as_string());
  return name.find("TLS_") != std::string::npos || name.starts_with("SSL_") ? name : "TLS_" + name;
}

std::string cipher_line(ProtocolVersion version, Value const& suite) {
  std::string const& openssl = suite["openssl_name"].as_string();
  return fmt::format("{:<7}   {:<7} {:<33} {:<10} {:<12}{:<8} {}", label_of(version), hex_of(suite),
                     printable(openssl.empty() ? suite["name"].as_string() : openssl), exchange_text(suite), encryption_text(suite),
                     bits_text(suite), registry_name(suite));
}

/// OpenSSL's name of a curve.
std::string curve_name(std::string const& group) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"secp256r1", "prime256v1"}, {"secp192r1", "prime192v1"}, {"x25519", "X25519"}, {"x448", "X448"}};
  for (auto const& [ours, theirs] : kNames) {
    if (group == ours) return std::string{theirs};
  }
  return printable(group);
}

/// Why there may be curves beside those that were found; empty: there are none.
std::string why_curves_may_be_missing(TestsslFacts const& facts) {
  constexpr std::string_view kNoReason = "not every curve was tried";
  auto const or_none = [&](std::string const& why) { return why.empty() ? std::string{kNoReason} : why; };
  auto const elliptic = [](Value const& suite) { return suite["key_exchange"].as_string().starts_with("ECDHE"); };
  Value const& curves = facts["curves"];
  if (Value const* const why = curves.find("inconclusive")) return or_none(why->as_string());
  Known const older = facts.any(elliptic, ProtocolVersion::SSLv3, ProtocolVersion::TLSv1_2);
  if (older == Known::unknown) return or_none(facts.reason());
  if (older == Known::yes && !curves["order"]["complete"].as_bool()) return or_none(reason_of(curves["order"]));
  Known const newest = facts.version(ProtocolVersion::TLSv1_3);
  if (newest == Known::unknown) return or_none(facts.reason(ProtocolVersion::TLSv1_3));
  if (newest == Known::yes && !facts["group_order"]["complete"].as_bool()) return or_none(reason_of(facts["group_order"]));
  return {};
}

}  // namespace

std::string testssl_prime_name(Value const& group) {
  // The table of primes joins the names of several sources; testssl's is the last.
  std::string const& names = group["name"].as_string();
  std::size_t const at = names.rfind(" | ");
  return printable(at == std::string::npos ? names : names.substr(at + 3));
}

std::string_view testssl_dh_severity(std::int64_t bits) {
  if (bits <= 600) return "CRITICAL";
  if (bits <= 800) return "HIGH";
  if (bits <= 1280) return "MEDIUM";
  return bits < 2048 ? "INFO" : "OK";
}

void add_protocol_rows(std::vector<TestsslRow>& rows, TestsslFacts const& facts) {
  struct Protocol {
    ProtocolVersion version;
    std::string_view id;
    std::string_view offered;
    std::string_view finding;
    std::string_view not_offered;
  };
  constexpr Protocol kProtocols[] = {
      {ProtocolVersion::SSLv3, "SSLv3", "HIGH", "offered", "OK"},
      {ProtocolVersion::TLSv1_0, "TLS1", "LOW", "offered (deprecated)", "INFO"},
      {ProtocolVersion::TLSv1_1, "TLS1_1", "LOW", "offered (deprecated)", "INFO"},
      {ProtocolVersion::TLSv1_2, "TLS1_2", "OK", "offered", "MEDIUM"},
      {ProtocolVersion::TLSv1_3, "TLS1_3", "OK", "offered with final", "LOW"},
  };
  if (facts.endpoint().facts.find("protocols") == nullptr) return;
  auto const open = [&](std::string_view id, ProtocolVersion version) {
    rows.push_back({.id = std::string{id}, .severity = "WARN", .finding = inconclusive_finding(facts.reason(version))});
  };
  Known const oldest = facts.version(ProtocolVersion::SSLv2);
  std::size_t const kinds = facts.suites(ProtocolVersion::SSLv2).size();
  if (oldest == Known::unknown) open("SSLv2", ProtocolVersion::SSLv2);
  if (oldest == Known::no) rows.push_back({.id = "SSLv2", .severity = "OK", .finding = "not offered"});
  if (oldest == Known::yes && kinds > 0)
    rows.push_back({.id = "SSLv2", .severity = "CRITICAL", .finding = fmt::format("vulnerable with {} ciphers", kinds)});
  if (oldest == Known::yes && kinds == 0)
    rows.push_back({.id = "SSLv2", .severity = "HIGH", .finding = "offered, no cipher", .cve = "CVE-2015-3197", .cwe = "CWE-310"});
  for (Protocol const& each : kProtocols) {
    Known const known = facts.version(each.version);
    std::string id{each.id};
    if (known == Known::unknown) open(each.id, each.version);
    if (known == Known::yes) rows.push_back({.id = std::move(id), .severity = each.offered, .finding = std::string{each.finding}});
    if (known != Known::no) continue;
    bool const newer = each.version == ProtocolVersion::TLSv1_2 && facts.version(ProtocolVersion::TLSv1_3) == Known::yes;
    rows.push_back({.id = std::string{each.id}, .severity = newer ? "INFO" : each.not_offered, .finding = "not offered"});
  }
  Value const& extensions = facts["extensions"];
  std::string const& npn = extensions["next_protocol_negotiation"].as_string();
  if (npn == "no" || npn == "not_applicable") rows.push_back({.id = "NPN", .severity = "INFO", .finding = "not offered"});
  if (npn == "inconclusive") rows.push_back({.id = "NPN", .severity = "WARN", .finding = inconclusive_finding(reason_of(extensions))});
  if (npn == "yes") {
    std::vector<std::string> names;
    for (Value const& each : extensions["next_protocols"].items()) names.push_back(printable(each.as_string()));
    rows.push_back({.id = "NPN", .severity = "INFO", .finding = fmt::format("offered with {} (advertised)", join(names, ", "))});
  }
  Value const& alpn = facts["alpn"];
  if (!alpn.is_object()) return;
  if (Value const* const why = alpn.find("inconclusive")) {
    rows.push_back({.id = "ALPN", .severity = "WARN", .finding = inconclusive_finding(why->as_string())});
    return;
  }
  std::vector<std::string> others;
  for (Value const& each : alpn["protocols"].items()) {
    if (each.as_string() == "h2") rows.push_back({.id = "ALPN_HTTP2", .severity = "OK", .finding = "h2"});
    if (each.as_string() != "h2") others.push_back(printable(each.as_string()));
  }
  if (!others.empty() || alpn["protocols"].items().empty())
    rows.push_back({.id = "ALPN", .severity = "INFO", .finding = others.empty() ? "not offered" : join(others, " ")});
}

void add_cipher_rows(std::vector<TestsslRow>& rows, TestsslFacts const& facts) {
  for (Category const& category : categories()) {
    Known const known = facts.any(category.like, ProtocolVersion::SSLv2);
    rows.push_back({.id = fmt::format("cipherlist_{}", category.id),
                    .severity = known == Known::yes  ? category.offered
                                : known == Known::no ? category.not_offered
                                                     : "WARN",
                    .finding = known == Known::yes  ? "offered"
                               : known == Known::no ? "not offered"
                                                    : inconclusive_finding(facts.reason()),
                    .cwe = category.cwe});
  }
}

void add_preference_rows(std::vector<TestsslRow>& rows, TestsslFacts const& facts) {
  bool older_client = false;
  bool older_server = false;
  bool newest_client = false;
  bool newest_server = false;
  bool open = false;
  std::string why;
  for (ProtocolVersion const version : wire::kAllVersions) {
    std::vector<Value const*> const suites = facts.suites(version);
    if (version == ProtocolVersion::SSLv2) continue;
    if (suites.empty() && facts.version(version) != Known::no) {
      open = true;
      if (why.empty()) why = facts.reason(version);
      if (facts.version(version) == Known::yes)
        rows.push_back({.id = fmt::format("cipher_order-{}", id_of(version)),
                        .severity = "WARN",
                        .finding = inconclusive_finding(facts.reason(version))});
    }
    if (suites.empty()) continue;
    std::string chooser;
    Value const* order = nullptr;
    for (Value const& each : facts["cipher_order"].items()) {
      if (each["protocol"].as_string() == wire::name(version)) order = &each;
    }
    if (order != nullptr) chooser = (*order)["chooser"].as_string();
    bool const newest = version == ProtocolVersion::TLSv1_3;
    std::string const id = fmt::format("cipher_order-{}", id_of(version));
    if (chooser == "server") {
      (newest ? newest_server : older_server) = true;
      rows.push_back({.id = id, .severity = "OK", .finding = "server"});
    } else if (chooser == "client") {
      (newest ? newest_client : older_client) = true;
      rows.push_back({.id = id,
                      .severity = newest ? "INFO" : "HIGH",
                      .finding = newest ? "not a cipher order for TLS 1.3 configured" : "NOT a cipher order configured"});
    } else if (chooser != "indifferent") {  // a single suite has no order
      open = true;
      std::string const said = order == nullptr ? std::string{} : reason_of(*order);
      if (why.empty()) why = said.empty() ? facts.reason(version) : said;
      rows.push_back({.id = id, .severity = "WARN", .finding = inconclusive_finding(said.empty() ? facts.reason(version) : said)});
    }
    for (Value const* const suite : suites)
      rows.push_back({.id = fmt::format("cipher-{}_{}", id_of(version), hex_of(*suite)),
                      .severity = severity_of(*suite),
                      .finding = cipher_line(version, *suite)});
    std::string label = label_of(version);
    std::ranges::replace(label, '.', '_');
    if (facts.complete(version)) {
      rows.push_back({.id = "cipherorder_" + label, .severity = "INFO", .finding = suite_names(suites)});
    } else {
      rows.push_back({.id = "cipherorder_" + label,
                      .severity = "WARN",
                      .finding = suite_names(suites) + " (" + inconclusive_finding(facts.reason(version)) + ")"});
    }
    if (order != nullptr && (*order)["prioritizes_chacha"].is_bool())
      rows.push_back(
          {.id = "prioritize_chacha_" + label, .severity = "INFO", .finding = (*order)["prioritizes_chacha"].as_bool() ? "true" : "false"});
  }
  if (older_client) {
    rows.push_back({.id = "cipher_order",
                    .severity = "HIGH",
                    .finding = newest_server ? "server -- < TLS 1.3 client determined" : "NOT a cipher order configured"});
  } else if (open) {
    rows.push_back({.id = "cipher_order", .severity = "WARN", .finding = inconclusive_finding(why)});
  } else if (older_server) {
    rows.push_back({.id = "cipher_order", .severity = "OK", .finding = newest_client ? "server -- TLS 1.3 client determined" : "server"});
  } else if (newest_client || newest_server) {
    rows.push_back({.id = "cipher_order",
                    .severity = "INFO",
                    .finding = newest_server ? "server (TLS 1.3)" : "not a cipher order for TLS 1.3 configured"});
  }
}

void add_exchange_rows(std::vector<TestsslRow>& rows, TestsslFacts const& facts) {
  // testssl counts none with 3DES, RC4 or less.
  auto const forward = [](Value const& suite) {
    return suite["forward_secrecy"].as_bool() && sound(suite) && !low(suite) && !triple_des_or_idea(suite);
  };
  Known const known = facts.any(forward);
  if (known == Known::unknown) rows.push_back({.id = "FS", .severity = "WARN", .finding = inconclusive_finding(facts.reason())});
  if (known == Known::no) rows.push_back({.id = "FS", .severity = "MEDIUM", .finding = "No ciphers supporting Forward Secrecy offered"});
  if (known == Known::yes) {
    std::vector<Value const*> all;
    for (auto at = std::rbegin(wire::kAllVersions); at != std::rend(wire::kAllVersions); ++at) {
      for (Value const* const suite : facts.suites(*at)) {
        if (forward(*suite)) all.push_back(suite);
      }
    }
    rows.push_back({.id = "FS", .severity = "OK", .finding = "offered"});
    rows.push_back({.id = "FS_ciphers", .severity = "INFO", .finding = suite_names(all)});
  }
  std::map<std::string, std::string> curves;  // by code point, as testssl lists them
  std::map<std::string, std::string> primes;
  std::map<std::string, std::string> hybrid;
  int shortest = 1000;
  std::string open = why_curves_may_be_missing(facts);
  for (Value const* const groups : {&facts["curves"]["groups"], &facts["groups"]}) {
    for (Value const& group : groups->items()) {
      std::string const& name = group["name"].as_string();
      wire::NamedGroupInfo const* const info = wire::find_named_group(name);
      bool const mixed = info != nullptr && info->post_quantum();
      bool const prime = prime_bits(info) > 0;
      int const bits = curve_bits(info);
      if (bits > 0) shortest = std::min(shortest, bits);
      if (!mixed && !prime && bits == 0 && open.empty()) open = fmt::format("how strong {} is, is not known", name);
      (mixed ? hybrid : prime ? primes : curves).emplace(group["code"].as_string(), curve_name(name));
    }
  }
  auto const listed = [](std::map<std::string, std::string> const& groups) {
    std::vector<std::string> names;
    for (auto const& [code, name] : groups) names.push_back(name);
    return names;
  };
  if (!hybrid.empty()) rows.push_back({.id = "FS_KEMs", .severity = "OK", .finding = join(listed(hybrid), " ")});
  std::string_view const strength = shortest <= 163 ? "MEDIUM" : shortest <= 193 ? "LOW" : shortest <= 224 ? "INFO" : "OK";
  if (!curves.empty() && (open.empty() || strength == "MEDIUM" || strength == "LOW")) {
    rows.push_back({.id = "FS_ECDHE_curves", .severity = strength, .finding = join(listed(curves), " ")});
  } else if (!open.empty() && (!curves.empty() || facts["curves"].is_object() || facts["groups"].is_array())) {
    std::string const words = inconclusive_finding(open);
    rows.push_back({.id = "FS_ECDHE_curves",
                    .severity = "WARN",
                    .finding = curves.empty() ? words : fmt::format("{} ({})", join(listed(curves), " "), words)});
  }
  std::vector<std::string> finite = listed(primes);
  std::string_view quality = "OK";
  for (Value const& group : facts["dh_parameters"]["groups"].items()) {
    std::int64_t const bits = group["bits"].as_int();
    std::string const name = testssl_prime_name(group);
    if (quality == "OK") quality = testssl_dh_severity(bits);  // the shortest comes first
    bool const listed_already = std::ranges::any_of(finite, [&](std::string const& each) { return name.ends_with("/" + each); });
    if (!listed_already) finite.push_back(name.empty() ? fmt::format("Unknown DH group ({} bits)", bits) : name);
  }
  if (!finite.empty()) rows.push_back({.id = "DH_groups", .severity = quality, .finding = join(finite, " ")});
}

}  // namespace tlsgauge::report
