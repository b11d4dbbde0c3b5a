// mod_headers: two tables of headers, of which answers without error get both and errors and redirects only "always". The sections that
// fit a request are merged from outside in; nothing is lost on the way. https://httpd.apache.org/docs/2.4/mod/mod_headers.html,
// sections.html

#include <algorithm>
#include <filesystem>

#include "base/text.hpp"
#include "policy/server_config/apache.hpp"
#include "policy/server_config/files.hpp"
#include "policy/server_config/findings.hpp"

namespace tlsgauge::policy {
namespace {

constexpr std::string_view kHsts = "strict-transport-security";

/// Header [always|onsuccess] action name [value [replacement]] [early|env=...|expr=...]
struct HeaderLine {
  bool always = false;
  std::string action;
  std::string name;
  std::string value;
  std::string condition;
  std::string tail;  ///< the condition as a word of the line, with a blank before it
};

HeaderLine read_header(ApacheDirective const& line) {
  HeaderLine out;
  std::vector<std::string> words = line.words;
  if (!words.empty() && (ascii_lower(words.front()) == "always" || ascii_lower(words.front()) == "onsuccess")) {
    out.always = ascii_lower(words.front()) == "always";
    words.erase(words.begin());
  }
  if (words.size() > 2) {
    std::string const last = ascii_lower(words.back());
    if (last.starts_with("env=") || last.starts_with("expr=") || last == "early") {
      out.condition = last;
      bool const plain = last.find_first_of(" \t\"'\\") == std::string::npos;
      out.tail = " " + (plain ? words.back() : quoted(ServerKind::apache, words.back()));
      words.pop_back();
    }
  }
  if (!words.empty()) out.action = ascii_lower(words[0]);
  if (words.size() > 1) out.name = ascii_lower(words[1]);
  if (words.size() > 2) out.value = words[2];
  if (out.name.ends_with(':')) out.name.pop_back();
  return out;
}

enum class Holds { no, perhaps, yes };

/// In an answer over TLS.
Holds holds(std::string condition) {
  if (condition.empty() || condition == "early" || condition == "env=https") return Holds::yes;
  if (condition == "env=!https") return Holds::no;
  std::erase_if(condition, [](char c) { return c == ' ' || c == '"' || c == '\''; });
  if (condition == "expr=%{https}==on" || condition == "expr=%{https}=~/on/") return Holds::yes;
  return Holds::perhaps;
}

void apply(ApacheDirective const& line, ApacheHsts& out) {
  HeaderLine const header = read_header(line);
  Holds const held = holds(header.condition);
  if (held == Holds::no) return;
  if (held == Holds::perhaps) out.uncertain = true;
  out.last = &line;
  std::vector<std::string>& table = header.always ? out.always : out.on_success;
  if (header.value.find('%') != std::string::npos) out.uncertain = true;
  if (header.action == "set") {
    table = {header.value};
  } else if (header.action == "add") {
    table.push_back(header.value);
  } else if (header.action == "append" || header.action == "merge") {
    if (table.empty()) {
      table.push_back(header.value);
    } else if (header.action == "append" || table.front() != header.value) {
      table.front() += ", " + header.value;
    }
  } else if (header.action == "setifempty") {
    if (table.empty()) table.push_back(header.value);
  } else if (header.action == "unset") {
    out.taken_back = out.taken_back || !table.empty();
    table.clear();
  } else if (!table.empty()) {
    out.uncertain = true;  // edit and its like
  }
}

/// Anything inside, however deep, that sets the header.
bool mentions_hsts(ApacheDirective const& section) {
  return std::ranges::any_of(section.children,
                             [](ApacheDirective const& child) { return child.section ? mentions_hsts(child) : is_hsts(child); });
}

template <class Wanted>
bool any_inside(ApacheDirective const& section, Wanted const& wanted) {
  return std::ranges::any_of(section.children, [&](ApacheDirective const& child) {
    if (child.is("VirtualHost")) return false;  // of another host
    return child.section ? any_inside(child, wanted) : wanted(child);
  });
}

Holds covers_root(ApacheDirective const& section, std::string const& document_root) {
  std::string_view const path = section.word(0);
  if (section.words.size() != 1 || has_wildcard(path)) return Holds::perhaps;
  if (section.is("Location")) return path == "/" ? Holds::yes : Holds::no;
  if (section.is("Directory")) {
    if (path == "/") return Holds::yes;
    if (document_root.empty()) return Holds::perhaps;
    std::string const folder = std::filesystem::path(path).lexically_normal().string();
    std::string const wanted = std::filesystem::path(document_root).lexically_normal().string();
    std::string_view const bare = folder.ends_with('/') ? std::string_view{folder}.substr(0, folder.size() - 1) : std::string_view{folder};
    return wanted == bare || wanted.starts_with(std::string{bare} + "/") ? Holds::yes : Holds::no;
  }
  return Holds::perhaps;
}

class Merger {
 public:
  explicit Merger(ApacheHost const& host) : host_(host) {
    if (ApacheDirective const* const line = host.in_force("DocumentRoot")) {
      root_ = absolute_below(host.file->folder, std::string{line->word(0)});
      while (root_.size() > 1 && root_.ends_with('/')) root_.pop_back();
    }
  }

  ApacheHsts merge() {
    std::vector<ApacheDirective const*> scopes{&host_.outer()};
    if (host_.section != nullptr) scopes.push_back(host_.section);
    for (ApacheDirective const* const scope : scopes) apply_lines(*scope);
    out_.taken_back = false;  // in the host itself it is on purpose
    // Shorter paths first; the server's before the host's.
    std::vector<ApacheDirective const*> folders;
    for (ApacheDirective const* const scope : scopes) {
      for (ApacheDirective const* const section : scope->all("Directory")) folders.push_back(section);
    }
    std::ranges::stable_sort(folders, {}, [](ApacheDirective const* section) { return std::ranges::count(section->word(0), '/'); });
    for (ApacheDirective const* const section : folders) apply_section(*section);
    for (ApacheDirective const* const scope : scopes) {
      for (ApacheDirective const* const section : scope->all("Location")) apply_section(*section);
      for (ApacheDirective const& child : scope->children) {
        bool const done = child.is("Directory") || child.is("Location") || child.is("VirtualHost");
        if (child.section && !done && mentions_hsts(child)) out_.uncertain = true;
      }
    }
    return out_;
  }

  [[nodiscard]] std::string const& root() const { return root_; }

 private:
  void apply_lines(ApacheDirective const& scope) {
    if (scope.incomplete) out_.uncertain = true;
    for (ApacheDirective const* const line : scope.all("Header")) {
      if (is_hsts(*line)) apply(*line, out_);
    }
  }

  void apply_section(ApacheDirective const& section) {
    Holds const covers = covers_root(section, root_);
    if (covers == Holds::no) return;
    if (covers == Holds::perhaps) {
      out_.uncertain = out_.uncertain || mentions_hsts(section);
      return;
    }
    apply_lines(section);
    for (ApacheDirective const& child : section.children) {
      if (child.section && mentions_hsts(child)) out_.uncertain = true;
    }
  }

  ApacheHost const& host_;
  ApacheHsts out_;
  std::string root_;
};

/// What answers for "/" may be another program, which may send the header itself.
bool may_send_its_own(ApacheHost const& host, std::string const& root) {
  auto const answers = [](ApacheDirective const& line) {
    for (std::string_view const name : {"ProxyPass", "ProxyPassMatch", "SetHandler", "AddHandler", "Action", "FcgidWrapper",
                                        "WSGIScriptAlias", "PassengerEnabled", "ScriptAlias", "JkMount"}) {
      if (line.is(name)) return true;
    }
    return line.is("RewriteRule") && line.words.size() > 2 && line.words[2].find('P') != std::string::npos;
  };
  bool const handled = any_inside(host.outer(), answers) || (host.section != nullptr && any_inside(*host.section, answers));
  std::error_code error;
  bool const file_there = !root.empty() && std::filesystem::exists(root + "/.htaccess", error);
  bool const php = std::ranges::any_of(host.file->modules, [](std::string const& name) { return name.starts_with("php"); });
  return handled || file_there || php;
}

/// Answers that mod_alias and mod_rewrite give without content have the "always" table alone.
Holds redirects_root(ApacheHost const& host) {
  for (std::string_view const name : {"Redirect", "RedirectPermanent", "RedirectTemp"}) {
    for (ApacheDirective const* const line : host.both(name)) {
      if (line->word(0) == "/" || (line->words.size() > 1 && line->word(1) == "/")) return Holds::yes;
    }
  }
  for (ApacheDirective const* const line : host.both("RewriteRule")) {
    std::string_view const flags = line->word(2);
    if (flags.find('R') != std::string_view::npos || flags.find('G') != std::string_view::npos ||
        flags.find("F") != std::string_view::npos) {
      return Holds::perhaps;
    }
  }
  return host.both("RedirectMatch").empty() ? Holds::no : Holds::perhaps;
}

}  // namespace

bool names_hsts(ApacheHost const& host) {
  auto const names = [](ApacheDirective const& line) { return is_hsts(line); };
  return any_inside(host.outer(), names) || (host.section != nullptr && any_inside(*host.section, names)) ||
         std::ranges::any_of(host.file->skipped, mentions_hsts);
}

bool is_hsts(ApacheDirective const& line) { return line.is("Header") && read_header(line).name == kHsts; }

ApacheHsts apache_hsts_tables(ApacheHost const& host) { return host.file->has_module("headers") ? Merger(host).merge() : ApacheHsts{}; }

std::optional<Setting<std::optional<HstsSetting>>> apache_hsts(ApacheHost const& host) {
  Merger merger(host);
  ApacheHsts tables = host.file->has_module("headers") ? merger.merge() : ApacheHsts{};
  if (tables.uncertain || host.incomplete()) return std::nullopt;
  if (tables.always.empty() && !tables.on_success.empty()) {
    Holds const redirect = redirects_root(host);
    if (redirect == Holds::perhaps) return std::nullopt;
    if (redirect == Holds::yes) tables.on_success.clear();
  }
  Setting<std::optional<HstsSetting>> out;
  if (tables.last != nullptr) {
    out.place = tables.last->place;
    out.text = tables.last->text;
  } else {
    out.text = "no Header for it";
  }
  if (tables.always.empty() && tables.on_success.empty()) {
    if (may_send_its_own(host, merger.root())) return std::nullopt;
    return out;
  }
  // Where both are sent, "always" comes first, and the first counts: RFC 6797 section 8.1.
  bool const always = !tables.always.empty();
  out.value = HstsSetting{
      .value = always ? tables.always.front() : tables.on_success.front(), .always = always, .tail = read_header(*tables.last).tail};
  return out;
}

}  // namespace tlsgauge::policy
