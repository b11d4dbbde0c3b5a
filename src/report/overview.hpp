#pragma once
// Many endpoints at a glance: in which state each is, the worst first. Sums up verdicts, decides none.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// What there is to say of an endpoint under all its profiles: the gravest that holds, from bad to good.
enum class State { fail, unreachable, not_tls, inconclusive, not_judged, pass };

[[nodiscard]] std::string_view name(State state);  ///< "fail", "unreachable", "no TLS", "inconclusive", "not judged", "pass"

/// Views into a document, which must outlive it.
struct Glance {
  Endpoint const* endpoint = nullptr;
  State state = State::not_judged;
  Assessment const* assessment = nullptr;    ///< the worst of its assessments; null: none
  Requirement const* requirement = nullptr;  ///< its gravest that failed, else is inconclusive, else is waived; null: none
  /// Anything to be done or looked at: not `pass`, or a requirement of any profile failed or is inconclusive.
  bool open = true;
};

[[nodiscard]] Glance glance(Endpoint const& endpoint);
/// As if that were the endpoint's only assessment.
[[nodiscard]] Glance glance(Endpoint const& endpoint, Assessment const& assessment);
/// All of them, the worst first; equals stay in the document's order.
[[nodiscard]] std::vector<Glance> overview(Document const& document);

/// Why there is no more to say of it: the status, its first error. "unreachable: connect: connection refused". Empty: complete.
[[nodiscard]] std::string trouble(Endpoint const& endpoint);
/// In a line what is worst: "not met: ", "inconclusive: " or "waived: " with a requirement's title and what was observed, or `trouble`.
/// Empty: nothing.
[[nodiscard]] std::string worst(Glance const& glance);

/// "14 endpoints: 10 pass, 2 fail, 1 inconclusive, 1 unreachable"; what there is none of is left out, save pass.
[[nodiscard]] std::string tally(std::vector<Glance> const& glances);
[[nodiscard]] std::map<State, std::uint64_t> count(std::vector<Glance> const& glances);

/// What waivers and a baseline did: "2 waived, 3 known from the baseline, 1 new"; empty where there was neither.
[[nodiscard]] std::string allowances(Assessment const& assessment);

/// The fewest days that a certificate of the endpoint itself has left; empty: none was seen.
[[nodiscard]] std::optional<std::int64_t> days_left(Endpoint const& endpoint);

/// Whether more than one profile, or version of it, judged: then a verdict needs its profile's name.
[[nodiscard]] bool several_profiles(Document const& document);

/// A requirement that is so at several endpoints with the same remedy.
struct Remedy {
  struct At {  ///< indices into the document
    std::size_t endpoint = 0;
    std::size_t assessment = 0;
    std::size_t requirement = 0;
  };
  ProfileIdentity const* profile = nullptr;
  Requirement const* requirement = nullptr;  ///< of the first endpoint
  std::vector<Endpoint const*> endpoints;    ///< in the document's order, each once
  std::vector<At> at;                        ///< all of them, in the document's order
};

/// The requirements of that verdict, those with the same profile, id, title, severity, fix, what was expected and standing in a baseline as
/// one; those known from a baseline last, what may fail for more than it knows before them, of others the gravest first, then those of most
/// endpoints. What could not be established where nothing was measured is left out: `trouble` says it once.
[[nodiscard]] std::vector<Remedy> remedies(Document const& document, Verdict verdict);

}  // namespace tlsgauge::report
