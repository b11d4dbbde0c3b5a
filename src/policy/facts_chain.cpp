// Facts about how a chain is put together, and about keys that can be broken although they look long enough.

#include <fmt/format.h>

#include <algorithm>

#include "policy/readers.hpp"

namespace tlsgauge::policy {

Observed read_chain_faults(Subject const& subject, wire::ProtocolVersion) {
  bool const stored_earlier = !subject.certificate->find("inconclusive") && !subject.certificate->find("shape");
  if (stored_earlier) return Observed::not_applicable("how the chain is put together was not looked at");
  Section const shape = certificate_part(subject, "shape");
  if (!shape.value) return shape.missing;
  Observed out;
  out.state = Observed::State::known;
  auto const say = [&](std::string_view word) {
    out.elements.push_back({.key = std::string{word}, .label = std::string{word}, .code = 0});
  };
  Value const& found = *shape.value;
  std::string const unread = "how the chain is put together was not read in full";
  if (!found["in_order"].is_bool() || !found["anchor_sent"].is_bool()) make_incomplete(out, unread);
  if (found["in_order"].is_bool() && !found["in_order"].as_bool()) say("out_of_order");
  for (std::string_view const word : {"duplicates", "superfluous", "unparsable"}) {
    if (!found[word].is_array()) make_incomplete(out, unread);
    if (!found[word].items().empty()) say(word);
  }
  if (found["anchor_sent"].as_bool()) say("anchor_sent");
  return out;
}

Observed read_key_faults(Subject const& subject, wire::ProtocolVersion) {
  Section const chain = certificate_part(subject, "chain");
  if (!chain.value) return chain.missing;
  Observed out;
  out.state = Observed::State::known;
  bool looked = false;
  std::size_t number = 0;
  for (Value const& certificate : chain.value->items()) {
    ++number;
    if (certificate["unparsable"].as_bool()) continue;
    Value const* const faults = certificate["key"].find("faults");
    if (!faults) continue;
    looked = true;
    if (!faults->is_array()) make_incomplete(out, fmt::format("the faults of the key of certificate {} were not read", number));
    for (Value const& fault : faults->items()) {
      if (!fault.is_string()) {
        make_incomplete(out, "the list has something that is no text");
        continue;
      }
      std::string const word = bounded(fault.as_string(), 40);
      Element element{.key = word, .label = fmt::format("{} (certificate {})", word, number), .code = 0};
      auto const same = [&](Element const& other) { return other.key == word; };
      if (std::ranges::none_of(out.elements, same)) out.elements.push_back(std::move(element));
    }
  }
  if (looked && out.elements.empty() && !out.complete) return Observed::unknown(out.reason);
  return looked ? out : Observed::not_applicable("the keys were not looked into");
}

void add_chain_facts(std::vector<FactSpec>& all) {
  all.push_back({.name = "certificate.chain_faults",
                 .type = Type::texts,
                 .scope = Scope::certificate,
                 .sentence = "how the chain as sent is badly put together; a missing intermediate is a matter of trust",
                 .noun = "faults in the making of the chain",
                 .read = read_chain_faults,
                 .verb = "found",
                 .words = {"out_of_order", "duplicates", "superfluous", "unparsable", "anchor_sent"},
                 .optional = true});
  all.push_back({.name = "certificate.key_faults",
                 .type = Type::texts,
                 .scope = Scope::certificate,
                 .sentence = "why a key of the chain can be broken, or is made carelessly, although it may look long enough",
                 .noun = "faults of the keys",
                 .read = read_key_faults,
                 .verb = "found",
                 .words = {"exponent_one", "exponent_even", "exponent_small", "roca", "close_primes", "small_factor", "small_modulus"},
                 .optional = true});
}

}  // namespace tlsgauge::policy
