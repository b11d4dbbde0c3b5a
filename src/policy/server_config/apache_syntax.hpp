#pragma once
// The grammar of Apache httpd 2.4's configuration files: lines, quotes, sections, variables, includes, and the conditions that are
// decided while the file is read. What a directive means is no matter here. https://httpd.apache.org/docs/2.4/configuring.html

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "policy/server_config/model.hpp"

namespace tlsgauge::policy {

inline constexpr std::size_t kMaxApacheOctets = 1024 * 1024;  ///< of one file
inline constexpr std::size_t kMaxApacheFiles = 1000;
inline constexpr std::size_t kMaxApacheDirectives = 100'000;
inline constexpr std::size_t kMaxApacheSections = 32;  ///< within each other
inline constexpr std::size_t kMaxApacheIncludes = 16;  ///< of files within each other

struct ApacheDirective {
  std::string name;                ///< as written
  std::vector<std::string> words;  ///< without their quotes, variables resolved
  Place place;                     ///< of a section: its opening line
  std::string text;                ///< as written, on one line
  bool section = false;
  bool incomplete = false;  ///< of a section: it includes what could not be read
  std::vector<ApacheDirective> children;

  [[nodiscard]] bool is(std::string_view wanted) const;  ///< names are case-insensitive
  /// The directives of that name in this section, in order.
  [[nodiscard]] std::vector<ApacheDirective const*> all(std::string_view wanted) const;
  /// The last of them; nullptr if there is none.
  [[nodiscard]] ApacheDirective const* last(std::string_view wanted) const;
  /// The word at that position, from 0; empty if there is none.
  [[nodiscard]] std::string_view word(std::size_t index) const;
};

struct ApacheUnread {
  Place place;
  std::string what;  ///< "/etc/apache2/x.conf cannot be read: ..."
};

struct ApacheVariable {
  Place place;
  std::string name;       ///< without ${}
  std::string directive;  ///< whose argument it stands in
};

/// What the file and its includes hold. IfModule, IfDefine, IfVersion and IfFile are decided and gone: what they hold when true stands in
/// their places.
struct ApacheFile {
  ApacheDirective top;               ///< a section without name
  std::string folder;                ///< that relative paths start from: ServerRoot, else the main file's
  std::vector<std::string> modules;  ///< loaded, without affixes: "ssl", "headers"
  std::vector<ApacheUnread> unread;
  std::vector<ApacheVariable> unknown;   ///< variables without a value here; they stand literally
  std::vector<ApacheDirective> skipped;  ///< sections whose condition does not hold

  /// Whether the module is there. Where no LoadModule was read, as in the file of one site, every module is.
  [[nodiscard]] bool has_module(std::string_view name) const;
};

/// Reads the file and all that it includes. `version` is httpd's for IfVersion, empty: the newest 2.4. A file that is not there is no
/// error, since the configuration may come from elsewhere. Throws ProfileError "FILE:LINE: FIELD: what".
[[nodiscard]] ApacheFile read_apache_file(std::string const& path, std::string_view version);

}  // namespace tlsgauge::policy
