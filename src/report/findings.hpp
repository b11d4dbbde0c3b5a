#pragma once
// What pipelines call a finding: a requirement of a profile at an endpoint, with an identity that stays the same from run to run.

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "report/identity.hpp"
#include "tlsgauge/report.hpp"
#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// Views into a document, which must outlive it.
struct Finding {
  Endpoint const* endpoint = nullptr;
  Assessment const* assessment = nullptr;
  Requirement const* requirement = nullptr;
  /// 32 lower-case hexadecimal digits: of the endpoint (one of `identities`), profile name and requirement id, of nothing that was
  /// observed.
  std::string fingerprint;
  std::shared_ptr<Requirement const> made =
      {};                ///< where `requirement` is none of the document's: one of `unexplained_verdict`, `gate_shortfall`
  bool decides = false;  ///< one of `gate_shortfall`: it fails the gate whatever `fail_on` is
};

/// A verdict that is not pass and that no requirement shows, since it rests on the grade or since none applies, as a requirement "verdict"
/// of its own: readers of findings would take the endpoint for clean. `fail_on` as in ReportOptions: what is less grave shows no failure,
/// unless the grade is no graver. Beside a baseline it is the verdict of `gate`, and new, if that fails without what is known; known, if
/// the `nth` assessment alone does.
[[nodiscard]] std::optional<Requirement> unexplained_verdict(Endpoint const& endpoint, std::size_t nth, std::optional<Severity> fail_on,
                                                             GateWord const& gate);

/// What the gate finds wanting in the score and grade of the `nth` assessment, as a requirement "gate": no requirement shows it, though it
/// decides the exit code. The same whether or not requirements fail beside it.
[[nodiscard]] std::optional<Requirement> gate_shortfall(Endpoint const& endpoint, std::size_t nth, GateWord const& gate);

/// The requirements of those verdicts, endpoint by endpoint, profile by profile, the gravest first; and each `unexplained_verdict` and
/// `gate_shortfall`.
[[nodiscard]] std::vector<Finding> findings(Document const& document, std::initializer_list<Verdict> verdicts,
                                            std::optional<Severity> fail_on = Severity::medium, GateWord const& gate = {});

/// A place in a repository for what is found at an endpoint.
struct SourcePlace {
  std::string path;  ///< relative, "/" between its parts, no "." or ".."; not percent-encoded
  std::uint64_t line = 1;
};

/// The line of the target list that names the endpoint where that lies under `base`, else line 1 of a path of its own that no file
/// has, "tls/www.example.com_443". Never a URL: GitHub and GitLab refuse those.
[[nodiscard]] SourcePlace source_place(Target const& target, std::string const& base);

/// "not met: TLS 1.3 is offered", or "could not be judged: ", "waived: ": a title alone reads as if it were so.
[[nodiscard]] std::string finding_title(Requirement const& requirement);

/// "www.example.com:443: not met: TLS 1.3 is offered: no (expected: TLSv1.3 is supported)": where, `finding_title` and what it rests on.
[[nodiscard]] std::string message(Finding const& finding);

}  // namespace tlsgauge::report
