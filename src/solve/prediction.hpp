#pragma once
// Guesses at a server's order, from orders that other servers have. A guess decides what is asked early; it proves nothing.

#include <optional>
#include <utility>
#include <vector>

#include "solve/knowledge.hpp"

namespace tlsgauge::solve {

/// Where each code stands in the universe, sorted by code.
[[nodiscard]] std::vector<std::pair<Code, Index>> places(Universe const& universe);
[[nodiscard]] std::optional<Index> place(std::vector<std::pair<Code, Index>> const& places, Code code);

class Prediction {
 public:
  /// Every order of the universe, and each once more as the client's choice out of the same set.
  Prediction(Universe const& universe, Knowledge const& knowledge);

  /// Takes an order as likelier than all others until it is contradicted more than they are: another version of the same server.
  void expect(std::vector<Index> order);
  void picked(Set const& offer, Index pick);

  /// All codes of the orders that explain the answers best.
  [[nodiscard]] Set likely() const;
  /// What the server is expected to pick out of `offer`; none when no suspicion is left.
  [[nodiscard]] std::optional<Index> top(Set const& offer, Knowledge const& knowledge) const;

 private:
  struct Hypothesis {
    std::vector<Index> order;
    Set members;
    Set passed_over;  ///< offered, expected, and not picked: absent, or lower than believed
    unsigned errors = 0;
  };
  struct Answer {
    Set offer;
    Index pick = 0;
  };

  static void weigh(Hypothesis& hypothesis, Set const& offer, Index pick);
  [[nodiscard]] Hypothesis const* best() const;

  std::vector<Hypothesis> hypotheses_;
  std::vector<Answer> history_;
};

}  // namespace tlsgauge::solve
