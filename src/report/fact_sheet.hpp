#pragma once
// What the writers of facts write on: headings and rows, the same words for every report for people.

#include <cstddef>
#include <string>
#include <string_view>

namespace tlsgauge::report {

enum class Tone { plain, bold, dim, good, fair, bad };

struct Cell {
  std::string text;
  Tone tone = Tone::plain;
  bool right = false;  ///< aligned to the right
};

class FactSheet {
 public:
  virtual void heading(std::string_view text) = 0;
  /// `label` and what there is to say of it; without a label, more of the row before. `indent` and `column` count on a terminal only.
  virtual void labelled(std::size_t indent, Cell const& label, std::size_t column, Cell const& text) = 0;

 protected:
  FactSheet() = default;
  FactSheet(FactSheet const&) = default;
  FactSheet(FactSheet&&) = default;
  FactSheet& operator=(FactSheet const&) = default;
  FactSheet& operator=(FactSheet&&) = default;
  ~FactSheet() = default;
};

}  // namespace tlsgauge::report
