// testssl.sh's --jsonfile, flat, and --csvfile.

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "report/fact_parts.hpp"
#include "report/formats.hpp"
#include "report/testssl_rows.hpp"

namespace tlsgauge::report {
namespace {

/// A cell between quotes, double quotes doubled. What a spreadsheet would take for a formula gets an apostrophe in front, but for what
/// testssl itself writes: "--" and PEM.
std::string cell(std::string_view text) {
  constexpr std::string_view kFormula = "=+-@\t\r";
  bool const own = text == "--" || text.starts_with("-----BEGIN CERTIFICATE-----");
  std::string out = "\"";
  if (!text.empty() && kFormula.find(text.front()) != std::string_view::npos && !own) out += '\'';
  for (char const c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace

std::string write_testssl(Document const& document, ReportOptions const& /*options*/) {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  std::int64_t const end = seconds_of(document.run.finished_at);
  for (Endpoint const& endpoint : document.endpoints) {
    std::string const host = testssl_host(endpoint.target);
    std::string const port = fmt::format("{}", endpoint.target.port);
    for (TestsslRow const& row : testssl_rows(endpoint, end)) {
      nlohmann::ordered_json item = {{"id", row.id}, {"ip", host}, {"port", port}, {"severity", row.severity}};
      if (!row.cve.empty()) item["cve"] = row.cve;
      if (!row.cwe.empty()) item["cwe"] = row.cwe;
      item["finding"] = row.finding;
      out.push_back(std::move(item));
    }
  }
  bool const cut = document.run.interrupted;
  std::int64_t const seconds = std::max<std::int64_t>(end - seconds_of(document.run.started_at), 0);
  out.push_back({{"id", "scanTime"},
                 {"severity", cut ? "WARN" : "INFO"},
                 {"finding", cut ? std::string{"Scan interrupted"} : fmt::format("{}", end == 0 ? 0 : seconds)}});
  return out.dump(2) + "\n";
}

std::string write_testssl_csv(Document const& document, ReportOptions const& /*options*/) {
  std::string out = "\"id\",\"fqdn/ip\",\"port\",\"severity\",\"finding\",\"cve\",\"cwe\"\n";
  std::int64_t const end = seconds_of(document.run.finished_at);
  for (Endpoint const& endpoint : document.endpoints) {
    std::string const host = testssl_host(endpoint.target);
    for (TestsslRow const& row : testssl_rows(endpoint, end))
      out += fmt::format("{},{},{},{},{},{},{}\n", cell(row.id), cell(host), cell(fmt::format("{}", endpoint.target.port)),
                         cell(row.severity), cell(row.finding), cell(row.cve), cell(row.cwe));
  }
  if (document.run.interrupted) out += "\"scanTime\",\"/\",\"\",\"WARN\",\"Scan interrupted\",\"\",\"\"\n";
  return out;
}

}  // namespace tlsgauge::report
