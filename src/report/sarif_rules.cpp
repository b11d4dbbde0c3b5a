#include "report/sarif_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "report/finding_text.hpp"
#include "report/markdown_text.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

using Json = nlohmann::ordered_json;

// GitHub's limits for what it shows of a rule, there in characters, here in octets.
constexpr std::size_t kName = 255;
constexpr std::size_t kDescription = 1024;
constexpr std::size_t kHelp = 8000;

/// What GitHub makes critical (over 9), high (7 to 8.9), medium (4 to 6.9) and low of; empty: no security matter.
std::string_view security_severity(Severity severity) {
  switch (severity) {
    case Severity::critical:
      return "9.5";
    case Severity::high:
      return "8.0";
    case Severity::medium:
      return "5.5";
    case Severity::low:
      return "2.0";
    case Severity::info:
      break;
  }
  return "";
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "tls13-offered" as "Tls13Offered", a form that SARIF wants for names.
std::string pascal_case(std::string_view id) {
  std::string out;
  bool begins = true;
  for (char const c : id) {
    bool const word = is_letter(c) || (is_digit(c) && !out.empty());
    if (word) out += begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    begins = !word;
    if (out.size() == kName) break;
  }
  return out;
}

std::string help_text(Requirement const& requirement) {
  Requirement of_profile = requirement;  // without the waiver, which belongs to the result
  of_profile.waived_by.reset();
  of_profile.waiver.reset();
  std::string text = background(of_profile);
  return cut(text.empty() ? printable(requirement.title) : text, kHelp);
}

std::string help_markdown(Requirement const& requirement) {
  std::vector<std::string> parts;
  if (!requirement.why.empty()) parts.push_back(prose(requirement.why, kDescription));
  if (!requirement.fix.empty()) parts.push_back(markdown_fixes(requirement));
  for (std::string const& each : requirement.references) parts.push_back(markdown_reference(each));
  return join(parts, "\n\n");
}

std::string or_id(std::string_view text, std::string const& id) {
  std::string out = cut(printable(text), kDescription);
  return trim(out).empty() ? id : out;  // GitHub refuses empty ones
}

}  // namespace

std::string_view sarif_level(Severity severity) {
  if (severity >= Severity::high) return "error";
  return severity == Severity::medium ? "warning" : "note";
}

void SarifRules::add(Finding const& finding) {
  Requirement const& requirement = *finding.requirement;
  std::string id = rule_id(*finding.assessment, requirement);
  auto const [at, added] = indices_.try_emplace(id, rules_.size());
  if (added) rules_.push_back({std::move(id), finding.assessment, &requirement, finding.made, requirement.severity});
  Severity& severity = rules_[at->second].severity;
  severity = std::max(severity, requirement.severity);
}

SarifRules::SarifRules(Document const& document, std::vector<Finding> const& findings) {
  for (Endpoint const& endpoint : document.endpoints) {
    for (Assessment const& assessment : endpoint.assessments) {
      for (Requirement const& requirement : assessment.requirements) add({&endpoint, &assessment, &requirement, ""});
    }
  }
  for (Finding const& each : findings) {
    if (each.made) add(each);
  }
}

Json SarifRules::json() const {
  Json all = Json::array();
  for (Rule const& rule : rules_) {
    Requirement const& requirement = *rule.requirement;
    Json out{{"id", rule.id}};
    if (std::string const name = pascal_case(requirement.id); !name.empty()) out["name"] = name;
    out["shortDescription"]["text"] = or_id(requirement.title, rule.id);
    out["fullDescription"]["text"] = or_id(requirement.why.empty() ? requirement.title : requirement.why, rule.id);
    std::string const help = help_text(requirement);
    std::string const markdown = help_markdown(requirement);
    out["help"]["text"] = trim(help).empty() ? rule.id : help;
    // Cut in the middle it could end in a link or a block of code: then the plain text has to do.
    if (!trim(markdown).empty() && markdown.size() <= kHelp) out["help"]["markdown"] = markdown;
    for (std::string const& each : requirement.references) {
      if (std::string const url = take_apart(each).url; !url.empty()) {
        out["helpUri"] = url;
        break;
      }
    }
    out["defaultConfiguration"]["level"] = sarif_level(rule.severity);
    Json& properties = out["properties"];
    properties["precision"] = "very-high";
    if (std::string_view const number = security_severity(rule.severity); !number.empty()) properties["security-severity"] = number;
    properties["tags"] = Json::array({"security", "tls", cut_printable(rule.assessment->profile.name, kName)});
    all.push_back(std::move(out));
  }
  return all;
}

}  // namespace tlsgauge::report
