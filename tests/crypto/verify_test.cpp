#include "crypto/verify.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "crypto/der.hpp"
#include "crypto/issue.hpp"
#include "crypto/vectors.hpp"

namespace tlsgauge::crypto {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Moment const kNow = parse_rfc3339("2026-11-24T00:00:00Z").value();
constexpr std::chrono::days kDay{1};

std::string temporary_file(std::string const& content) {
  std::string path = testing::TempDir() + "tlsgauge-ca-XXXXXX";
  int const descriptor = mkstemp(path.data());
  EXPECT_GE(descriptor, 0);
  EXPECT_EQ(write(descriptor, content.data(), content.size()), static_cast<ssize_t>(content.size()));
  close(descriptor);
  return path;
}

struct Entity {
  Issued issued;
  Bytes der;
};

Entity make(std::string const& name, Entity const* issuer, bool ca, Moment from = kNow - 10 * kDay, Moment until = kNow + 10 * kDay) {
  CertificateRequestForm form;
  form.common_name = name;
  if (!ca) form.dns_names = {name};
  form.ca = ca;
  form.not_before = from;
  form.not_after = until;
  Issued const issued = issue(form, issuer == nullptr ? nullptr : &issuer->issued).value();
  return {issued, test::from_pem(issued.certificate_pem)};
}

std::shared_ptr<TrustStore const> trusting(std::string const& pem) {
  std::string const path = temporary_file(pem);
  auto store = TrustStore::load(path);
  std::filesystem::remove(path);
  EXPECT_TRUE(store) << (store ? "" : store.error().detail);
  return store.value();
}

std::shared_ptr<TrustStore const> trusting(Entity const& anchor) { return trusting(anchor.issued.certificate_pem); }

std::shared_ptr<TrustStore const> trusting_nobody() { return TrustStore::load("").value(); }

Verification verify(std::vector<Bytes> const& chain, TrustStore const& store, Moment at = kNow) { return verify_chain(chain, store, at); }

class Chain : public testing::Test {
 protected:
  Entity const root_ = make("test root", nullptr, true);
  Entity const intermediate_ = make("test intermediate", &root_, true);
  Entity const leaf_ = make("www.example.com", &intermediate_, false);
  std::shared_ptr<TrustStore const> const trusted_ = trusting(root_);
};

TEST_F(Chain, ToAnAnchorIsTrusted) {
  Verification const found = verify({leaf_.der, intermediate_.der}, *trusted_);
  EXPECT_TRUE(found.trusted);
  EXPECT_EQ(found.error, "");
  EXPECT_THAT(found.errors, IsEmpty());
  EXPECT_EQ(found.detail, "");
  EXPECT_THAT(found.store, HasSubstr("system + tlsgauge-ca-"));
}

TEST_F(Chain, ToAnIntermediateThatIsNamedAsAnchorIsTrusted) {
  EXPECT_TRUE(verify({leaf_.der}, *trusting(intermediate_)).trusted);
  Entity const other = make("another intermediate", &root_, true);
  EXPECT_FALSE(verify({leaf_.der, intermediate_.der}, *trusting(other)).trusted);
}

TEST_F(Chain, MayBeSentInAnyOrderAndWithTheRoot) {
  Entity const stranger = make("stranger", nullptr, true);
  EXPECT_TRUE(verify({leaf_.der, root_.der, stranger.der, intermediate_.der}, *trusted_).trusted);
}

TEST_F(Chain, MayHoldJunkBesides) { EXPECT_TRUE(verify({leaf_.der, Bytes{1, 2, 3}, {}, intermediate_.der}, *trusted_).trusted); }

TEST_F(Chain, WithoutItsIntermediateIsIncomplete) {
  Verification const found = verify({leaf_.der}, *trusted_);
  EXPECT_FALSE(found.trusted);
  EXPECT_THAT(found.errors, ElementsAre("incomplete_chain"));
  EXPECT_EQ(found.detail, "unable to get local issuer certificate: CN=www.example.com");
}

TEST_F(Chain, ToAnUnknownRootIsUntrusted) {
  EXPECT_THAT(verify({leaf_.der, intermediate_.der}, *trusting_nobody()).errors, ElementsAre("untrusted_root"));
}

TEST_F(Chain, ThatBringsAnUnknownRootIsSelfSignedInChain) {
  Verification const found = verify({leaf_.der, intermediate_.der, root_.der}, *trusting_nobody());
  EXPECT_THAT(found.errors, ElementsAre("self_signed_in_chain"));
  EXPECT_THAT(found.detail, HasSubstr("CN=test root"));
}

TEST_F(Chain, IsJudgedAtTheMomentAsked) {
  EXPECT_THAT(verify({leaf_.der, intermediate_.der}, *trusted_, kNow + 11 * kDay).errors, ElementsAre("expired"));
  EXPECT_THAT(verify({leaf_.der, intermediate_.der}, *trusted_, kNow - 11 * kDay).errors, ElementsAre("not_yet_valid"));
}

TEST_F(Chain, HasAllItsFaultsNamedTheWorstFirst) {
  Entity const old = make("old.example.com", &intermediate_, false, kNow - 10 * kDay, kNow - kDay);
  Verification const found = verify({old.der, intermediate_.der}, *trusting_nobody());
  EXPECT_EQ(found.error, "untrusted_root");
  EXPECT_THAT(found.errors, ElementsAre("untrusted_root", "expired"));
  EXPECT_THAT(verify({old.der}, *trusting_nobody()).errors, ElementsAre("incomplete_chain", "expired"));
}

TEST_F(Chain, WithABadSignatureIsNot) {
  Bytes forged = leaf_.der;
  forged.back() ^= 1U;
  EXPECT_THAT(verify({forged, intermediate_.der}, *trusted_).errors, ElementsAre("bad_signature"));
}

TEST_F(Chain, OfASelfSignedCertificateIsTrustedOnlyAsAnAnchor) {
  Entity const self = make("self.example.com", nullptr, false);
  EXPECT_THAT(verify({self.der}, *trusted_).errors, ElementsAre("self_signed"));
  EXPECT_TRUE(verify({self.der}, *trusting(self)).trusted);
}

TEST_F(Chain, ThroughAnEndEntityIsNot) {
  Entity const below = make("below.example.com", &leaf_, false);
  EXPECT_THAT(verify({below.der, leaf_.der, intermediate_.der}, *trusted_).errors, ElementsAre("invalid_ca"));
}

TEST_F(Chain, WithAnExpiredAnchorIsExpired) {
  Entity const old_root = make("old root", nullptr, true, kNow - 10 * kDay, kNow - kDay);
  Entity const leaf = make("a.example.com", &old_root, false);
  EXPECT_THAT(verify({leaf.der}, *trusting(old_root)).errors, ElementsAre("expired"));
}

TEST_F(Chain, PrefersAnAnchorToASentCrossCertificate) {
  Entity const other = make("other root", nullptr, true);
  CertificateRequestForm form;
  form.common_name = "test root";
  form.ca = true;
  form.not_before = kNow - 10 * kDay;
  form.not_after = kNow - kDay;
  Issued const cross = issue(form, &other.issued).value();  // same name, other key: must not lead astray
  EXPECT_TRUE(verify({leaf_.der, intermediate_.der, test::from_pem(cross.certificate_pem)}, *trusted_).trusted);
}

TEST_F(Chain, LongerThanItsLimitsEndsInTime) {
  std::vector<Entity> line{root_};
  for (int i = 0; i < 20; ++i) line.push_back(make("authority " + std::to_string(i), &line.back(), true));
  Entity const leaf = make("deep.example.com", &line.back(), false);
  std::vector<Bytes> chain{leaf.der};
  for (auto at = line.rbegin(); at != line.rend(); ++at) chain.push_back(at->der);
  Verification const found = verify(chain, *trusted_);
  EXPECT_FALSE(found.trusted);
  EXPECT_THAT(found.errors, ElementsAre("other"));
  EXPECT_THAT(found.detail, HasSubstr("chain too long"));
  chain.resize(2);
  chain.resize(5000, line.back().der);
  EXPECT_FALSE(verify(chain, *trusted_).trusted);
}

TEST_F(Chain, ThatCannotBeParsedSaysSo) {
  EXPECT_THAT(verify({Bytes{0x30, 0x00}}, *trusted_).errors, ElementsAre("unparsable"));
  EXPECT_THAT(verify({}, *trusted_).errors, ElementsAre("unparsable"));
}

struct VectorRow {
  std::vector<char const*> chain;
  std::vector<std::string> errors;
};

TEST(Verify, FindsTheFaultsOfTheVectors) {
  auto const store = trusting(test::vector_text("root.pem"));
  VectorRow const rows[] = {
      {{"leaf.pem", "intermediate.pem"}, {}},
      {{"client_only.pem", "intermediate.pem"}, {"wrong_purpose"}},
      {{"sha1.pem", "intermediate.pem"}, {"weak_signature"}},
      {{"weak.pem", "intermediate.pem"}, {"weak_key"}},
      {{"weak.pem"}, {"incomplete_chain", "weak_key"}},
      {{"outside.pem", "constrained.pem"}, {"name_constraints"}},
      {{"below.pem", "leaf.pem", "intermediate.pem"}, {"invalid_ca"}},
      {{"ed25519.pem"}, {"self_signed"}},
      {{"rsa_pss.pem"}, {"self_signed"}},
  };
  for (VectorRow const& row : rows) {
    std::vector<Bytes> chain;
    for (char const* const file : row.chain) chain.push_back(test::certificate_vector(file));
    Verification const found = verify(chain, *store);
    EXPECT_EQ(found.errors, row.errors) << row.chain.front() << ": " << found.detail;
    EXPECT_EQ(found.trusted, row.errors.empty()) << row.chain.front();
    EXPECT_EQ(found.error, row.errors.empty() ? "" : row.errors.front()) << row.chain.front();
  }
}

TEST(Verify, SurvivesAnOddCertificate) {
  test::OddCertificate odd;
  EXPECT_FALSE(verify({odd.der()}, *trusting_nobody()).trusted);
  odd.issuer = odd.subject;
  odd.not_after = test::tlv(0x17, "xx");
  EXPECT_FALSE(verify({odd.der(), odd.der()}, *trusting_nobody()).trusted);
}

TEST(TrustStore, IsLoadedOnce) { EXPECT_EQ(TrustStore::load("").value(), TrustStore::load("").value()); }

TEST(TrustStore, NamesItself) {
  EXPECT_EQ(TrustStore::load("").value()->name(), "system");
  EXPECT_EQ(TrustStore::load(test::vector_path("root.pem")).value()->name(), "system + root.pem");
}

TEST(TrustStore, NamesTheFileItCannotUse) {
  std::string const empty = temporary_file("no PEM at all\n");
  std::string const broken = temporary_file("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  for (std::string const& path : {std::string{"/nonexistent/ca.pem"}, testing::TempDir(), empty, broken}) {
    auto const store = TrustStore::load(path);
    ASSERT_FALSE(store) << path;
    EXPECT_EQ(store.error().kind, ErrorKind::invalid_input);
    EXPECT_THAT(store.error().detail, HasSubstr(path));
  }
  std::filesystem::remove(empty);
  std::filesystem::remove(broken);
}

// The key of the end entity, and so its own signature, is ML-DSA-65. OpenSSL knows that from 3.5 on.
TEST(Verify, SaysWhichAlgorithmItDoesNotKnow) {
  Bytes const strange = test::certificate_vector("ml_dsa_65.pem");
  Verification const found = verify({strange}, *trusting_nobody());
  EXPECT_FALSE(found.trusted);
  if (std::ranges::find(found.errors, "self_signed") == found.errors.end()) {
    EXPECT_EQ(found.unknown_algorithm, "2.16.840.1.101.3.4.3.18");
  }
  // A certificate that nothing leads to changes nothing.
  Entity const root = make("root", nullptr, true);
  EXPECT_EQ(verify({make("a.example", &root, false).der, strange}, *trusting_nobody()).unknown_algorithm, "");
  EXPECT_EQ(verify({make("a.example", nullptr, false).der, strange}, *trusting_nobody()).unknown_algorithm, "");
}

TEST(TrustStore, TakesEveryCertificateOfTheFile) {
  Entity const one = make("one", nullptr, true);
  Entity const two = make("two", nullptr, true);
  auto const store = trusting("a comment\n" + one.issued.certificate_pem + one.issued.private_key_pem + two.issued.certificate_pem);
  EXPECT_TRUE(verify({make("a.example", &one, false).der}, *store).trusted);
  EXPECT_TRUE(verify({make("b.example", &two, false).der}, *store).trusted);
}

}  // namespace
}  // namespace tlsgauge::crypto
