#include "crypto/issue.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/address.hpp"
#include "crypto/fault.hpp"
#include "crypto/handles.hpp"

namespace tlsgauge::crypto {
namespace {

KeyHandle fresh_key(CertificateRequestForm const& form) {
  if (form.key_type == "rsa") return KeyHandle{EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(form.rsa_bits))};
  return KeyHandle{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
}

bool set_time(ASN1_TIME* field, Moment moment) { return ASN1_TIME_set(field, moment.time_since_epoch().count()) != nullptr; }

/// RFC 5280 section 4.1.2.2: positive and at most 20 octets; 127 random bits.
bool set_serial(X509& certificate) {
  BignumHandle const number{BN_new()};
  return number && BN_rand(number.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(&certificate)) != nullptr;
}

bool add_extension(X509& certificate, X509V3_CTX& context, int nid, char const* value) {
  using ExtensionHandle = std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>>;
  ExtensionHandle const extension{X509V3_EXT_conf_nid(nullptr, &context, nid, value)};
  return extension && X509_add_ext(&certificate, extension.get(), -1) == 1;
}

/// Built by hand, since OpenSSL's text form would give commas and colons in a name a meaning.
bool add_alternative_names(X509& certificate, CertificateRequestForm const& form) {
  if (form.dns_names.empty() && form.ip_addresses.empty()) return true;
  GeneralNamesHandle const names{GENERAL_NAMES_new()};
  auto const add = [&names](int type, ByteView octets) {
    using NameHandle = std::unique_ptr<GENERAL_NAME, FreeWith<GENERAL_NAME_free>>;
    NameHandle one{GENERAL_NAME_new()};
    ASN1_STRING* const value = ASN1_STRING_type_new(type == GEN_IPADD ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);
    if (!one || value == nullptr || ASN1_STRING_set(value, octets.data(), static_cast<int>(octets.size())) != 1) {
      ASN1_STRING_free(value);
      return false;
    }
    GENERAL_NAME_set0_value(one.get(), type, value);
    if (sk_GENERAL_NAME_push(names.get(), one.get()) <= 0) return false;
    (void)one.release();
    return true;
  };
  if (!names) return false;
  for (std::string const& name : form.dns_names) {
    if (!add(GEN_DNS, view(name))) return false;
  }
  for (std::string const& literal : form.ip_addresses) {
    std::optional<Bytes> const octets = parse_address(literal);
    if (!octets || !add(GEN_IPADD, *octets)) return false;
  }
  return X509_add1_ext_i2d(&certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

std::string pem_of(X509& certificate) {
  BioHandle const out{BIO_new(BIO_s_mem())};
  if (!out || PEM_write_bio_X509(out.get(), &certificate) != 1) return {};
  return std::string{text(content(*out))};
}

std::string pem_of(EVP_PKEY& key) {
  BioHandle const out{BIO_new(BIO_s_mem())};
  if (!out || PEM_write_bio_PKCS8PrivateKey(out.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) != 1) return {};
  return std::string{text(content(*out))};
}

}  // namespace

Result<Issued> issue(CertificateRequestForm const& form, Issued const* issuer) {
  ERR_clear_error();
  if (form.key_type != "rsa" && form.key_type != "ecdsa") {
    return Error{ErrorKind::invalid_input, "unknown key type " + form.key_type};
  }
  if (form.key_type == "rsa" && (form.rsa_bits < 512 || form.rsa_bits > 8192)) {
    return Error{ErrorKind::invalid_input, "RSA keys have 512 to 8192 bits here"};
  }
  for (std::string const& literal : form.ip_addresses) {
    if (!parse_address(literal)) return Error{ErrorKind::invalid_input, "no address: " + literal};
  }

  X509Handle issuer_certificate;
  KeyHandle issuer_key;
  if (issuer != nullptr) {
    BioHandle const certificate_text = bio_over(view(issuer->certificate_pem));
    BioHandle const key_text = bio_over(view(issuer->private_key_pem));
    if (certificate_text) issuer_certificate.reset(PEM_read_bio_X509(certificate_text.get(), nullptr, nullptr, nullptr));
    if (key_text) issuer_key.reset(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
    if (!issuer_certificate || !issuer_key) return fault(ErrorKind::invalid_input, "cannot read the issuer");
  }

  KeyHandle const key = fresh_key(form);
  X509Handle const certificate{X509_new()};
  if (!key || !certificate) return fault(ErrorKind::local, "cannot make a key");
  X509& x = *certificate;
  X509& parent = issuer_certificate ? *issuer_certificate : x;

  bool good = X509_set_version(&x, X509_VERSION_3) == 1 && set_serial(x) && set_time(X509_getm_notBefore(&x), form.not_before) &&
              set_time(X509_getm_notAfter(&x), form.not_after) && X509_set_pubkey(&x, key.get()) == 1;
  if (!form.common_name.empty()) {
    auto const* const name = reinterpret_cast<unsigned char const*>(form.common_name.data());
    good = good && X509_NAME_add_entry_by_NID(X509_get_subject_name(&x), NID_commonName, MBSTRING_UTF8, name,
                                              static_cast<int>(form.common_name.size()), -1, 0) == 1;
  }
  good = good && X509_set_issuer_name(&x, X509_get_subject_name(&parent)) == 1;
  if (!good) return fault(ErrorKind::invalid_input, "cannot fill in the certificate");

  X509V3_CTX context{};
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, &parent, &x, nullptr, nullptr, 0);
  bool const rsa = form.key_type == "rsa";
  char const* const usage = form.ca ? "critical,keyCertSign,cRLSign"
                            : rsa   ? "critical,digitalSignature,keyEncipherment"
                                    : "critical,digitalSignature";
  good = add_extension(x, context, NID_basic_constraints, form.ca ? "critical,CA:TRUE" : "critical,CA:FALSE") &&
         add_extension(x, context, NID_key_usage, usage) && (form.ca || add_extension(x, context, NID_ext_key_usage, "serverAuth")) &&
         add_extension(x, context, NID_subject_key_identifier, "hash") &&
         (issuer == nullptr || add_extension(x, context, NID_authority_key_identifier, "keyid")) && add_alternative_names(x, form);
  if (!good) return fault(ErrorKind::local, "cannot add the extensions");
  if (X509_sign(&x, issuer_key ? issuer_key.get() : key.get(), EVP_sha256()) == 0) return fault(ErrorKind::local, "cannot sign");

  Issued issued{pem_of(x), pem_of(*key)};
  if (issued.certificate_pem.empty() || issued.private_key_pem.empty()) return fault(ErrorKind::local, "cannot write PEM");
  return issued;
}

}  // namespace tlsgauge::crypto
