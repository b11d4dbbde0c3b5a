#include "crypto/crl.hpp"

#include <openssl/asn1t.h>
#include <openssl/err.h>
#include <openssl/ocsp.h>

#include <algorithm>

#include "crypto/asn1.hpp"
#include "crypto/certificate.hpp"

namespace tlsgauge::crypto {
namespace {

constexpr std::size_t kMaxList = 32UL * 1024 * 1024;

/// An element of DER: its tag, its content, and all of it.
struct Element {
  std::uint8_t tag = 0;
  ByteView content;
  ByteView whole;
};

/// Elements one after the other. Once one cannot be read, there are none any more and failed() is true.
class Elements {
 public:
  explicit Elements(ByteView bytes) : rest_(bytes) {}
  [[nodiscard]] bool more() const { return !rest_.empty(); }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::uint8_t tag() const { return rest_.empty() ? std::uint8_t{0} : rest_[0]; }

  Element next() {
    if (rest_.size() < 2 || (rest_[0] & 0x1FU) == 0x1FU) return fail();
    std::size_t length = rest_[1], header = 2;
    if (length >= 0x80) {
      std::size_t const octets = length & 0x7FU;
      if (octets == 0 || octets > 4 || rest_.size() < 2 + octets) return fail();
      length = 0;
      for (std::size_t i = 0; i < octets; ++i) length = length << 8U | rest_[2 + i];
      header += octets;
    }
    if (length > rest_.size() - header) return fail();
    Element const one{rest_[0], rest_.subspan(header, length), rest_.first(header + length)};
    rest_ = rest_.subspan(header + length);
    return one;
  }
  /// The next one, which must be of this tag.
  Element next(std::uint8_t tag) { return this->tag() == tag ? next() : fail(); }

 private:
  Element fail() {
    failed_ = true;
    rest_ = {};
    return {};
  }
  ByteView rest_;
  bool failed_ = false;
};

constexpr std::uint8_t kInteger = 0x02, kBitString = 0x03, kUtcTime = 0x17, kGeneralizedTime = 0x18, kSequence = 0x30, kExtensions = 0xA0;

struct List {
  ByteView tbs;
  ByteView inner_algorithm, algorithm;
  ByteView signature;
  ByteView issuer;
  ByteView this_update, next_update;
  ByteView entries;
  ByteView extensions;
};

bool is_time(std::uint8_t tag) { return tag == kUtcTime || tag == kGeneralizedTime; }

std::optional<List> split(ByteView der) {
  Elements outermost{der};
  Element const whole = outermost.next(kSequence);
  if (outermost.failed() || outermost.more()) return std::nullopt;
  Elements parts{whole.content};
  List list;
  Element const tbs = parts.next(kSequence);
  list.tbs = tbs.whole;
  list.algorithm = parts.next(kSequence).whole;
  list.signature = parts.next(kBitString).whole;
  if (parts.failed() || parts.more()) return std::nullopt;

  Elements fields{tbs.content};
  if (fields.tag() == kInteger) fields.next();  // version
  list.inner_algorithm = fields.next(kSequence).whole;
  list.issuer = fields.next(kSequence).whole;
  if (!is_time(fields.tag())) return std::nullopt;
  list.this_update = fields.next().whole;
  if (is_time(fields.tag())) list.next_update = fields.next().whole;
  if (fields.tag() == kSequence) list.entries = fields.next().content;
  if (fields.tag() == kExtensions) list.extensions = fields.next().content;
  if (fields.failed() || fields.more()) return std::nullopt;
  return list;
}

std::optional<Moment> moment_of(ByteView element) {
  if (element.empty()) return std::nullopt;
  unsigned char const* at = element.data();
  std::unique_ptr<ASN1_TIME, FreeWith<ASN1_TIME_free>> const time{d2i_ASN1_TIME(nullptr, &at, static_cast<long>(element.size()))};
  return crypto::moment_of(time.get());
}

using ExtensionsHandle =
    std::unique_ptr<X509_EXTENSIONS, decltype([](X509_EXTENSIONS* list) { sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free); })>;

ExtensionsHandle extensions_of(ByteView sequence) {
  unsigned char const* at = sequence.data();
  return ExtensionsHandle{sequence.empty() ? nullptr : d2i_X509_EXTENSIONS(nullptr, &at, static_cast<long>(sequence.size()))};
}

ByteView without_leading_zeros(ByteView number) {
  while (number.size() > 1 && number[0] == 0 && number[1] < 0x80) number = number.subspan(1);
  return number;
}

/// The content of an INTEGER.
Bytes serial_of(X509 const& x) {
  unsigned char* der = nullptr;
  int const size = i2d_ASN1_INTEGER(X509_get0_serialNumber(&x), &der);
  std::unique_ptr<unsigned char, FreeOpenSslMemory> const owned{der};
  if (size <= 0) return {};
  ByteView const content = Elements{{der, static_cast<std::size_t>(size)}}.next(kInteger).content;
  return {content.begin(), content.end()};
}

bool names_one_of(ISSUING_DIST_POINT const& point, std::span<std::string const> urls) {
  if (point.distpoint == nullptr) return true;
  if (point.distpoint->type != 0) return false;
  for (int i = 0; i < sk_GENERAL_NAME_num(point.distpoint->name.fullname); ++i) {
    int type = 0;
    auto const* const value =
        static_cast<ASN1_STRING const*>(GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(point.distpoint->name.fullname, i), &type));
    if (type != GEN_URI || value == nullptr) continue;
    std::string_view const name{reinterpret_cast<char const*>(ASN1_STRING_get0_data(value)),
                                static_cast<std::size_t>(ASN1_STRING_length(value))};
    if (std::find(urls.begin(), urls.end(), name) != urls.end()) return true;
  }
  return false;
}

/// "wrong_distribution_point", "unsupported", "malformed", or empty: the list speaks for the certificate.
std::string scope_fault(List const& list, bool is_ca, std::span<std::string const> urls) {
  if (list.extensions.empty()) return {};
  ExtensionsHandle const extensions = extensions_of(list.extensions);
  if (!extensions) return "malformed";
  for (int i = 0; i < sk_X509_EXTENSION_num(extensions.get()); ++i) {
    X509_EXTENSION* const extension = sk_X509_EXTENSION_value(extensions.get(), i);
    int const id = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
    if (id == NID_delta_crl) return "unsupported";
    if (id != NID_issuing_distribution_point) {
      bool const known = id == NID_authority_key_identifier || id == NID_crl_number;
      if (X509_EXTENSION_get_critical(extension) != 0 && !known) return "unsupported";
      continue;
    }
    using Handle = std::unique_ptr<ISSUING_DIST_POINT, FreeWith<ISSUING_DIST_POINT_free>>;
    Handle const point{static_cast<ISSUING_DIST_POINT*>(X509V3_EXT_d2i(extension))};
    if (!point) return "malformed";
    if (point->indirectCRL > 0 || point->onlysomereasons != nullptr) return "unsupported";
    if (point->onlyattr > 0 || (point->onlyuser > 0 && is_ca) || (point->onlyCA > 0 && !is_ca)) return "wrong_distribution_point";
    if (!names_one_of(*point, urls)) return "wrong_distribution_point";
  }
  return {};
}

bool is_signed_by(List const& list, EVP_PKEY* key) {
  if (!std::ranges::equal(list.inner_algorithm, list.algorithm)) return false;
  unsigned char const* at = list.algorithm.data();
  std::unique_ptr<X509_ALGOR, FreeWith<X509_ALGOR_free>> const algorithm{
      d2i_X509_ALGOR(nullptr, &at, static_cast<long>(list.algorithm.size()))};
  at = list.signature.data();
  std::unique_ptr<ASN1_BIT_STRING, FreeWith<ASN1_BIT_STRING_free>> const signature{
      d2i_ASN1_BIT_STRING(nullptr, &at, static_cast<long>(list.signature.size()))};
  // An ASN1_SEQUENCE is written out as the octets that it holds, so those that came are what is verified.
  std::unique_ptr<ASN1_STRING, FreeWith<ASN1_STRING_free>> const tbs{ASN1_STRING_type_new(V_ASN1_SEQUENCE)};
  if (key == nullptr || !algorithm || !signature || !tbs) return false;
  if (ASN1_STRING_set(tbs.get(), list.tbs.data(), static_cast<int>(list.tbs.size())) != 1) return false;
  return ASN1_item_verify(ASN1_ITEM_rptr(ASN1_SEQUENCE), algorithm.get(), signature.get(), tbs.get(), key) == 1;
}

/// Fills in the status; `malformed` where an entry cannot be read.
void look_up(List const& list, Bytes const& serial, RevocationAnswer& answer) {
  answer.status = "good";
  ByteView const wanted = without_leading_zeros(serial);
  Elements entries{list.entries};
  while (entries.more()) {
    Elements entry{entries.next(kSequence).content};
    ByteView const number = without_leading_zeros(entry.next(kInteger).content);
    if (entry.failed() || entries.failed()) {
      answer.error = "malformed";
      answer.status.clear();
      return;
    }
    if (!std::ranges::equal(number, wanted)) continue;
    answer.status = "revoked";
    answer.revoked_at = moment_of(entry.next().whole);
    ExtensionsHandle const extensions = extensions_of(entry.more() ? entry.next(kSequence).whole : ByteView{});
    using Handle = std::unique_ptr<ASN1_ENUMERATED, FreeWith<ASN1_ENUMERATED_free>>;
    Handle const reason{extensions ? static_cast<ASN1_ENUMERATED*>(X509V3_get_d2i(extensions.get(), NID_crl_reason, nullptr, nullptr))
                                   : nullptr};
    long const code = reason ? ASN1_ENUMERATED_get(reason.get()) : -1;
    if (code >= 0) answer.reason = OCSP_crl_reason_str(code);
    constexpr long kRemoveFromCrl = 8;
    if (code == kRemoveFromCrl) answer.status = "good";
    return;
  }
}

RevocationAnswer failing(std::string error) {
  RevocationAnswer answer;
  answer.error = std::move(error);
  return answer;
}

RevocationAnswer judge(ByteView der, X509& certificate, X509& issuer, std::span<std::string const> urls, Moment at) {
  std::optional<List> const list = split(der);
  if (!list) return failing("malformed");
  unsigned char const* next = list->issuer.data();
  std::unique_ptr<X509_NAME, FreeWith<X509_NAME_free>> const name{d2i_X509_NAME(nullptr, &next, static_cast<long>(list->issuer.size()))};
  if (!name) return failing("malformed");
  if (X509_NAME_cmp(name.get(), X509_get_subject_name(&issuer)) != 0) return failing("wrong_issuer");

  RevocationAnswer answer;
  answer.this_update = moment_of(list->this_update);
  answer.next_update = moment_of(list->next_update);
  if (!list->next_update.empty() && !answer.next_update) return failing("malformed");
  bool const may_sign = (X509_get_key_usage(&issuer) & KU_CRL_SIGN) != 0;  // all bits are set where there is no keyUsage
  if (!may_sign || !is_signed_by(*list, X509_get0_pubkey(&issuer))) {
    answer.error = "bad_signature";
    return answer;
  }
  bool const is_ca = (X509_get_extension_flags(&certificate) & EXFLAG_CA) != 0;
  answer.error = scope_fault(*list, is_ca, urls);
  if (!answer.error.empty()) return answer;
  look_up(*list, serial_of(certificate), answer);
  if (answer.error.empty()) answer.error = staleness(answer, at);
  if (answer.error == "malformed") answer.status.clear();
  return answer;
}

}  // namespace

RevocationAnswer read_crl(ByteView list, ByteView certificate, ByteView issuer, std::span<std::string const> urls, Moment at) {
  ERR_clear_error();
  if (list.size() > kMaxList) return failing("malformed");
  X509Handle const x = parse_x509(certificate), parent = parse_x509(issuer);
  if (!x || !parent) return failing("wrong_issuer");
  Bytes decoded;
  if (!list.empty() && list[0] == '-') {
    decoded = from_pem(text(list));
    list = decoded;
  }
  RevocationAnswer answer = judge(list, *x, *parent, urls, at);
  ERR_clear_error();
  return answer;
}

}  // namespace tlsgauge::crypto
