#include "wire/v2_client_hello.hpp"

#include <gtest/gtest.h>

namespace tlsgauge::wire {
namespace {

TEST(V2ClientHello, IsWrittenAsAppendixE2OfRfc5246Says) {
  constexpr CipherSuite kSuites[] = {CipherSuite{0x002F}, CipherSuite{0xC013}};
  Bytes const challenge(32, 0xAB);
  Bytes expected{0x80, 9 + 6 + 32, 1, 3, 1, 0, 6, 0, 0, 0, 32, 0, 0x00, 0x2F, 0, 0xC0, 0x13};
  expected.insert(expected.end(), challenge.begin(), challenge.end());
  EXPECT_EQ(v2_client_hello(ProtocolVersion::TLSv1_0, kSuites, challenge), expected);
}

}  // namespace
}  // namespace tlsgauge::wire
