#include "crypto/weak_keys.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <cstdint>
#include <memory>

#include "crypto/handles.hpp"

namespace tlsgauge::crypto {
namespace {

constexpr int kMaxBits = 16384;
constexpr int kFermatSteps = 8;  // CVE-2022-26320 yields in the first step or two

using Number = std::unique_ptr<BIGNUM, FreeWith<BN_free>>;
using Context = std::unique_ptr<BN_CTX, FreeWith<BN_CTX_free>>;

/// CVE-2017-15361: p = k * M + (65537^a mod M), M a primorial, so that the modulus is a power of 65537 for each small prime of M.
/// An honest modulus is that for all of them once in 2^27 or so.
constexpr std::uint32_t kRocaPrimes[] = {11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157};

bool is_power(std::uint32_t value, std::uint32_t base, std::uint32_t prime) {
  std::uint32_t power = 1;
  do {
    if (power == value) return true;
    power = power * (base % prime) % prime;
  } while (power != 1);
  return false;
}

bool has_roca(BIGNUM const* modulus) {
  for (std::uint32_t const prime : kRocaPrimes) {
    if (!is_power(static_cast<std::uint32_t>(BN_mod_word(modulus, prime)), 65537, prime)) return false;
  }
  return true;
}

bool has_small_factor(BIGNUM const* modulus) {
  for (BN_ULONG candidate = 2; candidate < 10'000; candidate += candidate == 2 ? 1 : 2) {
    if (BN_mod_word(modulus, candidate) == 0) return true;
  }
  return false;
}

/// The integer square root, rounded up (Newton).
Number root(BIGNUM const* n, BN_CTX* context) {
  Number x{BN_new()};
  Number y{BN_new()};
  Number quotient{BN_new()};
  if (!x || !y || !quotient || BN_one(x.get()) != 1 || BN_lshift(x.get(), x.get(), BN_num_bits(n) / 2 + 1) != 1) return nullptr;
  for (;;) {
    if (BN_div(quotient.get(), nullptr, n, x.get(), context) != 1 || BN_add(y.get(), x.get(), quotient.get()) != 1 ||
        BN_rshift1(y.get(), y.get()) != 1) {
      return nullptr;
    }
    if (BN_cmp(y.get(), x.get()) >= 0) break;
    std::swap(x, y);
  }
  if (BN_sqr(y.get(), x.get(), context) != 1) return nullptr;
  if (BN_cmp(y.get(), n) < 0 && BN_add_word(x.get(), 1) != 1) return nullptr;
  return x;
}

/// Fermat: n = a^2 - b^2 is found at once when its factors are close to each other.
bool has_close_primes(BIGNUM const* n, BN_CTX* context) {
  Number a = root(n, context);
  Number rest{BN_new()};
  Number square{BN_new()};
  if (!a || !rest || !square) return false;
  for (int step = 0; step < kFermatSteps; ++step) {
    if (BN_sqr(square.get(), a.get(), context) != 1 || BN_sub(rest.get(), square.get(), n) != 1) return false;
    if (BN_is_zero(rest.get())) return true;
    Number const b = root(rest.get(), context);
    if (!b || BN_sqr(square.get(), b.get(), context) != 1) return false;
    if (BN_cmp(square.get(), rest.get()) == 0) return true;
    if (BN_add_word(a.get(), 1) != 1) return false;
  }
  return false;
}

Number parameter(EVP_PKEY const* key, char const* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) return nullptr;
  return Number{number};
}

std::string text(BIGNUM const* number) {
  bool const is_short = BN_num_bits(number) <= 64;
  std::unique_ptr<char, FreeOpenSslMemory> const digits{is_short ? BN_bn2dec(number) : BN_bn2hex(number)};
  if (!digits) return {};
  return (is_short ? "" : "0x") + std::string{digits.get()}.substr(0, 100);
}

}  // namespace

KeyFacts key_facts(ByteView certificate) {
  KeyFacts out;
  unsigned char const* at = certificate.data();
  X509Handle const x{certificate.empty() ? nullptr : d2i_X509(nullptr, &at, static_cast<long>(certificate.size()))};
  EVP_PKEY const* const key = x ? X509_get0_pubkey(x.get()) : nullptr;
  int const kind = key == nullptr ? EVP_PKEY_NONE : EVP_PKEY_get_base_id(key);
  if (kind == EVP_PKEY_RSA || kind == EVP_PKEY_RSA_PSS) {
    Number const modulus = parameter(key, OSSL_PKEY_PARAM_RSA_N);
    Number const exponent = parameter(key, OSSL_PKEY_PARAM_RSA_E);
    Context const context{BN_CTX_new()};
    if (modulus && exponent && context) {
      out.exponent = text(exponent.get());
      if (BN_is_one(exponent.get()) || BN_is_zero(exponent.get())) {
        out.faults.emplace_back("exponent_one");
      } else if (!BN_is_odd(exponent.get())) {
        out.faults.emplace_back("exponent_even");
      } else if (BN_num_bits(exponent.get()) <= 16) {
        out.faults.emplace_back("exponent_small");
      }
      int const bits = BN_num_bits(modulus.get());
      if (bits < 1024) out.faults.emplace_back("small_modulus");
      if (bits >= 64 && bits <= kMaxBits) {
        if (has_small_factor(modulus.get())) {
          out.faults.emplace_back("small_factor");
        } else {
          if (has_roca(modulus.get())) out.faults.emplace_back("roca");
          if (has_close_primes(modulus.get(), context.get())) out.faults.emplace_back("close_primes");
        }
      }
    }
  }
  ERR_clear_error();
  return out;
}

}  // namespace tlsgauge::crypto
