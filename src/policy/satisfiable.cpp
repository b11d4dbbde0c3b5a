#include "policy/satisfiable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace tlsgauge::policy {
namespace {

constexpr std::size_t kMaxWays = 64;
constexpr double kNoLimit = std::numeric_limits<double>::infinity();

Element element_of(std::string_view word) { return {.key = std::string{word}, .label = std::string{word}, .code = 0}; }

template <class Infos>
void add_codes(std::vector<Element>& out, Infos const& infos, int digits) {
  for (auto const& info : infos) {
    auto const code = static_cast<std::uint32_t>(info.code);
    out.push_back({.key = fmt::format("0x{:0{}X}", code, digits), .label = std::string{info.name}, .code = code});
  }
}

std::vector<Element> registry(Type type) {
  std::vector<Element> out;
  switch (type) {
    case Type::versions:
      for (wire::ProtocolVersion const version : wire::kAllVersions) out.push_back(element_of(wire::name(version)));
      break;
    case Type::suites:
      add_codes(out, wire::cipher_suites(), 4);
      add_codes(out, wire::ssl2_cipher_kinds(), 6);
      break;
    case Type::groups:
      add_codes(out, wire::named_groups(), 4);
      break;
    case Type::signatures:
      add_codes(out, wire::signature_schemes(), 4);
      break;
    default:
      break;
  }
  return out;
}

/// All that can be in the set; empty: anything can.
std::vector<Element> const& universe(FactSpec const& fact) {
  static std::map<Type, std::vector<Element>> const registries = {{Type::versions, registry(Type::versions)},
                                                                  {Type::suites, registry(Type::suites)},
                                                                  {Type::groups, registry(Type::groups)},
                                                                  {Type::signatures, registry(Type::signatures)}};
  static std::map<FactSpec const*, std::vector<Element>> const vocabularies = [] {
    std::map<FactSpec const*, std::vector<Element>> out;
    for (FactSpec const& each : facts()) {
      for (std::string_view const word : each.words) out[&each].push_back(element_of(word));
    }
    return out;
  }();
  static std::vector<Element> const open;
  if (auto const known = registries.find(fact.type); known != registries.end()) return known->second;
  auto const words = vocabularies.find(&fact);
  return words == vocabularies.end() ? open : words->second;
}

/// Everything that literals say of one fact.
class Bounds {
 public:
  explicit Bounds(FactSpec const& fact) : fact_(fact) {
    if (fact.name != "certificate.days_left") low_ = 0;  // the only number that can be negative
  }

  void add(Literal const& literal) {
    Expectation const& e = *literal.expectation;
    if (e.op == Operator::exists) {
      (e.flag == literal.positive ? exists_ : missing_) = true;
      return;
    }
    if (fact_.type == Type::number) return add_number(e, literal.positive);
    if (fact_.type == Type::boolean) {
      ((e.flag == (e.op == Operator::equals)) == literal.positive ? true_ : false_) = true;
      return;
    }
    if (fact_.type == Type::text) {
      ((e.op != Operator::not_equals) == literal.positive ? within_ : without_).push_back(&e.selection);
      text_ = true;
      return;
    }
    add_set(e, literal.positive);
  }

  [[nodiscard]] bool impossible() const {
    if (exists_ && missing_) return true;
    if (missing_) return false;  // where there is no such thing, nothing is said of it
    if (true_ && false_) return true;
    if (fact_.type == Type::number) return no_number();
    return is_set(fact_.type) || text_ ? no_set() : false;
  }

 private:
  void add_number(Expectation const& e, bool positive) {
    double const number = e.numbers.front();
    if (e.op == Operator::min || e.op == Operator::max) {
      bool const lower = (e.op == Operator::min) == positive;
      double& bound = lower ? low_ : high_;
      bool& open = lower ? low_open_ : high_open_;
      bool const tighter = lower ? number > bound : number < bound;
      if (tighter || (number == bound && !positive)) open = !positive;
      if (tighter) bound = number;
      return;
    }
    if ((e.op != Operator::not_equals) == positive) {
      values_.push_back(&e.numbers);
    } else {
      excluded_.insert(e.numbers.begin(), e.numbers.end());
    }
  }

  void add_set(Expectation const& e, bool positive) {
    switch (e.op) {
      case Operator::subset_of:
        (positive ? within_ : beyond_).push_back(&e.selection);
        break;
      case Operator::superset_of:
      case Operator::includes:
        if (positive) required_.insert(required_.end(), e.selection.elements.begin(), e.selection.elements.end());
        if (!positive && e.selection.elements.size() == 1) without_.push_back(&e.selection);
        break;
      case Operator::excludes:
      case Operator::intersects:
        ((e.op == Operator::excludes) == positive ? without_ : touching_).push_back(&e.selection);
        break;
      case Operator::not_empty:
        (e.flag == positive ? filled_ : empty_) = true;
        break;
      case Operator::equals:
      case Operator::not_equals:
        if ((e.op == Operator::equals) != positive) break;  // that it is another set says nothing of its members
        within_.push_back(&e.selection);
        required_.insert(required_.end(), e.selection.elements.begin(), e.selection.elements.end());
        break;
      default:
        break;
    }
  }

  [[nodiscard]] bool no_number() const {
    auto const fits = [&](double n) {
      bool const above = n > low_ || (n == low_ && !low_open_);
      bool const below = n < high_ || (n == high_ && !high_open_);
      bool const listed = std::ranges::all_of(values_, [&](auto const* list) { return std::ranges::find(*list, n) != list->end(); });
      return above && below && listed && !excluded_.contains(n);
    };
    if (!values_.empty()) return std::ranges::none_of(*values_.front(), fits);
    return low_ > high_ || (low_ == high_ && !fits(low_));
  }

  [[nodiscard]] bool allowed(Element const& element) const {
    auto const has = [&](Selection const* selection) { return selection->contains(element) == Truth::yes; };
    return std::ranges::all_of(within_, has) && std::ranges::none_of(without_, has);
  }

  [[nodiscard]] bool no_set() const {
    auto const fits = [&](Element const& element) { return allowed(element); };
    if (empty_ && (filled_ || !required_.empty() || !touching_.empty() || !beyond_.empty())) return true;
    if (!std::ranges::all_of(required_, fits)) return true;
    std::vector<Element> const& all = universe(fact_);
    for (Selection const* const selection : touching_) {
      auto const touches = [&](Element const& element) { return selection->contains(element) == Truth::yes && allowed(element); };
      if (std::ranges::none_of(selection->elements, fits) && std::ranges::none_of(all, touches)) return true;
    }
    if (all.empty()) {
      // Of open texts only what is listed can be told.
      return text_ && !within_.empty() && std::ranges::none_of(within_.front()->elements, fits);
    }
    for (Selection const* const selection : beyond_) {
      auto const outside = [&](Element const& element) { return selection->contains(element) != Truth::yes && allowed(element); };
      if (std::ranges::none_of(all, outside)) return true;
    }
    return (filled_ || text_) && std::ranges::none_of(all, fits);
  }

  FactSpec const& fact_;
  bool exists_ = false, missing_ = false;
  bool true_ = false, false_ = false;
  double low_ = -kNoLimit, high_ = kNoLimit;
  bool low_open_ = false, high_open_ = false;
  std::vector<std::vector<double> const*> values_;
  std::set<double> excluded_;
  bool text_ = false, filled_ = false, empty_ = false;
  std::vector<Element> required_;
  std::vector<Selection const*> within_, without_, touching_, beyond_;
};

std::string words_of(Literal const& literal) {
  Condition condition;
  condition.expectation = *literal.expectation;
  std::string words = expected_words(condition, 80);
  return literal.positive ? words : "not " + words;
}

}  // namespace

std::optional<std::vector<Conjunction>> both(std::optional<std::vector<Conjunction>> const& a,
                                             std::optional<std::vector<Conjunction>> const& b) {
  if (!a || !b || a->size() * b->size() > kMaxWays) return std::nullopt;
  std::vector<Conjunction> out;
  for (Conjunction const& left : *a) {
    for (Conjunction const& right : *b) {
      Conjunction joined = left;
      joined.insert(joined.end(), right.begin(), right.end());
      out.push_back(std::move(joined));
    }
  }
  return out;
}

std::optional<std::vector<Conjunction>> alternatives(Condition const& condition, bool positive) {
  if (condition.kind == Condition::Kind::expectation) return {{{{.expectation = &condition.expectation, .positive = positive}}}};
  if (condition.kind == Condition::Kind::negation) return alternatives(condition.parts.front(), !positive);
  bool const together = (condition.kind == Condition::Kind::all) == positive;
  std::optional<std::vector<Conjunction>> out;
  for (Condition const& part : condition.parts) {
    std::optional<std::vector<Conjunction>> ways = alternatives(part, positive);
    if (!out) {
      out = std::move(ways);
    } else if (together) {
      out = both(out, ways);
    } else if (ways && out->size() + ways->size() <= kMaxWays) {
      out->insert(out->end(), ways->begin(), ways->end());
    } else {
      out.reset();
    }
    if (!out) return out;
  }
  return out;
}

std::string conflict(Conjunction const& literals) {
  std::vector<FactSpec const*> order;
  std::map<FactSpec const*, Bounds> bounds;
  for (Literal const& literal : literals) {
    FactSpec const* const fact = literal.expectation->fact;
    auto const [at, added] = bounds.try_emplace(fact, *fact);
    if (added) order.push_back(fact);
    at->second.add(literal);
  }
  for (FactSpec const* const fact : order) {
    if (!bounds.at(fact).impossible()) continue;
    std::vector<std::string> said;
    for (Literal const& literal : literals) {
      if (literal.expectation->fact == fact) said.push_back(words_of(literal));
    }
    std::string out = fmt::format("{}: {}", fact->name, said.front());
    for (std::size_t i = 1; i < said.size(); ++i) out += ", but also " + said[i];
    return out;
  }
  return {};
}

std::string conflict(std::optional<std::vector<Conjunction>> const& ways) {
  if (!ways) return {};
  std::string first;
  for (Conjunction const& way : *ways) {
    std::string found = conflict(way);
    if (found.empty()) return {};
    if (first.empty()) first = std::move(found);
  }
  return first;
}

}  // namespace tlsgauge::policy
