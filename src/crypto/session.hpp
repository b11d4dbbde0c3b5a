#pragma once
// Whole TLS sessions on libssl over memory, without a socket: for what needs finished keys (resumption, HTTP in the demo).

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wire/registry/registry.hpp"

namespace tlsgauge::crypto {

struct ClientSettings {
  wire::ProtocolVersion version = wire::ProtocolVersion::TLSv1_2;  ///< exactly this one
  std::string server_name;
  Bytes resume;  ///< a session from ClientSession::session(), or empty for a full handshake
  /// To offer, in TLS 1.3 with a share of the first; what the local OpenSSL lacks is left out. Empty: those of elliptic curves and
  /// finite fields with a share of x25519, so that the hello stays within one segment.
  std::vector<wire::NamedGroup> groups;
  bool tickets = true;       ///< false: up to TLS 1.2 no session_ticket extension
  Bytes early_data;          ///< goes with the ClientHello; `resume` must allow it
  bool renegotiate = false;  ///< allows renegotiate() with servers that know no RFC 5746
};

struct SessionTicket {
  Bytes ticket;
  std::uint32_t lifetime_s = 0;
  std::uint32_t max_early_data = 0;
};

/// A client that accepts whatever certificate, suite (security level 0) and old renegotiation the server has: it measures.
class ClientSession {
 public:
  enum class State { wants_input, established, failed };

  static Result<std::unique_ptr<ClientSession>> start(ClientSettings const& settings);
  ~ClientSession();

  /// Gives what arrived to libssl and moves on. TLS 1.3 tickets that come after the handshake are kept too.
  State feed(ByteView bytes);
  [[nodiscard]] State state() const;
  /// What is to be sent now; empties the buffer.
  Bytes take_output();
  /// Application data to the peer; the state must be established.
  Result<void> write(ByteView plain);
  /// Application data that arrived.
  Bytes take_plain();

  [[nodiscard]] std::string error() const;
  [[nodiscard]] wire::ProtocolVersion version() const;
  [[nodiscard]] wire::CipherSuite cipher_suite() const;
  [[nodiscard]] bool resumed() const;
  /// The newest resumable session (TLS 1.3: from a ticket), DER; empty when the server gave none.
  [[nodiscard]] Bytes session() const;

  /// Of this connection: up to TLS 1.2 that of a full handshake, in TLS 1.3 all that have come so far.
  [[nodiscard]] std::vector<SessionTicket> tickets() const;
  /// That the server gave, up to TLS 1.2; 0 where a ticket stands in its place.
  [[nodiscard]] std::size_t session_id_octets() const;
  [[nodiscard]] bool early_data_accepted() const;
  /// The server has sent an ephemeral key of its own.
  [[nodiscard]] bool key_exchanged() const;
  /// RFC 5746
  [[nodiscard]] bool secure_renegotiation() const;

  /// Queues the ClientHello of another handshake on an established session, up to TLS 1.2; done when renegotiating() is over.
  Result<void> renegotiate();
  [[nodiscard]] bool renegotiating() const;
  void close();  ///< queues close_notify: without it some servers forget the session
  /// The peer's close_notify has come.
  [[nodiscard]] bool ended() const;
  /// The last fatal one that came, or no_renegotiation.
  [[nodiscard]] std::optional<wire::AlertDescription> alert() const;

 private:
  ClientSession();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct ServerSettings {
  std::string certificate_pem;  ///< end entity and intermediates
  std::string private_key_pem;
  wire::ProtocolVersion min_version = wire::ProtocolVersion::TLSv1_2;
  wire::ProtocolVersion max_version = wire::ProtocolVersion::TLSv1_3;
  std::string cipher_list;   ///< OpenSSL string for TLS 1.2 and older, "@SECLEVEL=0" allowed; empty: OpenSSL's default
  std::string ciphersuites;  ///< TLS 1.3; empty: OpenSSL's default
  bool server_preference = true;
  int dh_bits = 0;  ///< 0: no DHE; 1024 uses a known weak group
  bool tickets = true;
  bool client_renegotiation = false;
  std::uint32_t max_early_data = 0;  ///< 0: no early data
  bool psk_alone = false;            ///< resumes by psk_ke too
  bool anti_replay = true;           ///< each ticket for early data is good for one use
};

class ServerSession;

/// One configuration, many connections.
class ServerContext {
 public:
  static Result<std::shared_ptr<ServerContext const>> make(ServerSettings const& settings);
  ~ServerContext();
  struct Impl;
  [[nodiscard]] Impl const& impl() const { return *impl_; }

 private:
  ServerContext();
  std::unique_ptr<Impl> impl_;
};

class ServerSession {
 public:
  explicit ServerSession(std::shared_ptr<ServerContext const> context);
  ~ServerSession();
  using State = ClientSession::State;
  State feed(ByteView bytes);
  [[nodiscard]] State state() const;
  Bytes take_output();
  Result<void> write(ByteView plain);
  Bytes take_plain();
  void close();  ///< queues close_notify

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tlsgauge::crypto
