// Facts about the signed certificate timestamps of a certificate that was shown.

#include <fmt/format.h>

#include <algorithm>

#include "policy/readers.hpp"

namespace tlsgauge::policy {
namespace {

/// The entry of facts.transparency for the subject's certificate, or why there is none.
Section timestamps(Subject const& subject) {
  Section const all = section(*subject.endpoint, "transparency");
  if (!all.value) {
    // Not asked, or stored before it could be asked: nothing that a gate could wait for.
    if (!subject.endpoint->facts.find("transparency")) return {.value = nullptr, .missing = Observed::not_applicable("not looked for")};
    return all;
  }
  Value const& chain = (*subject.certificate)["chain"];
  if (chain.items().empty()) return {.value = nullptr, .missing = Observed::unknown("the certificate could not be read")};
  std::string const& sha256 = chain.items().front()["sha256"].as_string();
  if (sha256.empty()) return {.value = nullptr, .missing = Observed::unknown("the certificate could not be read")};
  for (Value const& entry : all.value->items()) {
    if (entry["sha256"].as_string() == sha256) return {.value = &entry, .missing = {}};
  }
  return {.value = nullptr, .missing = Observed::not_applicable("its timestamps were not looked for")};
}

}  // namespace

Observed read_timestamp_faults(Subject const& subject, wire::ProtocolVersion) {
  Section const found = timestamps(subject);
  if (!found.value) return found.missing;
  Observed out;
  out.state = Observed::State::known;
  for (Value const& timestamp : (*found.value)["timestamps"].items()) {
    std::string const& status = timestamp["status"].as_string();
    if (status != "bad_signature" && status != "malformed" && status != "in_future") continue;
    Element element{.key = status, .label = status, .code = 0};
    if (std::ranges::find(out.elements, element) == out.elements.end()) out.elements.push_back(std::move(element));
  }
  return out;
}

Observed read_timestamp_count(Subject const& subject, wire::ProtocolVersion) {
  Section const found = timestamps(subject);
  if (!found.value) return found.missing;
  Value const& list = (*found.value)["timestamps"];
  if (!list.is_array()) return Observed::unknown(reason_of(*found.value, "not established"));
  std::int64_t good = 0;
  std::int64_t unproven = 0;
  for (Value const& timestamp : list.items()) {
    std::string const& status = timestamp["status"].as_string();
    if (status == "valid") ++good;
    if (status == "unverified" || status == "unknown_log" || status == "unsupported") ++unproven;
  }
  Observed out = Observed::of_number(static_cast<double>(good + unproven));
  if (unproven > 0) make_incomplete(out, fmt::format("{} of them could not be verified", unproven));
  return out;
}

Observed read_too_few_timestamps(Subject const& subject, wire::ProtocolVersion) {
  Section const found = timestamps(subject);
  if (!found.value) return found.missing;
  Value const& satisfied = (*found.value)["satisfied"];
  Observed out = Observed::boolean(satisfied.is_bool() && !satisfied.as_bool());
  if (out.flag) out.note = bounded((*found.value)["detail"].as_string(), 160);
  return out;
}

}  // namespace tlsgauge::policy
