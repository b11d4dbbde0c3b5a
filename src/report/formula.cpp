#include "report/formula.hpp"

#include <array>

namespace tlsgauge::report {
namespace {

/// The full-width forms too.
constexpr std::array<std::string_view, 8> kFormulaSigns{"=", "+", "-", "@", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};
/// Importers drop these before they look: blanks (no-break and ideographic, byte order mark) and quotes.
constexpr std::array<std::string_view, 7> kDropped{" ", "\"", "'", "\xC2\xA0", "\xE3\x80\x80", "\xEF\xBB\xBF", "\xE2\x80\x8B"};

template <std::size_t N>
std::size_t begins_with_one_of(std::string_view text, std::array<std::string_view, N> const& signs) {
  for (std::string_view const sign : signs) {
    if (text.starts_with(sign)) return sign.size();
  }
  return 0;
}

}  // namespace

bool is_formula(std::string_view text) {
  while (std::size_t const length = begins_with_one_of(text, kDropped)) text.remove_prefix(length);
  return begins_with_one_of(text, kFormulaSigns) > 0;
}

}  // namespace tlsgauge::report
