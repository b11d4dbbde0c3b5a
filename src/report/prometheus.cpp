// `-o prometheus`: what alerts ask. The names of blackbox_exporter and ssl_exporter where they have one, tlsgauge_ for the rest.
//
// What was not measured has no sample: an alert must never take a 0 for it. A state of several words is a label with the value 1, one
// series each (a state-set would have one for every word: 5 times as many for requirements), so that `inconclusive` can be asked for
// as `fail` can, and neither is the absence of the other.

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "report/exposition.hpp"
#include "report/fact_parts.hpp"
#include "report/findings.hpp"
#include "report/formats.hpp"
#include "report/instances.hpp"
#include "report/prometheus_certificates.hpp"

namespace tlsgauge::report {
namespace {

/// Above so many endpoints, labels that hold subjects would fill a Prometheus server.
constexpr std::size_t kMaxEndpointsWithSubjects = 1000;

/// From best to worst, as SSL Labs and nmap have them; a model's own letters have no number.
constexpr std::array<std::string_view, 10> kGrades = {"A+", "A", "A-", "B", "C", "D", "E", "F", "M", "T"};

constexpr std::array<Severity, 5> kSeverities = {Severity::critical, Severity::high, Severity::medium, Severity::low, Severity::info};

void declare(Exposition& out) {
  out.family("probe_success", "1 where the endpoint answered in TLS, 0 where it did not; a bad certificate alone does not fail it.");
  out.family("probe_duration_seconds", "How long the scan of the endpoint took.");
  out.family("probe_ssl_earliest_cert_expiry", "Earliest expiry among the certificates that were shown, in unixtime.");
  out.family("probe_ssl_last_chain_expiry_timestamp_seconds",
             "Earliest expiry in a chain that is trusted, without certificates that its path does not need; of several the first.");
  out.family("probe_ssl_last_chain_info", "Leaf certificates, always 1.");
  out.family("probe_tls_version_info", "Best version that was negotiated, always 1.");
  out.family("ssl_probe_success", "As probe_success.");
  out.family("ssl_tls_version_info", "As probe_tls_version_info.");
  out.family("ssl_cert_not_after", "notAfter of each certificate that was shown, in unixtime.");
  out.family("ssl_cert_not_before", "notBefore of each certificate that was shown, in unixtime.");
  out.family("tlsgauge_status", "How the scan of the endpoint ended, always 1.");
  out.family("tlsgauge_last_scan_timestamp_seconds", "When the run ended that scanned the endpoint, in unixtime.");
  out.family("tlsgauge_score", "Score from 0 to 100 by the profile; what is inconclusive or waived earns nothing.");
  out.family("tlsgauge_grade", "Grade by the profile as a number: A+ 1, A 2, A- 3, B 4, C 5, D 6, E 7, F 8, M 9, T 10.");
  out.family("tlsgauge_grade_info", "Grade by the profile, always 1.");
  out.family("tlsgauge_coverage_ratio", "Share of the score's weight that could be judged, from 0 to 1.");
  out.family("tlsgauge_verdict", "Verdict by the profile (pass, fail, inconclusive), always 1.");
  out.family("tlsgauge_requirement", "Verdict on a requirement (pass, fail, inconclusive, waived, not_applicable), always 1.");
  out.family("tlsgauge_requirement_baseline",
             "Whether the baseline knows a failed requirement (known, new), always 1; no sample without a baseline.");
  out.family("tlsgauge_findings", "Failed requirements of a severity; no sample where none failed but not all could be judged.");
  out.family("tlsgauge_protocol", "Whether a version is spoken (yes, no, inconclusive), always 1.");
  out.family("tlsgauge_post_quantum_key_exchange",
             "Whether a post-quantum group is offered (preferred, accepted, absent, inconclusive), always 1.");
  out.family("tlsgauge_hsts", "1 where a valid Strict-Transport-Security is sent, 0 where none or one that browsers ignore.");
  out.family("tlsgauge_hsts_max_age_seconds", "max-age of a valid Strict-Transport-Security.");
  out.family("tlsgauge_build_info", "The program that scanned, always 1; the run is named by its arguments.");
  out.family("tlsgauge_run_endpoints", "Endpoints that the run's result holds.");
  out.family("tlsgauge_run_interrupted", "1 where the run was ended by a signal: endpoints may be missing.");
}

std::int64_t number(bool yes) { return yes ? 1 : 0; }

/// "TLS 1.3" as Go's crypto/tls and the exporters write "TLSv1.3".
std::string version_text(std::string_view protocol) {
  if (protocol.starts_with("TLSv")) return fmt::format("TLS {}", protocol.substr(4));
  if (protocol.starts_with("SSLv")) return fmt::format("SSL {}.0", protocol.substr(4));
  return std::string{protocol};
}

void add_protocols(Exposition& out, std::string const& instance, Value const& facts) {
  std::string best;
  for (Value const& each : facts["protocols"].items()) {
    std::string const& name = each["name"].as_string();
    if (each["support"].as_string() == "yes") best = name;  // oldest first
    out.add("tlsgauge_protocol", {{"instance", instance}, {"protocol", name}, {"support", each["support"].as_string()}}, std::int64_t{1});
  }
  if (best.empty()) return;
  for (std::string_view const name : {"probe_tls_version_info", "ssl_tls_version_info"}) {
    out.add(name, {{"instance", instance}, {"version", version_text(best)}}, std::int64_t{1});
  }
}

void add_certificates(Exposition& out, std::string const& instance, Endpoint const& endpoint, bool with_subjects) {
  ServedCertificates const served = served_certificates(endpoint);
  if (served.earliest) out.add("probe_ssl_earliest_cert_expiry", {{"instance", instance}}, *served.earliest);
  if (served.chain_expiry) out.add("probe_ssl_last_chain_expiry_timestamp_seconds", {{"instance", instance}}, *served.chain_expiry);
  if (!with_subjects) return;
  for (Value const* const leaf : served.leaves) {
    out.add("probe_ssl_last_chain_info",
            {{"instance", instance},
             {"fingerprint_sha256", (*leaf)["sha256"].as_string()},
             {"subject", (*leaf)["subject"].as_string()},
             {"issuer", (*leaf)["issuer"].as_string()},
             {"subjectalternative", join(alternative_names(*leaf, "DNS"), ",")},
             {"serialnumber", octets_serial((*leaf)["serial"].as_string())}},
            std::int64_t{1});
  }
  for (Value const* const each : served.certificates) {
    auto const first = [](std::vector<std::string> const& values) { return values.empty() ? std::string{} : values.front(); };
    Labels const labels = {{"instance", instance},
                           {"serial_no", decimal_serial((*each)["serial"].as_string())},
                           {"issuer_cn", first(name_parts((*each)["issuer"].as_string(), "commonName"))},
                           {"cn", first(name_parts((*each)["subject"].as_string(), "commonName"))},
                           {"dnsnames", multi_valued(alternative_names(*each, "DNS"))},
                           {"ips", multi_valued(alternative_names(*each, "IP"))},
                           {"emails", multi_valued(alternative_names(*each, "email"))},
                           {"ou", multi_valued(name_parts((*each)["subject"].as_string(), "organizationalUnitName"))}};
    if (auto const at = unix_time((*each)["not_after"].as_string())) out.add("ssl_cert_not_after", labels, *at);
    if (auto const at = unix_time((*each)["not_before"].as_string())) out.add("ssl_cert_not_before", labels, *at);
  }
}

void add_http(Exposition& out, std::string const& instance, Value const& facts) {
  Value const& hsts = facts["http"]["hsts"];
  if (!hsts["present"].is_bool()) return;
  bool const valid = hsts["present"].as_bool() && hsts["valid"].as_bool() && hsts["max_age"].is_int();
  out.add("tlsgauge_hsts", {{"instance", instance}}, number(valid));
  if (valid) out.add("tlsgauge_hsts_max_age_seconds", {{"instance", instance}}, hsts["max_age"].as_int());
}

void add_findings(Exposition& out, std::string const& instance, std::string const& profile, Assessment const& assessment) {
  for (Severity const severity : kSeverities) {
    std::int64_t failed = 0;
    bool judged = true;
    bool any = false;
    for (Requirement const& each : assessment.requirements) {
      if (each.severity != severity) continue;
      any = true;
      if (each.verdict == Verdict::fail) ++failed;
      if (each.verdict == Verdict::inconclusive) judged = false;
    }
    if (!any || (failed == 0 && !judged)) continue;
    out.add("tlsgauge_findings", {{"instance", instance}, {"profile", profile}, {"severity", std::string{name(severity)}}}, failed);
  }
}

void add_assessment(Exposition& out, std::string const& instance, std::string const& profile, Assessment const& assessment) {
  Labels const labels = {{"instance", instance}, {"profile", profile}};
  auto const with = [&](std::initializer_list<std::pair<std::string_view, std::string>> more) {
    Labels all = labels;
    all.insert(all.end(), more);
    return all;
  };
  out.add("tlsgauge_coverage_ratio", labels, assessment.coverage / 100.0);
  // Nothing could be judged: its score of 0 is no measurement.
  if (assessment.coverage > 0) {
    out.add("tlsgauge_score", labels, std::int64_t{assessment.score});
    if (auto const at = std::ranges::find(kGrades, assessment.grade); at != kGrades.end()) {
      out.add("tlsgauge_grade", labels, std::int64_t{at - kGrades.begin() + 1});
    }
    out.add("tlsgauge_grade_info", with({{"grade", assessment.grade}, {"model", assessment.model}}), std::int64_t{1});
  }
  out.add("tlsgauge_verdict", with({{"verdict", std::string{name(assessment.verdict)}}}), std::int64_t{1});
  for (Requirement const& each : assessment.requirements) {
    out.add("tlsgauge_requirement",
            with({{"requirement", each.id}, {"severity", std::string{name(each.severity)}}, {"verdict", std::string{name(each.verdict)}}}),
            std::int64_t{1});
    if (!each.baseline) continue;
    out.add(
        "tlsgauge_requirement_baseline",
        with({{"requirement", each.id}, {"severity", std::string{name(each.severity)}}, {"baseline", std::string{name(*each.baseline)}}}),
        std::int64_t{1});
  }
  add_findings(out, instance, profile, assessment);
}

bool spoke_tls(Endpoint const& endpoint) {
  return std::ranges::any_of(endpoint.facts["protocols"].items(), [](Value const& each) { return each["support"].as_string() == "yes"; });
}

/// Whether the server answered in TLS, as blackbox_exporter asks: silence is a probe that failed. Nothing where no version was asked for.
std::optional<bool> success(Endpoint const& endpoint) {
  if (endpoint.status == Status::unreachable || endpoint.status == Status::not_tls) return false;
  if (spoke_tls(endpoint) || !served_certificates(endpoint).certificates.empty()) return true;
  if (endpoint.facts["protocols"].items().empty()) return {};
  return false;
}

void add_endpoint(Exposition& out, std::string const& instance, Endpoint const& endpoint, Run const& run, bool with_subjects,
                  ReportOptions const& options) {
  Labels const labels = {{"instance", instance}};
  if (auto const spoken = success(endpoint)) {
    out.add("probe_success", labels, number(*spoken));
    out.add("ssl_probe_success", labels, number(*spoken));
  }
  out.add("probe_duration_seconds", labels, static_cast<double>(endpoint.cost.duration_ms) / 1000);
  out.add("tlsgauge_status", {{"instance", instance}, {"status", std::string{name(endpoint.status)}}}, std::int64_t{1});
  if (auto const at = unix_time(run.finished_at)) out.add("tlsgauge_last_scan_timestamp_seconds", labels, *at);
  add_certificates(out, instance, endpoint, with_subjects);
  add_protocols(out, instance, endpoint.facts);
  if (Value const& offered = endpoint.facts["post_quantum"]["key_exchange"]; offered.is_string()) {
    out.add("tlsgauge_post_quantum_key_exchange", {{"instance", instance}, {"offered", offered.as_string()}}, std::int64_t{1});
  }
  add_http(out, instance, endpoint.facts);
  std::vector<std::string> const names = profile_names(endpoint);
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto verdict = unexplained_verdict(endpoint, i, options.fail_on, options.gate);
    if (!verdict) {
      add_assessment(out, instance, names[i], endpoint.assessments[i]);
      continue;
    }
    Assessment with_verdict = endpoint.assessments[i];
    with_verdict.requirements.push_back(std::move(*verdict));
    add_assessment(out, instance, names[i], with_verdict);
  }
}

/// The same for each run with the same arguments, so that the files of several jobs can lie in one folder of a textfile collector.
std::string run_name(Run const& run) {
  std::string const text = join(run.arguments, std::string_view{"\0", 1});
  return crypto::sha256_hex({reinterpret_cast<unsigned char const*>(text.data()), text.size()}).substr(0, 8);
}

}  // namespace

std::string write_prometheus(Document const& document, ReportOptions const& options) {
  Exposition out;
  declare(out);
  bool const with_subjects = document.endpoints.size() <= kMaxEndpointsWithSubjects;
  std::vector<std::string> const names = instances(document);
  for (std::size_t i = 0; i < names.size(); ++i) add_endpoint(out, names[i], document.endpoints[i], document.run, with_subjects, options);
  Labels const run = {{"run", run_name(document.run)}};
  out.add("tlsgauge_build_info", {run.front(), {"version", document.tool.version}, {"openssl", document.tool.openssl}}, std::int64_t{1});
  out.add("tlsgauge_run_endpoints", run, static_cast<std::int64_t>(document.endpoints.size()));
  out.add("tlsgauge_run_interrupted", run, number(document.run.interrupted));
  return out.text();
}

}  // namespace tlsgauge::report
