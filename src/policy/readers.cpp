// What all readers of facts need.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "policy/readers.hpp"

namespace tlsgauge::policy {
namespace {

using wire::ProtocolVersion;

constexpr std::size_t kMaxReason = 120;
constexpr std::size_t kMaxWord = 80;

}  // namespace

void add_once(std::vector<Element>& elements, Element element) {
  if (std::ranges::find(elements, element) == elements.end()) elements.push_back(std::move(element));
}

std::optional<std::uint32_t> code_of(std::string const& text) {
  if (text.size() < 3 || text.size() > 10 || text[0] != '0' || (text[1] | 0x20) != 'x') return std::nullopt;
  std::uint32_t code = 0;
  auto const [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), code, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return code;
}

Element coded(std::uint32_t code, bool ssl2, std::string label) {
  Element element;
  element.code = code;
  element.key = ssl2 ? fmt::format("0x{:06X}", code) : fmt::format("0x{:04X}", code);
  element.label = label.empty() ? element.key : bounded(label, kMaxReason);
  return element;
}

void make_incomplete(Observed& observed, std::string reason) {
  if (observed.complete) observed.reason = std::move(reason);
  observed.complete = false;
}

Observed chooser_of(Value const& order) {
  std::string const& chooser = order["chooser"].as_string();
  if (chooser == "server" || chooser == "client" || chooser == "indifferent") return Observed::of_text(chooser);
  return Observed::unknown(reason_of(order, "who chooses could not be established"));
}

Section section(Endpoint const& endpoint, std::string_view key) {
  Value const* const value = endpoint.facts.find(key);
  if (value && value->is_object() && value->find("inconclusive")) {
    return {.value = nullptr, .missing = Observed::unknown(reason_of(*value, "could not be established"))};
  }
  if (value && !value->is_null()) return {.value = value, .missing = {}};
  // A probe that failed leaves a note under its id, which is the key with dashes.
  for (ErrorNote const& error : endpoint.errors) {
    bool const same = std::ranges::equal(error.where, key, [](char a, char b) { return a == b || (a == '-' && b == '_'); });
    if (same) return {.value = nullptr, .missing = Observed::unknown(bounded(error.what, kMaxReason))};
  }
  return {.value = nullptr, .missing = Observed::unknown("not asked")};
}

std::string reason_of(Value const& value, std::string_view otherwise) {
  for (std::string_view const key : {"inconclusive", "reason"}) {
    std::string const& reason = value[key].as_string();
    if (!reason.empty()) return bounded(reason, kMaxReason);
  }
  return std::string{otherwise};
}

VersionSupport version_support(Endpoint const& endpoint, ProtocolVersion version) {
  Section const protocols = section(endpoint, "protocols");
  if (!protocols.value) return {.accepted = Truth::unknown, .reason = protocols.missing.reason};
  VersionSupport out{.accepted = Truth::unknown, .reason = "not asked"};
  bool seen = false;
  for (Value const& entry : protocols.value->items()) {
    if (entry["name"].as_string() != wire::name(version)) continue;
    std::string const& support = entry["support"].as_string();
    bool const told = support == "yes" || support == "no";
    Truth const accepted = !told ? Truth::unknown : support == "yes" ? Truth::yes : Truth::no;
    if (seen && accepted != out.accepted) return {.accepted = Truth::unknown, .reason = "contradicting entries"};
    seen = true;
    out = {.accepted = accepted, .reason = told ? std::string{} : reason_of(entry, "no reason given")};
  }
  return out;
}

std::string could_not_tell(ProtocolVersion version, std::string_view reason) {
  return fmt::format("whether {} is accepted is not known: {}", wire::name(version), reason);
}

void set_order(Observed& observed, Value const& order) {
  Observed const chooser = chooser_of(order);
  if (chooser.state != Observed::State::known) {
    observed.order_note = chooser.reason;
    return;
  }
  observed.ordered = chooser.text == "server" ? Truth::yes : Truth::no;
  if (chooser.text == "client") observed.order_note = "the client chooses";
  if (chooser.text == "indifferent") observed.order_note = "there is nothing to choose";
}

Section measured(Endpoint const& endpoint, std::string_view key) {
  Value const* const value = endpoint.facts.find(key);
  if (value && value->is_object()) return {.value = value, .missing = {}};
  Section found = section(endpoint, key);
  return found.value ? Section{.value = nullptr, .missing = Observed::unknown("not established")} : std::move(found);
}

VersionSupport any_support(Endpoint const& endpoint, ProtocolVersion lowest, ProtocolVersion highest) {
  VersionSupport out{.accepted = Truth::no, .reason = {}};
  for (ProtocolVersion const version : wire::kAllVersions) {
    if (version < lowest || version > highest) continue;
    VersionSupport const one = version_support(endpoint, version);
    if (one.accepted == Truth::yes) return one;
    if (one.accepted == Truth::unknown) out = {.accepted = Truth::unknown, .reason = could_not_tell(version, one.reason)};
  }
  return out;
}

Section measured_within(Endpoint const& endpoint, std::string_view key, ProtocolVersion lowest, ProtocolVersion highest) {
  Section found = measured(endpoint, key);
  if (found.value) return found;
  VersionSupport const support = any_support(endpoint, lowest, highest);
  if (support.accepted == Truth::no) {
    std::string const which =
        lowest == highest ? wire::name(lowest) : fmt::format("no version from {} to {}", wire::name(lowest), wire::name(highest));
    found.missing = Observed::not_applicable(which + (lowest == highest ? " is not accepted" : " is accepted"));
  } else if (support.accepted == Truth::unknown && found.missing.reason == "not asked") {
    found.missing = Observed::unknown(support.reason);
  }
  return found;
}

Observed answer(Value const& section, std::string_view key, std::string_view why_not_applicable) {
  Value const& found = section[key];
  if (found.is_bool()) return Observed::boolean(found.as_bool());
  std::string const& word = found.as_string();
  if (word == "yes") return Observed::boolean(true);
  std::string const& reason = section["reasons"][key].as_string();
  if (word == "no") return Observed::boolean(false, bounded(reason, kMaxReason));
  if (word == "not_applicable") return Observed::not_applicable(std::string{why_not_applicable});
  return Observed::unknown(reason.empty() ? reason_of(section, "not established") : bounded(reason, kMaxReason));
}

Observed word_of(Value const& section, std::string_view key, std::vector<std::string_view> const& words,
                 std::string_view why_not_applicable) {
  Value const* const found = section.find(key);
  if (found && (found->is_null() || found->as_string() == "not_applicable"))
    return Observed::not_applicable(std::string{why_not_applicable});
  if (found && std::ranges::find(words, found->as_string()) != words.end()) return Observed::of_text(found->as_string());
  return Observed::unknown(reason_of(section, "not established"));
}

Observed texts_of(Value const& section, std::string_view key) {
  Value const& list = section[key];
  if (!list.is_array()) return Observed::unknown(reason_of(section, "not established"));
  Observed out;
  out.state = Observed::State::known;
  for (Value const& text : list.items()) {
    if (text.is_string()) {
      add_once(out.elements, {.key = text.as_string(), .label = bounded(text.as_string(), kMaxWord), .code = 0});
    } else {
      make_incomplete(out, "the list has something that is no text");
    }
  }
  return out;
}

}  // namespace tlsgauge::policy
