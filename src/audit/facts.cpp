#include "audit/facts.hpp"

#include <algorithm>
#include <charconv>

namespace tlsgauge::audit {
namespace {

/// The code point in "0xC02F".
std::optional<wire::CipherSuite> suite_from(std::string_view code) {
  if (!code.starts_with("0x") || code.size() != 6) return std::nullopt;
  std::uint16_t value = 0;
  char const* const end = code.data() + code.size();
  auto const [at, error] = std::from_chars(code.data() + 2, end, value, 16);
  if (error != std::errc{} || at != end) return std::nullopt;
  return static_cast<wire::CipherSuite>(value);
}

}  // namespace

Support Facts::support(wire::ProtocolVersion version) const {
  for (Value const& protocol : document_["protocols"].items()) {
    if (wire::version_from(protocol["name"].as_string()) != version) continue;
    std::string const& answer = protocol["support"].as_string();
    if (answer == name(Support::yes)) return Support::yes;
    if (answer == name(Support::no)) return Support::no;
  }
  return Support::inconclusive;
}

std::vector<wire::ProtocolVersion> Facts::supported_versions() const {
  std::vector<wire::ProtocolVersion> versions;
  for (wire::ProtocolVersion const version : wire::kAllVersions) {
    if (support(version) == Support::yes) versions.push_back(version);
  }
  return versions;
}

std::vector<wire::CipherSuite> Facts::suites(wire::ProtocolVersion version) const {
  std::vector<wire::CipherSuite> suites;
  for (Value const& suite : document_["cipher_suites"].items()) {
    if (wire::version_from(suite["protocol"].as_string()) != version) continue;
    if (auto const code = suite_from(suite["code"].as_string())) suites.push_back(*code);
  }
  return suites;
}

std::string_view name(Support support) {
  switch (support) {
    case Support::no:
      return "no";
    case Support::yes:
      return "yes";
    case Support::inconclusive:
      break;
  }
  return "inconclusive";
}

}  // namespace tlsgauge::audit
