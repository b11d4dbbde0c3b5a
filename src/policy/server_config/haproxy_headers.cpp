// Strict-Transport-Security: http-response rules act on what a server behind HAProxy answers, the backend's before the frontend's;
// http-after-response rules act on every answer, HAProxy's own errors, redirects and "return" among them. HAProxy configuration manual,
// sections 4.3 and 4.4; tried with 2.6.12

#include <algorithm>

#include "base/text.hpp"
#include "policy/server_config/findings.hpp"
#include "policy/server_config/haproxy.hpp"

namespace tlsgauge::policy {
namespace {

constexpr std::string_view kHsts = "strict-transport-security";

enum class Holds { no, perhaps, yes };

/// What follows "if" or "unless", for a request over TLS.
Holds holds(HaproxyLine const& line) {
  auto const at =
      std::find_if(line.words.begin() + 1, line.words.end(), [](std::string const& word) { return word == "if" || word == "unless"; });
  if (at == line.words.end()) return Holds::yes;
  std::string condition;
  for (auto word = at + 1; word != line.words.end(); ++word) condition += *word;
  bool const negated = *at == "unless";
  if (condition == "{ssl_fc}" || condition == "TRUE") return negated ? Holds::no : Holds::yes;
  if (condition == "!{ssl_fc}" || condition == "FALSE") return negated ? Holds::yes : Holds::no;
  return Holds::perhaps;
}

struct Header {
  std::optional<std::string> value;  // empty: none is set
  HaproxyLine const* line = nullptr;
  bool uncertain = false;
};

void apply(HaproxyLine const& line, Header& out) {
  Holds const held = holds(line);
  if (held == Holds::no) return;
  std::string_view const action = line.word(1);
  if (held == Holds::perhaps || line.word(3).find('%') != std::string_view::npos) out.uncertain = true;
  out.line = &line;
  if (action == "set-header" || (action == "add-header" && !out.value)) {
    out.value = std::string{line.word(3)};
  } else if (action == "del-header") {
    out.value.reset();
  } else if (action != "add-header") {
    out.uncertain = true;  // replace-header and its like
  }
}

/// The rules of a section, those of its named defaults first.
void apply_rules(HaproxyFile const& file, HaproxySection const& section, std::string_view keyword, Header& out) {
  if (HaproxySection const* const defaults = defaults_of(file, section); defaults != nullptr) {
    for (HaproxyLine const* const line : defaults->all(keyword)) {
      if (is_hsts(*line)) apply(*line, out);
    }
    out.uncertain = out.uncertain || defaults->incomplete;
  }
  for (HaproxyLine const* const line : section.all(keyword)) {
    if (is_hsts(*line)) apply(*line, out);
  }
  out.uncertain = out.uncertain || section.incomplete;
}

HaproxySection const* backend(HaproxyFile const& file, std::string_view name) {
  auto const at = std::ranges::find_if(
      file.sections, [&](HaproxySection const& each) { return (each.kind == "backend" || each.kind == "listen") && each.name == name; });
  return at == file.sections.end() ? nullptr : &*at;
}

/// Where requests may go; nullptr among them: nowhere, or to what is not known here.
std::vector<HaproxySection const*> backends(HaproxyFile const& file, HaproxySection const& section) {
  std::vector<HaproxySection const*> out;
  for (HaproxyLine const* const line : section.all("use_backend")) out.push_back(backend(file, line->word(1)));
  if (HaproxyLine const* const line = in_force(file, section, "default_backend")) {
    out.push_back(backend(file, line->word(1)));
  } else if (section.kind == "listen") {
    out.push_back(&section);
  }
  return out;
}

bool may_answer_itself(HaproxySection const& section) {
  return std::ranges::any_of(section.lines, [](HaproxyLine const& line) {
    bool const request =
        line.words.front() == "http-request" && (line.word(1) == "return" || line.word(1) == "redirect" || line.word(1) == "use-service");
    return (request || line.words.front() == "redirect") && holds(line) != Holds::no;
  });
}

using HstsResult = std::optional<Setting<std::optional<HstsSetting>>>;

HstsResult result(Header const& header, bool always) {
  if (header.uncertain) return std::nullopt;
  Setting<std::optional<HstsSetting>> out;
  out.text = header.line != nullptr ? header.line->text : "no rule for it";
  if (header.line != nullptr) out.place = header.line->place;
  if (header.value) out.value = HstsSetting{.value = *header.value, .always = always};
  if (header.line == nullptr || header.line->words.size() <= 4) return out;
  bool const condition = header.line->word(4) == "if" || header.line->word(4) == "unless";
  if (!condition) out.place.begin = out.place.end = 0;
  if (condition && out.value) out.value->tail = words_from(*header.line, 4);
  return out;
}

/// For requests that go to this backend.
HstsResult through(HaproxyFile const& file, HaproxySection const& front, HaproxySection const& back) {
  Header header;
  apply_rules(file, back, "http-response", header);
  if (&back != &front) apply_rules(file, front, "http-response", header);
  Header after;
  apply_rules(file, back, "http-after-response", after);
  if (&back != &front) apply_rules(file, front, "http-after-response", after);
  if (after.line != nullptr) return result(after, true);
  // Where no rule sets it, the server behind may.
  if (!header.value) return std::nullopt;
  return result(header, false);
}

}  // namespace

std::string words_from(HaproxyLine const& line, std::size_t first) {
  std::string out;
  for (std::size_t i = first; i < line.words.size(); ++i) {
    std::string const& word = line.words[i];
    bool const plain = !word.empty() && word.find_first_of(" \t\"'\\#$") == std::string::npos;
    out += " " + (plain ? word : quoted(ServerKind::haproxy, word));
  }
  return out;
}

bool is_hsts(HaproxyLine const& line) {
  std::string_view const keyword = line.words.front();
  return (keyword == "http-response" || keyword == "http-after-response") && ascii_lower(line.word(2)) == kHsts;
}

HaproxyLine const* answers_itself(HaproxySection const& section) {
  for (HaproxyLine const& line : section.lines) {
    std::string_view const action = line.word(1);
    bool const request = line.words.front() == "http-request" && (action == "return" || action == "redirect" || action == "deny");
    if ((request || line.words.front() == "redirect") && holds(line) == Holds::yes) return &line;
  }
  return nullptr;
}

HstsResult haproxy_hsts(HaproxyFile const& file, HaproxySection const& section) {
  if (!speaks_http(file, section) || file.incomplete) return std::nullopt;
  std::vector<HaproxySection const*> const behind = backends(file, section);
  bool const fragment = section.place.line == 0;
  if (answers_itself(section) != nullptr || (behind.empty() && !fragment)) {
    Header after;
    apply_rules(file, section, "http-after-response", after);
    return result(after, true);
  }
  if (fragment && behind.empty()) return through(file, section, section);
  HstsResult out;
  for (HaproxySection const* const each : behind) {
    HstsResult one;
    if (each != nullptr && answers_itself(*each) == nullptr) {
      one = through(file, section, *each);
    } else if (each != nullptr) {
      Header after;
      apply_rules(file, *each, "http-after-response", after);
      apply_rules(file, section, "http-after-response", after);
      one = result(after, true);
    }
    if (!one) return std::nullopt;
    bool const same = !out || (out->value.has_value() == one->value.has_value() &&
                               (!one->value || (out->value->value == one->value->value && out->value->always == one->value->always)));
    if (!same) return std::nullopt;
    out = one;
  }
  // Some paths HAProxy may answer itself, "/" perhaps among them.
  if (out && out->value && !out->value->always && may_answer_itself(section)) return std::nullopt;
  return out;
}

}  // namespace tlsgauge::policy
