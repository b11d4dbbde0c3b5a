#pragma once
// Score and grade after the letters of nmap's ssl-enum-ciphers (audit/nmap_letter.hpp). The grade is the worst letter ("least strength").
//
// Where nmap prints "unknown", the part's grade is "unknown" and the whole an F, as for what is not known here. SSL 2.0 is beyond that
// script; accepted, it makes an F here, so that nobody takes a server for good because the other suites are.

#include "policy/score_evidence.hpp"

namespace tlsgauge::policy {

/// Key of the cap that only repeats the worst of the parts.
inline constexpr std::string_view kLeastStrength = "least strength";

/// Fills model, score, grade, coverage, parts (one a version and suite, named "VERSION SUITE") and caps; what score and
/// grade can be at best once all is known. Pure.
Standing score_nmap(Endpoint const& endpoint, Assessment& assessment);

}  // namespace tlsgauge::policy
