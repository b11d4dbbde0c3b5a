#include "crypto/public_suffix.hpp"

#include <libpsl.h>

#include "base/text.hpp"

namespace tlsgauge::crypto {

std::string registrable_domain(std::string_view name) {
  static psl_ctx_t const* const list = psl_latest(nullptr);
  std::string const lower = ascii_lower(name);
  char const* const domain = list == nullptr ? nullptr : psl_registrable_domain(list, lower.c_str());
  return domain == nullptr ? std::string{} : domain;
}

}  // namespace tlsgauge::crypto
