// Which extensions of TLS does the server do, does it bind renegotiations, and does it compress?
//
// RFC 5746 section 3.6:
//   When a ClientHello is received, the server MUST check if it includes the TLS_EMPTY_RENEGOTIATION_INFO_SCSV SCSV. [...] In the
//   ServerHello, the server MUST include an empty "renegotiation_info" extension.
//
// Most of it lies in the exchanges that other questions have made. What the usual hello does not offer is offered in two hellos of their
// own: RFC 8449 section 5 lets record_size_limit hide max_fragment_length, and a server that picks by ALPN says nothing of NPN.

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "probes/evidence.hpp"
#include "probes/offers.hpp"
#include "probes/readable.hpp"
#include "wire/reader.hpp"
#include "wire/sct.hpp"

namespace tlsgauge::probes {
namespace {

using wire::CipherSuite;
using wire::ExtensionType;
using wire::ProtocolVersion;

constexpr std::string_view kKeys[] = {"extensions"};
constexpr std::string_view kNeeds[] = {"protocols", "cipher_suites", "certificates"};
constexpr audit::Citation kCitations[] = {{"RFC 5746", "3.6"}, {"RFC 7627", "5.1"}, {"RFC 7366", "2"},
                                          {"RFC 5077", "3.2"}, {"RFC 3749", "2"},   {"RFC 6520", "2"},
                                          {"RFC 6066", "4"},   {"RFC 8449", "4"},   {"RFC 6962", "3.3"}};
constexpr std::uint8_t kDeflate = 1, kLzs = 64;  // RFC 3749 and RFC 3943: all methods that there ever were
constexpr std::size_t kMostProtocols = 64;

audit::Applicability applies(audit::Facts const& facts) {
  for (ProtocolVersion const version : facts.supported_versions()) {
    if (version != ProtocolVersion::SSLv2) return {};
  }
  return {.applies = false, .reason = "no version from SSLv3 on is known to be supported"};
}

/// The newest from SSLv3 to TLS 1.2.
std::optional<ProtocolVersion> older_version(audit::Facts const& facts) {
  std::optional<ProtocolVersion> newest;
  for (ProtocolVersion const version : facts.supported_versions()) {
    if (version > ProtocolVersion::SSLv2 && version < ProtocolVersion::TLSv1_3) newest = version;
  }
  return newest;
}

/// How often something was offered, and how often it was taken.
struct Tally {
  unsigned offered = 0, taken = 0;
  std::vector<audit::Transcript const*> without;  ///< two at most
  wire::Extension const* answer = nullptr;

  void add(audit::Transcript const& transcript, bool was_taken) {
    ++offered;
    taken += was_taken ? 1 : 0;
    if (!was_taken && without.size() < 2) without.push_back(&transcript);
  }
  [[nodiscard]] std::string_view ever() const { return taken > 0 ? "yes" : offered > 0 ? "no" : "inconclusive"; }
  [[nodiscard]] std::string_view always() const { return offered == 0 ? "inconclusive" : taken == offered ? "yes" : "no"; }
};

bool is_cbc(CipherSuite suite) {
  wire::CipherSuiteInfo const* const info = wire::find(suite);
  return info != nullptr && info->mode == "CBC";
}

/// RFC 6962 section 3.3: in TLS 1.3 beside the end entity's certificate. Empty when that could not be read.
std::optional<bool> has_timestamps(wire::Flight const& flight) {
  auto const message = std::find_if(flight.messages.begin(), flight.messages.end(),
                                    [](wire::HandshakeMessage const& each) { return each.type == wire::HandshakeType::certificate; });
  if (message == flight.messages.end() || message->left_out > 0 || flight.certificates.empty()) return std::nullopt;
  return wire::sct_list_of_certificate(message->body()).has_value();
}

struct Tallies {
  std::map<ExtensionType, Tally> of;
  bool read = false;  ///< at least one flight, whatever it holds

  explicit Tallies(audit::Peer const& peer) {
    for (audit::Transcript const& transcript : peer.transcripts()) {
      if (!transcript.question.raw.empty() || transcript.reply.server_hello() == nullptr) continue;
      if (!for_target(peer, transcript.question.hello)) continue;
      transcript.reply.server_hello()->version() == ProtocolVersion::TLSv1_3 ? add_tls13(transcript) : add_older(transcript);
    }
  }

 private:
  void add_older(audit::Transcript const& transcript) {
    wire::ServerHello const& answer = *transcript.reply.server_hello();
    wire::ClientHello const& hello = transcript.question.hello;
    read = true;
    constexpr ExtensionType kPlain[] = {ExtensionType::extended_master_secret,
                                        ExtensionType::session_ticket,
                                        ExtensionType::heartbeat,
                                        ExtensionType::max_fragment_length,
                                        ExtensionType::record_size_limit,
                                        ExtensionType::server_name,
                                        ExtensionType::next_protocol_negotiation,
                                        ExtensionType::signed_certificate_timestamp};
    for (ExtensionType const type : kPlain) count(transcript, type, answer.extensions);
    if (is_cbc(answer.cipher_suite)) count(transcript, ExtensionType::encrypt_then_mac, answer.extensions);
    bool const scsv = std::find(hello.cipher_suites.begin(), hello.cipher_suites.end(), CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV) !=
                      hello.cipher_suites.end();
    if (scsv || wire::find(hello.extensions, ExtensionType::renegotiation_info) != nullptr) {
      of[ExtensionType::renegotiation_info].add(transcript, wire::find(answer.extensions, ExtensionType::renegotiation_info) != nullptr);
    }
    count_staple(transcript);
  }

  void add_tls13(audit::Transcript const& transcript) {
    wire::Flight const& flight = transcript.reply.flight;
    if (!flight.finished) return;
    read = true;
    for (ExtensionType const type :
         {ExtensionType::heartbeat, ExtensionType::max_fragment_length, ExtensionType::record_size_limit, ExtensionType::server_name}) {
      count(transcript, type, flight.encrypted_extensions);
    }
    std::optional<bool> const timestamps = has_timestamps(flight);
    if (!timestamps) return;
    if (offers(transcript, ExtensionType::signed_certificate_timestamp)) {
      of[ExtensionType::signed_certificate_timestamp].add(transcript, *timestamps);
    }
    count_staple(transcript);
  }

  void count_staple(audit::Transcript const& transcript) {
    wire::Flight const& flight = transcript.reply.flight;
    if (!offers(transcript, ExtensionType::status_request) || flight.certificates.empty()) return;
    of[ExtensionType::status_request].add(transcript, !flight.ocsp_response.empty());
  }

  void count(audit::Transcript const& transcript, ExtensionType type, std::vector<wire::Extension> const& answered) {
    if (!offers(transcript, type)) return;
    Tally& tally = of[type];
    wire::Extension const* const answer = wire::find(answered, type);
    tally.add(transcript, answer != nullptr);
    if (answer != nullptr && tally.answer == nullptr) tally.answer = answer;
  }

  static bool offers(audit::Transcript const& transcript, ExtensionType type) {
    return wire::find(transcript.question.hello.extensions, type) != nullptr;
  }
};

/// What the probe itself finds out.
struct Asked {
  std::vector<std::uint8_t> methods;  ///< of compression, that the server was seen to choose twice
  std::string_view compression = "not_applicable";
  audit::Reply compressed;  ///< the second time
  std::vector<std::string> open;
};

asio::awaitable<audit::Reply> ask_compression(audit::Peer& peer, ProtocolVersion version, Bytes methods) {
  wire::ClientHello hello = model_hello(peer, version);
  hello.legacy_compression_methods = std::move(methods);
  audit::Question question{std::move(hello)};
  wire::fill_random(question.hello.random);
  question.purpose = wire::name(version) + " compression";
  audit::Reply reply = co_await peer.exchange(std::move(question));
  co_return reply;
}

wire::ClientHello rare_hello(audit::Peer const& peer, ProtocolVersion version) {
  wire::ClientHello hello = model_hello(peer, version);
  wire::fill_random(hello.random);
  hello.legacy_compression_methods = {kDeflate, kLzs, 0};
  if (version == ProtocolVersion::SSLv3) return hello;
  wire::drop(hello, ExtensionType::application_layer_protocol_negotiation);
  wire::put(hello, wire::heartbeat());
  wire::put(hello, wire::signed_certificate_timestamp());
  wire::put(hello, {ExtensionType::next_protocol_negotiation, {}});
  wire::put(hello, {ExtensionType::max_fragment_length, {1}});  // 2^9
  return hello;
}

/// RFC 8879 section 3: zlib, brotli and zstd. What comes of it is the business of another probe.
constexpr std::uint8_t kCompressCertificate[] = {6, 0, 1, 0, 2, 0, 3};

asio::awaitable<void> ask_older(audit::Peer& peer, ProtocolVersion version, Asked& asked) {
  audit::Question question{rare_hello(peer, version)};
  question.purpose = wire::name(version) + " extensions that are rarely offered";
  audit::Reply reply = co_await peer.exchange(std::move(question));
  asked.compression = "no";
  if (!reply.answered()) {
    asked.open.push_back("a hello with heartbeat, NPN, max_fragment_length and compression is not answered: " + reply.why());
    Bytes const all{kDeflate, kLzs, 0};
    reply = co_await ask_compression(peer, version, all);
  }
  wire::ServerHello const* answer = reply.server_hello();
  for (Bytes rest{kDeflate, kLzs};;) {
    if (answer == nullptr) {
      if (asked.methods.empty()) asked.compression = "inconclusive";
      asked.open.push_back("compression: " + reply.why());
      co_return;
    }
    std::uint8_t const method = answer->legacy_compression_method;
    if (method == 0) co_return;
    Bytes const same{method, 0};
    asked.compressed = co_await ask_compression(peer, version, same);
    wire::ServerHello const* const again = asked.compressed.server_hello();
    if (again == nullptr || again->legacy_compression_method != method) {
      if (asked.methods.empty()) asked.compression = "inconclusive";
      asked.open.push_back(fmt::format("compression method {} was chosen on one connection, not on another", method));
      co_return;
    }
    asked.compression = "yes";
    asked.methods.push_back(method);
    std::erase(rest, method);
    if (rest.empty()) co_return;
    Bytes const other{rest.front(), 0};
    reply = co_await ask_compression(peer, version, other);
    answer = reply.server_hello();
  }
}

asio::awaitable<void> ask_tls13(audit::Peer& peer, audit::Facts const& facts, bool with_limit, Asked& asked) {
  wire::ClientHello hello = readable_hello(peer, facts);
  wire::put(hello, wire::signed_certificate_timestamp());
  wire::put(hello, wire::heartbeat());
  if (with_limit) {
    wire::put(hello, {ExtensionType::record_size_limit, {0x40, 0x01}});  // the usual most in TLS 1.3
    wire::put(hello, {ExtensionType::compress_certificate, Bytes{std::begin(kCompressCertificate), std::end(kCompressCertificate)}});
  } else {
    wire::put(hello, {ExtensionType::max_fragment_length, {1}});
  }
  ReadableFlight const flight = co_await ask_readable(peer, hello, "TLSv1.3 extensions that are rarely offered");
  if (!flight.failure.empty()) asked.open.push_back("TLSv1.3 extensions: " + flight.failure);
}

asio::awaitable<void> ask_limit(audit::Peer& peer, ProtocolVersion version, Asked& asked) {
  if (version == ProtocolVersion::SSLv3) co_return;
  audit::Question question{model_hello(peer, version)};
  wire::fill_random(question.hello.random);
  wire::put(question.hello, {ExtensionType::record_size_limit, {0x40, 0x00}});
  question.purpose = wire::name(version) + " record_size_limit";
  audit::Reply const reply = co_await peer.exchange(std::move(question));
  if (!reply.answered()) asked.open.push_back("record_size_limit: " + reply.why());
}

Value next_protocols(wire::Extension const* answer) {
  Value list = Value::array();
  if (answer == nullptr) return list;
  wire::Reader reader{answer->data};
  while (reader.more() && list.items().size() < kMostProtocols) {
    reader.vector8([&](wire::Reader& name) {
      ByteView const octets = name.rest();
      list.push_back(to_utf8({reinterpret_cast<char const*>(octets.data()), octets.size()}));
    });
  }
  return list;
}

Value heartbeat_mode(wire::Extension const* answer) {
  if (answer == nullptr || answer->data.size() != 1) return {};
  if (answer->data[0] == 1) return "peer_allowed_to_send";
  return answer->data[0] == 2 ? Value{"peer_not_allowed_to_send"} : Value{};
}

Value method_names(std::vector<std::uint8_t> const& methods) {
  Value list = Value::array();
  for (std::uint8_t const method : methods) list.push_back(method == kDeflate ? "DEFLATE" : "LZS");
  return list;
}

Value unbound(audit::Peer const& peer, Tally const& renegotiation) {
  Value list = Value::array();
  for (audit::Transcript const* const each : renegotiation.without) {
    ProtocolVersion const version = each->reply.server_hello()->version();
    bool const tls = version >= ProtocolVersion::TLSv1_0 && version <= ProtocolVersion::TLSv1_2;
    std::string const command = tls ? s_client(peer.target(), s_client_version(version) + " -cipher ALL:@SECLEVEL=0") : std::string{};
    list.push_back(evidence(each->reply, command));
  }
  return list;
}

/// Bad news has to be seen twice: a lone ServerHello without renegotiation_info is asked for once more.
asio::awaitable<void> settle_renegotiation(audit::Peer& peer) {
  Tallies const tallies{peer};
  auto const tally = tallies.of.find(ExtensionType::renegotiation_info);
  if (tally == tallies.of.end() || tally->second.without.size() != 1) co_return;
  audit::Question again{tally->second.without.front()->question.hello};
  wire::fill_random(again.hello.random);
  again.purpose = "renegotiation_info once more";
  co_await peer.exchange(std::move(again));
}

std::string_view renegotiation_of(Tally const& tally) {
  if (tally.without.size() == 1) return "inconclusive";
  return tally.always();
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  std::optional<ProtocolVersion> const older = older_version(facts);
  bool const tls13 = facts.support(ProtocolVersion::TLSv1_3) == audit::Support::yes;
  Asked asked;
  if (older) co_await ask_older(peer, *older, asked);
  if (tls13) {
    co_await ask_tls13(peer, facts, true, asked);
    if (!older) co_await ask_tls13(peer, facts, false, asked);
  } else if (older) {
    co_await ask_limit(peer, *older, asked);
  }
  co_await settle_renegotiation(peer);

  Tallies tallies{peer};
  bool const extensible = tls13 || (older && *older > ProtocolVersion::SSLv3);
  auto const when = [](bool applicable, std::string_view word) { return applicable ? word : std::string_view{"not_applicable"}; };
  auto const has_older = older.has_value();
  auto const extensible_older = has_older && *older > ProtocolVersion::SSLv3;
  Tally const& mac = tallies.of[ExtensionType::encrypt_then_mac];
  Tally const& renegotiation = tallies.of[ExtensionType::renegotiation_info];
  bool const named = tallies.of[ExtensionType::server_name].offered > 0 || !peer.target().server_name.empty();
  // Without a certificate there is nothing to staple to.
  auto const stapled = [&](ExtensionType type) {
    return when(extensible && (tallies.of[type].offered > 0 || !tallies.read), tallies.of[type].ever());
  };
  auto const ever = [&](ExtensionType type) { return when(extensible, tallies.of[type].ever()); };
  Value out = Value::object();
  out.set("secure_renegotiation", when(has_older, renegotiation_of(renegotiation)))
      .set("extended_master_secret", when(extensible_older, tallies.of[ExtensionType::extended_master_secret].always()))
      .set("encrypt_then_mac", when(mac.offered > 0, mac.always()))
      .set("session_ticket", when(extensible_older, tallies.of[ExtensionType::session_ticket].ever()))
      .set("compression", asked.compression)
      .set("compression_methods", method_names(asked.methods))
      .set("heartbeat", ever(ExtensionType::heartbeat))
      .set("heartbeat_mode", heartbeat_mode(tallies.of[ExtensionType::heartbeat].answer))
      .set("max_fragment_length", ever(ExtensionType::max_fragment_length))
      .set("record_size_limit", ever(ExtensionType::record_size_limit))
      .set("next_protocol_negotiation", when(extensible_older, tallies.of[ExtensionType::next_protocol_negotiation].ever()))
      .set("next_protocols", next_protocols(tallies.of[ExtensionType::next_protocol_negotiation].answer))
      .set("server_name", when(named, ever(ExtensionType::server_name)))
      .set("status_request", stapled(ExtensionType::status_request))
      .set("signed_certificate_timestamp", stapled(ExtensionType::signed_certificate_timestamp));
  Value proof = Value::object();
  if (out["secure_renegotiation"] == Value{"no"}) proof.set("secure_renegotiation", unbound(peer, renegotiation));
  // No common tool has compression built in today.
  if (asked.compression == "yes") proof.set("compression", Value::array().push_back(evidence(asked.compressed, {})));
  if (!proof.members().empty()) out.set("evidence", std::move(proof));

  audit::Observation seen;
  bool const undecided = std::any_of(out.members().begin(), out.members().end(),
                                     [](Value::Member const& member) { return member.second == Value{"inconclusive"}; });
  if (undecided && asked.open.empty()) asked.open.emplace_back("no flight could be read that would tell");
  if (undecided || !asked.open.empty()) {
    std::string const reason = to_utf8(join(asked.open, "; "));
    out.set("inconclusive", reason);
    seen.open(reason);
  }
  seen.fact("extensions", std::move(out));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe extensions{
    .id = "extensions",
    .question = "Which extensions of TLS does the server do, does it bind renegotiations, and does it compress?",
    .connections = "2",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes
