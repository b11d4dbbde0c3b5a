#pragma once
// The writers behind report_formats(), one a file.

#include <string>

#include "tlsgauge/report.hpp"

namespace tlsgauge::report {

[[nodiscard]] std::string write_text(Document const& document, ReportOptions const& options);
[[nodiscard]] std::string write_json(Document const& document, ReportOptions const& options);
[[nodiscard]] std::string write_json_lines(Document const& document, ReportOptions const& options);
[[nodiscard]] std::string write_html(Document const& document, ReportOptions const& options);
/// index.html and a page for each endpoint.
void write_html_folder(Document const& document, ReportOptions const& options, PageWriter const& write);
[[nodiscard]] std::string write_sarif(Document const& document, ReportOptions const& options);
[[nodiscard]] std::string write_junit(Document const& document, ReportOptions const& options);
[[nodiscard]] std::string write_gitlab(Document const& document, ReportOptions const& options);
[[nodiscard]] std::string write_github(Document const& document, ReportOptions const& options);
[[nodiscard]] std::string write_defectdojo(Document const& document, ReportOptions const& options);
[[nodiscard]] std::string write_prometheus(Document const& document, ReportOptions const& options);
[[nodiscard]] std::string write_cbom(Document const& document, ReportOptions const& options);
[[nodiscard]] std::string write_cbom_1_6(Document const& document, ReportOptions const& options);
[[nodiscard]] std::string write_markdown(Document const& document, ReportOptions const& options);
[[nodiscard]] std::string write_csv(Document const& document, ReportOptions const& options);
[[nodiscard]] std::string write_nmap(Document const& document, ReportOptions const& options);
[[nodiscard]] std::string write_nmap_xml(Document const& document, ReportOptions const& options);
[[nodiscard]] std::string write_testssl(Document const& document, ReportOptions const& options);
[[nodiscard]] std::string write_testssl_csv(Document const& document, ReportOptions const& options);

}  // namespace tlsgauge::report
