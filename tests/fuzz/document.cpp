// link: report
// A result file from a stranger is read, or refused with a DocumentError. What was read is written, and what is written is read
// again to the same octets, in every format that can be read. The writers for people take all of it. Nothing got worse beside itself.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tlsgauge/diff.hpp"
#include "tlsgauge/report.hpp"

namespace {

std::string write(char const* format, tlsgauge::Document const& document) {
  return tlsgauge::find_report_format(format)->write(document, {.width = 80, .verbose = true});
}

void must_be_stable(std::string const& text, char const* format) {
  if (write(format, tlsgauge::read_document(text, "written")) != text) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  tlsgauge::Document document;
  try {
    document = tlsgauge::read_document({reinterpret_cast<char const*>(data), size}, "fuzz");
  } catch (tlsgauge::DocumentError const& error) {
    if (std::string_view{error.what()}.find('\n') != std::string_view::npos) std::abort();
    return 0;
  }
  must_be_stable(write("json", document), "json");
  if (!document.endpoints.empty()) must_be_stable(write("jsonl", document), "jsonl");
  if (write("text", document).find('\x1b') != std::string::npos) std::abort();
  if (write("html", document).find('\0') != std::string::npos) std::abort();
  tlsgauge::Comparison const same = tlsgauge::compare(document, document);
  if (tlsgauge::outcome(same, tlsgauge::Severity::low).result == tlsgauge::DiffResult::worse) std::abort();
  for (tlsgauge::DiffFormat const& format : tlsgauge::diff_formats()) {
    if (format.write(same, {.width = 80, .verbose = true}).find('\x1b') != std::string::npos) std::abort();
  }
  return 0;
}
