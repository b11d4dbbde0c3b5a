#pragma once
// Lines that a reader finds whole or not at all, whatever ends this process.

#include <string>
#include <string_view>

namespace tlsgauge::cli {

/// Writes a line so that a kill leaves no part of it in a pipe: the pipe is made larger and waited for until all of it fits in. A line
/// that is larger than any pipe (1 MiB) and what is no pipe get it as it comes. Throws std::system_error.
void write_line(int descriptor, std::string_view line, std::string const& where);

/// Writes all of it. Throws std::system_error "cannot write WHERE".
void write_all(int descriptor, std::string_view text, std::string const& where);

/// What was finished so far, beside a file that appears only when whole: PATH.partial, a line an endpoint. It is left where the process was
/// killed or the file could not be written.
class Journal {
 public:
  /// Throws UsageError when it cannot be written, or holds what an earlier run left: that may be the only copy. It is created with the
  /// first line.
  explicit Journal(std::string const& path);
  Journal(Journal const&) = delete;
  Journal& operator=(Journal const&) = delete;
  Journal(Journal&&) = delete;
  Journal& operator=(Journal&&) = delete;
  ~Journal();
  /// Keeps quiet when the disk is full (the file itself will tell) or another run was first.
  void append(std::string_view line);
  /// The file is there: nothing is left of the journal.
  void discard();
  [[nodiscard]] std::string const& path() const { return path_; }

 private:
  bool begin();

  std::string path_;
  int descriptor_ = -1;
  bool begun_ = false;
  bool ours_ = false;  ///< written by this run
};

}  // namespace tlsgauge::cli
