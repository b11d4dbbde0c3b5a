#pragma once
// The grammar of HAProxy's configuration files: sections, words, quotes, escapes, environment variables, conditional blocks. What a
// keyword means is no matter here. HAProxy configuration manual, section 2

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "policy/server_config/model.hpp"

namespace tlsgauge::policy {

inline constexpr std::size_t kMaxHaproxyOctets = 1024 * 1024;  ///< of one file
inline constexpr std::size_t kMaxHaproxyFiles = 500;
inline constexpr std::size_t kMaxHaproxyLines = 100'000;
inline constexpr std::size_t kMaxHaproxyConditions = 16;  ///< within each other

struct HaproxyLine {
  std::vector<std::string> words;  ///< without quotes and escapes, variables resolved; never empty
  Place place;
  std::string text;             ///< as written, without comment and blanks around it
  std::vector<bool> unknown{};  ///< of `words`: holds a variable without a value here; shorter where none follows

  [[nodiscard]] bool is_unknown(std::size_t index) const { return index < unknown.size() && unknown[index]; }

  [[nodiscard]] std::string_view word(std::size_t index) const;  ///< empty if there is none
};

struct HaproxySection {
  std::string kind;  ///< "global", "defaults", "frontend", "backend", "listen"; others are passed over
  std::string name;
  std::string from;  ///< the defaults section it names
  Place place;
  std::vector<HaproxyLine> lines;
  bool incomplete = false;  ///< has a conditional block, which was passed over

  [[nodiscard]] std::vector<HaproxyLine const*> all(std::string_view keyword) const;
  [[nodiscard]] HaproxyLine const* last(std::string_view keyword) const;  ///< nullptr: none
};

struct HaproxyNote {
  Place place;
  std::string what;
  bool weighty = false;  ///< of a conditional block: it has bind lines or defaults of them
};

struct HaproxyFile {
  std::vector<HaproxySection> sections;  ///< in order
  std::vector<HaproxyNote> conditions;   ///< conditional blocks that were passed over
  std::set<std::string> undecided;       ///< keywords ssl-default-* and bind inside of those blocks
  std::vector<HaproxyNote> variables;    ///< without a value here; they stand for nothing, as in HAProxy
  bool incomplete = false;               ///< a conditional block may have held whole sections
};

/// Reads a file, or like `haproxy -f FOLDER` all files *.cfg of a folder in order. Lines before any section are taken as of global or of
/// a frontend, as they would be included in one. Throws ProfileError "FILE:LINE: FIELD: what".
[[nodiscard]] HaproxyFile read_haproxy_file(std::string const& path);

}  // namespace tlsgauge::policy
