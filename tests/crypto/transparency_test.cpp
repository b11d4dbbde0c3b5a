#include "crypto/transparency.hpp"

#include <gmock/gmock.h>
#include <openssl/ct.h>
#include <unistd.h>

#include <fstream>

#include "crypto/base64.hpp"
#include "crypto/test_log.hpp"

namespace tlsgauge::crypto {
namespace {

using test::LoggedChain;
using test::TestLog;

Moment const kFrom = parse_rfc3339("2026-06-01T00:00:00Z").value();

wire::SignedCertificateTimestamp only_embedded(Bytes const& certificate) {
  std::vector<Bytes> const members = wire::split_sct_list(embedded_sct_list(certificate)).value();
  return wire::SignedCertificateTimestamp::parse(members.at(0)).value();
}

/// What OpenSSL thinks of an embedded timestamp: somebody else's reading of RFC 6962.
sct_validation_status_t second_opinion(LoggedChain const& chain, Bytes const& log_key) {
  std::string const path = testing::TempDir() + "ct_log_" + std::to_string(getpid()) + ".cnf";
  std::string base64(4 * ((log_key.size() + 2) / 3) + 1, '\0');
  base64.resize(static_cast<std::size_t>(
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()), log_key.data(), static_cast<int>(log_key.size()))));
  std::ofstream{path} << "enabled_logs = a\n[a]\ndescription = a\nkey = " << base64 << "\n";
  std::unique_ptr<CTLOG_STORE, FreeWith<CTLOG_STORE_free>> const store{CTLOG_STORE_new()};
  EXPECT_EQ(CTLOG_STORE_load_file(store.get(), path.c_str()), 1);
  unlink(path.c_str());
  std::unique_ptr<CT_POLICY_EVAL_CTX, FreeWith<CT_POLICY_EVAL_CTX_free>> const context{CT_POLICY_EVAL_CTX_new()};
  auto const parse = [](Bytes const& der) {
    unsigned char const* at = der.data();
    return X509Handle{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
  };
  X509Handle const leaf = parse(chain.leaf), issuer = parse(chain.issuer);
  CT_POLICY_EVAL_CTX_set1_cert(context.get(), leaf.get());
  CT_POLICY_EVAL_CTX_set1_issuer(context.get(), issuer.get());
  CT_POLICY_EVAL_CTX_set_shared_CTLOG_STORE(context.get(), store.get());
  CT_POLICY_EVAL_CTX_set_time(context.get(), static_cast<std::uint64_t>(kFrom.time_since_epoch().count() + 86400) * 1000);
  Bytes const list = embedded_sct_list(chain.leaf);
  unsigned char const* at = list.data();
  std::unique_ptr<STACK_OF(SCT), FreeWith<SCT_LIST_free>> const scts{o2i_SCT_LIST(nullptr, &at, list.size())};
  EXPECT_EQ(sk_SCT_num(scts.get()), 1);
  SCT* const sct = sk_SCT_value(scts.get(), 0);
  SCT_set_source(sct, SCT_SOURCE_X509V3_EXTENSION);
  (void)SCT_validate(sct, context.get());
  return SCT_get_validation_status(sct);
}

TEST(Transparency, AnEmbeddedTimestampOfTheLogHoldsAndOpenSslAgrees) {
  for (bool const rsa : {false, true}) {
    TestLog const log{rsa};
    LoggedChain const chain = test::logged_chain({&log}, kFrom);
    EXPECT_EQ(signed_by_log(only_embedded(chain.leaf), LogEntry::precertificate, chain.leaf, chain.issuer, log.spki()).value(), true);
    EXPECT_EQ(second_opinion(chain, log.spki()), SCT_VALIDATION_STATUS_VALID);
  }
}

TEST(Transparency, ATimestampFromAnotherCertificateDoesNotHold) {
  TestLog const log;
  LoggedChain const one = test::logged_chain({&log}, kFrom), other = test::logged_chain({&log}, kFrom);
  EXPECT_EQ(signed_by_log(only_embedded(one.leaf), LogEntry::precertificate, other.leaf, other.issuer, log.spki()).value(), false);
  EXPECT_EQ(signed_by_log(only_embedded(one.leaf), LogEntry::precertificate, one.leaf, other.issuer, log.spki()).value(), false);
}

TEST(Transparency, AChangedTimestampOrKeyDoesNotHold) {
  TestLog const log, stranger;
  LoggedChain const chain = test::logged_chain({&log}, kFrom);
  wire::SignedCertificateTimestamp sct = only_embedded(chain.leaf);
  EXPECT_EQ(signed_by_log(sct, LogEntry::precertificate, chain.leaf, chain.issuer, stranger.spki()).value(), false);
  ++sct.timestamp;
  EXPECT_EQ(signed_by_log(sct, LogEntry::precertificate, chain.leaf, chain.issuer, log.spki()).value(), false);
}

TEST(Transparency, TimestampsByTlsAreForTheCertificateAsItIs) {
  TestLog const log;
  LoggedChain const chain = test::logged_chain({}, kFrom);
  auto const sct = wire::SignedCertificateTimestamp::parse(log.timestamp_of(chain.leaf, kFrom)).value();
  EXPECT_EQ(signed_by_log(sct, LogEntry::x509, chain.leaf, {}, log.spki()).value(), true);
  EXPECT_EQ(signed_by_log(sct, LogEntry::x509, chain.issuer, {}, log.spki()).value(), false);
}

TEST(Transparency, SaysWhatItCannotCheck) {
  TestLog const log;
  LoggedChain const chain = test::logged_chain({&log}, kFrom);
  wire::SignedCertificateTimestamp sct = only_embedded(chain.leaf);
  EXPECT_EQ(signed_by_log(sct, LogEntry::precertificate, chain.leaf, {}, log.spki()).error().kind, ErrorKind::malformed);
  EXPECT_EQ(signed_by_log(sct, LogEntry::precertificate, chain.leaf, chain.issuer, Bytes{1, 2, 3}).error().kind, ErrorKind::malformed);
  sct.hash = 2;
  EXPECT_EQ(signed_by_log(sct, LogEntry::precertificate, chain.leaf, chain.issuer, log.spki()).error().kind, ErrorKind::unsupported);
}

TEST(Transparency, FindsNoListWhereThereIsNone) {
  EXPECT_TRUE(embedded_sct_list(test::logged_chain({}, kFrom).leaf).empty());
  EXPECT_TRUE(embedded_sct_list(Bytes{0x30, 0x03, 1, 2, 3}).empty());
  EXPECT_TRUE(stapled_sct_list(Bytes{0x30, 0x03, 1, 2, 3}).empty());
  EXPECT_TRUE(stapled_sct_list({}).empty());
}

TEST(Base64, OfRfc4648) {
  EXPECT_EQ(from_base64("Zm9vYg=="), (Bytes{'f', 'o', 'o', 'b'}));
  EXPECT_EQ(from_base64("Zm9vYmE="), (Bytes{'f', 'o', 'o', 'b', 'a'}));
  for (char const* const bad : {"", "Zm9", "Zm9v!===", "Z===", "Zm9vYg==\n"}) EXPECT_EQ(from_base64(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace tlsgauge::crypto
