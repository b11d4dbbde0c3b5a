#pragma once
// The result document in the formats of its readers. Writers decide nothing.

#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/result.hpp"

namespace tlsgauge {

/// Thrown for a result file that cannot be used: one line "FILE:LINE: FIELD: what is wrong".
class DocumentError : public std::exception {
 public:
  explicit DocumentError(std::string text) : text_(std::move(text)) {}
  [[nodiscard]] char const* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

struct ReportOptions {
  bool colour = false;                                 ///< text only
  bool ascii = false;                                  ///< text only: nothing but ASCII; other characters as \u{E9}
  unsigned width = 80;                                 ///< text only, columns; 0: no terminal's, so tables are not cut
  bool quiet = false;                                  ///< text only: one line an endpoint, of columns
  bool verbose = false;                                ///< text only: passed requirements too
  std::optional<Severity> fail_on = Severity::medium;  ///< lowest severity that is an error where a format has two kinds; empty: none
  std::string base = {};                               ///< absolute path of the folder that paths in reports are relative to; empty: none
};

/// Takes the files of a report that is a folder, one after another: plain names that are safe everywhere, and their content.
using PageWriter = std::function<void(std::string const& name, std::string_view content)>;

struct ReportFormat {
  std::string_view name;  ///< "text", "json", "jsonl", "html"
  std::string_view description;
  std::string (*write)(Document const&, ReportOptions const&) = nullptr;  ///< null: this format is a folder
  void (*write_folder)(Document const&, ReportOptions const&, PageWriter const&) = nullptr;
};

[[nodiscard]] std::vector<ReportFormat> const& report_formats();
[[nodiscard]] ReportFormat const* find_report_format(std::string_view name);

/// Any value as one line of JSON, with the line end.
[[nodiscard]] std::string json_line(Value const& value);

/// One endpoint as a line of `jsonl`, with its `schema` key and the line end.
[[nodiscard]] std::string json_line(Endpoint const& endpoint, Tool const& tool, Run const& run);

/// Reads a document, or JSON lines, which are put in the order of measurement. Bounded in depth and size. Of lines that end within one,
/// the rest of a writer that was killed, that one is left out and the run called interrupted. Throws DocumentError.
[[nodiscard]] Document read_document(std::string_view text, std::string const& source);

}  // namespace tlsgauge
