#pragma once
// What a profile made from a scan demands: a fact, how today's value becomes an expectation, and why a worse value would be worse.

#include <span>
#include <string_view>

#include "tlsgauge/result.hpp"

namespace tlsgauge::policy {

enum class Keep {
  no_others,    ///< of a set: nothing that is not in it today
  these,        ///< of a set: the members named in `operand` that are in it today
  quality,      ///< of a set of groups: the members that have the attribute `operand`
  at_least,     ///< of a number
  at_most,      ///< of a number
  affirmed,     ///< of a boolean that is true today
  denied,       ///< of a boolean that is false today
  one_of,       ///< of a text: the values of today
  other_than,   ///< of a text that is not `operand` today
  server,       ///< of a chooser that is the server, or indifferent
  key_at_least  ///< certificate.key.bits, for each type of key
};

struct ScanItem {
  std::string_view id;
  std::string_view fact;
  Keep keep;
  Severity severity;
  std::string_view area;
  std::string_view title;
  std::string_view why;           ///< what a worse value would mean
  std::string_view operand = {};  ///< names between blanks
};

[[nodiscard]] std::span<ScanItem const> scan_items();

}  // namespace tlsgauge::policy
