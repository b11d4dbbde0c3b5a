// testssl.sh: certificates and their chains.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "audit/shown_certificates.hpp"
#include "base/text.hpp"
#include "crypto/certificate.hpp"
#include "crypto/digest.hpp"
#include "report/fact_parts.hpp"
#include "report/names.hpp"
#include "report/testssl_rows.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::int64_t kDay = 86400;

std::string upper(std::string_view text) {
  std::string out;
  for (char const c : text) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

/// "2026-11-25 08:18".
std::string minute_of(Value const& moment) {
  std::string text = printable(moment.as_string().substr(0, 16));
  std::ranges::replace(text, 'T', ' ');
  return text;
}

std::string attribute_of(std::string const& name, std::string_view type) {
  for (Attribute const& each : attributes_of(name)) {
    if (each.type == type) return printable(each.value);
  }
  return {};
}

/// "GEANT OV RSA CA 4 (GEANT Vereniging from NL)".
std::string issuer_text(std::string const& name) {
  std::string const common = attribute_of(name, "commonName");
  std::string const organisation = attribute_of(name, "organizationName");
  std::string const country = attribute_of(name, "countryName");
  std::string out = common.empty() ? printable(name) : common;
  if (!organisation.empty()) out += fmt::format(" ({}{}{})", organisation, country.empty() ? "" : " from ", country);
  return out;
}

struct Rated {
  std::string_view severity;
  std::string finding;
};

Rated signature_of(std::string const& algorithm) {
  constexpr std::pair<std::string_view, std::string_view> kHashes[] = {{"md2", "CRITICAL"}, {"md4", "CRITICAL"}, {"md5", "CRITICAL"},
                                                                       {"sha1", "MEDIUM"},  {"sha224", "INFO"},  {"sha256", "OK"},
                                                                       {"sha384", "OK"},    {"sha512", "OK"}};
  std::string const lower = ascii_lower(algorithm);
  std::string_view const kind = lower.find("ecdsa") != std::string::npos ? "ECDSA"
                                : lower.find("dsa") != std::string::npos ? "DSA"
                                : lower.find("rsa") != std::string::npos ? "RSA"
                                                                         : std::string_view{};
  for (auto const& [hash, severity] : kHashes) {
    if (lower.find(hash) == std::string::npos || kind.empty() || lower.find("pss") != std::string::npos) continue;
    if (severity == "CRITICAL") return {severity, upper(hash)};
    return {severity, kind == "ECDSA" ? fmt::format("ECDSA with {}", upper(hash)) : fmt::format("{} with {}", upper(hash), kind)};
  }
  return {"DEBUG", printable(algorithm)};
}

Rated key_of(Value const& key) {
  std::string const& type = key["type"].as_string();
  std::int64_t const bits = key["bits"].as_int();
  if (bits <= 0) return {"WARN", inconclusive_finding("the size of the key is not known")};
  constexpr std::pair<int, std::string_view> kCurves[] = {{110, "CRITICAL"}, {123, "HIGH"}, {163, "MEDIUM"}, {224, "INFO"}, {533, "OK"}};
  constexpr std::pair<int, std::string_view> kModuli[] = {{512, "CRITICAL"}, {768, "HIGH"}, {1024, "MEDIUM"}, {2048, "INFO"}, {4096, "OK"}};
  if (type == "ecdsa") {
    for (auto const& [most, severity] : kCurves) {
      if (bits <= most) return {severity, fmt::format("EC {} bits", bits)};
    }
  }
  if (type == "rsa" || type == "rsa-pss" || type == "dsa") {
    std::string const& exponent = key["exponent"].as_string();
    std::string const tail = exponent.empty() ? std::string{} : printable(fmt::format(" (exponent is {})", exponent));
    for (auto const& [most, severity] : kModuli) {
      if (bits <= most)
        return {exponent == "1" ? "CRITICAL" : severity, fmt::format("{} {} bits{}", type == "dsa" ? "DSA" : "RSA", bits, tail)};
    }
    return {"WARN", fmt::format("{} bits (Odd)", bits)};
  }
  return {"WARN", printable(fmt::format("Server keys {} bits, unknown public key algorithm {}", bits, type))};
}

std::string words_of(Value const& list, std::vector<std::pair<std::string_view, std::string_view>> const& names) {
  std::vector<std::string> out;
  for (Value const& each : list.items()) {
    std::string text = printable(each.as_string());
    for (auto const& [ours, theirs] : names) {
      if (text == ours) text = theirs;
    }
    out.push_back(std::move(text));
  }
  return join(out, ", ");
}

Rated expiry_of(std::int64_t days, bool expired, bool halved) {
  std::int64_t const soon = halved ? 15 : 30;
  std::int64_t const late = halved ? 30 : 60;
  if (expired) return {"CRITICAL", "expired"};
  if (days < soon) return {"HIGH", fmt::format("expires < {} days ({})", soon, days)};
  if (days < late) return {"MEDIUM", fmt::format("expires < {} days ({})", late, days)};
  return {"OK", fmt::format("{} >= {} days", days, late)};
}

std::string trust_code(std::string const& error) {
  if (error == "self_signed") return "(self signed)";
  if (error == "self_signed_in_chain" || error == "untrusted_root") return "(self signed CA in chain)";
  if (error == "incomplete_chain") return "(chain incomplete)";
  if (error == "expired") return "(expired)";
  return printable(fmt::format("({})", error.empty() ? "NOT ok" : error));
}

/// What the responses that are stapled are worth; documents of older versions do not say.
Rated staple_of(Value const& staples) {
  Rated out{"OK", "offered"};
  for (Value const& each : staples.items()) {
    std::string const& status = each["status"].as_string();
    std::string const& error = each["error"].as_string();
    if (status == "revoked") return {"CRITICAL", "offered, revoked"};
    if (!error.empty()) {
      out = {"MEDIUM", printable("offered, but it does not count: " + error)};
    } else if (status != "good" && out.severity == "OK") {
      out = {"WARN", "offered, " + inconclusive_finding(each["inconclusive"].as_string())};
    }
  }
  return out;
}

/// testssl looks whether timestamps are there; here only those that were verified are an OK.
Rated transparency_of(Value const& found) {
  if (Value const* const why = found.find("inconclusive")) return {"WARN", inconclusive_finding(why->as_string())};
  std::string_view valid;
  std::string_view unverified;
  std::string wrong;
  for (Value const& stamp : found["timestamps"].items()) {
    std::string const& source = stamp["source"].as_string();
    std::string const& status = stamp["status"].as_string();
    std::string_view const how = source == "tls" ? "TLS extension" : source == "ocsp" ? "OCSP extension" : "certificate extension";
    bool const open = status == "unverified" || status == "unknown_log" || status == "unsupported";
    if (status == "valid") {
      if (valid.empty()) valid = how;
    } else if (open) {
      if (unverified.empty()) unverified = how;
    } else if (wrong.empty()) {
      wrong = printable(status.empty() ? "not valid" : status);
    }
  }
  bool const enough = !found["satisfied"].is_bool() || found["satisfied"].as_bool();
  if (!valid.empty()) return {enough ? "OK" : "INFO", fmt::format("yes ({}){}", valid, enough ? "" : ", not enough for browsers")};
  if (!unverified.empty()) return {"INFO", fmt::format("yes ({}), not verified", unverified)};
  if (!wrong.empty()) return {"MEDIUM", "no timestamp is valid: " + wrong};
  return {"INFO", "--"};
}

Rated lifetime_of(Value const& certificate) {
  std::optional<std::int64_t> const begin = unix_time(certificate["not_before"].as_string());
  std::optional<std::int64_t> const end = unix_time(certificate["not_after"].as_string());
  if (!begin || !end) return {"WARN", inconclusive_finding("a date of the certificate is not known")};
  std::int64_t const days = (*end - *begin) / kDay;
  constexpr std::int64_t kMarch2018 = 1519862400;
  constexpr std::int64_t kSeptember2020 = 1598918400;
  if (days >= 3650) return {"HIGH", fmt::format("{} days", days)};
  if (days >= 1825) return {"MEDIUM", fmt::format("{} days", days)};
  if (days > 825 && *begin >= kMarch2018) return {"MEDIUM", fmt::format("{} > 825 days", days)};
  if (days > 398 && *begin >= kSeptember2020) return {"MEDIUM", fmt::format("{} > 398 days", days)};
  return {"OK", "certificate has no extended life time according to browser forum"};
}

/// The rows of one chain.
class ChainRows {
 public:
  ChainRows(std::vector<TestsslRow>& rows, TestsslFacts const& facts, Value const& chain, std::string suffix,
            std::optional<std::int64_t> now)
      : rows_(rows), facts_(facts), chain_(chain), leaf_(chain["chain"].items().front()), suffix_(std::move(suffix)), now_(now) {}

  void add_all() {
    add_content();
    add_names();
    add_trust();
    add_dates();
    add_revocation();
    add_chain();
  }

 private:
  void add(std::string_view id, std::string_view severity, std::string finding) {
    rows_.push_back({.id = fmt::format("{}{}", id, suffix_), .severity = severity, .finding = std::move(finding)});
  }
  void add(std::string_view id, Rated rated) { add(id, rated.severity, std::move(rated.finding)); }
  void info(std::string_view id, std::string finding) { add(id, "INFO", std::move(finding)); }

  /// In one line with blanks for line ends, as testssl writes it.
  static std::string pem_line(Value const& certificate) {
    std::string text = certificate["pem"].as_string();
    while (text.ends_with('\n')) text.pop_back();
    std::ranges::replace(text, '\n', ' ');
    return printable(text);
  }

  void add_content() {
    add("cert_signatureAlgorithm", signature_of(leaf_["signature_algorithm"].as_string()));
    add("cert_keySize", key_of(leaf_["key"]));
    if (Value const& usage = leaf_["key_usage"]; usage.is_array()) {
      std::string const words = words_of(usage, {{"digitalSignature", "Digital Signature"},
                                                 {"nonRepudiation", "Non Repudiation"},
                                                 {"keyEncipherment", "Key Encipherment"},
                                                 {"dataEncipherment", "Data Encipherment"},
                                                 {"keyAgreement", "Key Agreement"},
                                                 {"keyCertSign", "Certificate Sign"},
                                                 {"cRLSign", "CRL Sign"},
                                                 {"encipherOnly", "Encipher Only"},
                                                 {"decipherOnly", "Decipher Only"}});
      info("cert_keyUsage", words.empty() ? "No server key usage information" : words);
    }
    if (Value const& usage = leaf_["extended_key_usage"]; usage.is_array()) {
      std::string const words = words_of(usage, {{"serverAuth", "TLS Web Server Authentication"},
                                                 {"clientAuth", "TLS Web Client Authentication"},
                                                 {"anyExtendedKeyUsage", "Any Extended Key Usage"}});
      bool const fit =
          words.empty() || words.find("Server Authentication") != std::string::npos || words.find("Any Extended") != std::string::npos;
      add("cert_extKeyUsage", fit ? "INFO" : "HIGH",
          words.empty() ? "No server extended key usage information"
          : fit         ? words
                        : fmt::format("Certificate incorrectly used for TLS Web Server Authentication: \"{}\"", words));
    }
    std::string serial = upper(printable(leaf_["serial"].as_string()));
    if (serial.size() % 2 == 1) serial.insert(0, "0");
    info("cert_serialNumber", serial);
    std::size_t const octets = serial.size() / 2;
    add("cert_serialNumberLen", octets > 20 || octets < 8 ? "LOW" : "INFO",
        fmt::format("{}{}", octets,
                    octets > 20  ? " is too long"
                    : octets < 8 ? " is not enough entropy"
                                 : ""));
    if (Bytes const der = crypto::from_pem(leaf_["pem"].as_string()); !der.empty())
      info("cert_fingerprintSHA1", upper(crypto::sha1_hex(der)));
    info("cert_fingerprintSHA256", upper(printable(leaf_["sha256"].as_string())));
    if (leaf_["pem"].is_string()) info("cert", pem_line(leaf_));
  }

  void add_names() {
    std::string const common = attribute_of(leaf_["subject"].as_string(), "commonName");
    add("cert_commonName", common.empty() ? "INFO" : "OK", common.empty() ? "no CN field in subject" : common);
    std::vector<std::string> names;
    for (Value const& each : leaf_["subject_alt_names"].items()) {
      std::string const text = printable(each.as_string());
      std::size_t const colon = text.find(':');
      names.push_back(text.starts_with("DNS:") || text.starts_with("IP:") ? text.substr(colon + 1) : text);
    }
    if (!names.empty()) {
      info("cert_subjectAltName", join(names, " "));
    } else {
      bool const http = facts_.http() != TestsslFacts::Known::no;
      add("cert_subjectAltName", http ? "HIGH" : "MEDIUM", http ? "No SAN, browsers are complaining" : "Providing no SAN is deprecated");
    }
    info("cert_caIssuers", issuer_text(leaf_["issuer"].as_string()));
    Value const& hostname = chain_["hostname"];
    if (!hostname["matches"].is_bool()) {
      add("cert_trust", "WARN", inconclusive_finding(hostname["reason"].as_string()));
      return;
    }
    std::vector<Value> const& covering = hostname["covered_by"].items();
    bool const wildcard =
        covering.empty()
            ? hostname["reason"].as_string().find("*.") != std::string::npos
            : std::ranges::all_of(covering, [](Value const& each) { return each.as_string().find("*.") != std::string::npos; });
    bool const matches = hostname["matches"].as_bool();
    bool const same = facts_["server_name"]["without_name"]["answer"].as_string() == "same_certificate";
    std::string_view const how = !matches ? "certificate does not match supplied URI" : wildcard ? "Ok via SAN wildcard" : "Ok via SAN";
    add("cert_trust", matches ? "OK" : "HIGH", fmt::format("{}{}", how, same ? " (same w/o SNI)" : ""));
    if (matches && wildcard) add("cert_trust_wildcard", "LOW", "trust is via wildcard");
  }

  void add_trust() {
    Value const& verification = chain_["verification"];
    if (!verification["trusted"].is_bool()) {
      add("cert_chain_of_trust", "WARN", inconclusive_finding(verification["inconclusive"].as_string()));
    } else if (verification["trusted"].as_bool()) {
      add("cert_chain_of_trust", "OK", "passed.");
    } else {
      add("cert_chain_of_trust", "CRITICAL", fmt::format("failed {}.", trust_code(verification["error"].as_string())));
    }
  }

  void add_dates() {
    std::string_view severity = "INFO";
    if (Value const& left = chain_["days_left"]; left.is_number()) {
      bool const expired = left.as_int() < 0;
      Rated expiry = expiry_of(left.as_int(), expired, attribute_of(leaf_["issuer"].as_string(), "organizationName") == "Let's Encrypt");
      severity = expiry.severity;
      add("cert_expirationStatus", std::move(expiry));
    } else {
      add("cert_expirationStatus", "WARN", inconclusive_finding("how long it is valid is not known"));
    }
    bool const early = now_ && unix_time(leaf_["not_before"].as_string()) > now_;
    add("cert_notBefore", early ? "CRITICAL" : "INFO", minute_of(leaf_["not_before"]));
    add("cert_notAfter", severity, minute_of(leaf_["not_after"]));
    add("cert_extlifeSpan", lifetime_of(leaf_));
  }

  void add_revocation() {
    std::vector<std::string> urls;
    for (Value const& each : leaf_["ocsp_urls"].items()) urls.push_back(printable(each.as_string()));
    if (leaf_["ocsp_urls"].is_array()) info("cert_ocspURL", urls.empty() ? "--" : join(urls, " "));
    if (chain_["ocsp_stapled"].is_bool()) {
      bool const stapled = chain_["ocsp_stapled"].as_bool();
      if (stapled) add("OCSP_stapling", staple_of(chain_["revocation"]["staples"]));
      if (!stapled) add("OCSP_stapling", urls.empty() ? "INFO" : "LOW", "not offered");
    }
    std::string const& digest = leaf_["sha256"].as_string();
    add_status(digest, !urls.empty());
    add_caa();
    for (Value const& each : facts_["transparency"].items()) {
      if (each["sha256"].as_string() == digest) add("certificate_transparency", transparency_of(each));
    }
    if (Value const* const why = facts_["transparency"].find("inconclusive"))
      add("certificate_transparency", "WARN", inconclusive_finding(why->as_string()));
  }

  /// What each kind of source says; who is revoked by one is not cleared by another.
  void add_status(std::string const& digest, bool has_responder) {
    struct Said {
      bool revoked = false;
      bool good = false;
      bool open = false;
      std::string why;
    };
    constexpr std::string_view kOcsp = "cert_ocspRevoked";
    constexpr std::string_view kList = "cert_crlRevoked";
    std::map<std::string_view, Said> said;
    bool clean = true;
    auto const leave_open = [&](std::string_view id, std::string const& why) {
      said[id].open = true;
      if (said[id].why.empty()) said[id].why = why;
    };
    for (Value const& each : facts_["revocation"].items()) {
      if (each["sha256"].as_string() != digest) continue;
      std::string const& status = each["status"].as_string();
      bool const asked = status != "not_checked" && status != "none_needed" && status != "no_source";
      bool proven = false;
      clean = clean && status == "good";
      for (Value const& source : each["sources"].items()) {
        std::string_view const id = source["kind"].as_string() == "crl" ? kList : kOcsp;
        std::string const& word = source["status"].as_string();
        std::string const& error = source["error"].as_string();
        if (word == "revoked") {
          proven = true;
          said[id].revoked = true;
        } else if (word == "good" && error.empty()) {
          said[id].good = true;
        } else if (asked) {
          leave_open(id, error.empty() ? "the source says " + (word.empty() ? "nothing" : word) : error);
        }
      }
      if (status == "revoked" && !proven) said[has_responder ? kOcsp : kList].revoked = true;
      if (asked && status != "good" && status != "revoked" && each["sources"].items().empty())
        leave_open(has_responder ? kOcsp : kList, each.find("inconclusive") ? each["inconclusive"].as_string() : each["why"].as_string());
    }
    if (Value const* const why = facts_["revocation"].find("inconclusive")) leave_open(has_responder ? kOcsp : kList, why->as_string());
    for (auto const& [id, word] : said) {
      if (word.revoked) {
        add(id, "CRITICAL", "revoked");
      } else if (word.good && clean) {
        add(id, "OK", "not revoked");
      } else {
        add(id, "WARN", inconclusive_finding(word.open ? word.why : "sources do not agree"));
      }
    }
  }

  void add_caa() {
    Value const& dns = facts_["dns"];
    Value const& caa = dns["caa"];
    for (Value const* const open : {dns.find("inconclusive"), caa.find("inconclusive"), caa.find("bogus"), caa.find("not_checked")}) {
      if (open == nullptr) continue;
      add("DNS_CAArecord", "WARN", inconclusive_finding(open->as_string()));
      return;
    }
    if (!caa.is_object()) return;
    std::vector<std::string> records;
    for (Value const& each : caa["records"].items())
      records.push_back(printable(fmt::format("{}={}", each["tag"].as_string(), each["value"].as_string())));
    std::ranges::sort(records);
    if (!caa["records"].is_array() || (records.empty() && caa["unreadable"].as_int() > 0)) {
      add("DNS_CAArecord", "WARN", inconclusive_finding(records.empty() ? "records that cannot be read" : ""));
    } else {
      add("DNS_CAArecord", records.empty() ? "LOW" : "OK", records.empty() ? "--" : join(records, ", "));
    }
  }

  void add_chain() {
    std::vector<Value> const& all = chain_["chain"].items();
    info("certs_countServer", fmt::format("{}", all.size()));
    if (Value const& ordered = chain_["shape"]["in_order"]; ordered.is_bool())
      add("certs_list_ordering_problem", ordered.as_bool() ? "INFO" : "LOW", ordered.as_bool() ? "no" : "yes");
    if (Value const* const why = chain_["shape"].find("inconclusive"))
      add("certs_list_ordering_problem", "WARN", inconclusive_finding(why->as_string()));
    for (std::size_t i = 1; i < all.size(); ++i) {
      Value const& certificate = all[i];
      if (certificate["unparsable"].as_bool()) continue;
      auto const id = [&](std::string_view word) { return fmt::format("intermediate_cert{} <#{}>", word, i); };
      if (certificate["pem"].is_string()) info(id(""), pem_line(certificate));
      info(id("_fingerprintSHA256"), upper(printable(certificate["sha256"].as_string())));
      info(id("_notBefore"), minute_of(certificate["not_before"]));
      std::optional<std::int64_t> const end = unix_time(certificate["not_after"].as_string());
      bool const open = !now_ || !end;
      std::int64_t const days = open ? 0 : (*end - *now_) / kDay;
      std::string_view const severity = open ? "WARN" : days <= 0 ? "CRITICAL" : days <= 20 ? "HIGH" : days <= 40 ? "MEDIUM" : "OK";
      add(id("_notAfter"), severity, minute_of(certificate["not_after"]));
      add(id("_expiration"), severity,
          open         ? inconclusive_finding(!now_ ? "the time of the run is not known" : "its last day is not known")
          : days <= 0  ? std::string{"expired!"}
          : days <= 40 ? fmt::format("expires <= {} days ({})", days <= 20 ? 20 : 40, days)
                       : std::string{"ok > 40 days"});
      info(id("_chain"), fmt::format("{} <-- {}", attribute_of(certificate["subject"].as_string(), "commonName"),
                                     attribute_of(certificate["issuer"].as_string(), "commonName")));
    }
  }

  std::vector<TestsslRow>& rows_;
  TestsslFacts const& facts_;
  Value const& chain_;
  Value const& leaf_;
  std::string suffix_;
  std::optional<std::int64_t> now_;
};

/// Whether what is said of two chains is the same.
bool same_answer(Value const& one, Value const& other) {
  auto const same_digest = [](Value const& a, Value const& b) { return a["sha256"] == b["sha256"]; };
  bool same = std::ranges::equal(one["chain"].items(), other["chain"].items(), same_digest);
  for (std::string_view const key : {"verification", "hostname", "days_left", "ocsp_stapled", "revocation"})
    same = same && one[key] == other[key];
  return same;
}

}  // namespace

void add_certificate_rows(std::vector<TestsslRow>& rows, TestsslFacts const& facts, std::optional<std::int64_t> now) {
  Value const& certificates = facts["certificates"];
  std::vector<Value const*> hosts;
  std::vector<std::string> problems;
  if (Value const* const why = certificates.find("inconclusive")) problems.push_back(why->as_string());
  for (Value const* const chain : audit::certificates_of(facts.endpoint(), certificates)) {
    std::vector<Value> const& all = (*chain)["chain"].items();
    if (all.empty() || all.front()["unparsable"].as_bool()) {
      problems.push_back((*chain)["inconclusive"].as_string());
      continue;
    }
    auto const same = [&](Value const* other) { return same_answer(*other, *chain); };
    if (std::ranges::none_of(hosts, same)) hosts.push_back(chain);
  }
  for (std::string const& problem : problems)
    rows.push_back({.id = "host_certificate_Problem",
                    .severity = "WARN",
                    .finding = printable("Could not retrieve host certificate!" + (problem.empty() ? std::string{} : " " + problem))});
  if (hosts.empty()) return;
  rows.push_back({.id = "cert_numbers", .severity = "INFO", .finding = fmt::format("{}", hosts.size())});
  for (std::size_t i = 0; i < hosts.size(); ++i)
    ChainRows{rows, facts, *hosts[i], hosts.size() == 1 ? std::string{} : fmt::format(" <hostCert#{}>", i + 1), now}.add_all();
}

}  // namespace tlsgauge::report
