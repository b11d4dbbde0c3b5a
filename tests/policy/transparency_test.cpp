// Requirements about certificate transparency.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/facts_builder.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge {
namespace {

Endpoint endpoint_with(std::vector<std::string> const& statuses, Value satisfied) {
  Endpoint endpoint = test::FactsBuilder{}.endpoint();
  Value certificates = (*endpoint.facts.find("certificates"));
  Value leaf = certificates.items().front()["chain"].items().front();
  leaf.set("sha256", "ab");
  Value entry = certificates.items().front();
  entry.set("chain", Value::array().push_back(leaf));
  endpoint.facts.set("certificates", Value::array().push_back(entry));
  Value timestamps = Value::array();
  for (std::string const& status : statuses) timestamps.push_back(Value::object().set("status", status));
  Value found = Value::object();
  found.set("sha256", "ab").set("timestamps", timestamps).set("satisfied", std::move(satisfied)).set("detail", "1 timestamp from 1 log");
  endpoint.facts.set("transparency", Value::array().push_back(found));
  return endpoint;
}

Requirement requirement(Endpoint const& endpoint, std::string_view id) {
  static Profile const profile = load_profile("trusted-certificate");
  for (Requirement const& one : evaluate(profile, endpoint, Severity::low).requirements) {
    if (one.id == id) return one;
  }
  throw std::out_of_range(std::string{id});
}

TEST(TransparencyPolicy, AWrongSignatureIsAFinding) {
  Requirement const bad = requirement(endpoint_with({"valid", "bad_signature"}, nullptr), "certificate-timestamps");
  EXPECT_EQ(bad.verdict, Verdict::fail);
  EXPECT_THAT(bad.observed, testing::HasSubstr("bad_signature"));
}

TEST(TransparencyPolicy, GenuineOrUnverifiedOnesAreNone) {
  EXPECT_EQ(requirement(endpoint_with({"valid", "unverified", "unknown_log"}, true), "certificate-timestamps").verdict, Verdict::pass);
  EXPECT_EQ(requirement(endpoint_with({}, false), "certificate-timestamps").verdict, Verdict::pass);
}

TEST(TransparencyPolicy, WhatWasNotAskedIsNotApplicable) {
  EXPECT_EQ(requirement(test::FactsBuilder{}.endpoint(), "certificate-timestamps").verdict, Verdict::not_applicable);
}

}  // namespace
}  // namespace tlsgauge
