#include "report/html_matrix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "base/text.hpp"
#include "report/html_requirement.hpp"
#include "report/tones.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kRows = 60;
constexpr std::size_t kColumns = 30;
constexpr std::size_t kUpright = 12;  // columns whose titles find room on paper; of more they are listed below
constexpr std::size_t kTitle = 56;    // octets of a title that stands upright

/// A requirement of a profile, whatever its fix is at an endpoint.
struct Column {
  ProfileIdentity const* profile = nullptr;
  Requirement const* requirement = nullptr;  ///< where it is the gravest
  std::string const* anchor = nullptr;
  bool one_title = true;  ///< wherever it is not met
};

bool same(ProfileIdentity const& a, ProfileIdentity const& b) { return a.name == b.name && a.version == b.version; }

bool same(Column const& column, ProfileIdentity const& profile, std::string_view id) {
  return same(*column.profile, profile) && column.requirement->id == id;
}

std::vector<Column> columns_of(std::vector<Rule> const& rules) {
  std::vector<Column> out;
  for (Rule const& rule : rules) {
    Remedy const& remedy = rule.remedy;
    Requirement const& r = *remedy.requirement;
    auto const known = std::ranges::find_if(out, [&](Column const& each) { return same(each, *remedy.profile, r.id); });
    if (known == out.end()) {
      out.push_back({remedy.profile, &r, &rule.anchor});
      continue;
    }
    known->one_title = known->one_title && known->requirement->title == r.title;
    if (r.severity > known->requirement->severity) {  // what a baseline knows stands behind what is new, however grave
      known->requirement = &r;
      known->anchor = &rule.anchor;
    }
  }
  std::ranges::stable_sort(out, std::ranges::greater{}, [](Column const& each) { return each.requirement->severity; });
  return out;
}

struct Said {
  std::string_view tone;
  std::string_view word;
};

Said said(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return {"met", "met"};
    case Verdict::fail:
      return {"not-met", kNotMet};
    case Verdict::inconclusive:
      return {"open", "inconclusive"};
    case Verdict::waived:
      return {"waived", "waived"};
    case Verdict::not_applicable:
      return {"none", "does not apply"};
  }
  return {"none", ""};
}

/// The graver, the lower.
int rank(Verdict verdict) {
  switch (verdict) {
    case Verdict::fail:
      return 0;
    case Verdict::inconclusive:
      return 1;
    case Verdict::waived:
      return 2;
    case Verdict::pass:
      return 3;
    case Verdict::not_applicable:
      break;
  }
  return 4;
}

/// The worst that is said of the requirement: profiles of one name and version may each judge it, and one profile twice.
Value cell(Document const& document, std::size_t e, Column const& column, HtmlLinks const& links) {
  std::vector<Assessment> const& assessments = document.endpoints[e].assessments;
  Requirement const* worst = nullptr;
  std::string link;
  for (std::size_t a = 0; a < assessments.size(); ++a) {
    if (!same(assessments[a].profile, *column.profile)) continue;
    std::vector<Requirement> const& list = assessments[a].requirements;
    for (std::size_t r = 0; r < list.size(); ++r) {
      if (list[r].id != column.requirement->id || (worst != nullptr && rank(list[r].verdict) >= rank(worst->verdict))) continue;
      worst = &list[r];
      bool const told = worst->verdict == Verdict::fail || worst->verdict == Verdict::waived;  // those have a place in every page
      link = told ? links.to(e, a, r) : std::string{};
    }
  }
  if (worst == nullptr) return Value::object().set("cell_class", "none").set("cell_word", "not judged").set("cell_link", "");
  Said const word = said(worst->verdict);
  return Value::object().set("cell_class", word.tone).set("cell_word", word.word).set("cell_link", link);
}

/// What the columns leave unsaid of an endpoint: its other requirements, each once, that are not met or inconclusive.
struct Further {
  std::size_t unmet = 0;
  std::size_t open = 0;
};

Further further(Endpoint const& endpoint, std::vector<Column> const& columns) {
  using Key = std::tuple<std::string_view, std::string_view, std::string_view>;
  std::set<Key> unmet;
  std::set<Key> open;
  for (Assessment const& a : endpoint.assessments) {
    for (Requirement const& r : a.requirements) {
      if (r.verdict != Verdict::fail && r.verdict != Verdict::inconclusive) continue;
      if (std::ranges::any_of(columns, [&](Column const& each) { return same(each, a.profile, r.id); })) continue;
      (r.verdict == Verdict::fail ? unmet : open).emplace(a.profile.name, a.profile.version, r.id);
    }
  }
  return {unmet.size(), static_cast<std::size_t>(std::ranges::count_if(open, [&](Key const& each) { return !unmet.contains(each); }))};
}

/// "The 60 worst of 1000 endpoints; 3 more requirements are not shown."
std::string left_out(std::size_t rows, std::size_t columns) {
  std::vector<std::string> parts;
  if (rows > kRows) parts.push_back(fmt::format("the {} worst of {} endpoints", kRows, rows));
  if (columns > kColumns) parts.push_back(fmt::format("the {} gravest of {} requirements", kColumns, columns));
  return parts.empty() ? std::string{} : "Shown are " + join(parts, " and ") + ".";
}

}  // namespace

void add_matrix(Value& page, Document const& document, HtmlLinks const& links, std::vector<Rule> const& rules) {
  std::vector<Column> columns = columns_of(rules);
  std::vector<Glance> glances = overview(document);
  std::size_t const of_all = glances.size();
  std::string const more = left_out(of_all, columns.size());
  if (columns.size() > kColumns) columns.resize(kColumns);
  if (glances.size() > kRows) glances.resize(kRows);
  // Profiles stay together, in the order of their gravest.
  std::vector<ProfileIdentity const*> profiles;
  auto const of_profile = [&](ProfileIdentity const* profile) {
    return std::ranges::find_if(profiles, [&](ProfileIdentity const* each) { return same(*each, *profile); }) - profiles.begin();
  };
  for (Column const& each : columns) {
    if (of_profile(each.profile) == std::ssize(profiles)) profiles.push_back(each.profile);
  }
  std::ranges::stable_sort(columns, {}, [&](Column const& each) { return of_profile(each.profile); });
  bool const several = profiles.size() > 1;
  Value spans = Value::array();
  Value heads = Value::array();
  for (ProfileIdentity const* profile : profiles) {
    auto const width = std::ranges::count_if(columns, [&](Column const& each) { return same(*each.profile, *profile); });
    Value cols = Value::array();
    for (auto i = width; i > 0; --i) cols.push_back(Value::object().set("wide", several && width <= 2));  // the profile's name stands above
    spans.push_back(
        Value::object().set("span_profile", profile_name(*profile)).set("span_width", std::to_string(width)).set("cols", std::move(cols)));
  }
  for (Column const& each : columns) {
    Requirement const& r = *each.requirement;
    std::string const& title = r.title.empty() || !each.one_title ? r.id : r.title;
    std::string const shown = shortened(title, kTitle);
    heads.push_back(Value::object()
                        .set("head_title", shown)
                        .set("head_whole", shown == title ? std::string{} : title)
                        .set("head_link", "#" + *each.anchor)
                        .set("head_severity", name(r.severity))
                        .set("head_tone", class_of(r.severity))
                        .set("head_number", std::to_string(heads.items().size() + 1))
                        .set("head_full", title)
                        .set("head_profile", several ? profile_name(*each.profile) : std::string{}));
  }
  std::vector<Further> beyond;
  for (Glance const& each : glances) beyond.push_back(further(*each.endpoint, columns));
  bool const has_further = std::ranges::any_of(beyond, [](Further const& each) { return each.unmet + each.open > 0; });
  Value rows = Value::array();
  for (Glance const& each : glances) {
    Further const& more_of = beyond[static_cast<std::size_t>(&each - glances.data())];
    auto const e = static_cast<std::size_t>(each.endpoint - document.endpoints.data());
    Value cells = Value::array();
    for (Column const& column : columns) cells.push_back(cell(document, e, column, links));
    rows.push_back(Value::object()
                       .set("line_anchor", links.place(e).anchor)
                       .set("line_link", links.to(e))
                       .set("line_place", place(each.endpoint->target))
                       .set("line_name", sent_name(each.endpoint->target))
                       .set("line_tone", class_of(each.state))
                       .set("line_state", name(each.state))
                       .set("has_further", has_further)
                       .set("is_further", more_of.unmet + more_of.open > 0)
                       .set("further_unmet", more_of.unmet > 0 ? fmt::format("{} {}", more_of.unmet, kNotMet) : std::string{})
                       .set("further_open", more_of.open > 0 ? fmt::format("{} inconclusive", more_of.open) : std::string{})
                       .set("cells", std::move(cells)));
  }
  if (columns.empty()) return;
  Value key = Value::array();
  for (Verdict const verdict : {Verdict::fail, Verdict::inconclusive, Verdict::waived, Verdict::pass, Verdict::not_applicable}) {
    Said const word = said(verdict);
    std::string const words{verdict == Verdict::not_applicable ? "does not apply, or was not judged" : word.word};
    key.push_back(Value::object().set("key_class", word.tone).set("key_word", words));
  }
  page.set("matrix", Value::object()
                         .set("matrix_key", std::move(key))
                         .set("matrix_more", more)
                         .set("has_further", has_further)
                         .set("matrix_empty", glances.size() < of_all ? fmt::format("None of the {} worst is among those shown.", kRows)
                                                                      : "No endpoint is shown.")
                         .set("matrix_numbered", columns.size() > kUpright)
                         .set("matrix_spans", std::move(spans))
                         .set("has_spans", several)
                         .set("heads", std::move(heads))
                         .set("lines", std::move(rows)));
}

}  // namespace tlsgauge::report
