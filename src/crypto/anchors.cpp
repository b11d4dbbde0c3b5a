#include "crypto/anchors.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include <string_view>
#include <utility>
#include <vector>

#include "crypto/handles.hpp"

namespace tlsgauge::crypto {
namespace {

using NameHandle = std::unique_ptr<X509_NAME, FreeWith<X509_NAME_free>>;

/// Names that are equal have equal hashes; where SHA-1 is switched off all have the same.
unsigned long hash_of(X509_NAME const& name) {
  int worked = 0;
  unsigned long const hash = X509_NAME_hash_ex(&name, nullptr, nullptr, &worked);
  return worked == 1 ? hash : 0;
}

/// An element of DER at the head of `rest`, which then begins behind it, or inside it. False: there is none with this tag.
bool element(ByteView& rest, int tag, int tag_class, bool inside) {
  unsigned char const* at = rest.data();
  long size = 0;
  int found = 0;
  int found_class = 0;
  int const form = ASN1_get_object(&at, &size, &found, &found_class, static_cast<long>(rest.size()));
  if ((form & 0x81) != 0 || found != tag || found_class != tag_class) return false;  // broken or of indefinite length
  auto const header = static_cast<std::size_t>(at - rest.data());
  rest = inside ? rest.subspan(header, static_cast<std::size_t>(size)) : rest.subspan(header + static_cast<std::size_t>(size));
  return true;
}

/// RFC 5280 section 4.1: version, serial number, algorithm, issuer and validity stand before the subject. OpenSSL's own parser would
/// decode the public key too, which takes twenty times as long.
NameHandle subject_of(ByteView certificate) {
  ByteView at = certificate;
  auto const sequence = [&at](bool inside) { return element(at, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, inside); };
  if (!sequence(true) || !sequence(true)) return nullptr;
  element(at, 0, V_ASN1_CONTEXT_SPECIFIC, false);  // version 1 has none
  if (!element(at, V_ASN1_INTEGER, V_ASN1_UNIVERSAL, false) || !sequence(false) || !sequence(false) || !sequence(false)) return nullptr;
  unsigned char const* name = at.data();
  return NameHandle{d2i_X509_NAME(nullptr, &name, static_cast<long>(at.size()))};
}

/// What follows the first element.
ByteView behind(ByteView der) {
  ByteView rest = der;
  return element(rest, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, false) ? rest : ByteView{};
}

bool is_certificate(std::string_view label) {
  return label == PEM_STRING_X509 || label == PEM_STRING_X509_OLD || label == PEM_STRING_X509_TRUSTED;
}

struct PemBlock {
  std::unique_ptr<char, FreeOpenSslMemory> label, header;
  std::unique_ptr<unsigned char, FreeOpenSslMemory> content;
  std::size_t size = 0;
};

bool read(BIO& from, PemBlock& block) {
  char* label = nullptr;
  char* header = nullptr;
  unsigned char* content = nullptr;
  long size = 0;
  bool const read = PEM_read_bio(&from, &label, &header, &content, &size) == 1;
  block.label.reset(label);
  block.header.reset(header);
  block.content.reset(content);
  block.size = read ? static_cast<std::size_t>(size) : 0;
  return read;
}

int by_subject(X509_LOOKUP* lookup, X509_LOOKUP_TYPE type, X509_NAME const* subject, X509_OBJECT* found) {
  auto const* const anchors = static_cast<Anchors const*>(X509_LOOKUP_get_method_data(lookup));
  X509_STORE* const store = X509_LOOKUP_get_store(lookup);
  if (type != X509_LU_X509 || anchors == nullptr || anchors->give(*subject, *store) == 0) return 0;
  if (X509_STORE_lock(store) != 1) return 0;
  X509_OBJECT* const held = X509_OBJECT_retrieve_by_subject(X509_STORE_get0_objects(store), X509_LU_X509, subject);
  X509* const certificate = held != nullptr ? X509_OBJECT_get0_X509(held) : nullptr;
  int const lent = certificate != nullptr && X509_OBJECT_set1_X509(found, certificate) == 1 ? 1 : 0;
  if (lent == 1) X509_free(certificate);  // a lookup lends; whoever asks takes a reference of its own
  X509_STORE_unlock(store);
  return lent;
}

/// Never freed: stores that outlive main call it when they end.
X509_LOOKUP_METHOD* method() {
  static X509_LOOKUP_METHOD* const made = [] {
    std::unique_ptr<X509_LOOKUP_METHOD, FreeWith<X509_LOOKUP_meth_free>> out{X509_LOOKUP_meth_new("anchors by subject")};
    if (out && X509_LOOKUP_meth_set_get_by_subject(out.get(), &by_subject) != 1) out.reset();
    return out.release();
  }();
  return made;
}

}  // namespace

void Anchors::add(X509_NAME const& subject, Bytes der) { by_hash_.emplace(hash_of(subject), std::move(der)); }

void Anchors::add(X509& certificate) {
  unsigned char* der = nullptr;
  int const size = i2d_X509_AUX(&certificate, &der);
  std::unique_ptr<unsigned char, FreeOpenSslMemory> const owner{der};
  if (size > 0) add(*X509_get_subject_name(&certificate), Bytes{der, der + size});
}

std::size_t Anchors::add_pem(std::string_view pem) {
  ERR_clear_error();
  BioHandle const text = bio_over(view(pem));
  std::vector<std::pair<NameHandle, Bytes>> all;
  std::size_t number = 0;
  for (PemBlock block; text && read(*text, block);) {
    ++number;
    if (!is_certificate(block.label.get())) continue;
    Bytes der{block.content.get(), block.content.get() + block.size};
    // Only the label says that trust settings follow.
    if (block.label.get() != std::string_view{PEM_STRING_X509_TRUSTED}) der.resize(der.size() - behind(der).size());
    NameHandle subject = subject_of(der);
    if (!subject) {
      ERR_clear_error();
      return number;
    }
    all.emplace_back(std::move(subject), std::move(der));
  }
  bool const at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!at_end) return number + 1;
  for (auto& [subject, der] : all) add(*subject, std::move(der));
  return 0;
}

bool Anchors::serve(X509_STORE& store) const {
  X509_LOOKUP* const lookup = method() != nullptr ? X509_STORE_add_lookup(&store, method()) : nullptr;
  // OpenSSL hands the data through as it is; nothing there writes to it.
  return lookup != nullptr && X509_LOOKUP_set_method_data(lookup, const_cast<Anchors*>(this)) == 1;
}

void Anchors::give_namesakes(X509_STORE& store) const {
  for (auto const& [hash, der] : by_hash_) {
    if (by_hash_.count(hash) > 1) give(der, nullptr, store);
  }
  ERR_clear_error();
}

std::size_t Anchors::give(X509_NAME const& subject, X509_STORE& store) const {
  std::size_t given = 0;
  auto const [first, last] = by_hash_.equal_range(hash_of(subject));
  for (auto each = first; each != last; ++each) given += give(each->second, &subject, store);
  ERR_clear_error();
  return given;
}

std::size_t Anchors::give(Bytes const& der, X509_NAME const* subject, X509_STORE& store) const {
  unsigned char const* at = der.data();
  X509Handle const certificate{d2i_X509_AUX(nullptr, &at, static_cast<long>(der.size()))};
  if (!certificate) return 0;
  if (subject != nullptr && X509_NAME_cmp(X509_get_subject_name(certificate.get()), subject) != 0) return 0;
  return X509_STORE_add_cert(&store, certificate.get()) == 1 ? 1 : 0;
}

}  // namespace tlsgauge::crypto
