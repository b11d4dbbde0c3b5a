#include "report/text_extensions.hpp"

#include "base/text.hpp"

namespace tlsgauge::report {
namespace {

std::string listed(Value const& list) {
  std::vector<std::string> words;
  for (Value const& each : list.items()) words.push_back(each.as_string());
  return join(words, ", ");
}

void inconclusive(TextPage& page, Value const& facts) {
  if (facts["inconclusive"].is_string()) page.labelled(2, {"inconclusive", Tone::fair}, 16, {facts["inconclusive"].as_string()});
}

void extensions(TextPage& page, Value const& facts) {
  if (!facts.is_object()) return;
  page.heading("Extensions");
  std::vector<std::string> yes, no;
  for (auto const& [name, value] : facts.members()) {
    if (name == "secure_renegotiation" || name == "compression") continue;
    if (value == Value{"yes"}) yes.push_back(name);
    if (value == Value{"no"}) no.push_back(name);
  }
  std::string const& bound = facts["secure_renegotiation"].as_string();
  if (bound == "yes" || bound == "no") {
    page.labelled(2, {"renegotiation"}, 17, {bound == "yes" ? "secure" : "NOT SECURE", bound == "yes" ? Tone::good : Tone::bad});
  }
  std::string const& compressed = facts["compression"].as_string();
  if (compressed == "yes") page.labelled(2, {"compression"}, 17, {"ON: " + listed(facts["compression_methods"]), Tone::bad});
  if (compressed == "no") page.labelled(2, {"compression"}, 17, {"off", Tone::good});
  if (!yes.empty()) page.labelled(2, {"taken"}, 17, {join(yes, ", ")});
  if (!no.empty()) page.labelled(2, {"not taken"}, 17, {join(no, ", "), Tone::dim});
  if (!facts["next_protocols"].items().empty()) page.labelled(2, {"NPN"}, 17, {listed(facts["next_protocols"])});
  inconclusive(page, facts);
}

}  // namespace

void write_extensions(TextPage& page, Value const& facts) { extensions(page, facts["extensions"]); }

}  // namespace tlsgauge::report
