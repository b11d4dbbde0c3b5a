#pragma once
// Lines of a text that is read piece by piece, so that no more than one of them is held.

#include <cstddef>
#include <string>
#include <vector>

#include "tlsgauge/report.hpp"

namespace tlsgauge::report {

class LineReader {
 public:
  explicit LineReader(TextSource const& source) : source_(source), piece_(kPiece) {}

  enum class Outcome { read, end, too_large };
  /// Replaces `line` with the next one, its end included where it has one. Too large: it has more than `most` octets, and the reader is
  /// of no further use.
  Outcome next(std::string& line, std::size_t most);
  /// Appends all that is left to `text`; false: that would make it larger than `most` octets.
  bool rest(std::string& text, std::size_t most);

 private:
  static constexpr std::size_t kPiece = 65536;

  bool fill();

  TextSource const& source_;
  std::vector<char> piece_;
  std::size_t from_ = 0;
  std::size_t to_ = 0;
};

}  // namespace tlsgauge::report
