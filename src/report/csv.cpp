// For spreadsheets and databases (RFC 4180): a row for each requirement of each profile at each endpoint; a last one with the status
// "interrupted" and no endpoint where the run was.

#include <fmt/format.h>

#include <initializer_list>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "report/findings.hpp"
#include "report/formats.hpp"
#include "report/formula.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::string_view kHeader =
    "endpoint,host,port,address,server_name,transport,starttls,status,error,profile,profile_version,profile_verdict,score,grade,coverage,"
    "requirement,title,severity,verdict,expected,observed,points_lost,waiver,baseline,fingerprint,measured_at\r\n";

constexpr std::size_t kMaxCell = 32'000;     // spreadsheets cut at 32,767 characters
constexpr std::size_t kMaxRepeated = 1'000;  // of what stands in each row of an endpoint: a long text must not become a thousand

std::string cell(std::string_view text, std::size_t octets) {
  std::string safe = cut(printable(text), octets);
  if (is_formula(safe)) safe.insert(0, "'");
  if (safe.find_first_of("\",\r\n") == std::string::npos) return safe;
  std::string quoted = "\"";
  for (char const c : safe) {
    quoted += c;
    if (c == '"') quoted += c;
  }
  return quoted + '"';
}

std::string cells(std::size_t octets, std::initializer_list<std::string_view> texts) {
  std::string out;
  for (std::string_view const text : texts) {
    out += cell(text, octets);
    out += ',';
  }
  out.pop_back();
  return out;
}

std::string endpoint_cells(Endpoint const& e) {
  std::vector<std::string> errors;
  for (ErrorNote const& note : e.errors) errors.push_back(note.where + ": " + note.what);
  return cells(kMaxRepeated, {place(e.target), e.target.host, std::to_string(e.target.port), e.target.address, e.target.server_name,
                              e.target.transport, e.target.starttls, name(e.status), join(errors, "; ")});
}

std::string assessment_cells(Assessment const& a) {
  auto const known = [](std::string const& text) { return text == "-" ? std::string{} : text; };
  return cells(kMaxRepeated, {a.profile.name, a.profile.version, name(a.verdict), known(score_text(a)), known(grade_text(a)),
                              std::to_string(a.coverage)});
}

std::string requirement_cells(Finding const& finding) {
  Requirement const& r = *finding.requirement;
  return cells(kMaxCell, {r.id, r.title, name(r.severity), name(r.verdict), r.expected, r.observed,
                          r.points_lost > 0 ? fmt::format("{:.1f}", r.points_lost) : "0", waiver_phrase(r),
                          r.baseline ? name(*r.baseline) : "", finding.fingerprint});
}

}  // namespace

std::string write_csv(Document const& document, ReportOptions const& /*options*/) {
  std::string out{kHeader};
  std::string const measured = cell(document.run.started_at, kMaxRepeated);
  std::vector<Finding> const all =
      findings(document, {Verdict::fail, Verdict::inconclusive, Verdict::waived, Verdict::pass, Verdict::not_applicable});
  std::size_t next = 0;
  auto const row = [&](std::string const& endpoint, std::string const& assessment, std::string const& requirement) {
    out += endpoint + ',' + assessment + ',' + requirement + ',' + measured + "\r\n";
  };
  for (Endpoint const& endpoint : document.endpoints) {
    std::string const where = endpoint_cells(endpoint);
    if (endpoint.assessments.empty()) row(where, ",,,,,", ",,,,,,,,,");
    for (Assessment const& assessment : endpoint.assessments) {
      std::string const how = assessment_cells(assessment);
      if (assessment.requirements.empty()) row(where, how, ",,,,,,,,,");
      for (; next < all.size() && all[next].assessment == &assessment; ++next) row(where, how, requirement_cells(all[next]));
    }
  }
  if (document.run.interrupted) row(cells(kMaxRepeated, {"", "", "", "", "", "", "", "interrupted", kInterrupted}), ",,,,,", ",,,,,,,,,");
  return out;
}

}  // namespace tlsgauge::report
