#include "report/exposition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/utf8.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kLabel = 16'000;  // octets: the names of a certificate can be many

/// In label values a backslash, a quote and a line feed are escaped; printable() leaves no line feed.
std::string label_value(std::string_view anything) {
  std::string out;
  for (char const c : cut_printable(anything, kLabel)) {
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

void Exposition::family(std::string_view name, std::string_view help) { families_.push_back({name, help, {}, {}}); }

void Exposition::add(std::string_view name, Labels const& labels, std::int64_t value) { add_text(name, labels, fmt::format("{}", value)); }

void Exposition::add(std::string_view name, Labels const& labels, double value) {
  if (std::isfinite(value)) add_text(name, labels, fmt::format("{}", value));
}

void Exposition::add_text(std::string_view name, Labels const& labels, std::string const& value) {
  auto const found = std::ranges::find(families_, name, &Family::name);
  if (found == families_.end()) return;
  std::string series{name};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    series += fmt::format("{}{}=\"{}\"", i == 0 ? "{" : ",", labels[i].first, label_value(labels[i].second));
  }
  if (!labels.empty()) series += '}';
  if (!found->series.insert(series).second) return;
  found->samples += fmt::format("{} {}\n", series, value);
}

std::string Exposition::text() const {
  std::string out;
  for (Family const& each : families_) {
    if (each.samples.empty()) continue;
    out += fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n{2}", each.name, each.help, each.samples);
  }
  return out;
}

}  // namespace tlsgauge::report
