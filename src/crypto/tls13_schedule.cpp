#include "crypto/tls13_schedule.hpp"

#include <openssl/err.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

#include "crypto/fault.hpp"
#include "crypto/handles.hpp"
#include "wire/writer.hpp"

namespace tlsgauge::crypto {
namespace {

using wire::CipherSuite;

constexpr Tls13Suite kSuites[] = {
    {CipherSuite::TLS_AES_128_GCM_SHA256, "SHA256", "AES-128-GCM", 32, 16, 16, false},
    {CipherSuite::TLS_AES_256_GCM_SHA384, "SHA384", "AES-256-GCM", 48, 32, 16, false},
    {CipherSuite::TLS_CHACHA20_POLY1305_SHA256, "SHA256", "ChaCha20-Poly1305", 32, 32, 16, false},
    {CipherSuite::TLS_AES_128_CCM_SHA256, "SHA256", "AES-128-CCM", 32, 16, 16, true},
    {CipherSuite::TLS_AES_128_CCM_8_SHA256, "SHA256", "AES-128-CCM", 32, 16, 8, true},
};

constexpr std::size_t kHeader = 5;
constexpr std::size_t kIv = 12;
constexpr std::size_t kMaxSealed = 16384 + 256;  // RFC 8446 section 5.2

EVP_MD const* digest(Tls13Suite const& suite) { return suite.hash_octets == 48 ? EVP_sha384() : EVP_sha256(); }

/// Fetched once a process: a fetch costs more than opening a record.
EVP_CIPHER const* cipher(Tls13Suite const& suite) {
  static std::array<CipherHandle, std::size(kSuites)> const fetched = [] {
    std::array<CipherHandle, std::size(kSuites)> all;
    for (std::size_t i = 0; i < all.size(); ++i) all[i].reset(EVP_CIPHER_fetch(nullptr, kSuites[i].cipher, nullptr));
    ERR_clear_error();
    return all;
  }();
  return fetched[static_cast<std::size_t>(&suite - kSuites)].get();
}

Bytes hmac(Tls13Suite const& suite, ByteView key, ByteView data) {
  Bytes out(suite.hash_octets);
  unsigned size = 0;
  static constexpr std::uint8_t kNothing = 0;
  std::uint8_t const* const key_data = key.empty() ? &kNothing : key.data();
  if (HMAC(digest(suite), key_data, static_cast<int>(key.size()), data.data(), data.size(), out.data(), &size) == nullptr) return {};
  return out;
}

class Keys : public wire::FlightKeys {
 public:
  Keys(wire::NamedGroup group, Agreement agree) : group_(group), agree_(std::move(agree)) {}

  Result<void> start(ByteView client_hello, ByteView server_hello, wire::ServerHello const& parsed) override {
    if (parsed.key_share_group() != group_) return Error{ErrorKind::malformed, "the server chose another group than the one offered"};
    Tls13Suite const* const suite = find_tls13_suite(parsed.cipher_suite);
    if (suite == nullptr) return Error{ErrorKind::unsupported, "records of " + name(parsed.cipher_suite) + " cannot be opened here"};
    Result<Bytes> const shared = agree_(parsed.key_share());
    if (!shared) return shared.error();
    Bytes const secret = server_handshake_traffic_secret(*suite, *shared, transcript_hash(*suite, client_hello, server_hello));
    opener_.emplace(*suite, secret);
    if (secret.empty() || opener_->key().empty() || opener_->iv().empty()) return fault(ErrorKind::local, "cannot derive keys");
    return {};
  }

  Result<wire::OpenedRecord> open(ByteView record) override {
    if (!opener_) return Error{ErrorKind::local, "a protected record came before the keys"};
    return opener_->open(record);
  }

 private:
  wire::NamedGroup group_;
  Agreement agree_;
  std::optional<RecordOpener> opener_;
};

}  // namespace

Tls13Suite const* find_tls13_suite(CipherSuite code) {
  auto const* const found = std::ranges::find(kSuites, code, &Tls13Suite::code);
  return found == std::end(kSuites) || cipher(*found) == nullptr ? nullptr : found;
}

Bytes transcript_hash(Tls13Suite const& suite, ByteView client_hello, ByteView server_hello) {
  using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>>;
  DigestContext const context{EVP_MD_CTX_new()};
  Bytes out(suite.hash_octets);
  bool const good = context && EVP_DigestInit_ex(context.get(), digest(suite), nullptr) == 1 &&
                    EVP_DigestUpdate(context.get(), client_hello.data(), client_hello.size()) == 1 &&
                    EVP_DigestUpdate(context.get(), server_hello.data(), server_hello.size()) == 1 &&
                    EVP_DigestFinal_ex(context.get(), out.data(), nullptr) == 1;
  return good ? out : Bytes{};
}

// RFC 5869 section 2.2.
Bytes hkdf_extract(Tls13Suite const& suite, ByteView salt, ByteView input_key) { return hmac(suite, salt, input_key); }

// RFC 8446 section 7.1 and RFC 5869 section 2.3.
Bytes hkdf_expand_label(Tls13Suite const& suite, ByteView secret, std::string_view label, ByteView context, std::size_t length) {
  wire::Writer info;
  info.u16(static_cast<std::uint16_t>(length));
  info.vector8([&](wire::Writer& w) {
    w.bytes(view("tls13 "));
    w.bytes(view(label));
  });
  info.vector8([&](wire::Writer& w) { w.bytes(context); });
  Bytes const suffix = info.take();
  Bytes out;
  Bytes block;
  for (std::uint8_t round = 1; out.size() < length; ++round) {
    block.insert(block.end(), suffix.begin(), suffix.end());
    block.push_back(round);
    block = hmac(suite, secret, block);
    if (block.empty()) return {};
    out.insert(out.end(), block.begin(), block.end());
  }
  out.resize(length);
  return out;
}

Bytes server_handshake_traffic_secret(Tls13Suite const& suite, ByteView shared_secret, ByteView transcript) {
  Bytes const zeros(suite.hash_octets);
  Bytes const early_secret = hkdf_extract(suite, zeros, zeros);
  Bytes const salt = hkdf_expand_label(suite, early_secret, "derived", transcript_hash(suite, {}, {}), suite.hash_octets);
  Bytes const handshake_secret = hkdf_extract(suite, salt, shared_secret);
  if (salt.empty() || handshake_secret.empty() || transcript.empty()) return {};
  return hkdf_expand_label(suite, handshake_secret, "s hs traffic", transcript, suite.hash_octets);
}

RecordOpener::RecordOpener(Tls13Suite const& suite, ByteView traffic_secret)
    : suite_(&suite),
      key_(hkdf_expand_label(suite, traffic_secret, "key", {}, suite.key_octets)),
      iv_(hkdf_expand_label(suite, traffic_secret, "iv", {}, kIv)) {}

Result<wire::OpenedRecord> RecordOpener::open(ByteView record) {
  if (record.size() < kHeader || record[0] != static_cast<std::uint8_t>(wire::ContentType::application_data)) {
    return Error{ErrorKind::malformed, "a record is not protected"};
  }
  ByteView const sealed = record.subspan(kHeader);
  std::size_t const announced = static_cast<std::size_t>(record[3]) << 8U | record[4];
  if (sealed.size() != announced || sealed.size() > kMaxSealed || sealed.size() <= suite_->tag_octets) {
    return Error{ErrorKind::malformed, "a protected record has a wrong length"};
  }
  Result<Bytes> plain = decrypt(record.first(kHeader), sealed);
  if (!plain) return plain.error();
  ++sequence_;
  // RFC 8446 section 5.4: the content type is the last octet that is not zero.
  auto const type = std::find_if(plain->rbegin(), plain->rend(), [](std::uint8_t octet) { return octet != 0; });
  if (type == plain->rend()) return Error{ErrorKind::malformed, "a protected record has no content type"};
  wire::OpenedRecord opened;
  opened.type = static_cast<wire::ContentType>(*type);
  plain->resize(static_cast<std::size_t>(plain->rend() - type) - 1);
  opened.content = std::move(*plain);
  return opened;
}

Result<Bytes> RecordOpener::decrypt(ByteView header, ByteView sealed) const {
  Bytes nonce = iv_;  // RFC 8446 section 5.3
  for (std::size_t i = 0; i < 8; ++i) nonce[kIv - 1 - i] ^= static_cast<std::uint8_t>(sequence_ >> (8U * i));
  std::size_t const size = sealed.size() - suite_->tag_octets;
  ByteView const body = sealed.first(size);
  Bytes tag{sealed.begin() + static_cast<std::ptrdiff_t>(size), sealed.end()};
  int const tag_size = static_cast<int>(tag.size());

  Bytes plain(size);
  int done = 0;
  CipherContextHandle const context{EVP_CIPHER_CTX_new()};
  EVP_CIPHER_CTX* const c = context.get();
  bool good = c != nullptr && EVP_DecryptInit_ex2(c, cipher(*suite_), nullptr, nullptr, nullptr) == 1 &&
              EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_IVLEN, static_cast<int>(kIv), nullptr) == 1 &&
              EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1 &&
              EVP_DecryptInit_ex2(c, nullptr, key_.data(), nonce.data(), nullptr) == 1;
  // CCM wants to know the length before anything else, and checks its tag with the text.
  if (suite_->ccm) good = good && EVP_DecryptUpdate(c, nullptr, &done, nullptr, static_cast<int>(size)) == 1;
  good = good && EVP_DecryptUpdate(c, nullptr, &done, header.data(), static_cast<int>(header.size())) == 1 &&
         EVP_DecryptUpdate(c, plain.data(), &done, body.data(), static_cast<int>(size)) == 1;
  if (!suite_->ccm) good = good && EVP_DecryptFinal_ex(c, plain.data() + size, &done) == 1;
  ERR_clear_error();
  if (!good) return Error{ErrorKind::malformed, "a protected record cannot be opened with the keys of the handshake"};
  return plain;
}

std::shared_ptr<wire::FlightKeys> flight_keys(wire::NamedGroup group, Agreement agree) {
  return std::make_shared<Keys>(group, std::move(agree));
}

}  // namespace tlsgauge::crypto
