#pragma once
// Where reports go. Every destination is opened before the first connection and appears under its name only when whole.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/aside_folder.hpp"
#include "cli/commands.hpp"
#include "tlsgauge/report.hpp"

namespace tlsgauge::cli {

/// A file that is written aside and renamed; without commit() nothing is left of it. A link stays: the file it leads to is replaced. The
/// mode is kept, the owner where that is allowed.
class AsideFile {
 public:
  /// Throws UsageError when it cannot be created.
  explicit AsideFile(std::string path);
  AsideFile(AsideFile&& other) noexcept;
  AsideFile& operator=(AsideFile&&) = delete;
  AsideFile(AsideFile const&) = delete;
  AsideFile& operator=(AsideFile const&) = delete;
  ~AsideFile();
  /// Throws std::runtime_error when the disk is full or the like.
  void write(std::string_view text);
  void commit();
  [[nodiscard]] std::string const& path() const { return path_; }

 private:
  std::string path_;
  std::string target_;  ///< `path_` with its links followed
  std::string aside_;   ///< empty: `path_` is a device, a pipe or a standard stream and written to directly
  int descriptor_ = -1;
};

/// Throws UsageError where a file that is there must not give way to a new one: other names hold on to the old one, or it is read-only.
void require_replaceable(std::string const& path);

class Outputs {
 public:
  /// `fail_on`: what the formats of pipelines call an error; empty: nothing.
  /// Throws UsageError for an unknown format, two formats on standard output, a path that cannot be written, or a file in a folder that
  /// is replaced.
  explicit Outputs(OutputOptions const& options, std::optional<Severity> fail_on = Severity::medium);

  /// One endpoint as it ends: for formats that stream (jsonl on standard output).
  void stream(Endpoint const& endpoint, Tool const& tool, Run const& run);
  /// Writes everything and renames the files into place.
  void finish(Document const& document);
  [[nodiscard]] bool any_text() const;

 private:
  struct Destination {
    ReportFormat const* format = nullptr;
    std::unique_ptr<AsideFile> file;      ///< null: standard output, or a folder
    std::unique_ptr<AsideFolder> folder;  ///< of formats that are one
    bool streamed = false;
  };
  void require_apart() const;
  ReportOptions options_for(Destination const& destination) const;

  OutputOptions options_;
  std::optional<Severity> fail_on_;
  std::vector<Destination> destinations_;
};

/// Throws std::runtime_error when standard output is gone.
void write_stdout(std::string_view text);
/// The content of a file, or of standard input for "-"; at most 256 MiB. Throws UsageError.
[[nodiscard]] std::string read_input(std::string const& path);

}  // namespace tlsgauge::cli
