#include "report/line_reader.hpp"

#include <algorithm>

namespace tlsgauge::report {

bool LineReader::fill() {
  if (from_ < to_) return true;
  from_ = 0;
  to_ = source_(piece_.data(), piece_.size());
  return to_ > 0;
}

LineReader::Outcome LineReader::next(std::string& line, std::size_t most) {
  line.clear();
  while (fill()) {
    char const* const begin = piece_.data() + from_;
    char const* const end = piece_.data() + to_;
    char const* const found = std::find(begin, end, '\n');
    auto const length = static_cast<std::size_t>(found - begin) + (found == end ? 0U : 1U);
    if (length > most - line.size()) return Outcome::too_large;
    line.append(begin, length);
    from_ += length;
    if (found != end) return Outcome::read;
  }
  return line.empty() ? Outcome::end : Outcome::read;
}

bool LineReader::rest(std::string& text, std::size_t most) {
  while (fill()) {
    std::size_t const length = to_ - from_;
    if (text.size() > most || length > most - text.size()) return false;
    text.append(piece_.data() + from_, length);
    from_ = to_;
  }
  return true;
}

}  // namespace tlsgauge::report
