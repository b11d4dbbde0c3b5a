#pragma once
// What the formats of pipelines say about findings, and about what kept a run from finding them. Made safe: one line, or lines, that
// neither steer a terminal nor turn the text around.

#include <string>
#include <string_view>
#include <vector>

#include "report/findings.hpp"

namespace tlsgauge::report {

/// What a document lacks: the rest of a run that was interrupted, endpoints that were unreachable or do not speak TLS, any endpoint, the
/// judgement of an endpoint that was measured. Whoever only counts findings would take these for clean.
struct Gap {
  Endpoint const* endpoint = nullptr;  ///< into the document; null: the run
  std::string_view lacks;              ///< what there is not: "measured", "judged"
  std::string text;                    ///< "gone.example.org:443 is unreachable: connect: timed out"
  std::string fingerprint;             ///< 32 hexadecimal digits, the same from run to run
};

[[nodiscard]] bool measured(Endpoint const& endpoint);
[[nodiscard]] std::vector<Gap> gaps(Document const& document);

/// "nginx-recommended/hsts": the same id may be in another profile with another meaning.
[[nodiscard]] std::string rule_id(Assessment const& assessment, Requirement const& requirement);

/// The verdict that counts beside a baseline: what it knows counts as waived, and what may fail for more now as inconclusive.
[[nodiscard]] Verdict counted_verdict(Requirement const& requirement);

/// "known from the baseline", with a word where it may fail for more now; empty for what is new or where there was no baseline.
[[nodiscard]] std::string_view baseline_phrase(Requirement const& requirement);

/// What a profile says of a requirement, and the waiver, in lines: "Why: ...", "Fix (nginx):" with its lines indented, "See: ...".
[[nodiscard]] std::string background(Requirement const& requirement);

/// "RFC 8996 https://..." as a link in Markdown, or as plain words where it has no address.
[[nodiscard]] std::string markdown_reference(std::string_view reference);
/// Each server's lines in Markdown, in a block of code under its name.
[[nodiscard]] std::string markdown_fixes(Requirement const& requirement);

}  // namespace tlsgauge::report
