#include "report/instances.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "base/utf8.hpp"
#include "report/findings.hpp"

namespace tlsgauge::report {

namespace {

constexpr std::size_t kName = 1000;  // octets; it stands in hundreds of series and references

}  // namespace

std::vector<std::string> each_once(std::vector<std::string> const& texts) {
  std::vector<std::string> out;
  std::set<std::string> seen;
  std::map<std::string, std::size_t> count;
  for (std::string const& text : texts) {
    std::string const base = cut_printable(text, kName);
    std::string unique = base;
    for (std::size_t& n = count[base]; !seen.insert(unique).second;) unique = fmt::format("{} #{}", base, ++n + 1);
    out.push_back(std::move(unique));
  }
  return out;
}

std::vector<std::string> profile_names(Endpoint const& endpoint) {
  std::vector<std::string> names;
  for (Assessment const& each : endpoint.assessments) names.push_back(each.profile.name);
  return each_once(names);
}

std::vector<std::string> instances(Document const& document) {
  std::vector<std::string> all = identities(document);
  for (std::string& each : all) {
    if (each.starts_with("tcp ")) each.erase(0, 4);
  }
  return each_once(all);
}

}  // namespace tlsgauge::report
