#include "report/formats.hpp"

#include "tlsgauge/report.hpp"

namespace tlsgauge {

std::vector<ReportFormat> const& report_formats() {
  static std::vector<ReportFormat> const formats{
      {"text", "for a terminal: the verdict, what to do, the facts", report::write_text},
      {"json", "the result document, see reports/schema", report::write_json},
      {"jsonl", "one endpoint a line, for streams and many endpoints", report::write_json_lines},
      {"html", "one page that needs no network", report::write_html},
      {"nmap", "as nmap -oN prints ssl-enum-ciphers", report::write_nmap},
      {"nmap-xml", "as nmap -oX writes ssl-enum-ciphers and ssl-cert", report::write_nmap_xml},
  };
  return formats;
}

ReportFormat const* find_report_format(std::string_view name) {
  for (ReportFormat const& format : report_formats()) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

}  // namespace tlsgauge
