#pragma once
// A peer that answers from a script, so that a probe is tested without a socket.

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "audit/peer.hpp"
#include "support/run.hpp"

namespace tlsgauge::test {

class ScriptedPeer final : public audit::Peer {
 public:
  using Script = std::function<audit::Reply(audit::Question const&)>;
  using HandshakeScript = std::function<audit::HandshakeRecord(audit::HandshakeOrder const&)>;
  using HttpScript = std::function<Result<audit::HttpReply>(std::string const& path)>;
  using HttpOrderScript = std::function<Result<audit::HttpReply>(audit::HttpOrder const&)>;
  using FetchScript = std::function<Result<audit::Fetched>(audit::FetchOrder const&)>;
  using DnsScript = std::function<Result<audit::DnsAnswer>(std::string const& name, std::uint16_t type)>;

  explicit ScriptedPeer(Script script, HandshakeScript handshakes = {}, HttpScript http = {})
      : script_(std::move(script)), handshakes_(std::move(handshakes)), http_(std::move(http)) {
    target_.input = "example.test";
    target_.host = "example.test";
    target_.address = "192.0.2.1";
    target_.server_name = "example.test";
  }

  void set_target(Target target) { target_ = std::move(target); }
  void set_settings(audit::Settings settings) { settings_ = std::move(settings); }
  void set_http(HttpOrderScript script) { http_order_ = std::move(script); }
  void set_fetch(FetchScript script) { fetch_ = std::move(script); }
  void set_dns(DnsScript script) { dns_ = std::move(script); }
  [[nodiscard]] std::vector<std::string> const& fetched() const { return fetched_; }
  [[nodiscard]] std::vector<std::string> const& looked_up() const { return looked_up_; }
  void set_lanes(unsigned lanes) { lanes_ = lanes; }
  /// Batches return the newest question first: probes must not rely on the order in which replies come.
  void answer_batches_backwards() { backwards_ = true; }

  [[nodiscard]] Target const& target() const override { return target_; }
  [[nodiscard]] audit::Settings const& settings() const override { return settings_; }
  [[nodiscard]] unsigned lanes() const override { return lanes_; }
  void one_by_one() override { slowed_ = true; }
  [[nodiscard]] bool slowed() const { return slowed_; }
  [[nodiscard]] std::deque<audit::Transcript> const& transcripts() const override { return transcripts_; }
  [[nodiscard]] std::deque<audit::HandshakeTranscript> const& handshakes() const override { return made_; }

  /// Connections so far, handshakes and HTTP included.
  [[nodiscard]] std::uint32_t connections() const { return connections_; }
  [[nodiscard]] std::vector<std::string> const& paths() const { return paths_; }

  asio::awaitable<audit::Reply> exchange(audit::Question question) override { co_return answer(std::move(question)); }

  asio::awaitable<audit::HandshakeRecord> handshake(audit::HandshakeOrder order) override {
    ++connections_;
    audit::HandshakeRecord record;
    record.error = "no handshake in this script";
    if (handshakes_) record = handshakes_(order);
    record.connection = connections_;
    audit::HandshakeTranscript& made = made_.emplace_back();
    made.order = std::move(order);
    made.record = record;
    co_return record;
  }

  asio::awaitable<Result<audit::HttpReply>> http_get(audit::HttpOrder order) override {
    ++connections_;
    paths_.push_back(order.path);
    if (http_order_) co_return http_order_(order);
    if (!http_ || order.plain) co_return Error{ErrorKind::unsupported, "no HTTP in this script"};
    Result<audit::HttpReply> reply = http_(order.path);
    co_return reply;
  }

  asio::awaitable<Result<audit::Fetched>> fetch(audit::FetchOrder order) override {
    fetched_.push_back(order.url);
    if (settings_.offline) co_return Error{ErrorKind::cancelled, "offline"};
    if (!fetch_) co_return Error{ErrorKind::unreachable, "nothing to fetch in this script"};
    co_return fetch_(order);
  }

  asio::awaitable<Result<audit::DnsAnswer>> look_up(std::string name, std::uint16_t type) override {
    looked_up_.push_back(name);
    if (settings_.offline) co_return Error{ErrorKind::cancelled, "offline"};
    if (!dns_) co_return Error{ErrorKind::unreachable, "no DNS in this script"};
    co_return dns_(name, type);
  }

  [[nodiscard]] std::unique_ptr<audit::Batch> batch() override { return std::make_unique<ScriptedBatch>(*this); }

 private:
  class ScriptedBatch final : public audit::Batch {
   public:
    explicit ScriptedBatch(ScriptedPeer& peer) : peer_(peer) {}
    void ask(std::uint64_t id, audit::Question question) override { waiting_.emplace_back(id, std::move(question)); }
    [[nodiscard]] std::size_t pending() const override { return waiting_.size(); }
    asio::awaitable<Ended> next() override {
      if (peer_.backwards_) std::swap(waiting_.front(), waiting_.back());
      Ended ended;
      ended.id = waiting_.front().first;
      ended.reply = peer_.answer(std::move(waiting_.front().second));
      waiting_.pop_front();
      co_return ended;
    }

   private:
    ScriptedPeer& peer_;
    std::deque<std::pair<std::uint64_t, audit::Question>> waiting_;
  };

  audit::Reply answer(audit::Question question) {
    audit::Reply reply = script_(question);
    reply.connection = ++connections_;
    if (reply.attempts == 0) reply.attempts = 1;
    transcripts_.emplace_back();
    transcripts_.back().question = std::move(question);
    transcripts_.back().reply = reply;
    return reply;
  }

  Script script_;
  HandshakeScript handshakes_;
  HttpScript http_;
  HttpOrderScript http_order_;
  FetchScript fetch_;
  DnsScript dns_;
  Target target_;
  audit::Settings settings_;
  unsigned lanes_ = 8;
  bool slowed_ = false;
  bool backwards_ = false;
  std::uint32_t connections_ = 0;
  std::deque<audit::Transcript> transcripts_;
  std::deque<audit::HandshakeTranscript> made_;
  std::vector<std::string> paths_;
  std::vector<std::string> fetched_;
  std::vector<std::string> looked_up_;
};

/// A fatal alert.
inline audit::Reply alerted(wire::AlertDescription description = wire::AlertDescription::handshake_failure) {
  audit::Reply reply;
  reply.outcome = audit::Outcome::refused;
  reply.flight.alerts.push_back({wire::AlertLevel::fatal, description});
  reply.detail = "fatal alert";
  return reply;
}

/// A flight that came to its end: a ServerHello of this version and suite, and nothing else in it.
inline audit::Reply picked(wire::ProtocolVersion version, wire::CipherSuite suite) {
  audit::Reply reply;
  reply.outcome = audit::Outcome::answered;
  reply.detail.clear();
  wire::ServerHello& hello = reply.flight.server_hello.emplace();
  bool const tls13 = version == wire::ProtocolVersion::TLSv1_3;
  hello.legacy_version = tls13 ? wire::ProtocolVersion::TLSv1_2 : version;
  hello.cipher_suite = suite;
  if (tls13) hello.extensions.emplace_back(wire::ExtensionType::supported_versions, Bytes{0x03, 0x04});
  reply.flight.server_hello_done = !tls13;
  return reply;
}

/// Any other outcome, in words.
inline audit::Reply unanswered(audit::Outcome outcome, std::string detail) {
  audit::Reply reply;
  reply.outcome = outcome;
  reply.detail = std::move(detail);
  return reply;
}

}  // namespace tlsgauge::test
