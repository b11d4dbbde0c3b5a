#pragma once
// How each fact of the vocabulary is read from an endpoint. Every reader is total: whatever the tree looks like, it yields an Observed.

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
Observed read_too_few_timestamps(Subject const& subject, wire::ProtocolVersion version);
Observed read_chain_complete(Subject const& subject, wire::ProtocolVersion version);
Observed read_path_errors(Subject const& subject, wire::ProtocolVersion version);
Observed read_publicly_trusted(Subject const& subject, wire::ProtocolVersion version);
Observed read_lifetime_within_limit(Subject const& subject, wire::ProtocolVersion version);
void add_revocation_facts(std::vector<FactSpec>& all);

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
