#include "base/hsts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/text.hpp"

namespace tlsgauge {
namespace {

constexpr std::size_t kMaxOctets = 8192;
constexpr std::size_t kMaxErrors = 16;
constexpr std::size_t kMaxQuoted = 64;  // octets of a value that an error repeats

// RFC 2616 section 2.2: any CHAR except CTLs or separators.
bool is_token_character(char c) {
  constexpr std::string_view kSeparators = "()<>@,;:\\\"/[]?={} \t";
  return c > 0x20 && c < 0x7F && kSeparators.find(c) == std::string_view::npos;
}

std::string shown(std::string_view text) {
  std::string const cut = to_utf8(text.substr(0, kMaxQuoted));
  return text.size() > kMaxQuoted ? cut + "..." : cut;
}

struct Directive {
  std::string name;  // lower case
  std::optional<std::string> value;
};

/// Walks over one field value, directive by directive.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  /// The next directive; empty at the end of the field or after an error.
  std::optional<Directive> next() {
    for (skip_blanks(); !rest_.empty() && rest_.front() == ';'; skip_blanks()) rest_.remove_prefix(1);
    if (rest_.empty()) return {};
    Directive directive;
    std::string_view const name = token();
    if (name.empty()) return failed(fmt::format("\"{}\" begins no directive", shown(rest_.substr(0, 1))));
    directive.name = ascii_lower(name);
    skip_blanks();
    if (!rest_.empty() && rest_.front() == '=') {
      rest_.remove_prefix(1);
      skip_blanks();
      if (!value(directive)) return {};
      skip_blanks();
    }
    if (!rest_.empty() && rest_.front() != ';') {
      return failed(fmt::format("\"{}\" follows the directive {} without a semicolon", shown(rest_), shown(name)));
    }
    return directive;
  }

  [[nodiscard]] std::string const& error() const { return error_; }

 private:
  // RFC 2616 section 2.1: blanks may stand between any two tokens.
  void skip_blanks() {
    std::size_t const at = rest_.find_first_not_of(" \t");
    rest_.remove_prefix(std::min(at, rest_.size()));
  }

  std::string_view token() {
    std::size_t const length = static_cast<std::size_t>(std::find_if_not(rest_.begin(), rest_.end(), is_token_character) - rest_.begin());
    std::string_view const found = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return found;
  }

  bool value(Directive& directive) {
    if (rest_.empty() || rest_.front() != '"') {
      directive.value = std::string{token()};
      if (directive.value->empty()) failed(fmt::format("the directive {} has an empty value", shown(directive.name)));
      return !directive.value->empty();
    }
    std::string content;
    for (std::size_t at = 1; at < rest_.size(); ++at) {
      if (rest_[at] == '"') {
        rest_.remove_prefix(at + 1);
        directive.value = std::move(content);
        return true;
      }
      if (rest_[at] == '\\' && ++at == rest_.size()) break;  // quoted-pair
      content.push_back(rest_[at]);
    }
    failed(fmt::format("the quoted value of {} does not end", shown(directive.name)));
    return false;
  }

  std::optional<Directive> failed(std::string error) {
    error_ = std::move(error);
    rest_ = {};
    return {};
  }

  std::string_view rest_;
  std::string error_;
};

// RFC 6797 section 6.1.1: delta-seconds, 1*DIGIT.
std::optional<std::int64_t> delta_seconds(std::string_view text) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  if (text.empty() || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) return {};
  std::int64_t seconds = 0;
  for (char const c : text) {
    std::int64_t const digit = c - '0';
    if (seconds > (kMost - digit) / 10) return kMost;
    seconds = seconds * 10 + digit;
  }
  return seconds;
}

void apply(Directive const& directive, Hsts& hsts) {
  auto const flag = [&](bool& set) {
    set = true;
    if (directive.value) hsts.errors.push_back(fmt::format("{} takes no value", directive.name));
  };
  if (directive.name == "max-age") {
    hsts.max_age = directive.value ? delta_seconds(*directive.value) : std::nullopt;
    if (!directive.value) {
      hsts.errors.emplace_back("max-age has no value");
    } else if (!hsts.max_age) {
      hsts.errors.push_back(fmt::format("max-age is \"{}\", not a number of seconds", shown(*directive.value)));
    }
  } else if (directive.name == "includesubdomains") {
    flag(hsts.include_subdomains);
  } else if (directive.name == "preload") {
    flag(hsts.preload);
  }  // RFC 6797 section 6.1: unknown directives are ignored
}

}  // namespace

Hsts parse_hsts(std::string_view value) {
  Hsts hsts;
  if (value.size() > kMaxOctets) {
    hsts.errors.push_back(fmt::format("the value has {} octets, more than {}", value.size(), kMaxOctets));
    return hsts;
  }
  std::vector<std::string> seen;
  Scanner scanner{value};
  while (std::optional<Directive> const directive = scanner.next()) {
    if (std::find(seen.begin(), seen.end(), directive->name) != seen.end()) {
      hsts.errors.push_back(fmt::format("the directive {} appears more than once", shown(directive->name)));
    } else {
      seen.push_back(directive->name);
      apply(*directive, hsts);
    }
    if (hsts.errors.size() == kMaxErrors) break;
  }
  if (!scanner.error().empty()) hsts.errors.push_back(scanner.error());
  if (std::find(seen.begin(), seen.end(), "max-age") == seen.end()) hsts.errors.emplace_back("the required directive max-age is missing");
  if (hsts.errors.size() > kMaxErrors) hsts.errors.resize(kMaxErrors);
  if (hsts.errors.empty()) {
    hsts.valid = true;
  } else {
    hsts.max_age.reset();
    hsts.include_subdomains = hsts.preload = false;
  }
  return hsts;
}

}  // namespace tlsgauge
