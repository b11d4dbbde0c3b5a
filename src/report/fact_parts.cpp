#include "report/fact_parts.hpp"

#include "base/clock.hpp"

namespace tlsgauge::report {

Value const& of_protocol(Value const& list, std::string_view member, std::string_view version) {
  static Value const none;
  for (Value const& each : list.items()) {
    if (each[member].as_string() == version) return each;
  }
  return none;
}

std::string reason_of(Value const& part) {
  std::string const& open = part["inconclusive"].as_string();
  return open.empty() ? part["reason"].as_string() : open;
}

std::optional<std::int64_t> unix_time(std::string_view moment) {
  std::optional<Moment> const parsed = parse_rfc3339(moment);
  return parsed ? std::optional<std::int64_t>{parsed->time_since_epoch().count()} : std::nullopt;
}

std::string known_time(std::string_view moment) {
  std::optional<Moment> const parsed = parse_rfc3339(moment);
  return parsed ? rfc3339(*parsed) : std::string{};
}

}  // namespace tlsgauge::report
