#pragma once
// The result document in the formats of its readers. Writers decide nothing.

#include <cstddef>
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

/// What a gate asks of score and grade beside the requirements, and an endpoint has not.
struct Shortfall {
  std::string expected;                  ///< in words, "score 90 or more"
  std::string observed;                  ///< in words, "score 83, grade B"
  Verdict verdict = Verdict::fail;       ///< inconclusive: they may be reached once what is inconclusive is known
  Severity severity = Severity::medium;  ///< as grave as what the gate fails for
};

/// What a gate makes of one assessment.
struct GateRuling {
  std::optional<Shortfall> lacks = {};             ///< nothing: the gate asks no more than what there is
  std::optional<Assessment> beside_baseline = {};  ///< as it is judged where what a baseline knows is left out; empty: no baseline
};

/// The gate's word on the endpoint's assessment of that index.
using GateWord = std::function<GateRuling(Endpoint const&, std::size_t)>;

struct ReportOptions {
  bool colour = false;                                 ///< text only
  bool ascii = false;                                  ///< text only: nothing but ASCII; other characters as \u{E9}
  unsigned width = 80;                                 ///< text only, columns; 0: no terminal's, so tables are not cut
  bool quiet = false;                                  ///< text only: one line an endpoint, of columns
  bool verbose = false;                                ///< text only: passed requirements too
  std::optional<Severity> fail_on = Severity::medium;  ///< lowest severity that is an error where a format has two kinds; empty: none
  std::string base = {};                               ///< absolute path of the folder that paths in reports are relative to; empty: none
  GateWord gate = {};                                  ///< asked by formats of findings; empty: no gate
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

/// Puts the next octets of a result to `to`, at most `size`; returns how many, 0 at its end. What it throws is passed on.
using TextSource = std::function<std::size_t(char* to, std::size_t size)>;

/// The most of a result that is read. A file of JSON lines may be larger than a document: only one line is held beside what it says.
struct ReadLimits {
  std::size_t document = std::size_t{256} << 20;  ///< octets of a JSON document
  std::size_t line = std::size_t{64} << 20;       ///< octets of one of several JSON lines
  std::size_t endpoints = 1'000'000;
};

/// Reads a document, or JSON lines, which are put in the order of measurement. Bounded in depth and size. Of lines that end within one, the
/// rest of a writer that was killed, that one is left out and the run called interrupted. Throws DocumentError.
[[nodiscard]] Document read_document(TextSource const& text, std::string const& source, ReadLimits const& limits = {});
[[nodiscard]] Document read_document(std::string_view text, std::string const& source, ReadLimits const& limits = {});

}  // namespace tlsgauge
