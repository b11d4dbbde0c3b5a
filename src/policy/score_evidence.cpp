#include "policy/score_evidence.hpp"

#include <map>

#include "audit/shown_certificates.hpp"
#include "base/text.hpp"

namespace tlsgauge::policy {
namespace {

using wire::ProtocolVersion;

/// The entries of facts.cipher_suites for a version, by their code in lower case.
std::map<std::string, Value const*> entries_of(Endpoint const& endpoint, ProtocolVersion version) {
  std::map<std::string, Value const*> out;
  for (Value const& entry : endpoint.facts["cipher_suites"].items()) {
    if (entry["protocol"].as_string() == wire::name(version)) out.emplace(ascii_lower(bounded(entry["code"].as_string(), 20)), &entry);
  }
  return out;
}

VersionEvidence evidence_of(Endpoint const& endpoint, ProtocolVersion version) {
  Subject const subject{.endpoint = &endpoint, .certificate = nullptr};
  VersionSupport const support = version_support(endpoint, version);
  VersionEvidence out{
      .version = version, .accepted = support.accepted, .reason = support.reason, .suites = {}, .missing = {}, .chooser = {}};
  Observed const suites = read_suites(subject, version);
  if (suites.state == Observed::State::unknown) out.missing = suites.reason;
  if (suites.state != Observed::State::known) return out;
  // A suite that was negotiated proves its version, whatever else was said.
  if (out.accepted != Truth::yes) out.accepted = Truth::yes;
  if (!suites.complete) out.missing = suites.reason;
  std::map<std::string, Value const*> const entries = entries_of(endpoint, version);
  for (Element const& element : suites.elements) {
    static Value const none;
    auto const at = entries.find(ascii_lower(element.key));
    Value const& entry = at == entries.end() ? none : *at->second;
    SuiteEvidence suite{.version = version, .name = element.label, .info = suite_info(element), .group = {}, .dh_bits = 0};
    audit::set_exchange(suite, entry);
    out.suites.push_back(std::move(suite));
  }
  Observed const chooser = read_suite_chooser(subject, version);
  if (chooser.state == Observed::State::known) out.chooser = chooser.text;
  return out;
}

}  // namespace

std::vector<VersionEvidence> version_evidence(Endpoint const& endpoint) {
  std::vector<VersionEvidence> out;
  for (ProtocolVersion const version : wire::kAllVersions) out.push_back(evidence_of(endpoint, version));
  return out;
}

ChainEvidence chain_evidence(Endpoint const& endpoint) {
  Section const certificates = section(endpoint, "certificates");
  if (certificates.value == nullptr) return {.shown = {}, .missing = certificates.missing.reason};
  ChainEvidence out{.shown = audit::certificates_of(endpoint, *certificates.value), .missing = {}};
  if (out.shown.empty()) out.missing = "no certificate was shown";
  return out;
}

}  // namespace tlsgauge::policy
