#pragma once
// Typed reading of a document's fields. Whatever is not as it should be is a ProfileError that names the field.

#include <string>
#include <string_view>
#include <vector>

#include "policy/document.hpp"

namespace tlsgauge::policy {

/// "requirements[hsts].is" from "requirements[hsts]" and "is".
[[nodiscard]] std::string under(std::string_view path, std::string_view key);
/// The item's path: by its member `id` where it has one, else by its position from 0.
[[nodiscard]] std::string item_path(std::string_view path, Node const& item, std::size_t index);

/// Where the key stands, for errors about it.
[[nodiscard]] Node key_of(Node::Member const& member);
/// `node` must be a map without other keys than these.
void expect_keys(Node const& node, std::string_view path, std::vector<std::string_view> const& known);
[[nodiscard]] Node const& expect_member(Node const& map, std::string_view path, std::string_view key);
Node const& expect_map(Node const& node, std::string_view path);
Node const& expect_list(Node const& node, std::string_view path);
/// Any scalar that is not empty.
std::string const& expect_text(Node const& node, std::string_view path);
/// A text without line ends, at most 200 octets.
std::string const& expect_line(Node const& node, std::string_view path);
/// A name that can stand in options, file names and reports: letters, digits, dot, dash, underscore; at most 64.
[[nodiscard]] std::string const& expect_identifier(Node const& node, std::string_view path);
[[nodiscard]] bool expect_boolean(Node const& node, std::string_view path);
/// A decimal number between the bounds, written without quotes.
[[nodiscard]] double expect_number(Node const& node, std::string_view path, double lowest, double highest);

/// " (did you mean "x"?)" or nothing.
[[nodiscard]] std::string suggestion(std::string_view word, std::vector<std::string_view> const& known);
/// "unknown X "word" (did you mean ...?)"
[[noreturn]] void fail_unknown(Node const& at, std::string_view path, std::string_view kind, std::string_view word,
                               std::vector<std::string_view> const& known);

}  // namespace tlsgauge::policy
