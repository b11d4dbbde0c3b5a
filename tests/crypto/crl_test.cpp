#include "crypto/crl.hpp"

#include <gtest/gtest.h>

#include "crypto/certificate.hpp"
#include "support/authority.hpp"

namespace tlsgauge::crypto {
namespace {

using test::kNow, test::days, test::minutes, test::Issuee, test::Listing;
using Urls = std::vector<std::string>;

class Crl : public testing::Test {
 protected:
  RevocationAnswer read(Bytes const& list, Moment at = kNow) const { return read_crl(list, leaf.der(), ca.der(), urls, at); }
  RevocationAnswer of(Listing const& listing, Moment at = kNow) const { return read(test::revocation_list(ca, listing), at); }
  Issuee ca = test::make_authority();
  Issuee leaf = test::make_leaf(ca, {}, 0x80FF);
  Urls urls{"http://crl.test/1.crl", "http://mirror.test/1.crl"};
};

TEST_F(Crl, ReadsGoodAndRevoked) {
  RevocationAnswer const good = of({.entries = {{2, -1}, {0x80FE, 1}, {0xFF, -1}, {0x80FF00, -1}}});
  EXPECT_EQ(good.error, "");
  EXPECT_EQ(good.status, "good");
  EXPECT_EQ(good.this_update, kNow - days{1});
  EXPECT_EQ(good.next_update, kNow + days{6});
  EXPECT_EQ(of({.entries = {}}).status, "good");
  RevocationAnswer const revoked = of({.entries = {{2, -1}, {0x80FF, 1}, {3, -1}}});
  EXPECT_EQ(revoked.error, "");
  EXPECT_EQ(revoked.status, "revoked");
  EXPECT_EQ(revoked.reason, "keyCompromise");
  EXPECT_EQ(revoked.revoked_at, kNow - days{1});
  EXPECT_EQ(of({.entries = {{0x80FF, -1}}}).reason, "");
  EXPECT_EQ(of({.entries = {{0x80FF, 8}}}).status, "good") << "removeFromCRL";
}

TEST_F(Crl, ReadsPem) {
  EXPECT_EQ(read([&] {
              std::string const text = pem(test::revocation_list(ca, {.entries = {{0x80FF, 1}}}), "X509 CRL");
              return Bytes(text.begin(), text.end());
            }())
                .status,
            "revoked");
}

TEST_F(Crl, JudgesByTheMoment) {
  EXPECT_EQ(of({.entries = {}}, kNow + days{6} + minutes{6}).error, "stale");
  EXPECT_EQ(of({.entries = {}}, kNow - days{1} - minutes{6}).error, "not_yet_valid");
  EXPECT_FALSE(of({.entries = {}}, kNow + days{7}).counts());
  EXPECT_TRUE(of({.entries = {{0x80FF, 1}}}, kNow + days{7}).revoked());
  EXPECT_FALSE(of({.entries = {{0x80FF, 6}}}, kNow + days{7}).revoked()) << "certificateHold";
  EXPECT_EQ(of({.entries = {}, .next_update = std::nullopt}, kNow + days{10}).error, "stale");
}

TEST_F(Crl, NeedsTheIssuersSignature) {
  Issuee const twin = test::make_authority(), other = test::make_authority("other");
  EXPECT_EQ(read(test::revocation_list(twin, {.entries = {{0x80FF, 1}}})).error, "bad_signature");
  EXPECT_EQ(read(test::revocation_list(twin, {.entries = {{0x80FF, 1}}})).status, "");
  EXPECT_EQ(read(test::revocation_list(other, {.entries = {}})).error, "wrong_issuer");
  Bytes list = test::revocation_list(ca, {.entries = {}});
  list.back() ^= 1;
  EXPECT_EQ(read(list).error, "bad_signature");
  Issuee const powerless =
      test::make_certificate("CA", nullptr, {{NID_basic_constraints, "critical,CA:TRUE"}, {NID_key_usage, "keyCertSign"}});
  Bytes const by_powerless = test::revocation_list(powerless, {.entries = {}});
  EXPECT_EQ(read_crl(by_powerless, test::make_leaf(powerless).der(), powerless.der(), urls, kNow).error, "bad_signature");
}

TEST_F(Crl, MustBeOfItsDistributionPoint) {
  auto const with = [&](std::string const& idp, bool revoked = false) {
    Listing listing{.entries = {}, .extensions = {{NID_issuing_distribution_point, "critical,@idp|[idp]|" + idp}}};
    if (revoked) listing.entries = {{0x80FF, 1}};
    return of(listing);
  };
  EXPECT_EQ(with("fullname=URI:http://crl.test/1.crl").status, "good");
  EXPECT_EQ(with("fullname=URI:http://elsewhere.test/,URI:http://mirror.test/1.crl").status, "good");
  EXPECT_EQ(with("fullname=URI:http://crl.test/1.crl|onlyuser=TRUE", true).status, "revoked");
  EXPECT_EQ(with("fullname=URI:http://crl.test/2.crl").error, "wrong_distribution_point");
  EXPECT_EQ(with("fullname=URI:http://crl.test/2.crl", true).status, "");
  EXPECT_EQ(with("fullname=URI:http://crl.test/1.crl|onlyCA=TRUE").error, "wrong_distribution_point");
  EXPECT_EQ(with("fullname=URI:http://crl.test/1.crl|onlyAA=TRUE").error, "wrong_distribution_point");
  EXPECT_EQ(with("fullname=URI:http://crl.test/1.crl|indirectCRL=TRUE").error, "unsupported");
  EXPECT_EQ(with("fullname=URI:http://crl.test/1.crl|onlysomereasons=keyCompromise").error, "unsupported");
  EXPECT_EQ(with("onlyuser=TRUE").status, "good");
}

TEST_F(Crl, OfUsersOnlySaysNothingOfCas) {
  Issuee const below = test::make_authority("below", &ca, 9);
  Listing const users{.entries = {}, .extensions = {{NID_issuing_distribution_point, "critical,@idp|[idp]|onlyuser=TRUE"}}};
  Listing const cas{.entries = {{9, -1}}, .extensions = {{NID_issuing_distribution_point, "critical,@idp|[idp]|onlyCA=TRUE"}}};
  EXPECT_EQ(read_crl(test::revocation_list(ca, users), below.der(), ca.der(), urls, kNow).error, "wrong_distribution_point");
  EXPECT_EQ(read_crl(test::revocation_list(ca, cas), below.der(), ca.der(), urls, kNow).status, "revoked");
}

TEST_F(Crl, LeavesDeltasAndTheUnknownAlone) {
  EXPECT_EQ(of({.entries = {}, .extensions = {{NID_delta_crl, "critical,DER:020101"}}}).error, "unsupported");
  EXPECT_EQ(of({.entries = {}, .extensions = {{NID_netscape_comment, "critical,x"}}}).error, "unsupported");
  EXPECT_EQ(of({.entries = {}, .extensions = {{NID_netscape_comment, "x"}, {NID_crl_number, "DER:020105"}}}).status, "good");
}

TEST_F(Crl, RefusesGarbage) {
  EXPECT_EQ(read({}).error, "malformed");
  EXPECT_EQ(read({'-', '-', '-'}).error, "malformed");
  Bytes const whole = test::revocation_list(ca, {.entries = {{1, -1}, {0x80FF, 1}}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(read(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))).error, "malformed") << size;
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Bytes bent = whole;
    bent[at] ^= 0x21;
    RevocationAnswer const answer = read(bent);
    EXPECT_TRUE(answer.status.empty()) << at;
    EXPECT_FALSE(answer.error.empty()) << at;
  }
}

TEST_F(Crl, TakesALongListInBoundedTime) {
  Listing listing;
  for (long serial = 0x100000; serial < 0x100000 + 920'000; ++serial) listing.entries.emplace_back(serial, -1);
  listing.entries.emplace_back(0x80FF, -1);
  Bytes const list = test::revocation_list(ca, listing);
  ASSERT_GT(list.size(), 19UL * 1024 * 1024);
  auto const start = std::chrono::steady_clock::now();
  EXPECT_EQ(read(list).status, "revoked");
  auto const took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  EXPECT_LT(took.count(), 2000);
}

}  // namespace
}  // namespace tlsgauge::crypto
