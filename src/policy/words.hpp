#pragma once
// The vocabulary of the profile language for people, for `tlsgauge profile words`.

#include <string>
#include <string_view>

namespace tlsgauge::policy {

/// Every fact with its type, its sentence and the words that it can be, then operators and qualities. `filter`, if not empty: only what
/// has this text in its name or sentence.
[[nodiscard]] std::string describe_words(std::string_view filter = {});

}  // namespace tlsgauge::policy
