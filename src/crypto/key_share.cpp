#include "crypto/key_share.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include <algorithm>

#include "crypto/fault.hpp"
#include "crypto/handles.hpp"
#include "crypto/tls13_schedule.hpp"

namespace tlsgauge::crypto {
namespace {

using wire::NamedGroup;

/// How libcrypto makes a key of the group. Key encapsulation mechanisms and hybrids (OpenSSL 3.5) are key types of their own.
struct Recipe {
  NamedGroup group;
  char const* key_type;
  char const* parameter;  ///< of EC and DH: the group's name
  bool encapsulates = false;
};

constexpr Recipe kRecipes[] = {
    {NamedGroup::x25519, "X25519", nullptr},
    {NamedGroup::secp256r1, "EC", "prime256v1"},
    {NamedGroup::secp384r1, "EC", "secp384r1"},
    {NamedGroup::secp521r1, "EC", "secp521r1"},
    {NamedGroup::x448, "X448", nullptr},
    {NamedGroup::X25519MLKEM768, "X25519MLKEM768", nullptr, true},
    {NamedGroup::SecP256r1MLKEM768, "SecP256r1MLKEM768", nullptr, true},
    {NamedGroup::SecP384r1MLKEM1024, "SecP384r1MLKEM1024", nullptr, true},
    {NamedGroup::MLKEM512, "ML-KEM-512", nullptr, true},
    {NamedGroup::MLKEM768, "ML-KEM-768", nullptr, true},
    {NamedGroup::MLKEM1024, "ML-KEM-1024", nullptr, true},
    {NamedGroup::ffdhe2048, "DH", "ffdhe2048"},
    {NamedGroup::ffdhe3072, "DH", "ffdhe3072"},
    {NamedGroup::ffdhe4096, "DH", "ffdhe4096"},
    {NamedGroup::ffdhe6144, "DH", "ffdhe6144"},
    {NamedGroup::ffdhe8192, "DH", "ffdhe8192"},
    {NamedGroup::brainpoolP256r1tls13, "EC", "brainpoolP256r1"},
    {NamedGroup::brainpoolP384r1tls13, "EC", "brainpoolP384r1"},
    {NamedGroup::brainpoolP512r1tls13, "EC", "brainpoolP512r1"},
};

bool available(Recipe const& recipe) {
  KeyManagementHandle const management{EVP_KEYMGMT_fetch(nullptr, recipe.key_type, nullptr)};
  bool known = management != nullptr;
  if (known && std::string_view{recipe.key_type} == "EC") {
    using GroupHandle = std::unique_ptr<EC_GROUP, FreeWith<EC_GROUP_free>>;
    known = GroupHandle{EC_GROUP_new_by_curve_name(OBJ_sn2nid(recipe.parameter))} != nullptr;
  }
  ERR_clear_error();
  return known;
}

std::vector<Recipe> const& usable_recipes() {
  static std::vector<Recipe> const usable = [] {
    std::vector<Recipe> found;
    std::ranges::copy_if(kRecipes, std::back_inserter(found), available);
    return found;
  }();
  return usable;
}

Recipe const* find_recipe(NamedGroup group) {
  auto const found = std::ranges::find(usable_recipes(), group, &Recipe::group);
  return found == usable_recipes().end() ? nullptr : &*found;
}

KeyHandle generate(Recipe const& recipe) {
  KeyContextHandle const context{EVP_PKEY_CTX_new_from_name(nullptr, recipe.key_type, nullptr)};
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_keygen_init(context.get()) != 1) return nullptr;
  if (recipe.parameter != nullptr) {
    std::string name{recipe.parameter};
    OSSL_PARAM const params[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, name.data(), 0), OSSL_PARAM_construct_end()};
    if (EVP_PKEY_CTX_set_params(context.get(), params) != 1) return nullptr;
  }
  if (EVP_PKEY_keygen(context.get(), &key) != 1) return nullptr;
  return KeyHandle{key};
}

Result<Bytes> decapsulate(EVP_PKEY& key, ByteView ciphertext) {
  KeyContextHandle const context{EVP_PKEY_CTX_new_from_pkey(nullptr, &key, nullptr)};
  std::size_t size = 0;
  if (!context || EVP_PKEY_decapsulate_init(context.get(), nullptr) != 1 ||
      EVP_PKEY_decapsulate(context.get(), nullptr, &size, ciphertext.data(), ciphertext.size()) != 1) {
    return fault(ErrorKind::malformed, "the server's key share cannot be used");
  }
  Bytes secret(size);
  if (EVP_PKEY_decapsulate(context.get(), secret.data(), &size, ciphertext.data(), ciphertext.size()) != 1) {
    return fault(ErrorKind::malformed, "the server's key share cannot be used");
  }
  secret.resize(size);
  return secret;
}

Result<Bytes> derive(EVP_PKEY& key, ByteView server_share) {
  KeyHandle const peer{EVP_PKEY_new()};
  KeyContextHandle const context{EVP_PKEY_CTX_new_from_pkey(nullptr, &key, nullptr)};
  if (!peer || !context || EVP_PKEY_copy_parameters(peer.get(), &key) != 1 ||
      EVP_PKEY_set1_encoded_public_key(peer.get(), server_share.data(), server_share.size()) != 1 ||
      EVP_PKEY_derive_init(context.get()) != 1 || EVP_PKEY_derive_set_peer(context.get(), peer.get()) != 1) {
    return fault(ErrorKind::malformed, "the server's key share cannot be used");
  }
  // RFC 8446 section 7.4.1: the secret is padded with leading zeros up to the size of the prime.
  if (EVP_PKEY_is_a(&key, "DH") == 1 && EVP_PKEY_CTX_set_dh_pad(context.get(), 1) != 1)
    return fault(ErrorKind::local, "cannot agree on a key");
  std::size_t size = 0;
  if (EVP_PKEY_derive(context.get(), nullptr, &size) != 1) return fault(ErrorKind::local, "cannot agree on a key");
  Bytes secret(size);
  if (EVP_PKEY_derive(context.get(), secret.data(), &size) != 1)
    return fault(ErrorKind::malformed, "the server's key share cannot be used");
  secret.resize(size);
  return secret;
}

Result<OfferedShare> share_of(NamedGroup group, KeyHandle owned, bool encapsulates) {
  unsigned char* encoded = nullptr;
  std::size_t const size = EVP_PKEY_get1_encoded_public_key(owned.get(), &encoded);
  std::unique_ptr<unsigned char, FreeOpenSslMemory> const encoding{encoded};
  if (size == 0) return fault(ErrorKind::local, "cannot write the share of " + name(group));
  OfferedShare offered;
  offered.entry = {group, Bytes{encoded, encoded + size}};
  std::shared_ptr<EVP_PKEY> key{std::move(owned)};
  offered.keys = flight_keys(group, [key, encapsulates](ByteView server_share) -> Result<Bytes> {
    ERR_clear_error();
    return encapsulates ? decapsulate(*key, server_share) : derive(*key, server_share);
  });
  return offered;
}

}  // namespace

std::vector<NamedGroup> usable_groups() {
  std::vector<NamedGroup> groups;
  std::ranges::transform(usable_recipes(), std::back_inserter(groups), &Recipe::group);
  return groups;
}

bool can_share(NamedGroup group) { return find_recipe(group) != nullptr; }

Result<OfferedShare> offer_share(NamedGroup group) {
  ERR_clear_error();
  Recipe const* const recipe = find_recipe(group);
  if (recipe == nullptr) return Error{ErrorKind::unsupported, "the local OpenSSL cannot make a share of " + name(group)};
  KeyHandle key = generate(*recipe);
  if (!key) return fault(ErrorKind::unsupported, "cannot make a key of " + name(group));
  return share_of(group, std::move(key), recipe->encapsulates);
}

Result<OfferedShare> x25519_share(ByteView private_key) {
  KeyHandle key{EVP_PKEY_new_raw_private_key_ex(nullptr, "X25519", nullptr, private_key.data(), private_key.size())};
  if (!key) return fault(ErrorKind::invalid_input, "no private key of x25519");
  return share_of(NamedGroup::x25519, std::move(key), false);
}

}  // namespace tlsgauge::crypto
