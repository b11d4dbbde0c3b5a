#include "policy/compile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "policy/fields.hpp"
#include "policy/score_model.hpp"

namespace tlsgauge::policy {
namespace {

constexpr double kLargestOperand = 1e12;
constexpr std::size_t kMaxText = 2000;
constexpr std::size_t kMaxTiers = 32;

std::vector<std::string_view> const kSeverities = {"info", "low", "medium", "high", "critical"};
std::vector<std::string_view> const kServers = {"nginx", "apache", "haproxy", "caddy", "postfix", "dovecot"};

void check_operand_set(Node const& operand, std::string_view path, Expectation const& e) {
  bool const demands_members = e.op == Operator::superset_of || e.op == Operator::includes;
  bool const compares = e.op == Operator::equals || e.op == Operator::not_equals;
  if ((demands_members || compares) && !e.selection.attributes.empty()) {
    fail(operand, path,
         fmt::format("@{} names a quality, not members: use subset_of, excludes or intersects", e.selection.attributes.front()->name));
  }
  bool const empty = e.selection.elements.empty() && e.selection.attributes.empty();
  if (empty && e.op != Operator::subset_of && !compares) fail(operand, path, "must not be empty");
}

std::vector<double> read_numbers(Node const& operand, std::string_view path, bool list) {
  if (!list) return {expect_number(operand, path, -kLargestOperand, kLargestOperand)};
  std::vector<double> out;
  expect_list(operand, path);
  for (std::size_t i = 0; i < operand.items.size(); ++i) {
    out.push_back(expect_number(operand.items[i], fmt::format("{}[{}]", path, i), -kLargestOperand, kLargestOperand));
  }
  if (out.empty()) fail(operand, path, "must not be empty");
  return out;
}

std::vector<Selection> read_tiers(Node const& operand, std::string_view path, FactSpec const& fact, Sets& sets) {
  std::vector<Selection> out;
  expect_list(operand, path);
  if (operand.items.size() < 2 || operand.items.size() > kMaxTiers)
    fail(operand, path, fmt::format("must be a list of 2 to {} tiers, each a member or a list of them", kMaxTiers));
  for (std::size_t i = 0; i < operand.items.size(); ++i) {
    std::string const at = fmt::format("{}[{}]", path, i);
    Selection tier = sets.read(operand.items[i], at, fact.type, fact.words);
    if (tier.elements.empty() && tier.attributes.empty()) fail(operand.items[i], at, "must not be empty");
    for (Selection const& earlier : out) {
      for (Element const& element : tier.elements) {
        if (std::ranges::find(earlier.elements, element) != earlier.elements.end())
          fail(operand.items[i], at, element.label + " is in an earlier tier already");
      }
    }
    out.push_back(std::move(tier));
  }
  return out;
}

Expectation read_expectation(FactSpec const& fact, Node const& is, std::string_view path, Sets& sets) {
  expect_map(is, path);
  expect_keys(is, path, operator_names());
  if (is.members.size() != 1) fail(is, path, fmt::format("must have exactly one operator, not {}", is.members.size()));
  Node::Member const& member = is.members.front();
  std::string const at = under(path, member.key);
  OperatorSpec const& op = *std::ranges::find(operators(), member.key, &OperatorSpec::name);
  if (!applies_to(op.code, fact.type))
    fail(member.value, at, fmt::format("{} cannot judge {}, which is {}", op.name, fact.name, type_words(fact.type)));

  if (op.code == Operator::preferred_order && !fact.ordered) fail(member.value, at, fmt::format("{} has no order", fact.name));

  Expectation out{.fact = &fact,
                  .op = op.code,
                  .selection = {.type = fact.type, .elements = {}, .attributes = {}},
                  .numbers = {},
                  .flag = false,
                  .tiers = {}};
  Node const& operand = member.value;
  if (op.code == Operator::exists || op.code == Operator::not_empty || fact.type == Type::boolean) {
    out.flag = expect_boolean(operand, at);
  } else if (op.code == Operator::preferred_order) {
    out.tiers = read_tiers(operand, at, fact, sets);
  } else if (fact.type == Type::number) {
    out.numbers = read_numbers(operand, at, op.code == Operator::one_of);
  } else if (fact.type == Type::text) {
    if (op.code == Operator::one_of) expect_list(operand, at);
    if (op.code != Operator::one_of) expect_line(operand, at);
    out.selection = sets.read(operand, at, fact.type, fact.words);
    if (out.selection.elements.empty()) fail(operand, at, "must not be empty");
  } else {
    out.selection = sets.read(operand, at, fact.type, fact.words);
    check_operand_set(operand, at, out);
  }
  return out;
}

// The members fact and is, or one of all, any, not, of a map that may have other members too.
Condition read_condition(Node const& node, std::string_view path, Sets& sets, Scope each) {
  std::vector<std::string_view> forms;
  for (std::string_view const key : {"fact", "all", "any", "not"}) {
    if (node.find(key)) forms.push_back(key);
  }
  if (forms.empty() && node.find("is")) fail(node, under(path, "fact"), "is missing");
  if (forms.empty()) fail(node, path, "must say what is expected: fact and is, or all, any, not");
  if (forms.size() > 1) fail(node, path, fmt::format("has both {} and {}; combine them under one", forms[0], forms[1]));
  if (forms.front() != "fact" && node.find("is"))
    fail(*node.find("is"), under(path, "is"), fmt::format("stands beside {}, without fact", forms.front()));

  Node const& value = *node.find(forms.front());
  std::string const at = under(path, forms.front());
  Condition out;
  if (forms.front() == "fact") {
    FactSpec const* const fact = find_fact(expect_line(value, at));
    if (!fact) fail_unknown(value, at, "fact", value.text, fact_names());
    if (fact->scope == Scope::certificate && each != Scope::certificate)
      fail(value, at, fmt::format("{} needs each: certificate", fact->name));
    out.expectation = read_expectation(*fact, expect_member(node, path, "is"), under(path, "is"), sets);
    return out;
  }
  auto const read_part = [&](Node const& part, std::string const& where) {
    expect_keys(part, where, {"fact", "is", "all", "any", "not"});
    out.parts.push_back(read_condition(part, where, sets, each));
  };
  if (forms.front() == "not") {
    out.kind = Condition::Kind::negation;
    read_part(value, at);
    return out;
  }
  out.kind = forms.front() == "all" ? Condition::Kind::all : Condition::Kind::any;
  expect_list(value, at);
  if (value.items.empty()) fail(value, at, "must not be empty");
  for (std::size_t i = 0; i < value.items.size(); ++i) read_part(value.items[i], fmt::format("{}[{}]", at, i));
  return out;
}

std::string reference_text(Node const& node, std::string_view path, std::vector<Citation> const& sources) {
  std::string const& text = expect_line(node, path);
  std::string_view const id = std::string_view{text}.substr(0, text.find('#'));
  auto const source = std::ranges::find(sources, id, &Citation::id);
  if (source == sources.end()) {
    std::vector<std::string_view> ids;
    for (Citation const& known : sources) ids.push_back(known.id);
    fail_unknown(node, path, "source", id, ids);
  }
  std::string out = source->title;
  if (id.size() < text.size()) out += ", " + text.substr(id.size() + 1);
  if (!source->url.empty()) out += " " + source->url;
  return out;
}

std::string const& prose(Node const& node, std::string_view path) {
  if (expect_text(node, path).size() > kMaxText) fail(node, path, fmt::format("longer than {} octets", kMaxText));
  return node.text;
}

std::vector<Fix> read_fixes(Node const& node, std::string_view path) {
  expect_keys(node, path, kServers);
  std::vector<Fix> out;
  for (std::string_view const server : kServers) {
    Node const* const text = node.find(server);
    if (!text) continue;
    std::string lines = prose(*text, under(path, server));
    lines.erase(lines.find_last_not_of("\n ") + 1);
    out.push_back({.server = std::string{server}, .text = std::move(lines)});
  }
  if (out.empty()) fail(node, path, "must not be empty");
  return out;
}

std::string check_url(Node const& node, std::string_view path) {
  std::string const& url = expect_line(node, path);
  if (!url.starts_with("https://") && !url.starts_with("http://")) fail(node, path, "must begin with https:// or http://");
  if (url.find(' ') != std::string::npos) fail(node, path, "must not contain blanks");
  return url;
}

}  // namespace

std::vector<std::string_view> const& requirement_keys() {
  static std::vector<std::string_view> const keys = {"id", "title", "severity", "area", "each", "when", "fact",
                                                     "is", "all",   "any",      "not",  "why",  "ref",  "fix"};
  return keys;
}

Citation read_citation(Node const& node, std::string_view path) {
  expect_keys(node, path, {"id", "title", "url"});
  Citation out;
  out.id = expect_identifier(expect_member(node, path, "id"), under(path, "id"));
  out.title = expect_line(expect_member(node, path, "title"), under(path, "title"));
  if (Node const* const url = node.find("url")) out.url = check_url(*url, under(path, "url"));
  return out;
}

Rule compile_rule(Node const& node, std::string_view path, Sets& sets, std::vector<Citation> const& sources) {
  expect_keys(node, path, requirement_keys());
  Rule out;
  out.id = expect_identifier(expect_member(node, path, "id"), under(path, "id"));
  out.title = expect_line(expect_member(node, path, "title"), under(path, "title"));

  Node const& severity = expect_member(node, path, "severity");
  auto const level = severity_from(expect_line(severity, under(path, "severity")));
  if (!level) fail_unknown(severity, under(path, "severity"), "severity", severity.text, kSeverities);
  out.severity = *level;

  if (Node const* const area = node.find("area")) out.area = expect_identifier(*area, under(path, "area"));
  if (Node const* const each = node.find("each")) {
    std::string const& word = expect_line(*each, under(path, "each"));
    if (word != "endpoint" && word != "certificate") fail_unknown(*each, under(path, "each"), "word", word, {"endpoint", "certificate"});
    out.each = word == "certificate" ? Scope::certificate : Scope::endpoint;
  }
  if (Node const* const when = node.find("when")) {
    expect_keys(*when, under(path, "when"), {"fact", "is", "all", "any", "not"});
    out.when = read_condition(*when, under(path, "when"), sets, out.each);
  }
  out.expectation = read_condition(node, path, sets, out.each);
  out.expected = bounded(expected_words(out.expectation), kMaxObserved);
  out.why = prose(expect_member(node, path, "why"), under(path, "why"));

  if (Node const* const ref = node.find("ref")) {
    expect_list(*ref, under(path, "ref"));
    for (std::size_t i = 0; i < ref->items.size(); ++i) {
      out.references.push_back(reference_text(ref->items[i], fmt::format("{}.ref[{}]", path, i), sources));
    }
  }
  if (Node const* const fix = node.find("fix")) out.fix = read_fixes(*fix, under(path, "fix"));
  return out;
}

std::vector<std::string_view> const& score_keys() {
  static std::vector<std::string_view> const keys = {"model", "areas", "weights", "caps", "grades"};
  return keys;
}

ScoreModel read_score_model(Node const& node, std::string_view path) {
  std::string const& word = expect_line(node, path);
  auto const model = std::ranges::find(score_models(), word, &ScoreModelSpec::name);
  if (model != score_models().end()) return model->code;
  std::vector<std::string_view> names;
  for (ScoreModelSpec const& known : score_models()) names.push_back(known.name);
  fail_unknown(node, path, "model", word, names);
}

void compile_score_member(std::string_view key, Node const& node, Scoring& scoring) {
  std::string const path = under("score", key);
  if (key == "model") {
    scoring.model = read_score_model(node, path);
  } else if (key == "areas") {
    scoring.areas.clear();
    for (Node::Member const& area : expect_map(node, path).members) {
      scoring.areas.emplace_back(area.key, expect_number(area.value, under(path, area.key), 0, 1000));
    }
  } else if (key == "weights") {
    expect_keys(node, path, kSeverities);
    for (Node::Member const& weight : node.members) {
      scoring.weights.at(static_cast<std::size_t>(*severity_from(weight.key))) =
          expect_number(weight.value, under(path, weight.key), 0, 1000);
    }
  } else if (key == "caps") {
    scoring.caps.clear();
    expect_list(node, path);
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      std::string const at = fmt::format("{}[{}]", path, i);
      expect_keys(node.items[i], at, {"if_failed", "max_score"});
      scoring.caps.push_back({.requirement = expect_identifier(expect_member(node.items[i], at, "if_failed"), under(at, "if_failed")),
                              .max_score = expect_number(expect_member(node.items[i], at, "max_score"), under(at, "max_score"), 0, 100)});
    }
  } else {
    scoring.grades.clear();
    std::set<double> thresholds;
    for (Node::Member const& grade : expect_map(node, path).members) {
      double const least = expect_number(grade.value, under(path, grade.key), 0, 100);
      if (!thresholds.insert(least).second) fail(grade.value, under(path, grade.key), "two grades begin at the same score");
      scoring.grades.emplace_back(grade.key, least);
    }
    if (!thresholds.contains(0)) fail(node, path, "needs a grade that begins at 0");
    std::ranges::sort(scoring.grades, std::ranges::greater{}, &std::pair<std::string, double>::second);
  }
}

}  // namespace tlsgauge::policy
