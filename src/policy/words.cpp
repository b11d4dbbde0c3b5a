#include "policy/words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "policy/vocabulary.hpp"

namespace tlsgauge::policy {
namespace {

bool found(std::string_view filter, std::string_view name, std::string_view sentence) {
  if (filter.empty()) return true;
  std::string const wanted = ascii_lower(filter);
  return ascii_lower(name).find(wanted) != std::string::npos || ascii_lower(sentence).find(wanted) != std::string::npos;
}

std::string listed(std::vector<std::string_view> const& words) {
  std::string out;
  for (std::string_view const word : words) out += (out.empty() ? "" : ", ") + std::string{word};
  return out;
}

std::string fact_words(FactSpec const& fact) {
  std::string out = fmt::format("  {}\n      {}", fact.name, type_words(fact.type));
  if (!fact.unit.empty()) out += fmt::format(", in {}", fact.unit);
  if (fact.scope == Scope::certificate) out += ", of each certificate";
  if (fact.ordered) out += ", in the server's order";
  if (fact.optional) out += ", not applicable where it was not looked for";
  out += fmt::format("\n      {}\n", fact.sentence);
  if (!fact.words.empty()) out += fmt::format("      one of: {}\n", listed(fact.words));
  return out;
}

void add_part(std::string& out, std::string_view title, std::string const& part) {
  if (part.empty()) return;
  if (!out.empty()) out += "\n";
  out += fmt::format("{}\n{}", title, part);
}

}  // namespace

std::string describe_words(std::string_view filter) {
  std::vector<FactSpec const*> sorted;
  for (FactSpec const& fact : facts()) {
    if (found(filter, fact.name, fact.sentence)) sorted.push_back(&fact);
  }
  std::ranges::stable_sort(sorted, {}, &FactSpec::name);
  std::string all;
  for (FactSpec const* const fact : sorted) all += fact_words(*fact);
  std::string out;
  add_part(out, "Facts", all);

  std::string judged;
  for (OperatorSpec const& op : operators()) {
    if (found(filter, op.name, op.sentence)) judged += fmt::format("  {:<16} {}\n", op.name, op.sentence);
  }
  add_part(out, "Operators", judged);

  for (auto const& [type, title] : {std::pair{Type::suites, "Qualities of cipher suites"}, std::pair{Type::groups, "Qualities of groups"},
                                    std::pair{Type::signatures, "Qualities of signature schemes"}}) {
    std::string qualities;
    for (Attribute const& attribute : attributes()) {
      if (attribute.type == type && found(filter, attribute.name, attribute.words))
        qualities += fmt::format("  @{:<18} {}\n", attribute.name, attribute.words);
    }
    add_part(out, title, qualities);
  }
  return out;
}

}  // namespace tlsgauge::policy
