#include "policy/observed.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/cut_text.hpp"

namespace tlsgauge::policy {

Observed Observed::unknown(std::string why) {
  Observed made;
  made.reason = std::move(why);
  return made;
}

Observed Observed::absent(std::string why) {
  Observed made;
  made.state = State::absent;
  made.reason = std::move(why);
  return made;
}

Observed Observed::not_applicable(std::string why) {
  Observed made;
  made.state = State::not_applicable;
  made.reason = std::move(why);
  return made;
}

Observed Observed::boolean(bool value, std::string note) {
  Observed made;
  made.state = State::known;
  made.flag = value;
  made.note = std::move(note);
  return made;
}

Observed Observed::of_number(double value, std::string note) {
  Observed made;
  made.state = State::known;
  made.number = value;
  made.note = std::move(note);
  return made;
}

Observed Observed::of_text(std::string value, std::string note) {
  Observed made;
  made.state = State::known;
  made.text = std::move(value);
  made.note = std::move(note);
  return made;
}

std::string bounded(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string{text};
  std::size_t end = limit - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // not inside a UTF-8 sequence
  return std::string{text.substr(0, end)} + "...";
}

std::string enumerate(std::vector<std::string> const& labels, std::string_view last, std::size_t limit) {
  std::string out;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    bool const fits = i == 0 || out.size() + labels[i].size() + 2 <= limit;
    if (!fits) return out + fmt::format(" and {} more", labels.size() - i);
    if (i > 0) {
      // The final pair is joined by the word, unless a cut follows and says "and" itself.
      out += i + 1 == labels.size() ? fmt::format(" {} ", last) : ", ";
    }
    out += bounded(labels[i], limit);
  }
  return out;
}

bool is_cut(std::string_view text) { return is_cut_text(text); }

std::string number_text(double number) {
  if (std::abs(number) < 1e15 && number == std::trunc(number)) return fmt::format("{}", static_cast<long long>(number));
  return fmt::format("{}", number);
}

}  // namespace tlsgauge::policy
