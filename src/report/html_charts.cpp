#include "report/html_charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "report/charts.hpp"
#include "report/html_requirement.hpp"
#include "report/overview.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::array<std::string_view, 10> kGrades{"A+", "A", "A-", "B", "C", "D", "E", "F", "T", "M"};
constexpr std::array<std::string_view, 6> kVersions{"TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1.0", "SSLv3", "SSLv2"};

/// "67 %" of `whole`, which is not 0; "at least" where more may do so than is known. What is not all is not called so.
std::string share(std::size_t count, std::size_t open, std::size_t whole) {
  return fmt::format("{}{} %", open > 0 ? "\u2265 " : "", count * 100 / whole);
}

/// "Grades: A+ 3, F 1": what a chart shows, in words.
std::string in_words(std::string_view title, std::vector<ChartBar> const& bars, bool with_open) {
  std::vector<std::string> parts;
  for (ChartBar const& bar : bars) {
    parts.push_back(fmt::format("{} {}", bar.label, bar.note));
    if (with_open && bar.split.fair > 0) parts.back() += fmt::format(" ({} not established)", bar.split.fair);
  }
  return fmt::format("{}: {}", title, join(parts, ", "));
}

void count_verdict(Split& split, Verdict verdict) {
  if (verdict == Verdict::pass) ++split.good;
  if (verdict == Verdict::fail) ++split.bad;
  if (verdict == Verdict::inconclusive) ++split.fair;
  if (verdict == Verdict::waived || verdict == Verdict::not_applicable) ++split.off;
}

/// Under the profile that comes first in the document.
void add_grades(Value& page, Document const& document) {
  Assessment const* first = nullptr;
  for (Endpoint const& endpoint : document.endpoints) {
    if (first == nullptr && !endpoint.assessments.empty()) first = &endpoint.assessments.front();
  }
  if (first == nullptr) return;
  std::array<Split, kGrades.size() + 1> count{};
  for (Endpoint const& endpoint : document.endpoints) {
    auto const same =
        std::ranges::find_if(endpoint.assessments, [&](Assessment const& a) { return a.profile.name == first->profile.name; });
    if (same == endpoint.assessments.end()) {
      ++count.back().off;
    } else {
      count_verdict(count.at(std::min(static_cast<std::size_t>(grade_rank(grade_text(*same))), kGrades.size())), same->verdict);
    }
  }
  std::vector<ChartBar> bars;
  std::size_t most = 0;
  for (std::size_t i = 0; i < count.size(); ++i) {
    std::size_t const sum = count.at(i).sum();
    most = std::max(most, sum);
    if (sum > 0) bars.push_back({i < kGrades.size() ? kGrades.at(i) : "none", count.at(i), std::to_string(sum)});
  }
  page.set("svg_grades", draw_bars(in_words("Grades", bars, false), bars, most)).set("grades_profile", profile_name(first->profile));
}

void add_expiry(Value& page, Document const& document) {
  std::vector<std::int64_t> days;
  for (Endpoint const& endpoint : document.endpoints) {
    if (std::optional<std::int64_t> const left = days_left(endpoint)) days.push_back(*left);
  }
  auto const count = [&](std::int64_t from, std::int64_t to) {
    return std::ranges::count_if(days, [&](std::int64_t left) { return from <= left && left < to; });
  };
  std::string const words = fmt::format("{} expired, {} within 30 days, {} within 90 days, {} later, {} not known", count(INT64_MIN, 0),
                                        count(0, 30), count(30, 90), count(90, INT64_MAX), document.endpoints.size() - days.size());
  page.set("svg_expiry", days.empty() ? std::string{} : draw_expiry("Certificates end: " + words, days)).set("expiry_words", words);
}

void add_protocols(Value& page, Document const& document) {
  std::array<Split, kVersions.size()> versions{};
  Split quantum;
  std::size_t measured = 0;
  for (Endpoint const& endpoint : document.endpoints) {
    Value const& protocols = endpoint.facts["protocols"];
    if (protocols.items().empty()) continue;
    ++measured;
    for (Value const& each : protocols.items()) {
      auto const at = std::ranges::find(kVersions, each["name"].as_string());
      if (at == kVersions.end()) continue;
      Split& split = versions.at(static_cast<std::size_t>(at - kVersions.begin()));
      std::string const& support = each["support"].as_string();
      if (support == "yes") ++(at < kVersions.begin() + 2 ? split.good : split.bad);
      if (support == "inconclusive") ++split.fair;
    }
    std::string const& word = endpoint.facts["post_quantum"]["key_exchange"].as_string();
    if (word == "preferred" || word == "accepted") ++quantum.good;
    if (word.empty() || word == "inconclusive") ++quantum.fair;
  }
  if (measured == 0) return;
  std::vector<ChartBar> bars;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    bars.push_back({kVersions.at(i), versions.at(i), share(versions.at(i).good + versions.at(i).bad, versions.at(i).fair, measured)});
  }
  bars.push_back({"post-quantum", quantum, share(quantum.good, quantum.fair, measured)});
  bool const open = std::ranges::any_of(bars, [](ChartBar const& bar) { return bar.split.fair > 0; });
  page.set("svg_protocols", draw_bars(in_words("Share of the endpoints that offer", bars, true), bars, measured))
      .set("protocols_whole", fmt::format("of {} asked", measured))
      .set("protocols_open", open);
}

}  // namespace

int grade_rank(std::string_view grade) {
  auto const at = std::ranges::find(kGrades, grade);
  return static_cast<int>(at - kGrades.begin());
}

void add_charts(Value& page, Document const& document) {
  add_grades(page, document);
  add_expiry(page, document);
  add_protocols(page, document);
}

}  // namespace tlsgauge::report
