#include "policy/server_config/files.hpp"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/text.hpp"

namespace tlsgauge::policy {

FileText read_config_file(std::string const& path, std::size_t limit, bool named_by_user) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return {.text = {}, .problem = "is a folder"};
  if (!named_by_user && std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error)) {
    return {.text = {}, .problem = "is no regular file"};
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text(limit + 1, '\0');
  if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) {
    return {.text = {}, .problem = fmt::format("cannot be read: {}", errno != 0 ? std::strerror(errno) : "input error")};
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > limit) return {.text = {}, .problem = fmt::format("is larger than {} KiB", limit / 1024)};
  return {.text = std::move(text), .problem = {}};
}

std::string absolute_below(std::string const& folder, std::string const& path) {
  if (path.starts_with('/') || folder.empty()) return path;
  return folder + "/" + path;
}

bool has_wildcard(std::string_view path) { return path.find_first_of("*?[") != std::string_view::npos; }

bool has_too_many_wildcards(std::string_view path) {
  std::vector<std::string_view> const parts = split(path, '/');
  return std::ranges::count_if(parts, has_wildcard) > 3;
}

std::vector<std::string> matching_files(std::string const& pattern, std::size_t limit) {
  if (has_too_many_wildcards(pattern)) return {};
  glob_t found{};
  std::vector<std::string> out;
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    for (std::size_t i = 0; i < found.gl_pathc && out.size() < limit; ++i) out.emplace_back(found.gl_pathv[i]);
  }
  ::globfree(&found);
  return out;
}

}  // namespace tlsgauge::policy
