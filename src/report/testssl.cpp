// testssl.sh's --jsonfile, flat, and --csvfile.

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/text.hpp"
#include "crypto/certificate.hpp"
#include "report/fact_parts.hpp"
#include "report/formats.hpp"
#include "report/formula.hpp"
#include "report/testssl_rows.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::string_view kNoEndpoint = "no endpoint was scanned";

/// Whether it is a certificate as these rows have it, PEM with blanks for line ends, and nothing else.
bool is_certificate(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  if (!text.starts_with(kBegin) || !text.ends_with(kEnd) || text.size() < kBegin.size() + kEnd.size()) return false;
  std::string body{text.substr(kBegin.size(), text.size() - kBegin.size() - kEnd.size())};
  std::ranges::replace(body, ' ', '\n');
  Bytes const der = crypto::from_pem(fmt::format("{}{}{}\n", kBegin, body, kEnd));
  std::string again = crypto::pem(der);
  std::ranges::replace(again, '\n', ' ');
  return !der.empty() && trim(again) == text;
}

/// A cell between quotes, double quotes doubled. What a spreadsheet would take for a formula gets an apostrophe in front, but for what
/// testssl itself writes: "--" and certificates.
std::string cell(std::string_view text) {
  std::string out = "\"";
  if (text != "--" && is_formula(text) && !is_certificate(text)) out += '\'';
  for (char const c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace

std::string write_testssl(Document const& document, ReportOptions const& /*options*/) {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  std::optional<std::int64_t> const end = unix_time(document.run.finished_at);
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
  if (document.endpoints.empty())
    out.push_back({{"id", "scanProblem"}, {"ip", "/"}, {"port", ""}, {"severity", "WARN"}, {"finding", kNoEndpoint}});
  bool const cut = document.run.interrupted;
  std::optional<std::int64_t> const begin = unix_time(document.run.started_at);
  bool const known = begin && end;
  out.push_back({{"id", "scanTime"},
                 {"severity", cut || !known ? "WARN" : "INFO"},
                 {"finding", cut      ? "Scan interrupted"
                             : !known ? inconclusive_finding("when the run began or ended is not known")
                                      : std::to_string(std::max<std::int64_t>(*end - *begin, 0))}});
  return out.dump(2) + "\n";
}

std::string write_testssl_csv(Document const& document, ReportOptions const& /*options*/) {
  std::string out = "\"id\",\"fqdn/ip\",\"port\",\"severity\",\"finding\",\"cve\",\"cwe\"\n";
  std::optional<std::int64_t> const end = unix_time(document.run.finished_at);
  for (Endpoint const& endpoint : document.endpoints) {
    std::string const host = testssl_host(endpoint.target);
    for (TestsslRow const& row : testssl_rows(endpoint, end))
      out += fmt::format("{},{},{},{},{},{},{}\n", cell(row.id), cell(host), cell(fmt::format("{}", endpoint.target.port)),
                         cell(row.severity), cell(row.finding), cell(row.cve), cell(row.cwe));
  }
  if (document.endpoints.empty()) out += fmt::format("\"scanProblem\",\"/\",\"\",\"WARN\",\"{}\",\"\",\"\"\n", kNoEndpoint);
  if (document.run.interrupted) out += "\"scanTime\",\"/\",\"\",\"WARN\",\"Scan interrupted\",\"\",\"\"\n";
  return out;
}

}  // namespace tlsgauge::report
