#include "report/names.hpp"

#include <utility>

namespace tlsgauge::report {
namespace {

std::string long_type(std::string_view type) {
  constexpr std::pair<std::string_view, std::string_view> kLong[] = {
      {"CN", "commonName"},        {"O", "organizationName"}, {"OU", "organizationalUnitName"},
      {"C", "countryName"},        {"L", "localityName"},     {"ST", "stateOrProvinceName"},
      {"STREET", "streetAddress"}, {"DC", "domainComponent"}, {"UID", "userId"},
  };
  for (auto const& [word, name] : kLong) {
    if (word == type) return std::string{name};
  }
  return std::string{type};
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
    } else if (i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      out += text[++i];
    }
  }
  return out;
}

void add(std::vector<Attribute>& out, std::string_view part) {
  while (part.starts_with(' ')) part.remove_prefix(1);
  if (part.empty()) return;
  std::size_t const at = part.find('=');
  if (at == std::string_view::npos) {
    out.push_back({.type = {}, .value = unescaped(part)});
  } else {
    out.push_back({.type = long_type(part.substr(0, at)), .value = unescaped(part.substr(at + 1))});
  }
}

}  // namespace

std::vector<Attribute> attributes_of(std::string_view name) {
  std::vector<Attribute> out;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '\\') {
      ++i;
    } else if (name[i] == ',' || name[i] == '+') {
      add(out, name.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  if (begin < name.size()) add(out, name.substr(begin));
  return out;
}

}  // namespace tlsgauge::report
