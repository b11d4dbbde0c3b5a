// Each word of the vocabulary on what says yes, no, nothing certain, and on what the question makes no sense for.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <optional>
#include <set>

#include "policy/vocabulary.hpp"
#include "policy/words.hpp"
#include "support/facts_builder.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge::policy {
namespace {

using test::FactsBuilder;

Value value_of(YAML::Node const& node) {
  if (node.IsSequence()) {
    Value out = Value::array();
    for (YAML::Node const& item : node) out.push_back(value_of(item));
    return out;
  }
  if (node.IsMap()) {
    Value out = Value::object();
    for (auto const& member : node) out.set(member.first.as<std::string>(), value_of(member.second));
    return out;
  }
  if (node.IsNull()) return {};
  std::string const text = node.as<std::string>();
  bool const quoted = node.Tag() == "!";
  std::int64_t number = 0;
  if (!quoted && (text == "true" || text == "false")) return text == "true";
  if (!quoted && YAML::convert<std::int64_t>::decode(node, number) && !text.starts_with("0x")) return number;
  return text;
}

/// `facts` as YAML, put over those of a good endpoint; a null takes a key away.
Endpoint with(std::string const& facts, FactsBuilder builder = {}) {
  for (char const* const unsaid : {"curves", "signature_schemes", "extensions"}) builder.without(unsaid);
  YAML::Node const over = YAML::Load(facts);
  for (auto const& member : over) {
    if (member.second.IsNull()) builder.without(member.first.as<std::string>());
  }
  Endpoint out = builder.endpoint();
  for (auto const& member : over) {
    if (!member.second.IsNull()) out.facts.set(member.first.as<std::string>(), value_of(member.second));
  }
  return out;
}

Requirement judged(std::string const& fact, std::string const& is, Endpoint const& endpoint) {
  bool const certificate = fact.starts_with("certificate.");
  std::string const yaml =
      "tlsgauge_profile: 1\nname: t\nversion: \"1\"\ntitle: t\nrequirements:\n  - id: r\n    title: t\n    severity: high\n    why: w\n" +
      std::string{certificate ? "    each: certificate\n" : ""} + "    fact: " + fact + "\n    is: {" + is + "}\n";
  return evaluate(parse_profile(yaml, "t.yaml"), endpoint).requirements.at(0);
}

struct Row {
  std::string fact;
  std::string is;
  std::string met, unmet, open, senseless;  ///< facts; empty: there is nothing of the kind
};

std::string const kTls12 =
    "protocols: [{name: TLSv1.2, support: 'yes'}, {name: TLSv1.3, support: 'no'}, {name: TLSv1.1, support: 'no'}, "
    "{name: TLSv1.0, support: 'no'}, {name: SSLv3, support: 'no'}, {name: SSLv2, support: 'no'}], ";
std::string const kTls13 =
    "protocols: [{name: TLSv1.3, support: 'yes'}, {name: TLSv1.2, support: 'no'}, {name: TLSv1.1, support: 'no'}, "
    "{name: TLSv1.0, support: 'no'}, {name: SSLv3, support: 'no'}, {name: SSLv2, support: 'no'}], "
    "cipher_suites: [{protocol: TLSv1.3, code: '0x1302', name: TLS_AES_256_GCM_SHA384}], "
    "cipher_order: [{protocol: TLSv1.3, chooser: server, complete: true}], ";
std::string const kDhe = "cipher_suites: [{protocol: TLSv1.3, code: '0x1302'}, {protocol: TLSv1.2, code: '0x009F'}], ";

std::string curves(std::string const& groups, std::string const& more = "chooser: server, complete: true") {
  return "{curves: {groups: [" + groups + "], order: {protocol: TLSv1.2, " + more + "}, not_offered: null, ffdhe: null}}";
}
std::string signatures(std::string const& version, std::string const& schemes, std::string const& more = "complete: true") {
  return "{signature_schemes: [{protocol: " + version + ", authentication: RSA, schemes: [" + schemes + "], chooser: server, " + more +
         "}]}";
}
std::string primes(std::string const& group, std::string const& more = {}) {
  return "{" + kDhe + "dh_parameters: {groups: [" + group + "], ecdh_reused: null" + more + "}}";
}
std::string extension(std::string const& key, std::string const& word) {
  return "{extensions: {" + key + ": '" + word + "', inconclusive: reset}}";
}
Row extension_row(std::string const& fact, std::string const& key) {
  return {
      fact, "equals: true", extension(key, "yes"), extension(key, "no"), extension(key, "inconclusive"), extension(key, "not_applicable")};
}
std::string leaf(std::string const& members) {
  return "{certificates: [{shown_for: {protocol: TLSv1.3, authentication: rsa, sni: good.example}, chain: [{sha256: '5ea1', " + members +
         "}, {sha256: ca5e, key: {type: rsa, bits: 4096}, signature_algorithm: sha384WithRSAEncryption}]}]}";
}
std::string timestamps(std::string const& list) {
  return "{transparency: [{sha256: 5ea1, timestamps: [" + list + "], satisfied: null, logs_known: true}]}";
}
std::string sessions(std::string const& members) { return "{sessions: {" + members + "}}"; }

std::vector<Row> rows() {
  std::string const x25519 = "{code: '0x001D', name: x25519}";
  std::string const sect = "{code: '0x0001', name: sect163k1}";
  std::string const unsure = "{code: '0x0001', name: sect163k1, inconclusive: picked once}";
  std::string const pss = "{code: '0x0804', name: rsa_pss_rsae_sha256}";
  std::string const sha1 = "{code: '0x0201', name: rsa_pkcs1_sha1}";
  std::string const old = "{code: '0x0201', name: rsa_pkcs1_sha1, inconclusive: used once}";
  std::string const safe = "{bits: 2048, name: RFC7919 ffdhe2048, prime: true, safe_prime: true, reused: false}";
  std::string const own = "{bits: 2048, name: null, prime: false, safe_prime: false, reused: true}";
  std::string const untold = "{bits: 9000, name: null, prime: null, safe_prime: null, reused: null}";
  std::string const hybrid = "{code: '0x11EC', name: X25519MLKEM768}";
  std::string const server = "group_order: {protocol: TLSv1.3, chooser: server, complete: true}";
  std::string const tickets = "tls13_tickets: {given: 'yes', count: 2, ";
  std::vector<Row> all = {
      {"curves.accepted", "excludes: \"@bits_below_112\"", curves(x25519), curves(sect), curves(unsure), "{" + kTls13 + "curves: null}"},
      {"curves.accepted", "includes: x25519", curves(x25519), curves(sect), "{curves: null}", "{" + kTls13 + "curves: null}"},
      {"curves.accepted", "subset_of: [x25519]", curves(x25519), curves(x25519 + ", " + sect),
       curves(x25519, "chooser: server, complete: false, reason: reset"), "{" + kTls13 + "curves: null}"},
      {"curves.chooser", "equals: server", curves(x25519), curves(x25519, "chooser: client"), curves(x25519, "chooser: inconclusive"),
       "{" + kTls13 + "curves: null}"},
      {"groups.preferred", "intersects: \"@hybrid\"", "{groups: [" + hybrid + ", " + x25519 + "], " + server + "}",
       "{groups: [" + x25519 + ", " + hybrid + "], " + server + "}", "{groups: null, " + server + "}",
       "{groups: [" + hybrid + "], group_order: {chooser: client, complete: true}}"},
      {"groups.retry", "equals: true", "{group_retry: {preferred: x25519, shared: secp256r1, asks: true}}",
       "{group_retry: {preferred: x25519, shared: secp256r1, asks: false}}",
       "{group_retry: {preferred: x25519, shared: secp256r1, asks: null, inconclusive: reset}}", "{}"},
      {"signatures.accepted.TLSv1.2", "excludes: [\"@sha1\", \"@md5\"]", signatures("TLSv1.2", pss), signatures("TLSv1.2", sha1),
       signatures("TLSv1.2", pss + ", " + old), "{" + kTls13 + "signature_schemes: []}"},
      {"signatures.accepted.TLSv1.3", "subset_of: [\"@rsa_pss\", ed25519]", signatures("TLSv1.3", pss), signatures("TLSv1.3", sha1),
       signatures("TLSv1.3", pss, "complete: false"), "{" + kTls12 + "signature_schemes: []}"},
      {"signatures.accepted.any", "intersects: \"@rsa_pss\"", signatures("TLSv1.3", pss),
       "{" + kTls13 + "signature_schemes: [{protocol: TLSv1.3, schemes: [" + sha1 + "], complete: true}]}", "{signature_schemes: null}",
       "{" + kTls12 + "cipher_suites: [{protocol: TLSv1.2, code: '0x009D'}], cipher_order: [{protocol: TLSv1.2, complete: true}]}"},
      {"dh.origins", "subset_of: [rfc7919]", primes(safe), primes(own), "{" + kDhe + "dh_parameters: null}", "{}"},
      {"dh.faults", "excludes: [composite]", primes(safe), primes(own), primes(untold), "{}"},
      {"dh.faults", "not_empty: false", primes(safe), primes(own), primes(safe, ", inconclusive: reset"), "{}"},
      {"dh.keys_reused", "equals: false", primes(safe), primes(own), primes(untold), "{}"},
      {"dh.groups_negotiated", "equals: true", "{" + kDhe + "curves: {ffdhe: {honoured: true}}}",
       "{" + kDhe + "curves: {ffdhe: {honoured: false}}}", "{" + kDhe + "curves: {ffdhe: {honoured: null, inconclusive: reset}}}",
       "{curves: {ffdhe: null}}"},
      {"ecdhe.keys_reused", "equals: false", "{dh_parameters: {groups: [], ecdh_reused: false}}",
       "{dh_parameters: {groups: [], ecdh_reused: true}}", "{dh_parameters: {groups: [], ecdh_reused: null}}",
       "{" + kTls13 + "dh_parameters: null}"},
      {"post_quantum.key_exchange", "equals: preferred", "{post_quantum: {key_exchange: preferred, certificates: 'no'}}",
       "{post_quantum: {key_exchange: absent, certificates: 'no'}}", "{post_quantum: {key_exchange: inconclusive, certificates: 'no'}}",
       ""},
      {"post_quantum.certificate", "equals: true", "{post_quantum: {key_exchange: absent, certificates: 'yes'}}",
       "{post_quantum: {key_exchange: absent, certificates: 'no'}}", "{post_quantum: {key_exchange: absent, certificates: inconclusive}}",
       ""},
      {"compression.accepted", "equals: false", extension("compression", "no"), extension("compression", "yes"),
       extension("compression", "inconclusive"), extension("compression", "not_applicable")},
      {"renegotiation.client_initiated", "equals: false",
       "{renegotiation: {protocol: TLSv1.2, client_initiated: 'no', refused_by: closed}}",
       "{renegotiation: {protocol: TLSv1.2, client_initiated: 'yes', count: 10}}",
       "{renegotiation: {protocol: TLSv1.2, client_initiated: inconclusive, inconclusive: reset}}", "{" + kTls13 + "renegotiation: null}"},
      {"renegotiation.limited", "equals: true", "{renegotiation: {client_initiated: 'yes', count: 3, refused_by: closed}}",
       "{renegotiation: {client_initiated: 'yes', count: 10}}", "{renegotiation: {client_initiated: inconclusive, inconclusive: reset}}",
       "{renegotiation: {client_initiated: 'no', refused_by: closed}}"},
      {"renegotiation.count", "max: 5", "{renegotiation: {client_initiated: 'yes', count: 3}}",
       "{renegotiation: {client_initiated: 'yes', count: 10}}", "{renegotiation: {client_initiated: 'yes'}}",
       "{renegotiation: {client_initiated: 'no'}}"},
      {"downgrade.fallback_scsv", "equals: true", "{downgrade: {fallback_scsv: 'yes'}}", "{downgrade: {fallback_scsv: 'no'}}",
       "{downgrade: {fallback_scsv: inconclusive, reasons: {fallback_scsv: reset}}}", "{downgrade: {fallback_scsv: not_applicable}}"},
      {"downgrade.sentinel", "equals: true", "{downgrade: {sentinel: [{protocol: TLSv1.2, sent: 'yes'}]}}",
       "{downgrade: {sentinel: [{protocol: TLSv1.1, sent: inconclusive}, {protocol: TLSv1.2, sent: 'no'}]}}",
       "{downgrade: {sentinel: [{protocol: TLSv1.2, sent: 'yes'}, {protocol: TLSv1.1, sent: inconclusive}]}}",
       "{downgrade: {sentinel: []}}"},
      {"downgrade.sentinel", "equals: true", "{downgrade: {sentinel: [{sent: not_applicable}, {protocol: TLSv1.2, sent: 'yes'}]}}", "",
       "{downgrade: {sentinel: yes}}", "{downgrade: {sentinel: [{protocol: TLSv1.0, sent: not_applicable}]}}"},
      {"downgrade.prefers_tls13", "equals: true", "{downgrade: {prefers_tls13: 'yes'}}", "{downgrade: {prefers_tls13: 'no'}}",
       "{downgrade: {prefers_tls13: inconclusive}}", "{downgrade: {prefers_tls13: not_applicable}}"},
      {"tolerance.faults", "excludes: [grease]", "{tolerance: {grease: 'yes'}, downgrade: {}}",
       "{tolerance: {grease: 'no'}, downgrade: {}}", "{tolerance: {grease: inconclusive, large_hello: 'yes'}, downgrade: {}}", ""},
      {"tolerance.faults", "excludes: [legacy_version]", "{tolerance: {}, downgrade: {tolerates_legacy_version: 'yes'}}",
       "{tolerance: {}, downgrade: {tolerates_legacy_version: 'no'}}", "{tolerance: null, downgrade: {tolerates_legacy_version: 'no'}}",
       ""},
      {"alpn.protocols", "includes: h2", "{alpn: {protocols: [h2, http/1.1], unknown: ignored}}",
       "{alpn: {protocols: [http/1.1], unknown: ignored}}", "{alpn: {protocols: [], unknown: inconclusive, inconclusive: reset}}", ""},
      {"alpn.protocols", "excludes: smtp", "{alpn: {protocols: [h2], unknown: refused}}", "{alpn: {protocols: [smtp], unknown: refused}}",
       "{alpn: {protocols: [], unknown: echoed}}", ""},
      {"alpn.chooser", "equals: server", "{alpn: {chooser: server}}", "{alpn: {chooser: client}}", "{alpn: {chooser: inconclusive}}",
       "{alpn: {chooser: null}}"},
      {"alpn.unknown", "equals: refused", "{alpn: {unknown: refused}}", "{alpn: {unknown: ignored}}", "{alpn: {unknown: inconclusive}}",
       "{alpn: {unknown: unoffered}}"},
      {"client_authentication.requested", "equals: false", "{client_authentication: {requested: 'no'}}",
       "{client_authentication: {requested: 'yes'}}", "{client_authentication: {requested: inconclusive}}", ""},
      {"client_authentication.required", "equals: false", "{client_authentication: {requested: 'no', required: null}}",
       "{client_authentication: {requested: 'yes', required: 'yes'}}",
       "{client_authentication: {requested: 'yes', required: inconclusive, reason: reset}}", ""},
      {"server_name.without_name", "equals: refused", "{server_name: {without_name: {answer: refused, alert: unrecognized_name}}}",
       "{server_name: {without_name: {answer: same_certificate}}}",
       "{server_name: {without_name: {answer: inconclusive, inconclusive: reset}}}",
       "{server_name: {without_name: {answer: not_applicable}}}"},
      {"server_name.unknown_name", "not_equals: same_certificate",
       "{server_name: {unknown_name: {answer: other_certificate, subject: CN=x}}}",
       "{server_name: {unknown_name: {answer: same_certificate}}}", "{server_name: null}",
       "{server_name: {unknown_name: {answer: not_applicable}}}"},
      {"certificate_compression.algorithms", "not_empty: true", "{certificate_compression: {algorithms: [zlib]}}",
       "{certificate_compression: {algorithms: []}}", "{certificate_compression: {algorithms: [], inconclusive: reset}}",
       "{" + kTls12 + "certificate_compression: null}"},
      {"sessions.given", "excludes: [tls12_tickets]", sessions("tls12_session_ids: {given: 'yes'}, tls12_tickets: {given: 'no'}"),
       sessions("tls12_tickets: {given: 'yes'}"), sessions("tls12_tickets: {given: inconclusive}, tls12_session_ids: {given: 'no'}"), ""},
      {"sessions.resumed", "includes: tls13_tickets", sessions(tickets + "resumed: 'yes'}"), sessions(tickets + "resumed: 'no'}"),
       sessions(tickets + "resumed: inconclusive}"), ""},
      {"sessions.ticket_lifetime.TLSv1.3", "max: 604800", sessions(tickets + "lifetime_s: 300}"), sessions(tickets + "lifetime_s: 604801}"),
       sessions(tickets + "x: 1}"), sessions("tls13_tickets: {given: 'no'}")},
      {"sessions.ticket_lifetime.TLSv1.2", "max: 86400", sessions("tls12_tickets: {given: 'yes', lifetime_s: 300}"),
       sessions("tls12_tickets: {given: 'yes', lifetime_s: 0}"), "{sessions: null}", "{" + kTls13 + "sessions: {}}"},
      {"sessions.ticket_reusable", "equals: false", sessions(tickets + "resumed: 'yes', reusable: 'no'}"),
       sessions(tickets + "resumed: 'yes', reusable: 'yes'}"), sessions(tickets + "resumed: 'yes', reusable: inconclusive}"),
       sessions(tickets + "resumed: 'no'}")},
      {"sessions.psk_modes", "excludes: psk_ke", sessions(tickets + "resumed: 'yes', psk_modes: [psk_dhe_ke]}"),
       sessions(tickets + "resumed: 'yes', psk_modes: [psk_dhe_ke, psk_ke]}"),
       sessions(tickets + "resumed: 'yes', psk_modes: [psk_dhe_ke], inconclusive: 'psk_ke: reset'}"), "{" + kTls12 + "sessions: {}}"},
      {"early_data.offered", "equals: false", "{early_data: {offered: 'no'}}", "{early_data: {offered: 'yes'}}",
       "{early_data: {offered: inconclusive}}", "{" + kTls12 + "early_data: null}"},
      {"early_data.accepted", "equals: false", "{early_data: {offered: 'yes', accepted: 'no'}}",
       "{early_data: {offered: 'yes', accepted: 'yes'}}", "{early_data: {offered: 'yes', accepted: inconclusive}}",
       "{" + kTls12 + "early_data: null}"},
      {"early_data.max_size", "max: 16384", "{early_data: {offered: 'yes', max_early_data_size: 16384}}",
       "{early_data: {offered: 'yes', max_early_data_size: 4294967295}}", "{early_data: {offered: 'yes'}}",
       "{early_data: {offered: 'no'}}"},
      {"early_data.replay", "not_equals: accepted", "{early_data: {offered: 'yes', accepted: 'yes', replay: rejected}}",
       "{early_data: {offered: 'yes', accepted: 'yes', replay: accepted}}",
       "{early_data: {offered: 'yes', accepted: 'yes', replay: inconclusive, inconclusive: reset}}", "{early_data: {offered: 'no'}}"},
      {"certificate.key_usage", "includes: digitalSignature", leaf("key_usage: [digitalSignature, keyEncipherment]"), leaf("key_usage: []"),
       leaf("x: 1"), ""},
      {"certificate.extended_key_usage", "subset_of: [serverAuth]", leaf("extended_key_usage: [serverAuth]"),
       leaf("extended_key_usage: [serverAuth, clientAuth]"), leaf("x: 1"), ""},
      {"certificate.is_ca", "equals: false", leaf("ca: false"), leaf("ca: true"), leaf("x: 1"), ""},
      {"certificate.signature_hash", "one_of: [sha256, sha384, sha512]", leaf("signature_algorithm: ecdsa-with-SHA384"),
       leaf("signature_algorithm: sha1WithRSAEncryption"), leaf("signature_algorithm: rsassaPss"), ""},
      {"certificate.chain_signature_hashes", "excludes: [sha1, md5]", leaf("signature_algorithm: ED25519"),
       leaf("signature_algorithm: md5WithRSAEncryption"), leaf("signature_algorithm: rsassaPss"), ""},
      {"certificate.chain_min_rsa_bits", "min: 3000", leaf("key: {type: rsa, bits: 3072}"), leaf("key: {type: rsa, bits: 2048}"),
       leaf("x: 1"), "{certificates: [{shown_for: {sni: good.example}, chain: [{sha256: '1', key: {type: ecdsa, bits: 256}}]}]}"},
      {"certificate.chain_min_ec_bits", "min: 224", leaf("key: {type: ecdsa, bits: 256}"), leaf("key: {type: ecdsa, bits: 192}"),
       leaf("x: 1"), leaf("key: {type: rsa, bits: 2048}")},
      {"certificate.names", "max: 2", leaf("subject_alt_names: ['DNS:a']"), leaf("subject_alt_names: [], subject_alt_names_total: 3"),
       leaf("x: 1"), ""},
      {"certificate.wildcard", "equals: false", leaf("subject_alt_names: ['DNS:a.example']"), leaf("subject_alt_names: ['DNS:*.example']"),
       leaf("subject_alt_names: ['DNS:a.example'], subject_alt_names_total: 1001"), ""},
      {"certificate.must_staple", "equals: false", "{}",
       "{certificates: [{shown_for: {sni: good.example}, chain: [], revocation: {must_staple: true}}]}",
       "{certificates: [{shown_for: {sni: good.example}, chain: []}]}", ""},
      {"certificate.short_lived", "equals: true", "{certificates: [{shown_for: {}, chain: [], lifetime: {short_lived: true}}]}", "{}",
       "{certificates: [{shown_for: {}, chain: []}]}", ""},
      {"certificate.timestamps", "min: 2", timestamps("{status: valid}, {status: valid}"),
       timestamps("{status: valid}, {status: bad_signature}"), timestamps("{status: valid}, {status: unverified}"), "{}"},
  };
  for (auto const& [fact, key] :
       std::vector<std::pair<std::string, std::string>>{{"extensions.extended_master_secret", "extended_master_secret"},
                                                        {"extensions.encrypt_then_mac", "encrypt_then_mac"},
                                                        {"extensions.session_ticket", "session_ticket"},
                                                        {"extensions.heartbeat", "heartbeat"},
                                                        {"extensions.max_fragment_length", "max_fragment_length"},
                                                        {"extensions.record_size_limit", "record_size_limit"},
                                                        {"extensions.next_protocol_negotiation", "next_protocol_negotiation"},
                                                        {"extensions.server_name", "server_name"},
                                                        {"extensions.status_request", "status_request"},
                                                        {"extensions.signed_certificate_timestamp", "signed_certificate_timestamp"},
                                                        {"renegotiation.secure", "secure_renegotiation"}}) {
    all.push_back(extension_row(fact, key));
  }
  return all;
}

TEST(Vocabulary, EachWordIsReadThreeValued) {
  for (Row const& row : rows()) {
    auto const expect = [&](std::string const& facts, Verdict verdict) {
      if (facts.empty()) return;
      Requirement const got = judged(row.fact, row.is, with(facts));
      EXPECT_EQ(name(got.verdict), name(verdict)) << row.fact << " " << row.is << "\n" << facts << "\n" << got.observed;
      EXPECT_FALSE(got.observed.empty());
    };
    expect(row.met, Verdict::pass);
    expect(row.unmet, Verdict::fail);
    expect(row.open, Verdict::inconclusive);
    expect(row.senseless, Verdict::not_applicable);
  }
}

// What nobody asked is neither met nor failed.
TEST(Vocabulary, NothingIsKnownOfAnEmptyDocument) {
  for (FactSpec const& fact : facts()) {
    Endpoint const empty;
    Value const certificate = Value::object();
    Observed const got = fact.read({.endpoint = &empty, .certificate = &certificate}, fact.version);
    bool const versions = fact.name == "protocols.accepted";
    EXPECT_TRUE(versions || got.state == Observed::State::unknown || got.state == Observed::State::not_applicable) << fact.name;
  }
}

TEST(Vocabulary, EveryWordThatIsNewHasItsRow) {
  std::set<std::string> tested;
  for (Row const& row : rows()) tested.insert(row.fact);
  for (std::string_view const area : {"curves.", "groups.preferred", "groups.retry", "signatures.", "dh.", "ecdhe.", "post_quantum.",
                                      "extensions.", "renegotiation.", "compression.", "downgrade.", "tolerance.", "alpn.",
                                      "client_authentication.", "server_name.", "certificate_compression.", "sessions.", "early_data."}) {
    for (FactSpec const& fact : facts()) {
      bool const counts = fact.name.starts_with(area) && fact.name != "dh.min_bits";
      EXPECT_TRUE(!counts || tested.contains(std::string{fact.name})) << fact.name;
    }
  }
}

// Members by hand, from the registries: what a quality means must not drift.
TEST(Attributes, HoldForTheSuitesTheyName) {
  struct Members {
    std::string attribute;
    Type type;
    std::vector<std::string> in, out;
  };
  std::vector<Members> const all = {
      {"ecdhe", Type::suites, {"0xC02F", "0xC009", "0xCCA8"}, {"0x009F", "0xC003", "0x1301", "0x002F"}},
      {"dhe", Type::suites, {"0x009F", "0x0033", "0x00AA"}, {"0xC02F", "0x0030", "0x1301"}},
      {"static_ecdh", Type::suites, {"0xC003", "0xC02E"}, {"0xC02F", "0xC018", "0x002F"}},
      {"static_dh", Type::suites, {"0x0030", "0x0031", "0x00A0"}, {"0x0033", "0x0034", "0x002F"}},
      {"rsa_key_exchange", Type::suites, {"0x002F", "0x009D", "0x0095"}, {"0xC02F", "0x0033", "0x1301"}},
      {"psk", Type::suites, {"0x00A8", "0x00AA", "0x0095"}, {"0xC02F", "0x002F"}},
      {"srp", Type::suites, {"0xC01A"}, {"0x002F"}},
      {"krb5", Type::suites, {"0x001F"}, {"0x002F"}},
      {"rc4", Type::suites, {"0x0005", "0x0004"}, {"0x002F"}},
      {"3des", Type::suites, {"0x000A"}, {"0x0009", "0x002F"}},
      {"des", Type::suites, {"0x0009", "0x0008"}, {"0x000A"}},
      {"md5_mac", Type::suites, {"0x0004"}, {"0x0005", "0x1301"}},
      {"sha1_mac", Type::suites, {"0x0005", "0xC013"}, {"0xC027", "0xC02F"}},
      {"gcm", Type::suites, {"0xC02F", "0x1301"}, {"0xC0AC", "0x1303"}},
      {"ccm", Type::suites, {"0xC0AC", "0xC0AE", "0x1304", "0x1305"}, {"0xC02F"}},
      {"ccm8", Type::suites, {"0xC0AE", "0x1305"}, {"0xC0AC", "0x1304"}},
      {"aes128", Type::suites, {"0x1301", "0xC02F"}, {"0x1302", "0xC0A1"}},
      {"aes256", Type::suites, {"0x1302", "0xC030"}, {"0x1301", "0x1303"}},
      {"chacha20", Type::suites, {"0x1303", "0xCCA8"}, {"0x1302"}},
      {"camellia", Type::suites, {"0x0041"}, {"0x002F"}},
      {"aria", Type::suites, {"0xC03C"}, {"0x002F"}},
      {"bits_below_112", Type::suites, {"0x0003", "0x0009", "0x0002"}, {"0x000A", "0x0005", "0x1301"}},
      {"bits_below_128", Type::suites, {"0x000A", "0x0009"}, {"0x0005", "0x1301"}},
      {"rsa", Type::suites, {"0xC02F", "0x002F"}, {"0xC02B", "0x1301"}},
      {"ecdsa", Type::suites, {"0xC02B"}, {"0xC02F", "0x1301"}},
      {"dss", Type::suites, {"0x0032"}, {"0x0033"}},
      {"hybrid", Type::groups, {"0x11EC", "0x11EB", "0x11ED"}, {"0x0202", "0x001D"}},
      {"pure_post_quantum", Type::groups, {"0x0200", "0x0201", "0x0202"}, {"0x11EC"}},
      {"elliptic", Type::groups, {"0x0017", "0x001D"}, {"0x0100", "0x11EC"}},
      {"binary", Type::groups, {"0x0001", "0x000E"}, {"0x0017"}},
      {"brainpool", Type::groups, {"0x001A", "0x001F"}, {"0x0017"}},
      {"obsolete", Type::groups, {"0x6399", "0xFF01"}, {"0x11EC", "0x0017"}},
      {"bits_below_112", Type::groups, {"0x0001", "0x0013", "0xFF01"}, {"0x0015", "0x0100", "0x001D", "0x0202"}},
      {"bits_below_128", Type::groups, {"0x0015", "0x0100"}, {"0x001D", "0x0101"}},
      {"sha1", Type::signatures, {"0x0201", "0x0203"}, {"0x0401"}},
      {"md5", Type::signatures, {"0x0101"}, {"0x0201"}},
      {"sha224", Type::signatures, {"0x0301"}, {"0x0401"}},
      {"sha256", Type::signatures, {"0x0401", "0x0804", "0x0403"}, {"0x0501"}},
      {"sha384", Type::signatures, {"0x0501", "0x0805"}, {"0x0401"}},
      {"sha512", Type::signatures, {"0x0601", "0x0806"}, {"0x0807"}},
      {"rsa_pkcs1", Type::signatures, {"0x0401"}, {"0x0804", "0x0403"}},
      {"rsa_pss", Type::signatures, {"0x0804", "0x0809"}, {"0x0401"}},
      {"ecdsa", Type::signatures, {"0x0403", "0x081A"}, {"0x0807"}},
      {"eddsa", Type::signatures, {"0x0807", "0x0808"}, {"0x0403"}},
      {"dsa", Type::signatures, {"0x0202"}, {"0x0203", "0x0905"}},
      {"ml_dsa", Type::signatures, {"0x0904", "0x0905", "0x0906"}, {"0x0807"}},
      {"slh_dsa", Type::signatures, {"0x0911"}, {"0x0904"}},
      {"post_quantum", Type::signatures, {"0x0906", "0x091C"}, {"0x0807"}},
  };
  for (Members const& members : all) {
    Attribute const* const attribute = find_attribute(members.attribute, members.type);
    ASSERT_NE(attribute, nullptr) << members.attribute;
    auto const has = [&](std::string const& code) {
      bool known = false;
      bool const out =
          holds(*attribute, {.key = code, .label = code, .code = static_cast<std::uint32_t>(std::stoul(code, nullptr, 16))}, known);
      EXPECT_TRUE(known) << code;
      return out;
    };
    for (std::string const& code : members.in) EXPECT_TRUE(has(code)) << members.attribute << " " << code;
    for (std::string const& code : members.out) EXPECT_FALSE(has(code)) << members.attribute << " " << code;
  }
}

TEST(Attributes, AreOfOneKindEach) {
  std::set<std::pair<std::string_view, Type>> seen;
  for (Attribute const& attribute : attributes()) {
    EXPECT_TRUE(seen.emplace(attribute.name, attribute.type).second) << attribute.name;
    EXPECT_FALSE(attribute.words.empty());
    EXPECT_EQ(attribute.type == Type::suites, attribute.suite != nullptr) << attribute.name;
    EXPECT_EQ(attribute.type == Type::groups, attribute.group != nullptr) << attribute.name;
    EXPECT_EQ(attribute.type == Type::signatures, attribute.signature != nullptr) << attribute.name;
  }
}

TEST(Sets, OfSignatureSchemes) {
  std::string const head = "tlsgauge_profile: 1\nname: t\nversion: \"1\"\ntitle: t\n";
  std::string const rule =
      "requirements:\n  - {id: r, title: t, severity: low, why: w, fact: signatures.accepted.TLSv1.3, is: {subset_of: \"@good\"}}\n";
  Profile const profile = parse_profile(head + "sets: {good: {signatures: [\"@rsa_pss\", ed25519, 0x0906]}}\n" + rule, "t.yaml");
  Endpoint const endpoint =
      with("{signature_schemes: [{protocol: TLSv1.3, schemes: [{code: '0x0906'}, {code: '0x0807'}], complete: true}]}");
  EXPECT_EQ(evaluate(profile, endpoint).requirements.at(0).verdict, Verdict::pass);
  auto const error = [&](std::string const& set) -> std::string {
    try {
      static_cast<void>(parse_profile(head + "sets: {good: {" + set + "}}\n" + rule, "t.yaml"));
    } catch (ProfileError const& wrong) {
      return wrong.what();
    }
    return "none";
  };
  EXPECT_THAT(error("signatures: [ed25518]"), ::testing::HasSubstr("unknown signature scheme \"ed25518\" (did you mean \"ed25519\"?)"));
  EXPECT_THAT(error("signatures: [0x9999]"), ::testing::HasSubstr("no signature scheme has the code 0x9999"));
  EXPECT_THAT(error("signatures: [\"@aead\"]"), ::testing::HasSubstr("@aead is an attribute of another kind"));
  EXPECT_THAT(error("groups: [x25519]"), ::testing::HasSubstr("@good is a set of another kind"));
}

TEST(Words, AreAllThere) {
  std::string const all = describe_words();
  for (FactSpec const& fact : facts()) EXPECT_THAT(all, ::testing::HasSubstr("  " + std::string{fact.name} + "\n")) << fact.name;
  for (std::string_view const op : operator_names()) EXPECT_THAT(all, ::testing::HasSubstr("  " + std::string{op} + " ")) << op;
  for (Attribute const& attribute : attributes()) EXPECT_THAT(all, ::testing::HasSubstr("  @" + std::string{attribute.name} + " "));
  std::string const some = describe_words("early data");
  EXPECT_THAT(some, ::testing::HasSubstr("early_data.max_size\n      a number, in octets"));
  EXPECT_EQ(some.find("curves.accepted"), std::string::npos);
  EXPECT_EQ(describe_words("no such thing"), "");
}

}  // namespace
}  // namespace tlsgauge::policy
