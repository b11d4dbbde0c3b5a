#include "policy/lint.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "policy/fields.hpp"
#include "policy/satisfiable.hpp"

namespace tlsgauge {
namespace policy {
namespace {

constexpr std::size_t kMaxPairs = 20'000;

using Ways = std::optional<std::vector<Conjunction>>;

class Lint {
 public:
  explicit Lint(LintInput const& input) : input_(input) {}

  std::vector<ProfileFinding> run() {
    for (LintNote const& note : input_.notes) warn(note.at, note.path, note.what);
    check_version();
    check_sources();
    check_sets();
    for (LintRule const& rule : input_.rules) check_rule(rule);
    check_pairs();
    check_score();
    return std::move(out_);
  }

 private:
  void warn(Node const& at, std::string_view path, std::string const& what) {
    out_.push_back({.error = false, .text = located(at, path, "warning: " + what)});
  }
  void refuse(Node const& at, std::string_view path, std::string const& what) {
    out_.push_back({.error = true, .text = located(at, path, what)});
  }

  /// What is said of a requirement, at the value that says it.
  static Node const& place(LintRule const& rule) {
    for (std::string_view const key : {"is", "all", "any", "not"}) {
      if (Node const* const found = rule.node.find(key)) return *found;
    }
    return rule.node;
  }
  static std::string place_path(LintRule const& rule) {
    for (std::string_view const key : {"is", "all", "any", "not"}) {
      if (rule.node.find(key)) return under(rule.path, key);
    }
    return rule.path;
  }
  [[nodiscard]] bool own(Node const& node) const { return node.file == input_.top.file || *node.file == *input_.top.file; }

  void check_version() {
    Node const& version = *input_.top.find("version");
    bool const number = !version.quoted && version.text.find_first_not_of("0123456789.") == std::string::npos;
    if (number) warn(version, "version", "should be in quotes: others read 1.10 as the number 1.1");
  }

  void check_sources() {
    std::set<std::string> named;
    bool any = false;
    for (LintRule const& rule : input_.rules) {
      Node const* const ref = rule.node.find("ref");
      if (!ref) continue;
      any = any || own(rule.node);
      for (Node const& item : ref->items) named.insert(item.text.substr(0, item.text.find('#')));
    }
    if (Node const* const sources = input_.top.find("sources")) {
      for (std::size_t i = 0; i < sources->items.size(); ++i) {
        Node const& source = sources->items[i];
        if (!named.contains(source.find("id")->text)) warn(source, item_path("sources", source, i), "no requirement names it");
      }
    }
    std::vector<LintRule const*> bare;
    for (LintRule const& rule : input_.rules) {
      Node const* const ref = rule.node.find("ref");
      if (own(rule.node) && (!ref || ref->items.empty())) bare.push_back(&rule);
    }
    // A file that cites nothing at all is told so once.
    for (LintRule const* const rule : bare) {
      if (!any && bare.size() > 1) return warn(rule->node, "requirements", fmt::format("none of {} names a source", bare.size()));
      warn(rule->node, under(rule->path, "ref"), "is missing: nobody can look up where the demand comes from");
    }
  }

  void check_sets() {
    Node const* const sets = input_.top.find("sets");
    if (!sets) return;
    for (Node::Member const& set : sets->members) {
      if (!input_.used_sets.contains(set.key)) warn(key_of(set), under("sets", set.key), fmt::format("@{} is not used", set.key));
    }
  }

  /// The version that there must be for the fact to be there; none: there is no such version.
  static wire::ProtocolVersion presupposed(FactSpec const& fact) {
    if (fact.version != wire::ProtocolVersion::none) return fact.version;
    bool const newest = fact.name.starts_with("groups.") || fact.name.starts_with("early_data.");
    return newest ? wire::ProtocolVersion::TLSv1_3 : wire::ProtocolVersion::none;
  }

  static std::vector<FactSpec const*> facts_of(Condition const& condition) {
    if (condition.kind == Condition::Kind::expectation) return {condition.expectation.fact};
    std::vector<FactSpec const*> out;
    for (Condition const& part : condition.parts) {
      for (FactSpec const* const fact : facts_of(part)) out.push_back(fact);
    }
    return out;
  }

  /// Whether `when` leaves none of the versions that the facts of the expectation are about.
  static std::string excluded_version(Rule const& rule, Ways const& when) {
    std::string first;
    for (FactSpec const* const fact : facts_of(rule.expectation)) {
      wire::ProtocolVersion const version = presupposed(*fact);
      if (version == wire::ProtocolVersion::none) return {};
      Expectation accepted;
      accepted.fact = find_fact("protocols.accepted");
      accepted.op = Operator::includes;
      accepted.selection.type = Type::versions;
      accepted.selection.elements.push_back({.key = wire::name(version), .label = wire::name(version), .code = 0});
      Ways const needed = std::vector<Conjunction>{{{.expectation = &accepted, .positive = true}}};
      if (conflict(both(when, needed)).empty()) return {};
      if (first.empty()) first = fmt::format("never applies: {} is about {}, which `when` rules out", fact->name, wire::name(version));
    }
    return first;
  }

  void check_rule(LintRule const& each) {
    Rule const& rule = each.rule;
    Ways const met = alternatives(rule.expectation);
    Ways const unmet = alternatives(rule.expectation, false);
    if (std::string const why = conflict(met); !why.empty()) {
      refuse(place(each), place_path(each), "can never be met: " + why);
      return;
    }
    if (std::string const why = conflict(unmet); !why.empty()) {
      warn(place(each), place_path(each), "can never fail: it rules nothing out");
      return;
    }
    if (!rule.when) return;
    Node const& when_at = *each.node.find("when");
    std::string const when_path = under(each.path, "when");
    Ways const when = alternatives(*rule.when);
    if (std::string const why = conflict(when); !why.empty()) return refuse(when_at, when_path, "can never be true: " + why);
    if (!conflict(alternatives(*rule.when, false)).empty()) warn(when_at, when_path, "is always true: it rules nothing out");
    if (std::string const why = conflict(both(when, met)); !why.empty()) {
      refuse(place(each), place_path(each), "can never be met where it applies: " + why);
    } else if (!conflict(both(when, unmet)).empty()) {
      warn(place(each), place_path(each), "can never fail where it applies: `when` demands as much");
    } else if (std::string const never = excluded_version(rule, when); !never.empty()) {
      refuse(when_at, when_path, never);
    }
  }

  void check_pairs() {
    struct Prepared {
      LintRule const* rule;
      Ways when, met;
      std::vector<FactSpec const*> facts;
    };
    std::vector<Prepared> all;
    for (LintRule const& each : input_.rules) {
      Ways when = each.rule.when ? alternatives(*each.rule.when) : Ways{std::vector<Conjunction>{{}}};
      Ways met = alternatives(each.rule.expectation);
      bool const sound = conflict(both(when, met)).empty();
      if (sound) all.push_back({&each, std::move(when), std::move(met), facts_of(each.rule.expectation)});
    }
    std::size_t pairs = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (std::size_t j = i + 1; j < all.size(); ++j) {
        auto const shared = [&](FactSpec const* fact) { return std::ranges::find(all[j].facts, fact) != all[j].facts.end(); };
        if (std::ranges::none_of(all[i].facts, shared)) continue;
        if (++pairs > kMaxPairs) return;
        Ways const when = both(all[i].when, all[j].when);
        if (!when || !conflict(when).empty()) continue;
        std::string const why = conflict(both(when, both(all[i].met, all[j].met)));
        if (!why.empty()) report_pair(*all[i].rule, *all[j].rule, why);
      }
    }
  }

  void report_pair(LintRule const& first, LintRule const& second, std::string const& why) {
    // The later one, unless only the earlier is of this file.
    LintRule const& at = own(first.node) && !own(second.node) ? first : second;
    LintRule const& other = &at == &first ? second : first;
    std::string const what = fmt::format("contradicts {} ({}:{}): {}", other.rule.id, *place(other).file, place(other).line, why);
    bool const advice = first.rule.severity < Severity::medium || second.rule.severity < Severity::medium;
    if (advice) return warn(place(at), place_path(at), what);
    refuse(place(at), place_path(at), what);
  }

  void check_score() {
    Node const* const score = input_.top.find("score");
    if (!score || score->kind != Node::Kind::map) return;
    if (Node const* const areas = score->find("areas")) {
      for (Node::Member const& area : areas->members) {
        auto const in = [&](LintRule const& rule) { return rule.rule.area == area.key; };
        if (std::ranges::none_of(input_.rules, in)) warn(key_of(area), under("score.areas", area.key), "no requirement is of this area");
      }
    }
    Node const* const caps = score->find("caps");
    for (std::size_t i = 0; caps && i < caps->items.size(); ++i) {
      Node const& cap = caps->items[i];
      std::string const path = fmt::format("score.caps[{}]", i);
      std::string const& id = cap.find("if_failed")->text;
      auto const is = [&](LintRule const& rule) { return rule.rule.id == id; };
      if (std::ranges::none_of(input_.rules, is)) warn(cap, path, fmt::format("does nothing: {} is disabled", id));
      if (expect_number(*cap.find("max_score"), under(path, "max_score"), 0, 100) >= 100)
        warn(*cap.find("max_score"), under(path, "max_score"), "does nothing: 100 is the most there is");
      auto const twice = [&](Node const& other) { return other.find("if_failed")->text == id; };
      if (std::ranges::any_of(caps->items.begin(), caps->items.begin() + static_cast<std::ptrdiff_t>(i), twice))
        warn(cap, path, fmt::format("a second cap for {}: the lower one counts", id));
    }
  }

  LintInput const& input_;
  std::vector<ProfileFinding> out_;
};

}  // namespace
}  // namespace policy

std::vector<ProfileFinding> lint_profile(std::string const& name_or_path) {
  return policy::Lint{policy::read_for_lint(name_or_path)}.run();
}

std::vector<ProfileFinding> lint_profile(std::string_view yaml, std::string const& source) {
  return policy::Lint{policy::read_for_lint(yaml, source)}.run();
}

}  // namespace tlsgauge
