#pragma once
// Octets, and their hexadecimal form.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tlsgauge {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<std::uint8_t const>;

/// Lower-case hexadecimal without separators.
[[nodiscard]] std::string hex(ByteView bytes);

/// Reads hexadecimal of either case; blanks, colons and line ends are skipped. Empty on any other character or an odd count.
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

[[nodiscard]] inline ByteView view(std::string_view text) { return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()}; }

}  // namespace tlsgauge
