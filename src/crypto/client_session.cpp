// The client's side of crypto/session.hpp.

#include <openssl/err.h>

#include <array>
#include <map>
#include <mutex>
#include <span>

#include "base/address.hpp"
#include "crypto/fault.hpp"
#include "crypto/memory_session.hpp"
#include "crypto/session.hpp"

namespace tlsgauge::crypto {
namespace {

using wire::ProtocolVersion;

// Up to TLS 1.2 no ffdhe group: naming them hides a weak group of the server (RFC 7919 section 4).
constexpr char const* kOldGroups[] = {"X25519",          "P-256",           "P-384",           "P-521",     "X448",
                                      "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1", "secp256k1", "secp224r1",
                                      "secp192r1",       "sect571r1",       "sect409r1",       "sect283r1"};
// The first one gets the key share. No hybrid group: a server that prefers one would ask for its share by a HelloRetryRequest, and the
// round trips of that would be ours, not the server's. ML-KEM by itself is what servers take that take nothing else (CNSA 2.0).
constexpr char const* kNewGroups[] = {"X25519",
                                      "P-256",
                                      "P-384",
                                      "P-521",
                                      "X448",
                                      "ffdhe2048",
                                      "ffdhe3072",
                                      "ffdhe4096",
                                      "ffdhe6144",
                                      "ffdhe8192",
                                      "brainpoolP256r1tls13",
                                      "brainpoolP384r1tls13",
                                      "brainpoolP512r1tls13",
                                      "MLKEM1024",
                                      "MLKEM768",
                                      "MLKEM512"};
constexpr char const* kSignatures[] = {"ecdsa_secp256r1_sha256",
                                       "ecdsa_secp384r1_sha384",
                                       "ecdsa_secp521r1_sha512",
                                       "ed25519",
                                       "ed448",
                                       "rsa_pss_rsae_sha256",
                                       "rsa_pss_rsae_sha384",
                                       "rsa_pss_rsae_sha512",
                                       "rsa_pss_pss_sha256",
                                       "rsa_pss_pss_sha384",
                                       "rsa_pss_pss_sha512",
                                       "RSA+SHA256",
                                       "RSA+SHA384",
                                       "RSA+SHA512",
                                       "ECDSA+SHA224",
                                       "RSA+SHA224",
                                       "ECDSA+SHA1",
                                       "RSA+SHA1",
                                       "DSA+SHA256",
                                       "DSA+SHA1",
                                       "mldsa44",
                                       "mldsa65",
                                       "mldsa87"};

/// Sets those of `names` that this libssl knows, in their order.
bool set_known(SSL_CTX& context, int command, std::span<char const* const> names) {
  std::string list;
  for (char const* const name : names) {
    std::string one{name};
    if (SSL_CTX_ctrl(&context, command, 0, one.data()) <= 0) continue;
    if (!list.empty()) list += ':';
    list += one;
  }
  ERR_clear_error();
  return SSL_CTX_ctrl(&context, command, 0, list.data()) == 1;
}

bool set_groups(SSL& ssl, std::vector<wire::NamedGroup> const& groups) {
  std::string list;
  for (wire::NamedGroup const group : groups) {
    std::string one = name(group);
    if (SSL_ctrl(&ssl, SSL_CTRL_SET_GROUPS_LIST, 0, one.data()) <= 0 || (":" + list + ":").find(":" + one + ":") != std::string::npos)
      continue;
    if (!list.empty()) list += ':';
    list += one;
  }
  ERR_clear_error();
  return !list.empty() && SSL_ctrl(&ssl, SSL_CTRL_SET_GROUPS_LIST, 0, list.data()) == 1;
}

/// Everything is set by us, so that no openssl.cnf of the machine (Debian's MinProtocol and SECLEVEL) narrows what can be measured.
Result<SslContextHandle> make_context(ProtocolVersion version) {
  ERR_clear_error();
  SslContextHandle context{SSL_CTX_new(TLS_client_method())};
  if (!context) return fault(ErrorKind::local, "cannot make a TLS client");
  SSL_CTX* const c = context.get();
  int const code = static_cast<int>(version);
  if (version < ProtocolVersion::SSLv3 || SSL_CTX_set_min_proto_version(c, code) != 1 || SSL_CTX_set_max_proto_version(c, code) != 1) {
    ERR_clear_error();
    return Error{ErrorKind::unsupported, "the local OpenSSL does not speak " + name(version)};
  }
  SSL_CTX_clear_options(c, SSL_CTX_get_options(c));
  SSL_CTX_set_options(c, SSL_OP_ALL | SSL_OP_NO_COMPRESSION | SSL_OP_LEGACY_SERVER_CONNECT);
  SSL_CTX_set_security_level(c, 0);
  if (SSL_CTX_set_cipher_list(c, "ALL:COMPLEMENTOFALL:!PSK:!SRP:@SECLEVEL=0") != 1 ||
      SSL_CTX_set_ciphersuites(c,
                               "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_SHA256:"
                               "TLS_AES_128_CCM_8_SHA256") != 1) {
    return fault(ErrorKind::local, "cannot set the cipher suites");
  }
  using Names = std::span<char const* const>;
  Names const groups = version < ProtocolVersion::TLSv1_3 ? Names{kOldGroups} : Names{kNewGroups};
  if (!set_known(*c, SSL_CTRL_SET_GROUPS_LIST, groups) || !set_known(*c, SSL_CTRL_SET_SIGALGS_LIST, kSignatures)) {
    return fault(ErrorKind::local, "cannot set groups and signature schemes");
  }
  SSL_CTX_set_verify(c, SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_max_cert_list(c, 4 * 1024 * 1024);
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  return context;
}

}  // namespace

struct ClientSession::Impl {
  MemorySession tls;
  SessionHandle newest;
  std::vector<SessionTicket> tickets;  // of TLS 1.3
  std::optional<wire::AlertDescription> alert;

  static SessionTicket ticket_of(SSL_SESSION const& session) {
    unsigned char const* octets = nullptr;
    std::size_t size = 0;
    SSL_SESSION_get0_ticket(&session, &octets, &size);
    SessionTicket out;
    if (octets != nullptr) out.ticket.assign(octets, octets + size);
    out.lifetime_s = static_cast<std::uint32_t>(SSL_SESSION_get_ticket_lifetime_hint(&session));
    out.max_early_data = SSL_SESSION_get_max_early_data(&session);
    return out;
  }

  static void on_info(SSL const* ssl, int where, int what) {
    auto* const impl = static_cast<Impl*>(SSL_get_app_data(ssl));
    if (impl == nullptr || where != SSL_CB_READ_ALERT) return;
    int const level = what >> 8;
    int const description = what & 0xFF;
    // Of the warnings one alone says no: others, like unrecognized_name, are no reason to give up.
    if (level == SSL3_AL_FATAL || description == SSL_AD_NO_RENEGOTIATION) impl->alert = static_cast<wire::AlertDescription>(description);
  }

  static int on_new_session(SSL* ssl, SSL_SESSION* session) {
    auto* const impl = static_cast<Impl*>(SSL_get_app_data(ssl));
    if (impl == nullptr || SSL_SESSION_is_resumable(session) != 1) return 0;
    constexpr std::size_t kMaxTickets = 64;  // a server may send as many as it likes
    if (SSL_version(ssl) == TLS1_3_VERSION && impl->tickets.size() < kMaxTickets) impl->tickets.push_back(ticket_of(*session));
    impl->newest.reset(session);
    return 1;  // the reference is ours now
  }

  /// One context a version for the whole process: making one costs more than a handshake.
  static Result<SSL_CTX*> context(ProtocolVersion version) {
    static std::mutex guard;
    static std::map<ProtocolVersion, SslContextHandle> made;
    std::lock_guard const lock{guard};
    if (auto const found = made.find(version); found != made.end()) return found->second.get();
    Result<SslContextHandle> fresh = make_context(version);
    if (!fresh) return fresh.error();
    SSL_CTX_sess_set_new_cb(fresh->get(), &on_new_session);
    SSL_CTX_set_info_callback(fresh->get(), &on_info);
    return made.emplace(version, std::move(*fresh)).first->second.get();
  }
};

ClientSession::ClientSession() : impl_(std::make_unique<Impl>()) {}
ClientSession::~ClientSession() = default;

Result<std::unique_ptr<ClientSession>> ClientSession::start(ClientSettings const& settings) {
  Result<SSL_CTX*> const context = Impl::context(settings.version);
  if (!context) return context.error();
  ERR_clear_error();
  SslHandle ssl{SSL_new(*context)};
  if (!ssl) return fault(ErrorKind::local, "cannot make a TLS session");

  std::string host = settings.server_name;
  if (!host.empty() && host.back() == '.') host.pop_back();
  // RFC 6066 section 3: literal addresses are not permitted in HostName.
  if (!host.empty() && !parse_address(host) &&
      SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data()) != 1) {
    return fault(ErrorKind::invalid_input, "the server name cannot be sent");
  }
  if (!settings.resume.empty()) {
    unsigned char const* der = settings.resume.data();
    SessionHandle const session{d2i_SSL_SESSION(nullptr, &der, static_cast<long>(settings.resume.size()))};
    if (!session || SSL_set_session(ssl.get(), session.get()) != 1) {
      return fault(ErrorKind::invalid_input, "the session to resume cannot be read");
    }
  }
  if (!settings.groups.empty() && !set_groups(*ssl, settings.groups)) {
    return Error{ErrorKind::unsupported, "the local OpenSSL has none of the groups"};
  }
  if (!settings.tickets) SSL_set_options(ssl.get(), SSL_OP_NO_TICKET);
  if (settings.renegotiate) SSL_set_options(ssl.get(), SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION);
  std::unique_ptr<ClientSession> client{new ClientSession};
  SSL_set_app_data(ssl.get(), client->impl_.get());
  SSL_set_connect_state(ssl.get());
  if (Result<void> const adopted = client->impl_->tls.adopt(std::move(ssl), settings.early_data); !adopted) return adopted.error();
  return client;
}

ClientSession::State ClientSession::feed(ByteView bytes) { return impl_->tls.feed(bytes); }
ClientSession::State ClientSession::state() const { return impl_->tls.state(); }
Bytes ClientSession::take_output() { return impl_->tls.take_output(); }
Result<void> ClientSession::write(ByteView plain) { return impl_->tls.write(plain); }
Bytes ClientSession::take_plain() { return impl_->tls.take_plain(); }
std::string ClientSession::error() const { return impl_->tls.error(); }
ProtocolVersion ClientSession::version() const { return static_cast<ProtocolVersion>(SSL_version(impl_->tls.ssl())); }
bool ClientSession::resumed() const { return SSL_session_reused(impl_->tls.ssl()) == 1; }

wire::CipherSuite ClientSession::cipher_suite() const {
  SSL_CIPHER const* const suite = SSL_get_current_cipher(impl_->tls.ssl());
  return static_cast<wire::CipherSuite>(suite == nullptr ? 0 : SSL_CIPHER_get_protocol_id(suite));
}

std::vector<SessionTicket> ClientSession::tickets() const {
  if (version() == ProtocolVersion::TLSv1_3) return impl_->tickets;
  SSL_SESSION const* const session = SSL_get_session(impl_->tls.ssl());
  if (state() != State::established || resumed() || session == nullptr || SSL_SESSION_has_ticket(session) != 1) return {};
  return {Impl::ticket_of(*session)};
}

std::size_t ClientSession::session_id_octets() const {
  SSL_SESSION const* const session = SSL_get_session(impl_->tls.ssl());
  // libssl makes up an ID for a ticket.
  if (state() != State::established || version() == ProtocolVersion::TLSv1_3 || session == nullptr ||
      SSL_SESSION_has_ticket(session) == 1) {
    return 0;
  }
  unsigned int size = 0;
  SSL_SESSION_get_id(session, &size);
  return size;
}

bool ClientSession::early_data_accepted() const { return SSL_get_early_data_status(impl_->tls.ssl()) == SSL_EARLY_DATA_ACCEPTED; }

bool ClientSession::key_exchanged() const {
  EVP_PKEY* key = nullptr;
  bool const sent = SSL_get_peer_tmp_key(impl_->tls.ssl(), &key) == 1;
  KeyHandle const owner{key};
  return sent;
}

bool ClientSession::secure_renegotiation() const { return SSL_get_secure_renegotiation_support(impl_->tls.ssl()) == 1; }

Result<void> ClientSession::renegotiate() {
  impl_->alert.reset();  // a warning of the handshake before is no answer to this one
  return impl_->tls.renegotiate();
}

bool ClientSession::renegotiating() const {
  SSL* const ssl = impl_->tls.ssl();
  return state() == State::established && (SSL_in_init(ssl) != 0 || SSL_renegotiate_pending(ssl) != 0);
}

void ClientSession::close() { impl_->tls.close(); }
bool ClientSession::ended() const { return impl_->tls.ended(); }
std::optional<wire::AlertDescription> ClientSession::alert() const { return impl_->alert; }

Bytes ClientSession::session() const {
  SSL_SESSION* session = impl_->newest.get();
  // Up to TLS 1.2 a session that was resumed without a new ticket can be resumed again.
  if (session == nullptr && state() == State::established && version() < ProtocolVersion::TLSv1_3) {
    session = SSL_get_session(impl_->tls.ssl());
  }
  if (session == nullptr || SSL_SESSION_is_resumable(session) != 1) return {};
  int const size = i2d_SSL_SESSION(session, nullptr);
  if (size <= 0) return {};
  Bytes der(static_cast<std::size_t>(size));
  unsigned char* out = der.data();
  i2d_SSL_SESSION(session, &out);
  return der;
}

}  // namespace tlsgauge::crypto
