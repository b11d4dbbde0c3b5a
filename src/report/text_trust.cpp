#include "report/text_trust.hpp"

#include <fmt/format.h>

#include <algorithm>

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
  if (Value const& cut = chain["cut"]; cut.is_object()) {
    out.push_back({"cut",
                   fmt::format("the chain has {} octets; certificates kept of its beginning: {}", cut["octets"].as_int(),
                               cut["certificates_shown"].as_int()),
                   Tone::fair});
  }
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

bool is_for_others(Value const& chain) { return chain["shown_for"]["named"].is_string(); }

TrustLine others_line(Value const& chain, Value const& all) {
  std::string const label = chain["shown_for"]["named"] == Value{"none"} ? "without server name" : "unknown server name";
  if (chain["chain"].items().empty()) return {label, "a chain that could not be read", Tone::fair};
  Value const& leaf = chain["chain"].items().front();
  bool const same = std::ranges::any_of(all.items(), [&](Value const& each) {
    bool const own = !is_for_others(each) && !each["chain"].items().empty();
    return own && each["chain"].items().front()["sha256"] == leaf["sha256"];
  });
  if (same) return {label, "the same certificate with another chain"};
  std::string const& subject = leaf["subject"].as_string();
  return {label, "another certificate, " + (leaf["unparsable"].as_bool() ? "SHA-256 " + leaf["sha256"].as_string()
                                            : subject.empty()            ? "with an empty subject"
                                                                         : subject)};
}

std::string shape_faults(Value const& shape) {
  std::vector<std::string> faults;
  if (shape["in_order"].is_bool() && !shape["in_order"].as_bool()) faults.emplace_back("not in order");
  auto const places = [&](std::string_view key, std::string_view words) {
    std::vector<std::string> numbers;
    for (Value const& place : shape[key].items()) numbers.push_back(std::to_string(place.as_int() + 1));
    if (!numbers.empty()) faults.push_back(fmt::format("{}: {}", words, join(numbers, ", ")));
  };
  places("duplicates", "sent twice");
  places("superfluous", "of no use");
  places("unparsable", "cannot be parsed");
  if (shape["anchor_sent"].as_bool()) faults.emplace_back("the root is sent as well");
  return join(faults, "; ");
}

std::string key_faults(Value const& key) {
  std::vector<std::string> faults;
  for (Value const& each : key["faults"].items()) {
    std::string const& word = each.as_string();
    faults.push_back(word == "roca"             ? "ROCA (CVE-2017-15361)"
                     : word == "close_primes"   ? "its primes are too close (CVE-2022-26320)"
                     : word == "small_factor"   ? "it has a small factor"
                     : word == "small_modulus"  ? "a modulus below 1024 bits"
                     : word == "exponent_one"   ? "an exponent of 1"
                     : word == "exponent_even"  ? "an even exponent"
                     : word == "exponent_small" ? "an exponent of " + key["exponent"].as_string()
                                                : word);
  }
  return join(faults, ", ");
}

}  // namespace tlsgauge::report
