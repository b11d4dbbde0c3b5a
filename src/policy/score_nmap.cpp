#include "policy/score_nmap.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "audit/nmap_letter.hpp"
#include "policy/score_model.hpp"

namespace tlsgauge::policy {
namespace {

using wire::ProtocolVersion;

constexpr std::string_view kScript = "nmap ssl-enum-ciphers https://nmap.org/nsedoc/scripts/ssl-enum-ciphers.html";
constexpr std::size_t kMaxParts = 2000;

void cap(Assessment& out, std::string reason) {
  out.caps.push_back({.grade = "F", .reason = bounded(reason, kMaxObserved), .reference = std::string{kScript}});
}

}  // namespace

Standing score_nmap(Endpoint const& endpoint, Assessment& out) {
  out.model = spec_of(ScoreModel::nmap).name;
  std::vector<KeyEvidence> const keys = audit::keys_of(chain_evidence(endpoint).shown);
  double least = 100;
  double possible = 100;
  double covered = 0;
  double versions = 0;
  bool any = false;
  std::vector<std::string> weakest;
  for (VersionEvidence const& version : version_evidence(endpoint)) {
    if (version.version == ProtocolVersion::SSLv2) {
      if (version.accepted == Truth::yes) cap(out, "SSLv2 is accepted, which ssl-enum-ciphers does not look at");
      if (version.accepted == Truth::unknown) cap(out, "inconclusive: " + could_not_tell(version.version, version.reason));
      if (version.accepted != Truth::no) least = 0;
      if (version.accepted == Truth::yes) possible = 0;
      continue;
    }
    ++versions;
    bool const open = version.accepted == Truth::unknown || !version.missing.empty();
    if (open) cap(out, "inconclusive: " + (version.missing.empty() ? could_not_tell(version.version, version.reason) : version.missing));
    if (open) least = 0;
    double judged = 0;
    for (SuiteEvidence const& suite : version.suites) {
      audit::NmapLetter const letter = audit::rate_suite(suite, keys);
      any = true;
      if (letter.missing.empty()) ++judged;
      if (!letter.missing.empty() && out.caps.size() < kMaxParts)
        cap(out, fmt::format("inconclusive: {} {} counts as F, {}", wire::name(version.version), suite.name, letter.missing));
      if (letter.points < least) weakest.clear();
      if (letter.points <= least && letter.points < 100) weakest.push_back(suite.name);
      least = std::min(least, letter.points);
      possible = std::min(possible, letter.possible);
      if (out.parts.size() < kMaxParts)
        out.parts.push_back({.name = fmt::format("{} {}", wire::name(version.version), suite.name),
                             .weight = 0,
                             .score = letter.points,
                             .basis = letter.basis,
                             .grade = letter.letter,
                             .open = !letter.missing.empty()});
    }
    if (!open) covered += version.suites.empty() ? 1 : judged / static_cast<double>(version.suites.size());
  }
  if (!any) {
    least = 0;
    if (out.caps.empty()) cap(out, "inconclusive: no cipher suite is known");
  }
  out.score = static_cast<int>(least + 1e-9);  // rounded down, so that 80 is an A
  out.grade = audit::nmap_letter(least);
  out.coverage = any ? static_cast<int>(100 * covered / versions + 1e-9) : 0;
  std::ranges::sort(weakest);
  weakest.erase(std::ranges::unique(weakest).begin(), weakest.end());
  if (out.caps.empty() && out.grade != "A")
    out.caps.push_back({.grade = out.grade,
                        .reason = "least strength: " + enumerate(weakest),
                        .reference = std::string{kScript},
                        .key = std::string{kLeastStrength}});
  return {static_cast<int>(possible + 1e-9), std::string{audit::nmap_letter(possible)}};
}

}  // namespace tlsgauge::policy
