#include "report/finding_text.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "crypto/digest.hpp"
#include "report/instances.hpp"
#include "report/markdown_text.hpp"
#include "report/wording.hpp"
#include "report/xml.hpp"

namespace tlsgauge::report {
namespace {

std::string fingerprint(std::string const& text) {
  return crypto::sha256_hex({reinterpret_cast<unsigned char const*>(text.data()), text.size()}).substr(0, 32);
}

Gap run_gap(std::string text) {
  std::string key = fingerprint("run\n" + text);
  return {nullptr, "measured", std::move(text), std::move(key)};
}

/// Of what was measured: no profile was asked, or one that had nothing to ask.
void add_unjudged(std::vector<Gap>& out, Endpoint const& endpoint, std::string const& who) {
  auto const add = [&](std::string const& by, std::string const& key) {
    std::string const text = fmt::format("{} was measured, but not judged{}", cut_printable(place(endpoint.target), 300), by);
    out.push_back({&endpoint, "judged", text, fingerprint(fmt::format("judged\n{}\n{}", who, key))});
  };
  if (endpoint.assessments.empty()) add("", "");
  std::vector<std::string> const profiles = profile_names(endpoint);
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    if (endpoint.assessments[i].requirements.empty()) add(" by " + cut(profiles[i], 300), profiles[i]);
  }
}

std::string endpoint_gap(Endpoint const& endpoint) {
  std::string text = place(endpoint.target);
  text += endpoint.status == Status::not_tls ? " does not speak TLS" : " is unreachable";
  std::string_view before = ": ";
  for (ErrorNote const& error : endpoint.errors) text += fmt::format("{}{}: {}", std::exchange(before, "; "), error.where, error.what);
  return cut(printable(text), 1000);
}

}  // namespace

bool measured(Endpoint const& endpoint) { return endpoint.status == Status::complete || endpoint.status == Status::partial; }

std::vector<Gap> gaps(Document const& document) {
  std::vector<Gap> out;
  if (document.run.interrupted) out.push_back(run_gap("the run was interrupted: what it had not finished is missing"));
  if (document.endpoints.empty()) out.push_back(run_gap("no endpoint was measured"));
  std::vector<std::string> const who = identities(document);
  for (std::size_t i = 0; i < who.size(); ++i) {
    Endpoint const& endpoint = document.endpoints[i];
    if (measured(endpoint)) {
      add_unjudged(out, endpoint, who[i]);
    } else {
      out.push_back({&endpoint, "measured", endpoint_gap(endpoint), fingerprint("endpoint\n" + who[i])});
    }
  }
  return out;
}

std::string rule_id(Assessment const& assessment, Requirement const& requirement) {
  std::string_view const profile = assessment.profile.name;
  return cut_printable(fmt::format("{}/{}", profile.substr(0, 300), std::string_view{requirement.id}.substr(0, 300)), 255);
}

Verdict counted_verdict(Requirement const& requirement) {
  if (requirement.baseline != Baseline::known) return requirement.verdict;
  return requirement.more_possible ? Verdict::inconclusive : Verdict::waived;
}

std::string_view baseline_phrase(Requirement const& requirement) {
  if (requirement.baseline != Baseline::known) return {};
  return counted_verdict(requirement) == Verdict::inconclusive ? "known from the baseline, but may fail for more now"
                                                               : "known from the baseline";
}

std::string background(Requirement const& requirement) {
  std::string out;
  auto const add = [&](std::string_view head, std::string_view text) {
    out += fmt::format("{}{}{}", out.empty() ? "" : "\n", head, xml_text(text));
  };
  if (!requirement.why.empty()) add("Why: ", requirement.why);
  for (Fix const& fix : requirement.fix) {
    add("", fmt::format("Fix ({}):", fix.server));
    for (std::string_view const line : split(fix.text, '\n')) add("  ", line);
  }
  for (std::string const& reference : requirement.references) add("See: ", reference);
  if (std::string const waiver = waiver_phrase(requirement); !waiver.empty()) add("Waiver: ", waiver);
  return out;
}

std::string markdown_reference(std::string_view reference) {
  auto const [text, url] = take_apart(reference);
  return url.empty() ? prose(text) : fmt::format("[{}](<{}>)", prose(text), url);
}

std::string markdown_fixes(Requirement const& requirement) {
  std::string out;
  for (Fix const& fix : requirement.fix) {
    std::string const server = prose(fix.server, 60);
    out += fmt::format("{}**{}**\n\n{}", out.empty() ? "" : "\n", server.empty() ? "server" : server, code_block(fix.text, ""));
  }
  return out;
}

}  // namespace tlsgauge::report
