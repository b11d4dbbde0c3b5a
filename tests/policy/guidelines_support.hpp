#pragma once
// What the tests of the profiles of public guidelines share.

#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/facts_builder.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge::test {

inline std::vector<std::string> with_verdict(Assessment const& assessment, Verdict verdict) {
  std::vector<std::string> out;
  for (Requirement const& requirement : assessment.requirements) {
    if (requirement.verdict == verdict) out.push_back(requirement.id);
  }
  return out;
}

inline Assessment judged_by(std::string const& profile, FactsBuilder const& facts) {
  return evaluate(load_profile(profile), facts.endpoint());
}

inline std::vector<std::string> failed_by(std::string const& profile, FactsBuilder const& facts) {
  return with_verdict(judged_by(profile, facts), Verdict::fail);
}

/// A change to an endpoint, and all the requirements that fail by it.
struct Departure {
  std::vector<std::string> failing;
  void (*change)(FactsBuilder&);
};

/// Each departure from `met` fails exactly what it says.
inline void expect_departures(std::string const& profile, FactsBuilder const& met, std::vector<Departure> const& departures) {
  for (Departure const& departure : departures) {
    FactsBuilder facts = met;
    departure.change(facts);
    EXPECT_THAT(failed_by(profile, facts), ::testing::UnorderedElementsAreArray(departure.failing))
        << profile << ": " << ::testing::PrintToString(departure.failing);
  }
}

/// The certificate shown gets a key on this curve, and ECDSA signatures over its chain.
inline void show_ecdsa(FactsBuilder& facts, std::string const& curve = "secp256r1", int bits = 256) {
  ShownCertificate& shown = facts.certificates.front();
  shown.authentication = "ecdsa";
  shown.key_type = "ecdsa";
  shown.key_bits = bits;
  shown.key_curve = curve;
  shown.signature_algorithm = "ecdsa-with-SHA256";
  shown.issuer_signature_algorithm = "ecdsa-with-SHA384";
}

}  // namespace tlsgauge::test
