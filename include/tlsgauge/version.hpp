#pragma once
// Which tlsgauge this is.

#include <string_view>

namespace tlsgauge {

inline constexpr std::string_view kName = "tlsgauge";
inline constexpr std::string_view kVersion = "0.1.0";
inline constexpr std::string_view kSchema = "tlsgauge.result/1";

}  // namespace tlsgauge
