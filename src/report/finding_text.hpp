#pragma once
// What the formats of pipelines say about findings, and about what kept a run from finding them. Made safe: one line, or lines, that
// neither steer a terminal nor turn the text around.

#include <string>
#include <string_view>
#include <vector>

#include "report/findings.hpp"

namespace tlsgauge::report {

/// What a document lacks: the rest of a run that was interrupted, endpoints that were unreachable or do not speak TLS, any endpoint.
/// Whoever only counts findings would take these for clean.
struct Gap {
  Endpoint const* endpoint = nullptr;  ///< into the document; null: the run
  std::string text;                    ///< "gone.example.org:443 is unreachable: connect: timed out"
  std::string fingerprint;             ///< 32 hexadecimal digits, the same from run to run
};

[[nodiscard]] bool measured(Endpoint const& endpoint);
[[nodiscard]] std::vector<Gap> gaps(Document const& document);

/// "nginx-recommended/hsts": the same id may be in another profile with another meaning.
[[nodiscard]] std::string rule_id(Assessment const& assessment, Requirement const& requirement);

/// What a profile says of a requirement, and the waiver, in lines: "Why: ...", "Fix (nginx):" with its lines indented, "See: ...".
[[nodiscard]] std::string background(Requirement const& requirement);

/// Lines of text, each made printable.
[[nodiscard]] std::string printable_lines(std::string_view text);
/// The same as a block of code in Markdown, where nothing is markup.
[[nodiscard]] std::string code_block(std::string_view text);

/// At most `limit` characters (code points, limit > 0) of well-formed UTF-8, the last an ellipsis if there were more.
[[nodiscard]] std::string shortened(std::string_view utf8, std::size_t limit);

}  // namespace tlsgauge::report
