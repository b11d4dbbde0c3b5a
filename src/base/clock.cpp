#include "base/clock.hpp"

#include <array>
#include <cstdio>

namespace tlsgauge {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// Takes exactly `count` digits off the front.
std::optional<int> digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (char const c : text.substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::chrono::sys_days> date(std::string_view& text) {
  auto const year = digits(text, 4);
  if (!year || !take(text, "-")) return std::nullopt;
  auto const month = digits(text, 2);
  if (!month || !take(text, "-")) return std::nullopt;
  auto const day = digits(text, 2);
  if (!day) return std::nullopt;
  std::chrono::year_month_day const when{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!when.ok()) return std::nullopt;
  return std::chrono::sys_days{when};
}

std::optional<seconds> time_of_day(std::string_view& text) {
  auto const hour = digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ":")) return std::nullopt;
  auto const minute = digits(text, 2);
  if (!minute || *minute > 59 || !take(text, ":")) return std::nullopt;
  auto const second = digits(text, 2);
  if (!second || *second > 60) return std::nullopt;  // 60: a leap second
  if (take(text, ".")) {
    if (!digits(text, 1)) return std::nullopt;
    while (digits(text, 1)) {
    }
  }
  return hours{*hour} + minutes{*minute} + seconds{*second};
}

std::optional<seconds> offset(std::string_view& text) {
  if (take(text, "Zz")) return seconds{0};
  if (text.empty()) return std::nullopt;
  bool const west = text.front() == '-';
  if (!take(text, "+-")) return std::nullopt;
  auto const hour = digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ":")) return std::nullopt;
  auto const minute = digits(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  seconds const size = hours{*hour} + minutes{*minute};
  return west ? -size : size;
}

}  // namespace

std::string rfc3339(Moment moment) {
  auto const day = std::chrono::floor<days>(moment);
  std::chrono::year_month_day const date{day};
  std::chrono::hh_mm_ss const time{moment - day};
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  return text.data();
}

std::optional<Moment> parse_rfc3339(std::string_view text) {
  auto const day = date(text);
  if (!day) return std::nullopt;
  if (text.empty()) return Moment{*day};
  if (!take(text, "Tt ")) return std::nullopt;
  auto const time = time_of_day(text);
  if (!time) return std::nullopt;
  auto const shift = offset(text);
  if (!shift || !text.empty()) return std::nullopt;
  return Moment{*day + *time - *shift};
}

Moment now() { return std::chrono::floor<seconds>(std::chrono::system_clock::now()); }

}  // namespace tlsgauge
