#include "report/text_extensions.hpp"

#include "base/text.hpp"

namespace tlsgauge::report {
namespace {

std::string listed(Value const& list) {
  std::vector<std::string> words;
  for (Value const& each : list.items()) words.push_back(each.as_string());
  return join(words, ", ");
}

void inconclusive(FactSheet& sheet, Value const& facts) {
  if (facts["inconclusive"].is_string()) sheet.labelled(2, {"inconclusive", Tone::fair}, 16, {facts["inconclusive"].as_string()});
}

void extensions(FactSheet& sheet, Value const& facts) {
  if (!facts.is_object()) return;
  sheet.heading("Extensions");
  std::vector<std::string> yes, no;
  for (auto const& [name, value] : facts.members()) {
    if (name == "secure_renegotiation" || name == "compression") continue;
    if (value == Value{"yes"}) yes.push_back(name);
    if (value == Value{"no"}) no.push_back(name);
  }
  std::string const& bound = facts["secure_renegotiation"].as_string();
  if (bound == "yes" || bound == "no") {
    sheet.labelled(2, {"renegotiation"}, 17, {bound == "yes" ? "secure" : "NOT SECURE", bound == "yes" ? Tone::good : Tone::bad});
  }
  std::string const& compressed = facts["compression"].as_string();
  if (compressed == "yes") sheet.labelled(2, {"compression"}, 17, {"ON: " + listed(facts["compression_methods"]), Tone::bad});
  if (compressed == "no") sheet.labelled(2, {"compression"}, 17, {"off", Tone::good});
  if (!yes.empty()) sheet.labelled(2, {"taken"}, 17, {join(yes, ", ")});
  if (!no.empty()) sheet.labelled(2, {"not taken"}, 17, {join(no, ", "), Tone::dim});
  if (!facts["next_protocols"].items().empty()) sheet.labelled(2, {"NPN"}, 17, {listed(facts["next_protocols"])});
  inconclusive(sheet, facts);
}

void alpn(FactSheet& sheet, Value const& facts) {
  if (!facts.is_object()) return;
  sheet.heading("ALPN, " + facts["protocol"].as_string());
  std::string const& unknown = facts["unknown"].as_string();
  std::string taken = listed(facts["protocols"]);
  if (facts["chooser"] == Value{"server"}) taken += " (the server chooses)";
  if (facts["chooser"] == Value{"client"} && unknown != "echoed") taken += " (the client chooses)";
  if (unknown == "echoed") taken = "whatever is offered";
  sheet.labelled(2, {"taken"}, 17, taken.empty() ? Cell{"none", Tone::dim} : Cell{taken});
  if (unknown == "ignored") sheet.labelled(2, {"unknown"}, 17, {"ignored"});
  if (unknown == "unoffered") sheet.labelled(2, {"unknown"}, 17, {"answered with what was not offered", Tone::fair});
  if (unknown == "refused") {
    sheet.labelled(2, {"unknown"}, 17, {facts["alert"].is_string() ? "refused with " + facts["alert"].as_string() : "refused"});
  }
  inconclusive(sheet, facts);
}

void name_row(FactSheet& sheet, std::string_view label, Value const& facts) {
  std::string const& answer = facts["answer"].as_string();
  if (answer.empty() || answer == "not_applicable") return;
  std::string text = answer == "same_certificate" ? "the same certificate" : answer;
  if (answer == "other_certificate") text = "another certificate: " + facts["subject"].as_string();
  if (facts["alert"].is_string()) text += " with " + facts["alert"].as_string();
  if (facts["warning"] == Value{true}) text += ", with the warning unrecognized_name";
  if (facts["inconclusive"].is_string()) text += ": " + facts["inconclusive"].as_string();
  sheet.labelled(2, {std::string{label}}, 17, {text, answer == "inconclusive" ? Tone::fair : Tone::plain});
}

void server_name(FactSheet& sheet, Value const& facts) {
  if (!facts.is_object()) return;
  sheet.heading("Other server names, " + facts["protocol"].as_string());
  name_row(sheet, "no name", facts["without_name"]);
  name_row(sheet, "unknown name", facts["unknown_name"]);
}

void certificate_compression(FactSheet& sheet, Value const& facts) {
  if (!facts.is_object()) return;
  sheet.heading("Certificate compression");
  bool const none = facts["algorithms"].items().empty();
  if (!none || !facts["inconclusive"].is_string()) sheet.labelled(2, {"used"}, 17, {none ? "none" : listed(facts["algorithms"])});
  inconclusive(sheet, facts);
}

void client_authentication(FactSheet& sheet, Value const& facts) {
  std::string const& requested = facts["requested"].as_string();
  if (requested.empty() || requested == "no") return;
  sheet.heading("Client certificates");
  inconclusive(sheet, facts);
  if (requested != "yes") return;
  std::string const& required = facts["required"].as_string();
  sheet.labelled(2, {"asked for"}, 17, {"in " + listed(facts["protocols"])});
  sheet.labelled(2, {"required"}, 17,
                 {required + ": " + facts["reason"].as_string(), required == "inconclusive" ? Tone::fair : Tone::plain});
  Value::Array const& names = facts["authorities"].items();
  for (std::size_t i = 0; i < names.size(); ++i) sheet.labelled(2, {i == 0 ? "authorities" : ""}, 17, {names[i].as_string()});
  std::int64_t const more = facts["authorities_total"].as_int() - static_cast<std::int64_t>(names.size());
  if (more > 0) sheet.labelled(2, {}, 17, {"and " + std::to_string(more) + " more", Tone::dim});
}

}  // namespace

void write_hello_extensions(FactSheet& sheet, Value const& facts) {
  extensions(sheet, facts["extensions"]);
  alpn(sheet, facts["alpn"]);
}

void write_certificate_messages(FactSheet& sheet, Value const& facts) {
  client_authentication(sheet, facts["client_authentication"]);
  server_name(sheet, facts["server_name"]);
  certificate_compression(sheet, facts["certificate_compression"]);
}

void write_extensions(FactSheet& sheet, Value const& facts) {
  write_hello_extensions(sheet, facts);
  write_certificate_messages(sheet, facts);
}

}  // namespace tlsgauge::report
