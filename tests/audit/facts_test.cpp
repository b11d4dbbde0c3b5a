#include "audit/facts.hpp"

#include <gtest/gtest.h>

namespace tlsgauge::audit {
namespace {

using wire::ProtocolVersion;

Value protocol(char const* name, char const* support) { return Value::object().set("name", name).set("support", support); }

Facts facts() {
  Facts facts;
  facts.set("protocols", Value{Value::Array{protocol("TLSv1.3", "yes"), protocol("SSLv2", "no"), protocol("TLSv1.0", "yes"),
                                            protocol("TLSv1.1", "inconclusive"), protocol("TLSv1.2", "perhaps"), Value{7}}});
  auto const suite = [](char const* version, char const* code) { return Value::object().set("protocol", version).set("code", code); };
  facts.set("cipher_suites",
            Value{Value::Array{suite("TLSv1.2", "0xC030"), suite("TLSv1.3", "0x1301"), suite("TLSv1.2", "0xC02F"), suite("TLSv1.2", "0x"),
                               suite("TLSv1.2", "0xC0"), suite("TLSv1.2", "0xZZZZ"), suite("TLSv1.2", "0x010080"), suite("?", "0xC02F")}});
  return facts;
}

TEST(Facts, TellWhichVersionsAreSupported) {
  EXPECT_EQ(facts().support(ProtocolVersion::TLSv1_3), Support::yes);
  EXPECT_EQ(facts().support(ProtocolVersion::SSLv2), Support::no);
  EXPECT_EQ(facts().support(ProtocolVersion::TLSv1_1), Support::inconclusive);
  EXPECT_EQ(facts().support(ProtocolVersion::TLSv1_2), Support::inconclusive);
  EXPECT_EQ(facts().support(ProtocolVersion::SSLv3), Support::inconclusive);
  EXPECT_EQ(facts().supported_versions(), (std::vector{ProtocolVersion::TLSv1_0, ProtocolVersion::TLSv1_3}));
}

TEST(Facts, TellTheSuitesOfAVersionInTheOrderOfTheReport) {
  EXPECT_EQ(facts().suites(ProtocolVersion::TLSv1_2), (std::vector{wire::CipherSuite{0xC030}, wire::CipherSuite{0xC02F}}));
  EXPECT_EQ(facts().suites(ProtocolVersion::TLSv1_3), (std::vector{wire::CipherSuite{0x1301}}));
}

TEST(Facts, AreOpenWhenNothingWasAsked) {
  EXPECT_EQ(Facts{}.support(ProtocolVersion::TLSv1_2), Support::inconclusive);
  EXPECT_TRUE(Facts{}.supported_versions().empty());
  EXPECT_TRUE(Facts{}.suites(ProtocolVersion::TLSv1_2).empty());
  EXPECT_TRUE(Facts{Value{"text"}}.supported_versions().empty());
}

TEST(Facts, NameSupportAsTheDocumentDoes) {
  EXPECT_EQ(name(Support::yes), "yes");
  EXPECT_EQ(name(Support::no), "no");
  EXPECT_EQ(name(Support::inconclusive), "inconclusive");
}

}  // namespace
}  // namespace tlsgauge::audit
