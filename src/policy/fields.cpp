#include "policy/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.hpp"

namespace tlsgauge::policy {
namespace {

std::string_view kind_words(Node const& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::text:
      return "a single value";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "a map";
  }
  return "nothing";
}

void expect_kind(Node const& node, std::string_view path, Node::Kind kind, std::string_view words) {
  if (node.kind != kind) fail(node, path, fmt::format("must be {}, not {}", words, kind_words(node)));
}

bool is_identifier(std::string_view text) {
  auto const alnum = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= 64 && alnum(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return alnum(c) || c == '.' || c == '-' || c == '_'; });
}

}  // namespace

std::string under(std::string_view path, std::string_view key) { return path.empty() ? std::string{key} : fmt::format("{}.{}", path, key); }

std::string item_path(std::string_view path, Node const& item, std::size_t index) {
  Node const* const id = item.find("id");
  if (id && id->kind == Node::Kind::text && is_identifier(id->text)) return fmt::format("{}[{}]", path, id->text);
  return fmt::format("{}[{}]", path, index);
}

std::string suggestion(std::string_view word, std::vector<std::string_view> const& known) {
  // The search costs the product of the lengths for each known word; nothing that long is a slip of the finger.
  if (word.size() > 100) return {};
  std::string_view const near = nearest(word, known);
  return near.empty() ? std::string{} : fmt::format(" (did you mean \"{}\"?)", near);
}

void fail_unknown(Node const& at, std::string_view path, std::string_view kind, std::string_view word,
                  std::vector<std::string_view> const& known) {
  fail(at, path, fmt::format("unknown {} \"{}\"{}", kind, word.substr(0, 100), suggestion(word, known)));
}

Node key_of(Node::Member const& member) {
  Node at;
  at.kind = Node::Kind::text;
  at.line = member.line;
  at.column = member.column;
  at.file = member.value.file;
  at.text = member.key;
  return at;
}

void expect_keys(Node const& node, std::string_view path, std::vector<std::string_view> const& known) {
  expect_map(node, path);
  for (Node::Member const& member : node.members) {
    if (std::ranges::find(known, member.key) != known.end()) continue;
    fail_unknown(key_of(member), under(path, member.key), "key", member.key, known);
  }
}

Node const& expect_member(Node const& map, std::string_view path, std::string_view key) {
  Node const* const found = map.find(key);
  if (!found) fail(map, under(path, key), "is missing");
  return *found;
}

Node const& expect_map(Node const& node, std::string_view path) {
  expect_kind(node, path.empty() ? "YAML" : path, Node::Kind::map, "a map");
  return node;
}

Node const& expect_list(Node const& node, std::string_view path) {
  expect_kind(node, path, Node::Kind::list, "a list");
  return node;
}

std::string const& expect_text(Node const& node, std::string_view path) {
  expect_kind(node, path, Node::Kind::text, "a text");
  if (trim(node.text).empty()) fail(node, path, "must not be empty");
  return node.text;
}

std::string const& expect_line(Node const& node, std::string_view path) {
  std::string const& text = expect_text(node, path);
  if (text.size() > 200) fail(node, path, "longer than 200 octets");
  if (text.find('\n') != std::string::npos) fail(node, path, "must be one line");
  return text;
}

std::string const& expect_identifier(Node const& node, std::string_view path) {
  std::string const& text = expect_text(node, path);
  if (!is_identifier(text)) {
    fail(node, path, "must be at most 64 letters, digits, dots, dashes and underscores, the first a letter or digit");
  }
  return text;
}

bool expect_boolean(Node const& node, std::string_view path) {
  if (node.kind == Node::Kind::text && !node.quoted && node.text == "true") return true;
  if (node.kind == Node::Kind::text && !node.quoted && node.text == "false") return false;
  fail(node, path, "must be true or false");
}

double expect_number(Node const& node, std::string_view path, double lowest, double highest) {
  double value = 0;
  char const* const end = node.text.data() + node.text.size();
  bool number = node.kind == Node::Kind::text && !node.quoted && !node.text.empty();
  if (number) {
    auto const [rest, error] = std::from_chars(node.text.data(), end, value, std::chars_format::fixed);
    number = (error == std::errc{} || error == std::errc::result_out_of_range) && rest == end;
    if (number && error != std::errc{}) value = highest * 2 + 1;
  }
  if (!number || std::isnan(value)) fail(node, path, "must be a number");
  if (value < lowest || value > highest) {
    fail(node, path, fmt::format("must be between {} and {}", lowest, highest));
  }
  return value;
}

}  // namespace tlsgauge::policy
