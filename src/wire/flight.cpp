#include "wire/flight.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "wire/extension_list.hpp"

namespace tlsgauge::wire {
namespace {

constexpr std::size_t kMaxMessages = 128;
constexpr std::size_t kMaxAlerts = 16;
constexpr std::size_t kMaxEmptyRecords = 32;      // RFC 5246 section 6.2.1 allows them; OpenSSL takes as many
constexpr std::size_t kMaxChangeCipherSpecs = 8;  // RFC 8446 appendix D.4: one is what middlebox compatibility needs

/// "HTTP/1.1 400 Bad Request": what a peer said that speaks no TLS.
std::string quoted(ByteView octets) {
  constexpr std::size_t kShown = 40;
  std::string_view text{reinterpret_cast<char const*>(octets.data()), std::min(octets.size(), kShown)};
  std::string quote{"\""};
  quote.append(printable(text.substr(0, text.find_first_of("\r\n")))).push_back('"');
  return quote;
}

/// Draft-hickman-netscape-ssl-00, section "ERROR": the two octets after the message type.
std::string ssl2_error(ByteView code) {
  Reader r{code};
  std::uint16_t const number = r.u16();
  std::string const name = number == 1   ? " NO-CIPHER-ERROR"
                           : number == 2 ? " NO-CERTIFICATE-ERROR"
                           : number == 4 ? " BAD-CERTIFICATE-ERROR"
                           : number == 6 ? " UNSUPPORTED-CERTIFICATE-TYPE-ERROR"
                                         : "";
  return "SSLv2 ERROR" + name + " (" + std::to_string(number) + ")";
}

/// An ERROR with a record header of two octets, the only form of SSLv2 that can answer a TLS hello.
constexpr std::array<std::uint8_t, 3> kSsl2Error = {0x80, 0x03, 0x00};

bool begins_as_ssl2_error(ByteView octets) {
  std::size_t const known = std::min(octets.size(), kSsl2Error.size());
  return known > 0 && std::equal(kSsl2Error.begin(), kSsl2Error.begin() + static_cast<std::ptrdiff_t>(known), octets.begin());
}

std::string name(HandshakeType type) { return "handshake message " + std::to_string(static_cast<int>(type)); }

}  // namespace

std::optional<Alert> Flight::fatal_alert() const {
  if (ended_by) return ended_by;
  auto const at = std::ranges::find_if(alerts, [](Alert alert) { return alert.level == AlertLevel::fatal; });
  return at == alerts.end() ? std::nullopt : std::optional{*at};
}

FlightReader::FlightReader(Bytes client_hello, std::shared_ptr<FlightKeys> keys, bool ssl2)
    : client_hello_(std::move(client_hello)), keys_(std::move(keys)), ssl2_(ssl2) {}

FlightReader::State FlightReader::fail(State state, std::string reason) {
  error_ = std::move(reason);
  return state;
}

bool FlightReader::tls13() const {
  // Drafts of TLS 1.3 (0x7F..) speak as TLS 1.3 does.
  return flight_.server_hello && flight_.server_hello->version() >= ProtocolVersion::TLSv1_3;
}

std::size_t FlightReader::count(HandshakeType type) const {
  return static_cast<std::size_t>(std::ranges::count(flight_.messages, type, &HandshakeMessage::type));
}

template <class T, class F>
void FlightReader::keep(Result<T> parsed, F&& store) {
  if (parsed) {
    std::forward<F>(store)(*std::move(parsed));
  } else {
    flight_.faults.push_back(parsed.error().detail);
  }
}

FlightReader::State FlightReader::feed(ByteView bytes) {
  if (state_ != State::more) return state_;
  // What lies within the bound is read first, so that the state does not depend on how the octets were cut. It may move the bound.
  while (state_ == State::more && !bytes.empty() && octets_ < allowed_) {
    ByteView const within = bytes.first(std::min(bytes.size(), allowed_ - octets_));
    bytes = bytes.subspan(within.size());
    octets_ += within.size();
    state_ = ssl2_ ? read_ssl2(within) : read_records(within);
  }
  if (state_ == State::more && !bytes.empty()) {
    state_ = fail(State::malformed, "the flight has no end after " + std::to_string(allowed_) + " octets");
  }
  return state_;
}

FlightReader::State FlightReader::read_ssl2(ByteView bytes) {
  ssl2_buffer_.insert(ssl2_buffer_.end(), bytes.begin(), bytes.end());
  // A server of SSLv3 or newer refuses in its own records.
  if (ssl2_buffer_.front() == static_cast<std::uint8_t>(ContentType::alert)) {
    if (ssl2_buffer_.size() < 2) return State::more;
    if (ssl2_buffer_[1] == 3) {
      ssl2_ = false;
      only_alerts_ = true;
      return read_records(std::exchange(ssl2_buffer_, {}));
    }
  }
  auto const record = read_ssl2_record(ssl2_buffer_);
  if (!record) return fail(State::not_tls, record.error().detail + ": " + quoted(ssl2_buffer_));
  if (!*record) return State::more;
  Bytes const& body = **record;
  if (body.front() == 0) return fail(State::alerted, ssl2_error(ByteView{body}.subspan(1)));
  auto hello = Ssl2ServerHello::parse(body);
  if (!hello) return fail(State::malformed, hello.error().detail);
  flight_.ssl2 = *std::move(hello);
  return State::complete;
}

FlightReader::State FlightReader::read_records(ByteView bytes) {
  records_.feed(bytes);
  for (;;) {
    if (records_read_ == 0 && begins_as_ssl2_error(records_.pending())) {
      ByteView const error = records_.pending();
      if (error.size() < 5) return State::more;
      return fail(State::alerted, ssl2_error(error.subspan(3, 2)));
    }
    auto const record = records_.next();
    if (!record) {
      if (records_read_ > 0 || record.error().kind == ErrorKind::too_large) return fail(State::malformed, record.error().detail);
      return fail(State::not_tls, "no TLS: " + quoted(records_.pending()));
    }
    if (!*record) return State::more;
    ++records_read_;
    State const state = on_record(**record);
    if (state != State::more) return state;
  }
}

FlightReader::State FlightReader::on_record(Record const& record) {
  switch (record.type) {
    case ContentType::change_cipher_spec:
      return on_change_cipher_spec(record.fragment);
    case ContentType::handshake:
      if (opened_) return fail(State::malformed, "an unprotected handshake record after the ServerHello of TLS 1.3");
      return on_content(record.type, record.fragment);
    case ContentType::alert:
      return on_content(record.type, record.fragment);
    case ContentType::application_data: {
      if (!opened_) return fail(State::malformed, "application data amid the handshake");
      auto const opened = keys_->open(encode_record(record));
      if (!opened) return fail(State::malformed, opened.error().detail);
      return on_content(opened->type, opened->content);
    }
    case ContentType::heartbeat:
      break;
  }
  return fail(State::malformed, "a record of content type " + std::to_string(static_cast<int>(record.type)) + " amid the handshake");
}

FlightReader::State FlightReader::on_change_cipher_spec(ByteView content) {
  if (content.size() != 1 || content[0] != 1) return fail(State::malformed, "a ChangeCipherSpec that is not one octet of 1");
  if (!flight_.server_hello) return fail(State::malformed, "ChangeCipherSpec before ServerHello");
  if (tls13()) {
    // RFC 8446 appendix D.4: sent for middleboxes, and to be dropped.
    if (++change_cipher_specs_ > kMaxChangeCipherSpecs) return fail(State::malformed, "ChangeCipherSpec without end");
    return State::more;
  }
  // RFC 5246 section 7.3: only an abbreviated handshake has it in the server's first flight.
  bool const full = count(HandshakeType::certificate) > 0 || count(HandshakeType::server_key_exchange) > 0 ||
                    count(HandshakeType::certificate_request) > 0;
  if (full || !messages_.idle()) return fail(State::malformed, "ChangeCipherSpec amid the flight of a full handshake");
  flight_.abbreviated = true;
  return State::complete;
}

FlightReader::State FlightReader::on_content(ContentType type, ByteView content) {
  if (type != ContentType::alert && type != ContentType::handshake) {
    return fail(State::malformed, "content type " + std::to_string(static_cast<int>(type)) + " under the keys of the handshake");
  }
  if (content.empty() && ++empty_records_ > kMaxEmptyRecords) return fail(State::malformed, "empty records without end");
  if (type == ContentType::alert) {
    alert_.insert(alert_.end(), content.begin(), content.end());
    std::size_t at = 0;
    State state = State::more;
    for (; state == State::more && alert_.size() - at >= 2; at += 2) {
      state = on_alert({static_cast<AlertLevel>(alert_[at]), static_cast<AlertDescription>(alert_[at + 1])});
    }
    alert_.erase(alert_.begin(), alert_.begin() + static_cast<std::ptrdiff_t>(at));
    return state;
  }
  if (only_alerts_) return fail(State::malformed, "a TLS handshake in answer to an SSLv2 hello");
  messages_.feed(content);
  for (;;) {
    auto message = messages_.next();
    if (!message) return fail(State::malformed, message.error().detail);
    if (!*message) return messages_.large() > 0 ? on_large() : State::more;
    State const state = on_message(**std::move(message));
    if (state != State::more) return state;
  }
}

FlightReader::State FlightReader::on_alert(Alert alert) {
  if (flight_.alerts.size() == kMaxAlerts) return fail(State::malformed, "alerts without end");
  flight_.alerts.push_back(alert);
  bool const closes = alert.description == AlertDescription::close_notify;
  bool ends = alert.level == AlertLevel::fatal || (closes && !flight_.server_hello);
  // RFC 8446 section 6: the level can be ignored, all but these two end the connection.
  if (tls13() && !closes && alert.description != AlertDescription::user_canceled) ends = true;
  if (!ends) return State::more;
  flight_.ended_by = alert;
  return fail(State::alerted, describe(alert));
}

FlightReader::State FlightReader::on_message(HandshakeMessage received) {
  if (flight_.messages.size() == kMaxMessages) return fail(State::malformed, "handshake messages without end");
  HandshakeMessage const& message = flight_.messages.emplace_back(std::move(received));
  bool const request = message.type == HandshakeType::hello_request;  // RFC 5246 section 7.4.1.1: may come at any time
  if (!request && count(message.type) > 1) return fail(State::malformed, "a second " + name(message.type));
  if (message.type == HandshakeType::server_hello) return on_server_hello(message);
  if (tls13()) return on_tls13_message(message);
  if (request) return State::more;
  if (std::string reason = misplaced(message.type); !reason.empty()) return fail(State::malformed, std::move(reason));
  return on_tls12_message(message);
}

/// Why a message of that type cannot come now; empty when it can.
std::string FlightReader::misplaced(HandshakeType type) const {
  if (!flight_.server_hello) return name(type) + " before ServerHello";
  if (tls13() && count(HandshakeType::encrypted_extensions) == 0) return name(type) + " before EncryptedExtensions";
  return {};
}

/// A Certificate that is larger than any honest one has begun: it is waited for only where there may be one.
FlightReader::State FlightReader::on_large() {
  constexpr HandshakeType kType = HandshakeType::certificate;
  if (std::string reason = misplaced(kType); !reason.empty()) return fail(State::malformed, std::move(reason));
  if (count(kType) > 0) return fail(State::malformed, "a second " + name(kType));
  constexpr std::size_t kRecordsShare = 8;  // headers and tags of its records; who cuts it to crumbs is not followed
  allowed_ = kMaxOctets + messages_.large() + messages_.large() / kRecordsShare;
  return State::more;
}

FlightReader::State FlightReader::on_server_hello(HandshakeMessage const& message) {
  auto hello = ServerHello::parse(message.body());
  if (!hello) return fail(State::malformed, hello.error().detail);
  flight_.server_hello = *std::move(hello);
  if (flight_.server_hello->is_hello_retry_request()) return State::complete;
  if (!tls13()) return State::more;
  if (!keys_) return State::complete;
  // RFC 8446 section 5.1: a message must not span a change of keys, nor share a record with one after it.
  if (!messages_.idle() || !alert_.empty()) return fail(State::malformed, "the ServerHello of TLS 1.3 does not end its record");
  auto const started = keys_->start(client_hello_, message.whole, *flight_.server_hello);
  if (!started) return fail(State::malformed, started.error().detail);
  opened_ = true;
  return State::more;
}

void FlightReader::on_certificate(HandshakeMessage const& message, ProtocolVersion version) {
  std::size_t const octets = message.body().size() + message.left_out;
  keep(CertificateMessage::parse_beginning(message.body(), version, octets), [&](CertificateMessage parsed) {
    flight_.cut_chain = parsed.cut ? octets : 0;
    flight_.certificates = std::move(parsed.certificates);
    if (version != ProtocolVersion::TLSv1_3) return;
    flight_.ocsp_response = std::move(parsed.ocsp_response);
    flight_.ocsp_of_issuers = std::move(parsed.ocsp_of_issuers);
  });
  if (octets <= HandshakeAssembler::kLimit) return;
  HandshakeMessage& kept = flight_.messages.back();
  kept.whole.resize(kept.whole.size() - kept.body().size());
  kept.whole.shrink_to_fit();
  kept.left_out = octets;
}

// The suite was accepted, whatever is wrong with the messages that follow: where one breaks its own grammar, reading goes on.
FlightReader::State FlightReader::on_tls12_message(HandshakeMessage const& message) {
  ProtocolVersion const version = flight_.server_hello->version();
  switch (message.type) {
    case HandshakeType::certificate:
      on_certificate(message, version);
      return State::more;
    case HandshakeType::certificate_status:
      keep(parse_certificate_statuses(message.body()), [&](std::vector<Bytes> responses) {
        flight_.ocsp_response = std::move(responses.front());
        responses.erase(responses.begin());
        flight_.ocsp_of_issuers = std::move(responses);
      });
      return State::more;
    case HandshakeType::server_key_exchange:
      keep(ServerKeyExchange::parse(message.body(), flight_.server_hello->cipher_suite, version),
           [&](ServerKeyExchange parsed) { flight_.server_key_exchange = std::move(parsed); });
      return State::more;
    case HandshakeType::certificate_request:
      keep(CertificateRequest::parse(message.body(), version),
           [&](CertificateRequest parsed) { flight_.certificate_request = std::move(parsed); });
      return State::more;
    case HandshakeType::server_hello_done:
      if (!message.body().empty()) return fail(State::malformed, "a ServerHelloDone that is not empty");
      flight_.server_hello_done = true;
      return State::complete;
    case HandshakeType::client_hello:
    case HandshakeType::end_of_early_data:
    case HandshakeType::encrypted_extensions:
    case HandshakeType::certificate_verify:
    case HandshakeType::client_key_exchange:
    case HandshakeType::finished:
    case HandshakeType::key_update:
    case HandshakeType::compressed_certificate:
    case HandshakeType::message_hash:
      return fail(State::malformed, name(message.type) + " in the first flight of a server of " + wire::name(version));
    default:
      return State::more;  // NewSessionTicket, SupplementalData, and what nobody knows
  }
}

FlightReader::State FlightReader::on_tls13_message(HandshakeMessage const& message) {
  if (message.type == HandshakeType::encrypted_extensions) {
    Reader r{message.body()};
    std::vector<Extension> extensions;
    read_extensions(r, extensions);
    auto parsed = r.finish("EncryptedExtensions", std::move(extensions));
    if (!parsed) return fail(State::malformed, parsed.error().detail);
    flight_.encrypted_extensions = *std::move(parsed);
    return State::more;
  }
  if (std::string reason = misplaced(message.type); !reason.empty()) return fail(State::malformed, std::move(reason));
  switch (message.type) {
    case HandshakeType::certificate:
      on_certificate(message, ProtocolVersion::TLSv1_3);
      return State::more;
    case HandshakeType::certificate_request:
      keep(CertificateRequest::parse(message.body(), ProtocolVersion::TLSv1_3),
           [&](CertificateRequest parsed) { flight_.certificate_request = std::move(parsed); });
      return State::more;
    case HandshakeType::certificate_verify: {
      Reader r{message.body()};
      auto const scheme = r.code<SignatureScheme>();
      r.vector16([](Reader& signature) { signature.rest(); });
      keep(r.finish("CertificateVerify", scheme), [&](SignatureScheme read) { flight_.certificate_verify_scheme = read; });
      return State::more;
    }
    case HandshakeType::compressed_certificate:
      flight_.faults.emplace_back("CompressedCertificate is not read");
      return State::more;
    case HandshakeType::finished:
      flight_.finished = true;
      return State::complete;
    default:
      return fail(State::malformed, name(message.type) + " in the first flight of a server of TLS 1.3");
  }
}

}  // namespace tlsgauge::wire
