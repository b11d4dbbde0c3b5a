#pragma once
// Where reports go. Every destination is opened before the first connection and appears under its name only when whole.

#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/aside_folder.hpp"
#include "cli/commands.hpp"
#include "cli/line_stream.hpp"
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
  void write_line(std::string_view line);  ///< see cli::write_line
  void commit();
  [[nodiscard]] std::string const& path() const { return path_; }
  [[nodiscard]] std::string const& target() const { return target_; }  ///< the path with its links followed
  [[nodiscard]] bool is_direct() const { return aside_.empty(); }      ///< a device or a pipe: nothing is written aside

 private:
  std::string path_;
  std::string target_;  ///< `path_` with its links followed
  std::string aside_;   ///< empty: `path_` is a device, a pipe or a standard stream and written to directly
  int descriptor_ = -1;
};

/// Throws UsageError where what is there may not be written by whom the program runs for (its effective ids), or is not there.
void require_writable(std::string const& path);
/// Throws UsageError where a file that is there must not give way to a new one: other names hold on to the old one, or it may not be
/// written, be it by root for want of any leave to.
void require_replaceable(std::string const& path);

class Outputs {
 public:
  /// `fail_on`: what the formats of pipelines call an error; empty: nothing.
  /// Throws UsageError for an unknown format, two formats on standard output, a path that cannot be written, or a file in a folder that
  /// is replaced.
  explicit Outputs(OutputOptions const& options, std::optional<Severity> fail_on = Severity::medium);
  /// The same for other formats than those of results.
  Outputs(OutputOptions const& options, std::optional<Severity> fail_on, std::vector<std::string_view> const& formats);

  /// Whom the formats of pipelines ask about score and grade.
  void heed(GateWord gate) { gate_ = std::move(gate); }
  /// From now on what streams keeps a Journal beside a file that appears only when whole. Throws UsageError.
  void keep_journal();
  /// A file beside the reports that `evidence` writes to. Throws UsageError.
  void keep_evidence(std::string const& path);
  /// What cannot be written is told by `finish`, and harms no report.
  void evidence(std::string_view lines);
  /// One endpoint as it ends: for formats that stream (jsonl). What cannot be written is told by `finish`.
  void stream(Endpoint const& endpoint, Tool const& tool, Run const& run);
  /// Writes everything and renames the files into place. Throws std::runtime_error for what could not be written, once all else is.
  void finish(Document const& document);
  /// The same with another writer: the name of a format and what it is to heed, to text.
  void finish(std::function<std::string(std::string_view, ReportOptions const&)> const& write);
  [[nodiscard]] bool any_text() const;

 private:
  struct Destination {
    std::string format;
    std::unique_ptr<AsideFile> file;      ///< null: standard output, or a folder
    std::unique_ptr<AsideFolder> folder;  ///< of formats that are one
    std::unique_ptr<Journal> journal;     ///< null: none
    bool streamed = false;
    bool evidence = false;     ///< no report
    std::exception_ptr fault;  ///< why nothing more is written to it
  };
  void claim(std::filesystem::path const& place, std::string const& path);
  void require_apart() const;
  static void guard(Destination& destination, std::function<void()> const& action);
  ReportOptions options_for(Destination const& destination) const;

  OutputOptions options_;
  std::optional<Severity> fail_on_;
  GateWord gate_;
  std::vector<Destination> destinations_;
  std::set<std::filesystem::path> places_;  ///< what is written, each once
};

/// Throws std::system_error when the disk behind it is full or the like. `as_line`: see write_line.
void write_stdout(std::string_view text, bool as_line = false);
/// The content of a file, or of standard input for "-"; at most 256 MiB. Throws UsageError.
[[nodiscard]] std::string read_input(std::string const& path);
/// The result in a file, or on standard input for "-". Throws UsageError and DocumentError.
[[nodiscard]] Document read_result(std::string const& path);
/// What messages call the path: "standard input" for "-".
[[nodiscard]] std::string input_name(std::string const& path);

}  // namespace tlsgauge::cli
