// link: crypto
// A reference in the first line, a dNSName in each line that follows.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.hpp"
#include "crypto/certificate.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace tlsgauge;
  std::vector<std::string_view> const lines = split({reinterpret_cast<char const*>(data), size}, '\n');
  std::string_view const reference = lines.front();
  crypto::Certificate certificate;
  for (std::size_t i = 1; i < lines.size() && i < 100; ++i) {
    certificate.dns_names.emplace_back(lines[i]);
    certificate.subject_alt_names.push_back("DNS:" + to_utf8(lines[i]));
  }
  crypto::HostnameMatch const found = crypto::match_hostname(certificate, reference);
  require(!found.reason.empty() && to_utf8(found.reason) == found.reason);
  require(found.matches == crypto::match_hostname(certificate, ascii_lower(reference)).matches);
  // A match is a name that is the reference or whose wildcard covers one label of it; octets that no name has never match.
  if (!found.matches) return 0;
  require(reference.find('\0') == std::string_view::npos && reference.find('*') == std::string_view::npos);
  std::string name = ascii_lower(reference);
  if (name.ends_with('.')) name.pop_back();
  std::string const under_wildcard = "*" + name.substr(std::min(name.find('.'), name.size()));
  bool there = false;
  for (std::string const& presented : certificate.dns_names) {
    std::string const lower = ascii_lower(presented);
    there = there || lower == name || (lower == under_wildcard && split(name, '.').size() >= 3);
  }
  require(there);
  return 0;
}
