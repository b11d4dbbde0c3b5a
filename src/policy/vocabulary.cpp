#include "policy/vocabulary.hpp"

#include <algorithm>

#include "policy/readers.hpp"

namespace tlsgauge::policy {
namespace {

using wire::ProtocolVersion;

std::vector<FactSpec> make_facts() {
  std::vector<std::string_view> const choosers = {"server", "client", "indifferent"};
  std::vector<FactSpec> all;

  all.push_back({.name = "protocols.accepted",
                 .type = Type::versions,
                 .scope = Scope::endpoint,
                 .sentence = "the protocol versions in which a handshake is accepted",
                 .noun = "protocols",
                 .read = read_protocols});

  struct PerVersion {
    std::string_view suites, chooser;
    ProtocolVersion version;
  };
  for (PerVersion const& v : {PerVersion{"suites.accepted.SSLv2", "suites.chooser.SSLv2", ProtocolVersion::SSLv2},
                              PerVersion{"suites.accepted.SSLv3", "suites.chooser.SSLv3", ProtocolVersion::SSLv3},
                              PerVersion{"suites.accepted.TLSv1.0", "suites.chooser.TLSv1.0", ProtocolVersion::TLSv1_0},
                              PerVersion{"suites.accepted.TLSv1.1", "suites.chooser.TLSv1.1", ProtocolVersion::TLSv1_1},
                              PerVersion{"suites.accepted.TLSv1.2", "suites.chooser.TLSv1.2", ProtocolVersion::TLSv1_2},
                              PerVersion{"suites.accepted.TLSv1.3", "suites.chooser.TLSv1.3", ProtocolVersion::TLSv1_3}}) {
    all.push_back({.name = v.suites,
                   .type = Type::suites,
                   .scope = Scope::endpoint,
                   .sentence = "the cipher suites accepted in that version; not applicable when the version is not accepted",
                   .noun = "cipher suites",
                   .read = read_suites,
                   .version = v.version,
                   .ordered = true});
    all.push_back({.name = v.chooser,
                   .type = Type::text,
                   .scope = Scope::endpoint,
                   .sentence = "who chooses among the suites of that version: server, client, or indifferent where it cannot matter",
                   .noun = "the chooser of the suite",
                   .read = read_suite_chooser,
                   .words = choosers,
                   .version = v.version});
  }
  all.push_back({.name = "suites.accepted.any",
                 .type = Type::suites,
                 .scope = Scope::endpoint,
                 .sentence = "the cipher suites accepted in any version, all together",
                 .noun = "cipher suites",
                 .read = read_suites});
  all.push_back(
      {.name = "dh.min_bits",
       .type = Type::number,
       .scope = Scope::endpoint,
       .sentence = "the size of the smallest finite-field Diffie-Hellman group in use; not applicable when no such suite is accepted",
       .noun = "the Diffie-Hellman group",
       .read = read_dh_min_bits,
       .unit = "bits"});
  all.push_back({.name = "groups.accepted",
                 .type = Type::groups,
                 .scope = Scope::endpoint,
                 .sentence = "the key exchange groups accepted in TLS 1.3; not applicable when TLS 1.3 is not accepted",
                 .noun = "groups",
                 .read = read_groups,
                 .ordered = true});
  all.push_back({.name = "groups.chooser",
                 .type = Type::text,
                 .scope = Scope::endpoint,
                 .sentence = "who chooses among the groups of TLS 1.3",
                 .noun = "the chooser of the group",
                 .read = read_group_chooser,
                 .words = choosers});

  all.push_back({.name = "certificate.trusted",
                 .type = Type::boolean,
                 .scope = Scope::certificate,
                 .sentence = "the chain leads to a trusted anchor and nothing is wrong with it, dates included",
                 .noun = "trust",
                 .read = read_trusted,
                 .affirmed = "the chain is trusted",
                 .denied = "the chain is not trusted"});
  all.push_back({.name = "certificate.trust_errors",
                 .type = Type::texts,
                 .scope = Scope::certificate,
                 .sentence = "what keeps the chain from being trusted, apart from dates",
                 .noun = "faults of the chain",
                 .read = read_trust_errors,
                 .verb = "found",
                 .words = {"self_signed", "self_signed_in_chain", "untrusted_root", "incomplete_chain", "bad_signature", "invalid_ca",
                           "path_length", "key_usage", "critical_extension", "name_constraints", "weak_key", "weak_signature",
                           "wrong_purpose", "unparsable", "other"}});
  add_trust_facts(all);
  add_chain_facts(all);
  all.push_back({.name = "certificate.expired",
                 .type = Type::boolean,
                 .scope = Scope::certificate,
                 .sentence = "the certificate, or one of its chain, is past its end",
                 .noun = "expiry",
                 .read = read_expired,
                 .affirmed = "expired",
                 .denied = "not expired",
                 .runs_out = true});
  all.push_back({.name = "certificate.not_yet_valid",
                 .type = Type::boolean,
                 .scope = Scope::certificate,
                 .sentence = "the certificate, or one of its chain, begins in the future",
                 .noun = "beginning",
                 .read = read_not_yet_valid,
                 .affirmed = "not yet valid",
                 .denied = "already valid"});
  all.push_back({.name = "certificate.valid_now",
                 .type = Type::boolean,
                 .scope = Scope::certificate,
                 .sentence = "neither expired nor not yet valid",
                 .noun = "validity",
                 .read = read_valid_now,
                 .affirmed = "within its validity period",
                 .denied = "outside of its validity period",
                 .runs_out = true});
  all.push_back({.name = "certificate.days_left",
                 .type = Type::number,
                 .scope = Scope::certificate,
                 .sentence = "whole days until the end entity certificate expires; negative once it has",
                 .noun = "time left",
                 .read = read_days_left,
                 .unit = "days",
                 .runs_out = true});
  all.push_back({.name = "certificate.lifetime_days",
                 .type = Type::number,
                 .scope = Scope::certificate,
                 .sentence = "days from the beginning to the end of the validity period, rounded up",
                 .noun = "lifetime",
                 .read = read_lifetime_days,
                 .unit = "days"});
  all.push_back({.name = "certificate.hostname_matches",
                 .type = Type::boolean,
                 .scope = Scope::certificate,
                 .sentence = "the certificate names the host that was asked for (RFC 9525)",
                 .noun = "host name",
                 .read = read_hostname_matches,
                 .affirmed = "the certificate is for this host",
                 .denied = "the certificate is not for this host"});
  all.push_back({.name = "certificate.key.type",
                 .type = Type::text,
                 .scope = Scope::certificate,
                 .sentence = "rsa, rsa-pss, ecdsa, ed25519, ed448, dsa, ml-dsa-65 ... or an OID",
                 .noun = "key type",
                 .read = read_key_type});
  all.push_back({.name = "certificate.key.bits",
                 .type = Type::number,
                 .scope = Scope::certificate,
                 .sentence = "the size of the public key",
                 .noun = "key size",
                 .read = read_key_bits,
                 .unit = "bits"});
  all.push_back({.name = "certificate.key.curve",
                 .type = Type::text,
                 .scope = Scope::certificate,
                 .sentence = "the curve of an ECDSA key by its IANA name; not applicable to other keys",
                 .noun = "curve",
                 .read = read_key_curve});
  all.push_back({.name = "certificate.signature_algorithm",
                 .type = Type::text,
                 .scope = Scope::certificate,
                 .sentence = "the algorithm the end entity certificate is signed with, such as sha256WithRSAEncryption",
                 .noun = "signature",
                 .read = read_signature_algorithm});
  all.push_back({.name = "certificate.chain_signature_algorithms",
                 .type = Type::texts,
                 .scope = Scope::certificate,
                 .sentence = "the algorithms all certificates of the chain are signed with, self-issued anchors left out",
                 .noun = "signatures of the chain",
                 .read = read_chain_signatures,
                 .verb = "used"});
  all.push_back({.name = "certificate.ocsp_urls",
                 .type = Type::texts,
                 .scope = Scope::certificate,
                 .sentence = "the OCSP responders that the certificate names",
                 .noun = "OCSP responders",
                 .read = read_ocsp_urls,
                 .verb = "named"});
  all.push_back({.name = "certificate.ocsp_stapled",
                 .type = Type::boolean,
                 .scope = Scope::certificate,
                 .sentence = "the server staples an OCSP response",
                 .noun = "OCSP stapling",
                 .read = read_ocsp_stapled,
                 .affirmed = "an OCSP response is stapled",
                 .denied = "no OCSP response is stapled"});

  all.push_back({.name = "certificate.timestamp_faults",
                 .type = Type::texts,
                 .scope = Scope::certificate,
                 .sentence = "what is wrong with its signed certificate timestamps: bad_signature, malformed, in_future",
                 .noun = "faults of timestamps",
                 .read = read_timestamp_faults,
                 .verb = "found",
                 .optional = true});
  all.push_back({.name = "certificate.too_few_timestamps",
                 .type = Type::boolean,
                 .scope = Scope::certificate,
                 .sentence = "fewer logs vouch for it than browsers ask of publicly trusted certificates",
                 .noun = "certificate transparency",
                 .read = read_too_few_timestamps,
                 .affirmed = "too few transparency logs vouch for it",
                 .denied = "enough transparency logs vouch for it, or it could not be told without a list of logs",
                 .optional = true});
  add_revocation_facts(all);

  all.push_back({.name = "http.spoken",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "the service answers in HTTP",
                 .noun = "HTTP",
                 .read = read_http_spoken,
                 .affirmed = "HTTP is spoken",
                 .denied = "HTTP is not spoken"});
  all.push_back({.name = "http.status",
                 .type = Type::number,
                 .scope = Scope::endpoint,
                 .sentence = "the status code of the answer",
                 .noun = "HTTP status",
                 .read = read_http_status});
  all.push_back({.name = "http.hsts.present",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "a Strict-Transport-Security header was sent, valid or not",
                 .noun = "HSTS",
                 .read = read_hsts_present,
                 .affirmed = "a Strict-Transport-Security header is sent",
                 .denied = "no Strict-Transport-Security header was sent"});
  all.push_back({.name = "http.hsts.valid",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "a Strict-Transport-Security header was sent and is valid (RFC 6797 section 6.1)",
                 .noun = "HSTS",
                 .read = read_hsts_valid,
                 .affirmed = "a valid Strict-Transport-Security header is sent",
                 .denied = "no valid Strict-Transport-Security header was sent"});
  all.push_back({.name = "http.hsts.max_age",
                 .type = Type::number,
                 .scope = Scope::endpoint,
                 .sentence = "max-age of the Strict-Transport-Security header; absent when there is no valid header",
                 .noun = "HSTS max-age",
                 .read = read_hsts_max_age,
                 .unit = "seconds"});
  all.push_back({.name = "http.hsts.include_subdomains",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "the header has includeSubDomains",
                 .noun = "HSTS includeSubDomains",
                 .read = read_hsts_include_subdomains,
                 .affirmed = "includeSubDomains is set",
                 .denied = "includeSubDomains is not set"});
  all.push_back({.name = "http.hsts.preload",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "the header has preload",
                 .noun = "HSTS preload",
                 .read = read_hsts_preload,
                 .affirmed = "preload is set",
                 .denied = "preload is not set"});
  all.push_back({.name = "http.hsts.count",
                 .type = Type::number,
                 .scope = Scope::endpoint,
                 .sentence = "how many Strict-Transport-Security header fields the answer has",
                 .noun = "HSTS header fields",
                 .read = read_hsts_count});
  add_web_facts(all);
  add_dns_facts(all);
  add_key_exchange_facts(all);
  add_signature_facts(all);
  add_handshake_facts(all);
  add_session_facts(all);
  add_leaf_facts(all);
  return all;
}

constexpr OperatorSpec kOperators[] = {
    {Operator::equals, "equals", "is exactly that value or set"},
    {Operator::not_equals, "not_equals", "is anything but that value or set"},
    {Operator::one_of, "one_of", "the number or text is one of the list"},
    {Operator::subset_of, "subset_of", "nothing outside the list is in the set"},
    {Operator::superset_of, "superset_of", "all of the list are in the set"},
    {Operator::includes, "includes", "that member, or all of the list, are in the set"},
    {Operator::excludes, "excludes", "nothing of the list is in the set"},
    {Operator::intersects, "intersects", "at least one of the list is in the set"},
    {Operator::min, "min", "the number is at least that"},
    {Operator::max, "max", "the number is at most that"},
    {Operator::exists, "exists", "true: there is such a thing; false: there is none"},
    {Operator::not_empty, "not_empty", "true: the set has a member; false: it has none"},
    {Operator::preferred_order, "preferred_order",
     "of the tiers listed, the server prefers each member that it accepts to those of later tiers; members of one tier are equal"},
};

}  // namespace

std::string_view type_words(Type type) {
  switch (type) {
    case Type::versions:
      return "a set of protocol versions";
    case Type::suites:
      return "a set of cipher suites";
    case Type::groups:
      return "a set of groups";
    case Type::signatures:
      return "a set of signature schemes";
    case Type::texts:
      return "a set of texts";
    case Type::number:
      return "a number";
    case Type::text:
      return "a text";
    case Type::boolean:
      return "true or false";
  }
  return {};
}

std::span<FactSpec const> facts() {
  static std::vector<FactSpec> const all = make_facts();
  return all;
}

FactSpec const* find_fact(std::string_view name) {
  auto const all = facts();
  auto const at = std::ranges::find(all, name, &FactSpec::name);
  return at == all.end() ? nullptr : &*at;
}

std::vector<std::string_view> fact_names() {
  std::vector<std::string_view> out;
  for (FactSpec const& fact : facts()) out.push_back(fact.name);
  return out;
}

std::span<OperatorSpec const> operators() { return kOperators; }

std::vector<std::string_view> operator_names() {
  std::vector<std::string_view> out;
  for (OperatorSpec const& op : kOperators) out.push_back(op.name);
  return out;
}

bool applies_to(Operator op, Type type) {
  switch (op) {
    case Operator::equals:
    case Operator::not_equals:
    case Operator::exists:
      return true;
    case Operator::one_of:
      return type == Type::number || type == Type::text;
    case Operator::min:
    case Operator::max:
      return type == Type::number;
    case Operator::subset_of:
    case Operator::superset_of:
    case Operator::includes:
    case Operator::excludes:
    case Operator::intersects:
    case Operator::not_empty:
    case Operator::preferred_order:
      return is_set(type);
  }
  return false;
}

}  // namespace tlsgauge::policy
