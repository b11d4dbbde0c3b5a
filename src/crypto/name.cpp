#include "crypto/name.hpp"

#include <openssl/err.h>

#include <algorithm>

#include "base/text.hpp"
#include "crypto/handles.hpp"

namespace tlsgauge::crypto {

std::string bounded(std::string_view bytes) {
  bool const long_ = bytes.size() > kMaxNameText;
  std::string safe = to_utf8(bytes.substr(0, kMaxNameText));
  if (!long_ && safe.size() <= kMaxNameText) return safe;
  std::size_t end = std::min(safe.size(), kMaxNameText - 3);
  while (end > 0 && (static_cast<unsigned char>(safe[end]) & 0xC0U) == 0x80U) --end;
  safe.resize(end);
  return safe + "…";
}

std::string name_text(X509_NAME const* name) {
  constexpr unsigned long kPlain = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  constexpr unsigned long kOctets = (kPlain & ~static_cast<unsigned long>(ASN1_STRFLGS_UTF8_CONVERT)) | ASN1_STRFLGS_IGNORE_TYPE;
  for (unsigned long const flags : {kPlain, kOctets}) {
    BioHandle const out{BIO_new(BIO_s_mem())};
    if (out && X509_NAME_print_ex(out.get(), name, 0, flags) >= 0) return bounded(text(content(*out)));
  }
  ERR_clear_error();
  return {};
}

}  // namespace tlsgauge::crypto
