#include "wire/flight.hpp"

#include <algorithm>

#include "wire/extension_list.hpp"

namespace tlsgauge::wire {
namespace {

constexpr std::size_t kMaxMessages = 128;
constexpr std::size_t kMaxAlerts = 16;
constexpr std::size_t kMaxRecords = 8192;  // records of one octet are legal; an endless run of them is not

bool is_tls13(ServerHello const& hello) { return hello.version() == ProtocolVersion::TLSv1_3; }

/// RFC 8446 section 6: in TLS 1.3 all alerts but these two end the connection, whatever their level says.
bool ends(Alert alert, bool tls13) {
  if (alert.description == AlertDescription::close_notify) return true;
  if (tls13) return alert.description != AlertDescription::user_canceled;
  return alert.level != AlertLevel::warning;
}

}  // namespace

std::optional<Alert> Flight::fatal_alert() const {
  for (auto alert = alerts.rbegin(); alert != alerts.rend(); ++alert) {
    if (ends(*alert, server_hello && is_tls13(*server_hello))) return *alert;
  }
  return std::nullopt;
}

FlightReader::FlightReader(Bytes client_hello, std::shared_ptr<FlightKeys> keys, bool ssl2)
    : client_hello_(std::move(client_hello)), keys_(std::move(keys)), ssl2_(ssl2) {}

FlightReader::State FlightReader::fail(State state, std::string reason) {
  error_ = std::move(reason);
  return state;
}

FlightReader::State FlightReader::feed(ByteView bytes) {
  if (state_ != State::more || bytes.empty()) return state_;
  octets_ += bytes.size();
  if (octets_ > kMaxOctets) {
    state_ = fail(State::malformed, "the flight has no end after " + std::to_string(kMaxOctets) + " octets");
    return state_;
  }
  if (ssl2_) {
    ssl2_buffer_.insert(ssl2_buffer_.end(), bytes.begin(), bytes.end());
    state_ = read_ssl2();
  } else {
    records_.feed(bytes);
    state_ = read_records();
  }
  return state_;
}

FlightReader::State FlightReader::read_ssl2() {
  constexpr auto kAlert = static_cast<std::uint8_t>(ContentType::alert);
  if (ssl2_buffer_.front() == kAlert && (ssl2_buffer_.size() < 2 || ssl2_buffer_[1] == 3)) {
    if (ssl2_buffer_.size() < 2) return State::more;
    // A server of SSLv3 or newer refuses in its own records.
    ssl2_ = false;
    records_.feed(ssl2_buffer_);
    return read_records();
  }
  auto record = read_ssl2_record(ssl2_buffer_);
  if (!record) return fail(State::not_tls, record.error().detail);
  if (!*record) return State::more;
  Bytes const& body = **record;
  if (body.front() == 0) return fail(State::alerted, "an SSLv2 ERROR message");
  auto hello = Ssl2ServerHello::parse(body);
  if (!hello) return fail(State::malformed, hello.error().detail);
  if (hello->version != ProtocolVersion::SSLv2) {
    return fail(State::malformed, "an SSLv2 SERVER-HELLO of version " + name(hello->version));
  }
  flight_.ssl2 = std::move(*hello);
  return State::complete;
}

FlightReader::State FlightReader::read_records() {
  for (;;) {
    auto record = records_.next();
    if (!record) {
      bool const nothing_yet = record_count_ == 0 && record.error().kind != ErrorKind::too_large;
      return fail(nothing_yet ? State::not_tls : State::malformed, record.error().detail);
    }
    if (!*record) return State::more;
    if (++record_count_ > kMaxRecords)
      return fail(State::malformed, "the flight has no end after " + std::to_string(kMaxRecords) + " records");
    State const state = on_record(**record);
    if (state != State::more) return state;
  }
}

FlightReader::State FlightReader::on_record(Record const& record) {
  bool const tls13 = flight_.server_hello && is_tls13(*flight_.server_hello);
  if (record.type == ContentType::change_cipher_spec) {
    // RFC 8446 appendix D.4: for middleboxes only. Up to TLS 1.2 it ends an abbreviated flight, RFC 5246 section 7.3.
    if (tls13 || !flight_.server_hello) return State::more;
    return State::complete;
  }
  if (!opened_ || record.type != ContentType::application_data) return on_content(record.type, record.fragment);
  auto opened = keys_->open(encode_records(record.type, record.version, record.fragment));
  if (!opened) return fail(State::malformed, opened.error().detail);
  return on_content(opened->type, opened->content);
}

FlightReader::State FlightReader::on_content(ContentType type, ByteView content) {
  if (type == ContentType::alert) {
    alert_.insert(alert_.end(), content.begin(), content.end());
    for (; alert_.size() >= 2; alert_.erase(alert_.begin(), alert_.begin() + 2)) {
      Alert const alert{static_cast<AlertLevel>(alert_[0]), static_cast<AlertDescription>(alert_[1])};
      if (flight_.alerts.size() == kMaxAlerts) return fail(State::malformed, "alerts without end");
      flight_.alerts.push_back(alert);
      if (ends(alert, flight_.server_hello && is_tls13(*flight_.server_hello))) return fail(State::alerted, describe(alert));
    }
    return State::more;
  }
  if (type != ContentType::handshake) {
    return fail(State::malformed, "a record of content type " + std::to_string(static_cast<int>(type)) + " amid the handshake");
  }
  messages_.feed(content);
  for (;;) {
    auto message = messages_.next();
    if (!message) return fail(State::malformed, message.error().detail);
    if (!*message) return State::more;
    if (flight_.messages.size() == kMaxMessages) return fail(State::malformed, "handshake messages without end");
    State const state = on_message(std::move(**message));
    if (state != State::more) return state;
  }
}

FlightReader::State FlightReader::on_server_hello(HandshakeMessage const& message) {
  if (flight_.server_hello) return fail(State::malformed, "a second ServerHello");
  auto hello = ServerHello::parse(message.body());
  if (!hello) return fail(State::malformed, hello.error().detail);
  flight_.server_hello = std::move(*hello);
  if (flight_.server_hello->is_hello_retry_request()) return State::complete;
  if (!is_tls13(*flight_.server_hello)) return State::more;
  if (!keys_) return State::complete;
  auto const started = keys_->start(client_hello_, message.whole, *flight_.server_hello);
  if (!started) return fail(State::malformed, started.error().detail);
  opened_ = true;
  return State::more;
}

FlightReader::State FlightReader::on_message(HandshakeMessage message) {
  flight_.messages.push_back(message);
  if (message.type == HandshakeType::server_hello) return on_server_hello(message);
  if (message.type == HandshakeType::hello_request) return State::more;
  if (!flight_.server_hello) {
    return fail(State::malformed, "handshake message " + std::to_string(static_cast<int>(message.type)) + " before ServerHello");
  }
  ProtocolVersion const version = flight_.server_hello->version();
  // What these say is read where it can be; their own faults do not end the flight, for the suite was accepted all the same.
  switch (message.type) {
    case HandshakeType::encrypted_extensions:
      return on_encrypted_extensions(message);
    case HandshakeType::certificate:
      if (auto parsed = CertificateMessage::parse(message.body(), version)) {
        flight_.certificates = std::move(parsed->certificates);
        if (!parsed->ocsp_response.empty()) flight_.ocsp_response = std::move(parsed->ocsp_response);
      }
      return State::more;
    case HandshakeType::certificate_status:
      if (auto parsed = parse_certificate_status(message.body())) flight_.ocsp_response = std::move(*parsed);
      return State::more;
    case HandshakeType::server_key_exchange:
      if (auto parsed = ServerKeyExchange::parse(message.body(), flight_.server_hello->cipher_suite, version)) {
        flight_.server_key_exchange = std::move(*parsed);
      }
      return State::more;
    case HandshakeType::certificate_request:
      if (auto parsed = CertificateRequest::parse(message.body(), version)) flight_.certificate_request = std::move(*parsed);
      return State::more;
    case HandshakeType::certificate_verify: {
      Reader reader{message.body()};
      auto const scheme = reader.code<SignatureScheme>();
      if (!reader.failed()) flight_.certificate_verify_scheme = scheme;
      return State::more;
    }
    case HandshakeType::server_hello_done:
      flight_.server_hello_done = true;
      return State::complete;
    case HandshakeType::finished:
      flight_.finished = true;
      return State::complete;
    default:
      return State::more;
  }
}

FlightReader::State FlightReader::on_encrypted_extensions(HandshakeMessage const& message) {
  Reader reader{message.body()};
  std::vector<Extension> extensions;
  read_extensions(reader, extensions);
  auto parsed = reader.finish("EncryptedExtensions", std::move(extensions));
  if (!parsed) return fail(State::malformed, parsed.error().detail);
  flight_.encrypted_extensions = std::move(*parsed);
  return State::more;
}

}  // namespace tlsgauge::wire
