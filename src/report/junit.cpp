// JUnit XML as Jenkins, GitLab and Azure read it (junit-10.xsd of Jenkins' xunit plugin). Names hold nothing that was observed: they
// compare runs by suite, class and name.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <pugixml.hpp>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "crypto/digest.hpp"
#include "report/fact_parts.hpp"
#include "report/finding_text.hpp"
#include "report/formats.hpp"
#include "report/instances.hpp"
#include "report/wording.hpp"
#include "report/xml.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kText = 8000;  // octets

struct Counts {
  std::uint64_t tests = 0;
  std::uint64_t failures = 0;
  std::uint64_t errors = 0;
  std::uint64_t skipped = 0;
  std::uint64_t duration_ms = 0;
};

std::string safe(std::string_view text) { return cut(xml_text(text), kText); }

void set(pugi::xml_node node, char const* attribute, std::string_view text) {
  node.append_attribute(attribute).set_value(safe(text).c_str());
}

/// Dots part packages in Jenkins, so they become "_", as does the ":" before a port. Where more than these is lost, a digest tells apart
/// what would be one class.
std::string class_part(std::string_view text, bool with_port) {
  constexpr std::size_t kLength = 200;
  std::size_t const port = with_port ? text.find_last_not_of("0123456789") : std::string_view::npos;
  bool exact = text.size() <= kLength;
  std::string out;
  for (std::size_t i = 0; i < std::min(text.size(), kLength); ++i) {
    char const c = text[i];
    bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    out += plain ? c : '_';
    exact = exact && (plain || c == '.' || (c == ':' && i == port));
  }
  if (exact) return out;
  return out + '-' + crypto::sha256_hex({reinterpret_cast<unsigned char const*>(text.data()), text.size()}).substr(0, 8);
}

pugi::xml_node add_case(pugi::xml_node suite, Counts& counts, std::string_view class_name, std::string_view title) {
  ++counts.tests;
  pugi::xml_node const test = suite.append_child("testcase");
  set(test, "classname", class_name);
  set(test, "name", title);
  return test;
}

void add_outcome(pugi::xml_node test, char const* kind, std::string_view type, std::string_view head, std::string_view text) {
  pugi::xml_node const node = test.append_child(kind);
  set(node, "type", type);
  set(node, "message", head);
  node.text().set(safe(text).c_str());
}

void set_counts(pugi::xml_node node, Counts const& counts, bool skipped) {
  node.append_attribute("tests").set_value(fmt::to_string(counts.tests).c_str());
  node.append_attribute("failures").set_value(fmt::to_string(counts.failures).c_str());
  node.append_attribute("errors").set_value(fmt::to_string(counts.errors).c_str());
  if (skipped) node.append_attribute("skipped").set_value(fmt::to_string(counts.skipped).c_str());
  node.append_attribute("time").set_value(fmt::format("{}.{:03}", counts.duration_ms / 1000, counts.duration_ms % 1000).c_str());
}

std::string whole_text(Requirement const& requirement) {
  std::string const more = background(requirement);
  return fmt::format("Expected: {}\nObserved: {}{}{}", requirement.expected, requirement.observed, more.empty() ? "" : "\n", more);
}

void add_requirement(pugi::xml_node suite, Counts& counts, std::string const& class_name, Endpoint const& endpoint,
                     Requirement const& requirement, ReportOptions const& options) {
  pugi::xml_node test = add_case(suite, counts, class_name, fmt::format("{}: {}", requirement.id, requirement.title));
  auto const skip = [&](std::string_view why) {
    ++counts.skipped;
    set(test.append_child("skipped"), "message", why);
  };
  std::string const head = fmt::format("{} (expected: {})", requirement.observed, requirement.expected);
  switch (requirement.verdict) {
    case Verdict::pass:
      return;
    case Verdict::fail:
      if (counted_verdict(requirement) == Verdict::waived) return skip(fmt::format("{}: {}", baseline_phrase(requirement), head));
      // Missing evidence counts whatever --fail-on says, but what the gate would pass over as new it passes over as known.
      if (counted_verdict(requirement) == Verdict::inconclusive && requirement.severity >= options.fail_on.value_or(requirement.severity)) {
        ++counts.errors;
        return add_outcome(test, "error", "inconclusive", fmt::format("{}: {}", baseline_phrase(requirement), head),
                           whole_text(requirement));
      }
      if (options.fail_on && requirement.severity >= *options.fail_on) {
        ++counts.failures;
        return add_outcome(test, "failure", name(requirement.severity), head, whole_text(requirement));
      }
      test.append_child("system-out")
          .text()
          .set(safe(fmt::format("Not met, but only {}.\n{}", name(requirement.severity), whole_text(requirement))).c_str());
      return;
    case Verdict::inconclusive:
      if (!measured(endpoint)) return skip("not judged: the endpoint was not measured");  // which is one error, not one of each
      ++counts.errors;
      return add_outcome(test, "error", "inconclusive", "could not be judged: " + head, whole_text(requirement));
    case Verdict::waived:
      return skip("waived: " + waiver_phrase(requirement));
    case Verdict::not_applicable:
      return skip("not applicable: " + requirement.observed);
  }
}

void add_endpoint(pugi::xml_node suite, Counts& counts, std::string const& class_name, Endpoint const& endpoint, Gap const* gap) {
  pugi::xml_node test = add_case(suite, counts, class_name, "the endpoint is measured");
  counts.duration_ms += endpoint.cost.duration_ms;
  if (gap != nullptr && gap->lacks == "measured") {
    ++counts.errors;
    return add_outcome(test, "error", name(endpoint.status), gap->text, gap->text);
  }
  std::string notes;
  for (ErrorNote const& error : endpoint.errors) notes += fmt::format("{}{}: {}", notes.empty() ? "" : "\n", error.where, error.what);
  if (!notes.empty()) test.append_child("system-out").text().set(safe(notes).c_str());
}

/// A suite of the document, that adds its counts up in `all`.
template <class Fill>
void add_suite(pugi::xml_node root, Counts& all, Run const& run, std::string_view title, std::string_view address, Fill const& fill) {
  Counts counts;
  pugi::xml_node suite = root.append_child("testsuite");
  set(suite, "name", title);
  fill(suite, counts);
  set_counts(suite, counts, true);
  std::string const moment = known_time(run.started_at);
  if (!moment.empty()) set(suite, "timestamp", std::string_view{moment}.substr(0, moment.find('Z')));
  if (!address.empty()) set(suite, "hostname", address);
  all.tests += counts.tests;
  all.failures += counts.failures;
  all.errors += counts.errors;
  all.duration_ms += counts.duration_ms;
}

}  // namespace

std::string write_junit(Document const& document, ReportOptions const& options) {
  pugi::xml_document xml;
  pugi::xml_node root = xml.append_child("testsuites");
  set(root, "name", "tlsgauge");
  Counts all;
  std::vector<Gap> const missing = gaps(document);
  std::map<Endpoint const*, std::vector<Gap const*>> of_endpoint;
  for (Gap const& gap : missing) {
    if (gap.endpoint != nullptr) {
      of_endpoint[gap.endpoint].push_back(&gap);
      continue;
    }
    add_suite(root, all, document.run, "run", "", [&](pugi::xml_node suite, Counts& counts) {
      ++counts.errors;
      add_outcome(add_case(suite, counts, "tlsgauge.run", "the run is complete"), "error", "incomplete", gap.text, gap.text);
    });
  }
  std::vector<std::string> const who = identities(document);
  for (std::size_t i = 0; i < who.size(); ++i) {
    Endpoint const& endpoint = document.endpoints[i];
    std::string_view label = who[i];
    if (label.starts_with("tcp ")) label.remove_prefix(4);
    std::string const package = "tlsgauge." + class_part(label, true);
    std::vector<Gap const*> const& open = of_endpoint[&endpoint];
    add_suite(root, all, document.run, label, endpoint.target.address, [&](pugi::xml_node suite, Counts& counts) {
      add_endpoint(suite, counts, package + ".endpoint", endpoint, open.empty() ? nullptr : open.front());
      for (Gap const* const gap : open) {
        if (gap->lacks == "measured") continue;
        ++counts.errors;
        // One for each profile that judged nothing.
        std::string const title =
            open.size() == 1 ? "the endpoint is judged" : fmt::format("the endpoint is judged ({})", gap->fingerprint);
        add_outcome(add_case(suite, counts, package + ".endpoint", title), "error", "not_judged", gap->text, gap->text);
      }
      std::vector<std::string> const profiles = profile_names(endpoint);
      for (std::size_t j = 0; j < profiles.size(); ++j) {
        Assessment const& assessment = endpoint.assessments[j];
        std::string const class_name = fmt::format("{}.{}", package, class_part(profiles[j], false));
        for (Requirement const& each : assessment.requirements) add_requirement(suite, counts, class_name, endpoint, each, options);
        auto const verdict = unexplained_verdict(endpoint, j, options.fail_on, options.gate);
        if (verdict) add_requirement(suite, counts, class_name, endpoint, *verdict, options);
        if (auto const lacks = gate_shortfall(endpoint, j, options.gate)) {
          ReportOptions decides = options;
          decides.fail_on = lacks->severity;
          add_requirement(suite, counts, class_name, endpoint, *lacks, decides);
        }
      }
    });
  }
  set_counts(root, all, false);
  return to_string(xml);
}

}  // namespace tlsgauge::report
