#include "crypto/certificate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/der.hpp"
#include "crypto/digest.hpp"
#include "crypto/vectors.hpp"

namespace tlsgauge::crypto {
namespace {

using namespace std::string_literals;
using test::OddCertificate;
using test::rdn;
using test::tlv;
using testing::ElementsAre;

std::string repeated(std::string_view part, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += part;
  return out;
}

Certificate read(OddCertificate const& odd) {
  Result<Certificate> const read = read_certificate(odd.der());
  EXPECT_TRUE(read) << (read ? "" : read.error().detail);
  return read ? *read : Certificate{};
}

TEST(Certificate, IsReadFromDer) {
  Bytes const der = test::certificate_vector("leaf.pem");
  Result<Certificate> const found = read_certificate(der);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->der, der);
  EXPECT_EQ(found->subject, "CN=www.example.com,O=Example\\, Inc.,C=DE");
  EXPECT_EQ(found->issuer, "CN=tlsgauge test intermediate");
  EXPECT_EQ(found->serial, "1A2B3C");
  EXPECT_EQ(rfc3339(found->not_before), "2025-01-01T00:00:00Z");
  EXPECT_EQ(rfc3339(found->not_after), "2125-01-01T00:00:00Z");
  EXPECT_EQ(found->key_type, "ecdsa");
  EXPECT_EQ(found->key_bits, 256);
  EXPECT_EQ(found->key_curve, "secp256r1");
  EXPECT_EQ(found->signature_algorithm, "sha256WithRSAEncryption");
  EXPECT_THAT(found->dns_names, ElementsAre("www.example.com", "*.example.net"));
  EXPECT_THAT(found->ip_addresses, ElementsAre(Bytes{192, 0, 2, 1}, from_hex("20010db8000000000000000000000001").value()));
  EXPECT_THAT(found->subject_alt_names, ElementsAre("DNS:www.example.com", "DNS:*.example.net", "IP:192.0.2.1", "IP:2001:db8::1",
                                                    "URI:https://example.com/", "email:a@example.com"));
  EXPECT_THAT(found->ocsp_urls, ElementsAre("http://ocsp.example.com/one", "http://ocsp.example.com/two"));
  EXPECT_FALSE(found->is_ca);
  EXPECT_FALSE(found->self_issued);
  EXPECT_EQ(found->sha256, sha256_hex(der));
  EXPECT_EQ(found->pem(), test::vector_text("leaf.pem"));
}

TEST(Certificate, OfAnAuthoritySaysSo) {
  Certificate const root = read_certificate(test::certificate_vector("root.pem")).value();
  EXPECT_TRUE(root.is_ca);
  EXPECT_TRUE(root.self_issued);
  EXPECT_EQ(root.key_type, "rsa");
  EXPECT_EQ(root.key_bits, 2048);
  EXPECT_EQ(root.key_curve, "");
  // openssl x509 -pubkey | openssl pkey -pubin -outform DER | sha256sum
  EXPECT_EQ(root.spki_sha256, test::trimmed_vector_text("root.spki_sha256"));
}

TEST(Certificate, NamesKeysOfEveryKind) {
  struct Row {
    char const* file;
    char const* type;
    int bits;
    char const* curve;
    char const* signature;
  };
  Row const rows[] = {
      {"ed25519.pem", "ed25519", 256, "", "ED25519"},
      {"ed448.pem", "ed448", 456, "", "ED448"},
      {"rsa_pss.pem", "rsa-pss", 2048, "", "rsassaPss"},
      {"dsa.pem", "dsa", 2048, "", "dsa_with_SHA256"},
      {"secp384r1.pem", "ecdsa", 384, "secp384r1", "ecdsa-with-SHA384"},
      {"secp224r1.pem", "ecdsa", 224, "secp224r1", "ecdsa-with-SHA256"},
      {"brainpool.pem", "ecdsa", 256, "brainpoolP256r1", "ecdsa-with-SHA256"},
      {"sha1.pem", "ecdsa", 256, "secp256r1", "sha1WithRSAEncryption"},
      {"weak.pem", "rsa", 1024, "", "sha256WithRSAEncryption"},
  };
  for (Row const& row : rows) {
    Result<Certificate> const found = read_certificate(test::certificate_vector(row.file));
    ASSERT_TRUE(found) << row.file;
    EXPECT_EQ(found->key_type, row.type) << row.file;
    EXPECT_EQ(found->key_bits, row.bits) << row.file;
    EXPECT_EQ(found->key_curve, row.curve) << row.file;
    EXPECT_EQ(found->signature_algorithm, row.signature) << row.file;
  }
}

// OpenSSL before 3.5 knows no ML-DSA, before 3.? not even its OID.
TEST(Certificate, WithAKeyOfTheFutureIsStillRead) {
  Result<Certificate> const found = read_certificate(test::certificate_vector("ml_dsa_65.pem"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->subject, "CN=ml-dsa-65");
  EXPECT_THAT(found->key_type, testing::AnyOf("ml-dsa-65", "2.16.840.1.101.3.4.3.18"));
  EXPECT_THAT(found->signature_algorithm, testing::AnyOf("ML-DSA-65", "2.16.840.1.101.3.4.3.18"));
}

TEST(Certificate, ThatIsBrokenIsMalformed) {
  Bytes const whole = OddCertificate{}.der();
  ASSERT_TRUE(read_certificate(whole));
  Bytes longer = whole;
  longer.push_back(0);
  EXPECT_EQ(read_certificate(longer).error().kind, ErrorKind::malformed);
  EXPECT_EQ(read_certificate({}).error().kind, ErrorKind::malformed);
  for (std::size_t size = 1; size < whole.size(); ++size) {
    Bytes const shorter{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)};
    ASSERT_FALSE(read_certificate(shorter)) << size;
  }
}

TEST(Certificate, MayHaveOddNames) {
  OddCertificate odd;
  odd.subject = rdn("550403", 0x0C, "caf\xC3\xA9, + \x1b[2J");
  EXPECT_EQ(read(odd).subject, "CN=caf\xC3\xA9\\, \\+ \\1B[2J");
  odd.subject = rdn("550403", 0x16, "caf\xE9");  // an IA5String that is none
  EXPECT_EQ(read(odd).subject, "CN=caf\xC3\xA9");
  odd.subject = rdn("550403", 0x14, "caf\xE9");  // TeletexString
  EXPECT_EQ(read(odd).subject, "CN=caf\xC3\xA9");
  odd.subject = rdn("550403", 0x1E, "\x30\x42"s);  // BMPString
  EXPECT_EQ(read(odd).subject, "CN=\xE3\x81\x82");
  odd.subject = rdn("550403", 0x13, "a\0b"s);
  EXPECT_EQ(read(odd).subject, "CN=a\\00b");
  odd.subject = rdn("2a0304", 0x0C, "x");
  EXPECT_EQ(read(odd).subject, "1.2.3.4=#0C0178");
  odd.subject = "";
  EXPECT_EQ(read(odd).subject, "");
}

// OpenSSL checks these while it parses; the caller keeps the octets.
TEST(Certificate, WithAStringThatIsNotOfItsTypeIsMalformed) {
  OddCertificate odd;
  odd.subject = rdn("550403", 0x0C, "\xFF\xFE");
  EXPECT_EQ(read_certificate(odd.der()).error().kind, ErrorKind::malformed);
  odd.subject = rdn("550403", 0x1E, "odd");
  EXPECT_EQ(read_certificate(odd.der()).error().kind, ErrorKind::malformed);
}

TEST(Certificate, NamesAreCutWhereTheyGrowWithoutEnd) {
  OddCertificate odd;
  odd.subject = rdn("550403", 0x0C, std::string(100'000, 'a'));
  odd.issuer = rdn("550403", 0x0C, "b" + repeated("\xC3\xA9", 3000));
  odd.extensions = test::subject_alt_name(tlv(0x82, std::string(200'000, 'x')));
  Certificate const found = read(odd);
  EXPECT_LE(found.subject.size(), 4096U);
  EXPECT_TRUE(found.subject.ends_with("a…"));
  EXPECT_LE(found.issuer.size(), 4096U);
  EXPECT_TRUE(found.issuer.ends_with("…"));
  EXPECT_LE(found.subject_alt_names.at(0).size(), 4100U);
}

TEST(Certificate, ShowsAThousandNamesAndMatchesThemAll) {
  std::string names;
  for (int i = 0; i < 5000; ++i) names += tlv(0x82, "n" + std::to_string(i) + ".example");
  OddCertificate odd;
  odd.extensions = test::subject_alt_name(names);
  Certificate const found = read(odd);
  EXPECT_EQ(found.subject_alt_names.size(), 1000U);
  EXPECT_TRUE(match_hostname(found, "n4999.example").matches);
  EXPECT_THAT(match_hostname(found, "x.example").reason, testing::HasSubstr("n0.example, n1.example and 4998 more"));
}

TEST(Certificate, AlternativeNamesOfAllKindsAreShown) {
  OddCertificate odd;
  odd.extensions =
      test::subject_alt_name(tlv(0x82, "a\0b.example"s) + tlv(0x87, "\x01\x02\x03\x04\x05") + tlv(0x82, "\xFF") + tlv(0x86, "x:") +
                             tlv(0x88, test::octets("2a0304")) + tlv(0xA4, test::sequence(rdn("550403", 0x0C, "dir"))) +
                             tlv(0xA0, test::oid("2a0305") + tlv(0xA0, tlv(0x0C, "other"))));
  Certificate const found = read(odd);
  EXPECT_THAT(found.subject_alt_names, ElementsAre("DNS:a\0b.example"s, "IP:0102030405", "DNS:\\xFF",
                                                   "URI:x:", "other:registeredID 1.2.3.4", "other:directoryName CN=dir", "other:1.2.3.5"));
  EXPECT_THAT(found.dns_names, ElementsAre("a\0b.example"s, "\xFF"));
  EXPECT_TRUE(found.ip_addresses.empty());
}

TEST(Certificate, WithBrokenExtensionsIsStillRead) {
  OddCertificate odd;
  odd.extensions = test::extension("551d11", "junk") + test::extension("2b06010505070101", "\x30\x05\x30\x03\x06\x01\x01") +
                   test::extension("551d13", "\x01") + test::extension("551d11", "\x30");
  Certificate const found = read(odd);
  EXPECT_TRUE(found.subject_alt_names.empty());
  EXPECT_TRUE(found.ocsp_urls.empty());
}

TEST(Certificate, MayHaveAnySerial) {
  OddCertificate odd;
  odd.serial = "\0\xAB"s;
  EXPECT_EQ(read(odd).serial, "AB");
  odd.serial = "\0"s;
  EXPECT_EQ(read(odd).serial, "0");
  odd.serial = "\x0F\xFF";
  EXPECT_EQ(read(odd).serial, "FFF");
  odd.serial = "\xFF";
  EXPECT_EQ(read(odd).serial, "-1");
  odd.serial = "\x01" + std::string(10'000, '\xAA');
  EXPECT_LE(read(odd).serial.size(), 4096U);
}

TEST(Certificate, MayHaveAnyDates) {
  OddCertificate odd;
  odd.not_before = tlv(0x18, "00010101000000Z");
  odd.not_after = tlv(0x18, "99991231235959Z");
  Certificate found = read(odd);
  EXPECT_EQ(rfc3339(found.not_after), "9999-12-31T23:59:59Z");
  EXPECT_LT(found.not_before, Moment{});
  odd.not_before = tlv(0x17, "500101000000Z");  // RFC 5280 section 4.1.2.5.1: 50 is 1950
  odd.not_after = tlv(0x17, "491231235959Z");
  found = read(odd);
  EXPECT_EQ(rfc3339(found.not_before), "1950-01-01T00:00:00Z");
  EXPECT_EQ(rfc3339(found.not_after), "2049-12-31T23:59:59Z");
  for (char const* const junk : {"", "Z", "990230000000Z", "991301000000Z", "xxxxxxxxxxxxx", "99010100000"}) {
    odd.not_after = tlv(0x17, junk);
    Result<Certificate> const whatever = read_certificate(odd.der());
    if (!whatever) continue;
    EXPECT_EQ(whatever->not_after, Moment{}) << junk;
  }
}

TEST(Certificate, WithAnUnknownKeyNamesItsOid) {
  OddCertificate odd;
  odd.key = test::sequence(test::sequence(test::oid("2a030405")) + tlv(0x03, "\0\x01\x02"s));
  odd.signature = test::sequence(test::oid("2a030406"));
  Certificate const found = read(odd);
  EXPECT_EQ(found.key_type, "1.2.3.4.5");
  EXPECT_EQ(found.key_bits, 0);
  EXPECT_EQ(found.signature_algorithm, "1.2.3.4.6");
}

TEST(Pem, HasLinesOfSixtyFour) {
  EXPECT_EQ(pem(Bytes(50, 0), "X"), "-----BEGIN X-----\n" + std::string(64, 'A') + "\nAAA=\n-----END X-----\n");
  EXPECT_EQ(pem(Bytes(48, 0), "X"), "-----BEGIN X-----\n" + std::string(64, 'A') + "\n-----END X-----\n");
  EXPECT_EQ(pem({}), "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n");
}

}  // namespace
}  // namespace tlsgauge::crypto
