// Facts about what the server does in a handshake beside the key exchange: extensions, renegotiation, downgrades, names, protocols.

#include <fmt/format.h>

#include <algorithm>

#include "policy/readers.hpp"

namespace tlsgauge::policy {
namespace {

using wire::ProtocolVersion;

constexpr std::size_t kMaxReason = 120;

Observed extension(Subject const& subject, std::string_view key, std::string_view why_not) {
  Section const found = measured_within(*subject.endpoint, "extensions", ProtocolVersion::SSLv3, ProtocolVersion::TLSv1_3);
  return found.value ? answer(*found.value, key, why_not) : found.missing;
}

constexpr std::string_view kNoOlder = "no version from SSLv3 to TLSv1.2 is accepted";
constexpr std::string_view kNoOlderTls = "no version from TLSv1.0 to TLSv1.2 is accepted";
constexpr std::string_view kNoExtensions = "no version with extensions is accepted";

Observed read_secure_renegotiation(Subject const& subject, ProtocolVersion) { return extension(subject, "secure_renegotiation", kNoOlder); }

Observed read_compression(Subject const& subject, ProtocolVersion) {
  Observed out = extension(subject, "compression", kNoOlder);
  if (out.state == Observed::State::known && out.flag) {
    Observed const methods = texts_of(subject.endpoint->facts["extensions"], "compression_methods");
    std::vector<std::string> names;
    for (Element const& method : methods.elements) names.push_back(method.label);
    out.note = enumerate(names);
  }
  return out;
}

Section renegotiation(Subject const& subject) {
  return measured_within(*subject.endpoint, "renegotiation", ProtocolVersion::TLSv1_0, ProtocolVersion::TLSv1_2);
}

Observed read_client_renegotiation(Subject const& subject, ProtocolVersion) {
  Section const found = renegotiation(subject);
  return found.value ? answer(*found.value, "client_initiated", "") : found.missing;
}

Observed read_renegotiation_count(Subject const& subject, ProtocolVersion version) {
  Observed const accepted = read_client_renegotiation(subject, version);
  if (accepted.state != Observed::State::known) return accepted;
  if (!accepted.flag) return Observed::not_applicable("the client may not renegotiate");
  Value const& count = (*renegotiation(subject).value)["count"];
  return count.is_number() ? Observed::of_number(count.as_double(), "on one connection") : Observed::unknown("not counted");
}

Observed read_renegotiation_limited(Subject const& subject, ProtocolVersion version) {
  Observed const count = read_renegotiation_count(subject, version);
  if (count.state != Observed::State::known) return count;
  std::string const& end = (*renegotiation(subject).value)["refused_by"].as_string();
  std::string const note = fmt::format("{} time{}{}", number_text(count.number), count.number == 1 ? "" : "s",
                                       end.empty() ? ", and there was no end" : ", then " + bounded(end, kMaxReason));
  return Observed::boolean(!end.empty(), note);
}

Section downgrade(Subject const& subject) {
  return measured_within(*subject.endpoint, "downgrade", ProtocolVersion::SSLv3, ProtocolVersion::TLSv1_3);
}

Observed read_fallback_scsv(Subject const& subject, ProtocolVersion) {
  Section const found = downgrade(subject);
  return found.value ? answer(*found.value, "fallback_scsv", "there is no older version to fall back to") : found.missing;
}

Observed read_sentinel(Subject const& subject, ProtocolVersion) {
  Section const found = downgrade(subject);
  if (!found.value) return found.missing;
  Value const& marks = (*found.value)["sentinel"];
  if (!marks.is_array()) return Observed::unknown(reason_of(*found.value, "not established"));
  std::string open;
  bool any = false;
  for (Value const& mark : marks.items()) {
    std::string const& sent = mark["sent"].as_string();
    std::string const protocol = bounded(mark["protocol"].as_string(), 20);
    if (sent == "no") return Observed::boolean(false, "not in " + protocol);
    any = any || sent == "yes";
    if (sent != "yes" && sent != "not_applicable") open = "whether it is sent in " + protocol + " is not known";
  }
  if (!open.empty()) return Observed::unknown(open);
  if (!any) return Observed::not_applicable("TLSv1.3 is not accepted, or nothing older is");
  return Observed::boolean(true);
}

Observed read_prefers_tls13(Subject const& subject, ProtocolVersion) {
  Section const found = downgrade(subject);
  return found.value ? answer(*found.value, "prefers_tls13", "TLSv1.3 is not accepted") : found.missing;
}

constexpr std::string_view kTolerances[] = {"hello_256_511", "large_hello",    "many_suites",  "grease",      "unknown_extension",
                                            "unknown_alpn",  "record_version", "two_segments", "two_records", "ssl2_hello"};
constexpr std::string_view kVersionTolerances[] = {"legacy_version", "supported_versions"};

void add_intolerance(Observed& out, Value const& section, std::string const& key, std::string_view word) {
  Element element{.key = std::string{word}, .label = std::string{word}, .code = 0};
  Observed const tolerated = answer(section, key, "");
  if (tolerated.state == Observed::State::unknown) {
    out.possible.push_back({.element = std::move(element), .reason = fmt::format("{}: {}", word, tolerated.reason)});
  } else if (tolerated.state == Observed::State::known && !tolerated.flag) {
    out.elements.push_back(std::move(element));
  }
}

Observed read_intolerances(Subject const& subject, ProtocolVersion) {
  Section const found = measured_within(*subject.endpoint, "tolerance", ProtocolVersion::SSLv3, ProtocolVersion::TLSv1_3);
  Section const versions = downgrade(subject);
  if (!found.value) return found.missing;
  if (!versions.value) return versions.missing;
  Observed out;
  out.state = Observed::State::known;
  for (std::string_view const word : kTolerances) add_intolerance(out, *found.value, std::string{word}, word);
  for (std::string_view const word : kVersionTolerances) add_intolerance(out, *versions.value, fmt::format("tolerates_{}", word), word);
  if (out.elements.empty() && out.possible.size() == std::size(kTolerances) + std::size(kVersionTolerances))
    return Observed::unknown(reason_of(*found.value, "not established"));
  return out;
}

Section alpn(Subject const& subject) {
  return measured_within(*subject.endpoint, "alpn", ProtocolVersion::TLSv1_0, ProtocolVersion::TLSv1_3);
}

Observed read_alpn_protocols(Subject const& subject, ProtocolVersion) {
  Section const found = alpn(subject);
  if (!found.value) return found.missing;
  Observed out = texts_of(*found.value, "protocols");
  bool const open = found.value->find("inconclusive") || (*found.value)["unknown"].as_string() == "inconclusive";
  if (out.state == Observed::State::known && (*found.value)["unknown"].as_string() == "echoed")
    make_incomplete(out, "the server takes any protocol that it is offered");
  if (out.state == Observed::State::known && open) make_incomplete(out, reason_of(*found.value, "the search was not finished"));
  if (out.state == Observed::State::known) set_order(out, *found.value);
  return out;
}

Observed read_alpn_chooser(Subject const& subject, ProtocolVersion) {
  Section const found = alpn(subject);
  if (!found.value) return found.missing;
  return word_of(*found.value, "chooser", {"server", "client", "indifferent"}, "there is no protocol to choose");
}

Observed read_alpn_unknown(Subject const& subject, ProtocolVersion) {
  Section const found = alpn(subject);
  if (!found.value) return found.missing;
  if ((*found.value)["unknown"].as_string() == "unoffered") return Observed::not_applicable("nothing unknown was offered");
  return word_of(*found.value, "unknown", {"ignored", "refused", "echoed"}, "nothing unknown was offered");
}

Section client_authentication(Subject const& subject) {
  return measured_within(*subject.endpoint, "client_authentication", ProtocolVersion::SSLv3, ProtocolVersion::TLSv1_3);
}

Observed read_client_requested(Subject const& subject, ProtocolVersion) {
  Section const found = client_authentication(subject);
  return found.value ? answer(*found.value, "requested", "") : found.missing;
}

Observed read_client_required(Subject const& subject, ProtocolVersion version) {
  Observed const requested = read_client_requested(subject, version);
  if (requested.state != Observed::State::known || !requested.flag) return requested;
  return answer(*client_authentication(subject).value, "required", "");
}

Observed server_name(Subject const& subject, std::string_view key) {
  Section const found = measured_within(*subject.endpoint, "server_name", ProtocolVersion::TLSv1_0, ProtocolVersion::TLSv1_3);
  if (!found.value) return found.missing;
  Value const& how = (*found.value)[key];
  if (!how.is_object()) return Observed::unknown("not established");
  Observed out = word_of(how, "answer", {"same_certificate", "other_certificate", "refused"}, "no name was asked for in the first place");
  if (how["answer"].is_null()) return Observed::unknown("not established");
  std::string const& detail = how[out.text == "refused" ? "alert" : "subject"].as_string();
  if (out.state == Observed::State::known) out.note = bounded(detail, kMaxReason);
  return out;
}

Observed read_without_name(Subject const& subject, ProtocolVersion) { return server_name(subject, "without_name"); }
Observed read_unknown_name(Subject const& subject, ProtocolVersion) { return server_name(subject, "unknown_name"); }

Observed read_certificate_compression(Subject const& subject, ProtocolVersion) {
  Section const found = measured_within(*subject.endpoint, "certificate_compression", ProtocolVersion::TLSv1_3, ProtocolVersion::TLSv1_3);
  if (!found.value) return found.missing;
  Observed out = texts_of(*found.value, "algorithms");
  if (out.state == Observed::State::known && found.value->find("inconclusive"))
    make_incomplete(out, reason_of(*found.value, "the search was not finished"));
  return out;
}

struct ExtensionWords {
  std::string_view name, sentence, noun, affirmed, denied;
  Observed (*read)(Subject const&, ProtocolVersion);
};

constexpr ExtensionWords kExtensions[] = {
    {"extensions.extended_master_secret", "the server does extended_master_secret (RFC 7627) up to TLS 1.2 wherever it is offered",
     "extended master secret", "extended_master_secret is done", "extended_master_secret is not done",
     [](Subject const& s, ProtocolVersion) { return extension(s, "extended_master_secret", kNoOlderTls); }},
    {"extensions.encrypt_then_mac",
     "the server does encrypt_then_mac (RFC 7366) with CBC suites wherever it is offered; not applicable where no CBC suite is used",
     "encrypt-then-MAC", "encrypt_then_mac is done", "encrypt_then_mac is not done",
     [](Subject const& s, ProtocolVersion) { return extension(s, "encrypt_then_mac", "no CBC suite was seen"); }},
    {"extensions.session_ticket", "the server answers session_ticket (RFC 5077) up to TLS 1.2", "the session_ticket extension",
     "session_ticket is answered", "session_ticket is not answered",
     [](Subject const& s, ProtocolVersion) { return extension(s, "session_ticket", kNoOlderTls); }},
    {"extensions.heartbeat", "the server does heartbeat (RFC 6520)", "heartbeat", "heartbeat is done", "heartbeat is not done",
     [](Subject const& s, ProtocolVersion) { return extension(s, "heartbeat", kNoExtensions); }},
    {"extensions.max_fragment_length", "the server does max_fragment_length (RFC 6066)", "max_fragment_length",
     "max_fragment_length is done", "max_fragment_length is not done",
     [](Subject const& s, ProtocolVersion) { return extension(s, "max_fragment_length", kNoExtensions); }},
    {"extensions.record_size_limit", "the server does record_size_limit (RFC 8449)", "record_size_limit", "record_size_limit is done",
     "record_size_limit is not done", [](Subject const& s, ProtocolVersion) { return extension(s, "record_size_limit", kNoExtensions); }},
    {"extensions.next_protocol_negotiation", "the server does NPN, which ALPN replaced", "NPN", "NPN is done", "NPN is not done",
     [](Subject const& s, ProtocolVersion) { return extension(s, "next_protocol_negotiation", kNoOlderTls); }},
    {"extensions.server_name", "the server acknowledges the name that it is asked for (RFC 6066)", "the answer to server_name",
     "server_name is acknowledged", "server_name is not acknowledged",
     [](Subject const& s, ProtocolVersion) { return extension(s, "server_name", "no name was asked for"); }},
    {"extensions.status_request", "an OCSP response was stapled on some connection (RFC 6066)", "OCSP stapling",
     "an OCSP response is stapled", "no OCSP response is stapled",
     [](Subject const& s, ProtocolVersion) { return extension(s, "status_request", "no certificate was shown to staple it to"); }},
    {"extensions.signed_certificate_timestamp", "the server sends timestamps of transparency logs in the handshake (RFC 6962)",
     "timestamps in the handshake", "timestamps are sent in the handshake", "no timestamps are sent in the handshake",
     [](Subject const& s, ProtocolVersion) { return extension(s, "signed_certificate_timestamp", "no certificate was shown"); }},
    {"renegotiation.secure", "the server binds renegotiations to the handshake before (RFC 5746)", "secure renegotiation",
     "renegotiation is secure", "renegotiation is not bound to the handshake before", read_secure_renegotiation},
    {"renegotiation.client_initiated", "a client may renegotiate, up to TLS 1.2", "renegotiation by the client", "a client may renegotiate",
     "a client may not renegotiate", read_client_renegotiation},
    {"renegotiation.limited",
     "the server refuses to renegotiate after some times, of ten that were tried; not applicable where it never does", "the limit",
     "renegotiations are limited", "renegotiations are not limited", read_renegotiation_limited},
    {"compression.accepted", "the server compresses records (RFC 3749), up to TLS 1.2", "TLS compression", "TLS compression is on",
     "TLS compression is off", read_compression},
    {"downgrade.fallback_scsv", "the server refuses a fallback that is marked as one (RFC 7507)", "fallback protection",
     "marked fallbacks are refused", "marked fallbacks are not refused", read_fallback_scsv},
    {"downgrade.sentinel", "answers at an older version are marked (RFC 8446 section 4.1.3)", "the downgrade sentinel",
     "answers at older versions are marked", "answers at older versions are not marked", read_sentinel},
    {"downgrade.prefers_tls13", "TLS 1.3 is chosen where TLS 1.2 is offered too", "the preference for TLS 1.3", "TLS 1.3 is preferred",
     "TLS 1.3 is not preferred", read_prefers_tls13},
    {"client_authentication.requested", "the server asks clients for a certificate", "client authentication",
     "clients are asked for a certificate", "clients are not asked for a certificate", read_client_requested},
    {"client_authentication.required", "the server insists on a client certificate; false where it does not even ask",
     "client authentication", "clients need a certificate", "clients need no certificate", read_client_required},
};

}  // namespace

void add_handshake_facts(std::vector<FactSpec>& all) {
  for (ExtensionWords const& words : kExtensions) {
    all.push_back({.name = words.name,
                   .type = Type::boolean,
                   .scope = Scope::endpoint,
                   .sentence = words.sentence,
                   .noun = words.noun,
                   .read = words.read,
                   .affirmed = words.affirmed,
                   .denied = words.denied});
  }
  all.push_back({.name = "renegotiation.count",
                 .type = Type::number,
                 .scope = Scope::endpoint,
                 .sentence = "how often a client could renegotiate on one connection, of ten times; not applicable where it may not at all",
                 .noun = "renegotiations",
                 .read = read_renegotiation_count});
  all.push_back({.name = "tolerance.faults",
                 .type = Type::texts,
                 .scope = Scope::endpoint,
                 .sentence = "what a valid ClientHello may have and this server fails on",
                 .noun = "intolerances",
                 .read = read_intolerances,
                 .verb = "not tolerated",
                 .words = {"hello_256_511", "large_hello", "many_suites", "grease", "unknown_extension", "unknown_alpn", "record_version",
                           "two_segments", "two_records", "ssl2_hello", "legacy_version", "supported_versions"}});
  all.push_back({.name = "alpn.protocols",
                 .type = Type::texts,
                 .scope = Scope::endpoint,
                 .sentence = "the application protocols that the server takes by ALPN (RFC 7301)",
                 .noun = "ALPN protocols",
                 .read = read_alpn_protocols,
                 .ordered = true});
  all.push_back({.name = "alpn.chooser",
                 .type = Type::text,
                 .scope = Scope::endpoint,
                 .sentence = "who chooses among the protocols of ALPN",
                 .noun = "the chooser of the protocol",
                 .read = read_alpn_chooser,
                 .words = {"server", "client", "indifferent"}});
  all.push_back({.name = "alpn.unknown",
                 .type = Type::text,
                 .scope = Scope::endpoint,
                 .sentence = "what the server does when it knows none of the protocols that are offered",
                 .noun = "unknown ALPN protocols",
                 .read = read_alpn_unknown,
                 .words = {"ignored", "refused", "echoed"}});
  std::vector<std::string_view> const answers = {"same_certificate", "other_certificate", "refused"};
  all.push_back({.name = "server_name.without_name",
                 .type = Type::text,
                 .scope = Scope::endpoint,
                 .sentence = "what a client gets that names no host",
                 .noun = "the answer to clients without server_name",
                 .read = read_without_name,
                 .words = answers});
  all.push_back({.name = "server_name.unknown_name",
                 .type = Type::text,
                 .scope = Scope::endpoint,
                 .sentence = "what a client gets that names a host that nobody has",
                 .noun = "the answer to an unknown server_name",
                 .read = read_unknown_name,
                 .words = answers});
  all.push_back({.name = "certificate_compression.algorithms",
                 .type = Type::texts,
                 .scope = Scope::endpoint,
                 .sentence = "the algorithms with which certificates are compressed in TLS 1.3 (RFC 8879)",
                 .noun = "compression of certificates",
                 .read = read_certificate_compression,
                 .verb = "used",
                 .words = {"zlib", "brotli", "zstd"}});
}

}  // namespace tlsgauge::policy
