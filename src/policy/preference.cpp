#include "policy/preference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace tlsgauge::policy {
namespace {

constexpr std::size_t kMaxPairs = 256;

/// From 0; the number of tiers: none. `unknown`: the registry does not know the element, and an attribute would have to decide.
std::size_t tier_of(Element const& element, std::vector<Selection> const& tiers, bool& unknown) {
  for (std::size_t i = 0; i < tiers.size(); ++i) {
    Truth const inside = tiers[i].contains(element);
    if (inside == Truth::yes) return i;
    unknown = unknown || inside == Truth::unknown;
  }
  return tiers.size();
}

}  // namespace

Outcome judge_order(Expectation const& e, Observed const& observed) {
  struct Placed {
    Element const* element;
    std::size_t tier;
  };
  std::vector<Placed> placed;
  std::set<std::size_t> tiers;
  std::string doubt;
  for (Element const& element : observed.elements) {
    bool unknown = false;
    std::size_t const tier = tier_of(element, e.tiers, unknown);
    if (unknown) {
      doubt = fmt::format("what {} is, is not known", element.label);
    } else if (tier < e.tiers.size()) {
      placed.push_back({.element = &element, .tier = tier});
      tiers.insert(tier);
    }
  }
  for (Observed::Possible const& possible : observed.possible) {
    bool unknown = false;
    if (tier_of(possible.element, e.tiers, unknown) < e.tiers.size() || unknown) doubt = possible.reason;
  }
  if (!observed.complete) doubt = observed.reason;
  if (observed.ordered == Truth::no) return {.truth = Truth::not_applicable, .observed = observed.order_note};
  if (tiers.size() < 2 && doubt.empty()) return {.truth = Truth::not_applicable, .observed = "no two of different rank are accepted"};
  if (observed.ordered != Truth::yes) {
    std::string const note = observed.order_note.empty() ? "the order could not be established" : observed.order_note;
    return {.truth = Truth::unknown, .observed = note};
  }
  // What is missing from an incomplete list does not change how two that are in it stand to each other.
  auto const preferred = [](Placed const& first, Placed const& second) {
    return fmt::format("{} is preferred to {}", first.element->label, second.element->label);
  };
  Outcome wrong{.truth = Truth::no, .observed = {}, .more_possible = !doubt.empty()};
  Placed const* lowest = nullptr;
  for (auto later = placed.begin(); later != placed.end(); ++later) {
    if (lowest && later->tier < lowest->tier && wrong.observed.empty()) wrong.observed = preferred(*lowest, *later);
    if (!lowest || later->tier > lowest->tier) lowest = &*later;
    for (auto earlier = placed.begin(); earlier != later; ++earlier) {
      if (earlier->tier <= later->tier) continue;
      if (wrong.causes.size() == kMaxPairs) {
        wrong.more_possible = true;
        return wrong;
      }
      std::string const said = preferred(*earlier, *later);
      wrong.causes.push_back({.key = said, .label = said});
    }
  }
  if (!wrong.causes.empty()) return wrong;
  if (!doubt.empty()) return {.truth = Truth::unknown, .observed = std::move(doubt)};
  std::vector<std::string> labels;
  for (Placed const& one : placed) labels.push_back(one.element->label);
  return {.truth = Truth::yes, .observed = "in this order: " + enumerate(labels)};
}

std::string order_words(Expectation const& e, std::size_t limit) {
  std::string out = "preferred in this order: ";
  std::size_t const each = std::max<std::size_t>(limit / e.tiers.size(), 40);
  for (std::size_t i = 0; i < e.tiers.size(); ++i) {
    if (i > 0) out += "; then ";
    if (out.size() > limit) return out + fmt::format("{} more", e.tiers.size() - i);
    out += enumerate(e.tiers[i].labels(), "and", each);
  }
  return out;
}

}  // namespace tlsgauge::policy
