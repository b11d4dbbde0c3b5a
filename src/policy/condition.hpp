#pragma once
// Expectations of facts, alone or combined, and what comes of them in three-valued logic.

#include <string>
#include <vector>

#include "policy/observed.hpp"
#include "policy/vocabulary.hpp"

namespace tlsgauge::policy {

/// The members that an operator compares with: listed ones, and those that an attribute describes.
struct Selection {
  Type type = Type::texts;
  std::vector<Element> elements;
  std::vector<Attribute const*> attributes;

  /// `unknown` when the registry does not know the element and an attribute would have to decide.
  [[nodiscard]] Truth contains(Element const& element) const;
  /// The members' names, attributes in words.
  [[nodiscard]] std::vector<std::string> labels() const;
};

/// One operator on one fact.
struct Expectation {
  FactSpec const* fact = nullptr;
  Operator op = Operator::equals;
  Selection selection;  ///< sets, and texts of one_of, equals, not_equals
  std::vector<double> numbers;
  bool flag = false;
  std::vector<Selection> tiers;  ///< of preferred_order, most preferred first
};

struct Condition {
  enum class Kind { expectation, all, any, negation };
  Kind kind = Kind::expectation;
  Expectation expectation;
  std::vector<Condition> parts;
};

struct Outcome {
  Truth truth = Truth::unknown;
  std::string observed;            ///< in words
  std::vector<Cause> causes = {};  ///< of `no`: Requirement::causes
  bool more_possible = false;      ///< of `no`: Requirement::more_possible
};

/// What a fact means for an expectation of it. Missing evidence is never `yes`.
[[nodiscard]] Outcome judge(Expectation const& expectation, Observed const& observed);
/// `not_applicable` parts count neither way; all of them so: not_applicable.
[[nodiscard]] Outcome judge(Condition const& condition, Subject const& subject);

[[nodiscard]] Truth negated(Truth truth);

/// "only TLSv1.2 and TLSv1.3"; lists longer than `limit` octets are cut ("... and 5 more").
[[nodiscard]] std::string expected_words(Condition const& condition, std::size_t limit = 160);

}  // namespace tlsgauge::policy
