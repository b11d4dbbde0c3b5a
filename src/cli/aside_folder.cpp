#include "cli/aside_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

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

bool has_mark(fs::path const& index) {
  std::ifstream file{index, std::ios::binary};
  std::string head(kHead, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  return head.find(kMark) != std::string::npos;
}

/// Throws unless the folder may be replaced: it is empty, or all in it is a report of ours.
void require_ours(std::string const& path, fs::path const& folder) {
  std::error_code error;
  bool empty = true;
  for (fs::directory_iterator at{folder, error}; !error && at != fs::directory_iterator{}; at.increment(error)) {
    empty = false;
    std::error_code unknown;
    fs::path const& entry = at->path();
    if (fs::symlink_status(entry, unknown).type() != fs::file_type::regular || entry.extension() != ".html")
      refuse(path, fmt::format("{} in it is no page of a report; name another folder", printable(entry.filename().string())));
  }
  if (error) refuse(path, error.message());
  if (!empty && !has_mark(folder / "index.html")) refuse(path, "the folder is no report of tlsgauge; name another one");
}

}  // namespace

AsideFolder::AsideFolder(std::string path) : path_(std::move(path)) {
  std::error_code error;
  fs::path place = fs::weakly_canonical(fs::absolute(path_), error);
  if (error) refuse(path_, error.message());
  if (!place.has_filename()) place = place.parent_path();  // a slash at the end
  target_ = place.string();
  fs::file_status const status = fs::status(place, error);
  if (fs::is_directory(status)) {
    replaces_ = true;
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
    if (::rename(aside_.c_str(), target_.c_str()) != 0) fail();
    aside_.clear();
    return;
  }
  std::error_code ignored;
  if (::renameat2(AT_FDCWD, aside_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) == 0) {
    fs::remove_all(aside_, ignored);  // what was there before
    aside_.clear();
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
  fs::remove_all(old, ignored);
}

}  // namespace tlsgauge::cli
