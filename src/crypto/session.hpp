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
