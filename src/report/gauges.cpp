#include "report/gauges.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tlsgauge::report {

std::string draw_ring(std::optional<int> score) {
  int const part = std::clamp(score.value_or(0), 0, 100);
  std::string out =
      R"(<svg class="ring" viewBox="0 0 80 80" width="80" height="80" fill="none" stroke-width="8" aria-hidden="true"><circle class="track" cx="40" cy="40" r="34" stroke="#ddd"/>)";
  if (part > 0) {
    out += fmt::format(
        R"svg(<circle class="part" cx="40" cy="40" r="34" stroke="#566372" pathLength="100" stroke-dasharray="{} 100" transform="rotate(-90 40 40)"/>)svg",
        part);
  }
  return out + fmt::format(R"(<text x="40" y="48" text-anchor="middle" fill="#000">{}</text></svg>)", score ? std::to_string(part) : "-");
}

std::string draw_validity(Moment begin, Moment end, Moment at) {
  double const whole = static_cast<double>((end - begin).count());
  double const passed = whole > 0 ? std::clamp(static_cast<double>((at - begin).count()) / whole, 0.0, 1.0) : 1.0;
  return fmt::format(
      R"(<svg class="validity" viewBox="0 0 1000 12" width="100%" height="12" preserveAspectRatio="none" aria-hidden="true"><rect class="track" y="3" width="1000" height="6" fill="#ddd"/><rect class="part" y="3" width="{0:.0f}" height="6" fill="#888"/><rect class="now" x="{1:.0f}" width="6" height="12"/></svg>)",
      passed * 1000, std::clamp(passed * 1000 - 3, 0.0, 994.0));
}

std::string draw_bar(double value, double largest, std::optional<double> first) {
  double const part = largest > 0 ? std::clamp(value / largest, 0.01, 1.0) : 0.01;
  double const apart = first && value > 0 ? std::clamp(*first / value, 0.0, 1.0) * part : 0;
  std::string out = fmt::format(
      R"(<svg class="bar" viewBox="0 0 1000 6" width="100%" height="6" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="1000" height="6" fill="#ddd"/><rect class="part" width="{:.0f}" height="6"/>)",
      part * 1000);
  if (apart > 0) out += fmt::format(R"(<rect class="way" width="{:.0f}" height="6" fill="#888"/>)", apart * 1000);
  return out + "</svg>";
}

}  // namespace tlsgauge::report
