// Finding profiles, and putting together what they extend.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>

#include "policy/compile.hpp"
#include "policy/embedded_profiles.hpp"
#include "policy/fields.hpp"
#include "policy/lint.hpp"
#include "policy/model.hpp"
#include "policy/server_config/files.hpp"

namespace tlsgauge {
namespace policy {
namespace {

constexpr std::size_t kMaxChain = 8;    // of files that extend each other
constexpr std::size_t kMaxFiles = 32;   // in all
constexpr std::size_t kMaxRules = 500;  // in all
constexpr std::string_view kExtension = ".yaml";

struct RawRule {
  std::string id;
  std::string path;
  Node node;
};

// A profile whose parts are merged but not yet compiled: sets and sources of a later file count for requirements of an earlier one.
struct Draft {
  std::string name, version, title, description;
  std::vector<std::string> extends;
  std::vector<Citation> sources;
  std::vector<std::pair<std::string, Node>> sets;
  std::vector<RawRule> rules;
  std::vector<Disabled> disabled;
  std::vector<std::pair<std::string, Node>> score;
  std::vector<std::pair<std::string, Node>> gate;
  std::vector<LintNote> notes;  // of the file itself, not of what it extends
};

template <class T, class Key>
void put(std::vector<T>& all, T item, Key key) {
  auto const at = std::ranges::find(all, std::invoke(key, item), key);
  if (at == all.end()) {
    all.push_back(std::move(item));
  } else {
    *at = std::move(item);
  }
}

auto constexpr kFirst = [](auto const& pair) -> std::string const& { return pair.first; };

using ScoreMembers = std::vector<std::pair<std::string, Node>>;

// The last word on how the score comes about counts: a built-in model leaves nothing of what was inherited, areas and caps leave no
// model that was.
void merge_score(ScoreMembers& into, ScoreMembers from) {
  auto const model = std::ranges::find(from, "model", kFirst);
  bool const built_in = model != from.end() && read_score_model(model->second, "score") != ScoreModel::requirements;
  if (built_in) into.clear();
  if (!from.empty()) std::erase_if(into, [](auto const& member) { return member.first == "model"; });
  for (auto& member : from) put(into, std::move(member), kFirst);
}

void merge(Draft& into, Draft from) {
  for (Citation& source : from.sources) put(into.sources, std::move(source), &Citation::id);
  for (auto& set : from.sets) put(into.sets, std::move(set), kFirst);
  for (RawRule& rule : from.rules) put(into.rules, std::move(rule), &RawRule::id);
  for (Disabled& disabled : from.disabled) put(into.disabled, std::move(disabled), &Disabled::id);
  merge_score(into.score, std::move(from.score));
  for (auto& member : from.gate) put(into.gate, std::move(member), kFirst);
}

bool same(Node const& a, Node const& b) {
  auto const alike = [](Node::Member const& x, Node::Member const& y) { return x.key == y.key && same(x.value, y.value); };
  return a.kind == b.kind && a.text == b.text && std::ranges::equal(a.items, b.items, same) &&
         std::ranges::equal(a.members, b.members, alike);
}

bool is_path(std::string_view name) {
  return name.find('/') != std::string_view::npos || name.ends_with(".yaml") || name.ends_with(".yml");
}

std::vector<std::string_view> built_in_names() {
  std::vector<std::string_view> out;
  for (EmbeddedFile const& file : embedded_profiles()) out.push_back(file.name.substr(0, file.name.size() - kExtension.size()));
  std::ranges::sort(out);
  return out;
}

class Loader {
 public:
  Draft load(std::string_view yaml, std::string const& source, std::string const& identity) {
    open_.push_back(identity);
    Node const document = read_document(yaml, source);
    Draft draft = read(document, source);
    open_.pop_back();
    return draft;
  }

 private:
  Draft read(Node const& top, std::string const& source) {
    expect_keys(top, "",
                {"tlsgauge_profile", "name", "version", "title", "description", "sources", "extends", "disable", "override", "sets",
                 "requirements", "score", "gate"});
    Node const& format = expect_member(top, "", "tlsgauge_profile");
    if (expect_number(format, "tlsgauge_profile", 0, 1e6) != 1)
      fail(format, "tlsgauge_profile", "this program reads version 1 of the language");
    Draft draft;
    if (Node const* const extends = top.find("extends")) read_extends(*extends, source, draft);

    draft.name = expect_identifier(expect_member(top, "", "name"), "name");
    draft.version = expect_line(expect_member(top, "", "version"), "version");
    draft.title = expect_line(expect_member(top, "", "title"), "title");
    if (Node const* const description = top.find("description")) draft.description = expect_text(*description, "description");
    if (Node const* const sources = top.find("sources")) read_sources(*sources, draft);
    if (Node const* const sets = top.find("sets")) read_sets(*sets, draft);
    if (Node const* const score = top.find("score")) read_score(*score, draft);
    if (Node const* const gate = top.find("gate")) read_gate(*gate, draft);
    if (Node const* const requirements = top.find("requirements")) read_requirements(*requirements, draft);
    if (Node const* const overrides = top.find("override")) read_overrides(*overrides, draft);
    if (Node const* const disable = top.find("disable")) read_disable(*disable, draft);
    if (draft.rules.empty()) fail(top, "requirements", "the profile has no requirement");
    if (draft.rules.size() > kMaxRules) fail(top, "requirements", fmt::format("more than {} requirements", kMaxRules));
    return draft;
  }

  void read_extends(Node const& node, std::string const& source, Draft& draft) {
    auto const extend = [&](Node const& item, std::string const& path) {
      std::string const& name = expect_line(item, path);
      merge(draft, load_parent(item, path, name, source));
      draft.extends.push_back(name);
    };
    if (node.kind == Node::Kind::text) return extend(node, "extends");
    expect_list(node, "extends");
    for (std::size_t i = 0; i < node.items.size(); ++i) extend(node.items[i], fmt::format("extends[{}]", i));
  }

  Draft load_parent(Node const& at, std::string const& path, std::string const& name, std::string const& source) {
    if (open_.size() >= kMaxChain) fail(at, path, fmt::format("more than {} profiles extend each other", kMaxChain));
    if (++files_ > kMaxFiles) fail(at, path, fmt::format("more than {} profiles in all", kMaxFiles));
    if (!is_path(name)) {
      std::string_view const text = built_in_profile_text(name);
      if (text.empty()) fail_unknown(at, path, "profile", name, built_in_names());
      std::string const identity = "built-in " + name;
      refuse_cycle(at, path, identity, name);
      return load(text, name, identity);
    }
    std::filesystem::path file{name};
    if (file.is_relative()) file = std::filesystem::path{source}.parent_path() / file;
    std::error_code error;
    // Unlike a file named by the user, one named by a profile must be a plain file: a stranger's profile must not make us wait on a pipe.
    if (!std::filesystem::is_regular_file(file, error)) fail(at, path, fmt::format("{} is not a file that can be read", file.string()));
    std::string const identity = std::filesystem::weakly_canonical(file, error).string();
    refuse_cycle(at, path, identity, name);
    FileText const read = read_config_file(file.string(), kMaxDocumentOctets, false);
    if (!read.text) fail(at, path, fmt::format("{} {}", file.string(), read.problem));
    return load(*read.text, file.string(), identity);
  }

  void refuse_cycle(Node const& at, std::string const& path, std::string const& identity, std::string const& name) const {
    if (std::ranges::find(open_, identity) != open_.end())
      fail(at, path, fmt::format("{} extends itself, directly or through others", name));
  }

  static void read_sources(Node const& node, Draft& draft) {
    expect_list(node, "sources");
    std::set<std::string> ids;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      std::string const path = item_path("sources", node.items[i], i);
      Citation source = read_citation(node.items[i], path);
      if (!ids.insert(source.id).second) fail(node.items[i], path, "the id is there twice");
      put(draft.sources, std::move(source), &Citation::id);
    }
  }

  static void read_sets(Node const& node, Draft& draft) {
    for (Node::Member const& set : expect_map(node, "sets").members) {
      check_set_definition(set.key, set.value, under("sets", set.key));
      put(draft.sets, std::pair{set.key, set.value}, kFirst);
    }
  }

  static void read_score(Node const& node, Draft& draft) {
    ScoreMembers members;
    if (node.kind == Node::Kind::text) {
      static_cast<void>(read_score_model(node, "score"));
      members.emplace_back("model", node);
      return merge_score(draft.score, std::move(members));
    }
    expect_keys(node, "score", score_keys());
    Node const* const model = node.find("model");
    bool const built_in = model && read_score_model(*model, "score.model") != ScoreModel::requirements;
    for (Node::Member const& member : node.members) {
      if (built_in && member.key != "model")
        fail(member.value, under("score", member.key), fmt::format("the model {} brings its own; leave this out", model->text));
      members.emplace_back(member.key, member.value);
    }
    merge_score(draft.score, std::move(members));
  }

  static void read_gate(Node const& node, Draft& draft) {
    expect_keys(node, "gate", gate_keys());
    for (Node::Member const& member : node.members) put(draft.gate, std::pair{member.key, member.value}, kFirst);
  }

  static void read_requirements(Node const& node, Draft& draft) {
    expect_list(node, "requirements");
    std::set<std::string> ids;
    Sets sets(draft.sets);
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      std::string const path = item_path("requirements", node.items[i], i);
      // Compiled here as well as in the end: one that a child replaces must be right too.
      Rule const rule = compile_rule(node.items[i], path, sets, draft.sources);
      if (!ids.insert(rule.id).second) fail(node.items[i], path, "the id is there twice");
      put(draft.rules, RawRule{.id = rule.id, .path = path, .node = node.items[i]}, &RawRule::id);
    }
  }

  static RawRule& find_rule(Node const& at, std::string_view path, std::string_view id, Draft& draft) {
    auto const rule = std::ranges::find(draft.rules, id, &RawRule::id);
    if (rule != draft.rules.end()) return *rule;
    std::vector<std::string_view> ids;
    for (RawRule const& known : draft.rules) ids.push_back(known.id);
    fail_unknown(at, path, "requirement", id, ids);
  }

  static void read_overrides(Node const& node, Draft& draft) {
    std::vector<std::string_view> keys = requirement_keys();
    std::erase(keys, "id");
    for (Node::Member const& entry : expect_map(node, "override").members) {
      std::string const path = under("override", entry.key);
      expect_keys(entry.value, path, keys);
      RawRule& rule = find_rule(key_of(entry), path, entry.key, draft);
      if (rule.node.file == entry.value.file)
        draft.notes.push_back({.at = key_of(entry), .path = path, .what = "is a requirement of this file: change it there"});
      for (Node::Member const& member : entry.value.members) {
        Node const* const before = rule.node.find(member.key);
        if (before && same(*before, member.value))
          draft.notes.push_back({.at = key_of(member), .path = under(path, member.key), .what = "is the same as before"});
      }
      bool const combines = entry.value.find("all") || entry.value.find("any") || entry.value.find("not");
      bool const replaces = combines || entry.value.find("fact");
      std::erase_if(rule.node.members, [&](Node::Member const& member) {
        bool const condition = member.key == "all" || member.key == "any" || member.key == "not";
        bool const single = member.key == "fact" || member.key == "is";
        return entry.value.find(member.key) || (replaces && condition) || (combines && single);
      });
      for (Node::Member const& member : entry.value.members) rule.node.members.push_back(member);
      rule.path = path;
    }
  }

  static void read_disable(Node const& node, Draft& draft) {
    expect_list(node, "disable");
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      Node const& item = node.items[i];
      std::string const path = item_path("disable", item, i);
      expect_keys(item, path, {"id", "reason"});
      std::string const& id = expect_identifier(expect_member(item, path, "id"), under(path, "id"));
      std::string const& reason = expect_text(expect_member(item, path, "reason"), under(path, "reason"));
      find_rule(*item.find("id"), under(path, "id"), id, draft);
      std::erase_if(draft.rules, [&](RawRule const& rule) { return rule.id == id; });
      put(draft.disabled, Disabled{.id = id, .reason = reason}, &Disabled::id);
    }
  }

  std::vector<std::string> open_;  // what is being read, outermost first
  std::size_t files_ = 0;
};

void check_scoring(Profile::Impl const& profile, Draft const& draft) {
  auto const member = [&](std::string_view key) -> Node const* {
    auto const at = std::ranges::find(draft.score, key, kFirst);
    return at == draft.score.end() ? nullptr : &at->second;
  };
  std::vector<std::string_view> areas;
  for (auto const& [area, share] : profile.scoring.areas) areas.push_back(area);
  for (std::size_t i = 0; !areas.empty() && i < profile.rules.size(); ++i) {
    RawRule const& raw = draft.rules[i];
    std::string const path = under(raw.path, "area");
    if (profile.rules[i].area.empty()) fail(raw.node, path, "is missing, and the score is shared by areas");
    if (std::ranges::find(areas, profile.rules[i].area) == areas.end())
      fail_unknown(*raw.node.find("area"), path, "area", profile.rules[i].area, areas);
  }
  std::vector<std::string_view> ids;
  for (Rule const& rule : profile.rules) ids.push_back(rule.id);
  for (std::size_t i = 0; i < profile.scoring.caps.size(); ++i) {
    std::string const& id = profile.scoring.caps[i].requirement;
    bool const disabled = std::ranges::find(profile.disabled, id, &Disabled::id) != profile.disabled.end();
    if (!disabled && std::ranges::find(ids, id) == ids.end()) {
      fail_unknown(*member("caps")->items[i].find("if_failed"), fmt::format("score.caps[{}].if_failed", i), "requirement", id, ids);
    }
  }
}

Profile compile(Draft const& draft, std::string const& source) {
  auto profile = std::make_shared<Profile::Impl>();
  profile->identity = {.name = draft.name, .version = draft.version, .source = source};
  profile->title = draft.title;
  profile->description = draft.description;
  profile->extends = draft.extends;
  profile->sources = draft.sources;
  profile->disabled = draft.disabled;
  // A requirement that a later file defines anew is in force again.
  std::erase_if(profile->disabled,
                [&](Disabled const& disabled) { return std::ranges::find(draft.rules, disabled.id, &RawRule::id) != draft.rules.end(); });
  Sets sets(draft.sets);
  sets.check_all();
  for (RawRule const& raw : draft.rules) profile->rules.push_back(compile_rule(raw.node, raw.path, sets, draft.sources));
  for (auto const& [key, node] : draft.score) compile_score_member(key, node, profile->scoring);
  check_scoring(*profile, draft);
  for (auto const& [key, node] : draft.gate) compile_gate_member(key, node, profile->scoring, profile->gate);
  // In the order of the areas, whichever file a requirement comes from.
  auto const area = [&](Rule const& rule) {
    return std::ranges::find(profile->scoring.areas, rule.area, kFirst) - profile->scoring.areas.begin();
  };
  std::ranges::stable_sort(profile->rules, {}, area);
  return Profile(std::move(profile));
}

}  // namespace
}  // namespace policy

using namespace policy;

ProfileIdentity const& Profile::identity() const { return impl_->identity; }
std::string const& Profile::title() const { return impl_->title; }
GateDefaults const& Profile::gate() const { return impl_->gate; }

std::string_view built_in_profile_text(std::string_view name) {
  for (EmbeddedFile const& file : embedded_profiles()) {
    if (file.name.size() == name.size() + kExtension.size() && file.name.starts_with(name)) return file.content;
  }
  return {};
}

std::vector<ProfileSummary> built_in_profiles() {
  std::vector<ProfileSummary> out;
  for (std::string_view const name : built_in_names()) {
    Profile const profile = load_profile(std::string{name});
    out.push_back({.name = profile.identity().name, .version = profile.identity().version, .title = profile.title()});
  }
  return out;
}

Profile parse_profile(std::string_view yaml, std::string const& source) {
  std::error_code error;
  std::string const identity = std::filesystem::weakly_canonical(source, error).string();
  return compile(Loader{}.load(yaml, source, identity), source);
}

namespace policy {
namespace {

std::string_view built_in_text(std::string const& name) {
  std::string_view const text = built_in_profile_text(name);
  if (text.empty()) {
    fail(name, 1, 1, "profile",
         fmt::format("there is no built-in profile of that name{}; the path of a file has a slash or ends in .yaml",
                     suggestion(name, built_in_names())));
  }
  return text;
}

std::string file_text(std::string const& path) {
  FileText read = read_config_file(path, kMaxDocumentOctets, true);
  if (!read.text) fail(path, 1, 1, "file", read.problem);
  return std::move(*read.text);
}

LintInput lint_input(std::string_view yaml, std::string const& source, std::string const& identity) {
  Draft const draft = Loader{}.load(yaml, source, identity);
  LintInput out;
  out.profile = compile(draft, source);
  out.top = read_document(yaml, source);
  out.notes = draft.notes;
  Sets sets(draft.sets);
  sets.check_all();
  for (RawRule const& raw : draft.rules)
    out.rules.push_back({.rule = compile_rule(raw.node, raw.path, sets, draft.sources), .node = raw.node, .path = raw.path});
  out.used_sets = sets.used();
  return out;
}

}  // namespace

LintInput read_for_lint(std::string_view yaml, std::string const& source) {
  std::error_code error;
  return lint_input(yaml, source, std::filesystem::weakly_canonical(source, error).string());
}

LintInput read_for_lint(std::string const& name_or_path) {
  if (!is_path(name_or_path)) return lint_input(built_in_text(name_or_path), name_or_path, "built-in " + name_or_path);
  return read_for_lint(file_text(name_or_path), name_or_path);
}

}  // namespace policy

Profile load_profile(std::string const& name_or_path) {
  if (is_path(name_or_path)) return parse_profile(file_text(name_or_path), name_or_path);
  return compile(Loader{}.load(built_in_text(name_or_path), name_or_path, "built-in " + name_or_path), "built-in");
}

}  // namespace tlsgauge
