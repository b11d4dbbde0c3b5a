#include "crypto/fingerprint.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "crypto/digest.hpp"

namespace tlsgauge::crypto {
namespace {

wire::JarmAnswer answer(std::string_view text) {
  std::vector<std::string_view> const parts = split(text, '|');
  wire::JarmAnswer out;
  out.cipher_suite = parts.at(0);
  out.version = parts.at(1);
  out.alpn = parts.at(2);
  out.extensions = parts.at(3);
  return out;
}

std::string jarm_of(std::string_view answers) {
  std::vector<wire::JarmAnswer> list;
  for (std::string_view const each : split(answers, ',')) list.push_back(answer(each));
  EXPECT_EQ(list.size(), 10U);
  return jarm(list);
}

TEST(Jarm, IsAllZerosWhereNothingAnswers) { EXPECT_EQ(jarm_of("|||,|||,|||,|||,|||,|||,|||,|||,|||,|||"), std::string(62, '0')); }

// jarm_test.go of hdm/jarm-go, the manual of a scanning service, the tests of rust_jarm.
TEST(Jarm, IsWhatOthersMakeOfTheSameAnswers) {
  EXPECT_EQ(jarm_of("c02f|0303|http/1.1|0000-ff01-000b-0023-0010,c02f|0303|http/1.1|0000-ff01-000b-0023-0010,|||,"
                    "c02f|0303||0000-ff01-000b-0023,c02f|0303||0000-ff01-000b-0023,|||,c02f|0303|http/1.1|0000-ff01-000b-0023-0010,"
                    "c02f|0303|http/1.1|0000-ff01-000b-0023-0010,c02f|0303|http/1.1|0000-ff01-000b-0023-0010,"
                    "c02f|0303|http/1.1|0000-ff01-000b-0023-0010"),
            "29d29d00029d29d00029d29d29d29d8c9dac4e97f99c7a0e93e9d4d790df0a");
  EXPECT_EQ(jarm_of("c02b|0303|h2|0000-0017-ff01-000b-0023-0010,cc14|0303|h2|0000-0017-ff01-000b-0023-0010,"
                    "cc14|0303|h2|0000-0017-ff01-000b-0023-0010,|||,cc14|0303||0000-0017-ff01-000b-0023,"
                    "c009|0302|h2|0000-0017-ff01-000b-0023-0010,1302|0303||0033-002b,1303|0303||0033-002b,|||,1301|0303||0033-002b"),
            "27d3ed3ed0003ed1dc42d43d00041d6183ff1bfae51ebd88d70384363d525c");
  std::string ten = "c02b|0303|h2|0000-0017-ff01-000b-0023-0010";
  for (int i = 1; i < 10; ++i) ten += ",c02b|0303|h2|0000-0017-ff01-000b-0023-0010";
  EXPECT_EQ(jarm_of(ten), "27d27d27d27d27d27d27d27d27d27debd865e63a4441da99411bab3aadfedf");
}

// Fingerprints from the README of salesforce/jarm, with answers that lead to them.
TEST(Jarm, IsThePublishedOne) {
  EXPECT_EQ(jarm_of("c030|0303|h2|ff01-0000-0001-000b-0023-0010,c030|0303|h2|ff01-0000-0001-000b-0023-0010,|||,"
                    "c030|0303|http/1.0|ff01-0000-0001-000b-0023-0010,c030|0303|http/1.0|ff01-0000-0001-000b-0023-0010,|||,"
                    "1302|0303||002b-0033,1302|0303||002b-0033,|||,|||"),
            "2ad2ad0002ad2ad00042d42d00000069d641f34fe76acdc05c40262f8815e5")
      << "salesforce.com";
  EXPECT_EQ(jarm_of("c02b|0303|h2|ff01-0000-0001-000b-0023-0010-0017,c02b|0303|h2|ff01-0000-0001-000b-0023-0010-0017,"
                    "c02b|0303|h2|ff01-0000-0001-000b-0023-0010-0017,c02f|0303||ff01-0000-0001-000b-0023-0017,"
                    "c02b|0303||ff01-0000-0001-000b-0023-0017,c009|0302|h2|ff01-0000-0001-000b-0023-0010-0017,1301|0303||002b-0033,"
                    "1303|0303||002b-0033,|||,1301|0303||002b-0033"),
            "27d27d27d29d27d1dc41d43d00041d741011a7be03d7498e0df05581db08a9")
      << "facebook.com";
  EXPECT_EQ(jarm_of("c02b|0303|h2|0017-ff01-000b-0023-0010,cca9|0303|h2|0017-ff01-000b-0023-0010,cca9|0303|h2|0017-ff01-000b-0023-0010,"
                    "c02f|0303||0017-ff01-000b-0023,cca9|0303||0017-ff01-000b-0023,c009|0302|h2|0017-ff01-000b-0023-0010,"
                    "1302|0303||0033-002b,1303|0303||0033-002b,|||,1301|0303||0033-002b"),
            "27d40d40d29d40d1dc42d43d00041d4689ee210389f4f6b4b5b1b93f92252d")
      << "google.com";
  EXPECT_EQ(jarm_of("0033|0303||ff01-0001-0023-0017,009d|0303||ff01-0001-0023-0017,009f|0303||ff01-0001-0023-0017,"
                    "c013|0303||ff01-0001-000b-0023-0017,c013|0303||ff01-0001-000b-0023-0017,|||,1302|0303||002b-0033,"
                    "1303|0303||002b-0033,|||,|||"),
            "07d14d16d21d21d00042d43d000000aa99ce74e2c6d013c745aa52b5cc042d")
      << "Metasploit";
}

// RFC 1321, appendix A.5.
TEST(Md5, IsThatOfTheRfc) { EXPECT_EQ(md5_hex(view("message digest")), "f96b697d7cb7938d525a2f31aaf161d0"); }

wire::ServerHello server_hello(std::uint16_t version, std::uint16_t suite, std::vector<std::uint16_t> const& extensions) {
  wire::ServerHello hello;
  hello.legacy_version = wire::ProtocolVersion{version};
  hello.cipher_suite = wire::CipherSuite{suite};
  for (std::uint16_t const type : extensions) hello.extensions.emplace_back(wire::ExtensionType{type}, Bytes{0});
  return hello;
}

// The digests are those of the README of salesforce/ja3 (Trickbot, Emotet) and of its authors' article.
TEST(Ja3s, IsThePublishedOne) {
  EXPECT_EQ(ja3s(server_hello(769, 49172, {65281, 11})).md5, "623de93db17d313345d7ea481e7443cf");
  EXPECT_EQ(ja3s(server_hello(771, 60, {65281})).md5, "80b3a14bccc8598a1f3bbe83e71f735f");
  Fingerprint const longer = ja3s(server_hello(769, 47, {65281, 0, 11, 35, 5, 16}));
  EXPECT_EQ(longer.text, "769,47,65281-0-11-35-5-16");
  EXPECT_EQ(longer.md5, "836ce314215654b5b1f85f97c73e506f");
  EXPECT_EQ(ja3s(server_hello(769, 47, {})).text, "769,47,");
}

// README of salesforce/ja3.
TEST(Ja3, IsThePublishedOne) {
  wire::ClientHello hello;
  hello.legacy_version = wire::ProtocolVersion::TLSv1_0;
  for (int const suite : {4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99}) hello.cipher_suites.push_back(static_cast<wire::CipherSuite>(suite));
  EXPECT_EQ(ja3(hello).text, "769,4-5-10-9-100-98-3-6-19-18-99,,,");
  EXPECT_EQ(ja3(hello).md5, "de350869b8c85de67a350c8d186f11e6");

  constexpr wire::NamedGroup kGroups[] = {wire::NamedGroup::secp256r1, wire::NamedGroup::secp384r1, wire::NamedGroup::secp521r1};
  hello.cipher_suites.clear();
  for (int const suite : {0x1A1A, 47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4}) {
    hello.cipher_suites.push_back(static_cast<wire::CipherSuite>(suite));
  }
  hello.extensions = {wire::server_name("www.example.test"), wire::supported_groups(kGroups),
                      wire::Extension{wire::ExtensionType::ec_point_formats, {1, 0}}, wire::Extension{wire::ExtensionType{0xFAFA}, {}}};
  EXPECT_EQ(ja3(hello).text, "769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0");
  EXPECT_EQ(ja3(hello).md5, "ada70206e40642a3e4461f35503241d5");
}

}  // namespace
}  // namespace tlsgauge::crypto
