#include "report/charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace tlsgauge::report {
namespace {

// Every colour is given as an attribute too, for readers to whom no style comes (Jenkins serves reports without): a style overrides it.
std::string_view plain_colour(std::string_view tone) {
  return tone == "good" ? "#17703f" : tone == "bad" ? "#b3261e" : tone == "fair" ? "#855c00" : "#566372";
}

constexpr double kWidth = 210;
constexpr double kLine = 20;
constexpr double kBarLeft = 88;
constexpr double kBarWidth = 70;  // leaves room for ">= 100 %"

std::string open_svg(std::string_view kind, double height, std::string_view title) {
  return fmt::format(
      R"(<svg class="chart {0}" viewBox="0 0 {1:.0f} {2:.0f}" width="{1:.0f}" height="{2:.0f}" font-size="12" role="img"><title>{3}</title>)",
      kind, kWidth, height, title);
}

double part(std::size_t count, std::size_t whole) { return whole == 0 ? 0 : static_cast<double>(count) / static_cast<double>(whole); }

constexpr std::size_t kWeeks = 26;
constexpr double kColumn = 6;      // from one week to the next
constexpr double kFirstWeek = 24;  // left edge of the first
constexpr double kBase = 74;       // where columns stand
constexpr double kHighest = 56;

}  // namespace

std::string draw_bars(std::string_view title, std::vector<ChartBar> const& bars, std::size_t whole) {
  std::string out = open_svg("bars-chart", kLine * static_cast<double>(bars.size()), title);
  double y = 0;
  for (ChartBar const& bar : bars) {
    out +=
        fmt::format(R"(<text x="0" y="{:.0f}">{}</text><rect class="track" x="{:.0f}" y="{:.0f}" width="{:.0f}" height="12" fill="#ddd"/>)",
                    y + 14, bar.label, kBarLeft, y + 4, kBarWidth);
    double x = kBarLeft;
    auto const piece = [&](std::string_view tone, std::size_t count) {
      if (count == 0) return;
      double const width = std::max(part(count, whole) * kBarWidth, 1.0);
      out += fmt::format(R"(<rect class="{}" x="{:.1f}" y="{:.0f}" width="{:.1f}" height="12" fill="{}"/>)", tone, x, y + 4, width,
                         plain_colour(tone));
      x += width;
    };
    piece("good", bar.split.good);
    piece("bad", bar.split.bad);
    piece("fair", bar.split.fair);
    piece("off", bar.split.off);
    out += fmt::format(R"(<text class="count" text-anchor="end" x="{:.0f}" y="{:.0f}">{}</text>)", kWidth, y + 14, bar.note);
    y += kLine;
  }
  return out + "</svg>";
}

std::string draw_expiry(std::string_view title, std::vector<std::int64_t> const& days_left) {
  std::array<std::size_t, kWeeks> weeks{};
  std::size_t expired = 0;
  std::size_t later = 0;
  for (std::int64_t const days : days_left) {
    if (days < 0) {
      ++expired;
    } else if (static_cast<std::uint64_t>(days) / 7 < kWeeks) {
      ++weeks.at(static_cast<std::size_t>(days) / 7);
    } else {
      ++later;
    }
  }
  std::size_t const most = std::max({expired, later, *std::ranges::max_element(weeks), std::size_t{1}});
  std::string out = open_svg("expiry-chart", 92, title);
  auto const column = [&](std::string_view tone, double x, double width, std::size_t count) {
    if (count == 0) return;
    double const height = std::max(part(count, most) * kHighest, 2.0);
    out += fmt::format(R"(<rect class="{}" x="{:.0f}" y="{:.1f}" width="{:.0f}" height="{:.1f}" fill="{}"/>)", tone, x, kBase - height,
                       width, height, plain_colour(tone));
    if (count == most || width > kColumn)
      out += fmt::format(R"(<text class="top" text-anchor="middle" x="{:.0f}" y="{:.1f}">{}</text>)", x + width / 2, kBase - height - 3,
                         count);
  };
  column("bad", 1, 16, expired);
  for (std::size_t week = 0; week < kWeeks; ++week) {
    column(week < 4 ? "fair" : "plain", kFirstWeek + static_cast<double>(week) * kColumn, kColumn - 1, weeks.at(week));
  }
  column("plain", kWidth - 22, 16, later);
  out += fmt::format(R"(<path class="axis" stroke="#888" d="M0 {0:.0f}H{1:.0f}M20.5 {0:.0f}v4M78 {0:.0f}v4M132 {0:.0f}v4M184 {0:.0f}v4"/>)",
                     kBase + 0.5, kWidth);
  for (auto const& [x, anchor, words] : {std::tuple{0, "start", "expired"}, std::tuple{78, "middle", "9 weeks"},
                                         std::tuple{132, "middle", "18"}, std::tuple{210, "end", "later"}}) {
    out += fmt::format(R"(<text x="{}" y="90" text-anchor="{}">{}</text>)", x, anchor, words);
  }
  return out + "</svg>";
}

}  // namespace tlsgauge::report
