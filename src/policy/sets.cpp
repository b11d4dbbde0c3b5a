#include "policy/sets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "policy/fields.hpp"

namespace tlsgauge::policy {
namespace {

constexpr std::size_t kMaxMembers = 50'000;
constexpr std::size_t kMaxNesting = 16;

std::string_view kind_word(Type type) {
  switch (type) {
    case Type::versions:
      return "protocol version";
    case Type::suites:
      return "cipher suite";
    case Type::groups:
      return "group";
    case Type::signatures:
      return "signature scheme";
    default:
      return "word";
  }
}

std::optional<std::uint32_t> code_of(std::string_view text) {
  if (text.size() < 3 || text.size() > 8 || text[0] != '0' || (text[1] != 'x' && text[1] != 'X')) return std::nullopt;
  std::uint32_t code = 0;
  auto const [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), code, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return code;
}

Element version_element(Node const& node, std::string_view path) {
  if (auto const version = wire::version_from(node.text)) {
    return {.key = wire::name(*version), .label = wire::name(*version), .code = static_cast<std::uint32_t>(*version)};
  }
  std::vector<std::string> names;
  for (auto const version : wire::kAllVersions) names.push_back(wire::name(version));
  fail_unknown(node, path, kind_word(Type::versions), node.text, {names.begin(), names.end()});
}

Element suite_element(Node const& node, std::string_view path) {
  if (auto const code = code_of(node.text)) {
    // An SSLv2 kind is written with all of its 24 bits, which tells 0x000000 from the suite 0x0000.
    bool const ssl2 = node.text.size() == 8;
    Element element{.key = ssl2 ? fmt::format("0x{:06X}", *code) : fmt::format("0x{:04X}", *code), .label = {}, .code = *code};
    wire::CipherSuiteInfo const* const info = *code > 0xFFFF && !ssl2 ? nullptr : suite_info(element);
    if (!info) fail(node, path, fmt::format("no cipher suite has the code {}", node.text));
    element.label = info->name;
    return element;
  }
  wire::CipherSuiteInfo const* const info = wire::find_cipher_suite(node.text);
  if (!info) {
    std::vector<std::string_view> names;
    for (auto const& suite : wire::cipher_suites()) {
      names.push_back(suite.name);
      if (!suite.openssl_name.empty()) names.push_back(suite.openssl_name);
    }
    fail_unknown(node, path, kind_word(Type::suites), node.text, names);
  }
  return {.key = fmt::format("0x{:04X}", info->code), .label = std::string{info->name}, .code = info->code};
}

Element group_element(Node const& node, std::string_view path) {
  wire::NamedGroupInfo const* info = nullptr;
  if (auto const code = code_of(node.text)) {
    info = *code > 0xFFFF ? nullptr : wire::find(static_cast<wire::NamedGroup>(*code));
    if (!info) fail(node, path, fmt::format("no group has the code {}", node.text));
  } else {
    info = wire::find_named_group(node.text);
  }
  if (!info) {
    std::vector<std::string_view> names;
    for (auto const& group : wire::named_groups()) names.push_back(group.name);
    fail_unknown(node, path, kind_word(Type::groups), node.text, names);
  }
  auto const code = static_cast<std::uint32_t>(info->code);
  return {.key = fmt::format("0x{:04X}", code), .label = std::string{info->name}, .code = code};
}

Element signature_element(Node const& node, std::string_view path) {
  wire::SignatureSchemeInfo const* info = nullptr;
  if (auto const code = code_of(node.text)) {
    info = *code > 0xFFFF ? nullptr : wire::find(static_cast<wire::SignatureScheme>(*code));
    if (!info) fail(node, path, fmt::format("no signature scheme has the code {}", node.text));
  } else {
    auto const all = wire::signature_schemes();
    auto const at = std::ranges::find(all, node.text, &wire::SignatureSchemeInfo::name);
    if (at == all.end()) {
      std::vector<std::string_view> names;
      for (auto const& scheme : all) names.push_back(scheme.name);
      fail_unknown(node, path, kind_word(Type::signatures), node.text, names);
    }
    info = &*at;
  }
  auto const code = static_cast<std::uint32_t>(info->code);
  return {.key = fmt::format("0x{:04X}", code), .label = std::string{info->name}, .code = code};
}

Element text_element(Node const& node, std::string_view path, std::vector<std::string_view> const& words) {
  if (!words.empty() && std::ranges::find(words, node.text) == words.end()) fail_unknown(node, path, "word", node.text, words);
  return {.key = node.text, .label = node.text, .code = 0};
}

Element element_of(Type type, Node const& node, std::string_view path, std::vector<std::string_view> const& words) {
  expect_line(node, path);
  switch (type) {
    case Type::versions:
      return version_element(node, path);
    case Type::suites:
      return suite_element(node, path);
    case Type::groups:
      return group_element(node, path);
    case Type::signatures:
      return signature_element(node, path);
    default:
      return text_element(node, path, words);
  }
}

struct Kind {
  std::string_view key;
  Type type;
};
constexpr Kind kKinds[] = {{"suites", Type::suites}, {"groups", Type::groups}, {"signatures", Type::signatures}};

bool takes_sets(Type type) { return std::ranges::find(kKinds, type, &Kind::type) != std::end(kKinds); }

}  // namespace

struct Sets::Builder {
  Selection selection;
  std::set<std::string> seen;

  void add(Element element) {
    if (seen.insert(element.key).second) selection.elements.push_back(std::move(element));
  }
  void add(Attribute const* attribute) {
    if (std::ranges::find(selection.attributes, attribute) == selection.attributes.end()) selection.attributes.push_back(attribute);
  }
};

Selection Sets::read(Node const& node, std::string_view path, Type type, std::vector<std::string_view> const& words) {
  Builder builder;
  builder.selection.type = type;
  if (node.kind == Node::Kind::list) {
    std::set<std::string_view> listed;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      std::string const item = fmt::format("{}[{}]", path, i);
      if (!listed.insert(expect_text(node.items[i], item)).second) fail(node.items[i], item, "is listed twice");
      add(builder, node.items[i], item, words);
    }
  } else if (node.kind == Node::Kind::text) {
    add(builder, node, path, words);
  } else {
    fail(node, path, fmt::format("must be a {} or a list of them", kind_word(type)));
  }
  members_ += builder.selection.elements.size();
  if (members_ > kMaxMembers) fail(node, path, fmt::format("the sets of this profile have more than {} members in all", kMaxMembers));
  return std::move(builder.selection);
}

void Sets::add(Builder& builder, Node const& node, std::string_view path, std::vector<std::string_view> const& words) {
  if (expect_text(node, path).starts_with('@') && takes_sets(builder.selection.type)) {
    add_set(builder, node, path);
  } else {
    builder.add(element_of(builder.selection.type, node, path, words));
  }
}

void Sets::add_set(Builder& builder, Node const& node, std::string_view path) {
  std::string const name = node.text.substr(1);
  Type const type = builder.selection.type;
  if (Attribute const* const attribute = find_attribute(name, type)) return builder.add(attribute);
  if (find_attribute(name))
    fail(node, path, fmt::format("{} is an attribute of another kind; here stands a {}", node.text, kind_word(type)));
  Selection const& set = resolve(name, type, node, path);
  used_.insert(name);
  if (set.type != type) fail(node, path, fmt::format("{} is a set of another kind; here stands a {}", node.text, kind_word(type)));
  for (Element const& element : set.elements) builder.add(element);
  for (Attribute const* const attribute : set.attributes) builder.add(attribute);
}

Selection const& Sets::resolve(std::string const& name, Type type, Node const& used_at, std::string_view path) {
  if (auto const known = resolved_.find(name); known != resolved_.end()) return known->second;
  auto const definition = std::ranges::find(definitions_, name, &std::pair<std::string, Node>::first);
  if (definition == definitions_.end()) {
    std::vector<std::string> known;
    for (auto const& [set, node] : definitions_) known.push_back("@" + set);
    for (std::string_view const attribute : attribute_names(type)) known.push_back("@" + std::string{attribute});
    fail_unknown(used_at, path, "set", "@" + name, {known.begin(), known.end()});
  }
  if (std::ranges::find(under_way_, name) != under_way_.end()) fail(used_at, path, fmt::format("the set @{} contains itself", name));
  if (under_way_.size() >= kMaxNesting) fail(used_at, path, fmt::format("sets of sets, more than {} deep", kMaxNesting));

  Node const& node = definition->second;
  Kind const& kind = *std::ranges::find(kKinds, node.members.front().key, &Kind::key);
  under_way_.push_back(name);
  Selection made = read(*node.find(kind.key), under(under("sets", name), kind.key), kind.type, {});
  under_way_.pop_back();
  return resolved_.emplace(name, std::move(made)).first->second;
}

void Sets::check_all() {
  for (auto const& [name, node] : definitions_) static_cast<void>(resolve(name, Type::texts, node, under("sets", name)));
}

std::vector<std::string_view> set_keys() {
  std::vector<std::string_view> out;
  for (Kind const& kind : kKinds) out.push_back(kind.key);
  return out;
}

void check_set_definition(std::string const& name, Node const& definition, std::string_view path) {
  expect_keys(definition, path, set_keys());
  if (definition.members.size() != 1) fail(definition, path, "must have one of suites, groups and signatures");
  if (find_attribute(name)) fail(definition, path, fmt::format("@{} is a built-in attribute", name));
  Node const& list = definition.members.front().value;
  expect_list(list, under(path, definition.members.front().key));
  if (list.items.empty()) fail(list, under(path, definition.members.front().key), "must not be empty");
}

}  // namespace tlsgauge::policy
