// `-o cbom`: a CycloneDX 1.7 BOM of the cryptography that endpoints were seen to use; `-o cbom-1.6` for older consumers.
// https://cyclonedx.org/docs/1.7/json/
//
// An asset is what a server proved: a version it spoke, a suite and a group it chose, a certificate it showed. What was not reached or
// stayed inconclusive is a property of the service, its dependencies are said to be unknown or incomplete.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "crypto/digest.hpp"
#include "report/cbom_algorithms.hpp"
#include "report/cbom_facts.hpp"
#include "report/cbom_oids.hpp"
#include "report/finding_text.hpp"
#include "report/formats.hpp"
#include "report/instances.hpp"
#include "report/wording.hpp"
#include "wire/registry/registry.hpp"

namespace tlsgauge::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxVersionText = 1000;  // the schema takes 1024 characters
constexpr std::size_t kMaxName = 1000;         // octets of what stands in many places
constexpr std::size_t kMaxText = 8000;
constexpr std::size_t kMaxCode = 16;  // "0x010080" is the longest

std::string digest(std::string_view text) { return crypto::sha256_hex({reinterpret_cast<unsigned char const*>(text.data()), text.size()}); }

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

Json sha256(std::string const& hex) { return {{"alg", "SHA-256"}, {"content", hex}}; }

Json property(std::string_view what, std::string_view value) {
  return {{"name", printable(fmt::format("tlsgauge:{}", what))}, {"value", cut_printable(value, kMaxText)}};
}

/// A URN of RFC 9562 version 8 (octets of our choice) from 32 and more hexadecimal digits.
std::string uuid(std::string_view hex) {
  char const variant = "89ab"[static_cast<unsigned char>(hex[16]) % 4];
  return fmt::format("urn:uuid:{}-{}-8{}-{}{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(13, 3), variant, hex.substr(17, 3),
                     hex.substr(20, 12));
}

using Refs = std::vector<std::string>;

void once(Refs& refs, std::string ref) {
  if (std::ranges::find(refs, ref) == refs.end()) refs.push_back(std::move(ref));
}

class Bom {
 public:
  Bom(Document const& document, bool newest) : document_(document), newest_(newest) {
    for (Endpoint const& endpoint : document.endpoints) {
      for (Value const& each : endpoint.facts["revocation"].items()) {
        if (each["status"].as_string() == "revoked") revoked_.emplace(each["sha256"].as_string(), &each);
      }
    }
  }

  std::string write() {
    Json services = Json::array();
    std::vector<std::string> const who = instances(document_);
    for (std::size_t i = 0; i < who.size(); ++i) services.push_back(service(document_.endpoints[i], who[i]));
    Json out = {{"bomFormat", "CycloneDX"}, {"specVersion", newest_ ? "1.7" : "1.6"}};
    out["serialNumber"] = "";
    out["version"] = 1;
    out["metadata"] = metadata();
    out["components"] = std::move(components_);
    out["services"] = std::move(services);
    out["dependencies"] = Json::array();
    for (auto const& [ref, on] : dependencies_) {
      Json each = {{"ref", ref}};
      if (!on.empty()) each["dependsOn"] = on;
      out["dependencies"].push_back(std::move(each));
    }
    out["compositions"] = Json::array();
    for (auto const& [aggregate, refs] : compositions_) out["compositions"].push_back({{"aggregate", aggregate}, {"dependencies", refs}});
    out["serialNumber"] = uuid(digest(write_json(document_, {}) + out["specVersion"].get<std::string>()));
    return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  }

 private:
  Json metadata() const {
    Json out = Json::object();
    if (auto const at = parse_rfc3339(document_.run.finished_at)) out["timestamp"] = rfc3339(*at);
    out["lifecycles"] = Json::array({{{"phase", "operations"}}});
    Json const tool = {{"type", "application"},
                       {"name", printable(document_.tool.name)},
                       {"version", to_utf8(printable(document_.tool.version).substr(0, kMaxVersionText))}};
    out["tools"] = {{"components", Json::array({tool})}};
    if (document_.run.interrupted) out["properties"] = Json::array({property("run", "interrupted: endpoints may be missing")});
    return out;
  }

  /// Adds a component once; true where it is new.
  bool add(std::string const& ref, Json component, Refs on) {
    if (!refs_.insert(ref).second) return false;
    components_.push_back(std::move(component));
    dependencies_.emplace_back(ref, std::move(on));
    return true;
  }

  static Json asset(std::string const& ref, std::string_view name, std::string_view type) {
    return {{"type", "cryptographic-asset"},
            {"bom-ref", ref},
            {"name", cut_printable(name, kMaxName)},
            {"cryptoProperties", {{"assetType", type}}}};
  }

  std::string algorithm(Algorithm const& a) {
    std::string const ref = fmt::format("algorithm:{}", cut_printable(a.name, kMaxName));
    if (refs_.contains(ref)) return ref;
    Json out = asset(ref, a.name, "algorithm");
    Json properties = Json::object();
    if (!a.primitive.empty()) properties["primitive"] = a.primitive;
    if (newest_ && !a.family.empty()) properties["algorithmFamily"] = a.family;
    if (!a.parameters.empty()) properties["parameterSetIdentifier"] = a.parameters;
    if (!a.curve.empty()) {
      if (newest_) {
        properties["ellipticCurve"] = a.curve;
      } else {
        properties["curve"] = a.curve.substr(a.curve.find('/') + 1);
      }
    }
    if (!a.mode.empty()) properties["mode"] = a.mode;
    if (!a.padding.empty()) properties["padding"] = a.padding;
    if (!a.functions.empty()) properties["cryptoFunctions"] = a.functions;
    if (a.classical) properties["classicalSecurityLevel"] = *a.classical;
    if (a.quantum) properties["nistQuantumSecurityLevel"] = *a.quantum;
    if (!properties.empty()) out["cryptoProperties"]["algorithmProperties"] = std::move(properties);
    if (std::string_view const oid = algorithm_oid(a.name); !oid.empty()) out["cryptoProperties"]["oid"] = oid;
    Refs on;
    for (std::string const& part : a.parts) on.push_back(fmt::format("algorithm:{}", part));
    add(ref, std::move(out), std::move(on));
    return ref;
  }

  std::string group(std::string_view name) {
    std::string ref;
    for (Algorithm const& each : group_algorithms(name)) ref = algorithm(each);  // the parts first
    return ref;
  }

  /// A prime of a ServerKeyExchange: the group of RFC 7919 that it is of, else its size.
  std::string prime_group(Value const& prime) {
    for (wire::DhPrimeInfo const& known : wire::dh_primes()) {
      std::uint16_t code = 0;
      std::string_view const text = known.named_group;  // decimal
      if (known.name != prime["name"].as_string() || text.empty()) continue;
      if (std::from_chars(text.data(), text.data() + text.size(), code).ec == std::errc{}) {
        return group(wire::name(static_cast<wire::NamedGroup>(code)));
      }
    }
    return algorithm(dh_algorithm(prime["bits"].as_int()));
  }

  Json cipher_suite(Value const& facts, Value const& suite, Refs& on) {
    Json out = {{"name", cut_printable(suite["name"].as_string(), kMaxName)}};
    std::string const code = suite["code"].as_string().substr(0, kMaxCode);
    Json octets = Json::array();
    for (std::size_t i = 2; i + 1 < code.size(); i += 2) octets.push_back(printable("0x" + code.substr(i, 2)));
    if (!octets.empty()) out["identifiers"] = std::move(octets);
    Refs algorithms;
    for (Algorithm const& each : suite_algorithms(suite)) once(algorithms, algorithm(each));
    for (std::string const& each : algorithms) once(on, each);
    if (!algorithms.empty()) out["algorithms"] = std::move(algorithms);
    if (!newest_) return out;
    Json groups = Json::array();
    for (std::string const& each : suite_groups(facts, suite)) groups.push_back(cut_printable(each, kMaxName));
    if (!groups.empty()) out["tlsGroups"] = std::move(groups);
    Json schemes = Json::array();
    for (std::string const& each : suite_schemes(facts, suite)) schemes.push_back(cut_printable(each, kMaxName));
    if (!schemes.empty()) out["tlsSignatureSchemes"] = std::move(schemes);
    return out;
  }

  std::string protocol(Target const& target, Value const& facts, std::string const& name, std::string const& who) {
    bool const tls = name.starts_with("TLSv");
    std::string const ref = fmt::format("protocol:{}@{}", printable(name), who);
    std::string const number = name == "SSLv2" ? "2.0" : name == "SSLv3" ? "3.0" : name.size() > 4 ? name.substr(4) : name;
    Json out = asset(ref, tls ? "TLS " + number : "SSL " + number, "protocol");
    Json properties = Json::object();
    // SSL has no word of its own; 1.6 has none for TLS in datagrams either.
    std::string const other = newest_ ? target.transport : "other";
    properties["type"] = !tls ? "other" : target.transport == "quic" || target.transport == "dtls" ? other : "tls";
    properties["version"] = printable(number);
    Json suites = Json::array();
    Refs on;
    for (Value const& suite : facts["cipher_suites"].items()) {
      if (suite["protocol"].as_string() == name) suites.push_back(cipher_suite(facts, suite, on));
    }
    if (!suites.empty()) properties["cipherSuites"] = std::move(suites);
    auto const take = [&](Value const& groups) {
      for (Value const& each : groups.items()) {
        if (each["protocol"].as_string() == name) once(on, group(each["name"].as_string()));
      }
    };
    take(facts["groups"]);
    take(facts["curves"]["groups"]);
    take(facts["curves"]["ffdhe"]["groups"]);
    for (Value const& suite : facts["cipher_suites"].items()) {
      if (suite["protocol"].as_string() == name && suite["group"].is_string()) once(on, group(suite["group"].as_string()));
    }
    for (Value const& prime : facts["dh_parameters"]["groups"].items()) {
      if (std::ranges::find(prime["protocols"].items(), Value{name}) != prime["protocols"].items().end()) once(on, prime_group(prime));
    }
    for (Value const& each : facts["signature_schemes"].items()) {
      if (each["protocol"].as_string() != name) continue;
      for (Value const& scheme : each["schemes"].items()) once(on, algorithm(scheme_algorithm(scheme["name"].as_string())));
    }
    if (newest_) {
      Json related = Json::array();
      for (std::string const& each : on) related.push_back({{"type", "algorithm"}, {"ref", each}});
      if (!related.empty()) properties["relatedCryptographicAssets"] = std::move(related);
    } else if (!on.empty()) {
      properties["cryptoRefArray"] = on;
    }
    out["cryptoProperties"]["protocolProperties"] = std::move(properties);
    add(ref, std::move(out), std::move(on));
    return ref;
  }

  std::string public_key(Value const& certificate) {
    std::string const& spki = certificate["spki_sha256"].as_string();
    std::string const ref = fmt::format("key:{}", is_sha256(spki) ? spki : digest(spki));
    if (refs_.contains(ref)) return ref;
    Value const& key = certificate["key"];
    std::string const by = algorithm(key_algorithm(key));
    Json out = asset(ref, fmt::format("public key {}", by.substr(std::string_view{"algorithm:"}.size())), "related-crypto-material");
    Json properties = {{"type", "public-key"}};
    if (is_sha256(spki)) properties["id"] = spki;
    if (key["bits"].as_int() > 0) properties["size"] = key["bits"].as_int();
    if (newest_) {
      if (is_sha256(spki)) properties["fingerprint"] = sha256(spki);
      properties["relatedCryptographicAssets"] = Json::array({{{"type", "algorithm"}, {"ref", by}}});
    } else {
      properties["algorithmRef"] = by;
    }
    out["cryptoProperties"]["relatedCryptoMaterialProperties"] = std::move(properties);
    add(ref, std::move(out), {by});
    return ref;
  }

  /// Only what was proved: that a certificate is not known to be revoked makes it no active one.
  void add_state(Json& properties, std::string const& fingerprint) const {
    auto const found = revoked_.find(fingerprint);
    if (found == revoked_.end()) return;
    Json state = {{"state", "revoked"}};
    for (Value const& source : (*found->second)["sources"].items()) {
      if (source["status"].as_string() != "revoked" || !source["error"].is_null()) continue;
      if (auto const at = parse_rfc3339(source["revoked_at"].as_string())) properties["revocationDate"] = rfc3339(*at);
      if (source["reason"].is_string()) state["reason"] = printable(source["reason"].as_string());
      break;
    }
    properties["certificateState"] = Json::array({state});
  }

  static void add_extensions(Json& properties, Value const& c) {
    Json extensions = Json::array();
    auto const take = [&](std::string_view extension, Value const& values) {
      std::vector<std::string> texts;
      for (Value const& each : values.items()) texts.push_back(printable(each.as_string()));
      if (!texts.empty()) extensions.push_back({{"commonExtensionName", extension}, {"commonExtensionValue", join(texts, ", ")}});
    };
    take("subjectAlternativeName", c["subject_alt_names"]);
    take("keyUsage", c["key_usage"]);
    take("extendedKeyUsage", c["extended_key_usage"]);
    if (!extensions.empty()) properties["certificateExtensions"] = std::move(extensions);
  }

  std::string certificate(Value const& c) {
    std::string const& fingerprint = c["sha256"].as_string();
    std::string const ref = fmt::format("certificate:{}", is_sha256(fingerprint) ? fingerprint : digest(fingerprint));
    if (refs_.contains(ref)) return ref;
    std::string const& subject = c["subject"].as_string();
    Json out = asset(ref, subject.empty() ? fingerprint : subject, "certificate");
    if (is_sha256(fingerprint)) out["hashes"] = Json::array({sha256(fingerprint)});  // of the DER; the schema's `fingerprint` is of less
    if (c["unparsable"].as_bool()) {
      out["properties"] = Json::array({property("certificate", "unparsable")});
      add(ref, std::move(out), {});
      return ref;
    }
    std::string const signed_with = algorithm(signature_algorithm(c["signature_algorithm"].as_string()));
    std::string const key = public_key(c);
    Json properties = Json::object();
    if (newest_) properties["serialNumber"] = printable(c["serial"].as_string());
    properties["subjectName"] = printable(subject);
    properties["issuerName"] = printable(c["issuer"].as_string());
    if (auto const at = parse_rfc3339(c["not_before"].as_string())) properties["notValidBefore"] = rfc3339(*at);
    if (auto const at = parse_rfc3339(c["not_after"].as_string())) properties["notValidAfter"] = rfc3339(*at);
    properties["certificateFormat"] = "X.509";
    if (newest_) {
      add_state(properties, fingerprint);
      add_extensions(properties, c);
      properties["relatedCryptographicAssets"] =
          Json::array({{{"type", "algorithm"}, {"ref", signed_with}}, {{"type", "publicKey"}, {"ref", key}}});
    } else {
      properties["signatureAlgorithmRef"] = signed_with;
      properties["subjectPublicKeyRef"] = key;
    }
    out["cryptoProperties"]["certificateProperties"] = std::move(properties);
    add(ref, std::move(out), {signed_with, key});
    return ref;
  }

  Json service(Endpoint const& endpoint, std::string const& who) {
    std::string const ref = fmt::format("service:{}", who);
    Json out = {
        {"bom-ref", ref}, {"name", cut_printable(place(endpoint.target), kMaxName)}, {"endpoints", Json::array({endpoint_uri(endpoint)})}};
    Json notes = Json::array({property("status", name(endpoint.status))});
    auto const note = [&](std::string_view what, std::string_view value) {
      if (!value.empty()) notes.push_back(property(what, value));
    };
    note("address", endpoint.target.address);
    note("server_name", endpoint.target.server_name);
    note("starttls", endpoint.target.starttls);
    Refs on;
    bool whole = endpoint.status == Status::complete;
    Value const& facts = endpoint.facts;
    for (Value const& each : facts["protocols"].items()) {
      std::string const& version = each["name"].as_string();
      if (each["support"].as_string() == "yes") once(on, protocol(endpoint.target, facts, version, who));
    }
    // Of what was not reached the status says it.
    for (OpenFact const& open : measured(endpoint) || !facts.members().empty() ? open_facts(facts) : std::vector<OpenFact>{}) {
      whole = false;
      note(open.where, open.what);
    }
    for (Value const& chain : facts["certificates"].items()) {
      for (Value const& each : chain["chain"].items()) once(on, certificate(each));
    }
    out["properties"] = std::move(notes);
    bool const seen = !on.empty();
    // What stands in the graph without dependencies is said to have none: of what was not seen nothing is said.
    if (seen) dependencies_.emplace_back(ref, std::move(on));
    if (!seen || !whole) compositions_[seen ? "incomplete" : "unknown"].push_back(ref);
    return out;
  }

  Document const& document_;
  bool newest_;
  Json components_ = Json::array();
  std::set<std::string> refs_;
  std::map<std::string, Value const*> revoked_;
  std::vector<std::pair<std::string, Refs>> dependencies_;
  std::map<std::string, Refs> compositions_;
};

}  // namespace

std::string write_cbom(Document const& document, ReportOptions const& /*options*/) { return Bom{document, true}.write(); }

std::string write_cbom_1_6(Document const& document, ReportOptions const& /*options*/) { return Bom{document, false}.write(); }

}  // namespace tlsgauge::report
