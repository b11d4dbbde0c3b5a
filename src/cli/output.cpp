#include "cli/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <system_error>

#include "base/text.hpp"
#include "cli/terminal.hpp"

namespace tlsgauge::cli {
namespace {

constexpr std::size_t kManyOnAPage = 1000;  // endpoints
constexpr std::size_t kMaxInput = 256UL * 1024 * 1024;

std::string reason() { return std::strerror(errno); }

[[noreturn]] void refuse(std::string const& path, std::string_view why) {
  throw UsageError(fmt::format("cannot write {}: {}", printable(path), why));
}

/// Where links lead, whether anything is there or not, so that the link stays when the file is renamed into place.
std::string behind_links(std::string const& path) {
  constexpr int kMaxLinks = 40;
  std::filesystem::path at = path;
  std::error_code error;
  for (int i = 0; i < kMaxLinks && std::filesystem::is_symlink(at, error); ++i) {
    std::filesystem::path const next = std::filesystem::read_symlink(at, error);
    if (error) break;
    at = at.parent_path() / next;  // an absolute one replaces all
  }
  if (std::filesystem::is_symlink(at, error)) refuse(path, "its links do not end");
  return at.string();
}

/// One path for one place, however it is written and whether anything is there.
std::filesystem::path place_of(std::string const& path) {
  std::error_code unknown;
  return std::filesystem::weakly_canonical(std::filesystem::absolute(behind_links(path), unknown), unknown);
}

std::vector<std::string_view> names_of(std::vector<ReportFormat> const& formats) {
  std::vector<std::string_view> out;
  for (ReportFormat const& each : formats) out.push_back(each.name);
  return out;
}

/// The stream that the file is, as /dev/stdout is where it leads to a file; -1: none.
int stream_of(struct stat const& status) {
  for (int const stream : {STDOUT_FILENO, STDERR_FILENO}) {
    struct stat of {};
    if (::fstat(stream, &of) == 0 && of.st_dev == status.st_dev && of.st_ino == status.st_ino) return stream;
  }
  return -1;
}

}  // namespace

AsideFile::AsideFile(std::string path) : path_(std::move(path)) {
  struct stat status {};
  bool const exists = ::stat(path_.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) refuse(path_, "it is a folder");
  // Renaming asks for leave of the folder alone: a file that may not be written is no file to replace.
  if (exists && S_ISREG(status.st_mode)) require_writable(path_);
  if (exists && !S_ISREG(status.st_mode)) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) refuse(path_, reason());
    return;
  }
  std::error_code unknown;
  if (std::filesystem::is_symlink(path_, unknown)) {
    if (int const stream = exists ? stream_of(status) : -1; stream >= 0) {
      descriptor_ = ::fcntl(stream, F_DUPFD_CLOEXEC, 0);
      if (descriptor_ < 0) refuse(path_, reason());
      return;
    }
    target_ = behind_links(path_);
  } else {
    target_ = path_;
  }
  aside_ = target_ + ".XXXXXX";
  descriptor_ = ::mkostemp(aside_.data(), O_CLOEXEC);
  if (descriptor_ < 0) refuse(path_, reason());
  mode_t const mask = ::umask(0);
  ::umask(mask);
  mode_t const mode = exists ? static_cast<mode_t>(status.st_mode & 07777U) : static_cast<mode_t>(0666U & ~mask);
  // Its owner stays as far as that is allowed. The mode comes after it, as a new owner clears bits.
  if (exists && ::fchown(descriptor_, status.st_uid, status.st_gid) != 0 &&
      ::fchown(descriptor_, static_cast<uid_t>(-1), status.st_gid) != 0) {
    errno = 0;
  }
  if (::fchmod(descriptor_, mode) != 0) refuse(path_, reason());
}

AsideFile::AsideFile(AsideFile&& other) noexcept
    : path_(std::move(other.path_)),
      target_(std::move(other.target_)),
      aside_(std::exchange(other.aside_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

AsideFile::~AsideFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!aside_.empty()) ::unlink(aside_.c_str());
}

void AsideFile::write(std::string_view text) { write_all(descriptor_, text, printable(path_)); }

void AsideFile::write_line(std::string_view line) { cli::write_line(descriptor_, line, printable(path_)); }

void AsideFile::commit() {
  if (::close(std::exchange(descriptor_, -1)) != 0)
    throw std::runtime_error(fmt::format("cannot write {}: {}", printable(path_), reason()));
  if (aside_.empty()) return;
  if (::rename(aside_.c_str(), target_.c_str()) != 0)
    throw std::runtime_error(fmt::format("cannot write {}: {}", printable(path_), reason()));
  aside_.clear();
}

void require_writable(std::string const& path) {
  if (::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0) refuse(path, reason());
}

void require_replaceable(std::string const& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  if (status.st_nlink > 1) refuse(path, fmt::format("it has {} hard links, and the others would keep the old text", status.st_nlink));
  require_writable(path);
  if ((status.st_mode & 0222U) == 0) refuse(path, std::strerror(EACCES));  // which binds root too: somebody wants it to stay
}

Outputs::Outputs(OutputOptions const& options, std::optional<Severity> fail_on) : Outputs(options, fail_on, names_of(report_formats())) {}

Outputs::Outputs(OutputOptions const& options, std::optional<Severity> fail_on, std::vector<std::string_view> const& formats)
    : options_(options), fail_on_(fail_on) {
  if (options_.outputs.empty()) options_.outputs.emplace_back("text");
  bool stdout_taken = false;
  for (std::string const& text : options_.outputs) {
    auto const equals = text.find('=');
    std::string const format = text.substr(0, equals);
    Destination destination;
    destination.format = format;
    if (std::ranges::find(formats, format) == formats.end()) {
      std::vector<std::string> const known{formats.begin(), formats.end()};
      throw UsageError(fmt::format("--output: '{}' is no format; known are {}", printable(format), join(known, ", ")));
    }
    std::string const path = equals == std::string::npos ? "-" : text.substr(equals + 1);
    if (path.empty()) throw UsageError(fmt::format("--output: '{}' names no file", printable(text)));
    ReportFormat const* const of_results = find_report_format(format);
    if (of_results != nullptr && of_results->write == nullptr) {
      if (path == "-") throw UsageError(fmt::format("--output: {} needs a folder: {}=DIR", format, format));
      destination.folder = std::make_unique<AsideFolder>(path);
      claim(place_of(destination.folder->place()), path);
    } else if (path == "-") {
      if (std::exchange(stdout_taken, true)) throw UsageError("--output: only one format can go to standard output");
      destination.streamed = format == "jsonl";
    } else {
      destination.file = std::make_unique<AsideFile>(path);
      destination.streamed = format == "jsonl" && destination.file->is_direct();
      if (!destination.file->is_direct()) claim(place_of(path), path);
    }
    destinations_.push_back(std::move(destination));
  }
  require_apart();
}

void Outputs::claim(std::filesystem::path const& place, std::string const& path) {
  if (!places_.insert(place).second) throw UsageError(fmt::format("--output: {} is named twice", printable(path)));
}

void Outputs::require_apart() const {
  for (Destination const& folder : destinations_) {
    if (folder.folder == nullptr) continue;
    for (Destination const& each : destinations_) {
      if (&each == &folder || (each.file == nullptr && each.folder == nullptr)) continue;
      std::string const& path = each.file != nullptr ? each.file->path() : each.folder->place();
      std::filesystem::path const from = place_of(path).lexically_relative(place_of(folder.folder->place()));
      if (!from.empty() && *from.begin() != "..")
        throw UsageError(fmt::format("--output: {} lies in a folder that is a report of its own", printable(path)));
    }
  }
}

ReportOptions Outputs::options_for(Destination const& destination) const {
  ReportOptions report;
  report.quiet = options_.quiet;
  report.verbose = options_.verbose;
  report.fail_on = fail_on_;
  report.gate = gate_;
  std::error_code unknown;
  report.base = std::filesystem::current_path(unknown).string();
  if (destination.file == nullptr && destination.folder == nullptr) {
    report.colour = colour_wanted(options_.no_color ? "never" : options_.color);
    report.ascii = !utf8_wanted();
  }
  report.width = destination.file == nullptr ? output_width() : 0;
  return report;
}

void Outputs::keep_journal() {
  for (Destination& destination : destinations_) {
    if (destination.format != "jsonl" || destination.streamed) continue;
    destination.journal = std::make_unique<Journal>(destination.file->target());
    claim(place_of(destination.journal->path()), destination.journal->path());
  }
}

void Outputs::keep_evidence(std::string const& path) {
  Destination destination;
  destination.file = std::make_unique<AsideFile>(path);
  destination.streamed = destination.evidence = true;
  if (!destination.file->is_direct()) claim(place_of(path), path);
  destinations_.push_back(std::move(destination));
  require_apart();
}

void Outputs::evidence(std::string_view lines) {
  for (Destination& destination : destinations_) {
    if (destination.evidence) guard(destination, [&] { destination.file->write(lines); });
  }
}

void Outputs::stream(Endpoint const& endpoint, Tool const& tool, Run const& run) {
  for (Destination& destination : destinations_) {
    if (destination.fault) continue;
    if (destination.journal) {
      Run unfinished = run;  // who reads it reads what is left of a run that did not end
      unfinished.interrupted = true;
      destination.journal->append(json_line(endpoint, tool, unfinished));
    }
    if (!destination.streamed || destination.evidence) continue;
    std::string const line = json_line(endpoint, tool, run);
    guard(destination, [&] { destination.file ? destination.file->write_line(line) : write_stdout(line, true); });
  }
}

void Outputs::guard(Destination& destination, std::function<void()> const& action) {
  if (destination.fault) return;
  try {
    action();
  } catch (std::exception const&) {
    destination.fault = std::current_exception();
  }
}

void Outputs::finish(Document const& document) {
  for (Destination& destination : destinations_) {
    if (!destination.folder) continue;
    AsideFolder const& folder = *destination.folder;
    guard(destination, [&] {
      find_report_format(destination.format)
          ->write_folder(document, options_for(destination),
                         [&](std::string const& name, std::string_view content) { folder.write(name, content); });
    });
  }
  finish([&](std::string_view format, ReportOptions const& report) { return find_report_format(format)->write(document, report); });
  bool const page = std::ranges::any_of(destinations_, [](Destination const& each) { return each.format == "html"; });
  if (page && document.endpoints.size() > kManyOnAPage) {
    say_why(fmt::format("{} endpoints are many for one page; -o html-dir=DIR writes one for each", document.endpoints.size()));
  }
}

void Outputs::finish(std::function<std::string(std::string_view, ReportOptions const&)> const& write) {
  for (Destination& destination : destinations_) {
    if (destination.streamed || destination.folder) continue;
    guard(destination, [&] {
      std::string const text = write(destination.format, options_for(destination));
      destination.file ? destination.file->write(text) : write_stdout(text);
    });
  }
  for (Destination& destination : destinations_) {
    if (destination.folder) guard(destination, [&] { destination.folder->commit(); });
    if (!destination.file) continue;
    guard(destination, [&] { destination.file->commit(); });
    if (destination.journal && !destination.fault) destination.journal->discard();
  }
  auto const failed = std::ranges::find_if(destinations_, [](Destination const& each) { return each.fault != nullptr; });
  if (failed != destinations_.end()) std::rethrow_exception(failed->fault);
}

bool Outputs::any_text() const {
  return std::any_of(destinations_.begin(), destinations_.end(),
                     [](Destination const& each) { return each.file == nullptr && each.folder == nullptr && each.format == "text"; });
}

void write_stdout(std::string_view text, bool as_line) {
  static bool gone = false;  // whoever read it (head) has seen enough: the other reports and the verdict are still wanted
  if (gone) return;
  try {
    as_line ? write_line(STDOUT_FILENO, text, "standard output") : write_all(STDOUT_FILENO, text, "standard output");
  } catch (std::system_error const& failure) {
    if (failure.code() != std::errc::broken_pipe) throw;
    gone = true;
  }
}

namespace {

/// A file, or standard input for "-". Throws UsageError.
class InputFile {
 public:
  explicit InputFile(std::string const& path) : name_(input_name(path)) {
    if (path == "-") return;
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail(reason());
  }
  InputFile(InputFile const&) = delete;
  InputFile& operator=(InputFile const&) = delete;
  ~InputFile() {
    if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
  }

  /// 0 at the end.
  std::size_t read(char* to, std::size_t size) const {
    for (;;) {
      ssize_t const got = ::read(descriptor_, to, size);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) fail(reason());
    }
  }
  [[noreturn]] void fail(std::string const& what) const { throw UsageError(fmt::format("{}: {}", name_, what)); }

 private:
  std::string name_;
  int descriptor_ = STDIN_FILENO;
};

}  // namespace

std::string input_name(std::string const& path) { return path == "-" ? "standard input" : printable(path); }

std::string read_input(std::string const& path) {
  InputFile const file{path};
  std::string content;
  std::array<char, 65536> buffer{};
  while (std::size_t const got = file.read(buffer.data(), buffer.size())) {
    content.append(buffer.data(), got);
    if (content.size() > kMaxInput) file.fail("more than 256 MiB, the most that is read");
  }
  return content;
}

Document read_result(std::string const& path) {
  InputFile const file{path};
  return read_document([&](char* to, std::size_t size) { return file.read(to, size); }, input_name(path));
}

}  // namespace tlsgauge::cli
