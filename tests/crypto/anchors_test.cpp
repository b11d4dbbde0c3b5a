#include "crypto/anchors.hpp"

#include <gmock/gmock.h>

#include <openssl/x509_vfy.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "crypto/chain_maker.hpp"
#include "crypto/trust_store.hpp"
#include "crypto/verify.hpp"

namespace tlsgauge::crypto {
namespace {

namespace fs = std::filesystem;
using test::Made;

/// A file that is the system's store, and a file beside it for --ca-file.
class SystemStore : public testing::Test {
 protected:
  void SetUp() override {
    std::string path = testing::TempDir() + "tlsgauge-anchors-XXXXXX";
    ASSERT_NE(mkdtemp(path.data()), nullptr);
    folder_ = path;
    if (char const* const before = std::getenv("SSL_CERT_FILE")) before_ = before;
    setenv("SSL_CERT_FILE", (folder_ / "system.pem").c_str(), 1);
  }
  void TearDown() override {
    before_ ? setenv("SSL_CERT_FILE", before_->c_str(), 1) : unsetenv("SSL_CERT_FILE");
    fs::remove_all(folder_);
  }

  /// Stores are kept by name, so each has a --ca-file of its own.
  TrustStore::Pointer load(std::string const& system, std::string const& besides = other_.pem()) {
    std::ofstream{folder_ / "system.pem"} << system;
    fs::path const file = folder_ / ("besides-" + std::to_string(++count_) + ".pem");
    std::ofstream{file} << besides;
    auto store = TrustStore::load(file.string());
    EXPECT_TRUE(store) << store.error().detail;
    return store.value();
  }
  static bool trusts(TrustStore const& store, Made const& issuer) {
    std::vector<Bytes> const chain{test::make(test::entity(), &issuer).der()};
    return verify_chain(chain, store, test::kNow).trusted;
  }

  static inline Made const other_ = test::make(test::anchor("other"));
  Made const one_ = test::make(test::anchor("one"));
  Made const two_ = test::make(test::anchor("two"));
  Made const stranger_ = test::make(test::anchor("stranger"));
  fs::path folder_;
  std::optional<std::string> before_;
  int count_ = 0;
};

TEST_F(SystemStore, IsTrustedAndWhatIsNotInItIsNot) {
  auto const store = load(one_.pem() + two_.pem());
  EXPECT_TRUE(trusts(*store, two_));
  EXPECT_TRUE(trusts(*store, one_));
  EXPECT_TRUE(trusts(*store, other_));
  EXPECT_FALSE(trusts(*store, stranger_));
  EXPECT_TRUE(trusts(*store, one_)) << "also once it was looked up";
}

TEST_F(SystemStore, TellsKeysOfOneNameApart) {
  Made const same = test::make(test::anchor("one"));
  Made const forged = test::make(test::anchor("one"));
  auto const store = load(one_.pem(), same.pem());
  EXPECT_TRUE(trusts(*store, same));
  EXPECT_TRUE(trusts(*store, one_));
  EXPECT_FALSE(trusts(*store, forged));
}

TEST_F(SystemStore, ComparesNamesAsRfc5280Does) {
  Made const upper = test::make(test::anchor("An  Authority"));
  Made lower = test::make(test::anchor("an authority"), nullptr, &upper);
  auto const store = load(upper.pem());
  EXPECT_TRUE(trusts(*store, lower));
}

TEST_F(SystemStore, MayHoldCertificatesOfVersion1) {
  test::Form form = test::anchor("old");
  form.version = X509_VERSION_1;
  form.extensions.clear();
  Made const old = test::make(form);
  std::vector<Bytes> const chain{test::make(test::entity("DNS:www.example.com", {{"authorityKeyIdentifier", ""}}), &old).der()};
  EXPECT_TRUE(verify_chain(chain, *load(old.pem()), test::kNow).anchored);
  EXPECT_FALSE(verify_chain(chain, *load(one_.pem(), two_.pem()), test::kNow).anchored);
}

TEST_F(SystemStore, PassesOverWhatIsNoCertificate) {
  std::string const key = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
  auto const store = load("words\n" + key + one_.pem() + "more words\n" + two_.pem() + key);
  EXPECT_TRUE(trusts(*store, one_));
  EXPECT_TRUE(trusts(*store, two_));
}

/// So do OpenSSL's clients.
TEST_F(SystemStore, TrustsNothingOfAFileThatIsBroken) {
  for (std::string const& broken : {std::string{"-----BEGIN CERTIFICATE-----\n%%%%\n-----END CERTIFICATE-----\n"},
                                    std::string{"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"},
                                    one_.pem().substr(0, 200) + "\n-----END CERTIFICATE-----\n", one_.pem().substr(0, 100)}) {
    EXPECT_FALSE(trusts(*load(one_.pem() + broken), one_)) << broken;
    EXPECT_FALSE(trusts(*load(broken + one_.pem()), one_)) << broken;
    EXPECT_TRUE(trusts(*load(broken), other_)) << broken;
    StoreHandle const eager{X509_STORE_new()};
    EXPECT_NE(X509_STORE_load_file(eager.get(), (folder_ / "system.pem").c_str()), 1) << broken;
  }
}

/// What follows in a plain block is no trust setting.
TEST_F(SystemStore, LeavesOutWhatFollowsACertificate) {
  Bytes der = one_.der();
  Bytes const settings = {0x30, 0x0C, 0xA0, 0x0A, 0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01};  // reject serverAuth
  for (Bytes const& behind : {Bytes{0}, settings}) {
    Bytes with = der;
    with.insert(with.end(), behind.begin(), behind.end());
    BioHandle const out{BIO_new(BIO_s_mem())};
    PEM_write_bio(out.get(), "CERTIFICATE", "", with.data(), static_cast<long>(with.size()));
    EXPECT_TRUE(trusts(*load(std::string{text(content(*out))}), one_));
  }
}

TEST_F(SystemStore, KeepsWhatAnAdministratorDistrusts) {
  BioHandle const out{BIO_new(BIO_s_mem())};
  std::unique_ptr<ASN1_OBJECT, FreeWith<ASN1_OBJECT_free>> const serving{OBJ_txt2obj("serverAuth", 0)};
  ASSERT_EQ(X509_add1_reject_object(one_.certificate.get(), serving.get()), 1);
  PEM_write_bio_X509_AUX(out.get(), one_.certificate.get());
  auto const store = load(std::string{text(content(*out))} + two_.pem());
  EXPECT_FALSE(trusts(*store, one_));
  EXPECT_TRUE(trusts(*store, two_));
}

TEST_F(SystemStore, ServesManyThreadsAtOnce) {
  Made const namesake = test::make(test::anchor("one"));
  std::vector<std::vector<Bytes>> chains;
  for (Made const* issuer : {&one_, &namesake, &two_}) chains.push_back({test::make(test::entity(), issuer).der()});
  constexpr int kRounds = 60;
  constexpr int kThreads = 4;
  std::atomic<int> trusted = 0;
  for (int round = 0; round < kRounds; ++round) {
    auto const store = load(one_.pem() + two_.pem() + namesake.pem());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        for (std::size_t k = 0; k < chains.size(); ++k)
          trusted += verify_chain(chains[(i + k) % chains.size()], *store, test::kNow).trusted;
      });
    }
    for (std::thread& each : threads) each.join();
  }
  EXPECT_EQ(trusted, kRounds * kThreads * 3);
}

/// Each anchor that OpenSSL finds by reading the whole file is found by its name.
TEST(Anchors, AreAllOfTheMachinesFile) {
  std::string const path = X509_get_default_cert_file();
  std::ifstream in{path};
  if (!in) GTEST_SKIP() << "ca-certificates is not installed";
  std::string const pem{std::istreambuf_iterator<char>{in}, {}};
  StoreHandle const eager{X509_STORE_new()};
  ASSERT_EQ(X509_STORE_load_file(eager.get(), path.c_str()), 1);
  Anchors anchors;
  ASSERT_EQ(anchors.add_pem(pem), 0U);
  StoreHandle const lazy{X509_STORE_new()};
  ASSERT_TRUE(anchors.serve(*lazy));
  StoreContextHandle const context{X509_STORE_CTX_new()};
  ASSERT_EQ(X509_STORE_CTX_init(context.get(), lazy.get(), nullptr, nullptr), 1);
  STACK_OF(X509_OBJECT)* const all = X509_STORE_get0_objects(eager.get());
  ASSERT_GT(sk_X509_OBJECT_num(all), 50);
  for (int i = 0; i < sk_X509_OBJECT_num(all); ++i) {
    X509* const wanted = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(all, i));
    ASSERT_NE(wanted, nullptr);
    X509StackHandle const found{X509_STORE_CTX_get1_certs(context.get(), X509_get_subject_name(wanted))};
    bool is_there = false;
    for (int k = 0; found && k < sk_X509_num(found.get()); ++k) is_there = is_there || X509_cmp(sk_X509_value(found.get(), k), wanted) == 0;
    EXPECT_TRUE(is_there) << i;
  }
  EXPECT_EQ(sk_X509_OBJECT_num(X509_STORE_get0_objects(lazy.get())), sk_X509_OBJECT_num(all));
}

}  // namespace
}  // namespace tlsgauge::crypto
