#pragma once
// What pipelines call a finding: a requirement of a profile at an endpoint, with an identity that stays the same from run to run.

#include <initializer_list>
#include <string>
#include <vector>

#include "tlsgauge/report.hpp"
#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// Views into a document, which must outlive it.
struct Finding {
  Endpoint const* endpoint = nullptr;
  Assessment const* assessment = nullptr;
  Requirement const* requirement = nullptr;
  /// 32 lower-case hexadecimal digits: of endpoint, profile name and requirement id, of nothing that was observed.
  std::string fingerprint;
};

/// Who an endpoint is from run to run: "tcp www.example.com:443", with its SNI name and STARTTLS where they are not plain. The address is
/// no part of it, since names move.
[[nodiscard]] std::string identity(Target const& target);

/// `identity` of each endpoint of the document in its order, with the address (and then a number) where several would be the same.
[[nodiscard]] std::vector<std::string> identities(Document const& document);

/// The requirements of those verdicts, endpoint by endpoint, profile by profile, the gravest first.
[[nodiscard]] std::vector<Finding> findings(Document const& document, std::initializer_list<Verdict> verdicts);

/// A place in a repository for what is found at an endpoint.
struct SourcePlace {
  std::string path;  ///< relative, "/" between its parts, no "." or ".."; not percent-encoded
  std::uint64_t line = 1;
};

/// The line of the target list that names the endpoint where that lies under `base`, else line 1 of a path of its own that no file
/// has, "tls/www.example.com_443". Never a URL: GitHub and GitLab refuse those.
[[nodiscard]] SourcePlace source_place(Target const& target, std::string const& base);

/// "www.example.com:443: TLS 1.3 is offered: not met: no (expected: TLSv1.3 is supported)": where, the title, the verdict ("could not be
/// judged", "waived") and what it rests on.
[[nodiscard]] std::string message(Finding const& finding);

}  // namespace tlsgauge::report
