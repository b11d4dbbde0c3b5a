// Profiles made from what was measured: met by it, and by nothing worse.

#include "policy/from_scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/from_scan_items.hpp"
#include "policy/vocabulary.hpp"
#include "support/facts_builder.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge::policy {
namespace {

using test::FactsBuilder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

ScanProfile made_from(std::vector<Endpoint> const& endpoints) {
  std::vector<Endpoint const*> all;
  for (Endpoint const& endpoint : endpoints) all.push_back(&endpoint);
  return profile_from_scan(all, {.started_at = "2026-11-26T05:00:00Z", .finished_at = {}, .arguments = {}, .warnings = {}},
                           {.name = "tlsgauge", .version = "1", .openssl = {}});
}

std::vector<std::string> with_verdict(std::string const& yaml, Endpoint const& endpoint, Verdict verdict) {
  std::vector<std::string> ids;
  for (Requirement const& requirement : evaluate(parse_profile(yaml, "test"), endpoint).requirements) {
    if (requirement.verdict == verdict) ids.push_back(requirement.id);
  }
  return ids;
}

void expect_met(std::string const& yaml, Endpoint const& endpoint) {
  EXPECT_THAT(with_verdict(yaml, endpoint, Verdict::fail), IsEmpty());
  EXPECT_THAT(with_verdict(yaml, endpoint, Verdict::inconclusive), IsEmpty());
  EXPECT_EQ(evaluate(parse_profile(yaml, "test"), endpoint).score, 100);
}

TEST(FromScan, ItemsFitTheirFacts) {
  for (ScanItem const& item : scan_items()) {
    SCOPED_TRACE(item.id);
    FactSpec const* const fact = find_fact(item.fact);
    ASSERT_NE(fact, nullptr) << item.fact;
    switch (item.keep) {
      case Keep::no_others:
      case Keep::these:
        EXPECT_TRUE(is_set(fact->type));
        break;
      case Keep::quality:
        EXPECT_NE(find_attribute(item.operand, fact->type), nullptr);
        break;
      case Keep::at_least:
      case Keep::at_most:
      case Keep::key_at_least:
        EXPECT_EQ(fact->type, Type::number);
        break;
      case Keep::affirmed:
      case Keep::denied:
        EXPECT_EQ(fact->type, Type::boolean);
        break;
      case Keep::one_of:
      case Keep::other_than:
      case Keep::server:
        EXPECT_EQ(fact->type, Type::text);
        break;
    }
  }
}

TEST(FromScan, IsMetByWhatWasMeasuredAndByNothingWorse) {
  ScanProfile const made = made_from({FactsBuilder{}.endpoint()});
  EXPECT_GT(made.requirements, 15U);
  expect_met(made.yaml, FactsBuilder{}.endpoint());

  Endpoint const older = FactsBuilder{}.accepts("TLSv1.0", {"TLS_RSA_WITH_AES_128_CBC_SHA"}).endpoint();
  EXPECT_THAT(with_verdict(made.yaml, older, Verdict::fail), ::testing::Contains("protocols-allowed"));
  FactsBuilder smaller;
  smaller.certificates.front().key_bits = 1024;
  EXPECT_THAT(with_verdict(made.yaml, smaller.endpoint(), Verdict::fail), ::testing::Contains("certificate-key-size-rsa"));
  Endpoint const shorter = FactsBuilder{}.answers_with(FactsBuilder::hsts(300)).endpoint();
  EXPECT_THAT(with_verdict(made.yaml, shorter, Verdict::fail), ::testing::ElementsAre("hsts-max-age"));
}

TEST(FromScan, LeavesOutWhatIsNotCertain) {
  Endpoint const open = FactsBuilder{}.leaves_open("TLSv1.1", "timeout").endpoint();
  ScanProfile const made = made_from({open});
  EXPECT_THAT(made.yaml, Not(HasSubstr("id: protocols-allowed")));
  EXPECT_THAT(made.yaml, HasSubstr("#   protocols-allowed"));
  EXPECT_THAT(made.yaml, HasSubstr("id: protocols-kept"));
  EXPECT_GT(made.left_out, 0U);
  expect_met(made.yaml, open);
}

TEST(FromScan, TakesWhatAllEndpointsMeet) {
  Endpoint const good = FactsBuilder{}.endpoint();
  FactsBuilder other;
  other.accepts("TLSv1.1", {"TLS_RSA_WITH_AES_128_CBC_SHA"}, "client").answers_with(FactsBuilder::hsts(300));
  other.certificates.front().key_type = "ecdsa";
  other.certificates.front().key_bits = 256;
  Endpoint const bad = other.endpoint();
  ScanProfile const made = made_from({good, bad});
  expect_met(made.yaml, good);
  expect_met(made.yaml, bad);
  EXPECT_THAT(made.yaml, HasSubstr("subset_of: [TLSv1.2, TLSv1.3, TLSv1.1]"));
  EXPECT_THAT(made.yaml, HasSubstr("id: certificate-key-size-ecdsa"));
  EXPECT_THAT(made.yaml, HasSubstr("id: certificate-key-size-rsa"));
  EXPECT_THAT(made.yaml, HasSubstr("is: {min: 300}"));
  EXPECT_THAT(made.yaml, HasSubstr("order-tls11 (suites.chooser.TLSv1.1): good.example:443, today: the client chooses"));
}

TEST(FromScan, NothingMeasuredIsNoProfile) {
  Endpoint empty;
  EXPECT_THAT(made_from({empty}).yaml, IsEmpty());
  EXPECT_THAT(made_from({}).yaml, IsEmpty());
}

}  // namespace
}  // namespace tlsgauge::policy
