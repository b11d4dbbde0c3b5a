#include "policy/server_config/haproxy_syntax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include "base/text.hpp"
#include "policy/document.hpp"
#include "policy/server_config/files.hpp"

namespace tlsgauge::policy {
namespace {

constexpr std::size_t kMaxLine = 16 * 1024;
constexpr std::size_t kMaxWords = 200;
constexpr std::size_t kMaxNotes = 100;
constexpr std::array<std::string_view, 5> kRead{"global", "defaults", "frontend", "backend", "listen"};
constexpr std::array<std::string_view, 18> kPassedOver{
    "peers",     "resolvers",   "userlist",    "ring",       "cache",        "mailers", "program", "fcgi-app",       "http-errors",
    "crt-store", "log-forward", "log-profile", "spoe-agent", "spoe-message", "acme",    "traces",  "namespace_list", "healthcheck"};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool is_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class Reader {
 public:
  explicit Reader(HaproxyFile& out) : out_(out) {}

  void read_path(std::string const& path) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) return read(path, true);
    std::vector<std::string> const files = matching_files(path + "/*.cfg", kMaxHaproxyFiles);
    if (files.empty()) fail(path, 1, "file", "the folder has no file *.cfg");
    for (std::string const& file : files) read(file, false);
  }

 private:
  void read(std::string const& path, bool named_by_user) {
    FileText const file = read_config_file(path, kMaxHaproxyOctets, named_by_user);
    if (!file.text) fail(path, 1, "file", file.problem);
    section_ = nullptr;
    skipping_ = false;
    std::size_t const before = conditions_.size();
    std::size_t at = 0;
    int number = 0;
    while (at < file.text->size()) {
      std::size_t const end = std::min(file.text->find('\n', at), file.text->size());
      ++number;
      if (++lines_ > kMaxHaproxyLines) fail(path, number, "file", fmt::format("more than {} lines", kMaxHaproxyLines));
      if (end - at > kMaxLine) fail(path, number, "line", fmt::format("longer than {} KiB", kMaxLine / 1024));
      read_line(std::string_view{*file.text}.substr(at, end - at), {.file = path, .line = number, .begin = at, .end = end});
      at = end + 1;
    }
    if (conditions_.size() > before)
      fail(conditions_.back().place.file, conditions_.back().place.line, ".if", "is not closed; an .endif is missing");
  }

  void read_line(std::string_view text, Place place) {
    HaproxyLine line;
    std::size_t const used = split_words(text, place, line);
    if (line.words.empty()) return;
    std::size_t const first = text.find_first_not_of(" \t\r");
    std::string_view const bare = trim(text.substr(0, used));
    place.begin += first;
    place.end = place.begin + bare.size();
    line.place = place;
    line.text = std::string{bare};
    if (line.words.front().starts_with('.')) return obey(line);
    if (!conditions_.empty() && !std::ranges::all_of(conditions_, &Condition::taken)) {
      return pass_over(line);
    }
    if (!open_section(line)) put(std::move(line));
  }

  /// A line in a branch that is not taken, or perhaps not.
  void pass_over(HaproxyLine const& line) {
    auto const not_taken = [](Condition const& each) { return !each.taken && !each.uncertain; };
    if (std::ranges::any_of(conditions_, not_taken)) return;
    if (section_ != nullptr) section_->incomplete = true;
    std::string const& keyword = line.words.front();
    if (keyword != "bind" && !keyword.starts_with("ssl-default-")) return;
    out_.undecided.insert(keyword);
    for (Condition const& each : conditions_) {
      for (HaproxyNote& note : out_.conditions) {
        bool const of_it = note.place.file == each.place.file && note.place.line >= each.place.line;
        if (each.uncertain && of_it) note.weighty = true;
      }
    }
  }

  /// How much of the line was read: to the end, or to a comment.
  std::size_t split_words(std::string_view text, Place const& place, HaproxyLine& line) {
    std::vector<std::string>& words = line.words;
    std::size_t at = 0;
    while (at < text.size()) {
      if (is_blank(text[at])) {
        ++at;
        continue;
      }
      if (text[at] == '#') return at;
      if (words.size() == kMaxWords) fail(place.file, place.line, words.front(), fmt::format("more than {} words", kMaxWords));
      words.emplace_back();
      unresolved_ = false;
      at = read_word(text, at, place, words.back());
      if (!unresolved_) continue;
      line.unknown.resize(words.size());
      line.unknown.back() = true;
    }
    return at;
  }

  std::size_t read_word(std::string_view text, std::size_t at, Place const& place, std::string& word) {
    char quote = '\0';
    std::size_t opened = at;
    for (; at < text.size(); ++at) {
      char const c = text[at];
      if (quote == '\0' && (is_blank(c) || c == '#')) break;
      if ((c == '"' || c == '\'') && (quote == '\0' || quote == c)) {
        quote = quote == '\0' ? c : '\0';
        opened = at;
      } else if (c == '\\' && quote != '\'' && at + 1 < text.size()) {
        at = read_escape(text, at, word);
      } else if (c == '$' && quote == '"') {
        at = read_variable(text, at, place, word);
      } else {
        word += c;
      }
    }
    if (quote != '\0') fail(place.file, place.line, "quote", fmt::format("that opens at column {} is not closed", opened + 1));
    return at;
  }

  /// The position of the escape's last character.
  static std::size_t read_escape(std::string_view text, std::size_t at, std::string& word) {
    char const next = text[at + 1];
    switch (next) {
      case ' ':
      case '\\':
      case '#':
      case '"':
      case '\'':
      case '$':
        word += next;
        return at + 1;
      case 'n':
        word += '\n';
        return at + 1;
      case 'r':
        word += '\r';
        return at + 1;
      case 't':
        word += '\t';
        return at + 1;
      case 'x':
        if (at + 3 < text.size() && hex(text[at + 2]) >= 0 && hex(text[at + 3]) >= 0) {
          word += static_cast<char>(hex(text[at + 2]) * 16 + hex(text[at + 3]));
          return at + 3;
        }
        break;
      default:
        break;
    }
    word += '\\';
    return at;
  }

  /// "$NAME", "${NAME}" or "${NAME-otherwise}"; the position of its last character.
  std::size_t read_variable(std::string_view text, std::size_t at, Place const& place, std::string& word) {
    bool const braces = at + 1 < text.size() && text[at + 1] == '{';
    std::size_t const first = at + (braces ? 2 : 1);
    std::size_t end = first;
    while (end < text.size() && is_name(text[end])) ++end;
    if (end == first) {
      word += '$';
      return at;
    }
    std::string const variable{text.substr(first, end - first)};
    std::string otherwise;
    if (braces) {
      std::size_t const close = text.find('}', end);
      if (close == std::string_view::npos) fail(place.file, place.line, "quote", fmt::format("${{{} is not closed", variable));
      if (text[end] == '-') otherwise = std::string{text.substr(end + 1, close - end - 1)};
      end = close + 1;
    }
    if (auto const known = variables_.find(variable); known != variables_.end()) {
      word += known->second;
    } else {
      word += otherwise;
      unresolved_ = true;
      if (otherwise.empty() && out_.variables.size() < kMaxNotes) out_.variables.push_back({.place = place, .what = variable});
    }
    return end - 1;
  }

  /// Lines that begin with a dot.
  void obey(HaproxyLine const& line) {
    std::string const& word = line.words.front();
    if (word == ".if") {
      if (conditions_.size() == kMaxHaproxyConditions) {
        fail(line.place.file, line.place.line, ".if", fmt::format("nested more than {} deep", kMaxHaproxyConditions));
      }
      conditions_.push_back({.place = line.place, .taken = false, .uncertain = false, .done = false});
      return decide(line);
    }
    bool const ours = word == ".elif" || word == ".else" || word == ".endif";
    if (ours && conditions_.empty()) fail(line.place.file, line.place.line, word, "stands without an .if before it");
    if (word == ".elif") return decide(line);
    if (word == ".else") {
      conditions_.back().taken = !conditions_.back().done && !conditions_.back().uncertain;
    } else if (word == ".endif") {
      conditions_.pop_back();
    }
  }

  /// Conditions other than true and false depend on where HAProxy runs.
  void decide(HaproxyLine const& line) {
    Condition& condition = conditions_.back();
    std::string_view const word = line.word(1);
    bool const yes = word == "1" || word == "true";
    bool const no = word.empty() || word == "0" || word == "false";
    condition.taken = yes && !condition.done && !condition.uncertain;
    condition.done = condition.done || yes;
    if (yes || no || condition.uncertain || condition.done) return;
    condition.uncertain = true;
    out_.incomplete = true;
    if (section_ != nullptr) section_->incomplete = true;
    if (out_.conditions.size() < kMaxNotes) out_.conditions.push_back({.place = line.place, .what = line.text});
  }

  bool open_section(HaproxyLine const& line) {
    std::string const& kind = line.words.front();
    skipping_ = skipping_ && std::ranges::find(kRead, kind) == kRead.end();
    if (std::ranges::find(kPassedOver, kind) != kPassedOver.end()) {
      section_ = nullptr;
      skipping_ = true;
      return true;
    }
    if (std::ranges::find(kRead, kind) == kRead.end()) return false;
    HaproxySection made;
    made.kind = kind;
    made.place = line.place;
    std::size_t next = 1;
    if (kind != "global" && line.word(1) != "from") {
      made.name = std::string{line.word(1)};
      next = 2;
    }
    if (kind != "global" && kind != "defaults" && made.name.empty()) fail(line.place.file, line.place.line, kind, "has no name");
    if (line.word(next) == "from") made.from = std::string{line.word(next + 1)};
    out_.sections.push_back(std::move(made));
    section_ = &out_.sections.back();
    return true;
  }

  void put(HaproxyLine line) {
    if (skipping_) return;
    if (section_ == nullptr) {
      // A few lines by themselves, as one would put them into a section.
      std::string_view const word = line.words.front();
      bool const global = word.starts_with("ssl-") || word.starts_with("tune.");
      bool const front = word == "bind" || word == "mode" || word.starts_with("http-") || word == "redirect" || word == "default_backend";
      if (!global && !front) fail(line.place.file, line.place.line, word, "stands outside of a section");
      if (!out_.sections.empty() && !out_.sections.back().place.file.empty())
        fail(line.place.file, line.place.line, word, "stands outside of a section");
      if (out_.sections.empty() || out_.sections.back().kind != (global ? "global" : "frontend")) {
        out_.sections.push_back({.kind = global ? "global" : "frontend", .name = {}, .from = {}, .place = {}, .lines = {}});
      }
      out_.sections.back().lines.push_back(std::move(line));
      return;
    }
    if (section_->kind == "global" && (line.words.front() == "setenv" || line.words.front() == "presetenv") && line.words.size() > 2) {
      bool const kept = line.words.front() == "presetenv" && variables_.contains(line.words[1]);
      if (!kept) variables_[line.words[1]] = line.words[2];
    }
    section_->lines.push_back(std::move(line));
  }

  struct Condition {
    Place place;
    bool taken = false;
    bool uncertain = false;
    bool done = false;  // a branch was taken
  };

  HaproxyFile& out_;
  HaproxySection* section_ = nullptr;  // of out_.sections, the last
  bool skipping_ = false;
  bool unresolved_ = false;  // the word has a variable without a value
  std::vector<Condition> conditions_;
  std::map<std::string, std::string> variables_;
  std::size_t lines_ = 0;
};

}  // namespace

std::string_view HaproxyLine::word(std::size_t index) const {
  return index < words.size() ? std::string_view{words[index]} : std::string_view{};
}

std::vector<HaproxyLine const*> HaproxySection::all(std::string_view keyword) const {
  std::vector<HaproxyLine const*> out;
  for (HaproxyLine const& line : lines) {
    if (line.words.front() == keyword) out.push_back(&line);
  }
  return out;
}

HaproxyLine const* HaproxySection::last(std::string_view keyword) const {
  auto const found = all(keyword);
  return found.empty() ? nullptr : found.back();
}

HaproxyFile read_haproxy_file(std::string const& path) {
  HaproxyFile out;
  Reader(out).read_path(path);
  return out;
}

}  // namespace tlsgauge::policy
