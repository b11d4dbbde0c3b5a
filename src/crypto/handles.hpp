#pragma once
// Owners of OpenSSL's objects, and the octets that memory BIOs hold.

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

#include "base/bytes.hpp"

namespace tlsgauge::crypto {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

struct FreeX509Stack {
  void operator()(STACK_OF(X509) * list) const { sk_X509_pop_free(list, X509_free); }
};

struct FreeOpenSslMemory {
  template <class T>
  void operator()(T* memory) const {
    OPENSSL_free(memory);
  }
};

using BioHandle = std::unique_ptr<BIO, FreeWith<BIO_free>>;
using BignumHandle = std::unique_ptr<BIGNUM, FreeWith<BN_free>>;
using CipherContextHandle = std::unique_ptr<EVP_CIPHER_CTX, FreeWith<EVP_CIPHER_CTX_free>>;
using CipherHandle = std::unique_ptr<EVP_CIPHER, FreeWith<EVP_CIPHER_free>>;
using GeneralNamesHandle = std::unique_ptr<GENERAL_NAMES, FreeWith<GENERAL_NAMES_free>>;
using KeyContextHandle = std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using KeyManagementHandle = std::unique_ptr<EVP_KEYMGMT, FreeWith<EVP_KEYMGMT_free>>;
using SessionHandle = std::unique_ptr<SSL_SESSION, FreeWith<SSL_SESSION_free>>;
using SslContextHandle = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;
using SslHandle = std::unique_ptr<SSL, FreeWith<SSL_free>>;
using StoreContextHandle = std::unique_ptr<X509_STORE_CTX, FreeWith<X509_STORE_CTX_free>>;
using StoreHandle = std::unique_ptr<X509_STORE, FreeWith<X509_STORE_free>>;
using X509Handle = std::unique_ptr<X509, FreeWith<X509_free>>;
using X509StackHandle = std::unique_ptr<STACK_OF(X509), FreeX509Stack>;

/// All that a memory BIO holds, as a view that lasts until the BIO changes.
[[nodiscard]] inline ByteView content(BIO& memory) {
  char* data = nullptr;
  long const size = BIO_get_mem_data(&memory, &data);
  if (data == nullptr || size <= 0) return {};
  return {reinterpret_cast<std::uint8_t const*>(data), static_cast<std::size_t>(size)};
}

[[nodiscard]] inline std::string_view text(ByteView bytes) { return {reinterpret_cast<char const*>(bytes.data()), bytes.size()}; }

[[nodiscard]] inline Bytes to_der(X509& certificate) {
  unsigned char* der = nullptr;
  int const size = i2d_X509(&certificate, &der);
  std::unique_ptr<unsigned char, FreeOpenSslMemory> const owned{der};
  return size > 0 ? Bytes(der, der + size) : Bytes{};
}

/// A read-only BIO over `bytes`, which must outlive it.
[[nodiscard]] inline BioHandle bio_over(ByteView bytes) { return BioHandle{BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))}; }

}  // namespace tlsgauge::crypto
