#include "cli/aside_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"

namespace tlsgauge::cli {
namespace {

namespace fs = std::filesystem;

/// In the head of index.html, see reports/html/page.mustache.
constexpr std::string_view kMark = "<meta name=\"tlsgauge-report\" content=\"folder\">";
constexpr std::size_t kHead = 8192;

[[noreturn]] void refuse(std::string const& path, std::string_view why) {
  throw UsageError(fmt::format("cannot write {}: {}", printable(path), why));
}

/// The files of the same folder that a page links to.
std::set<std::string, std::less<>> linked_from(std::string_view page) {
  constexpr std::string_view kLink = "href=\"";
  std::set<std::string, std::less<>> names;
  for (std::size_t at = page.find(kLink); at != std::string_view::npos; at = page.find(kLink, at)) {
    at += kLink.size();
    std::size_t const end = page.find_first_of("\"#", at);
    if (end == std::string_view::npos) break;
    names.emplace(page.substr(at, end - at));
  }
  return names;
}

std::string content_of(fs::path const& index) {
  std::ifstream file{index, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// What in the folder is no report of ours, so that it must not be removed; empty: nothing. Pages of ours are those the index leads to.
std::string foreign_in(fs::path const& folder) {
  std::error_code error;
  std::string index;
  std::vector<std::string> names;
  for (fs::directory_iterator at{folder, error}; !error && at != fs::directory_iterator{}; at.increment(error)) {
    std::error_code unknown;
    std::string name = at->path().filename().string();
    if (fs::symlink_status(at->path(), unknown).type() != fs::file_type::regular) return printable(name) + " in it is no page of a report";
    names.push_back(std::move(name));
  }
  if (error) return error.message();
  if (names.empty()) return {};
  if (std::ranges::find(names, "index.html") != names.end()) index = content_of(folder / "index.html");
  if (std::string_view{index}.substr(0, kHead).find(kMark) == std::string_view::npos) return "the folder is no report of tlsgauge";
  std::set<std::string, std::less<>> const pages = linked_from(index);
  for (std::string const& name : names) {
    if (name != "index.html" && !pages.contains(name)) return printable(name) + " in it is no page of its report";
  }
  return {};
}

/// Throws unless the folder may be replaced: it is empty, or all in it is a report of ours.
void require_ours(std::string const& path, fs::path const& folder) {
  if (std::string const foreign = foreign_in(folder); !foreign.empty()) refuse(path, foreign + "; name another folder");
}

/// Removes the report that was there before, unless something came into it meanwhile: then it stays as PATH.old, or under its name.
void remove_old(std::string const& path, std::string const& target, std::string const& old) {
  std::error_code error;
  std::string const foreign = foreign_in(old);
  if (foreign.empty()) {
    fs::remove_all(old, error);
    return;
  }
  std::string kept = target + ".old";
  if (::renameat2(AT_FDCWD, old.c_str(), AT_FDCWD, kept.c_str(), RENAME_NOREPLACE) != 0) kept = old;
  say_warnings({fmt::format("what was in {} before is kept as {}: {}", printable(path), printable(kept), foreign)});
}

}  // namespace

AsideFolder::AsideFolder(std::string path) : path_(std::move(path)) {
  std::error_code error;
  fs::path place = fs::weakly_canonical(fs::absolute(path_), error);
  if (error) refuse(path_, error.message());
  if (!place.has_filename()) place = place.parent_path();  // a slash at the end
  target_ = place.string();
  if (place == fs::current_path(error)) refuse(path_, "it is the current folder; name one in it");
  if (fs::is_symlink(fs::symlink_status(place, error))) refuse(path_, "it is a link to nothing");
  fs::file_status const status = fs::status(place, error);
  if (fs::is_directory(status)) {
    replaces_ = true;
    // Renaming asks for leave of the folder around it alone.
    if (::faccessat(AT_FDCWD, target_.c_str(), W_OK | X_OK, AT_EACCESS) != 0) refuse(path_, std::strerror(errno));
    require_ours(path_, place);
  } else if (fs::exists(status)) {
    refuse(path_, "it is no folder");
  }
  std::string aside = target_ + ".XXXXXX";
  if (::mkdtemp(aside.data()) == nullptr) refuse(path_, std::strerror(errno));
  aside_ = std::move(aside);
  mode_t const mask = ::umask(0);
  ::umask(mask);
  struct stat old {};
  bool const known = replaces_ && ::stat(target_.c_str(), &old) == 0;
  // Failing that it stays readable for its owner alone.
  if (::chmod(aside_.c_str(), known ? static_cast<mode_t>(old.st_mode & 07777U) : static_cast<mode_t>(0777U & ~mask)) != 0) errno = 0;
}

AsideFolder::~AsideFolder() {
  std::error_code ignored;
  if (!aside_.empty()) fs::remove_all(aside_, ignored);
}

void AsideFolder::write(std::string const& name, std::string_view content) const {
  AsideFile file{(fs::path{aside_} / name).string()};
  file.write(content);
  file.commit();
}

void AsideFolder::commit() {
  auto const fail = [&] { throw std::runtime_error(fmt::format("cannot write {}: {}", printable(path_), std::strerror(errno))); };
  if (!replaces_) {
    if (::rename(aside_.c_str(), target_.c_str()) != 0) {
      std::string const cause = std::strerror(errno);
      std::string const kept = std::exchange(aside_, {});  // whole, and perhaps of a scan that took hours
      throw std::runtime_error(fmt::format("cannot write {}: {}; the report is in {}", printable(path_), cause, printable(kept)));
    }
    aside_.clear();
    return;
  }
  if (::renameat2(AT_FDCWD, aside_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) == 0) {
    remove_old(path_, target_, std::exchange(aside_, {}));
    return;
  }
  // Not on this file system: for a moment nothing is there, and the old one comes back when the new one cannot take its place.
  std::string const old = aside_ + ".old";
  if (::rename(target_.c_str(), old.c_str()) != 0) fail();
  if (::rename(aside_.c_str(), target_.c_str()) != 0) {
    int const cause = errno;
    if (::rename(old.c_str(), target_.c_str()) != 0) errno = 0;
    errno = cause;
    fail();
  }
  aside_.clear();
  remove_old(path_, target_, old);
}

}  // namespace tlsgauge::cli
