// link: policy
// Any text as a file of waivers: it is one, or a ProfileError of one line says why not. What loads can be checked, and applied to what a
// profile finds: only what failed can be waived.

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "support/facts_builder.hpp"
#include "tlsgauge/waivers.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace tlsgauge;
  static Profile const profile = load_profile("mozilla-modern");
  static Endpoint const endpoint = test::FactsBuilder{}.endpoint();
  static Assessment const found = evaluate(profile, endpoint);
  std::chrono::sys_seconds const now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 26}};
  std::string_view const text{reinterpret_cast<char const*>(data), size};
  auto const one_line = [](std::string_view line) {
    if (line.find('\n') != std::string_view::npos) std::abort();
  };
  try {
    Waivers const waivers = parse_waivers(text, "fuzz");
    for (WaiverFinding const& finding : check_waivers(waivers, {&profile, 1}, now)) one_line(finding.text);
    Assessment judged = found;
    apply(waivers, profile, endpoint, judged, Severity::low, now);
    for (std::size_t i = 0; i < judged.requirements.size(); ++i) {
      bool const waived = judged.requirements[i].verdict == Verdict::waived;
      if (waived && found.requirements[i].verdict != Verdict::fail) std::abort();
      if (!waived && judged.requirements[i].verdict != found.requirements[i].verdict) std::abort();
    }
    Endpoint shown = endpoint;
    shown.assessments.push_back(judged);
    for (std::string const& warning : waiver_warnings(waivers, {shown}, now)) one_line(warning);
  } catch (ProfileError const& error) {
    one_line(error.what());
  }
  return 0;
}
