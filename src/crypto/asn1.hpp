#pragma once
// Small readings of OpenSSL's ASN.1 objects.

#include <openssl/asn1.h>
#include <openssl/err.h>

#include <chrono>
#include <ctime>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "crypto/handles.hpp"

namespace tlsgauge::crypto {

/// Null when it cannot be parsed; the reason is not kept.
[[nodiscard]] inline X509Handle parse_x509(ByteView der) {
  unsigned char const* at = der.data();
  X509Handle certificate{der.empty() ? nullptr : d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
  ERR_clear_error();
  return certificate;
}

/// Of a UTCTime or GeneralizedTime; empty where it names no moment.
[[nodiscard]] inline std::optional<Moment> moment_of(ASN1_TIME const* field) {
  std::tm parts{};
  if (field == nullptr || ASN1_TIME_to_tm(field, &parts) != 1) return std::nullopt;
  using namespace std::chrono;
  year_month_day const day{year{parts.tm_year + 1900}, month{static_cast<unsigned>(parts.tm_mon + 1)},
                           std::chrono::day{static_cast<unsigned>(parts.tm_mday)}};
  if (!day.ok()) return std::nullopt;
  return sys_days{day} + hours{parts.tm_hour} + minutes{parts.tm_min} + seconds{parts.tm_sec};
}

}  // namespace tlsgauge::crypto
