#include "crypto/certificate.hpp"

#include <openssl/err.h>

#include <algorithm>

#include "base/address.hpp"
#include "base/text.hpp"
#include "crypto/asn1.hpp"
#include "crypto/digest.hpp"
#include "crypto/fault.hpp"
#include "crypto/handles.hpp"
#include "crypto/name.hpp"

namespace tlsgauge::crypto {
namespace {

// A certificate may be made of megabytes of names; reports keep what a person can still use.
constexpr std::size_t kMaxNames = 1000;
constexpr std::size_t kMaxOcspUrls = 16;
constexpr std::size_t kMaxPurposes = 32;

ByteView octets(ASN1_STRING const* string) {
  if (string == nullptr || ASN1_STRING_length(string) <= 0) return {};
  return {ASN1_STRING_get0_data(string), static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::string object_name(ASN1_OBJECT const* object, bool dotted) {
  if (object == nullptr) return {};
  int const nid = OBJ_obj2nid(object);
  if (!dotted && nid != NID_undef) return OBJ_nid2ln(nid);
  char buffer[256];
  int const size = OBJ_obj2txt(buffer, sizeof buffer, object, 1);
  return std::string{buffer, static_cast<std::size_t>(std::clamp(size, 0, static_cast<int>(sizeof buffer) - 1))};
}

std::string serial_text(ASN1_INTEGER const* serial) {
  BignumHandle const number{ASN1_INTEGER_to_BN(serial, nullptr)};
  if (!number) return {};
  std::unique_ptr<char, FreeOpenSslMemory> const digits{BN_bn2hex(number.get())};
  std::string_view rest = digits ? digits.get() : "";
  bool const negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);
  while (rest.size() > 1 && rest.front() == '0') rest.remove_prefix(1);
  return bounded((negative ? "-" : "") + std::string{rest});
}

/// RFC 5280 section 4.1.2.2 counts octets: of a positive number whose first bit is set, a zero octet before it is one of them.
std::size_t serial_octets(ASN1_INTEGER const* serial) {
  ByteView const magnitude = octets(serial);
  bool const padded = !magnitude.empty() && (magnitude.front() & 0x80U) != 0 && ASN1_STRING_type(serial) != V_ASN1_NEG_INTEGER;
  return magnitude.size() + (padded ? 1 : 0);
}

/// The epoch where the field names no moment: such a certificate counts as expired.
Moment moment(ASN1_TIME const* field) { return moment_of(field).value_or(Moment{}); }

std::string key_algorithm_oid(X509 const& x) {
  ASN1_OBJECT* algorithm = nullptr;
  X509_PUBKEY_get0_param(&algorithm, nullptr, nullptr, nullptr, X509_get_X509_PUBKEY(&x));
  return object_name(algorithm, true);
}

std::string iana_curve(std::string_view openssl) {
  if (openssl == "prime256v1" || openssl == "P-256") return "secp256r1";
  if (openssl == "prime192v1" || openssl == "P-192") return "secp192r1";
  if (openssl == "P-224") return "secp224r1";
  if (openssl == "P-384") return "secp384r1";
  if (openssl == "P-521") return "secp521r1";
  if (openssl == "SM2") return "curveSM2";
  return std::string{openssl};
}

void read_key(X509 const& x, Certificate& out) {
  EVP_PKEY const* const key = X509_get0_pubkey(&x);
  if (key == nullptr) {
    out.key_type = key_algorithm_oid(x);
    return;
  }
  out.key_bits = EVP_PKEY_get_bits(key);
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      out.key_type = "rsa";
      return;
    case EVP_PKEY_RSA_PSS:
      out.key_type = "rsa-pss";
      return;
    case EVP_PKEY_DSA:
      out.key_type = "dsa";
      return;
    case EVP_PKEY_EC: {
      out.key_type = "ecdsa";
      char curve[80];
      std::size_t size = 0;
      if (EVP_PKEY_get_group_name(key, curve, sizeof curve, &size) == 1) out.key_curve = iana_curve({curve, std::min(size, sizeof curve)});
      return;
    }
    default:
      char const* const type = EVP_PKEY_get0_type_name(key);  // ED25519, ML-DSA-65
      out.key_type = type == nullptr ? key_algorithm_oid(x) : ascii_lower(type);
  }
}

std::string printable_name(GENERAL_NAME const& name) {
  int type = 0;
  void const* const value = GENERAL_NAME_get0_value(&name, &type);
  auto const string = [value] { return text(octets(static_cast<ASN1_STRING const*>(value))); };
  switch (type) {
    case GEN_DNS:
      return "DNS:" + bounded(string());
    case GEN_IPADD:
      return "IP:" + bounded(address_text(view(string())));
    case GEN_URI:
      return "URI:" + bounded(string());
    case GEN_EMAIL:
      return "email:" + bounded(string());
    case GEN_DIRNAME:
      return "other:directoryName " + name_text(static_cast<X509_NAME const*>(value));
    case GEN_RID:
      return "other:registeredID " + object_name(static_cast<ASN1_OBJECT const*>(value), true);
    case GEN_OTHERNAME:
      return "other:" + object_name(static_cast<OTHERNAME const*>(value)->type_id, true);
    default:
      return "other";
  }
}

void read_alternative_names(X509 const& x, Certificate& out) {
  // RFC 5280 section 4.2 allows one extension of a type; what a certificate with several says is shown all the same.
  for (int at = X509_get_ext_by_NID(&x, NID_subject_alt_name, -1); at >= 0; at = X509_get_ext_by_NID(&x, NID_subject_alt_name, at)) {
    GeneralNamesHandle const names{static_cast<GENERAL_NAMES*>(X509V3_EXT_d2i(X509_get_ext(&x, at)))};
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
      GENERAL_NAME const& name = *sk_GENERAL_NAME_value(names.get(), i);
      int type = 0;
      void const* const value = GENERAL_NAME_get0_value(&name, &type);
      if (type == GEN_DNS) out.dns_names.emplace_back(text(octets(static_cast<ASN1_STRING const*>(value))));
      if (type == GEN_IPADD) {
        ByteView const address = octets(static_cast<ASN1_STRING const*>(value));
        if (address.size() == 4 || address.size() == 16) out.ip_addresses.emplace_back(address.begin(), address.end());
      }
      ++out.subject_alt_names_total;
      if (out.subject_alt_names.size() < kMaxNames) out.subject_alt_names.push_back(printable_name(name));
    }
  }
}

std::vector<std::string> ocsp_urls(X509& x) {
  struct FreeStrings {
    void operator()(STACK_OF(OPENSSL_STRING) * list) const { X509_email_free(list); }
  };
  std::unique_ptr<STACK_OF(OPENSSL_STRING), FreeStrings> const found{X509_get1_ocsp(&x)};
  std::vector<std::string> urls;
  for (int i = 0; found && i < sk_OPENSSL_STRING_num(found.get()) && urls.size() < kMaxOcspUrls; ++i) {
    std::string_view const url = sk_OPENSSL_STRING_value(found.get(), i);
    if (url.size() <= kMaxNameText) urls.push_back(to_utf8(url));
  }
  return urls;
}

void read_usages(X509& x, Certificate& out) {
  if ((X509_get_extension_flags(&x) & EXFLAG_KUSAGE) != 0) {
    constexpr std::pair<std::uint32_t, std::string_view> kNames[] = {{KU_DIGITAL_SIGNATURE, "digitalSignature"},
                                                                     {KU_NON_REPUDIATION, "nonRepudiation"},
                                                                     {KU_KEY_ENCIPHERMENT, "keyEncipherment"},
                                                                     {KU_DATA_ENCIPHERMENT, "dataEncipherment"},
                                                                     {KU_KEY_AGREEMENT, "keyAgreement"},
                                                                     {KU_KEY_CERT_SIGN, "keyCertSign"},
                                                                     {KU_CRL_SIGN, "cRLSign"},
                                                                     {KU_ENCIPHER_ONLY, "encipherOnly"},
                                                                     {KU_DECIPHER_ONLY, "decipherOnly"}};
    std::uint32_t const usage = X509_get_key_usage(&x);
    for (auto const& [bit, name] : kNames) {
      if ((usage & bit) != 0) out.key_usage.emplace_back(name);
    }
  }
  std::unique_ptr<EXTENDED_KEY_USAGE, FreeWith<EXTENDED_KEY_USAGE_free>> const purposes{
      static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(&x, NID_ext_key_usage, nullptr, nullptr))};
  for (int i = 0; purposes && i < sk_ASN1_OBJECT_num(purposes.get()) && out.extended_key_usage.size() < kMaxPurposes; ++i) {
    ASN1_OBJECT const* const purpose = sk_ASN1_OBJECT_value(purposes.get(), i);
    int const nid = OBJ_obj2nid(purpose);
    out.extended_key_usage.push_back(nid == NID_undef ? object_name(purpose, true) : std::string{OBJ_nid2sn(nid)});
  }
}

std::string spki_digest(X509 const& x) {
  unsigned char* der = nullptr;
  int const size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(&x), &der);
  std::unique_ptr<unsigned char, FreeOpenSslMemory> const owned{der};
  return size > 0 ? sha256_hex({der, static_cast<std::size_t>(size)}) : std::string{};
}

}  // namespace

Result<Certificate> read_certificate(ByteView der) {
  ERR_clear_error();
  unsigned char const* at = der.data();
  X509Handle const owned{der.empty() ? nullptr : d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
  if (!owned) return fault(ErrorKind::malformed, "the certificate cannot be parsed");
  if (at != der.data() + der.size()) return Error{ErrorKind::malformed, "the certificate is followed by stray octets"};

  X509& x = *owned;
  Certificate out;
  out.der.assign(der.begin(), der.end());
  out.subject = name_text(X509_get_subject_name(&x));
  out.issuer = name_text(X509_get_issuer_name(&x));
  out.serial = serial_text(X509_get0_serialNumber(&x));
  out.not_before = moment(X509_get0_notBefore(&x));
  out.not_after = moment(X509_get0_notAfter(&x));
  read_key(x, out);
  ASN1_OBJECT const* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, X509_get0_tbs_sigalg(&x));
  out.signature_algorithm = object_name(algorithm, false);
  read_alternative_names(x, out);
  out.sha256 = sha256_hex(der);
  out.spki_sha256 = spki_digest(x);
  out.is_ca = (X509_get_extension_flags(&x) & EXFLAG_CA) != 0;
  out.self_issued = X509_NAME_cmp(X509_get_subject_name(&x), X509_get_issuer_name(&x)) == 0;
  out.ocsp_urls = ocsp_urls(x);
  out.serial_octets = serial_octets(X509_get0_serialNumber(&x));
  read_usages(x, out);
  ERR_clear_error();
  return out;
}

std::string Certificate::pem() const { return crypto::pem(der); }

// RFC 7468 section 2.
std::string pem(ByteView der, std::string_view label) {
  std::string base64(4 * ((der.size() + 2) / 3) + 1, '\0');
  int const size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()), der.data(), static_cast<int>(der.size()));
  base64.resize(static_cast<std::size_t>(size));
  std::string out = "-----BEGIN " + std::string{label} + "-----\n";
  for (std::size_t i = 0; i < base64.size(); i += 64) out.append(base64, i, 64).append("\n");
  return out + "-----END " + std::string{label} + "-----\n";
}

Bytes from_pem(std::string_view text) {
  BioHandle const bio = bio_over(view(text));
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  if (!bio || PEM_read_bio(bio.get(), &name, &header, &data, &size) != 1) {
    ERR_clear_error();
    return {};
  }
  std::unique_ptr<char, FreeOpenSslMemory> const owned_name{name}, owned_header{header};
  std::unique_ptr<unsigned char, FreeOpenSslMemory> const owned{data};
  return Bytes(data, data + size);
}

std::string distinguished_name(ByteView der) {
  unsigned char const* at = der.data();
  std::unique_ptr<X509_NAME, FreeWith<X509_NAME_free>> const name{d2i_X509_NAME(nullptr, &at, static_cast<long>(der.size()))};
  ERR_clear_error();
  if (!name || at != der.data() + der.size()) return {};
  return name_text(name.get());
}

}  // namespace tlsgauge::crypto
