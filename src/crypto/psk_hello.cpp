#include "crypto/psk_hello.hpp"

#include <algorithm>
#include <array>

#include "crypto/handles.hpp"
#include "crypto/session.hpp"
#include "crypto/tls13_schedule.hpp"

namespace tlsgauge::crypto {
namespace {

constexpr std::size_t kRecordHeader = 5;
constexpr std::size_t kListHeader = 3;  // of the binders: length of the list, length of its only entry

struct Psk {
  Tls13Suite const* suite = nullptr;
  Bytes key;
};

/// In TLS 1.3 libssl keeps a session's PSK where the master secret was.
Result<Psk> psk_of(Bytes const& der) {
  unsigned char const* data = der.data();
  SessionHandle const session{d2i_SSL_SESSION(nullptr, &data, static_cast<long>(der.size()))};
  SSL_CIPHER const* const cipher = session ? SSL_SESSION_get0_cipher(session.get()) : nullptr;
  if (cipher == nullptr) return Error{ErrorKind::invalid_input, "the session to resume cannot be read"};
  Psk psk;
  psk.suite = find_tls13_suite(static_cast<wire::CipherSuite>(SSL_CIPHER_get_protocol_id(cipher)));
  psk.key.resize(SSL_SESSION_get_master_key(session.get(), nullptr, 0));
  SSL_SESSION_get_master_key(session.get(), psk.key.data(), psk.key.size());
  if (psk.suite == nullptr || psk.key.empty()) return Error{ErrorKind::unsupported, "the session is not one of TLS 1.3"};
  return psk;
}

/// RFC 8446 section 4.2.11.2
Bytes binder(Psk const& psk, ByteView truncated_hello) {
  Tls13Suite const& suite = *psk.suite;
  Bytes const early_secret = hkdf_extract(suite, {}, psk.key);
  Bytes const binder_key = hkdf_expand_label(suite, early_secret, "res binder", transcript_hash(suite, {}, {}), suite.hash_octets);
  Bytes const finished_key = hkdf_expand_label(suite, binder_key, "finished", {}, suite.hash_octets);
  return hkdf_extract(suite, finished_key, transcript_hash(suite, truncated_hello, {}));  // HKDF-Extract is HMAC
}

}  // namespace

Result<Bytes> psk_ke_hello(std::string const& server_name, Bytes const& session) {
  Result<Psk> const psk = psk_of(session);
  if (!psk) return psk.error();
  ClientSettings settings;
  settings.version = wire::ProtocolVersion::TLSv1_3;
  settings.server_name = server_name;
  settings.resume = session;
  Result<std::unique_ptr<ClientSession>> const client = ClientSession::start(settings);
  if (!client) return client.error();
  Bytes record = (*client)->take_output();

  // psk_key_exchange_modes: one mode, psk_dhe_ke.
  constexpr std::array<std::uint8_t, 6> kModes{0x00, 0x2D, 0x00, 0x02, 0x01, 0x01};
  auto const modes = std::search(record.begin(), record.end(), kModes.begin(), kModes.end());
  std::size_t const tail = kListHeader + psk->suite->hash_octets;
  if (modes == record.end() || record.size() < kRecordHeader + tail) return Error{ErrorKind::local, "libssl offers no PSK"};
  modes[5] = 0;
  ByteView const truncated = ByteView{record}.subspan(kRecordHeader, record.size() - kRecordHeader - tail);
  Bytes const fresh = binder(*psk, truncated);
  if (fresh.size() != psk->suite->hash_octets) return Error{ErrorKind::local, "cannot make a binder"};
  std::copy(fresh.begin(), fresh.end(), record.end() - static_cast<std::ptrdiff_t>(fresh.size()));
  return record;
}

}  // namespace tlsgauge::crypto
