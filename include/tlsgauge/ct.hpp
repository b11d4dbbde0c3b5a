#pragma once
// Certificate Transparency logs that a user or a browser vendor knows. RFC 6962.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tlsgauge {

struct CtLog {
  std::string description;
  std::string operated_by;
  std::vector<std::uint8_t> key;  ///< SubjectPublicKeyInfo, DER
  /// "qualified", "usable", "readonly", "retired", "rejected", "pending"; empty when the list does not say
  std::string state;
  std::optional<std::chrono::sys_seconds> state_since;
};

}  // namespace tlsgauge
