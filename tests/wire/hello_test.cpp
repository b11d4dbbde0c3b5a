#include "wire/hello.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "wire/extension_list.hpp"

namespace tlsgauge::wire {
namespace {

using enum ProtocolVersion;

bool has(ClientHello const& hello, ExtensionType type) { return find(hello.extensions, type) != nullptr; }

template <class E>
std::vector<E> codes(ClientHello const& hello, ExtensionType type) {
  Extension const* const extension = find(hello.extensions, type);
  if (!extension) return {};
  Reader r{extension->data};
  std::vector<E> list = read_codes<E>(r);
  EXPECT_TRUE(r.finish("list", 0));
  return list;
}

template <class T>
bool contains(std::vector<T> const& list, T value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::vector<CipherSuite> some_suites(std::size_t count) {
  std::vector<CipherSuite> suites = offerable_suites(TLSv1_2);
  suites.resize(count);
  return suites;
}

bool lucky(std::size_t size) { return size < 256 || (size >= 512 && size % 256 != 10 && size % 256 != 14); }

TEST(Hello, RandomsAreFresh) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    seen.insert(hex(hello_for(TLSv1_2, some_suites(1), "").random));
    seen.insert(hex(hello_for(TLSv1_3, some_suites(1), "").legacy_session_id));
  }
  EXPECT_EQ(seen.size(), 200U);
  Bytes none;
  fill_random(none);
}

TEST(Hello, VersionsAreWrittenWhereEachBelongs) {
  struct Case {
    ProtocolVersion asked, record, legacy;
  };
  for (Case const& c : {Case{SSLv3, SSLv3, SSLv3}, Case{TLSv1_0, TLSv1_0, TLSv1_0}, Case{TLSv1_1, TLSv1_0, TLSv1_1},
                        Case{TLSv1_2, TLSv1_0, TLSv1_2}, Case{TLSv1_3, TLSv1_0, TLSv1_2}}) {
    ClientHello const hello = hello_for(c.asked, some_suites(5), "host.test");
    EXPECT_EQ(hello.record_version, c.record);
    EXPECT_EQ(hello.legacy_version, c.legacy);
    EXPECT_EQ(has(hello, ExtensionType::supported_versions), c.asked == TLSv1_3);
    EXPECT_EQ(has(hello, ExtensionType::signature_algorithms), c.asked >= TLSv1_2);
    EXPECT_EQ(has(hello, ExtensionType::server_name), c.asked > SSLv3);
    EXPECT_EQ(ClientHello::parse(hello.encode())->encode(), hello.encode());
  }
  EXPECT_EQ(hex(find(hello_for(TLSv1_3, {}, "").extensions, ExtensionType::supported_versions)->data), "020304");
}

TEST(Hello, Ssl3HasNoExtensionButTheScsv) {
  ClientHello const hello = hello_for(SSLv3, some_suites(5), "host.test");
  EXPECT_TRUE(hello.extensions.empty());
  EXPECT_EQ(hello.cipher_suites.size(), 6U);
  EXPECT_EQ(hello.cipher_suites.back(), CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
  EXPECT_EQ(hello_for(SSLv3, some_suites(128), "").cipher_suites.size(), 128U);
}

TEST(Hello, OldVersionsNameEveryCurveAndNoFfdheUnlessAsked) {
  auto const plain = codes<NamedGroup>(hello_for(TLSv1_2, some_suites(5), ""), ExtensionType::supported_groups);
  EXPECT_EQ(plain.front(), NamedGroup::x25519);
  for (NamedGroup const group :
       {NamedGroup::secp256r1, NamedGroup::sect571r1, NamedGroup::secp160k1, NamedGroup::brainpoolP512r1, NamedGroup::x448}) {
    EXPECT_TRUE(contains(plain, group)) << name(group);
  }
  for (NamedGroup const group : plain) EXPECT_EQ(find(group)->kind, "ecdhe") << name(group);

  auto const with = codes<NamedGroup>(hello_for(TLSv1_2, some_suites(5), "", true), ExtensionType::supported_groups);
  EXPECT_EQ(with.size(), plain.size() + 5);
  EXPECT_TRUE(contains(with, NamedGroup::ffdhe2048));
  EXPECT_TRUE(contains(with, NamedGroup::ffdhe8192));
}

TEST(Hello, Tls13NamesEveryGroupAndNoShare) {
  ClientHello const hello = hello_for(TLSv1_3, offerable_suites(TLSv1_3), "host.test");
  auto const groups = codes<NamedGroup>(hello, ExtensionType::supported_groups);
  std::size_t usable = 0;
  for (NamedGroupInfo const& group : named_groups()) {
    bool const wanted = group.usable_in_tls13 && group.kind != "grease";
    EXPECT_EQ(contains(groups, group.code), wanted) << group.name;
    usable += wanted ? 1 : 0;
  }
  EXPECT_EQ(groups.size(), usable);
  EXPECT_EQ(hex(find(hello.extensions, ExtensionType::key_share)->data), "0000");
  EXPECT_TRUE(has(hello, ExtensionType::psk_key_exchange_modes));
  EXPECT_EQ(hello.legacy_session_id.size(), 32U);
}

TEST(Hello, SignatureSchemesAreThoseOfTheVersionStrongFirst) {
  auto const old = codes<SignatureScheme>(hello_for(TLSv1_2, some_suites(5), ""), ExtensionType::signature_algorithms);
  auto const now = codes<SignatureScheme>(hello_for(TLSv1_3, some_suites(5), ""), ExtensionType::signature_algorithms);
  EXPECT_EQ(std::set<SignatureScheme>(old.begin(), old.end()).size(), old.size());
  EXPECT_EQ(std::set<SignatureScheme>(now.begin(), now.end()).size(), now.size());
  for (SignatureSchemeInfo const& scheme : signature_schemes()) {
    if (scheme.status == "grease") continue;
    EXPECT_EQ(contains(old, scheme.code), scheme.tls12.starts_with("Y")) << scheme.name;
    bool const wanted = !scheme.tls13.starts_with("N") && !scheme.tls13.starts_with("client");
    EXPECT_EQ(contains(now, scheme.code), wanted) << scheme.name;
  }
  EXPECT_TRUE(contains(now, SignatureScheme::mldsa65));
  EXPECT_TRUE(contains(now, SignatureScheme::rsa_pkcs1_sha256));
  EXPECT_FALSE(contains(old, SignatureScheme::mldsa65));
  auto const position = [&](SignatureScheme scheme) { return std::find(old.begin(), old.end(), scheme) - old.begin(); };
  EXPECT_LT(position(SignatureScheme::ed448), position(SignatureScheme::rsa_pkcs1_sha1));
  EXPECT_LT(position(SignatureScheme::rsa_pkcs1_sha512), position(SignatureScheme::rsa_md5));
}

TEST(Hello, AnAddressIsNoServerName) {
  for (char const* host : {"", "192.0.2.1", "2001:db8::1"}) {
    EXPECT_FALSE(has(hello_for(TLSv1_2, some_suites(1), host), ExtensionType::server_name)) << host;
    EXPECT_FALSE(has(canary_hello(host), ExtensionType::server_name)) << host;
  }
  EXPECT_EQ(hex(find(hello_for(TLSv1_2, some_suites(1), "a.test.").extensions, ExtensionType::server_name)->data),
            "0009000006" + hex(view("a.test")));
}

TEST(Hello, NoLengthIsAnUnluckyOne) {
  for (ProtocolVersion const version : {TLSv1_0, TLSv1_1, TLSv1_2, TLSv1_3}) {
    for (std::size_t suites = 0; suites <= 128; ++suites) {
      ClientHello const hello = hello_for(version, some_suites(suites), "host.test");
      EXPECT_TRUE(lucky(hello.encode().size())) << name(version) << ' ' << suites << ' ' << hello.encode().size();
      EXPECT_FALSE(hello.extensions.back().data.empty()) << "an empty extension at the end";
    }
  }
}

TEST(Hello, ChangingExtensionsSetsThePaddingAnew) {
  ClientHello hello = hello_for(TLSv1_0, some_suites(3), "host.test");
  for (std::size_t octets = 0; octets < 1200; octets += 7) {
    put(hello, {ExtensionType::cookie, Bytes(octets, 1)});
    EXPECT_TRUE(lucky(hello.encode().size())) << octets << ' ' << hello.encode().size();
    EXPECT_EQ(
        std::count_if(hello.extensions.begin(), hello.extensions.end(), [](Extension const& e) { return e.type == ExtensionType::cookie; }),
        1);
  }
  drop(hello, ExtensionType::cookie);
  EXPECT_FALSE(has(hello, ExtensionType::cookie));
  EXPECT_TRUE(lucky(hello.encode().size()));
  drop(hello, ExtensionType::cookie);

  put(hello, padding(3));  // asked for by name, it stays as it is
  EXPECT_EQ(find(hello.extensions, ExtensionType::padding)->data.size(), 3U);
  drop(hello, ExtensionType::padding);
  EXPECT_FALSE(has(hello, ExtensionType::padding));
}

TEST(Hello, PreSharedKeyStaysTheLast) {
  ClientHello hello = hello_for(TLSv1_3, some_suites(1), "");
  for (std::size_t octets = 0; octets < 300; ++octets) {
    put(hello, {ExtensionType::pre_shared_key, Bytes(octets, 1)});
    EXPECT_EQ(hello.extensions.back().type, ExtensionType::pre_shared_key);
    EXPECT_TRUE(lucky(hello.encode().size()));
  }
}

TEST(Hello, TheCanaryIsSmallAndSpeaksTwoVersions) {
  for (unsigned const length : {0U, 1U, 20U, 60U, 99U}) {
    ClientHello const hello = canary_hello(length == 0 ? "" : std::string(length, 'a'));
    EXPECT_LT(hello.encode_in_records().size(), 256U) << length;
    EXPECT_EQ(has(hello, ExtensionType::server_name), length > 0);
  }
  EXPECT_TRUE(lucky(canary_hello(std::string(253, 'a')).encode().size()));
  ClientHello const hello = canary_hello("host.test");
  EXPECT_EQ(hello.cipher_suites.size(), 12U);
  EXPECT_EQ(hex(find(hello.extensions, ExtensionType::supported_versions)->data), "0403040303");
  EXPECT_EQ(hex(find(hello.extensions, ExtensionType::key_share)->data), "0000");
  for (NamedGroup const group : codes<NamedGroup>(hello, ExtensionType::supported_groups)) EXPECT_EQ(find(group)->kind, "ecdhe");
}

TEST(Hello, EverySuiteIsOfferedOnceAtItsVersions) {
  std::vector<CipherSuite> const now = offerable_suites(TLSv1_3);
  std::vector<CipherSuite> const old = offerable_suites(TLSv1_2);
  EXPECT_EQ(now.size(), 19U);
  EXPECT_EQ(now.front(), CipherSuite::TLS_AES_128_GCM_SHA256);
  EXPECT_EQ(std::set<CipherSuite>(old.begin(), old.end()).size(), old.size());
  EXPECT_EQ(old.back(), CipherSuite::TLS_NULL_WITH_NULL_NULL);
  for (CipherSuiteInfo const& suite : cipher_suites()) {
    auto const code = static_cast<CipherSuite>(suite.code);
    bool const offerable = suite.status != "scsv" && suite.status != "grease";
    EXPECT_EQ(contains(now, code), offerable && suite.min_version == TLSv1_3) << suite.name;
    EXPECT_EQ(contains(old, code), offerable && suite.min_version != TLSv1_3) << suite.name;
  }
  EXPECT_EQ(offerable_suites(SSLv3), old);
  EXPECT_EQ(find(old.front())->key_exchange, "ECDHE");
  EXPECT_TRUE(find(old.front())->aead());
}

}  // namespace
}  // namespace tlsgauge::wire
