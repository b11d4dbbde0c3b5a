#pragma once
// The server's first flight, read from the byte stream until its end or until it is clear that there will be none.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wire/certificate_list.hpp"
#include "wire/handshake.hpp"
#include "wire/record.hpp"
#include "wire/ssl2.hpp"

namespace tlsgauge::wire {

struct OpenedRecord {
  ContentType type{};
  Bytes content;
};

/// Opens the protected records of a TLS 1.3 flight. `crypto` implements it; wire knows no key.
class FlightKeys {
 public:
  virtual ~FlightKeys() = default;
  /// Both messages with their handshake headers. Called once, when a ServerHello of TLS 1.3 has come.
  virtual Result<void> start(ByteView client_hello, ByteView server_hello, ServerHello const& parsed) = 0;
  /// `record` is the whole TLSCiphertext with its five-octet header.
  virtual Result<OpenedRecord> open(ByteView record) = 0;
};

/// Everything the server said before it waited for us.
struct Flight {
  std::optional<ServerHello> server_hello;  ///< may be a HelloRetryRequest
  std::optional<Ssl2ServerHello> ssl2;
  std::vector<Extension> encrypted_extensions;  ///< TLS 1.3, when keys were given
  CertificateList certificates;                 ///< DER as sent
  std::size_t cut_chain = 0;                    ///< octets of a Certificate message of which `certificates` are only the beginning
  Bytes ocsp_response;                          ///< empty: none stapled
  std::vector<Bytes> ocsp_of_issuers;           ///< stapled for the certificates behind the first, in their order; empty ones: none
  std::optional<ServerKeyExchange> server_key_exchange;
  std::optional<CertificateRequest> certificate_request;
  std::optional<SignatureScheme> certificate_verify_scheme;  ///< TLS 1.3
  bool server_hello_done = false;
  bool finished = false;
  bool abbreviated = false;                ///< up to TLS 1.2: ChangeCipherSpec right behind the ServerHello
  std::vector<Alert> alerts;               ///< warnings too, in order
  std::vector<HandshakeMessage> messages;  ///< all of them, in order; of a Certificate over 256 KiB the header only
  std::vector<std::string> faults;         ///< messages that break their grammar without ending the flight: their fields are empty
  std::optional<Alert> ended_by;           ///< the alert after which nothing more was read
  [[nodiscard]] bool answered() const { return server_hello.has_value() || ssl2.has_value(); }
  /// `ended_by`, else the first alert of level fatal.
  [[nodiscard]] std::optional<Alert> fatal_alert() const;
};

class FlightReader {
 public:
  enum class State {
    more,       ///< undecided: feed on
    complete,   ///< ServerHelloDone; HelloRetryRequest; TLS 1.3 Finished (ServerHello when no keys were given); SSLv2 SERVER-HELLO;
                ///< ChangeCipherSpec of an abbreviated handshake
    alerted,    ///< a fatal alert, close_notify before any hello, in TLS 1.3 any but close_notify and user_canceled; an SSLv2 ERROR
    malformed,  ///< TLS, but against its grammar or over a bound; see error()
    not_tls,    ///< the first octets are no TLS or SSLv2 record (HTTP, SSH banner)
  };

  /// `client_hello` (handshake message with header) feeds the key schedule; may be empty when keys is null.
  /// `ssl2` expects SSLv2 records (an SSLv3/TLS alert record is still understood as a refusal).
  explicit FlightReader(Bytes client_hello = {}, std::shared_ptr<FlightKeys> keys = nullptr, bool ssl2 = false);

  /// At most `kMaxOctets` in all, beside a Certificate message of any size; then malformed. Never throws, whatever arrives.
  State feed(ByteView bytes);
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] Flight const& flight() const { return flight_; }
  [[nodiscard]] Flight take() { return std::move(flight_); }
  [[nodiscard]] std::string const& error() const { return error_; }

  static constexpr std::size_t kMaxOctets = 512 * 1024;
  static constexpr std::size_t kKeptOfChain = 4 * 1024 * 1024;

 private:
  State read_ssl2(ByteView bytes);
  State read_records(ByteView bytes);
  State on_record(Record const& record);
  State on_change_cipher_spec(ByteView content);
  State on_content(ContentType type, ByteView content);
  State on_alert(Alert alert);
  State on_message(HandshakeMessage received);
  State on_large();
  [[nodiscard]] std::string misplaced(HandshakeType type) const;
  void on_certificate(HandshakeMessage const& message, ProtocolVersion version);
  State on_server_hello(HandshakeMessage const& message);
  State on_tls12_message(HandshakeMessage const& message);
  State on_tls13_message(HandshakeMessage const& message);
  State fail(State state, std::string reason);
  [[nodiscard]] bool tls13() const;
  [[nodiscard]] std::size_t count(HandshakeType type) const;
  /// Keeps what was read, or why it could not be.
  template <class T, class F>
  void keep(Result<T> parsed, F&& store);

  Bytes client_hello_;
  std::shared_ptr<FlightKeys> keys_;
  bool ssl2_ = false;
  bool only_alerts_ = false;  ///< TLS records in answer to an SSLv2 hello
  bool opened_ = false;       ///< keys_ has been started
  std::size_t octets_ = 0;
  std::size_t allowed_ = kMaxOctets;
  std::size_t records_read_ = 0;
  std::size_t empty_records_ = 0;
  std::size_t change_cipher_specs_ = 0;
  Bytes alert_;  ///< half of an alert that was cut
  Bytes ssl2_buffer_;
  RecordReader records_;
  HandshakeAssembler messages_{HandshakeAssembler::kLimit, kKeptOfChain};
  Flight flight_;
  State state_ = State::more;
  std::string error_;
};

}  // namespace tlsgauge::wire
