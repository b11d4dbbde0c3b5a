#include "crypto/primality.hpp"

#include "crypto/handles.hpp"

namespace tlsgauge::crypto {
namespace {

using ContextHandle = std::unique_ptr<BN_CTX, FreeWith<BN_CTX_free>>;

// BN_check_prime makes at least 64 rounds, above 2048 bits 128: seconds, in which nothing else of the scan goes on. A composite
// passes five with a probability below 1/1024 even if it was made to deceive.
constexpr int kRounds = 5;

/// Miller and Rabin's test with random bases. Empty: out of memory.
std::optional<bool> probably_prime(BIGNUM const& number, BN_CTX& context) {
  if (BN_is_word(&number, 2) || BN_is_word(&number, 3)) return true;
  if (!BN_is_odd(&number) || BN_is_one(&number)) return false;
  BignumHandle const less_one{BN_dup(&number)}, odd{BN_new()}, range{BN_dup(&number)}, base{BN_new()}, power{BN_new()};
  if (!less_one || !odd || !range || !base || !power) return std::nullopt;
  if (BN_sub_word(less_one.get(), 1) != 1 || BN_sub_word(range.get(), 3) != 1) return std::nullopt;
  int twos = 1;
  while (BN_is_bit_set(less_one.get(), twos) == 0) ++twos;
  if (BN_rshift(odd.get(), less_one.get(), twos) != 1) return std::nullopt;
  for (int round = 0; round < kRounds; ++round) {
    if (BN_rand_range(base.get(), range.get()) != 1 || BN_add_word(base.get(), 2) != 1) return std::nullopt;
    if (BN_mod_exp(power.get(), base.get(), odd.get(), &number, &context) != 1) return std::nullopt;
    bool witness = !BN_is_one(power.get()) && BN_cmp(power.get(), less_one.get()) != 0;
    for (int k = 1; witness && k < twos; ++k) {
      if (BN_mod_sqr(power.get(), power.get(), &number, &context) != 1) return std::nullopt;
      if (BN_cmp(power.get(), less_one.get()) == 0) witness = false;
    }
    if (witness) return false;
  }
  return true;
}

}  // namespace

std::optional<Primality> primality(ByteView number) {
  if (number.size() > kMaxTestedBits / 8) return std::nullopt;
  BignumHandle const p{BN_bin2bn(number.data(), static_cast<int>(number.size()), nullptr)}, half{BN_new()};
  ContextHandle const context{BN_CTX_new()};
  if (!p || !half || !context || BN_rshift1(half.get(), p.get()) != 1) return std::nullopt;
  std::optional<bool> const prime = probably_prime(*p, *context);
  if (!prime) return std::nullopt;
  Primality out;
  out.prime = *prime;
  if (!out.prime || !BN_is_odd(p.get())) return out;
  std::optional<bool> const half_prime = probably_prime(*half, *context);
  if (!half_prime) return std::nullopt;
  out.safe_prime = *half_prime;
  return out;
}

}  // namespace tlsgauge::crypto
