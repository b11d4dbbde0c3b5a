#pragma once
// What is known of an endpoint so far: the tree that becomes `facts` in the result, with the questions probes put to it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/value.hpp"
#include "wire/registry/registry.hpp"

namespace tlsgauge::audit {

enum class Support { no, yes, inconclusive };

class Facts {
 public:
  Facts() = default;
  explicit Facts(Value document) : document_(std::move(document)) {}

  [[nodiscard]] Value const& document() const { return document_; }
  void set(std::string_view key, Value value) { document_.set(key, std::move(value)); }

  /// From facts.protocols; inconclusive when it was not asked.
  [[nodiscard]] Support support(wire::ProtocolVersion version) const;
  /// Oldest first.
  [[nodiscard]] std::vector<wire::ProtocolVersion> supported_versions() const;
  /// From facts.cipher_suites, in the order of the report.
  [[nodiscard]] std::vector<wire::CipherSuite> suites(wire::ProtocolVersion version) const;

 private:
  Value document_ = Value::object();
};

[[nodiscard]] std::string_view name(Support support);

}  // namespace tlsgauge::audit
