#include "wire/dns_rdata.hpp"

#include <gmock/gmock.h>

#include "wire/vectors.hpp"
#include "wire/writer.hpp"

namespace tlsgauge::wire {
namespace {

using test::Exact;
using test::operator+;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

Bytes octets(std::string_view text) {
  ByteView const bytes = view(text);
  return {bytes.begin(), bytes.end()};
}

Bytes caa(std::uint8_t flags, std::string_view tag, std::string_view value) {
  Writer w;
  w.u8(flags);
  w.u8(static_cast<std::uint8_t>(tag.size()));
  return w.take() + octets(tag) + octets(value);
}

Bytes parameter(std::uint16_t key, Bytes const& value) {
  Writer w;
  w.u16(key);
  w.u16(static_cast<std::uint16_t>(value.size()));
  return w.take() + value;
}

Bytes const kOwner{0, 1, 0};

/// Every prefix of what is well-formed is read within its bounds; none but those of `also` is well-formed.
template <class Read>
void expect_every_prefix_fails(Bytes const& whole, Read read, std::vector<std::size_t> const& also = {}) {
  EXPECT_TRUE(read(Exact{whole}));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    Bytes const prefix{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)};
    bool const expected = std::find(also.begin(), also.end(), length) != also.end();
    EXPECT_EQ(static_cast<bool>(read(Exact{prefix})), expected) << length;
  }
}

TEST(Caa, IsReadWithItsTagInLowerCase) {
  Result<CaaRecord> const record = read_caa(caa(128, "IssueWild", "ca.example; policy=ev"));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->flags, 128);
  EXPECT_TRUE(record->critical());
  EXPECT_EQ(record->tag, "issuewild");
  EXPECT_EQ(record->value, "ca.example; policy=ev");
}

TEST(Caa, MayHaveAnEmptyValueButNotAnEmptyOrStrangeTag) {
  EXPECT_TRUE(read_caa(caa(0, "issue", "")));
  EXPECT_FALSE(read_caa(caa(0, "", "x")));
  EXPECT_FALSE(read_caa(caa(0, "is sue", "x")));
  EXPECT_FALSE(read_caa(Bytes{0, 200, 'i'}));
  EXPECT_FALSE(read_caa(Bytes{}));
}

// RFC 8659 section 4.2 and its examples in section 4.3 and 5.
TEST(CaaIssuerValue, IsADomainAndParameters) {
  CaaIssuer const issuer = read_caa_issuer(" CA1.Example.net ; account=230123;\tValidationMethods = dns-01,http-01 ");
  EXPECT_TRUE(issuer.valid);
  EXPECT_EQ(issuer.domain, "ca1.example.net");
  EXPECT_THAT(issuer.parameters, ElementsAre(Pair("account", "230123"), Pair("validationmethods", "dns-01,http-01")));
}

TEST(CaaIssuerValue, PermitsNobodyWhenEmptyOrBroken) {
  for (std::string_view const value : {";", "", "  ", " ; "}) {
    EXPECT_TRUE(read_caa_issuer(value).valid) << value;
    EXPECT_EQ(read_caa_issuer(value).domain, "") << value;
  }
  for (std::string_view const value :
       {"%%%%%", "ca example.net", "ca..net", "-ca.net", "ca.net; x", "ca.net; x=a b", "ca.net; =x", "ca.net;;x=1"}) {
    EXPECT_FALSE(read_caa_issuer(value).valid) << value;
    EXPECT_EQ(read_caa_issuer(value).domain, "") << value;
  }
}

TEST(Tlsa, IsThreeNumbersAndData) {
  Bytes const whole = Bytes{3, 1, 1} + Bytes(32, 0xAB);
  Result<TlsaRecord> const record = read_tlsa(whole);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->usage, 3);
  EXPECT_EQ(record->selector, 1);
  EXPECT_EQ(record->matching_type, 1);
  EXPECT_EQ(record->data, Bytes(32, 0xAB));
  for (std::size_t length = 0; length < 4; ++length) EXPECT_FALSE(read_tlsa(ByteView{whole}.first(length))) << (length < 3);
}

Bytes ech_list() {
  Writer w;
  w.u8(7);
  w.u16(0x20);
  w.u16(4);
  w.bytes(Bytes(4, 0x55));
  w.u16(4);
  w.bytes(Bytes{0, 1, 0, 1});
  w.u8(0);
  w.u8(14);
  w.bytes(view("public.example"));
  w.u16(0);
  Bytes const contents = w.take();
  Bytes const config = parameter(0xFE0D, contents);
  Bytes const unknown = parameter(0xFE0A, {1, 2, 3});
  Writer list;
  list.u16(static_cast<std::uint16_t>(config.size() + unknown.size()));
  return list.take() + unknown + config;
}

TEST(Svcb, IsReadWithAllThatIsKnown) {
  Bytes const rdata = Bytes{0, 1, 3, 'w', 'w', 'w', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0} + parameter(0, {0, 1, 0, 4}) +
                      parameter(1, {2, 'h', '2', 2, 'h', '3'}) + parameter(2, {}) + parameter(3, {0x20, 0xFB}) +
                      parameter(4, {192, 0, 2, 1, 192, 0, 2, 2}) + parameter(5, ech_list()) +
                      parameter(6, {0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}) + parameter(65280, {9});
  Result<SvcbRecord> const record = read_svcb(rdata);
  ASSERT_TRUE(record) << record.error().detail;
  EXPECT_EQ(record->priority, 1);
  EXPECT_EQ(record->target, "www.example");
  EXPECT_THAT(record->mandatory, ElementsAre(1, 4));
  EXPECT_THAT(record->alpn, ElementsAre("h2", "h3"));
  EXPECT_TRUE(record->no_default_alpn);
  EXPECT_EQ(record->port, 8443);
  EXPECT_THAT(record->ipv4_hints, ElementsAre("192.0.2.1", "192.0.2.2"));
  EXPECT_THAT(record->ipv6_hints, ElementsAre("2001:db8::1"));
  ASSERT_TRUE(record->ech);
  EXPECT_EQ(record->ech->count, 2U);
  EXPECT_EQ(record->ech->octets, ech_list().size());
  EXPECT_EQ(record->ech->public_name, "public.example");
  EXPECT_THAT(record->other_keys, ElementsAre(65280));
}

TEST(Svcb, AnAliasHasATargetAndNothingElse) {
  Result<SvcbRecord> const record = read_svcb(Bytes{0, 0, 3, 'c', 'd', 'n', 0, 0xFF});
  ASSERT_TRUE(record);
  EXPECT_EQ(record->target, "cdn");
  EXPECT_THAT(record->alpn, IsEmpty());
}

TEST(Svcb, EscapesWhatIsNoHostName) {
  Result<SvcbRecord> const record = read_svcb(Bytes{0, 0, 4, 'a', '.', 0x1B, 0xE2, 0});
  ASSERT_TRUE(record);
  EXPECT_EQ(record->target, "a\\046\\027\\226");
}

TEST(Svcb, BreaksAtEveryLengthThatLies) {
  auto const read = [](ByteView bytes) { return read_svcb(bytes); };
  Bytes const rdata = kOwner + parameter(1, {2, 'h', '2'}) + parameter(3, {1, 187});
  expect_every_prefix_fails(rdata, read, {3, 10});
  std::vector<Bytes> const broken = {
      kOwner + parameter(3, {1, 187}) + parameter(1, {2, 'h', '2'}),  // order
      kOwner + parameter(3, {1, 187}) + parameter(3, {1, 187}),       // twice
      kOwner + parameter(1, {}),
      kOwner + parameter(1, {0}),
      kOwner + parameter(1, {3, 'h', '2'}),
      kOwner + parameter(2, {}),  // no-default-alpn without alpn
      kOwner + parameter(3, {1}),
      kOwner + parameter(3, {1, 2, 3}),
      kOwner + parameter(4, {}),
      kOwner + parameter(4, {1, 2, 3}),
      kOwner + parameter(6, Bytes(15, 1)),
      kOwner + parameter(0, {0, 3}),  // mandatory, not there
      kOwner + parameter(0, {0, 0}),
      kOwner + parameter(5, {0, 0}),
      kOwner + parameter(5, {0, 5, 0xFE, 0x0D, 0, 1, 7}),
      kOwner + parameter(5, {0xFF, 0xFF}),
      Bytes{0, 1, 64} + Bytes(64, 'a') + Bytes{0},  // label of 64
      Bytes{0, 1, 0xC0, 0x0C},                      // a compressed name
  };
  for (std::size_t i = 0; i < broken.size(); ++i) EXPECT_FALSE(read_svcb(Exact{broken[i]})) << i;
  Bytes deep{0, 1};
  for (int i = 0; i < 130; ++i) deep = std::move(deep) + Bytes{1, 'a'};
  EXPECT_FALSE(read_svcb(std::move(deep) + Bytes{0}));  // more than 255 octets
}

}  // namespace
}  // namespace tlsgauge::wire
