#pragma once
// The same endpoint in two results: one notion of it for `diff` and for --baseline.

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// The endpoints of a result, to be found again from those of another.
class EndpointIndex {
 public:
  /// Keeps nothing of the document.
  explicit EndpointIndex(Document const& document);

  /// The numbers in the document, in its order, of what `target` is: the same `identity` and address; or the same `identity` where neither
  /// result has several of it, since names move from address to address. `alone` says that of the other result.
  [[nodiscard]] std::vector<std::size_t> find(Target const& target, bool alone) const;

  /// Whether the document has no other of this `identity`.
  [[nodiscard]] bool is_alone(Target const& target) const;

 private:
  struct Item {
    std::string address;
    std::size_t number = 0;
  };
  std::map<std::string, std::vector<Item>> items_;  ///< by identity
};

}  // namespace tlsgauge::report
