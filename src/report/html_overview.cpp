#include "report/html_overview.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "base/text.hpp"
#include "report/html_charts.hpp"
#include "report/html_requirement.hpp"
#include "report/overview.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kShownGroups = 3;
constexpr std::size_t kLinks = 1000;  // to endpoints under a requirement, at most

std::string sentence(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "meets";
    case Verdict::fail:
      return "does not meet";
    default:
      return "could not be fully judged against";
  }
}

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

std::string verdict_word(Assessment const* a) { return std::string{a != nullptr ? name(a->verdict) : "not judged"}; }

std::size_t verdict_rank(Assessment const* a) {
  if (a == nullptr) return 2;
  return a->verdict == Verdict::fail ? 0 : a->verdict == Verdict::pass ? 3 : 1;
}

std::vector<Requirement const*> unmet_of(Assessment const* a) {
  return a != nullptr ? of_verdict(*a, Verdict::fail) : std::vector<Requirement const*>{};
}

struct Row {
  std::size_t endpoint;
  Endpoint const* of;
  Assessment const* assessment;  ///< null: not judged
};

/// What fails first, then the gravest finding, then the lowest score.
bool comes_before(Row const& a, Row const& b) {
  auto const key = [](Row const& row) {
    std::vector<Requirement const*> const unmet = unmet_of(row.assessment);
    int const worst = unmet.empty() ? -1 : static_cast<int>(unmet.front()->severity);
    return std::tuple{verdict_rank(row.assessment), -worst, row.assessment != nullptr ? row.assessment->score : 0};
  };
  return key(a) < key(b);
}

Value row_view(Row const& row, HtmlLinks const& links) {
  Assessment const* const a = row.assessment;
  std::vector<Requirement const*> const unmet = unmet_of(a);
  std::optional<std::int64_t> const days = days_left(*row.of);
  std::string const severity = unmet.empty() ? std::string{} : std::string{name(unmet.front()->severity)};
  return Value::object()
      .set("row_anchor", links.place(row.endpoint).anchor)
      .set("row_link", links.to(row.endpoint))
      .set("row_place", place(row.of->target))
      .set("row_name", sent_name(row.of->target))
      .set("row_verdict", verdict_word(a))
      .set("row_verdict_key", std::to_string(verdict_rank(a)))
      .set("row_tone", a ? class_of(a->verdict) : "off")
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
      .set("row_protocols", supported(row.of->facts))
      .set("row_post_quantum", post_quantum(row.of->facts))
      .set("row_days", days ? days_short(*days) : "")
      .set("row_days_key", days ? std::to_string(*days) : "")
      .set("row_days_tone", days && *days < 0 ? "bad" : "plain")
      .set("row_status", row.of->status == Status::complete ? "" : status_phrase(row.of->status));
}

Value group_view(RuleGroup const& group, Document const& document, HtmlLinks const& links, bool several_profiles) {
  Value where = Value::array();
  for (RuleGroup::At const& at : group.at) {
    if (where.items().size() == kLinks) break;
    Target const& target = document.endpoints[at.endpoint].target;
    std::string const sent = sent_name(target);
    where.push_back(Value::object()
                        .set("finding_link", links.to(at.endpoint, at.assessment, at.requirement))
                        .set("finding_place", sent.empty() ? place(target) : fmt::format("{} as {}", place(target), sent)));
  }
  std::size_t const more = group.at.size() - where.items().size();
  std::size_t endpoints = 0;  // they stand in order
  for (std::size_t i = 0; i < group.at.size(); ++i) endpoints += i == 0 || group.at[i].endpoint != group.at[i - 1].endpoint ? 1U : 0U;
  return rule_view(*group.requirement)
      .set("rule_anchor", group.anchor)
      .set("rule_profile", several_profiles ? profile_name(group.assessment->profile) : std::string{})
      .set("rule_count", counted(endpoints, "endpoint"))
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

Value tally(Document const& document) {
  std::map<std::string, std::size_t> count;
  for (Endpoint const& endpoint : document.endpoints) {
    ++count[endpoint.assessments.empty() ? "not judged" : std::string{name(worst_verdict(endpoint))}];
  }
  Value list = Value::array();
  auto const add = [&](std::string_view word, std::string_view tone, std::size_t number, bool always) {
    if (number > 0 || always)
      list.push_back(Value::object().set("tally_word", word).set("tally_tone", tone).set("tally", std::to_string(number)));
  };
  add("fail", "bad", count["fail"], true);
  add("inconclusive", "fair", count["inconclusive"], true);
  add("pass", "good", count["pass"], true);
  add("not judged", "off", count["not judged"], false);
  return list;
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

std::vector<RuleGroup> rule_groups(Document const& document) {
  std::vector<RuleGroup> groups;
  std::map<std::string, std::size_t> known;
  UniqueNames anchors;
  for (std::size_t e = 0; e < document.endpoints.size(); ++e) {
    Endpoint const& endpoint = document.endpoints[e];
    for (std::size_t a = 0; a < endpoint.assessments.size(); ++a) {
      Assessment const& assessment = endpoint.assessments[a];
      for (std::size_t r = 0; r < assessment.requirements.size(); ++r) {
        Requirement const& requirement = assessment.requirements[r];
        if (requirement.verdict != Verdict::fail) continue;
        std::string key =
            fmt::format("{}\n{}\n{}\n{}", profile_name(assessment.profile), requirement.id, requirement.title, requirement.expected);
        for (Fix const& fix : requirement.fix) key += "\n" + fix.text;
        auto const [at, is_new] = known.try_emplace(std::move(key), groups.size());
        if (is_new) groups.push_back({&assessment, &requirement, "rule:" + anchors.take(slug(requirement.id)), {}});
        groups[at->second].at.push_back({e, a, r});
      }
    }
  }
  std::ranges::stable_sort(groups, [](RuleGroup const& a, RuleGroup const& b) {
    return std::tuple{a.requirement->severity, a.at.size()} > std::tuple{b.requirement->severity, b.at.size()};
  });
  return groups;
}

Verdict worst_verdict(Endpoint const& endpoint) {
  bool open = endpoint.assessments.empty();
  for (Assessment const& a : endpoint.assessments) {
    if (a.verdict == Verdict::fail) return Verdict::fail;
    open = open || a.verdict != Verdict::pass;
  }
  return open ? Verdict::inconclusive : Verdict::pass;
}

std::string sent_name(Target const& target) {
  return target.server_name.empty() || target.server_name == target.host ? "" : target.server_name;
}

std::string headline(Document const& document) {
  if (document.endpoints.empty()) return "No endpoint was measured";
  if (document.endpoints.size() == 1) {
    Endpoint const& only = document.endpoints.front();
    std::string const who = sent_name(only.target).empty() ? place(only.target) : sent_name(only.target);
    if (only.assessments.empty()) return who + " was measured, but not judged";
    Assessment const& a = only.assessments.front();
    return fmt::format("{} {} {}", who, sentence(a.verdict), profile_name(a.profile));
  }
  auto const count = [&](Verdict verdict) {
    return std::ranges::count_if(document.endpoints, [&](Endpoint const& e) { return worst_verdict(e) == verdict; });
  };
  return fmt::format("{} endpoints: {} fail, {} inconclusive, {} pass", document.endpoints.size(), count(Verdict::fail),
                     count(Verdict::inconclusive), count(Verdict::pass));
}

void add_overview(Value& page, Document const& document, HtmlLinks const& links, std::vector<RuleGroup> const& groups) {
  std::vector<Row> rows;
  std::map<std::string, int> profiles;
  std::map<int, std::map<std::string, int>> grades;  // by rank
  for (std::size_t e = 0; e < document.endpoints.size(); ++e) {
    Endpoint const& endpoint = document.endpoints[e];
    for (Assessment const& a : endpoint.assessments) {
      rows.push_back({e, &endpoint, &a});
      ++profiles[profile_name(a.profile)];
      if (std::string const grade = grade_text(a); !grade.empty()) ++grades[grade_rank(grade)][grade];
    }
    if (endpoint.assessments.empty()) rows.push_back({e, &endpoint, nullptr});
  }
  std::ranges::stable_sort(rows, comes_before);
  bool const several = profiles.size() > 1;
  Value row_views = Value::array();
  for (Row const& row : rows) row_views.push_back(row_view(row, links).set("row_several", several));
  Value grade_options = Value::array();
  for (auto const& [rank, names] : grades) {
    for (auto const& [grade, count] : names) grade_options.push_back(Value::object().set("grade_option", grade));
  }
  Value first = Value::array();
  Value more = Value::array();
  for (RuleGroup const& group : groups) {
    (first.items().size() < kShownGroups ? first : more).push_back(group_view(group, document, links, several));
  }
  std::size_t const hidden = more.items().size();
  auto const unreached = static_cast<std::size_t>(std::ranges::count_if(
      document.endpoints, [](Endpoint const& e) { return e.status == Status::unreachable || e.status == Status::not_tls; }));
  page.set("scores_line", scores_line(document))
      .set("unreached", unreached > 0 ? fmt::format("{} not reached or without TLS", counted(unreached, "endpoint")) : std::string{})
      .set("tallies", tally(document))
      .set("has_groups", !groups.empty())
      .set("first_groups", std::move(first))
      .set("has_more_groups", hidden > 0)
      .set("more_groups_count", fmt::format("{} more {}", hidden, hidden == 1 ? "requirement" : "requirements"))
      .set("more_groups", std::move(more))
      .set("several_profiles", several)
      .set("one_profile", profiles.size() == 1 ? profiles.begin()->first : std::string{})
      .set("grade_options", std::move(grade_options))
      .set("rows", std::move(row_views));
  add_charts(page, document);
}

}  // namespace tlsgauge::report
