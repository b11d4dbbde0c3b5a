#include "policy/server_config/nginx_syntax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "policy/document.hpp"
#include "policy/server_config/files.hpp"

namespace tlsgauge::policy {
namespace {

constexpr std::size_t kMaxWord = 64 * 1024;
constexpr std::size_t kMaxWords = 2'000;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// What ngx_conf_read_token() yields.
struct Statement {
  enum class End { semicolon, open, close, file };
  End end = End::file;
  std::vector<std::string> words;
  int line = 1;
  std::size_t begin = 0;
  std::size_t stop = 0;  // behind the semicolon or brace
};

class Scanner {
 public:
  Scanner(std::string_view text, std::string const& file) : text_(text), file_(file) {}

  Statement next() {
    Statement out;
    for (;;) {
      skip_blanks();
      if (at_ == text_.size()) {
        if (!out.words.empty()) fail(file_, line_, out.words.front(), "the file ends before the directive does; a \";\" is missing");
        out.line = line_;
        return out;
      }
      char const c = text_[at_];
      if (out.words.empty()) {
        out.line = line_;
        out.begin = at_;
      }
      if (c == ';' || c == '{' || c == '}') {
        ++at_;
        out.stop = at_;
        out.end = c == ';' ? Statement::End::semicolon : c == '{' ? Statement::End::open : Statement::End::close;
        if (c != '}' && out.words.empty()) fail(file_, line_, std::string_view{&c, 1}, "stands without a directive before it");
        if (c == '}' && !out.words.empty()) fail(file_, line_, out.words.front(), "ends with \"}\" where a \";\" is missing");
        return out;
      }
      if (out.words.size() == kMaxWords) fail(file_, line_, out.words.front(), fmt::format("more than {} words", kMaxWords));
      out.words.push_back(c == '"' || c == '\'' ? quoted() : plain());
    }
  }

  /// Passes over Lua between braces, of which the first one was read. Strings and comments may hold braces.
  void skip_lua(std::string_view name) {
    int const from = line_;
    std::size_t depth = 1;
    while (at_ < text_.size()) {
      char const c = take();
      if (c == '-' && peek() == '-') {
        ++at_;
        if (!skip_long_bracket()) {
          while (at_ < text_.size() && peek() != '\n') take();
        }
      } else if (c == '[') {
        --at_;
        if (!skip_long_bracket()) ++at_;
      } else if (c == '"' || c == '\'') {
        while (at_ < text_.size() && peek() != c && peek() != '\n') {
          if (take() == '\\' && at_ < text_.size()) take();
        }
        if (at_ < text_.size()) take();
      } else if (c == '{') {
        ++depth;
      } else if (c == '}' && --depth == 0) {
        return;
      }
    }
    fail(file_, from, name, "the block is not closed");
  }

  [[nodiscard]] std::size_t position() const { return at_; }

 private:
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  char take() {
    char const c = text_[at_++];
    if (c == '\n') ++line_;
    return c;
  }

  void skip_blanks() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#') {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      } else if (is_blank(text_[at_])) {
        take();
      } else {
        return;
      }
    }
  }

  void add(std::string& word, char c) const {
    if (word.size() == kMaxWord) fail(file_, line_, "word", fmt::format("longer than {} KiB", kMaxWord / 1024));
    word += c;
  }

  /// What follows a backslash: only these lose it.
  void add_escaped(std::string& word) {
    if (at_ == text_.size()) return add(word, '\\');
    switch (char const c = take()) {
      case '"':
      case '\'':
      case '\\':
        return add(word, c);
      case 't':
        return add(word, '\t');
      case 'r':
        return add(word, '\r');
      case 'n':
        return add(word, '\n');
      default:
        add(word, '\\');
        return add(word, c);
    }
  }

  std::string quoted() {
    int const from = line_;
    char const quote = take();
    std::string word;
    while (at_ < text_.size()) {
      char const c = take();
      if (c == quote) {
        if (at_ < text_.size() && !is_blank(peek()) && peek() != ';' && peek() != '{' && peek() != ')') {
          fail(file_, line_, "quote", fmt::format("\"{}\" follows the closing quote; a blank or \";\" is missing", peek()));
        }
        return word;
      }
      if (c == '\\') {
        add_escaped(word);
      } else {
        add(word, c);
      }
    }
    fail(file_, from, "quote", "is not closed");
  }

  std::string plain() {
    std::string word;
    while (at_ < text_.size() && !is_blank(peek()) && peek() != ';') {
      if (peek() == '{' && !word.ends_with('$')) break;
      char const c = take();
      if (c == '\\') {
        add_escaped(word);
      } else {
        add(word, c);
      }
    }
    return word;
  }

  /// [[ ... ]] or [==[ ... ]==] at the position; false: there is none.
  bool skip_long_bracket() {
    std::size_t level = 1;
    if (peek() != '[') return false;
    while (at_ + level < text_.size() && text_[at_ + level] == '=') ++level;
    if (at_ + level >= text_.size() || text_[at_ + level] != '[') return false;
    std::string const close = "]" + std::string(level - 1, '=') + "]";
    std::size_t const end = std::min(text_.find(close, at_), text_.size());
    line_ += static_cast<int>(std::ranges::count(text_.substr(at_, end - at_), '\n'));
    at_ = std::min(end + close.size(), text_.size());
    return true;
  }

  std::string_view text_;
  std::string const& file_;
  std::size_t at_ = 0;
  int line_ = 1;
};

class Reader {
 public:
  Reader(NginxFile& out, bool includes) : out_(out), includes_(includes) {}

  void read(std::string const& path, NginxDirective& into, std::size_t blocks, Place const* named_at) {
    if (++files_ > kMaxConfigFiles) fail(named_at->file, named_at->line, "include", fmt::format("more than {} files", kMaxConfigFiles));
    FileText file = read_config_file(path, kMaxConfigOctets, named_at == nullptr);
    if (!file.text && named_at == nullptr) fail(path, 1, "file", file.problem);
    if (!file.text) {
      into.incomplete = true;
      out_.unread.push_back(*named_at);
      return;
    }
    parse(*file.text, path, into, blocks);
  }

  void parse(std::string_view text, std::string const& path, NginxDirective& into, std::size_t blocks) {
    check(text, path);
    open_.push_back(path);
    Scanner scanner(text, path);
    read_block(scanner, path, into, blocks, false, 1);
    open_.pop_back();
  }

 private:
  static void check(std::string_view text, std::string const& path) {
    int line = 1;
    for (char const c : text) {
      if (c == '\n') ++line;
      if (c == '\0') fail(path, line, "file", "has an octet 0: this is no text");
    }
  }

  void read_block(Scanner& scanner, std::string const& path, NginxDirective& into, std::size_t blocks, bool braced, int line) {
    for (;;) {
      Statement statement = scanner.next();
      if (statement.end == Statement::End::file) {
        if (braced) fail(path, line, into.name, "the block is not closed; a \"}\" is missing");
        return;
      }
      if (statement.end == Statement::End::close) {
        if (!braced) fail(path, statement.line, "}", "closes nothing");
        into.close = statement.stop - 1;
        return;
      }
      if (++directives_ > kMaxConfigDirectives)
        fail(path, statement.line, "file", fmt::format("more than {} directives", kMaxConfigDirectives));
      NginxDirective made;
      made.name = statement.words.front();
      made.arguments.assign(statement.words.begin() + 1, statement.words.end());
      made.place = {.file = path, .line = statement.line, .begin = statement.begin, .end = statement.stop};
      if (statement.end == Statement::End::open) {
        if (blocks == kMaxConfigBlocks) fail(path, statement.line, made.name, fmt::format("nested more than {} deep", kMaxConfigBlocks));
        bool const simple = made.name == "ssl" || made.name.starts_with("ssl_") || made.name == "listen" || made.name == "add_header" ||
                            made.name == "server_name" || made.name == "http2" || made.name == "resolver" || made.name == "include";
        if (simple && !made.name.ends_with("_by_lua_block")) fail(path, statement.line, made.name, "has a block, where a \";\" is missing");
        made.block = true;
        made.open = statement.stop;
        if (made.name.ends_with("_by_lua_block")) {
          scanner.skip_lua(made.name);
          made.close = scanner.position() - 1;
        } else {
          read_block(scanner, path, made, blocks + 1, true, statement.line);
        }
      } else if (made.name == "include") {
        include(made, into, blocks);
        continue;
      }
      into.children.push_back(std::move(made));
    }
  }

  void include(NginxDirective const& directive, NginxDirective& into, std::size_t blocks) {
    Place const& place = directive.place;
    if (directive.arguments.size() != 1) fail(place.file, place.line, "include", "takes one file or pattern");
    if (open_.size() > kMaxConfigIncludes)
      fail(place.file, place.line, "include", fmt::format("more than {} files within each other", kMaxConfigIncludes));
    if (!includes_) {
      into.incomplete = true;
      return out_.unread.push_back(place);
    }
    std::string const path = absolute_below(out_.folder, directive.arguments.front());
    if (has_too_many_wildcards(path)) {
      into.incomplete = true;
      return out_.unread.push_back(place);
    }
    std::vector<std::string> const files = has_wildcard(path) ? matching_files(path, kMaxConfigFiles) : std::vector<std::string>{path};
    for (std::string const& file : files) {
      std::error_code error;
      std::string const identity = std::filesystem::weakly_canonical(file, error).string();
      bool const loop = std::ranges::any_of(
          open_, [&](std::string const& open) { return std::filesystem::weakly_canonical(open, error).string() == identity; });
      if (loop) fail(place.file, place.line, "include", fmt::format("{} includes itself, directly or through others", file));
      read(file, into, blocks, &place);
    }
  }

  NginxFile& out_;
  bool includes_;
  std::vector<std::string> open_;
  std::size_t files_ = 0;
  std::size_t directives_ = 0;
};

std::string written(std::string const& word) {
  if (!word.empty() && word.find_first_of(" \t\r\n;{}\"'\\#") == std::string::npos) return word;
  std::string out = "\"";
  for (char const c : word) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

NginxFile file_of(std::string const& path) {
  NginxFile out;
  out.folder = std::filesystem::path{path}.parent_path().string();
  out.top.block = true;
  out.top.place = {.file = path, .line = 1, .begin = 0, .end = 0};
  return out;
}

void recognise_fragment(NginxFile& out) {
  constexpr std::string_view kModules[] = {"http", "stream", "mail"};
  bool const whole = std::ranges::any_of(kModules, [&](std::string_view module) { return out.top.last(module) != nullptr; });
  bool const settings = std::ranges::any_of(out.top.children, [](NginxDirective const& each) {
    return each.name.starts_with("ssl_") || each.name == "add_header" || each.name == "listen" || each.name == "location";
  });
  if (whole) return;
  if (out.top.last("server") != nullptr) out.fragment = NginxFragment::of_http;
  if (out.top.last("server") == nullptr && settings) out.fragment = NginxFragment::of_server;
  if (out.fragment != NginxFragment::none) {
    out.top.name = out.fragment == NginxFragment::of_http ? "http" : "server";
    out.top.incomplete = true;
  }
}

}  // namespace

std::vector<NginxDirective const*> NginxDirective::all(std::string_view wanted) const {
  std::vector<NginxDirective const*> out;
  for (NginxDirective const& child : children) {
    if (child.name == wanted) out.push_back(&child);
  }
  return out;
}

NginxDirective const* NginxDirective::last(std::string_view wanted) const {
  std::vector<NginxDirective const*> const found = all(wanted);
  return found.empty() ? nullptr : found.back();
}

std::string NginxDirective::text() const {
  std::string out = name;
  for (std::string const& argument : arguments) out += " " + written(argument);
  return out;
}

NginxFile read_nginx_file(std::string const& path) {
  NginxFile out = file_of(path);
  Reader(out, true).read(path, out.top, 0, nullptr);
  recognise_fragment(out);
  return out;
}

NginxFile parse_nginx(std::string_view text, std::string const& path) {
  if (text.size() > kMaxConfigOctets) fail(path, 1, "file", fmt::format("is larger than {} KiB", kMaxConfigOctets / 1024));
  NginxFile out = file_of(path);
  Reader(out, false).parse(text, path, out.top, 0);
  recognise_fragment(out);
  return out;
}

}  // namespace tlsgauge::policy
