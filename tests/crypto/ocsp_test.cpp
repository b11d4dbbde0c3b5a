#include "crypto/ocsp.hpp"

#include <gtest/gtest.h>

#include "support/authority.hpp"

namespace tlsgauge::crypto {
namespace {

using test::kNow, test::days, test::minutes, test::Issuee, test::Statement;

class Ocsp : public testing::Test {
 protected:
  RevocationAnswer read(Bytes const& response, Moment at = kNow) const { return read_ocsp_response(response, leaf.der(), ca.der(), at); }
  RevocationAnswer by(Issuee const& signer, Statement const& said = {}, Moment at = kNow) const {
    return read(test::ocsp_response(leaf, ca, signer, said), at);
  }
  Issuee ca = test::make_authority();
  Issuee leaf = test::make_leaf(ca);
};

TEST_F(Ocsp, ReadsGood) {
  RevocationAnswer const answer = by(ca);
  EXPECT_EQ(answer.status, "good");
  EXPECT_EQ(answer.error, "");
  EXPECT_EQ(answer.this_update, kNow - days{1});
  EXPECT_EQ(answer.next_update, kNow + days{6});
  EXPECT_TRUE(answer.produced_at.has_value());
  EXPECT_FALSE(answer.revoked_at.has_value());
  EXPECT_TRUE(answer.counts());
  EXPECT_FALSE(answer.revoked());
}

TEST_F(Ocsp, ReadsRevokedAndUnknown) {
  RevocationAnswer const revoked = by(ca, {.status = V_OCSP_CERTSTATUS_REVOKED, .reason = OCSP_REVOKED_STATUS_KEYCOMPROMISE});
  EXPECT_EQ(revoked.status, "revoked");
  EXPECT_EQ(revoked.reason, "keyCompromise");
  EXPECT_EQ(revoked.revoked_at, kNow - days{3});
  EXPECT_TRUE(revoked.revoked());
  EXPECT_EQ(by(ca, {.status = V_OCSP_CERTSTATUS_REVOKED}).reason, "");
  EXPECT_EQ(by(ca, {.status = V_OCSP_CERTSTATUS_UNKNOWN}).status, "unknown");
}

TEST_F(Ocsp, ComputesTheHashThatIsUsed) {
  EXPECT_EQ(by(ca, {.hash = EVP_sha256()}).status, "good");
  EXPECT_EQ(by(ca, {.hash = EVP_sha512()}).status, "good");
}

TEST_F(Ocsp, TakesADelegatedResponder) {
  EXPECT_EQ(by(test::make_responder(ca)).status, "good");
  // Whose certificate must come along.
  Statement alone;
  alone.encloses = false;
  EXPECT_EQ(by(test::make_responder(ca), alone).error, "unauthorized_responder");
  EXPECT_EQ(by(ca, alone).status, "good");
}

TEST_F(Ocsp, RefusesOtherResponders) {
  Issuee const stranger = test::make_authority("stranger");
  Issuee const wrong_purpose = test::make_responder(ca, "serverAuth"), expired = test::make_responder(ca, "OCSPSigning", kNow - days{1}),
               of_a_stranger = test::make_responder(stranger);
  for (Issuee const* const signer : std::initializer_list<Issuee const*>{&stranger, &wrong_purpose, &expired, &of_a_stranger, &leaf}) {
    RevocationAnswer const answer = by(*signer);
    EXPECT_EQ(answer.error, "unauthorized_responder");
    EXPECT_EQ(answer.status, "");
    EXPECT_FALSE(by(*signer, {.status = V_OCSP_CERTSTATUS_REVOKED}).revoked());
  }
}

TEST_F(Ocsp, RefusesABrokenSignature) {
  Bytes response = test::ocsp_response(leaf, ca, ca, {.encloses = false});
  response.back() ^= 1;
  RevocationAnswer const answer = read(response);
  EXPECT_EQ(answer.error, "bad_signature");
  EXPECT_EQ(answer.status, "");
  // A CA of the same name with another key.
  Issuee const twin = test::make_authority();
  EXPECT_EQ(by(twin, {.encloses = false}).error, "bad_signature");
}

TEST_F(Ocsp, RefusesAnotherCertificate) {
  Issuee const other = test::make_leaf(ca, {}, 3);
  RevocationAnswer const answer = read(test::ocsp_response(other, ca, ca));
  EXPECT_EQ(answer.error, "wrong_certificate");
  EXPECT_EQ(answer.status, "");
  // The same number from another CA.
  Issuee const stranger = test::make_authority("stranger");
  EXPECT_EQ(read(test::ocsp_response(test::make_leaf(stranger), stranger, ca)).error, "wrong_certificate");
}

TEST_F(Ocsp, JudgesByTheMoment) {
  EXPECT_EQ(by(ca, {}, kNow + days{6} + minutes{4}).error, "");
  EXPECT_EQ(by(ca, {}, kNow + days{6} + minutes{6}).error, "stale");
  EXPECT_EQ(by(ca, {}, kNow - days{1} - minutes{4}).error, "");
  EXPECT_EQ(by(ca, {}, kNow - days{1} - minutes{6}).error, "not_yet_valid");
  EXPECT_EQ(by(ca, {.next_update = std::nullopt}, kNow + days{8}).error, "");
  EXPECT_EQ(by(ca, {.next_update = std::nullopt}, kNow + days{10}).error, "stale");
  EXPECT_EQ(by(ca, {.next_update = kNow - days{2}}).error, "malformed");
  EXPECT_FALSE(by(ca, {}, kNow + days{7}).counts());
}

TEST_F(Ocsp, OldNewsOfARevocationStillCounts) {
  Statement said{.status = V_OCSP_CERTSTATUS_REVOKED, .reason = OCSP_REVOKED_STATUS_SUPERSEDED};
  EXPECT_TRUE(by(ca, said, kNow + days{30}).revoked());
  EXPECT_EQ(by(ca, said, kNow + days{30}).error, "stale");
  said.reason = OCSP_REVOKED_STATUS_CERTIFICATEHOLD;
  EXPECT_TRUE(by(ca, said).revoked());
  EXPECT_FALSE(by(ca, said, kNow + days{30}).revoked());
}

TEST_F(Ocsp, ReadsRefusals) {
  EXPECT_EQ(read({0x30, 0x03, 0x0A, 0x01, 0x03}).error, "unsuccessful:tryLater");
  EXPECT_EQ(read({0x30, 0x03, 0x0A, 0x01, 0x06}).error, "unsuccessful:unauthorized");
  EXPECT_EQ(read({0x30, 0x03, 0x0A, 0x01, 0x04}).error, "unsuccessful:4");
  EXPECT_EQ(read({0x30, 0x03, 0x0A, 0x01, 0x00}).error, "malformed");
}

TEST_F(Ocsp, RefusesGarbage) {
  EXPECT_EQ(read({}).error, "malformed");
  EXPECT_EQ(read({1, 2, 3}).error, "malformed");
  Bytes const whole = test::ocsp_response(leaf, ca, ca);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    RevocationAnswer const answer = read(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
    EXPECT_EQ(answer.error, "malformed") << size;
  }
  Bytes longer = whole;
  longer.push_back(0);
  EXPECT_EQ(read(longer).error, "malformed");
  EXPECT_EQ(read_ocsp_response(whole, Bytes{1}, ca.der(), kNow).status, "");
}

TEST_F(Ocsp, AsksWithSha1AndNoNonce) {
  Result<Bytes> const request = ocsp_request(leaf.der(), ca.der());
  ASSERT_TRUE(request);
  unsigned char const* at = request->data();
  OCSP_REQUEST* const read = d2i_OCSP_REQUEST(nullptr, &at, static_cast<long>(request->size()));
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(OCSP_request_onereq_count(read), 1);
  EXPECT_EQ(OCSP_REQUEST_get_ext_count(read), 0);
  OCSP_CERTID* const ours = OCSP_cert_to_id(EVP_sha1(), leaf.x.get(), ca.x.get());
  EXPECT_EQ(OCSP_id_cmp(OCSP_onereq_get0_id(OCSP_request_onereq_get0(read, 0)), ours), 0);
  OCSP_CERTID_free(ours);
  OCSP_REQUEST_free(read);
  EXPECT_FALSE(ocsp_request(Bytes{1}, ca.der()));
}

TEST(RevocationPointers, AreRead) {
  Issuee const ca = test::make_authority();
  Issuee const leaf = test::make_leaf(
      ca, {{NID_info_access, "OCSP;URI:http://ocsp.test/,OCSP;URI:ldap://x/,caIssuers;URI:http://ca.test/ca.crt,OCSP;URI:https://o2.test/"},
           {NID_crl_distribution_points, "URI:http://crl.test/1.crl,URI:http://crl.test/2.crl"},
           {NID_tlsfeature, "status_request"}});
  Result<RevocationPointers> const found = revocation_pointers(leaf.der());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->ocsp_urls, (std::vector<std::string>{"http://ocsp.test/", "https://o2.test/"}));
  ASSERT_EQ(found->crl_points.size(), 2U);
  EXPECT_EQ(found->crl_points[0].urls, (std::vector<std::string>{"http://crl.test/1.crl"}));
  EXPECT_TRUE(found->must_staple);
  EXPECT_FALSE(found->is_ca);
  EXPECT_FALSE(found->self_issued);
  Result<RevocationPointers> const none = revocation_pointers(ca.der());
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->must_staple);
  EXPECT_TRUE(none->is_ca && none->self_issued && none->ocsp_urls.empty() && none->crl_points.empty());
  EXPECT_TRUE(revocation_pointers(test::make_leaf(ca, {{NID_tlsfeature, "17"}}).der())->must_staple);
  EXPECT_FALSE(revocation_pointers(test::make_leaf(ca, {{NID_tlsfeature, "1"}}).der())->must_staple);
  EXPECT_FALSE(revocation_pointers(Bytes{1, 2}));
}

TEST(RevocationPointers, KnowShortLives) {
  auto const lives = [](Moment begin, std::chrono::seconds life) {
    RevocationPointers pointers;
    pointers.not_before = begin;
    pointers.not_after = begin + life;
    return is_short_lived(pointers);
  };
  using std::chrono::seconds;
  Moment const change{std::chrono::sys_days{std::chrono::year{2026} / 3 / 15}};
  EXPECT_TRUE(lives(change, days{7} - seconds{1}));
  EXPECT_FALSE(lives(change, days{7}));
  EXPECT_TRUE(lives(change - seconds{1}, days{10} - seconds{1}));
  EXPECT_FALSE(lives(change - seconds{1}, days{10}));
  EXPECT_FALSE(lives(change, seconds{-5}));
}

TEST(FindIssuer, NeedsNameAndSignature) {
  Issuee const ca = test::make_authority(), twin = test::make_authority(), other = test::make_authority("other");
  Issuee const leaf = test::make_leaf(ca);
  std::vector<Bytes> const chain{leaf.der(), Bytes{1, 2}, other.der(), twin.der(), ca.der()};
  EXPECT_EQ(find_issuer(leaf.der(), chain, nullptr), ca.der());
  EXPECT_TRUE(find_issuer(leaf.der(), std::vector<Bytes>{other.der(), twin.der()}, nullptr).empty());
  EXPECT_EQ(find_issuer(ca.der(), {}, nullptr), ca.der());
  EXPECT_TRUE(find_issuer(Bytes{1}, chain, nullptr).empty());
}

}  // namespace
}  // namespace tlsgauge::crypto
