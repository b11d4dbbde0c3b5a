// Requirements about where a chain leads, beyond one fault each.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/facts_builder.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge {
namespace {

using test::FactsBuilder;
using test::ShownCertificate;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> with(FactsBuilder const& facts, Verdict verdict) {
  static Profile const profile = load_profile("nginx-recommended");
  std::vector<std::string> out;
  for (Requirement const& one : evaluate(profile, facts.endpoint(), Severity::medium).requirements) {
    if (one.verdict == verdict) out.push_back(one.id);
  }
  return out;
}

TEST(TrustPolicy, AMissingIntermediateBelowAnUnknownRootAreTwoFaults) {
  FactsBuilder facts;
  ShownCertificate& shown = facts.certificates.front();
  shown.trusted = false;
  shown.errors = {"incomplete_chain"};
  shown.issuer_missing = true;
  shown.repair = Value::object()
                     .set("fetched", Value::array().push_back(Value::object().set("url", "http://ca.example/i.crt")))
                     .set("complete", true)
                     .set("trusted", false)
                     .set("error", "self_signed_in_chain");
  EXPECT_THAT(with(facts, Verdict::fail), ElementsAre("certificate-chain-incomplete", "certificate-untrusted"));
}

TEST(TrustPolicy, WhetherAPublicCaVouchesMayStayOpen) {
  FactsBuilder facts;
  ShownCertificate& shown = facts.certificates.front();
  shown.lifetime = Value::object().set("publicly_trusted", Value{}).set("within_limit", Value{}).set("days", 500);
  EXPECT_THAT(with(facts, Verdict::inconclusive), ElementsAre("certificate-transparency", "certificate-public-lifetime"));
  shown.lifetime.set("publicly_trusted", false);
  EXPECT_THAT(with(facts, Verdict::inconclusive), IsEmpty());
}

}  // namespace
}  // namespace tlsgauge
