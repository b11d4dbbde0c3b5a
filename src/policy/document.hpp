#pragma once
// A YAML text as a bounded tree that remembers where each value stands.

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tlsgauge::policy {

inline constexpr std::size_t kMaxDocumentOctets = 256 * 1024;
inline constexpr std::size_t kMaxDepth = 20;  ///< of lists and maps within each other
inline constexpr std::size_t kMaxNodes = 10'000;

struct Node {
  enum class Kind { null, text, list, map };
  struct Member;

  Kind kind = Kind::null;
  bool quoted = false;  ///< a text in quotes or as a block, which is never read as a number or boolean
  int line = 1;
  int column = 1;  ///< in octets, as editors that know nothing of characters count
  std::shared_ptr<std::string const> file;
  std::string text;
  std::vector<Node> items;
  std::vector<Member> members;

  [[nodiscard]] Node const* find(std::string_view key) const;
};

struct Node::Member {
  std::string key;
  int line = 1;
  Node value;
  int column = 1;  ///< of the key
};

/// Reads one document whose top is a map. Anchors, aliases, tags, duplicate keys and control characters are refused, the size, depth
/// and number of nodes are bounded. `source` names the text in errors. Throws ProfileError.
[[nodiscard]] Node read_document(std::string_view text, std::string const& source);

/// "FILE:LINE:COLUMN: FIELD: what"; all parts are made printable and bounded.
[[nodiscard]] std::string located(std::string_view file, int line, int column, std::string_view field, std::string_view what);
[[nodiscard]] std::string located(Node const& at, std::string_view field, std::string_view what);
/// Throws ProfileError "FILE:LINE: FIELD: what", for files that are no YAML.
[[noreturn]] void fail(std::string_view file, int line, std::string_view field, std::string_view what);
/// Throws ProfileError "FILE:LINE:COLUMN: FIELD: what".
[[noreturn]] void fail(std::string_view file, int line, int column, std::string_view field, std::string_view what);
[[noreturn]] void fail(Node const& at, std::string_view field, std::string_view what);

}  // namespace tlsgauge::policy
