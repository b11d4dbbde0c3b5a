#include "report/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kDigits = 32;

/// One part of a path from anything.
std::string path_part(std::string_view text) {
  std::string out;
  for (char const c : text) {
    bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    out += plain ? c : '_';
    if (out.size() == 255) break;
  }
  return out;
}

/// The path relative to `base`; empty where it does not lie under it.
std::string beneath(std::string const& path, std::string const& base) {
  std::filesystem::path at = std::filesystem::path{path}.lexically_normal();
  if (at.is_absolute()) {
    if (base.empty()) return {};
    at = at.lexically_relative(base);
  }
  std::string const relative = at.generic_string();
  if (relative.empty() || relative == "." || relative == ".." || relative.starts_with("../") || relative.starts_with('/')) return {};
  return relative;
}

std::string fingerprint(std::string const& who, Assessment const& assessment, Requirement const& requirement) {
  std::string const text = fmt::format("{}\n{}\n{}", who, assessment.profile.name, requirement.id);
  return crypto::sha256_hex({reinterpret_cast<unsigned char const*>(text.data()), text.size()}).substr(0, kDigits);
}

}  // namespace

std::string identity(Target const& target) {
  std::string text = fmt::format("{} {}", target.transport, place(target));
  if (!target.server_name.empty() && target.server_name != target.host) text += " as " + target.server_name;
  if (!target.starttls.empty()) text += " after STARTTLS " + target.starttls;
  return text;
}

std::vector<std::string> identities(Document const& document) {
  std::vector<std::string> all;
  std::map<std::string, std::size_t> count;
  for (Endpoint const& endpoint : document.endpoints) ++count[all.emplace_back(identity(endpoint.target))];
  std::map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (count[all[i]] > 1) all[i] += " at " + document.endpoints[i].target.address;
    if (std::size_t const earlier = seen[all[i]]++; earlier > 0) all[i] += fmt::format(" #{}", earlier + 1);
  }
  return all;
}

std::vector<Finding> findings(Document const& document, std::initializer_list<Verdict> verdicts) {
  std::vector<Finding> out;
  std::vector<std::string> const who = identities(document);
  for (std::size_t i = 0; i < document.endpoints.size(); ++i) {
    Endpoint const& endpoint = document.endpoints[i];
    for (Assessment const& assessment : endpoint.assessments) {
      std::vector<Requirement const*> chosen;
      for (Requirement const& each : assessment.requirements) {
        if (std::ranges::find(verdicts, each.verdict) != verdicts.end()) chosen.push_back(&each);
      }
      std::ranges::stable_sort(chosen, [](Requirement const* a, Requirement const* b) { return a->severity > b->severity; });
      for (Requirement const* const each : chosen) out.push_back({&endpoint, &assessment, each, fingerprint(who[i], assessment, *each)});
    }
  }
  return out;
}

SourcePlace source_place(Target const& target, std::string const& base) {
  if (!target.list_file.empty() && target.list_line > 0) {
    if (std::string path = beneath(target.list_file, base); !path.empty()) return {std::move(path), target.list_line};
  }
  return {fmt::format("tls/{}_{}", path_part(target.host), target.port), 1};
}

std::string message(Finding const& finding) {
  Requirement const& r = *finding.requirement;
  std::string text = fmt::format("{}: {}", place(finding.endpoint->target), r.title);
  if (r.verdict == Verdict::fail) text += ": not met";
  if (r.verdict == Verdict::inconclusive) text += ": could not be judged";
  if (r.verdict == Verdict::waived) text += ": waived";
  if (!r.observed.empty()) text += fmt::format(": {}", r.observed);
  if (!r.expected.empty()) text += fmt::format(" (expected: {})", r.expected);
  return text;
}

}  // namespace tlsgauge::report
