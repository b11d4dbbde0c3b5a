#include "base/clock.hpp"

#include <array>
#include <cstdio>

namespace tlsgauge {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// Takes characters off the front; a failure is remembered.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    if (rest_.size() < count) return fail();
    int value = 0;
    for (char const c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return fail();
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  char any_of(std::string_view wanted) {
    if (rest_.empty() || wanted.find(rest_.front()) == std::string_view::npos) return static_cast<char>(fail());
    char const c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }
  [[nodiscard]] bool at(char c) const { return !rest_.empty() && rest_.front() == c; }
  [[nodiscard]] bool done() const { return rest_.empty(); }
  [[nodiscard]] bool failed() const { return failed_; }
  void skip_digits() {
    digits(1);
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') rest_.remove_prefix(1);
  }

 private:
  int fail() {
    failed_ = true;
    rest_ = {};
    return 0;
  }
  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace

std::string rfc3339(Moment moment) {
  // RFC 3339 writes four digits of a year: a moment outside of them is shown as the nearest that can be written.
  constexpr Moment kFirst{std::chrono::sys_days{std::chrono::year{0} / 1 / 1}};
  constexpr Moment kLast{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31} + hours{24} - seconds{1}};
  moment = moment < kFirst ? kFirst : moment > kLast ? kLast : moment;
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
  Scanner scan{text};
  int const year = scan.digits(4);
  scan.any_of("-");
  int const month = scan.digits(2);
  scan.any_of("-");
  int const day = scan.digits(2);
  std::chrono::year_month_day const date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (scan.failed() || !date.ok()) return std::nullopt;
  Moment const midnight{std::chrono::sys_days{date}};
  if (scan.done()) return midnight;

  scan.any_of("Tt ");
  int const hour = scan.digits(2);
  scan.any_of(":");
  int const minute = scan.digits(2);
  scan.any_of(":");
  int const second = scan.digits(2);
  if (scan.at('.')) {
    scan.any_of(".");
    scan.skip_digits();
  }
  minutes offset{0};
  char const zone = scan.any_of("Zz+-");
  if (zone == '+' || zone == '-') {
    int const offset_hours = scan.digits(2);
    scan.any_of(":");
    int const offset_minutes = scan.digits(2);
    if (offset_hours > 23 || offset_minutes > 59) return std::nullopt;
    offset = hours{offset_hours} + minutes{offset_minutes};
    if (zone == '-') offset = -offset;
  }
  if (scan.failed() || !scan.done() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  Moment const moment = midnight + hours{hour} + minutes{minute} + seconds{second} - offset;
  // RFC 3339 section 5.7: a second numbered 60 is a leap second, which ends a day of UTC.
  if (second == 60 && moment != std::chrono::floor<days>(moment)) return std::nullopt;
  return moment;
}

Moment now() { return std::chrono::floor<seconds>(std::chrono::system_clock::now()); }

}  // namespace tlsgauge
