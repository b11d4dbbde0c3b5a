#include "crypto/issue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/certificate.hpp"
#include "crypto/vectors.hpp"

namespace tlsgauge::crypto {
namespace {

using testing::ElementsAre;

CertificateRequestForm form(std::string name) {
  CertificateRequestForm made;
  made.common_name = std::move(name);
  made.not_before = parse_rfc3339("2026-01-01T00:00:00Z").value();
  made.not_after = parse_rfc3339("2060-01-01T00:00:00Z").value();
  return made;
}

Certificate certificate(Issued const& issued) { return read_certificate(test::from_pem(issued.certificate_pem)).value(); }

TEST(Issue, PutsInWhatTheFormSays) {
  CertificateRequestForm wanted = form("www.example.com");
  wanted.dns_names = {"www.example.com", "*.example.net", "odd,DNS:name"};
  wanted.ip_addresses = {"192.0.2.1", "2001:db8::1"};
  Issued const issued = issue(wanted).value();
  Certificate const found = certificate(issued);
  EXPECT_EQ(found.subject, "CN=www.example.com");
  EXPECT_EQ(found.issuer, "CN=www.example.com");
  EXPECT_EQ(found.not_before, wanted.not_before);
  EXPECT_EQ(found.not_after, wanted.not_after);
  EXPECT_THAT(found.subject_alt_names,
              ElementsAre("DNS:www.example.com", "DNS:*.example.net", "DNS:odd,DNS:name", "IP:192.0.2.1", "IP:2001:db8::1"));
  EXPECT_EQ(found.key_curve, "secp256r1");
  EXPECT_EQ(found.signature_algorithm, "ecdsa-with-SHA256");
  EXPECT_FALSE(found.is_ca);
  EXPECT_THAT(issued.private_key_pem, testing::StartsWith("-----BEGIN PRIVATE KEY-----\n"));
}

TEST(Issue, ByAnAuthority) {
  CertificateRequestForm root = form("root");
  root.ca = true;
  Issued const authority = issue(root).value();
  Issued const leaf = issue(form("leaf"), &authority).value();
  EXPECT_TRUE(certificate(authority).is_ca);
  EXPECT_EQ(certificate(leaf).issuer, "CN=root");
  EXPECT_NE(certificate(leaf).serial, certificate(authority).serial);
  EXPECT_EQ(certificate(leaf).serial.size(), 32U);
}

TEST(Issue, MakesRsaKeysOfAnySize) {
  for (int const bits : {1024, 2048}) {
    CertificateRequestForm wanted = form("rsa");
    wanted.key_type = "rsa";
    wanted.rsa_bits = bits;
    Certificate const found = certificate(issue(wanted).value());
    EXPECT_EQ(found.key_type, "rsa");
    EXPECT_EQ(found.key_bits, bits);
    EXPECT_EQ(found.signature_algorithm, "sha256WithRSAEncryption");
  }
}

TEST(Issue, RefusesWhatItCannotMake) {
  CertificateRequestForm wanted = form("x");
  wanted.key_type = "dsa";
  EXPECT_EQ(issue(wanted).error().kind, ErrorKind::invalid_input);
  wanted.key_type = "rsa";
  wanted.rsa_bits = 100;
  EXPECT_EQ(issue(wanted).error().kind, ErrorKind::invalid_input);
  wanted = form("x");
  wanted.ip_addresses = {"no address"};
  EXPECT_EQ(issue(wanted).error().kind, ErrorKind::invalid_input);
  Issued const nobody{"junk", "junk"};
  EXPECT_EQ(issue(form("x"), &nobody).error().kind, ErrorKind::invalid_input);
}

}  // namespace
}  // namespace tlsgauge::crypto
