#pragma once
// The same endpoint in two results: one notion of it for `diff` and for --baseline.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// The endpoints of a result, to be found again from those of another. Of several measurements of one endpoint (the same `identity` and
/// address) the last in the document counts, which is the newest where JSON lines of several runs were joined. A name that had no address
/// is superseded by any later one of that name, and supersedes none: another run may have found it.
class EndpointIndex {
 public:
  /// Keeps nothing of the document.
  explicit EndpointIndex(Document const& document);

  /// The number in the document of the endpoint that `target` is: the same `identity` and address; or the same `identity` alone where
  /// neither result has several of it, since names move from address to address. `alone` says that of the other result. Logarithmic.
  [[nodiscard]] std::optional<std::size_t> find(Target const& target, bool alone) const;

  /// Whether the document has no other endpoint of this `identity`.
  [[nodiscard]] bool is_alone(Target const& target) const;

  /// `find` with the name of the host as SNI where `target` has none, and with none where it has that: what it is not.
  [[nodiscard]] std::optional<std::size_t> find_by_other_sni(Target const& target, bool alone) const;

  /// The numbers of those that count, in the order of the document.
  [[nodiscard]] std::vector<std::size_t> const& numbers() const { return numbers_; }

  /// One line where endpoints occur more than once, that says so of `which` ("OLD"), and which counts; else empty.
  [[nodiscard]] std::string repetition(std::string_view which) const;

 private:
  struct Item {
    std::size_t number = 0;
    std::size_t times = 1;
  };
  using ByAddress = std::map<std::string, Item>;

  std::map<std::string, ByAddress> items_;  ///< by identity
  std::vector<std::size_t> numbers_;
  std::size_t repeated_ = 0;  ///< endpoints that occur more than once
  std::string example_;       ///< the place of the first of them
};

/// One line for `count` endpoints (1 or more) that one result asked with SNI and the other without, the first of them `example`.
[[nodiscard]] std::string other_sni_warning(std::size_t count, Target const& example);

}  // namespace tlsgauge::report
