// The certificates asked for alone, all in one round.

#include "probes/certificates_case.hpp"
#include "probes/offers.hpp"

namespace tlsgauge::probes {
namespace {

using audit::Outcome;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using wire::CipherSuite;
using wire::NamedGroup;
using wire::ProtocolVersion;

class CertificatesAlone : public CertificatesCase {};

/// RSA and ECDSA at TLS 1.2 and 1.3, as nginx with two certificates.
audit::Reply two_certificates(audit::Question const& question) {
  std::optional<ProtocolVersion> const version = only_version(question.hello);
  if (version < ProtocolVersion::TLSv1_2) return test::alerted();
  bool const old_rsa = std::any_of(question.hello.cipher_suites.begin(), question.hello.cipher_suites.end(), [](CipherSuite suite) {
    wire::CipherSuiteInfo const* const info = wire::find(suite);
    return info != nullptr && info->authentication == "RSA";
  });
  bool const with_rsa = takes(question.hello, wire::SignatureScheme::rsa_pss_rsae_sha256);
  bool const with_ecdsa = takes(question.hello, wire::SignatureScheme::ecdsa_secp256r1_sha256);
  if (version == ProtocolVersion::TLSv1_3 && (with_rsa || with_ecdsa)) return shows(*version, {with_ecdsa ? ecdsa() : rsa()});
  if (version == ProtocolVersion::TLSv1_2 && with_rsa && old_rsa) return shows(*version, {rsa()});
  if (version == ProtocolVersion::TLSv1_2 && with_ecdsa) return shows(*version, {ecdsa()});
  return test::alerted();
}

TEST_F(CertificatesAlone, FindsAllInOneRoundWhateverEndsFirst) {
  Value const list = all_of(audit::Facts{}, two_certificates);
  EXPECT_THAT(asked_, SizeIs(8));
  ASSERT_THAT(list.items(), SizeIs(2));
  EXPECT_EQ(list.items()[0]["shown_for"]["authentication"], Value{"rsa"});
  EXPECT_EQ(list.items()[1]["shown_for"]["authentication"], Value{"ecdsa"});
  for (Value const& entry : list.items()) EXPECT_THAT(entry["shown_for"]["also"].items(), ElementsAre(Value{"TLSv1.2"}));
  EXPECT_THAT(open_, IsEmpty());
  peer_.answer_batches_backwards();
  EXPECT_EQ(all_of(audit::Facts{}, two_certificates), list);
}

TEST_F(CertificatesAlone, FollowsARetryToAnotherGroup) {
  Value const list = all_of(audit::Facts{}, [](audit::Question const& question) {
    bool const new_one = only_version(question.hello) == ProtocolVersion::TLSv1_3;
    if (new_one && shared_group(question.hello) == NamedGroup::x25519) return retry_with(NamedGroup::secp256r1);
    return two_certificates(question);
  });
  EXPECT_THAT(list.items(), SizeIs(2));
  EXPECT_THAT(open_, IsEmpty());
}

TEST_F(CertificatesAlone, GoesDownToSsl3AndShortHellos) {
  Value const list = all_of(audit::Facts{}, [](audit::Question const& question) {
    if (only_version(question.hello) == ProtocolVersion::SSLv3) return shows(ProtocolVersion::SSLv3, {rsa()});
    return test::alerted();
  });
  ASSERT_THAT(list.items(), SizeIs(1));
  EXPECT_EQ(list.items()[0]["shown_for"]["protocol"], Value{"SSLv3"});
  bool short_one = false;
  for (audit::Question const& question : asked_) short_one |= question.purpose.find("short hello") != std::string::npos;
  EXPECT_TRUE(short_one);
}

TEST_F(CertificatesAlone, SaysThatNothingAnswers) {
  Value const list =
      all_of(audit::Facts{}, [](audit::Question const&) { return test::unanswered(Outcome::inconclusive, "no answer within 10 s"); });
  EXPECT_THAT(list.items(), IsEmpty());
  EXPECT_THAT(open_, testing::Contains(HasSubstr("no answer within 10 s")));
}

TEST_F(CertificatesAlone, DropsAlpnWhereItIsRefused) {
  Value const list = all_of(audit::Facts{}, [](audit::Question const& question) {
    if (wire::find(question.hello.extensions, wire::ExtensionType::application_layer_protocol_negotiation) != nullptr) {
      return test::alerted(wire::AlertDescription::no_application_protocol);
    }
    return two_certificates(question);
  });
  EXPECT_THAT(list.items(), SizeIs(2));
}

}  // namespace
}  // namespace tlsgauge::probes
