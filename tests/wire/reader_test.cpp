#include "wire/reader.hpp"

#include <gtest/gtest.h>

#include "wire/registry/registry.hpp"
#include "wire/vectors.hpp"
#include "wire/writer.hpp"

namespace tlsgauge::wire {
namespace {

using test::Exact;

TEST(Reader, ReadsBigEndianNumbersAndCodes) {
  Exact const octets{Bytes{0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0xC0, 0x2F}};
  Reader r{octets};
  EXPECT_EQ(r.u8(), 0x01);
  EXPECT_EQ(r.u16(), 0x0203);
  EXPECT_EQ(r.u24(), 0x040506U);
  EXPECT_EQ(r.u32(), 0x0708090AU);
  EXPECT_EQ(r.code<CipherSuite>(), CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
  EXPECT_TRUE(r.finish("it", 1));
}

TEST(Reader, AReadPastTheEndIsZeroAndRemembered) {
  Exact const octets{Bytes{0xFF}};
  Reader r{octets};
  EXPECT_EQ(r.u16(), 0);
  EXPECT_FALSE(r.more());
  EXPECT_EQ(r.u8(), 0);
  auto const result = r.finish("thing", 1);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::malformed);
  EXPECT_EQ(result.error().detail, "thing is truncated or inconsistent");
}

TEST(Reader, WhatIsLeftOverIsAFault) {
  Exact const octets{Bytes{1, 2, 3}};
  Reader r{octets};
  r.u8();
  auto const result = r.finish("thing", 1);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().detail, "thing is followed by 2 stray octets");
}

TEST(Reader, AVectorMustBeUsedUpAndItsFaultIsItsParents) {
  Exact const octets{Bytes{2, 1, 2, 9}};
  Reader lazy{octets};
  lazy.vector8([](Reader& inner) { inner.u8(); });
  EXPECT_TRUE(lazy.failed());

  Reader greedy{octets};
  greedy.vector8([](Reader& inner) { inner.u24(); });
  EXPECT_TRUE(greedy.failed());
  EXPECT_FALSE(greedy.more());

  Reader right{octets};
  right.vector8([](Reader& inner) { EXPECT_EQ(inner.u16(), 0x0102); });
  EXPECT_EQ(right.u8(), 9);
  EXPECT_TRUE(right.finish("it", 1));
}

TEST(Reader, AVectorLongerThanWhatIsThereIsNeverEntered) {
  for (Bytes const& octets : {Bytes{5, 1, 2}, Bytes{0xFF}}) {
    Exact const exact{octets};
    Reader r{exact};
    r.vector8([](Reader&) { FAIL(); });
    EXPECT_TRUE(r.failed());
  }
  Exact const wide{Bytes{0xFF, 0xFF, 0xFF, 0}};
  Reader r{wide};
  r.vector24([](Reader&) { FAIL(); });
  EXPECT_TRUE(r.failed());
}

TEST(Writer, LengthsAreThoseOfWhatWasWritten) {
  Writer w;
  w.u8(1);
  w.vector8([](Writer& a) {
    a.u16(0x0203);
    a.vector16([](Writer& b) { b.vector24([](Writer& c) { c.u32(0x04050607); }); });
  });
  w.u24(0x08090A);
  w.vector16([](Writer&) {});
  EXPECT_EQ(w.size(), 18U);
  EXPECT_EQ(w.take(), (Bytes{1, 11, 2, 3, 0, 7, 0, 0, 4, 4, 5, 6, 7, 8, 9, 10, 0, 0}));
  EXPECT_EQ(w.size(), 0U);
}

}  // namespace
}  // namespace tlsgauge::wire
