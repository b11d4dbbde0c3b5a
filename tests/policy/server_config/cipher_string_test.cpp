// Cipher strings as OpenSSL reads them: held against the programs that are installed, and for other versions against their manuals.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <random>
#include <set>

#include "base/text.hpp"
#include "policy/server_config/openssl.hpp"

namespace tlsgauge::policy {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view kStrings[] = {
#include "policy/server_config/cipher_strings.inc"
};

std::vector<std::string> names(std::vector<wire::CipherSuiteInfo const*> const& suites) {
  std::vector<std::string> out;
  for (wire::CipherSuiteInfo const* const suite : suites) out.emplace_back(suite->openssl_name);
  return out;
}

std::string run(std::string const& command) {
  std::string out;
  std::FILE* const pipe = popen((command + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return out;
  std::array<char, 4096> part{};
  for (std::size_t count = 0; (count = std::fread(part.data(), 1, part.size(), pipe)) > 0;) out.append(part.data(), count);
  return pclose(pipe) == 0 ? std::string{trim(out)} : std::string{};
}

/// An OpenSSL that can be run.
class Installed : public ::testing::TestWithParam<char const*> {
 protected:
  void SetUp() override {
    std::string const path = GetParam();
    program_ = "OPENSSL_CONF=/dev/null " + (path.find('/') == std::string::npos ? path : std::string{TLSGAUGE_SOURCE_DIR} + "/" + path);
    std::string const version = run(program_ + " version");
    if (!version.starts_with("OpenSSL ")) GTEST_SKIP() << path << " is not there";
    build_ = openssl_build(version);
    build_.weak_ciphers = !list("3DES").empty();
    auto const all = list("ALL:COMPLEMENTOFALL");
    has_.insert(all.begin(), all.end());
    ASSERT_GT(has_.size(), 100U);
  }

  /// What it selects, or with `options` "-s" offers, without the suites of TLS 1.3; empty where it refuses.
  [[nodiscard]] std::vector<std::string> list(std::string_view text, std::string const& options = {}) const {
    // A string that begins with - would be an option.
    std::string const argument = (text.starts_with('-') ? ":" : "") + std::string{text};
    std::string const line = run(program_ + " ciphers -ciphersuites '' " + options + " '" + argument + "'");
    if (line.empty()) return {};
    std::vector<std::string> out;
    for (std::string_view const name : split(line, ':')) out.emplace_back(name);
    return out;
  }
  /// As far as this build has the suites.
  [[nodiscard]] std::vector<std::string> known(std::vector<std::string> all) const {
    std::erase_if(all, [&](std::string const& name) { return !has_.contains(name); });
    return all;
  }
  void expect_same(std::string_view text) const {
    SCOPED_TRACE(text);
    CipherList const read = read_cipher_string(text, build_);
    EXPECT_EQ(known(names(read.suites)), list(text));
    EXPECT_EQ(known(names(read.offered)), list(text, "-s -psk -srp -tls1_2"));
  }

  std::string program_;
  OpensslBuild build_;
  std::set<std::string> has_;
};

INSTANTIATE_TEST_SUITE_P(CipherString, Installed, ::testing::Values("openssl", "build/openssl35/openssl"));

TEST_P(Installed, HasTheSuitesThatItShould) {
  if (build_.weak_ciphers) GTEST_SKIP() << "what of the weak ciphers is there depends on providers";
  EXPECT_EQ(names(read_cipher_string("ALL:COMPLEMENTOFALL", build_).suites), list("ALL:COMPLEMENTOFALL"));
}

TEST_P(Installed, ReadsStringsAsWeDo) {
  static_assert(std::size(kStrings) >= 100);
  for (std::string_view const text : kStrings) expect_same(text);
}

TEST_P(Installed, ReadsWhateverIsMadeOfWordsAsWeDo) {
  std::mt19937 random{20261126};
  auto const below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  std::vector<std::string> words{has_.begin(), has_.end()};
  for (std::string_view const text : kStrings) {
    if (!text.empty() && text.find_first_of(":+-!@ ,;$") == std::string_view::npos) words.insert(words.end(), 3, std::string{text});
  }
  constexpr std::array<char const*, 8> kOperators = {"", "", "", "", "", "-", "+", "!"};
  constexpr std::array<char const*, 4> kSeparators = {":", ":", ",", " "};
  for (int round = 0; round < 150; ++round) {
    std::string text;
    for (std::size_t count = 1 + below(8); count > 0; --count) {
      if (!text.empty()) text += kSeparators[below(kSeparators.size())];
      text += kOperators[below(kOperators.size())] + words[below(words.size())];
      for (std::size_t more = below(3); more > 0; --more) text += '+' + words[below(words.size())];
      if (below(12) == 0) text += "@STRENGTH";
    }
    expect_same(text);
  }
}

TEST_P(Installed, ReadsCiphersuitesAsWeDo) {
  for (std::string_view const text :
       {"TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384", " TLS_AES_128_GCM_SHA256 : TLS_AES_256_GCM_SHA384 ",
        "TLS_AES_128_GCM_SHA256::TLS_CHACHA20_POLY1305_SHA256", "tls_aes_128_gcm_sha256", "TLS_FOO", ":",
        "TLS_FOO:TLS_AES_128_CCM_8_SHA256", "TLS_AES_128_CCM_SHA256", "TLS_AES_128_GCM_SHA256,TLS_AES_256_GCM_SHA384",
        "ECDHE-RSA-AES128-SHA:TLS_AES_128_GCM_SHA256", "TLS_SHA256_SHA256", " "}) {
    SCOPED_TRACE(text);
    CiphersuiteList const read = read_ciphersuites(text, build_);
    std::string const real = run(program_ + " ciphers -tls1_3 -ciphersuites '" + std::string{text} + "' AES128-SHA");
    EXPECT_EQ(read.refused, real.empty());
    if (real.empty()) continue;
    EXPECT_EQ(join(names(read.suites), ":") + ":AES128-SHA", real);
  }
  EXPECT_EQ(join(names(default_ciphersuites(build_)), ":") + ":AES128-SHA", run(program_ + " ciphers -tls1_3 AES128-SHA"));
}

constexpr OpensslBuild kOld{.major = 1, .minor = 0, .patch = 2};
constexpr OpensslBuild kMiddle{.major = 1, .minor = 1, .patch = 1};
constexpr OpensslBuild kDebian12{.major = 3, .minor = 0, .patch = 19};
constexpr OpensslBuild kLatest{.major = 4, .minor = 0, .patch = 0};

TEST(CipherString, ReadsVersions) {
  auto const parts = [](std::string_view text) {
    OpensslBuild const build = openssl_build(text);
    return std::vector<int>{build.major, build.minor, build.patch};
  };
  EXPECT_THAT(parts("3.0.19"), ElementsAre(3, 0, 19));
  EXPECT_THAT(parts("1.1.1w"), ElementsAre(1, 1, 1));
  EXPECT_THAT(parts("1.0.2k-fips"), ElementsAre(1, 0, 2));
  EXPECT_THAT(parts("3.5"), ElementsAre(3, 5, 0));
  EXPECT_THAT(parts("OpenSSL 3.5.9 29 Sep 2026 (Library: OpenSSL 3.5.9 29 Sep 2026)"), ElementsAre(3, 5, 9));
  for (std::string_view const text : {"", "x", "3", "3.", "-1.0", "0.9.8", "99999999999.1"}) EXPECT_THAT(parts(text), ElementsAre(3, 0, 0));
}

TEST(CipherString, NamesWhatItIgnores) {
  CipherList const read =
      read_cipher_string("ECDHE-RSA-AES128-SHA:TLS_AES_128_GCM_SHA256:AES128-SAH:RC4:!EXP:!MD4:FOO+aRSA:!3DES", kDebian12);
  EXPECT_THAT(names(read.suites), ElementsAre("ECDHE-RSA-AES128-SHA"));
  EXPECT_THAT(read.tls13_names, ElementsAre("TLS_AES_128_GCM_SHA256"));
  EXPECT_THAT(read.ignored, ElementsAre("AES128-SAH", "RC4", "!MD4", "FOO+aRSA"));
  EXPECT_EQ(read.security_level, -1);
}

TEST(CipherString, OnlySuitesOfTls13AreRefused) {
  CipherList const read = read_cipher_string("TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256", kDebian12);
  EXPECT_THAT(read.suites, IsEmpty());
  EXPECT_THAT(read.offered, IsEmpty());
  EXPECT_THAT(read.ignored, IsEmpty());
  EXPECT_THAT(read.tls13_names, ElementsAre("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"));
}

TEST(CipherString, ASecurityLevelTakesAwayWhatIsOffered) {
  CipherList const read = read_cipher_string("AES128-SHA:ECDHE-RSA-AES128-SHA:ADH-AES128-SHA:@SECLEVEL=3", kDebian12);
  EXPECT_EQ(read.security_level, 3);
  EXPECT_THAT(names(read.suites), ElementsAre("AES128-SHA", "ECDHE-RSA-AES128-SHA", "ADH-AES128-SHA"));
  EXPECT_THAT(names(read.offered), ElementsAre("ECDHE-RSA-AES128-SHA"));
  EXPECT_THAT(names(read_cipher_string("AES128-SHA:ADH-AES128-SHA", kDebian12).offered), ElementsAre("AES128-SHA"));
  EXPECT_THAT(names(read_cipher_string("ADH-AES128-SHA@SECLEVEL=0", kDebian12).offered), ElementsAre("ADH-AES128-SHA"));
  EXPECT_THAT(read_cipher_string("AES128-SHA:@SECLEVEL=1", kOld).suites, IsEmpty()) << "1.0.2 does not know levels";
}

TEST(CipherString, DependsOnWhatWasCompiledIn) {
  OpensslBuild weak = kMiddle;
  weak.weak_ciphers = true;
  EXPECT_THAT(names(read_cipher_string("DES-CBC3-SHA:RC4-SHA:AES128-SHA", kMiddle).suites), ElementsAre("AES128-SHA"));
  EXPECT_THAT(names(read_cipher_string("DES-CBC3-SHA:RC4-SHA:AES128-SHA", weak).suites),
              ElementsAre("DES-CBC3-SHA", "RC4-SHA", "AES128-SHA"));
  EXPECT_THAT(names(read_cipher_string("EDH-RSA-DES-CBC3-SHA", weak).suites), ElementsAre("DHE-RSA-DES-CBC3-SHA"));
  EXPECT_THAT(names(read_cipher_string("HIGH", weak).suites), Not(Contains("DES-CBC3-SHA"))) << "MEDIUM since SWEET32";
  EXPECT_THAT(names(read_cipher_string("MEDIUM", weak).suites), Contains("DES-CBC3-SHA"));
  EXPECT_THAT(names(read_cipher_string("DEFAULT", weak).suites), Not(Contains("DES-CBC3-SHA")));
  EXPECT_THAT(names(read_cipher_string("MEDIUM", kMiddle).suites), Contains("SEED-SHA"));
  EXPECT_THAT(names(read_cipher_string("MEDIUM", kDebian12).suites), Not(Contains("SEED-SHA")));
}

TEST(CipherString, DependsOnTheVersion) {
  EXPECT_THAT(names(read_cipher_string("ALL", kOld).suites), Contains("DES-CBC3-SHA"));
  EXPECT_THAT(names(read_cipher_string("DEFAULT", kOld).suites), Contains("ECDH-RSA-AES128-SHA"));
  EXPECT_THAT(names(read_cipher_string("ALL", kOld).suites), Not(Contains("ECDHE-RSA-CHACHA20-POLY1305")));
  EXPECT_THAT(names(read_cipher_string("ALL", kMiddle).suites), Not(Contains("ECDH-RSA-AES128-SHA")));
  EXPECT_EQ(names(read_cipher_string("DEFAULT", kMiddle).suites), names(read_cipher_string("DEFAULT", kDebian12).suites));
  EXPECT_THAT(read_cipher_string("CBC", kMiddle).suites, IsEmpty()) << "a keyword of 3.0";
  EXPECT_THAT(names(read_cipher_string("aes128-sha:high", kLatest).suites), Contains("AES128-SHA")) << "case counts until 4.0";
  EXPECT_THAT(read_cipher_string("aes128-sha:high", kDebian12).suites, IsEmpty());
}

TEST(CipherString, IsBounded) {
  std::string text;
  while (text.size() < 60'000) text += "ALL:-ALL:";
  EXPECT_THAT(read_cipher_string(text, kDebian12).suites, IsEmpty());
  EXPECT_THAT(read_cipher_string(text + std::string(10'000, 'A'), kDebian12).ignored, IsEmpty());
}

TEST(Ciphersuites, OfOlderVersions) {
  EXPECT_TRUE(read_ciphersuites("TLS_AES_128_GCM_SHA256", kOld).refused) << "no TLS 1.3";
  EXPECT_THAT(default_ciphersuites(kOld), IsEmpty());
  EXPECT_TRUE(read_ciphersuites("TLS_AES_128_GCM_SHA256:TLS_FOO", kMiddle).refused) << "strange names count until 3.0";
  EXPECT_FALSE(read_ciphersuites("", kMiddle).refused);
  EXPECT_THAT(read_ciphersuites("", kMiddle).suites, IsEmpty());
  CiphersuiteList const read = read_ciphersuites("TLS_FOO:TLS_AES_128_GCM_SHA256:TLS_AES_128_GCM_SHA256", kDebian12);
  EXPECT_THAT(names(read.suites), ElementsAre("TLS_AES_128_GCM_SHA256"));
  EXPECT_THAT(read.unknown, ElementsAre("TLS_FOO"));
}

}  // namespace
}  // namespace tlsgauge::policy
