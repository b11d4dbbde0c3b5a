#include "report/text_trust.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

TrustLine store_line(Value const& verification) {
  if (verification["inconclusive"].is_string()) return {"store", "inconclusive: " + verification["inconclusive"].as_string(), Tone::fair};
  std::string const& store = verification["store"].as_string();
  if (verification["trusted"].as_bool()) return {"store", store + ": trusted", Tone::good};
  std::vector<std::string> faults;
  for (Value const& word : verification["errors"].items()) faults.push_back(trust_phrase(word.as_string()));
  return {"store", store + ": not trusted, " + join(faults, ", "), Tone::bad};
}

void repair_lines(Value const& repair, std::vector<TrustLine>& out) {
  for (Value const& each : repair["fetched"].items()) {
    out.push_back({"fetched", fmt::format("{} from {}", each["subject"].as_string(), each["url"].as_string())});
  }
  for (Value const& each : repair["failed"].items()) {
    out.push_back({"not fetched", fmt::format("{}: {}", each["url"].as_string(), each["reason"].as_string()), Tone::fair});
  }
  if (repair["trusted"].as_bool()) {
    out.push_back({"repair", "trusted with what was fetched: a browser may succeed where curl fails", Tone::fair});
  } else if (!repair["fetched"].items().empty()) {
    out.push_back({"repair", "not trusted with what was fetched: " + trust_phrase(repair["error"].as_string()), Tone::bad});
  }
}

}  // namespace

std::vector<TrustLine> trust_lines(Value const& chain) {
  std::vector<TrustLine> out;
  for (Value const& each : chain["verifications"].items()) out.push_back(store_line(each));
  if (chain["repair"].is_object()) repair_lines(chain["repair"], out);
  Value const& lifetime = chain["lifetime"];
  if (lifetime["days"].is_int()) {
    std::string text = fmt::format("{} days", lifetime["days"].as_int());
    if (lifetime["fraction_left"].is_number()) text += fmt::format(", {:.0f} % of it left", lifetime["fraction_left"].as_double() * 100);
    if (lifetime["short_lived"].as_bool()) text += ", short-lived";
    bool const too_long = lifetime["within_limit"].is_bool() && !lifetime["within_limit"].as_bool();
    if (lifetime["limit_days"].is_int()) text += fmt::format("; public CAs may grant {}", lifetime["limit_days"].as_int());
    out.push_back({"lifetime", text, too_long ? Tone::bad : Tone::plain});
  }
  return out;
}

}  // namespace tlsgauge::report
