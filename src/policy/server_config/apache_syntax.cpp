#include "policy/server_config/apache_syntax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "policy/document.hpp"
#include "policy/server_config/files.hpp"

namespace tlsgauge::policy {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxLine = 64 * 1024;
constexpr std::size_t kMaxWords = 2'000;
constexpr std::size_t kMaxNotes = 100;  // of files not read and of variables, each
// Built into httpd itself wherever modules are loaded at all.
constexpr std::array<std::string_view, 8> kBuiltIn{"core", "so", "http", "unixd", "log_config", "logio", "version", "watchdog"};
constexpr std::string_view kNewestVersion = "2.4.99";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f'; }

/// "ssl" from "ssl_module", "mod_ssl.c" or "mod_ssl.so".
std::string module_name(std::string_view text) {
  if (text.starts_with("mod_")) text.remove_prefix(4);
  for (std::string_view const end : {"_module", ".c", ".so"}) {
    if (text.ends_with(end)) text.remove_suffix(end.size());
  }
  return std::string{text};
}

/// One line with those that continue it.
struct Line {
  std::string text;  // trimmed
  int number = 1;
  std::size_t begin = 0;
  std::size_t end = 0;
};

class Lines {
 public:
  Lines(std::string_view text, std::string const& file) : text_(text), file_(file) {}

  /// The next line that is neither empty nor a comment.
  bool next(Line& out) {
    while (at_ < text_.size()) {
      out = whole();
      if (!out.text.empty() && out.text.front() != '#') return true;
    }
    return false;
  }
  [[nodiscard]] int number() const { return line_; }

 private:
  Line whole() {
    Line out{.text = {}, .number = line_, .begin = at_, .end = at_};
    for (bool more = true; more;) {
      std::size_t const stop = std::min(text_.find('\n', at_), text_.size());
      std::string_view part = text_.substr(at_, stop - at_);
      if (part.ends_with('\r')) part.remove_suffix(1);
      more = part.ends_with('\\') && stop < text_.size();
      if (more) part.remove_suffix(1);
      if (out.text.size() + part.size() > kMaxLine) fail(file_, line_, "line", fmt::format("longer than {} KiB", kMaxLine / 1024));
      out.text += part;
      out.end = at_ + part.size();
      at_ = std::min(stop + 1, text_.size());
      ++line_;
    }
    std::size_t const first = std::min(out.text.find_first_not_of(" \t\r\v\f"), out.text.size());
    out.begin += first;
    out.text.erase(0, first);
    while (!out.text.empty() && is_blank(out.text.back())) {
      out.text.pop_back();
      --out.end;
    }
    out.end = std::max(out.begin, out.end);
    return out;
  }

  std::string_view text_;
  std::string const& file_;
  std::size_t at_ = 0;
  int line_ = 1;
};

class Reader {
 public:
  Reader(ApacheFile& out, std::string_view version) : out_(out), version_(version.empty() ? kNewestVersion : version) {}

  void read_main(std::string const& path) {
    out_.folder = fs::path(path).parent_path().string();
    if (fs::path(path).filename() == "apache2.conf") read_envvars(absolute_below(out_.folder, "envvars"));
    FileText const file = read_config_file(path, kMaxApacheOctets, true);
    if (!file.text) fail(path, 1, "file", file.problem);
    read_lines(*file.text, path, out_.top, true);
  }

 private:
  /// Debian starts httpd with what this file exports: "export APACHE_LOG_DIR=/var/log/apache2$SUFFIX".
  void read_envvars(std::string const& path) {
    FileText const file = read_config_file(path, kMaxApacheOctets, false);
    if (!file.text) return;
    for (std::string_view line : split(*file.text, '\n')) {
      line = trim(line);
      if (!line.starts_with("export ")) continue;
      line = trim(line.substr(7));
      std::size_t const sign = line.find('=');
      if (sign == std::string_view::npos) continue;
      std::string value{line.substr(sign + 1)};
      if (std::size_t const at = value.find("$SUFFIX"); at != std::string::npos) value.erase(at, 7);
      if (value.find('$') == std::string::npos) variables_[std::string{line.substr(0, sign)}] = value;
    }
  }

  void read_lines(std::string_view text, std::string const& path, ApacheDirective& into, bool live) {
    Lines lines(text, path);
    Line line;
    while (lines.next(line)) {
      if (line.text.starts_with("</")) {
        fail(path, line.number, line.text, "closes a section that is not open");
      }
      read_directive(lines, line, path, into, live);
    }
  }

  void read_directive(Lines& lines, Line const& line, std::string const& path, ApacheDirective& into, bool live) {
    if (++directives_ > kMaxApacheDirectives) fail(path, line.number, "file", fmt::format("more than {} directives", kMaxApacheDirectives));
    ApacheDirective made;
    made.place = {.file = path, .line = line.number, .begin = line.begin, .end = line.end};
    made.text = line.text;
    std::string_view rest = line.text;
    if (rest.front() == '<') {
      std::size_t const close = rest.rfind('>');
      if (close == std::string_view::npos) fail(path, line.number, rest, "the closing \">\" is missing");
      made.section = true;
      rest = rest.substr(1, close - 1);
    }
    std::size_t const end = std::min(rest.find_first_of(" \t\v\f\r"), rest.size());
    made.name = std::string{rest.substr(0, end)};
    if (made.name.empty()) fail(path, line.number, rest, "a section without a name");
    read_words(rest.substr(end), made, live);
    if (made.section) {
      read_section(lines, std::move(made), path, into, live);
    } else {
      if (live) obey(made, into);
      into.children.push_back(std::move(made));
    }
  }

  void read_words(std::string_view rest, ApacheDirective& into, bool live) {
    for (;;) {
      std::size_t const first = std::min(rest.find_first_not_of(" \t\v\f\r"), rest.size());
      rest.remove_prefix(first);
      if (rest.empty()) return;
      if (into.words.size() == kMaxWords) fail(into.place.file, into.place.line, into.name, fmt::format("more than {} words", kMaxWords));
      char const quote = rest.front() == '"' || rest.front() == '\'' ? rest.front() : '\0';
      std::string word;
      std::size_t at = quote ? 1 : 0;
      // As ap_getword_conf(): a quotation that is not closed ends with the line.
      while (at < rest.size() && (quote ? rest[at] != quote : !is_blank(rest[at]))) {
        bool const escape = rest[at] == '\\' && at + 1 < rest.size() && (rest[at + 1] == '\\' || (quote && rest[at + 1] == quote));
        word += rest[at + (escape ? 1 : 0)];
        at += escape ? 2 : 1;
      }
      if (quote && at < rest.size()) ++at;
      rest.remove_prefix(at);
      into.words.push_back(live ? resolved(word, into) : word);
    }
  }

  /// With ${NAME} replaced.
  std::string resolved(std::string const& word, ApacheDirective const& of) {
    std::string out;
    std::size_t at = 0;
    while (at < word.size()) {
      std::size_t const open = word.find("${", at);
      std::size_t const close = open == std::string::npos ? open : word.find('}', open);
      if (close == std::string::npos) break;
      out += word.substr(at, open - at);
      std::string const name = word.substr(open + 2, close - open - 2);
      if (auto const known = variables_.find(name); known != variables_.end()) {
        out += known->second;
      } else {
        out += word.substr(open, close - open + 1);
        if (out_.unknown.size() < kMaxNotes) out_.unknown.push_back({.place = of.place, .name = name, .directive = of.name});
      }
      if (out.size() > kMaxLine) fail(of.place.file, of.place.line, of.name, fmt::format("longer than {} KiB", kMaxLine / 1024));
      at = close + 1;
    }
    return out + word.substr(std::min(at, word.size()));
  }

  void read_section(Lines& lines, ApacheDirective made, std::string const& path, ApacheDirective& into, bool live) {
    if (++sections_ > kMaxApacheSections) {
      fail(path, made.place.line, made.name, fmt::format("sections nested more than {} deep", kMaxApacheSections));
    }
    std::optional<bool> const condition = live ? decide(made) : std::nullopt;
    bool const macro = made.is("Macro");
    if (made.is("Perl")) {
      // Another language, which may set anything.
      skip_to_end(lines, made, path);
      note_unread(made.place, "<Perl> is not read", into);
    } else {
      // Variables and modules that a condition's section sets are set for what follows it, so its lines go straight into the outer one.
      ApacheDirective& holder = condition.value_or(false) ? into : made;
      read_until_end(lines, made, path, holder, live && condition.value_or(true) && !macro);
      if (!condition && !macro) into.children.push_back(std::move(made));
      if (condition && !*condition) out_.skipped.push_back(std::move(made));
    }
    --sections_;
  }

  void read_until_end(Lines& lines, ApacheDirective const& opened, std::string const& path, ApacheDirective& into, bool live) {
    // `opened` may be `into`, which grows.
    std::string const name = opened.name;
    int const from = opened.place.line;
    Line line;
    while (lines.next(line)) {
      if (!line.text.starts_with("</")) {
        read_directive(lines, line, path, into, live);
        continue;
      }
      std::string_view const closed = trim(std::string_view{line.text}.substr(2, line.text.find('>') - 2));
      if (ascii_lower(closed) == ascii_lower(name) && line.text.find('>') != std::string::npos) return;
      fail(path, line.number, line.text, fmt::format("stands where </{}> is expected, for line {}", name, from));
    }
    fail(path, from, fmt::format("<{}>", name), "the section is not closed");
  }

  static void skip_to_end(Lines& lines, ApacheDirective const& opened, std::string const& path) {
    Line line;
    while (lines.next(line)) {
      if (ascii_lower(line.text) == fmt::format("</{}>", ascii_lower(opened.name))) return;
    }
    fail(path, opened.place.line, fmt::format("<{}>", opened.name), "the section is not closed");
  }

  /// Of a condition that httpd decides while it reads; nothing for other sections.
  std::optional<bool> decide(ApacheDirective const& section) const {
    std::string_view word = section.word(0);
    bool const negated = word.starts_with('!');
    if (negated) word.remove_prefix(1);
    if (section.is("IfModule")) return out_.has_module(module_name(word)) != negated;
    if (section.is("IfDefine")) return variables_.contains(std::string{word}) != negated;
    if (section.is("IfFile")) {
      std::error_code error;
      return fs::exists(absolute_below(out_.folder, std::string{word}), error) != negated;
    }
    if (section.is("IfVersion")) return version_fits(section);
    return std::nullopt;
  }

  /// "<IfVersion >= 2.4.36>"; regular expressions are taken to fit.
  [[nodiscard]] bool version_fits(ApacheDirective const& section) const {
    std::string_view sign = section.words.size() > 1 ? section.word(0) : std::string_view{"="};
    std::string_view const wanted = section.words.size() > 1 ? section.word(1) : section.word(0);
    bool const negated = sign.starts_with('!');
    if (negated) sign.remove_prefix(1);
    if (sign == "~" || wanted.starts_with('/')) return !negated;
    auto const ours = numbers(version_);
    auto const theirs = numbers(wanted);
    bool fits = ours == theirs;
    if (sign == ">" || sign == "gt") fits = ours > theirs;
    if (sign == ">=" || sign == "ge") fits = ours >= theirs;
    if (sign == "<" || sign == "lt") fits = ours < theirs;
    if (sign == "<=" || sign == "le") fits = ours <= theirs;
    return fits != negated;
  }

  static std::array<int, 3> numbers(std::string_view text) {
    std::array<int, 3> out{};
    std::size_t at = 0;
    for (std::string_view const part : split(text, '.')) {
      if (at == out.size()) break;
      std::from_chars(part.data(), part.data() + part.size(), out[at++]);
    }
    return out;
  }

  /// What has to be done while the file is read.
  void obey(ApacheDirective const& directive, ApacheDirective& into) {
    if (directive.words.empty()) return;
    if (directive.is("Define")) {
      variables_[directive.words[0]] = directive.word(1);
    } else if (directive.is("UnDefine")) {
      variables_.erase(directive.words[0]);
    } else if (directive.is("ServerRoot")) {
      // The configuration may be a copy from another machine.
      std::error_code error;
      if (fs::is_directory(directive.words[0], error)) out_.folder = directive.words[0];
    } else if (directive.is("LoadModule")) {
      out_.modules.push_back(module_name(directive.words[0]));
    } else if (directive.is("Use")) {
      note_unread(directive.place, fmt::format("the macro {} is not expanded", directive.words[0]), into);
    } else if (directive.is("Include")) {
      include(directive, into, false);
    } else if (directive.is("IncludeOptional")) {
      include(directive, into, true);
    }
  }

  void include(ApacheDirective const& directive, ApacheDirective& into, bool optional) {
    std::string const path = absolute_below(out_.folder, directive.words[0]);
    if (has_too_many_wildcards(path))
      return note_unread(directive.place, fmt::format("{} has wildcards in more than three folders", path), into);
    std::vector<std::string> const found = has_wildcard(path) ? matching_files(path, kMaxApacheFiles) : std::vector{path};
    if (found.empty() && !optional) note_unread(directive.place, fmt::format("no file fits {}", path), into);
    for (std::string const& file : found) include_path(file, directive, into, optional);
  }

  void include_path(std::string const& path, ApacheDirective const& directive, ApacheDirective& into, bool optional) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
      for (std::string const& file : matching_files(path + "/*", kMaxApacheFiles)) {
        if (++depth_ > kMaxApacheIncludes) too_deep(directive);
        include_path(file, directive, into, optional);
        --depth_;
      }
      return;
    }
    if (++depth_ > kMaxApacheIncludes) too_deep(directive);
    if (++files_ > kMaxApacheFiles) {
      fail(directive.place.file, directive.place.line, directive.name, fmt::format("more than {} files", kMaxApacheFiles));
    }
    FileText const file = read_config_file(path, kMaxApacheOctets, false);
    if (file.text) {
      std::size_t const sections = std::exchange(sections_, 0);
      read_lines(*file.text, path, into, true);
      sections_ = sections;
    } else if (!optional || fs::exists(path, error)) {
      note_unread(directive.place, fmt::format("{} {}", path, file.problem), into);
    }
    --depth_;
  }

  [[noreturn]] static void too_deep(ApacheDirective const& directive) {
    fail(directive.place.file, directive.place.line, directive.name,
         fmt::format("files include each other more than {} deep", kMaxApacheIncludes));
  }

  void note_unread(Place const& place, std::string what, ApacheDirective& into) {
    into.incomplete = true;
    if (out_.unread.size() < kMaxNotes) out_.unread.push_back({.place = place, .what = std::move(what)});
  }

  ApacheFile& out_;
  std::string version_;
  std::map<std::string, std::string> variables_;
  std::size_t directives_ = 0;
  std::size_t sections_ = 0;
  std::size_t depth_ = 0;
  std::size_t files_ = 1;
};

}  // namespace

bool ApacheDirective::is(std::string_view wanted) const { return name.size() == wanted.size() && ascii_lower(name) == ascii_lower(wanted); }

std::vector<ApacheDirective const*> ApacheDirective::all(std::string_view wanted) const {
  std::vector<ApacheDirective const*> out;
  for (ApacheDirective const& child : children) {
    if (child.is(wanted)) out.push_back(&child);
  }
  return out;
}

ApacheDirective const* ApacheDirective::last(std::string_view wanted) const {
  auto const found = all(wanted);
  return found.empty() ? nullptr : found.back();
}

std::string_view ApacheDirective::word(std::size_t index) const {
  return index < words.size() ? std::string_view{words[index]} : std::string_view{};
}

bool ApacheFile::has_module(std::string_view name) const {
  return modules.empty() || std::ranges::find(modules, name) != modules.end() || std::ranges::find(kBuiltIn, name) != kBuiltIn.end();
}

ApacheFile read_apache_file(std::string const& path, std::string_view version) {
  ApacheFile out;
  out.top.section = true;
  Reader(out, version).read_main(path);
  return out;
}

}  // namespace tlsgauge::policy
