#pragma once
// Files that a configuration names.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tlsgauge::policy {

struct FileText {
  std::optional<std::string> text;
  std::string problem;  ///< why there is none: "is a folder", "cannot be read: ...", "larger than 1024 KiB"
};

/// A file that the user named may be a pipe; one that a configuration names must be a regular file, so that a stranger's configuration
/// cannot make us wait or read a device.
[[nodiscard]] FileText read_config_file(std::string const& path, std::size_t limit, bool named_by_user);

/// `path`, or where it is relative: below `folder`.
[[nodiscard]] std::string absolute_below(std::string const& folder, std::string const& path);

[[nodiscard]] bool has_wildcard(std::string_view path);
/// Wildcards in more than three folders: such a pattern could walk through the whole file system, and is not followed.
[[nodiscard]] bool has_too_many_wildcards(std::string_view path);
/// The files that a pattern of glob(7) fits, sorted. At most `limit`, and nothing for patterns with too many wildcards.
[[nodiscard]] std::vector<std::string> matching_files(std::string const& pattern, std::size_t limit);

}  // namespace tlsgauge::policy
