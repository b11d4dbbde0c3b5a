#include "report/text_curves.hpp"

#include "base/text.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

std::string names(Value const& list) {
  std::vector<std::string> names;
  for (Value const& each : list.items()) names.push_back(each["name"].as_string());
  return join(names, ", ");
}

/// Those that are bad news.
std::string shown(Value const& list) {
  std::vector<std::string> names;
  for (Value const& each : list.items()) {
    if (each["evidence"].is_object()) names.push_back(each["name"].as_string());
  }
  return join(names, ", ");
}

void primes(FactSheet& sheet, Value const& ffdhe) {
  if (ffdhe["inconclusive"].is_string()) {
    sheet.labelled(2, {"ffdhe"}, 9, {"inconclusive: " + ffdhe["inconclusive"].as_string(), Tone::fair});
  } else if (ffdhe["honoured"] == Value{false}) {
    sheet.labelled(2, {"ffdhe"}, 9, {"the server brings a prime of its own, whatever the client names"});
  } else {
    sheet.labelled(2, {"ffdhe"}, 9,
                   {ffdhe["groups"].items().empty() ? std::string{"none of RFC 7919 is accepted"} : names(ffdhe["groups"])});
  }
}

}  // namespace

void write_group_retry(FactSheet& sheet, Value const& retry) {
  if (!retry.is_object()) return;
  std::string const& preferred = retry["preferred"].as_string();
  std::string const& shared = retry["shared"].as_string();
  if (retry["asks"].is_null()) {
    sheet.labelled(2, {}, 2, {"inconclusive whether a share of " + shared + " suffices: " + retry["inconclusive"].as_string(), Tone::fair});
  } else if (retry["asks"].as_bool()) {
    sheet.labelled(2, {}, 2, {"asks for a retry to get " + preferred + " when a share of " + shared + " is sent", Tone::dim});
  } else {
    sheet.labelled(2, {}, 2, {"takes a share of " + shared + " without a retry, though it prefers " + preferred, Tone::dim});
  }
}

void write_curves(FactSheet& sheet, Value const& curves) {
  if (!curves.is_object()) return;
  Value const& order = curves["order"];
  sheet.heading("Key exchange groups up to TLSv1.2");
  if (order.is_object()) {
    if (!curves["groups"].items().empty()) sheet.labelled(2, {}, 2, {names(curves["groups"])});
    if (std::string const weak = shown(curves["groups"]); !weak.empty()) sheet.labelled(2, {}, 2, {"below 112 bits: " + weak, Tone::bad});
    sheet.labelled(2, {}, 2, {order["protocol"].as_string() + ": " + order_phrase(order), Tone::dim});
  }
  if (curves["not_offered"].is_string()) {
    sheet.labelled(2, {}, 2, {curves["not_offered"].as_string() + " is picked even when it is not offered", Tone::bad});
  }
  if (curves["ffdhe"].is_object()) primes(sheet, curves["ffdhe"]);
}

void write_post_quantum(FactSheet& sheet, Value const& facts) {
  if (!facts.is_object()) return;
  sheet.heading("Post-quantum");
  sheet.labelled(2, {"key exchange"}, 16, {facts["key_exchange"].as_string()});
  sheet.labelled(2, {"certificate"}, 16, {facts["certificates"].as_string()});
}

void write_signature_schemes(FactSheet& sheet, Value const& list) {
  if (list.items().empty()) return;
  sheet.heading("Signatures of handshakes");
  for (Value const& each : list.items()) {
    std::string title = each["protocol"].as_string();
    if (each["authentication"].is_string()) title += ", " + each["authentication"].as_string();
    sheet.labelled(2, {title, Tone::bold}, 18,
                   {each["inconclusive"].is_string() ? "inconclusive" : chooser_phrase(each["chooser"].as_string()), Tone::dim});
    if (!each["schemes"].items().empty()) sheet.labelled(4, {}, 4, {names(each["schemes"])});
    if (std::string const weak = shown(each["schemes"]); !weak.empty()) sheet.labelled(4, {}, 4, {"broken hash: " + weak, Tone::bad});
    if (!each["complete"].as_bool(true)) {
      sheet.labelled(4, {}, 4, {"there may be more than listed (" + each["reason"].as_string() + ")", Tone::fair});
    }
    if (each["not_offered"].is_string()) {
      sheet.labelled(4, {}, 4, {each["not_offered"].as_string() + " is used even when it is not offered", Tone::bad});
    }
  }
}

}  // namespace tlsgauge::report
