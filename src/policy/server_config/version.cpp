#include "policy/server_config/version.hpp"

#include <array>
#include <charconv>

#include "base/text.hpp"

namespace tlsgauge::policy {

std::optional<bool> at_least(std::string_view version, int major, int minor, int patch) {
  std::array<int, 3> parts{};
  std::size_t count = 0;
  for (std::string_view const word : split(version, '.')) {
    if (count == parts.size()) break;
    auto const [end, error] = std::from_chars(word.data(), word.data() + word.size(), parts.at(count));
    if (error != std::errc{} || end == word.data()) return std::nullopt;
    ++count;
  }
  if (count < 2) return std::nullopt;
  return parts >= std::array{major, minor, patch};
}

}  // namespace tlsgauge::policy
