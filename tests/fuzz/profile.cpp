// link: policy
// Any text as a profile: it is one, or a ProfileError of one line says why not. What loads can be described, looked through and judged by.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "support/facts_builder.hpp"
#include "tlsgauge/profile.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace tlsgauge;
  static Endpoint const endpoint = test::FactsBuilder{}.endpoint();
  std::string_view const text{reinterpret_cast<char const*>(data), size};
  if (text.find(".y") != std::string_view::npos || text.find('/') != std::string_view::npos) {
    // Paths in `extends` lead to the machine's own files; everything else may contain slashes.
    if (text.find("extends") != std::string_view::npos) return 0;
  }
  try {
    Profile const profile = parse_profile(text, "fuzz");
    if (describe(profile).empty()) std::abort();
    for (ProfileFinding const& finding : lint_profile(text, "fuzz")) {
      if (finding.text.find('\n') != std::string::npos) std::abort();
    }
    Assessment const judged = evaluate(profile, endpoint);
    if (judged.score < 0 || judged.score > 100 || judged.coverage < 0 || judged.coverage > 100) std::abort();
  } catch (ProfileError const& error) {
    if (std::string_view{error.what()}.find('\n') != std::string_view::npos) std::abort();
  }
  return 0;
}
