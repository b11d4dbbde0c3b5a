// link: policy
// Any text as a file of waivers: it is one, or a ProfileError of one line says why not. What loads can be checked and applied.

#include "tlsgauge/waivers.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "support/facts_builder.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace tlsgauge;
  static Profile const profile = load_profile("nginx-recommended");
  static Endpoint const endpoint = test::FactsBuilder{}.without("http").accepts("TLSv1.0", {"TLS_RSA_WITH_AES_128_CBC_SHA"}).endpoint();
  static Assessment const judged = evaluate(profile, endpoint);
  constexpr std::chrono::sys_days kDay{std::chrono::year{2026} / 11 / 26};
  try {
    Waivers const waivers = parse_waivers({reinterpret_cast<char const*>(data), size}, "fuzz");
    static_cast<void>(check_waivers(waivers, {&profile, 1}, kDay));
    Assessment assessment = judged;
    apply(waivers, profile, endpoint, assessment, Severity::medium, kDay);
    if (assessment.score != judged.score || assessment.requirements.size() != judged.requirements.size()) std::abort();
    for (std::size_t i = 0; i < judged.requirements.size(); ++i) {
      Verdict const now = assessment.requirements[i].verdict;
      bool const waived = now == Verdict::waived && judged.requirements[i].verdict == Verdict::fail && assessment.requirements[i].waived_by;
      if (now != judged.requirements[i].verdict && !waived) std::abort();
    }
    Endpoint after = endpoint;
    after.assessments = {assessment};
    static_cast<void>(waiver_warnings(waivers, {after}, kDay));
  } catch (ProfileError const& error) {
    if (std::string_view{error.what()}.find('\n') != std::string_view::npos) std::abort();
  }
  return 0;
}
