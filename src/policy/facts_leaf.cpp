// Facts about what a certificate is made for and made with: usages, names, hashes, the keys above it, its timestamps.

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/text.hpp"
#include "policy/readers.hpp"

namespace tlsgauge::policy {
namespace {

using wire::ProtocolVersion;

constexpr std::size_t kMaxName = 80;

/// The end entity certificate, when it could be parsed.
Section leaf(Subject const& subject) {
  Section const chain = certificate_part(subject, "chain");
  if (!chain.value) return chain;
  if (chain.value->items().empty()) return {.value = nullptr, .missing = Observed::unknown("the chain is empty")};
  Value const& first = chain.value->items().front();
  if (first["unparsable"].as_bool()) return {.value = nullptr, .missing = Observed::unknown("the certificate cannot be parsed")};
  return {.value = &first, .missing = {}};
}

Observed leaf_texts(Subject const& subject, std::string_view key) {
  Section const certificate = leaf(subject);
  if (!certificate.value) return certificate.missing;
  return (*certificate.value)[key].is_array() ? texts_of(*certificate.value, key) : Observed::unknown("not read");
}

Observed read_key_usage(Subject const& subject, ProtocolVersion) { return leaf_texts(subject, "key_usage"); }
Observed read_extended_key_usage(Subject const& subject, ProtocolVersion) { return leaf_texts(subject, "extended_key_usage"); }

Observed read_is_ca(Subject const& subject, ProtocolVersion) {
  Section const certificate = leaf(subject);
  if (!certificate.value) return certificate.missing;
  Value const& ca = (*certificate.value)["ca"];
  return ca.is_bool() ? Observed::boolean(ca.as_bool()) : Observed::unknown("not read");
}

/// What "sha256WithRSAEncryption", "ecdsa-with-SHA384" and the like hash with; "intrinsic" where the scheme brings its own; empty:
/// the name does not tell (RSASSA-PSS).
std::string_view hash_of(std::string_view algorithm) {
  std::string const name = ascii_lower(algorithm);
  auto const has = [&](std::string_view part) { return name.find(part) != std::string::npos; };
  for (std::string_view const hash : {"sha3-224", "sha3-256", "sha3-384", "sha3-512"}) {
    if (has(hash)) return hash;
  }
  for (std::string_view const hash : {"sha224", "sha256", "sha384", "sha512", "sha1", "md2", "md4", "md5", "ripemd160", "sm3"}) {
    if (has(hash)) return hash;
  }
  // NIST's arc of signatures: ML-DSA and SLH-DSA, which a libcrypto of today may not know by name.
  for (std::string_view const own :
       {"ed25519", "ed448", "ml-dsa", "slh-dsa", "2.16.840.1.101.3.4.3.17", "2.16.840.1.101.3.4.3.18", "2.16.840.1.101.3.4.3.19"}) {
    if (has(own)) return "intrinsic";
  }
  return name.starts_with("sha") && has("with") ? "sha0" : std::string_view{};
}

Observed read_signature_hash(Subject const& subject, ProtocolVersion version) {
  Observed const algorithm = read_signature_algorithm(subject, version);
  if (algorithm.state != Observed::State::known) return algorithm;
  std::string const shown = bounded(algorithm.text, kMaxName);
  std::string_view const hash = hash_of(algorithm.text);
  if (hash.empty()) return Observed::unknown("the hash of " + shown + " is not known");
  return Observed::of_text(std::string{hash}, shown);
}

Observed read_chain_hashes(Subject const& subject, ProtocolVersion version) {
  Observed out = read_chain_signatures(subject, version);
  if (out.state != Observed::State::known) return out;
  std::vector<Element> hashes;
  for (Element const& algorithm : out.elements) {
    std::string_view const hash = hash_of(algorithm.key);
    if (hash.empty()) {
      make_incomplete(out, "the hash of " + algorithm.label + " is not known");
    } else {
      add_once(hashes, {.key = std::string{hash}, .label = std::string{hash}, .code = 0});
    }
  }
  out.elements = std::move(hashes);
  return out.elements.empty() ? Observed::unknown(out.reason) : out;
}

/// The smallest key of that kind in the chain; an anchor that came along does not count, as with signatures.
Observed smallest_key(Subject const& subject, std::vector<std::string_view> const& types, std::string_view none) {
  Section const chain = certificate_part(subject, "chain");
  if (!chain.value) return chain.missing;
  if (chain.value->items().empty()) return Observed::unknown("the chain is empty");
  Observed out = Observed::of_number(std::numeric_limits<double>::max());
  bool any = false;
  std::size_t number = 0;
  for (Value const& certificate : chain.value->items()) {
    ++number;
    if (number > 1 && certificate["self_issued"].as_bool()) continue;
    Value const& key = certificate["key"];
    if (!key["bits"].is_number() || key["type"].as_string().empty()) {
      make_incomplete(out, fmt::format("the key of certificate {} was not read", number));
      continue;
    }
    if (std::ranges::find(types, key["type"].as_string()) == types.end()) continue;
    any = true;
    if (key["bits"].as_double() >= out.number) continue;
    out.number = key["bits"].as_double();
    out.note = fmt::format("certificate {}", number);
  }
  if (any) return out;
  return out.complete ? Observed::not_applicable(std::string{none}) : Observed::unknown(out.reason);
}

Observed read_min_rsa_bits(Subject const& subject, ProtocolVersion) {
  return smallest_key(subject, {"rsa", "rsa-pss"}, "there is no RSA key in the chain");
}
Observed read_min_ec_bits(Subject const& subject, ProtocolVersion) {
  return smallest_key(subject, {"ecdsa", "ed25519", "ed448"}, "there is no key on a curve in the chain");
}

Observed read_names(Subject const& subject, ProtocolVersion) {
  Section const certificate = leaf(subject);
  if (!certificate.value) return certificate.missing;
  Value const& total = (*certificate.value)["subject_alt_names_total"];
  if (total.is_number()) return Observed::of_number(total.as_double());
  Value const& names = (*certificate.value)["subject_alt_names"];
  return names.is_array() ? Observed::of_number(static_cast<double>(names.items().size())) : Observed::unknown("not read");
}

Observed read_wildcard(Subject const& subject, ProtocolVersion version) {
  Observed const total = read_names(subject, version);
  if (total.state != Observed::State::known) return total;
  Value const& names = (*leaf(subject).value)["subject_alt_names"];
  for (Value const& name : names.items()) {
    if (name.as_string().starts_with("DNS:*")) return Observed::boolean(true, bounded(name.as_string(), kMaxName));
  }
  bool const all = names.is_array() && static_cast<double>(names.items().size()) >= total.number;
  return all ? Observed::boolean(false) : Observed::unknown("not all names were listed");
}

Observed read_must_staple(Subject const& subject, ProtocolVersion) {
  Section const found = certificate_part(subject, "revocation");
  if (!found.value) return found.missing;
  Value const& demanded = (*found.value)["must_staple"];
  return demanded.is_bool() ? Observed::boolean(demanded.as_bool()) : Observed::unknown("not read");
}

Observed read_short_lived(Subject const& subject, ProtocolVersion version) {
  Section const found = certificate_part(subject, "lifetime");
  if (found.value && (*found.value)["short_lived"].is_bool()) return Observed::boolean((*found.value)["short_lived"].as_bool());
  // A document of an earlier program: Baseline Requirements 1.6.1, 7 days since 2026-03-15, 10 days before.
  Observed const days = read_lifetime_days(subject, version);
  if (days.state == Observed::State::known && days.number > 10) return Observed::boolean(false);
  return days.state == Observed::State::known ? Observed::unknown("not established") : days;
}

}  // namespace

void add_leaf_facts(std::vector<FactSpec>& all) {
  all.push_back({.name = "certificate.key_usage",
                 .type = Type::texts,
                 .scope = Scope::certificate,
                 .sentence = "the usages that keyUsage allows the key; none where the certificate does not limit it",
                 .noun = "key usage",
                 .read = read_key_usage,
                 .verb = "allowed",
                 .words = {"digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign",
                           "cRLSign", "encipherOnly", "decipherOnly"}});
  all.push_back({.name = "certificate.extended_key_usage",
                 .type = Type::texts,
                 .scope = Scope::certificate,
                 .sentence = "the purposes of extendedKeyUsage, such as serverAuth, or OIDs; none where the certificate does not limit it",
                 .noun = "extended key usage",
                 .read = read_extended_key_usage,
                 .verb = "allowed"});
  all.push_back({.name = "certificate.is_ca",
                 .type = Type::boolean,
                 .scope = Scope::certificate,
                 .sentence = "the end entity certificate is that of a CA",
                 .noun = "the kind of the certificate",
                 .read = read_is_ca,
                 .affirmed = "the certificate is that of a CA",
                 .denied = "the certificate is not that of a CA"});
  std::vector<std::string_view> const hashes = {"md2",      "md4",       "md5",    "sha0",     "sha1",     "sha224",
                                                "sha256",   "sha384",    "sha512", "sha3-224", "sha3-256", "sha3-384",
                                                "sha3-512", "ripemd160", "sm3",    "intrinsic"};
  all.push_back({.name = "certificate.signature_hash",
                 .type = Type::text,
                 .scope = Scope::certificate,
                 .sentence = "the hash of the end entity certificate's signature; intrinsic: EdDSA, ML-DSA and SLH-DSA bring their own",
                 .noun = "hash of the signature",
                 .read = read_signature_hash,
                 .words = hashes});
  all.push_back({.name = "certificate.chain_signature_hashes",
                 .type = Type::texts,
                 .scope = Scope::certificate,
                 .sentence = "the hashes of the signatures of all certificates of the chain, self-issued anchors left out",
                 .noun = "hashes of the chain's signatures",
                 .read = read_chain_hashes,
                 .verb = "used",
                 .words = hashes});
  all.push_back({.name = "certificate.chain_min_rsa_bits",
                 .type = Type::number,
                 .scope = Scope::certificate,
                 .sentence = "the size of the smallest RSA key of the chain, anchors left out; not applicable where it has none",
                 .noun = "the smallest RSA key of the chain",
                 .read = read_min_rsa_bits,
                 .unit = "bits"});
  all.push_back({.name = "certificate.chain_min_ec_bits",
                 .type = Type::number,
                 .scope = Scope::certificate,
                 .sentence = "the size of the smallest elliptic curve key of the chain, anchors left out; not applicable where it has none",
                 .noun = "the smallest elliptic curve key of the chain",
                 .read = read_min_ec_bits,
                 .unit = "bits"});
  all.push_back({.name = "certificate.names",
                 .type = Type::number,
                 .scope = Scope::certificate,
                 .sentence = "how many names subjectAltName has",
                 .noun = "number of names",
                 .read = read_names,
                 .unit = "names"});
  all.push_back({.name = "certificate.wildcard",
                 .type = Type::boolean,
                 .scope = Scope::certificate,
                 .sentence = "a name of the certificate has a wildcard",
                 .noun = "wildcard",
                 .read = read_wildcard,
                 .affirmed = "the certificate has a wildcard",
                 .denied = "the certificate has no wildcard"});
  all.push_back({.name = "certificate.must_staple",
                 .type = Type::boolean,
                 .scope = Scope::certificate,
                 .sentence = "the certificate demands a staple (RFC 7633)",
                 .noun = "must-staple",
                 .read = read_must_staple,
                 .affirmed = "the certificate demands a staple",
                 .denied = "the certificate demands no staple"});
  all.push_back({.name = "certificate.short_lived",
                 .type = Type::boolean,
                 .scope = Scope::certificate,
                 .sentence = "the certificate is short-lived by the Baseline Requirements, and needs no revocation",
                 .noun = "lifetime",
                 .read = read_short_lived,
                 .affirmed = "the certificate is short-lived",
                 .denied = "the certificate is not short-lived"});
  all.push_back({.name = "certificate.timestamps",
                 .type = Type::number,
                 .scope = Scope::certificate,
                 .sentence =
                     "how many timestamps of transparency logs vouch for it, the faulty ones not counted; not known where one could "
                     "not be verified and it matters",
                 .noun = "number of timestamps",
                 .read = read_timestamp_count,
                 .unit = "timestamps",
                 .optional = true});
}

}  // namespace tlsgauge::policy
