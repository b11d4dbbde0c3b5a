#include "crypto/ocsp.hpp"

#include <openssl/err.h>
#include <openssl/ocsp.h>

#include <map>

#include "crypto/asn1.hpp"
#include "crypto/fault.hpp"

namespace tlsgauge::crypto {
namespace {

using BasicHandle = std::unique_ptr<OCSP_BASICRESP, FreeWith<OCSP_BASICRESP_free>>;
using CertIdHandle = std::unique_ptr<OCSP_CERTID, FreeWith<OCSP_CERTID_free>>;
using ResponseHandle = std::unique_ptr<OCSP_RESPONSE, FreeWith<OCSP_RESPONSE_free>>;
using RequestHandle = std::unique_ptr<OCSP_REQUEST, FreeWith<OCSP_REQUEST_free>>;

constexpr std::size_t kMaxResponse = 1024 * 1024;
constexpr int kMaxSigners = 16;

/// RFC 6960 section 4.2.1
std::string word(int response_status) {
  switch (response_status) {
    case OCSP_RESPONSE_STATUS_MALFORMEDREQUEST:
      return "malformedRequest";
    case OCSP_RESPONSE_STATUS_INTERNALERROR:
      return "internalError";
    case OCSP_RESPONSE_STATUS_TRYLATER:
      return "tryLater";
    case OCSP_RESPONSE_STATUS_SIGREQUIRED:
      return "sigRequired";
    case OCSP_RESPONSE_STATUS_UNAUTHORIZED:
      return "unauthorized";
    default:
      return std::to_string(response_status);
  }
}

bool signed_with(OCSP_BASICRESP const& basic, EVP_PKEY* key) {
  bool const holds =
      key != nullptr && ASN1_item_verify(ASN1_ITEM_rptr(OCSP_RESPDATA), OCSP_resp_get0_tbs_sigalg(&basic), OCSP_resp_get0_signature(&basic),
                                         OCSP_resp_get0_respdata(const_cast<OCSP_BASICRESP*>(&basic)), key) == 1;
  ERR_clear_error();
  return holds;
}

bool may_answer_for(X509& issuer, X509& responder, Moment at) {
  bool const issued = X509_check_issued(&issuer, &responder) == X509_V_OK && X509_verify(&responder, X509_get0_pubkey(&issuer)) == 1;
  ERR_clear_error();
  bool const meant_for_it = (X509_get_extension_flags(&responder) & EXFLAG_XKUSAGE) != 0 &&
                            (X509_get_extended_key_usage(&responder) & XKU_OCSP_SIGN) != 0 &&
                            (X509_get_key_usage(&responder) & KU_DIGITAL_SIGNATURE) != 0;
  std::optional<Moment> const begin = moment_of(X509_get0_notBefore(&responder)), end = moment_of(X509_get0_notAfter(&responder));
  return issued && meant_for_it && begin && end && *begin <= at && at <= *end;
}

/// "bad_signature", "unauthorized_responder", or empty when the issuer answers for it.
std::string objection(OCSP_BASICRESP const& basic, X509& issuer, Moment at) {
  if (signed_with(basic, X509_get0_pubkey(&issuer))) return {};
  STACK_OF(X509) const* const enclosed = OCSP_resp_get0_certs(&basic);
  bool anyone = false;
  for (int i = 0; enclosed != nullptr && i < std::min(sk_X509_num(enclosed), kMaxSigners); ++i) {
    X509& responder = *sk_X509_value(enclosed, i);
    if (!signed_with(basic, X509_get0_pubkey(&responder))) continue;
    if (may_answer_for(issuer, responder, at)) return {};
    anyone = true;
  }
  if (anyone) return "unauthorized_responder";
  // Nobody whom we know: is it said to be the issuer, or someone who sent no certificate?
  ASN1_OCTET_STRING const* key_hash = nullptr;
  X509_NAME const* name = nullptr;
  bool const enclosed_some = enclosed != nullptr && sk_X509_num(enclosed) > 0;
  bool const named = OCSP_resp_get0_id(&basic, &key_hash, &name) == 1 && name != nullptr;
  bool const a_stranger = named && X509_NAME_cmp(name, X509_get_subject_name(&issuer)) != 0;
  return a_stranger && !enclosed_some ? "unauthorized_responder" : "bad_signature";
}

/// Whether a CertID names the certificate, whatever hash it uses.
class Matcher {
 public:
  Matcher(X509& certificate, X509& issuer) : certificate_(certificate), issuer_(issuer) {}
  bool operator()(OCSP_SINGLERESP const& single) {
    OCSP_CERTID const* const id = OCSP_SINGLERESP_get0_id(&single);
    ASN1_OBJECT* algorithm = nullptr;
    OCSP_id_get0_info(nullptr, &algorithm, nullptr, nullptr, const_cast<OCSP_CERTID*>(id));
    int const hash = OBJ_obj2nid(algorithm);
    auto at = ours_.find(hash);
    if (at == ours_.end()) {
      EVP_MD const* const digest = EVP_get_digestbynid(hash);
      at = ours_.emplace(hash, digest == nullptr ? nullptr : OCSP_cert_to_id(digest, &certificate_, &issuer_)).first;
    }
    return at->second && OCSP_id_cmp(id, at->second.get()) == 0;
  }

 private:
  X509& certificate_;
  X509& issuer_;
  std::map<int, CertIdHandle> ours_;
};

RevocationAnswer read(OCSP_SINGLERESP& single) {
  int reason = -1;
  ASN1_GENERALIZEDTIME *revoked = nullptr, *this_update = nullptr, *next_update = nullptr;
  int const status = OCSP_single_get0_status(&single, &reason, &revoked, &this_update, &next_update);
  RevocationAnswer answer;
  answer.status = status == V_OCSP_CERTSTATUS_GOOD ? "good" : status == V_OCSP_CERTSTATUS_REVOKED ? "revoked" : "unknown";
  answer.this_update = moment_of(this_update);
  answer.next_update = moment_of(next_update);
  if (next_update != nullptr && !answer.next_update) answer.error = "malformed";
  if (status == V_OCSP_CERTSTATUS_REVOKED) {
    answer.revoked_at = moment_of(revoked);
    if (reason >= 0) answer.reason = OCSP_crl_reason_str(reason);
  }
  return answer;
}

RevocationAnswer failing(std::string error) {
  RevocationAnswer answer;
  answer.error = std::move(error);
  return answer;
}

RevocationAnswer judge(ByteView response, X509& certificate, X509& issuer, Moment at) {
  unsigned char const* next = response.data();
  if (response.empty() || response.size() > kMaxResponse) return failing("malformed");
  ResponseHandle const outer{d2i_OCSP_RESPONSE(nullptr, &next, static_cast<long>(response.size()))};
  if (!outer || next != response.data() + response.size()) return failing("malformed");
  int const said = OCSP_response_status(outer.get());
  if (said != OCSP_RESPONSE_STATUS_SUCCESSFUL) return failing("unsuccessful:" + word(said));
  BasicHandle const basic{OCSP_response_get1_basic(outer.get())};
  if (!basic) return failing("malformed");

  std::optional<RevocationAnswer> found;
  Matcher matches{certificate, issuer};
  for (int i = 0; i < OCSP_resp_count(basic.get()); ++i) {
    OCSP_SINGLERESP& single = *OCSP_resp_get0(basic.get(), i);
    if (!matches(single)) continue;
    RevocationAnswer const one = read(single);
    bool const worse = one.status == "revoked" && (!found || found->status != "revoked");
    bool const newer = found && found->status == one.status && one.this_update > found->this_update;
    if (!found || worse || newer) found = one;
  }
  // RFC 6960 section 3.2: first whether it is about the certificate, then whether it is signed, then whether it is recent.
  if (!found) return failing("wrong_certificate");
  found->produced_at = moment_of(OCSP_resp_get0_produced_at(basic.get()));
  if (std::string const why = objection(*basic, issuer, at); !why.empty()) {
    found->error = why;
    found->status.clear();
    return *found;
  }
  if (found->error.empty()) found->error = staleness(*found, at);
  if (found->error == "malformed") found->status.clear();
  return *found;
}

}  // namespace

Result<Bytes> ocsp_request(ByteView certificate, ByteView issuer) {
  ERR_clear_error();
  X509Handle const x = parse_x509(certificate), parent = parse_x509(issuer);
  RequestHandle const request{OCSP_REQUEST_new()};
  if (!x || !parent || !request) return fault(ErrorKind::malformed, "no certificate to ask about");
  CertIdHandle id{OCSP_cert_to_id(EVP_sha1(), x.get(), parent.get())};
  if (!id || OCSP_request_add0_id(request.get(), id.get()) == nullptr) return fault(ErrorKind::local, "cannot make an OCSP request");
  (void)id.release();
  unsigned char* der = nullptr;
  int const size = i2d_OCSP_REQUEST(request.get(), &der);
  std::unique_ptr<unsigned char, FreeOpenSslMemory> const owned{der};
  if (size <= 0) return fault(ErrorKind::local, "cannot write an OCSP request");
  return Bytes(der, der + size);
}

RevocationAnswer read_ocsp_response(ByteView response, ByteView certificate, ByteView issuer, Moment at) {
  ERR_clear_error();
  X509Handle const x = parse_x509(certificate), parent = parse_x509(issuer);
  if (!x || !parent) return failing("wrong_certificate");
  RevocationAnswer answer = judge(response, *x, *parent, at);
  ERR_clear_error();
  return answer;
}

}  // namespace tlsgauge::crypto
