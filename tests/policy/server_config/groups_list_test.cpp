// Lists of groups as OpenSSL reads them. What real servers and clients make of them: tests/servers/openssl_lists_test.py.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/server_config/openssl.hpp"

namespace tlsgauge::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr OpensslBuild kOld{.major = 1, .minor = 0, .patch = 2};
constexpr OpensslBuild kMiddle{.major = 1, .minor = 1, .patch = 1};
constexpr OpensslBuild kDebian12{.major = 3, .minor = 0, .patch = 19};
constexpr OpensslBuild kTuples{.major = 3, .minor = 5, .patch = 0};

std::vector<std::string> names(std::vector<wire::NamedGroupInfo const*> const& groups) {
  std::vector<std::string> out;
  for (wire::NamedGroupInfo const* const group : groups) out.emplace_back(group->name);
  return out;
}

std::vector<std::string> read(std::string_view text, OpensslBuild const& build) {
  GroupList const list = read_groups_list(text, build);
  return list.refused ? std::vector<std::string>{"refused"} : names(list.groups);
}

TEST(GroupsList, KnowsTheNamesOfEachVersion) {
  EXPECT_THAT(read("prime256v1:X25519:P-384", kDebian12), ElementsAre("secp256r1", "x25519", "secp384r1"));
  EXPECT_THAT(read("secp256r1:x25519:ffdhe2048", kDebian12), ElementsAre("secp256r1", "x25519", "ffdhe2048"));
  EXPECT_THAT(read("prime256v1:X25519:secp384r1", kMiddle), ElementsAre("secp256r1", "x25519", "secp384r1"));
  EXPECT_THAT(read("secp256r1", kMiddle), ElementsAre("refused")) << "only prime256v1 and P-256 until 3.0";
  EXPECT_THAT(read("ffdhe2048", kMiddle), ElementsAre("refused"));
  EXPECT_THAT(read("X25519", kOld), ElementsAre("refused"));
  EXPECT_THAT(read("prime256v1:secp384r1", kOld), ElementsAre("secp256r1", "secp384r1"));
  EXPECT_THAT(read("X25519MLKEM768", kDebian12), ElementsAre("refused"));
  EXPECT_THAT(read("X25519MLKEM768:x25519", kTuples), ElementsAre("X25519MLKEM768", "x25519"));
}

TEST(GroupsList, IsStrictBefore35) {
  for (std::string_view const text :
       {"", "FOO", "X25519:FOO", "X25519:", "X25519:X25519", "?X25519", "*X25519", "X25519/P-256", "p-256", "DEFAULT"}) {
    EXPECT_THAT(read(text, kDebian12), ElementsAre("refused")) << text;
  }
  EXPECT_THAT(read_groups_list("X25519:FOO", kDebian12).unknown, ElementsAre("FOO"));
}

TEST(GroupsList, HasTuplesAndPrefixesSince35) {
  EXPECT_THAT(read("*X25519MLKEM768 / *X25519:P-256", kTuples), ElementsAre("X25519MLKEM768", "x25519", "secp256r1"));
  EXPECT_THAT(read("?FOO:p-256", kTuples), ElementsAre("secp256r1"));
  EXPECT_THAT(read("X25519:P-256:X25519:-P-256", kTuples), ElementsAre("x25519"));
  EXPECT_THAT(read("DEFAULT:-X25519", kTuples),
              ElementsAre("X25519MLKEM768", "secp256r1", "x448", "secp384r1", "secp521r1", "ffdhe2048", "ffdhe3072"));
  EXPECT_THAT(read("", kTuples), IsEmpty());
  for (std::string_view const text : {"FOO", "X25519:", "X25519/", "/X25519", "??X25519", "?", "?DEFAULT", "-DEFAULT", "*DEFAULT",
                                      "*X25519:*P-256:*X448:*P-384:*P-521"}) {
    EXPECT_THAT(read(text, kTuples), ElementsAre("refused")) << text;
  }
}

TEST(GroupsList, HasADefaultForEachVersion) {
  EXPECT_THAT(names(default_groups(kTuples)),
              ElementsAre("X25519MLKEM768", "x25519", "secp256r1", "x448", "secp384r1", "secp521r1", "ffdhe2048", "ffdhe3072"));
  EXPECT_THAT(names(default_groups(kMiddle)), ElementsAre("x25519", "secp256r1", "x448", "secp521r1", "secp384r1"));
  EXPECT_EQ(default_groups(kDebian12).size(), 10U);
  EXPECT_THAT(default_groups(kOld), IsEmpty());
}

}  // namespace
}  // namespace tlsgauge::policy
