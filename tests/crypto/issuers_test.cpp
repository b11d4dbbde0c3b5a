#include "crypto/issuers.hpp"

#include <gtest/gtest.h>
#include <openssl/pkcs7.h>

#include "crypto/chain_maker.hpp"

namespace tlsgauge::crypto {
namespace {

using test::Made;

Made leaf_with(std::string const& access) { return test::make(test::entity("DNS:a.example", {{"authorityInfoAccess", access}})); }

TEST(IssuerUrls, AreThoseOfTheCaAlone) {
  EXPECT_EQ(
      issuer_urls(leaf_with("OCSP;URI:http://ocsp.example/,caIssuers;URI:http://ca.example/i.crt,caIssuers;URI:HTTPS://b.example/").der()),
      (std::vector<std::string>{"http://ca.example/i.crt", "HTTPS://b.example/"}));
  EXPECT_TRUE(issuer_urls(leaf_with("caIssuers;URI:ldap://ca.example/cn=x,caIssuers;URI:file:///etc/passwd").der()).empty());
  EXPECT_TRUE(issuer_urls(test::make(test::entity()).der()).empty());
  EXPECT_TRUE(issuer_urls(Bytes{1, 2, 3}).empty());
  std::string many;
  for (int i = 0; i < 50; ++i) many += (i > 0 ? ",caIssuers;URI:http://a.example/" : "caIssuers;URI:http://a.example/") + std::to_string(i);
  EXPECT_EQ(issuer_urls(leaf_with(many).der()).size(), 4U);
  EXPECT_TRUE(issuer_urls(leaf_with("caIssuers;URI:http://a.example/" + std::string(5000, 'a')).der()).empty());
}

Bytes bundle(std::vector<Made> const& certificates) {
  std::unique_ptr<PKCS7, FreeWith<PKCS7_free>> const message{PKCS7_new()};
  PKCS7_set_type(message.get(), NID_pkcs7_signed);
  PKCS7_content_new(message.get(), NID_pkcs7_data);
  for (Made const& each : certificates) PKCS7_add_certificate(message.get(), each.certificate.get());
  unsigned char* der = nullptr;
  int const size = i2d_PKCS7(message.get(), &der);
  std::unique_ptr<unsigned char, FreeOpenSslMemory> const owned{der};
  return {der, der + size};
}

TEST(FetchedCertificates, AreReadFromDerPemAndPkcs7) {
  Made const one = test::make(test::anchor("one"));
  Made const two = test::make(test::anchor("two"));
  EXPECT_EQ(read_certificates(one.der()), std::vector<Bytes>{one.der()});
  std::string const pem = "a comment\n" + one.pem() + two.pem();
  EXPECT_EQ(read_certificates(view(pem)), (std::vector<Bytes>{one.der(), two.der()}));
  EXPECT_EQ(read_certificates(bundle({one, two})), (std::vector<Bytes>{one.der(), two.der()}));
  EXPECT_TRUE(read_certificates(view("<html>not found</html>")).empty());
  EXPECT_TRUE(read_certificates({}).empty());
  EXPECT_EQ(read_certificates(bundle(std::vector<Made>(40, one))).size(), 16U);
}

TEST(FetchedCertificates, AreIssuersByNameAndKeyIdentifier) {
  Made const root = test::make(test::anchor("root"));
  Made const other = test::make(test::anchor("root"));
  Made const leaf = test::make(test::entity(), &root);
  EXPECT_TRUE(names_as_issuer(leaf.der(), root.der()));
  EXPECT_FALSE(names_as_issuer(leaf.der(), other.der()));
  EXPECT_FALSE(names_as_issuer(root.der(), leaf.der()));
  EXPECT_FALSE(names_as_issuer(leaf.der(), Bytes{1}));
}

}  // namespace
}  // namespace tlsgauge::crypto
