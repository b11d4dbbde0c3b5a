// A profile in words, for people who decide whether they want it.

#include <fmt/format.h>

#include <algorithm>

#include "policy/model.hpp"
#include "policy/score_model.hpp"
#include "policy/score_ssllabs.hpp"

namespace tlsgauge {
namespace policy {
namespace {

constexpr std::size_t kWidth = 96;
constexpr std::size_t kWholeList = 20'000;

// Words of `text` in lines of at most kWidth columns, each begun by `indent` blanks.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string out;
  std::size_t column = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t const begin = text.find_first_not_of(" \n", at);
    if (begin == std::string_view::npos) break;
    std::size_t const end = std::min(text.find_first_of(" \n", begin), text.size());
    if (column > 0 && column + 1 + (end - begin) > kWidth) {
      out += '\n';
      column = 0;
    }
    if (column == 0) out += std::string(indent, ' ');
    if (column > 0) out += ' ';
    out += text.substr(begin, end - begin);
    column = (column == 0 ? indent : column + 1) + (end - begin);
    at = end;
  }
  return out + "\n";
}

std::string condition_words(Condition const& condition) {
  if (condition.kind != Condition::Kind::expectation) return expected_words(condition, kWholeList);
  FactSpec const& fact = *condition.expectation.fact;
  if (fact.type == Type::boolean && condition.expectation.op != Operator::exists) return expected_words(condition, kWholeList);
  return fmt::format("{}: {}", fact.noun, expected_words(condition, kWholeList));
}

std::string rule_words(Rule const& rule) {
  std::string out = fmt::format("{} [{}]\n", rule.id, name(rule.severity));
  out += wrapped(rule.title, 4);
  std::string const scope = rule.each == Scope::certificate ? " (each certificate)" : "";
  out += wrapped(fmt::format("Expected{}: {}", scope, condition_words(rule.expectation)), 4);
  if (rule.when) out += wrapped("Only when: " + condition_words(*rule.when), 4);
  out += wrapped("Why: " + rule.why, 4);
  for (std::string const& reference : rule.references) out += wrapped("See: " + reference, 4);
  return out;
}

std::string ssllabs_words() {
  std::string out = wrapped(
      "Categories: protocol support 30 % (best and worst version, halved), key exchange 30 % (the weakest of the certificate's key and the "
      "ephemeral key exchange), cipher strength 40 % (strongest and weakest cipher, halved). A zero in one, or a certificate that "
      "cannot be trusted, is a zero in all.",
      4);
  out += wrapped("Grades: A from 80, B from 65, C from 50, D from 35, E from 20, F; A+ where nothing caps it. M and T override the others.",
                 4);
  for (SslLabsCap const& cap : ssllabs_caps())
    out +=
        wrapped(fmt::format("{} when {}",
                            cap.grade == "T" || cap.grade == "M" ? std::string{cap.grade} : fmt::format("At most {}", cap.grade), cap.when),
                4);
  out += wrapped("What is not known counts as the worst that it can be. Not measured, and not counted: " + std::string{kSslLabsNotMeasured},
                 4);
  return out;
}

std::string nmap_words() {
  return wrapped(
             "Points of a cipher suite: 43 % by the weaker of the certificate's key and the ephemeral key exchange, 57 % by the cipher. A "
             "from 80, B from 65, "
             "C from 50, D from 35, E from 20, F. The grade is that of the worst suite.",
             4) +
         wrapped(
             "F when nobody is authenticated, nothing encrypted, the certificate is signed with MD2, MD4, MD5 or SHA-1, its exponent is 1, "
             "or SSL 2.0 is accepted. "
             "What is not known counts as F.",
             4);
}

std::string score_words(Scoring const& scoring) {
  if (scoring.model != ScoreModel::requirements) {
    std::string const head = fmt::format("Score: {}\n", spec_of(scoring.model).name) + wrapped(spec_of(scoring.model).sentence, 4);
    return head + (scoring.model == ScoreModel::ssllabs ? ssllabs_words() : nmap_words());
  }
  std::vector<std::string> areas;
  double total = 0;
  for (auto const& [area, share] : scoring.areas) total += share;
  for (auto const& [area, share] : scoring.areas)
    areas.push_back(fmt::format("{} {} %", area, number_text(total > 0 ? share * 100 / total : 0)));
  std::vector<std::string> grades;
  for (auto const& [grade, least] : scoring.grades) grades.push_back(fmt::format("{} from {}", grade, number_text(least)));
  std::string out = "Score\n";
  if (!areas.empty()) out += wrapped("Areas: " + enumerate(areas, "and", 1000), 4);
  out += wrapped("Grades: " + enumerate(grades, "and", 1000), 4);
  for (Cap const& cap : scoring.caps)
    out += wrapped(fmt::format("At most {} when {} is not met", number_text(cap.max_score), cap.requirement), 4);
  return out;
}

std::string gate_words(GateDefaults const& gate) {
  std::string out;
  if (!gate.fail_on.empty()) out += wrapped("Lowest severity that fails: " + gate.fail_on, 4);
  if (gate.min_score) out += wrapped(fmt::format("Lowest score: {}", *gate.min_score), 4);
  if (!gate.min_grade.empty()) out += wrapped("Lowest grade: " + gate.min_grade, 4);
  if (!gate.on_inconclusive.empty()) out += wrapped("An inconclusive answer: " + gate.on_inconclusive, 4);
  return out.empty() ? out : "\nGate\n" + out;
}

}  // namespace
}  // namespace policy

std::string describe(Profile const& profile) {
  using namespace policy;
  Profile::Impl const& p = profile.impl();
  std::string out = fmt::format("{} {}\n", p.identity.name, p.identity.version) + wrapped(p.title, 0);
  if (!p.description.empty()) out += "\n" + wrapped(p.description, 0);
  if (!p.extends.empty()) out += "\n" + wrapped("Builds on " + enumerate(p.extends), 0);
  out += fmt::format("\n{} requirement{}\n", p.rules.size(), p.rules.size() == 1 ? "" : "s");
  for (Rule const& rule : p.rules) out += "\n" + rule_words(rule);
  if (!p.disabled.empty()) out += "\nLeft out\n";
  for (Disabled const& disabled : p.disabled) out += wrapped(fmt::format("{}: {}", disabled.id, disabled.reason), 4);
  out += "\n" + score_words(p.scoring);
  out += gate_words(p.gate);
  if (!p.sources.empty()) out += "\nSources\n";
  for (Citation const& source : p.sources) out += wrapped(source.title + (source.url.empty() ? "" : " " + source.url), 4);
  return out;
}

}  // namespace tlsgauge
