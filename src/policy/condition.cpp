#include "policy/condition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "policy/preference.hpp"

namespace tlsgauge::policy {
namespace {

std::vector<std::string> labels_of(std::vector<Element> const& elements) {
  std::vector<std::string> out;
  for (Element const& element : elements) out.push_back(element.label);
  return out;
}

std::string are(std::vector<std::string> const& subjects) { return subjects.size() == 1 ? "is" : "are"; }

std::string with_note(std::string text, Observed const& observed) {
  return observed.note.empty() ? text : fmt::format("{} ({})", text, observed.note);
}

// Of a set, in judgement.
struct Members {
  std::vector<std::string> named;   // members that decide
  std::vector<Cause> causes;        // the same with their keys
  std::vector<std::string> doubts;  // reasons why more could not be said
};

std::string all_of(Observed const& observed) { return observed.elements.empty() ? "none" : enumerate(labels_of(observed.elements)); }

Outcome doubt(std::vector<std::string> const& doubts) {
  return {.truth = Truth::unknown, .observed = doubts.empty() ? "not established" : doubts.front()};
}

// Confirmed members of the kind asked for, and what may be one yet.
Members members_that(Observed const& observed, Selection const& selection, Truth wanted) {
  Members out;
  for (Element const& element : observed.elements) {
    Truth const inside = selection.contains(element);
    if (inside == wanted) {
      out.named.push_back(element.label);
      out.causes.push_back({.key = element.key, .label = element.label});
    }
    if (inside == Truth::unknown) out.doubts.push_back(fmt::format("what {} is, is not known", element.label));
  }
  for (Observed::Possible const& possible : observed.possible) {
    if (selection.contains(possible.element) != negated(wanted)) out.doubts.push_back(possible.reason);
  }
  if (!observed.complete) out.doubts.push_back(observed.reason);
  return out;
}

Outcome judge_none_outside(Expectation const& e, Observed const& observed) {
  Members const outside = members_that(observed, e.selection, Truth::no);
  if (!outside.named.empty()) {
    std::string said = fmt::format("{} {} {} too", enumerate(outside.named), are(outside.named), e.fact->verb);
    std::vector<std::string> const allowed = members_that(observed, e.selection, Truth::yes).named;
    if (!allowed.empty()) said += ", beside " + enumerate(allowed, "and", 100);
    return {.truth = Truth::no, .observed = with_note(said, observed), .causes = outside.causes, .more_possible = !outside.doubts.empty()};
  }
  if (!outside.doubts.empty()) return doubt(outside.doubts);
  return {.truth = Truth::yes, .observed = all_of(observed)};
}

Outcome judge_none_inside(Expectation const& e, Observed const& observed) {
  Members const inside = members_that(observed, e.selection, Truth::yes);
  if (!inside.named.empty()) {
    std::string const said = fmt::format("{} {} {}", enumerate(inside.named), are(inside.named), e.fact->verb);
    return {.truth = Truth::no, .observed = with_note(said, observed), .causes = inside.causes, .more_possible = !inside.doubts.empty()};
  }
  if (!inside.doubts.empty()) return doubt(inside.doubts);
  return {.truth = Truth::yes, .observed = observed.elements.empty() ? "none" : fmt::format("none of them: {}", all_of(observed))};
}

Outcome judge_all_inside(Expectation const& e, Observed const& observed) {
  std::vector<std::string> missing;
  std::vector<Cause> causes;
  std::vector<std::string> doubts;
  for (Element const& wanted : e.selection.elements) {
    if (std::ranges::find(observed.elements, wanted) != observed.elements.end()) continue;
    auto const possible = std::ranges::find(observed.possible, wanted, &Observed::Possible::element);
    if (possible != observed.possible.end()) {
      doubts.push_back(possible->reason);
    } else if (!observed.complete) {
      doubts.push_back(fmt::format("{} was not seen, but {}", wanted.label, observed.reason));
    } else {
      missing.push_back(wanted.label);
      causes.push_back({.key = wanted.key, .label = wanted.label});
    }
  }
  if (!missing.empty()) {
    std::string const said = fmt::format("{} {} not {}", enumerate(missing), are(missing), e.fact->verb);
    return {.truth = Truth::no,
            .observed = observed.elements.empty() ? said : fmt::format("{}, only {}", said, all_of(observed)),
            .causes = std::move(causes),
            .more_possible = !doubts.empty()};
  }
  if (!doubts.empty()) return doubt(doubts);
  return {.truth = Truth::yes, .observed = all_of(observed)};
}

Outcome judge_some_inside(Expectation const& e, Observed const& observed) {
  Members const inside = members_that(observed, e.selection, Truth::yes);
  if (!inside.named.empty()) {
    bool const more = !inside.doubts.empty();
    return {.truth = Truth::yes, .observed = enumerate(inside.named), .causes = inside.causes, .more_possible = more};
  }
  if (!inside.doubts.empty()) return doubt(inside.doubts);
  return {.truth = Truth::no, .observed = fmt::format("none of these: {}", all_of(observed))};
}

Outcome judge_not_empty(Expectation const& e, Observed const& observed) {
  Outcome out{.truth = Truth::yes, .observed = with_note(all_of(observed), observed)};
  if (observed.elements.empty()) {
    if (!observed.possible.empty()) return doubt({observed.possible.front().reason});
    if (!observed.complete) return doubt({observed.reason});
    out = {.truth = Truth::no, .observed = "none"};
  }
  if (!e.flag) out.truth = negated(out.truth);
  for (Element const& element : observed.elements) out.causes.push_back({.key = element.key, .label = element.label});
  out.more_possible = !observed.possible.empty() || !observed.complete;
  return out;
}

Outcome judge_set(Expectation const& e, Observed const& observed) {
  switch (e.op) {
    case Operator::subset_of:
      return judge_none_outside(e, observed);
    case Operator::superset_of:
    case Operator::includes:
      return judge_all_inside(e, observed);
    case Operator::excludes:
      return judge_none_inside(e, observed);
    case Operator::intersects:
      return judge_some_inside(e, observed);
    case Operator::not_empty:
      return judge_not_empty(e, observed);
    case Operator::preferred_order:
      return judge_order(e, observed);
    default:
      break;
  }
  // equals, not_equals: nothing outside and nothing missing.
  Outcome out = judge_none_outside(e, observed);
  Outcome inside = judge_all_inside(e, observed);
  if (out.truth == Truth::no) {
    out.causes.insert(out.causes.end(), inside.causes.begin(), inside.causes.end());
    out.more_possible = out.more_possible || inside.more_possible || inside.truth == Truth::unknown;
  } else if (inside.truth == Truth::no || out.truth == Truth::yes) {
    inside.more_possible = inside.more_possible || out.truth == Truth::unknown;
    out = std::move(inside);
  }
  if (e.op == Operator::not_equals) {
    out.truth = negated(out.truth);
    if (out.truth != Truth::unknown) out.observed = all_of(observed);
  }
  return out;
}

Truth of(bool value) { return value ? Truth::yes : Truth::no; }

std::string quantity(double number, std::string_view unit) {
  if (unit.empty()) return number_text(number);
  bool const one = number == 1 && unit.ends_with('s');
  return fmt::format("{} {}", number_text(number), one ? unit.substr(0, unit.size() - 1) : unit);
}

Outcome judge_number(Expectation const& e, Observed const& observed) {
  double const number = observed.number;
  bool const equal = std::ranges::find(e.numbers, number) != e.numbers.end();
  Outcome out{.truth = Truth::no, .observed = with_note(quantity(number, e.fact->unit), observed)};
  switch (e.op) {
    case Operator::min:
      out.truth = of(number >= e.numbers.front());
      break;
    case Operator::max:
      out.truth = of(number <= e.numbers.front());
      break;
    case Operator::not_equals:
      out.truth = of(!equal);
      break;
    default:
      out.truth = of(equal);
  }
  // `number` is then an upper bound: what is too small stays so, what is small enough as well, all else may change.
  out.more_possible = !observed.complete || is_cut(out.observed);
  bool const settled = (e.op == Operator::min && out.truth == Truth::no) || (e.op == Operator::max && out.truth == Truth::yes);
  if (!observed.complete && !settled)
    return {.truth = Truth::unknown, .observed = fmt::format("{} at most: {}", out.observed, observed.reason)};
  double off = std::abs(number - e.numbers.front());
  for (double const demanded : e.numbers) off = std::min(off, std::abs(number - demanded));
  out.causes.push_back({.key = out.observed,
                        .label = out.observed,
                        .kind = e.fact->runs_out ? Cause::Kind::time_left : Cause::Kind::amount,
                        .fact = std::string{e.fact->name},
                        .amount = number,
                        .off = off});
  return out;
}

Outcome judge_text(Expectation const& e, Observed const& observed) {
  Element const element{.key = observed.text, .label = observed.text, .code = 0};
  Truth const inside = e.selection.contains(element);
  return {.truth = e.op == Operator::not_equals ? negated(inside) : inside, .observed = with_note(observed.text, observed)};
}

Outcome judge_boolean(Expectation const& e, Observed const& observed) {
  std::string const words{observed.flag ? e.fact->affirmed : e.fact->denied};
  std::string said = !observed.text.empty() ? observed.text : words;
  if (!observed.note.empty()) said += ": " + observed.note;
  Outcome out{.truth = of((observed.flag == e.flag) == (e.op == Operator::equals)), .observed = std::move(said)};
  // What is out of date today is so tomorrow, in other words; where a server redirects to may have a number of the session in it. A note
  // gives the reason, and another reason is another cause.
  if (!words.empty() && (e.fact->runs_out || !observed.text.empty())) {
    std::string const reason = e.fact->runs_out || observed.note.empty() ? "" : ": " + observed.note;
    out.causes.push_back({.key = words + reason, .label = out.observed, .kind = Cause::Kind::value});
    out.more_possible = !e.fact->runs_out && is_cut(out.observed);
  }
  return out;
}

Outcome judge_existence(Expectation const& e, Observed const& observed) {
  bool const nothing_confirmed = observed.state == Observed::State::known && observed.elements.empty();
  if (nothing_confirmed && !observed.possible.empty()) return doubt({observed.possible.front().reason});
  switch (observed.state) {
    case Observed::State::known:
      return {.truth = of(e.flag), .observed = "present"};
    case Observed::State::absent:
    case Observed::State::not_applicable:
      return {.truth = of(!e.flag), .observed = observed.reason};
    case Observed::State::unknown:
      break;
  }
  return {.truth = Truth::unknown, .observed = observed.reason};
}

std::string joined(std::vector<std::string> const& parts, std::string_view separator) {
  std::string out;
  for (std::string const& part : parts) {
    if (!out.empty()) out += separator;
    out += part;
  }
  return out;
}

Outcome judge_whole(Condition const& condition, Subject const& subject);

// The parts of `all` or `any` whose value decides, in their words.
Outcome judge_parts(Condition const& condition, Subject const& subject) {
  Truth const decisive = condition.kind == Condition::Kind::all ? Truth::no : Truth::yes;
  Truth result = Truth::not_applicable;
  std::vector<Outcome> outcomes;
  for (Condition const& part : condition.parts) {
    Outcome outcome = judge_whole(part, subject);
    if (outcome.truth == decisive || result == Truth::not_applicable) {
      result = outcome.truth;
    } else if (outcome.truth == Truth::unknown && result != decisive) {
      result = Truth::unknown;
    }
    outcomes.push_back(std::move(outcome));
  }
  std::vector<std::string> said;
  Outcome out{.truth = result, .observed = {}};
  for (Outcome& outcome : outcomes) {
    out.more_possible = out.more_possible || outcome.truth == Truth::unknown || (outcome.truth == result && outcome.more_possible);
    if (outcome.truth != result) continue;
    out.causes.insert(out.causes.end(), outcome.causes.begin(), outcome.causes.end());
    if (std::ranges::find(said, outcome.observed) == said.end()) said.push_back(std::move(outcome.observed));
  }
  out.observed = joined(said, "; ");
  return out;
}

std::string expectation_words(Expectation const& e, std::size_t limit) {
  FactSpec const& fact = *e.fact;
  if (e.op == Operator::exists) return e.flag ? "present" : "absent";
  if (e.op == Operator::not_empty) return e.flag ? "at least one" : "none";
  if (fact.type == Type::boolean) return std::string{e.flag == (e.op == Operator::equals) ? fact.affirmed : fact.denied};

  std::vector<std::string> labels = e.selection.labels();
  if (fact.type == Type::number) {
    for (double const number : e.numbers) labels.push_back(quantity(number, fact.unit));
  }
  switch (e.op) {
    case Operator::equals:
      if (labels.empty()) return "none";
      return is_set(fact.type) ? "exactly " + enumerate(labels, "and", limit) : enumerate(labels, "and", limit);
    case Operator::not_equals:
      return "anything but " + (labels.empty() ? "none" : enumerate(labels, "and", limit));
    case Operator::one_of:
      return enumerate(labels, "or", limit);
    case Operator::subset_of:
      return labels.empty() ? "none" : "only " + enumerate(labels, "and", limit);
    case Operator::excludes:
      return "no " + enumerate(labels, "or", limit);
    case Operator::intersects:
      return "at least one of " + enumerate(labels, "or", limit);
    case Operator::preferred_order:
      return order_words(e, limit);
    case Operator::max:
      return "at most " + enumerate(labels, "and", limit);
    default:
      return "at least " + enumerate(labels, "and", limit);
  }
}

}  // namespace

Truth negated(Truth truth) {
  if (truth == Truth::yes) return Truth::no;
  if (truth == Truth::no) return Truth::yes;
  return truth;
}

Truth Selection::contains(Element const& element) const {
  if (std::ranges::find(elements, element) != elements.end()) return Truth::yes;
  if (attributes.empty()) return Truth::no;
  Truth out = Truth::no;
  for (Attribute const* const attribute : attributes) {
    bool known = false;
    if (holds(*attribute, element, known)) return Truth::yes;
    if (!known) out = Truth::unknown;
  }
  return out;
}

std::vector<std::string> Selection::labels() const {
  std::vector<std::string> out;
  for (Attribute const* const attribute : attributes) out.emplace_back(attribute->words);
  for (Element const& element : elements) out.push_back(element.label);
  return out;
}

namespace {

Outcome judge_value(Expectation const& expectation, Observed const& observed) {
  if (expectation.op == Operator::exists) return judge_existence(expectation, observed);
  switch (observed.state) {
    case Observed::State::unknown:
      return {.truth = Truth::unknown, .observed = observed.reason};
    case Observed::State::not_applicable:
      return {.truth = Truth::not_applicable, .observed = observed.reason};
    case Observed::State::absent:
      return {.truth = of(expectation.op == Operator::not_equals), .observed = observed.reason};
    case Observed::State::known:
      break;
  }
  switch (expectation.fact->type) {
    case Type::number:
      return judge_number(expectation, observed);
    case Type::text:
      return judge_text(expectation, observed);
    case Type::boolean:
      return judge_boolean(expectation, observed);
    default:
      return judge_set(expectation, observed);
  }
}

// Where no members are to blame, it is the value.
Outcome with_value(Outcome out) {
  if (out.causes.empty()) {
    out.causes.push_back({.key = out.observed, .label = out.observed, .kind = Cause::Kind::value});
    out.more_possible = out.more_possible || is_cut(out.observed);
  }
  return out;
}

// Only what is not met has causes.
Outcome with_causes(Outcome out) {
  if (out.truth == Truth::no) return with_value(std::move(out));
  out.causes.clear();
  out.more_possible = false;
  return out;
}

// With the causes of whatever came out, as a `not` may turn it.
Outcome judge_whole(Condition const& condition, Subject const& subject) {
  switch (condition.kind) {
    case Condition::Kind::expectation: {
      Expectation const& e = condition.expectation;
      return with_value(judge_value(e, e.fact->read(subject, e.fact->version)));
    }
    case Condition::Kind::negation: {
      Outcome out = judge_whole(condition.parts.front(), subject);
      out.truth = negated(out.truth);
      return out;
    }
    case Condition::Kind::all:
    case Condition::Kind::any:
      break;
  }
  return judge_parts(condition, subject);
}

}  // namespace

Outcome judge(Expectation const& expectation, Observed const& observed) { return with_causes(judge_value(expectation, observed)); }

Outcome judge(Condition const& condition, Subject const& subject) { return with_causes(judge_whole(condition, subject)); }

std::string expected_words(Condition const& condition, std::size_t limit) {
  if (condition.kind == Condition::Kind::expectation) return expectation_words(condition.expectation, limit);
  std::vector<std::string> parts;
  for (Condition const& part : condition.parts) {
    std::string words = expected_words(part, limit);
    bool const speaks_for_itself = part.kind != Condition::Kind::expectation || part.expectation.fact->type == Type::boolean;
    parts.push_back(speaks_for_itself ? words : fmt::format("{}: {}", part.expectation.fact->noun, words));
  }
  if (condition.kind == Condition::Kind::negation) return "not (" + parts.front() + ")";
  return parts.size() == 1 ? parts.front() : joined(parts, condition.kind == Condition::Kind::all ? "; and " : "; or ");
}

}  // namespace tlsgauge::policy
