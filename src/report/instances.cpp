#include "report/instances.hpp"

#include <fmt/format.h>

#include <set>

#include "base/text.hpp"
#include "report/findings.hpp"

namespace tlsgauge::report {

std::vector<std::string> each_once(std::vector<std::string> const& texts) {
  std::vector<std::string> out;
  std::set<std::string> seen;
  for (std::string const& text : texts) {
    std::string const base = printable(text);
    std::string unique = base;
    for (unsigned n = 2; !seen.insert(unique).second; ++n) unique = fmt::format("{} #{}", base, n);
    out.push_back(std::move(unique));
  }
  return out;
}

std::vector<std::string> instances(Document const& document) {
  std::vector<std::string> all = identities(document);
  for (std::string& each : all) {
    if (each.starts_with("tcp ")) each.erase(0, 4);
  }
  return each_once(all);
}

}  // namespace tlsgauge::report
