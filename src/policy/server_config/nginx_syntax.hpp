#pragma once
// The grammar of nginx's configuration files: directives, blocks, quotes, comments, includes. What a directive means is no matter here.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "policy/server_config/model.hpp"

namespace tlsgauge::policy {

inline constexpr std::size_t kMaxConfigOctets = 1024 * 1024;  ///< of one file
inline constexpr std::size_t kMaxConfigFiles = 500;
inline constexpr std::size_t kMaxConfigDirectives = 100'000;
inline constexpr std::size_t kMaxConfigBlocks = 32;    ///< within each other
inline constexpr std::size_t kMaxConfigIncludes = 10;  ///< of files within each other

struct NginxDirective {
  std::string name;
  std::vector<std::string> arguments;  ///< without their quotes, escapes resolved
  Place place;                         ///< of a block: its octets up to the opening brace
  bool block = false;
  std::size_t open = 0;     ///< of a block: the octet behind the opening brace, and ...
  std::size_t close = 0;    ///< ... that of the closing one, both in place.file
  bool incomplete = false;  ///< of a block: it includes a file that could not be read
  std::vector<NginxDirective> children;

  /// The directives of that name in this block, in order.
  [[nodiscard]] std::vector<NginxDirective const*> all(std::string_view wanted) const;
  /// The last of them; nullptr if there is none.
  [[nodiscard]] NginxDirective const* last(std::string_view wanted) const;
  /// As one would write it, without the semicolon: "ssl_protocols TLSv1.2 TLSv1.3".
  [[nodiscard]] std::string text() const;
};

/// What a file is that has neither http nor stream nor mail: made to be included by another.
enum class NginxFragment { none, of_http, of_server };

struct NginxFile {
  NginxDirective top;                            ///< a block without name; what includes name stands in their places
  std::string folder;                            ///< of the main file, which relative paths start from
  std::vector<Place> unread;                     ///< includes of files that are not there
  NginxFragment fragment = NginxFragment::none;  ///< then `top` is that block, called so and incomplete
};

/// Reads the file and all that it includes. A pattern that fits no file is no error, as in nginx; nor is a file that is not there, since
/// the configuration may come from elsewhere. Throws ProfileError "FILE:LINE: FIELD: what".
[[nodiscard]] NginxFile read_nginx_file(std::string const& path);

/// From text, as that of `path`. Nothing is included: all that it names counts as not there.
[[nodiscard]] NginxFile parse_nginx(std::string_view text, std::string const& path);

}  // namespace tlsgauge::policy
