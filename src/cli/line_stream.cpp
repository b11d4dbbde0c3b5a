#include "cli/line_stream.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/text.hpp"
#include "cli/exit_code.hpp"
#include "cli/output.hpp"

namespace tlsgauge::cli {
namespace {

bool is_pipe(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && S_ISFIFO(status.st_mode);
}

constexpr std::size_t kLargestPipe = std::size_t{1} << 20;  // what Linux lets everybody have

// Whether the kernel takes that many octets in one go. A page of a pipe that is read in part, or that a line ends in, holds no others.
bool has_room(int descriptor, std::size_t size, std::size_t lines_before) {
  int const capacity = ::fcntl(descriptor, F_GETPIPE_SZ);
  int unread = 0;
  if (capacity <= 0 || ::ioctl(descriptor, FIONREAD, &unread) != 0) return true;
  std::size_t const page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  std::size_t const used = unread == 0 ? 0 : static_cast<std::size_t>(unread) / page + lines_before + 2;
  return used + size / page + 1 <= static_cast<std::size_t>(capacity) / page;
}

void make_room(int descriptor, std::size_t size) {
  static std::size_t lines = 0;
  std::size_t const before = lines++;
  if (size > kLargestPipe || !is_pipe(descriptor)) return;
  if (before == 0 || ::fcntl(descriptor, F_GETPIPE_SZ) < static_cast<int>(size))
    (void)::fcntl(descriptor, F_SETPIPE_SZ, static_cast<int>(kLargestPipe));
  if (size <= PIPE_BUF || ::fcntl(descriptor, F_GETPIPE_SZ) < static_cast<int>(size)) return;
  constexpr int kPauseMs = 2;
  while (!has_room(descriptor, size, before)) {
    int unread = 0;
    if (::ioctl(descriptor, FIONREAD, &unread) != 0 || unread == 0) return;  // room for no more than it takes
    pollfd reader{.fd = descriptor, .events = 0, .revents = 0};
    if (::poll(&reader, 1, kPauseMs) > 0) return;  // nobody reads any more
  }
}

}  // namespace

void write_all(int descriptor, std::string_view text, std::string const& where) {
  while (!text.empty()) {
    ssize_t const written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw std::system_error(errno, std::generic_category(), "cannot write " + where);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void write_line(int descriptor, std::string_view line, std::string const& where) {
  make_room(descriptor, line.size());
  write_all(descriptor, line, where);
}

Journal::Journal(std::string const& path) : path_(path + ".partial") {
  struct stat status {};
  if (::lstat(path_.c_str(), &status) != 0) {
    if (errno == ENOENT) return;
    throw UsageError(fmt::format("cannot write {}: {}", printable(path_), std::strerror(errno)));
  }
  if (!S_ISREG(status.st_mode)) throw UsageError(fmt::format("cannot write {}: it is no plain file", printable(path_)));
  if (status.st_size > 0) {
    throw UsageError(fmt::format(
        "cannot write {}: it has what a run finished that did not end, or still goes on; move it away or remove it", printable(path_)));
  }
  require_writable(path_);
}

Journal::~Journal() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool Journal::begin() {
  if (std::exchange(begun_, true)) return descriptor_ >= 0;
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (descriptor_ < 0) return false;
  struct stat status {};
  ours_ = ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0;
  if (!ours_) ::close(std::exchange(descriptor_, -1));  // another run was first
  return ours_;
}

void Journal::append(std::string_view line) {
  if (!begin()) return;
  try {
    write_all(descriptor_, line, path_);
  } catch (std::system_error const&) {
    ::close(std::exchange(descriptor_, -1));
  }
}

void Journal::discard() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  if (std::exchange(ours_, false)) ::unlink(path_.c_str());
}

}  // namespace tlsgauge::cli
