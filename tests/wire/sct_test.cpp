#include "wire/sct.hpp"

#include <gmock/gmock.h>

namespace tlsgauge::wire {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

Bytes sct_octets() {
  Bytes octets(1, 0);
  for (std::uint8_t i = 0; i < 32; ++i) octets.push_back(i);
  for (int const each : {0, 0, 1, 0x98, 0x76, 0x54, 0x32, 0x10, /*extensions*/ 0, 1, 7, /*algorithm*/ 4, 3, /*signature*/ 0, 2, 8, 9}) {
    octets.push_back(static_cast<std::uint8_t>(each));
  }
  return octets;
}

TEST(SignedCertificateTimestamp, IsReadFieldByField) {
  SignedCertificateTimestamp const sct = SignedCertificateTimestamp::parse(sct_octets()).value();
  EXPECT_EQ(sct.version, 0);
  EXPECT_EQ(sct.log_id[31], 31);
  EXPECT_EQ(sct.timestamp, 0x0000019876543210U);
  EXPECT_THAT(sct.extensions, ElementsAre(7));
  EXPECT_EQ(sct.hash, 4);
  EXPECT_EQ(sct.algorithm, 3);
  EXPECT_THAT(sct.signature, ElementsAre(8, 9));
}

TEST(SignedCertificateTimestamp, CutAnywhereOrWithMoreIsMalformed) {
  Bytes const whole = sct_octets();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(SignedCertificateTimestamp::parse(ByteView{whole}.first(size))) << size;
  }
  Bytes longer = whole;
  longer.push_back(0);
  EXPECT_EQ(SignedCertificateTimestamp::parse(longer).error().kind, ErrorKind::malformed);
}

TEST(SignedCertificateTimestamp, OfAnotherVersionIsUnsupported) {
  Bytes octets = sct_octets();
  octets.front() = 1;
  EXPECT_EQ(SignedCertificateTimestamp::parse(octets).error().kind, ErrorKind::unsupported);
}

TEST(SctList, IsSplit) {
  EXPECT_THAT(split_sct_list(Bytes{0, 7, 0, 1, 5, 0, 2, 6, 7}).value(), ElementsAre(Bytes{5}, Bytes{6, 7}));
  EXPECT_THAT(split_sct_list(Bytes{0, 0}).value(), SizeIs(0));
}

TEST(SctList, WithWrongLengthsIsMalformed) {
  for (Bytes const& bad : {Bytes{}, Bytes{0}, Bytes{0, 3, 0, 2, 6}, Bytes{0, 2, 0, 0}, Bytes{0, 3, 0, 1, 5, 9}, Bytes{0, 9, 0, 1, 5}}) {
    EXPECT_FALSE(split_sct_list(bad)) << hex(bad);
  }
  Bytes many{0, 195};  // 65 of them
  for (int i = 0; i < 65; ++i) many.insert(many.end(), {0, 1, 5});
  EXPECT_FALSE(split_sct_list(many));
}

TEST(SctList, LiesBesideTheEndEntitysCertificateInTls13) {
  Bytes const body{0, 0, 0, 21, 0, 0, 1, 0x30, 0, 8, 0, 18, 0, 4, 0, 2, 0, 0, /*issuer*/ 0, 0, 1, 0x31, 0, 0};
  Bytes good = body;
  good[3] = static_cast<std::uint8_t>(body.size() - 4);
  EXPECT_EQ(sct_list_of_certificate(good), (Bytes{0, 2, 0, 0}));
  Bytes without = good;
  without[11] = 5;  // status_request
  EXPECT_EQ(sct_list_of_certificate(without), std::nullopt);
  EXPECT_EQ(sct_list_of_certificate(ByteView{good}.first(12)), std::nullopt);
}

}  // namespace
}  // namespace tlsgauge::wire
