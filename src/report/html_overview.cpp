#include "report/html_overview.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "base/text.hpp"
#include "report/html_charts.hpp"
#include "report/html_matrix.hpp"
#include "report/html_requirement.hpp"
#include "report/overview.hpp"
#include "report/tones.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kShownGroups = 3;
constexpr std::size_t kTrouble = 160;  // octets of why nothing was measured
constexpr std::size_t kLinks = 1000;   // to endpoints under a requirement, at most

std::string supported(Value const& facts) {
  std::vector<std::string> names;
  bool tls = false;  // said already: "TLSv1.1, 1.2"
  for (Value const& each : facts["protocols"].items()) {
    if (each["support"].as_string() != "yes") continue;
    std::string const& name = each["name"].as_string();
    bool const is_tls = name.starts_with("TLSv");
    names.push_back(is_tls && tls ? name.substr(4) : name);
    tls = tls || is_tls;
  }
  return join(names, ", ");
}

std::string post_quantum(Value const& facts) {
  std::string const& word = facts["post_quantum"]["key_exchange"].as_string();
  return word == "preferred" || word == "accepted" ? "yes" : word == "absent" ? "no" : word == "inconclusive" ? "?" : "";
}

std::vector<Requirement const*> unmet_of(Assessment const* a) {
  return a != nullptr ? of_verdict(*a, Verdict::fail) : std::vector<Requirement const*>{};
}

struct Row {
  std::size_t endpoint;
  Endpoint const* of;
  Assessment const* assessment;  ///< null: not judged
  State state;                   ///< under that assessment
};

/// What fails first, then the gravest finding, then the lowest score.
bool comes_before(Row const& a, Row const& b) {
  auto const key = [](Row const& row) {
    std::vector<Requirement const*> const unmet = unmet_of(row.assessment);
    int const worst = unmet.empty() ? -1 : static_cast<int>(unmet.front()->severity);
    return std::tuple{row.state, -worst, row.assessment != nullptr ? row.assessment->score : 0};
  };
  return key(a) < key(b);
}

Value row_view(Row const& row, HtmlLinks const& links) {
  Assessment const* const a = row.assessment;
  std::vector<Requirement const*> const unmet = unmet_of(a);
  std::optional<std::int64_t> const days = days_left(*row.of);
  bool const told = row.state == State::unreachable || row.state == State::not_tls;
  std::string const severity = unmet.empty() ? std::string{} : std::string{name(unmet.front()->severity)};
  return Value::object()
      .set("row_anchor", links.place(row.endpoint).anchor)
      .set("row_link", links.to(row.endpoint))
      .set("row_place", place(row.of->target))
      .set("row_name", sent_name(row.of->target))
      .set("row_verdict", name(row.state))
      .set("row_verdict_key", std::to_string(static_cast<int>(row.state)))
      .set("row_tone", class_of(row.state))
      .set("row_score", a ? score_text(*a) : "")
      .set("row_score_key", a && a->coverage > 0 ? std::to_string(a->score) : "")
      .set("row_grade", a ? grade_text(*a) : "")
      .set("row_grade_key", a ? std::to_string(grade_rank(grade_text(*a))) : "99")
      .set("row_profile", a ? profile_name(a->profile) : "")
      .set("row_unmet", a ? std::to_string(unmet.size()) : "")
      .set("row_severity", severity)
      .set("row_severity_tone", unmet.empty() ? "off" : class_of(unmet.front()->severity))
      .set("row_severity_key", unmet.empty() ? "9" : std::to_string(4 - static_cast<int>(unmet.front()->severity)))
      .set("row_worst", unmet.empty() ? "" : unmet.front()->title)
      .set("row_trouble", unmet.empty() && told ? shortened(trouble(*row.of), kTrouble) : std::string{})
      .set("row_protocols", supported(row.of->facts))
      .set("row_post_quantum", post_quantum(row.of->facts))
      .set("row_days", days ? days_short(*days) : "")
      .set("row_days_key", days ? std::to_string(*days) : "")
      .set("row_days_tone", days && *days < 0 ? "bad" : "plain")
      .set("row_status", told || row.of->status == Status::complete ? "" : status_phrase(row.of->status));
}

Value group_view(Rule const& rule, Document const& document, HtmlLinks const& links, bool several_profiles) {
  Remedy const& remedy = rule.remedy;
  Value where = Value::array();
  for (Remedy::At const& at : remedy.at) {
    if (where.items().size() == kLinks) break;
    Target const& target = document.endpoints[at.endpoint].target;
    std::string const sent = sent_name(target);
    where.push_back(Value::object()
                        .set("finding_link", links.to(at.endpoint, at.assessment, at.requirement))
                        .set("finding_place", sent.empty() ? place(target) : fmt::format("{} as {}", place(target), sent)));
  }
  std::size_t const more = remedy.at.size() - where.items().size();
  return rule_view(*remedy.requirement)
      .set("rule_anchor", rule.anchor)
      .set("rule_profile", several_profiles ? profile_name(*remedy.profile) : std::string{})
      .set("rule_count", counted(remedy.endpoints.size(), "endpoint"))
      .set("where", std::move(where))
      .set("where_more", more > 0 ? fmt::format("and {} more", more) : std::string{});
}

/// "lowest 21, median 88, highest 100 of 100" of those that have a score.
std::string scores_line(Document const& document) {
  std::vector<int> scores;
  for (Endpoint const& endpoint : document.endpoints) {
    for (Assessment const& a : endpoint.assessments) {
      if (a.coverage > 0) scores.push_back(a.score);
    }
  }
  if (scores.empty()) return "";
  std::ranges::sort(scores);
  return fmt::format("lowest {}, median {}, highest {} of 100", scores.front(), scores[(scores.size() - 1) / 2], scores.back());
}

Value tallies(std::vector<Glance> const& glances) {
  Value list = Value::array();
  std::map<State, std::uint64_t> of = count(glances);
  for (State const state : {State::fail, State::unreachable, State::not_tls, State::inconclusive, State::not_judged, State::pass}) {
    bool const always = state == State::fail || state == State::inconclusive || state == State::pass;
    if (always || of[state] > 0) {
      list.push_back(
          Value::object().set("tally_word", name(state)).set("tally_tone", class_of(state)).set("tally", std::to_string(of[state])));
    }
  }
  return list;
}

/// What the only endpoint does: "meets nginx-recommended 1.0", "does not meet 3 of 4 profiles, least of all ssllabs 1.0".
std::string deed(Endpoint const& endpoint) {
  Glance const at = glance(endpoint);
  if (at.state == State::unreachable) return "is unreachable";
  if (at.state == State::not_tls) return "does not speak TLS";
  if (at.state == State::not_judged)
    return endpoint.status == Status::partial ? "was partly measured, but not judged" : "was measured, but not judged";
  std::string_view const verb = at.state == State::pass   ? "meets"
                                : at.state == State::fail ? "does not meet"
                                                          : "could not be fully judged against";
  if (endpoint.assessments.size() == 1) return fmt::format("{} {}", verb, profile_name(at.assessment->profile));
  if (at.state == State::pass) return fmt::format("meets all {} profiles", endpoint.assessments.size());
  auto const same = std::ranges::count_if(endpoint.assessments, [&](Assessment const& a) { return glance(endpoint, a).state == at.state; });
  return fmt::format("{} {} of {} profiles, least of all {}", verb, same, endpoint.assessments.size(),
                     profile_name(at.assessment->profile));
}

}  // namespace

std::string HtmlLinks::to(std::size_t endpoint) const {
  HtmlPlace const& at = places_.at(endpoint);
  return folder_ ? at.file : "#" + at.anchor;
}

std::string HtmlLinks::to(std::size_t endpoint, std::size_t assessment, std::size_t requirement) const {
  HtmlPlace const& at = places_.at(endpoint);
  return (folder_ ? at.file : std::string{}) + "#" + at.findings.at(assessment).at(requirement);
}

std::vector<Rule> rules_of(Document const& document) {
  std::vector<Rule> rules;
  UniqueNames anchors;
  for (Remedy& remedy : remedies(document, Verdict::fail)) {
    std::string anchor = "rule:" + anchors.take(slug(remedy.requirement->id));
    rules.push_back({std::move(remedy), std::move(anchor)});
  }
  return rules;
}

std::string headline(Document const& document) {
  std::string text = "no endpoint was measured";
  if (document.endpoints.size() == 1) {
    Endpoint const& only = document.endpoints.front();
    text = fmt::format("{} {}", sent_name(only.target).empty() ? place(only.target) : sent_name(only.target), deed(only));
  } else if (!document.endpoints.empty()) {
    text = tally(overview(document));
  }
  if (document.run.interrupted) return "Interrupted: " + text;
  if (document.endpoints.empty()) text.front() = 'N';
  return text;
}

std::string headline_tone(Document const& document) {
  std::map<State, std::uint64_t> of = count(overview(document));
  if (of[State::fail] > 0) return "bad";
  bool const good = !document.run.interrupted && of[State::pass] > 0 && of[State::pass] == document.endpoints.size();
  return good ? "good" : "fair";
}

void add_overview(Value& page, Document const& document, HtmlLinks const& links, std::vector<Rule> const& rules) {
  std::vector<Row> rows;
  std::map<std::string, int> profiles;
  std::map<int, std::map<std::string, int>> grades;  // by rank
  for (std::size_t e = 0; e < document.endpoints.size(); ++e) {
    Endpoint const& endpoint = document.endpoints[e];
    for (Assessment const& a : endpoint.assessments) {
      rows.push_back({e, &endpoint, &a, glance(endpoint, a).state});
      ++profiles[profile_name(a.profile)];
      if (std::string const grade = grade_text(a); !grade.empty()) ++grades[grade_rank(grade)][grade];
    }
    if (endpoint.assessments.empty()) rows.push_back({e, &endpoint, nullptr, glance(endpoint).state});
  }
  std::ranges::stable_sort(rows, comes_before);
  bool const several = several_profiles(document);
  Value row_views = Value::array();
  for (Row const& row : rows) row_views.push_back(row_view(row, links).set("row_several", several));
  Value grade_options = Value::array();
  for (auto const& [rank, names] : grades) {
    for (auto const& [grade, count] : names) grade_options.push_back(Value::object().set("grade_option", grade));
  }
  Value first = Value::array();
  Value more = Value::array();
  for (Rule const& rule : rules) {
    (first.items().size() < kShownGroups ? first : more).push_back(group_view(rule, document, links, several));
  }
  std::size_t const hidden = more.items().size();
  page.set("scores_line", scores_line(document))
      .set("tallies", tallies(overview(document)))
      .set("has_groups", !rules.empty())
      .set("first_groups", std::move(first))
      .set("has_more_groups", hidden > 0)
      .set("more_groups_count", fmt::format("{} more {}", hidden, hidden == 1 ? "requirement" : "requirements"))
      .set("more_groups", std::move(more))
      .set("several_profiles", several)
      .set("one_profile", profiles.size() == 1 ? profiles.begin()->first : std::string{})
      .set("grade_options", std::move(grade_options))
      .set("rows", std::move(row_views));
  add_charts(page, document);
  add_matrix(page, document, links, rules);
}

}  // namespace tlsgauge::report
