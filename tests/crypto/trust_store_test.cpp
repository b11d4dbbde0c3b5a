#include "crypto/trust_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "crypto/chain_maker.hpp"
#include "crypto/verify.hpp"

namespace tlsgauge::crypto {
namespace {

namespace fs = std::filesystem;
using test::Made;
using testing::HasSubstr;

/// A configuration of its own with the stores "corporate" (a file) and "several" (a folder).
class NamedStores : public testing::Test {
 protected:
  void SetUp() override {
    std::string path = testing::TempDir() + "tlsgauge-stores-XXXXXX";
    ASSERT_NE(mkdtemp(path.data()), nullptr);
    home_ = path;
    stores_ = home_ / "tlsgauge" / "trust-stores";
    fs::create_directories(stores_ / "several");
    std::ofstream(stores_ / "corporate.pem") << one_.pem();
    std::ofstream(stores_ / "several" / "one.crt") << one_.pem();
    std::ofstream(stores_ / "several" / "two.pem") << two_.pem();
    std::ofstream(stores_ / "several" / "notes.txt") << "not a certificate";
    setenv("XDG_CONFIG_HOME", home_.c_str(), 1);
  }
  void TearDown() override {
    unsetenv("XDG_CONFIG_HOME");
    fs::remove_all(home_);
  }

  static bool trusts(Result<TrustStore::Pointer> const& store, Made const& issuer) {
    EXPECT_TRUE(store) << (store ? "" : store.error().detail);
    if (!store) return false;
    std::vector<Bytes> const chain{test::make(test::entity(), &issuer).der()};
    return verify_chain(chain, **store, test::kNow).trusted;
  }

  Made const one_ = test::make(test::anchor("one"));
  Made const two_ = test::make(test::anchor("two"));
  fs::path home_;
  fs::path stores_;
};

TEST_F(NamedStores, AreFoundByName) {
  auto const corporate = TrustStore::load("corporate", "");
  EXPECT_TRUE(trusts(corporate, one_));
  EXPECT_FALSE(trusts(corporate, two_));
  EXPECT_EQ(corporate.value()->name(), "corporate");
  auto const several = TrustStore::load("several", "");
  EXPECT_TRUE(trusts(several, one_));
  EXPECT_TRUE(trusts(several, two_));
}

TEST_F(NamedStores, MayBePaths) {
  std::string const file = (stores_ / "several" / "two.pem").string();
  EXPECT_TRUE(trusts(TrustStore::load(file, ""), two_));
  EXPECT_FALSE(trusts(TrustStore::load(file, ""), one_));
  EXPECT_EQ(TrustStore::load(file, "").value()->name(), "two.pem");
  auto const folder = TrustStore::load((stores_ / "several").string() + "/", "");
  EXPECT_TRUE(trusts(folder, one_));
  EXPECT_EQ(folder.value()->name(), "several");
}

TEST_F(NamedStores, TakeTheAnchorsOfAFileBesides) {
  auto const store = TrustStore::load("corporate", (stores_ / "several" / "two.pem").string());
  EXPECT_TRUE(trusts(store, one_));
  EXPECT_TRUE(trusts(store, two_));
  EXPECT_EQ(store.value()->name(), "corporate + two.pem");
  EXPECT_FALSE(trusts(TrustStore::load("corporate", ""), two_));
}

TEST_F(NamedStores, AreListedWhereTheNameIsUnknown) {
  for (std::string const name : {"nobody", "", "../trust-stores/corporate", ".", "/nonexistent/store.pem"}) {
    auto const store = TrustStore::load(name, "");
    if (name == ".") {  // the folder where the test runs: no store, and said so
      EXPECT_FALSE(store);
      continue;
    }
    ASSERT_FALSE(store) << name;
    EXPECT_EQ(store.error().kind, ErrorKind::invalid_input);
    EXPECT_THAT(store.error().detail, HasSubstr("unknown trust store \"" + name + "\"; known are system, "));
    EXPECT_THAT(store.error().detail, HasSubstr("corporate, several"));
  }
}

TEST_F(NamedStores, WithoutCertificatesAreFaults) {
  fs::create_directories(stores_ / "empty");
  std::ofstream(stores_ / "broken.pem") << "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  EXPECT_THAT(TrustStore::load("empty", "").error().detail, HasSubstr("holds no certificate in PEM"));
  EXPECT_THAT(TrustStore::load("broken", "").error().detail, HasSubstr("certificate 1 of"));
}

TEST(TrustStore, OfMozillaIsDebiansPackage) {
  if (!fs::exists("/usr/share/ca-certificates/mozilla")) GTEST_SKIP() << "ca-certificates is not installed";
  auto const store = TrustStore::load("mozilla", "");
  ASSERT_TRUE(store) << store.error().detail;
  EXPECT_EQ(store.value()->name(), "mozilla");
  std::size_t roots = 0;
  for (fs::directory_entry const& file : fs::directory_iterator{"/usr/share/ca-certificates/mozilla"}) {
    std::ifstream in{file.path()};
    std::string const pem{std::istreambuf_iterator<char>{in}, {}};
    BioHandle const text = bio_over(view(pem));
    X509Handle const root{PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr)};
    ASSERT_TRUE(root) << file.path();
    std::vector<Bytes> const chain{to_der(*root)};
    EXPECT_TRUE(verify_chain(chain, **store, test::kNow).anchored) << file.path();
    EXPECT_FALSE(local_anchor(chain.front()));
    if (++roots == 5) break;
  }
  EXPECT_EQ(roots, 5U);
}

}  // namespace
}  // namespace tlsgauge::crypto
