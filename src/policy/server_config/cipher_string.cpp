// The evaluation of a cipher string. OpenSSL keeps a list of all its suites, of which each is selected or not: words move suites within
// it, so that what was taken out last is what a later word puts back first.

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "policy/server_config/openssl_suites.hpp"

namespace tlsgauge::policy {
namespace {

enum class Rule : std::uint8_t { add, order, remove, kill, bump };

struct Entry {
  OpensslSuite suite;
  bool selected = false;
};

/// Of words joined by +.
struct Pattern {
  SuiteTraits traits;
  wire::CipherSuiteInfo const* only = nullptr;  ///< the last word named this suite
};

bool narrow(std::uint32_t& set, std::uint32_t by) {
  if (by == 0) return true;
  set = set == 0 ? by : set & by;
  return set != 0;
}

class Selection {
 public:
  explicit Selection(OpensslBuild const& build) : build_(build) {
    for (OpensslSuite& suite : openssl_suites(build)) entries_.push_back({std::move(suite)});
    arrange();
  }

  /// Whether the rule met any suite at all.
  template <class Matches>
  bool apply(Rule rule, Matches const& matches) {
    if (rule == Rule::kill) return std::erase_if(entries_, [&](Entry const& e) { return matches(e.suite); }) != 0;
    bool met = false;
    auto const moves = [&](Entry const& entry) {
      bool const matching = matches(entry.suite);
      met |= matching;
      return matching && entry.selected != (rule == Rule::add);
    };
    bool const to_front = rule == Rule::remove || rule == Rule::bump;
    std::vector<Entry> moved;
    std::vector<Entry> rest;
    for (Entry& entry : entries_) (moves(entry) ? moved : rest).push_back(std::move(entry));
    for (Entry& entry : moved) entry.selected = rule != Rule::remove;
    std::vector<Entry>& first = to_front ? moved : rest;
    std::vector<Entry>& second = to_front ? rest : moved;
    std::ranges::move(second, std::back_inserter(first));
    entries_ = std::move(first);
    return met;
  }
  bool apply(Rule rule, SuiteTraits const& wanted) {
    return apply(rule, [&](OpensslSuite const& suite) { return has_traits(suite, wanted); });
  }
  bool apply(Rule rule, Pattern const& pattern) {
    return apply(rule, [&](OpensslSuite const& suite) {
      return (pattern.only == nullptr || pattern.only == suite.info) && has_traits(suite, pattern.traits);
    });
  }

  void sort_by_strength() {
    std::set<int, std::greater<>> used;
    for (Entry const& entry : entries_) {
      if (entry.selected) used.insert(entry.suite.bits);
    }
    for (int const bits : used) apply(Rule::order, [&](OpensslSuite const& suite) { return suite.bits == bits; });
  }

  /// By OpenSSL's name, since 3.2 by the registry's too; nullptr where this build has none.
  [[nodiscard]] OpensslSuite const* find(std::string_view name) const {
    bool const standard_names = build_.major > 3 || (build_.major == 3 && build_.minor >= 2);
    bool const any_case = build_.major >= 4;
    auto const same = [&](std::string_view a) { return any_case ? ascii_lower(a) == ascii_lower(name) : a == name; };
    for (Entry const& entry : entries_) {
      if (same(entry.suite.info->openssl_name) || (standard_names && same(entry.suite.info->name))) return &entry.suite;
    }
    return nullptr;
  }

  [[nodiscard]] std::vector<Entry> const& entries() const { return entries_; }

 private:
  void arrange();

  OpensslBuild build_;
  std::vector<Entry> entries_;
};

/// The order in which ALL and the other keywords yield suites.
void Selection::arrange() {
  using traits::keyword;
  SuiteTraits const everything;
  SuiteTraits const ephemeral_ec = keyword("kECDHE");
  if (build_.major == 1 && build_.minor == 0) {
    apply(Rule::add, ephemeral_ec);
    apply(Rule::remove, ephemeral_ec);
    apply(Rule::add, keyword("AES"));
    apply(Rule::add, everything);
    apply(Rule::order, keyword("MD5"));
    apply(Rule::order, keyword("aNULL"));
    apply(Rule::order, openssl_keyword("aECDH", build_).value_or(everything));
    apply(Rule::order, keyword("kRSA"));
    apply(Rule::order, keyword("kPSK"));
    apply(Rule::order, keyword("RC4"));
    sort_by_strength();
    apply(Rule::remove, everything);
    return;
  }
  SuiteTraits with_ecdsa = ephemeral_ec;
  with_ecdsa.authentication = keyword("aECDSA").authentication;
  SuiteTraits other_aes = keyword("AES");
  other_aes.encryption &= ~keyword("AESGCM").encryption;
  SuiteTraits ephemeral = ephemeral_ec;
  ephemeral.key_exchange |= keyword("kDHE").key_exchange;
  SuiteTraits const aead{.mac = traits::kAead};
  SuiteTraits ephemeral_aead = ephemeral;
  ephemeral_aead.mac = traits::kAead;

  apply(Rule::add, with_ecdsa);
  apply(Rule::add, ephemeral_ec);
  apply(Rule::remove, ephemeral_ec);
  apply(Rule::add, keyword("AESGCM"));
  apply(Rule::add, keyword("CHACHA20"));
  apply(Rule::add, other_aes);
  apply(Rule::add, everything);
  apply(Rule::order, keyword("MD5"));
  apply(Rule::order, keyword("aNULL"));
  apply(Rule::order, keyword("kRSA"));
  apply(Rule::order, keyword("kPSK"));
  apply(Rule::order, keyword("RC4"));
  sort_by_strength();
  apply(Rule::bump, keyword("TLSv1.2"));
  apply(Rule::bump, aead);
  apply(Rule::bump, ephemeral);
  apply(Rule::bump, ephemeral_aead);
  apply(Rule::remove, everything);
}

bool is_separator(char c) { return c == ':' || c == ' ' || c == ';' || c == ','; }

class Reader {
 public:
  Reader(std::string_view text, OpensslBuild const& build) : text_(text), build_(build), selection_(build) {}

  CipherList read();

 private:
  bool read_rules(std::string_view text);
  bool read_rule(std::string_view& rest);
  bool special(std::string_view word);
  bool add_to(Pattern& pattern, std::string_view word) const;
  void note_ignored(std::string_view whole, Rule rule, bool met);
  [[nodiscard]] bool is_word(char c) const;
  [[nodiscard]] int security_level() const;

  std::string_view text_;
  OpensslBuild build_;
  Selection selection_;
  CipherList list_;
};

bool Reader::is_word(char c) const {
  bool const letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  bool const underscore = c == '_' && (build_.major > 3 || (build_.major == 3 && build_.minor >= 2));
  return letter || underscore || c == '-' || c == '.' || c == '=';
}

bool Reader::add_to(Pattern& pattern, std::string_view word) const {
  pattern.only = nullptr;
  SuiteTraits more;
  if (OpensslSuite const* const suite = selection_.find(word)) {
    more = suite->traits;
    // The version of a suite is no part of the pattern, only that of a keyword.
    more.version = wire::ProtocolVersion::none;
    pattern.only = suite->info;
  } else if (auto const keyword = openssl_keyword(word, build_)) {
    more = *keyword;
  } else {
    return false;
  }
  SuiteTraits& all = pattern.traits;
  if (more.version != wire::ProtocolVersion::none) {
    if (all.version != wire::ProtocolVersion::none && all.version != more.version) return false;
    all.version = more.version;
  }
  return narrow(all.key_exchange, more.key_exchange) && narrow(all.authentication, more.authentication) &&
         narrow(all.encryption, more.encryption) && narrow(all.mac, more.mac) && narrow(all.strength, more.strength) &&
         narrow(all.standing, more.standing);
}

bool Reader::special(std::string_view word) {
  if (word == "STRENGTH") {
    selection_.sort_by_strength();
    return true;
  }
  bool const levels = build_.major > 1 || build_.minor >= 1;
  if (levels && word.size() == 10 && word.starts_with("SECLEVEL=") && word.back() >= '0' && word.back() <= '5') {
    list_.security_level = word.back() - '0';
    return true;
  }
  return false;
}

/// An addition that selects nothing is worth knowing; an exclusion of what is not there is usual, unless no OpenSSL knows the word.
void Reader::note_ignored(std::string_view whole, Rule rule, bool met) {
  if (met) return;
  std::string_view const words = rule == Rule::add ? whole : whole.substr(1);
  wire::CipherSuiteInfo const* const suite = wire::find_cipher_suite(words);
  if (suite != nullptr && suite->min_version == wire::ProtocolVersion::TLSv1_3) {
    list_.tls13_names.emplace_back(whole);
    return;
  }
  bool known = true;
  for (std::string_view const word : split(words, '+')) known = known && known_to_any_openssl(word);
  if (rule == Rule::add || !known) list_.ignored.emplace_back(whole);
}

/// One word with its operator. False where OpenSSL gives up.
bool Reader::read_rule(std::string_view& rest) {
  std::string_view const start = rest;
  auto const skip = [&] {
    while (!rest.empty() && !is_separator(rest.front())) rest.remove_prefix(1);
    return start.substr(0, start.size() - rest.size());
  };
  Rule rule = Rule::add;
  char const first = rest.front();
  if (first == '-') rule = Rule::remove;
  if (first == '+') rule = Rule::order;
  if (first == '!') rule = Rule::kill;
  if (first == '@' || rule != Rule::add) rest.remove_prefix(1);

  Pattern pattern;
  for (;;) {
    auto const end = std::ranges::find_if_not(rest, [&](char c) { return is_word(c); });
    std::string_view const word{rest.begin(), end};
    if (word.empty()) return false;
    rest.remove_prefix(word.size());
    if (first == '@') {
      skip();
      return special(word);
    }
    bool const more = rest.starts_with('+');
    if (more) rest.remove_prefix(1);
    if (!add_to(pattern, word)) {
      note_ignored(skip(), rule, false);
      return true;
    }
    if (!more) break;
  }
  std::string_view const whole = start.substr(0, start.size() - rest.size());
  note_ignored(whole, rule, selection_.apply(rule, pattern));
  return true;
}

bool Reader::read_rules(std::string_view rest) {
  bool good = true;
  while (!rest.empty()) {
    if (is_separator(rest.front())) {
      rest.remove_prefix(1);
    } else {
      std::string_view const before = rest;
      good = read_rule(rest) && good;
      if (rest.size() == before.size()) return false;
    }
  }
  return good;
}

/// Upstream's where the string says none. Distributions raise it to 2, which only matters where weak suites are compiled in.
int Reader::security_level() const {
  if (list_.security_level >= 0) return list_.security_level;
  if (build_.major > 3 || (build_.major == 3 && build_.minor >= 2)) return 2;
  return build_.major == 3 || build_.minor >= 1 ? 1 : 0;
}

CipherList Reader::read() {
  std::string_view rules = text_;
  // Suite B replaces the whole string.
  if (rules.starts_with("SUITEB128ONLY")) {
    rules = "ECDHE-ECDSA-AES128-GCM-SHA256";
  } else if (rules.starts_with("SUITEB128C2") || rules.starts_with("SUITEB192")) {
    rules = "ECDHE-ECDSA-AES256-GCM-SHA384";
  } else if (rules.starts_with("SUITEB128")) {
    rules = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384";
  }
  bool good = true;
  if (rules.starts_with("DEFAULT")) {
    bool const old = build_.major == 1 && build_.minor == 0;
    good = read_rules(old ? "ALL:!EXPORT:!LOW:!aNULL:!eNULL" : "ALL:!COMPLEMENTOFDEFAULT:!eNULL");
    list_.ignored.clear();
    rules.remove_prefix(std::string_view{"DEFAULT"}.size());
    if (rules.starts_with(':')) rules.remove_prefix(1);
  }
  if (!read_rules(rules) || !good) {
    list_.security_level = -1;
    return std::move(list_);
  }
  for (Entry const& entry : selection_.entries()) {
    if (!entry.selected) continue;
    list_.suites.push_back(entry.suite.info);
    if (within_security_level(entry.suite, security_level())) list_.offered.push_back(entry.suite.info);
  }
  return std::move(list_);
}

}  // namespace

CipherList read_cipher_string(std::string_view text, OpensslBuild const& build) {
  // Longer than any list of all names there are; what an attacker writes is not worked through.
  constexpr std::size_t kLongest = 64 * 1024;
  if (text.size() > kLongest) return {};
  return Reader{text, build}.read();
}

}  // namespace tlsgauge::policy
