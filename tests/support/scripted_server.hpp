#pragma once
// A TLS server on loopback that says what a script says, right or wrong.

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "net/listener.hpp"
#include "wire/handshake.hpp"
#include "wire/record.hpp"
#include "wire/writer.hpp"

namespace tlsgauge::test {

using Reaction = net::Handler::Reaction;

inline Reaction send(Bytes bytes, bool close = false) {
  Reaction reaction;
  reaction.send = std::move(bytes);
  reaction.close = close;
  return reaction;
}
inline Reaction send(std::string_view text, bool close = false) { return send(Bytes(text.begin(), text.end()), close); }
inline Reaction hang_up() {
  Reaction reaction;
  reaction.close = true;
  return reaction;
}
inline Reaction reset() {
  Reaction reaction;
  reaction.reset = true;
  return reaction;
}
inline Reaction stay_silent() { return {}; }

/// A handshake message with its header.
inline Bytes message(wire::HandshakeType type, Bytes const& body) {
  wire::Writer writer;
  writer.code(type);
  writer.vector24([&](wire::Writer& w) { w.bytes(body); });
  return writer.take();
}

inline Bytes server_hello(wire::ProtocolVersion version, wire::CipherSuite suite, std::uint8_t compression = 0) {
  wire::Writer writer;
  writer.code(version);
  writer.bytes(Bytes(32, 0x5A));
  writer.vector8([](wire::Writer&) {});
  writer.code(suite);
  writer.u8(compression);
  return message(wire::HandshakeType::server_hello, writer.take());
}

/// ServerHello, Certificate, ServerHelloDone: a whole flight for a suite with RSA key exchange.
inline Bytes flight(wire::ProtocolVersion version, wire::CipherSuite suite, std::uint8_t compression = 0) {
  wire::Writer certificates;
  certificates.vector24([](wire::Writer& list) { list.vector24([](wire::Writer& der) { der.bytes(Bytes{0x30, 0x00}); }); });
  Bytes all = server_hello(version, suite, compression);
  for (Bytes const& part :
       {message(wire::HandshakeType::certificate, certificates.take()), message(wire::HandshakeType::server_hello_done, {})}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

inline Bytes in_records(Bytes const& handshake, std::size_t octets_each = 16384) {
  Bytes out;
  for (std::size_t at = 0; at < handshake.size(); at += octets_each) {
    ByteView const part = ByteView{handshake}.subspan(at, std::min(octets_each, handshake.size() - at));
    Bytes const record = wire::encode_records(wire::ContentType::handshake, wire::ProtocolVersion::TLSv1_2, part);
    out.insert(out.end(), record.begin(), record.end());
  }
  return out;
}

inline Bytes alert(wire::AlertDescription description, wire::AlertLevel level = wire::AlertLevel::fatal) {
  Bytes const body{static_cast<std::uint8_t>(level), static_cast<std::uint8_t>(description)};
  return wire::encode_records(wire::ContentType::alert, wire::ProtocolVersion::TLSv1_2, body);
}

/// Connections are numbered from 1.
class ScriptedServer {
 public:
  /// What is said to a hello.
  using OnHello = std::function<Reaction(wire::ClientHello const& hello, unsigned connection)>;

  explicit ScriptedServer(OnHello on_hello) {
    start([this, on_hello = std::move(on_hello)] { return std::make_unique<HelloHandler>(on_hello, ++connections_); });
  }
  /// For scripts that do not wait for a hello.
  explicit ScriptedServer(std::function<std::unique_ptr<net::Handler>()> make_handler) {
    start([this, make_handler = std::move(make_handler)] {
      ++connections_;
      return make_handler();
    });
  }

  [[nodiscard]] std::uint16_t port() const { return listener_->port(); }
  [[nodiscard]] unsigned connections() const { return connections_; }

 private:
  class HelloHandler final : public net::Handler {
   public:
    HelloHandler(OnHello on_hello, unsigned connection) : on_hello_(std::move(on_hello)), connection_(connection) {}
    Reaction on_bytes(ByteView bytes) override {
      records_.feed(bytes);
      while (true) {
        auto record = records_.next();
        if (!record) return hang_up();
        if (!*record) return {};
        messages_.feed((*record)->fragment);
        auto whole = messages_.next();
        if (!whole) return hang_up();
        if (!*whole) continue;
        auto const hello = wire::ClientHello::parse((*whole)->whole);
        return hello ? on_hello_(*hello, connection_) : hang_up();
      }
    }

   private:
    OnHello on_hello_;
    unsigned connection_;
    wire::RecordReader records_;
    wire::HandshakeAssembler messages_;
  };

  void start(std::function<std::unique_ptr<net::Handler>()> make_handler) {
    auto listener = net::Listener::start(0, std::move(make_handler));
    if (!listener) throw std::runtime_error(listener.error().detail);
    listener_ = std::move(*listener);
  }

  std::atomic<unsigned> connections_{0};
  std::unique_ptr<net::Listener> listener_;  ///< last: its thread ends before what it uses
};

/// A script that serves these suites in this order and alerts on the rest, as an honest TLS 1.2 server does.
inline Reaction serve(wire::ClientHello const& hello, std::vector<wire::CipherSuite> const& suites) {
  for (wire::CipherSuite const suite : suites) {
    if (std::find(hello.cipher_suites.begin(), hello.cipher_suites.end(), suite) == hello.cipher_suites.end()) continue;
    return send(in_records(flight(wire::ProtocolVersion::TLSv1_2, suite)));
  }
  return send(alert(wire::AlertDescription::handshake_failure), true);
}

}  // namespace tlsgauge::test
