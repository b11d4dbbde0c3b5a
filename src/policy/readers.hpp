#pragma once
// How each fact of the vocabulary is read from an endpoint. Every reader is total: whatever the tree looks like, it yields an Observed.

#include <optional>
#include <string>

#include "policy/vocabulary.hpp"

namespace tlsgauge::policy {

/// The part of facts a probe fills under `key`, or why it is not there.
struct Section {
  Value const* value = nullptr;  ///< nullptr: see `missing`
  Observed missing;
};
[[nodiscard]] Section section(Endpoint const& endpoint, std::string_view key);
/// The reason in the member `inconclusive`, or in `reason`, bounded; `otherwise` where there is none.
[[nodiscard]] std::string reason_of(Value const& value, std::string_view otherwise);

/// A member of the subject's certificate, or why there is none.
[[nodiscard]] Section certificate_part(Subject const& subject, std::string_view key);

struct VersionSupport {
  Truth accepted = Truth::unknown;
  std::string reason;
};
[[nodiscard]] VersionSupport version_support(Endpoint const& endpoint, wire::ProtocolVersion version);
[[nodiscard]] std::string could_not_tell(wire::ProtocolVersion version, std::string_view reason);

/// "0xC02F" or "0x010080" as a number.
[[nodiscard]] std::optional<std::uint32_t> code_of(std::string const& text);
/// Of a code point; `label` empty: the code.
[[nodiscard]] Element coded(std::uint32_t code, bool ssl2, std::string label);
void add_once(std::vector<Element>& elements, Element element);
/// There may be more than `observed` says; the first reason stays.
void make_incomplete(Observed& observed, std::string reason);
/// Of an entry with `chooser`.
[[nodiscard]] Observed chooser_of(Value const& order);
/// `elements` stand in the server's order where the entry's `chooser` is the server.
void set_order(Observed& observed, Value const& order);
/// Of a document's map that has other members beside `inconclusive`: each may have been answered all the same.
[[nodiscard]] Section measured(Endpoint const& endpoint, std::string_view key);
/// Whether a version from `lowest` to `highest` is accepted; `reason`: of unknown.
[[nodiscard]] VersionSupport any_support(Endpoint const& endpoint, wire::ProtocolVersion lowest, wire::ProtocolVersion highest);
/// `measured`, but not applicable where it is missing because no version from `lowest` to `highest` is accepted.
[[nodiscard]] Section measured_within(Endpoint const& endpoint, std::string_view key, wire::ProtocolVersion lowest,
                                      wire::ProtocolVersion highest);
/// A member with one of the words yes, no, not_applicable, inconclusive, or a boolean or null, as a boolean.
[[nodiscard]] Observed answer(Value const& section, std::string_view key, std::string_view why_not_applicable);
/// A member that is one of `words`; "not_applicable" and null: not applicable; anything else: not known.
[[nodiscard]] Observed word_of(Value const& section, std::string_view key, std::vector<std::string_view> const& words,
                               std::string_view why_not_applicable);
/// A member that is a list of texts; unknown where it is none.
[[nodiscard]] Observed texts_of(Value const& section, std::string_view key);

Observed read_protocols(Subject const& subject, wire::ProtocolVersion version);
/// Version `none`: of all versions together.
Observed read_suites(Subject const& subject, wire::ProtocolVersion version);
Observed read_suite_chooser(Subject const& subject, wire::ProtocolVersion version);
Observed read_dh_min_bits(Subject const& subject, wire::ProtocolVersion version);
Observed read_groups(Subject const& subject, wire::ProtocolVersion version);
Observed read_group_chooser(Subject const& subject, wire::ProtocolVersion version);

Observed read_trusted(Subject const& subject, wire::ProtocolVersion version);
Observed read_trust_errors(Subject const& subject, wire::ProtocolVersion version);
Observed read_expired(Subject const& subject, wire::ProtocolVersion version);
Observed read_not_yet_valid(Subject const& subject, wire::ProtocolVersion version);
Observed read_valid_now(Subject const& subject, wire::ProtocolVersion version);
Observed read_days_left(Subject const& subject, wire::ProtocolVersion version);
Observed read_lifetime_days(Subject const& subject, wire::ProtocolVersion version);
Observed read_hostname_matches(Subject const& subject, wire::ProtocolVersion version);
Observed read_key_type(Subject const& subject, wire::ProtocolVersion version);
Observed read_key_bits(Subject const& subject, wire::ProtocolVersion version);
Observed read_key_curve(Subject const& subject, wire::ProtocolVersion version);
Observed read_signature_algorithm(Subject const& subject, wire::ProtocolVersion version);
Observed read_chain_signatures(Subject const& subject, wire::ProtocolVersion version);
Observed read_ocsp_urls(Subject const& subject, wire::ProtocolVersion version);
Observed read_ocsp_stapled(Subject const& subject, wire::ProtocolVersion version);

Observed read_timestamp_faults(Subject const& subject, wire::ProtocolVersion version);
Observed read_timestamp_count(Subject const& subject, wire::ProtocolVersion version);
Observed read_too_few_timestamps(Subject const& subject, wire::ProtocolVersion version);
Observed read_chain_complete(Subject const& subject, wire::ProtocolVersion version);
Observed read_path_errors(Subject const& subject, wire::ProtocolVersion version);
Observed read_publicly_trusted(Subject const& subject, wire::ProtocolVersion version);
Observed read_lifetime_within_limit(Subject const& subject, wire::ProtocolVersion version);
void add_revocation_facts(std::vector<FactSpec>& all);
void add_key_exchange_facts(std::vector<FactSpec>& all);
void add_signature_facts(std::vector<FactSpec>& all);
void add_handshake_facts(std::vector<FactSpec>& all);
void add_session_facts(std::vector<FactSpec>& all);
void add_leaf_facts(std::vector<FactSpec>& all);

Observed read_http_spoken(Subject const& subject, wire::ProtocolVersion version);
Observed read_http_status(Subject const& subject, wire::ProtocolVersion version);
Observed read_hsts_present(Subject const& subject, wire::ProtocolVersion version);
Observed read_hsts_valid(Subject const& subject, wire::ProtocolVersion version);
Observed read_hsts_max_age(Subject const& subject, wire::ProtocolVersion version);
Observed read_hsts_include_subdomains(Subject const& subject, wire::ProtocolVersion version);
Observed read_hsts_preload(Subject const& subject, wire::ProtocolVersion version);
Observed read_hsts_count(Subject const& subject, wire::ProtocolVersion version);
Observed read_hsts_on_error(Subject const& subject, wire::ProtocolVersion version);
Observed read_hsts_on_redirect(Subject const& subject, wire::ProtocolVersion version);
Observed read_hsts_inherited(Subject const& subject, wire::ProtocolVersion version);
Observed read_hsts_preload_eligible(Subject const& subject, wire::ProtocolVersion version);
Observed read_http2_works(Subject const& subject, wire::ProtocolVersion version);
Observed read_insecure_cookies(Subject const& subject, wire::ProtocolVersion version);
Observed read_obsolete_headers(Subject const& subject, wire::ProtocolVersion version);
Observed read_plain_redirects(Subject const& subject, wire::ProtocolVersion version);
Observed read_plain_same_host(Subject const& subject, wire::ProtocolVersion version);
Observed read_plain_hsts(Subject const& subject, wire::ProtocolVersion version);
Observed read_plain_cookies(Subject const& subject, wire::ProtocolVersion version);

/// The words about HTTP beyond the first page.
void add_web_facts(std::vector<FactSpec>& all);

/// The part of the vocabulary that those of facts_trust.cpp read.
void add_trust_facts(std::vector<FactSpec>& all);
Observed read_chain_faults(Subject const& subject, wire::ProtocolVersion version);
Observed read_key_faults(Subject const& subject, wire::ProtocolVersion version);
void add_chain_facts(std::vector<FactSpec>& all);

/// The words of facts_dns.cpp.
void add_dns_facts(std::vector<FactSpec>& all);

}  // namespace tlsgauge::policy
