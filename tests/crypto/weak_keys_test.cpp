#include "crypto/weak_keys.hpp"

#include <gmock/gmock.h>

#include "crypto/der.hpp"

namespace tlsgauge::crypto {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Made for this test: two primes 2^100 apart; two of CVE-2017-15361's form; two without a fault; one prime times 4099.
constexpr char const* kClose =
    "ee3e97aba4e6c66914ec2c41e43d482632fa8c444cdd3a7d16dfb1e6f298d6442355d2e578eca5b36ce8c1e883ddc61a4f678f7c457bdca5c7fa146f"
    "17ae84da8fda0c6e7ff5b3945c687fda5c8b536e0d8fc1a51053e3b8d46e4886fce90721ac004b164b1700829689c58d85ce1b755a4c065d09d6844e"
    "c28ce6ac9fa7f74b";
constexpr char const* kRoca =
    "17749f833b95a0e57f57e96b462e714c7d52f2506e61b53d87822f6da31da1a1173dd51ea28f5f1e7842f18dc4e81f50ad491a79a3e6cd4695be791c"
    "fc465a454ba7920a08ed5793a926fbfe2151b3dde367ab4981a63f9bc6d0afbf9a9b2dbf0c4c6a025bb836299b6d4ae8822705e69020deddb7a25348"
    "22b15c429bcead33";
constexpr char const* kGood =
    "d97b5640d90e9c9ed51d3e3548761934bdcfa254ae9272cf55f9e181c03645825d31aa58cacd3f9dbc71bf503f5c16ad3642fe809cd0158265e05594"
    "804fe7ecf0fdf7b376019ba3e713675f3dc8d04e5c1c668057f1d570046affc7d91cb9e75bfb306e01a2a5ae23f64f80344fa433eb549bb47e436299"
    "e84801da5d3e8ed9";
constexpr char const* kSmallFactor =
    "0f724c402983faa54b6fe08059a9bcd266b3d91a9ef1f578df69d6cbd0c794916da7673f5994ea94be5eed1289dc2e2ff34261aa579454ada6d24cd4"
    "2edb642e96f5";

Bytes certificate(std::string_view modulus, std::string_view exponent = "010001") {
  std::string const key =
      test::sequence(test::tlv(0x02, std::string(1, '\0') + test::octets(modulus)) + test::tlv(0x02, test::octets(exponent)));
  std::string const info =
      test::sequence(test::sequence(test::oid("2a864886f70d010101") + test::tlv(0x05, "")) + test::tlv(0x03, std::string(1, '\0') + key));
  std::string const algorithm = test::sequence(test::oid("2a864886f70d01010b") + test::tlv(0x05, ""));
  std::string const name = test::sequence(test::rdn("550403", 0x0C, "key"));
  std::string const dates = test::sequence(test::tlv(0x17, "260101000000Z") + test::tlv(0x17, "270101000000Z"));
  std::string const tbs = test::sequence(test::tlv(0x02, "1") + algorithm + name + dates + name + info);
  std::string const der = test::sequence(tbs + algorithm + test::tlv(0x03, std::string(65, '\0')));
  return {der.begin(), der.end()};
}

TEST(WeakKeys, FindsNothingInAnHonestKey) {
  KeyFacts const found = key_facts(certificate(kGood));
  EXPECT_EQ(found.exponent, "65537");
  EXPECT_THAT(found.faults, IsEmpty());
}

TEST(WeakKeys, FindsClosePrimes) { EXPECT_THAT(key_facts(certificate(kClose)).faults, ElementsAre("close_primes")); }
TEST(WeakKeys, FindsRoca) { EXPECT_THAT(key_facts(certificate(kRoca)).faults, testing::Contains("roca")); }
TEST(WeakKeys, FindsSmallFactors) {
  EXPECT_THAT(key_facts(certificate(kSmallFactor)).faults, ElementsAre("small_modulus", "small_factor"));
}

TEST(WeakKeys, JudgesExponents) {
  EXPECT_THAT(key_facts(certificate(kGood, "01")).faults, ElementsAre("exponent_one"));
  EXPECT_THAT(key_facts(certificate(kGood, "03")).faults, ElementsAre("exponent_small"));
  EXPECT_THAT(key_facts(certificate(kGood, "010000")).faults, ElementsAre("exponent_even"));
  EXPECT_THAT(key_facts(certificate(kGood, "010003")).faults, IsEmpty());
}

TEST(WeakKeys, SaysNothingOfOthers) {
  EXPECT_THAT(key_facts(Bytes{}).faults, IsEmpty());
  EXPECT_THAT(key_facts(Bytes{0x30, 0x00}).exponent, IsEmpty());
}

}  // namespace
}  // namespace tlsgauge::crypto
