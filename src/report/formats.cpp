#include "report/formats.hpp"

#include "tlsgauge/report.hpp"

namespace tlsgauge {

std::vector<ReportFormat> const& report_formats() {
  static std::vector<ReportFormat> const formats{
      {"text", "for a terminal: the verdict, what to do, the facts", report::write_text},
      {"json", "the result document, see reports/schema", report::write_json},
      {"jsonl", "one endpoint a line, for streams and many endpoints", report::write_json_lines},
      {"html", "one page that needs no network", report::write_html},
      {"html-dir", "the same as a folder, with a page for each of very many endpoints", nullptr, report::write_html_folder},
      {"sarif", "SARIF 2.1.0, for code scanning", report::write_sarif},
      {"junit", "JUnit XML: a test case for each endpoint and requirement", report::write_junit},
      {"gitlab", "GitLab's code quality report", report::write_gitlab},
      {"github", "annotations of a GitHub workflow", report::write_github},
      {"defectdojo", "DefectDojo's generic findings", report::write_defectdojo},
      {"prometheus", "metrics for node_exporter's textfile collector: expiry, verdicts, protocols", report::write_prometheus},
      {"cbom", "CycloneDX 1.7: protocols, suites, certificates and keys as cryptographic assets", report::write_cbom},
      {"cbom-1.6", "the same in CycloneDX 1.6", report::write_cbom_1_6},
      {"markdown", "for a comment on a pull request, or a step summary", report::write_markdown},
      {"csv", "a row for each requirement at each endpoint, safe for spreadsheets", report::write_csv},
      {"nmap", "as nmap -oN prints ssl-enum-ciphers", report::write_nmap},
      {"nmap-xml", "as nmap -oX writes ssl-enum-ciphers and ssl-cert", report::write_nmap_xml},
      {"testssl", "as testssl.sh --jsonfile, the ids that facts answer", report::write_testssl},
      {"testssl-csv", "as testssl.sh --csvfile", report::write_testssl_csv},
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
