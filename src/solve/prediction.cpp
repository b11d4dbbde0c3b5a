#include "solve/prediction.hpp"

#include <algorithm>

namespace tlsgauge::solve {

std::vector<std::pair<Code, Index>> places(Universe const& universe) {
  std::vector<std::pair<Code, Index>> out;
  for (std::size_t i = 0; i < universe.members.size(); ++i) out.emplace_back(universe.members[i].code, static_cast<Index>(i));
  std::sort(out.begin(), out.end());
  return out;
}

std::optional<Index> place(std::vector<std::pair<Code, Index>> const& places, Code code) {
  auto const at = std::lower_bound(places.begin(), places.end(), std::pair{code, Index{0}});
  if (at == places.end() || at->first != code) return std::nullopt;
  return at->second;
}

Prediction::Prediction(Universe const& universe, Knowledge const& knowledge) {
  std::vector<std::pair<Code, Index>> const by_code = places(universe);
  for (std::vector<Code> const& order : universe.orders) {
    Hypothesis hypothesis;
    for (Code const c : order) {
      std::optional<Index> const i = place(by_code, c);
      if (!i) continue;
      hypothesis.order.push_back(*i);
      hypothesis.members.set(*i);
    }
    hypotheses_.push_back(std::move(hypothesis));
  }
  std::size_t const known = hypotheses_.size();
  for (std::size_t i = 0; i < known; ++i) {
    Hypothesis client = hypotheses_[i];
    client.order = knowledge.listed(client.members);
    hypotheses_.push_back(std::move(client));
  }
}

void Prediction::expect(std::vector<Index> order) {
  Hypothesis hypothesis;
  for (Index const i : order) hypothesis.members.set(i);
  hypothesis.order = std::move(order);
  for (Answer const& answer : history_) weigh(hypothesis, answer.offer, answer.pick);
  hypotheses_.insert(hypotheses_.begin(), std::move(hypothesis));
}

void Prediction::weigh(Hypothesis& hypothesis, Set const& offer, Index pick) {
  if (!hypothesis.members.test(pick)) ++hypothesis.errors;
  for (Index const i : hypothesis.order) {
    if (i == pick) break;
    if (!offer.test(i) || hypothesis.passed_over.test(i)) continue;
    hypothesis.passed_over.set(i);
    ++hypothesis.errors;
  }
}

void Prediction::picked(Set const& offer, Index pick) {
  for (Hypothesis& hypothesis : hypotheses_) weigh(hypothesis, offer, pick);
  history_.push_back({offer, pick});
}

Prediction::Hypothesis const* Prediction::best() const {
  auto const at = std::min_element(hypotheses_.begin(), hypotheses_.end(),
                                   [](Hypothesis const& a, Hypothesis const& b) { return a.errors < b.errors; });
  return at == hypotheses_.end() ? nullptr : &*at;
}

Set Prediction::likely() const {
  Set all;
  Hypothesis const* const least = best();
  for (Hypothesis const& hypothesis : hypotheses_) {
    if (hypothesis.errors == least->errors) all |= hypothesis.members;
  }
  return all;
}

std::optional<Index> Prediction::top(Set const& offer, Knowledge const& knowledge) const {
  Set const known = offer & knowledge.found();
  std::optional<Index> guess;
  if (Hypothesis const* const hypothesis = best()) {
    for (Index const i : hypothesis->order) {
      if (!offer.test(i)) continue;
      if (!known.test(i) && (hypothesis->passed_over.test(i) || !knowledge.open().test(i))) continue;
      guess = i;
      break;
    }
  }
  if (known.none()) return guess;
  // What is proven comes before what is guessed: nothing below a known code can be the top.
  Set const tops = knowledge.tops(known);
  if (guess && (!known.test(*guess) || tops.test(*guess))) {
    for (Index const i : indices(tops)) {
      if (i != *guess && knowledge.above(i).test(*guess)) return i;
    }
    return guess;
  }
  for (Index const i : indices(tops)) {
    if (guess && knowledge.above(i).test(*guess)) return i;
  }
  if (tops.none()) return std::nullopt;
  return static_cast<Index>(tops._Find_first());
}

}  // namespace tlsgauge::solve
