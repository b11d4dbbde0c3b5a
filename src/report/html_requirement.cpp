#include "report/html_requirement.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "base/text.hpp"
#include "report/finding_text.hpp"
#include "report/tones.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {

std::string shortened(std::string const& text, std::size_t octets) {
  if (text.size() <= octets) return text;
  std::size_t end = octets;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

Value rule_view(Requirement const& r) {
  Value first = Value::array();  // of at most one: the others say the same for other servers
  Value others = Value::array();
  std::vector<std::string> other_servers;
  for (Fix const& fix : r.fix) {
    bool const is_first = &fix == &r.fix.front();
    (is_first ? first : others).push_back(Value::object().set("fix_server", fix.server).set("verbatim", fix.text));
    if (!is_first) other_servers.push_back(fix.server);
  }
  Value references = Value::array();
  for (std::string const& text : r.references) {
    Reference const reference = take_apart(text);
    references.push_back(Value::object().set("reference", reference.text).set("url", reference.url));
  }
  return Value::object()
      .set("title", r.title.empty() ? r.id : r.title)
      .set("requirement_id", r.id)
      .set("severity", name(r.severity))
      .set("severity_tone", class_of(r.severity))
      .set("baseline", r.baseline == Baseline::added ? "new since the baseline" : baseline_phrase(r))
      .set("expected", r.expected)
      .set("why", r.why)
      .set("fixes", std::move(first))
      .set("other_servers", join(other_servers, ", "))
      .set("other_fixes", std::move(others))
      .set("has_references", !r.references.empty())
      .set("references", std::move(references));
}

Value requirement_view(Requirement const& r, std::string const& anchor) {
  return rule_view(r)
      .set("requirement_anchor", anchor)
      .set("observed", r.observed)
      .set("points", r.points_lost > 0 ? fmt::format("\u2212{:.1f} points", r.points_lost) : std::string{})
      .set("waiver", waiver_phrase(r));
}

}  // namespace tlsgauge::report
