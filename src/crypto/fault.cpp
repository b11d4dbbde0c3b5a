#include "crypto/fault.hpp"

#include <openssl/err.h>

#include <cstring>

#include "base/text.hpp"

namespace tlsgauge::crypto {

std::string take_reason(std::string_view otherwise) {
  char const* data = nullptr;
  int flags = 0;
  unsigned long const code = ERR_get_error_all(nullptr, nullptr, nullptr, &data, &flags);
  std::string reason{otherwise};
  if (code != 0) {
    if (char const* const known = ERR_SYSTEM_ERROR(code) != 0 ? std::strerror(ERR_GET_REASON(code)) : ERR_reason_error_string(code)) {
      reason = known;
    }
    if ((flags & ERR_TXT_STRING) != 0 && data != nullptr && *data != '\0') reason += std::string{" ("} + data + ")";
  }
  ERR_clear_error();
  return to_utf8(reason);
}

Error fault(ErrorKind kind, std::string_view what) { return {kind, std::string{what} + ": " + take_reason("OpenSSL gives no reason")}; }

}  // namespace tlsgauge::crypto
