// Does the server ask clients for a certificate, from whom, and does it insist?
//
// RFC 5246 section 7.4.6:
//   If the client does not send any certificates, the server MAY at its discretion either continue the handshake without client
//   authentication, or respond with a fatal handshake_failure alert.
//
// CertificateRequests lie in flights that were read anyway. Whether a server insists shows in TLS 1.2 before the handshake ends, and in
// TLS 1.3 only with the first application data. One that asks later, by a renegotiation or for some paths only, is not seen here.

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "crypto/certificate.hpp"
#include "probes/offers.hpp"

namespace tlsgauge::probes {
namespace {

using wire::ProtocolVersion;

constexpr std::string_view kKeys[] = {"client_authentication"};
constexpr std::string_view kNeeds[] = {"protocols", "cipher_suites", "certificates", "http"};
constexpr audit::Citation kCitations[] = {{"RFC 5246", "7.4.4"}, {"RFC 8446", "4.3.2"}, {"RFC 8446", "6.2"}};
constexpr std::size_t kMostAuthorities = 64;

audit::Applicability applies(audit::Facts const& facts) {
  for (ProtocolVersion const version : facts.supported_versions()) {
    if (version != ProtocolVersion::SSLv2) return {};
  }
  return {.applies = false, .reason = "no version from SSLv3 on is known to be supported"};
}

/// RFC 5246 section 7.4.4, RFC 8422 section 5.5, RFC 9189 section 4.2.2.
std::string type_name(std::uint8_t type) {
  switch (type) {
    case 1:
      return "rsa_sign";
    case 2:
      return "dss_sign";
    case 3:
      return "rsa_fixed_dh";
    case 4:
      return "dss_fixed_dh";
    case 64:
      return "ecdsa_sign";
    case 65:
      return "rsa_fixed_ecdh";
    case 66:
      return "ecdsa_fixed_ecdh";
    case 67:
      return "gost_sign256";
    case 68:
      return "gost_sign512";
    default:
      return fmt::format("0x{:02X}", type);
  }
}

/// What all flights together ask for; sets, so that the order of exchanges does not count.
struct Requests {
  bool read = false;  ///< a flight that would have held one
  std::set<ProtocolVersion> versions;
  std::set<std::uint8_t> types;
  std::set<wire::SignatureScheme> schemes;
  std::set<Bytes> authorities;

  explicit Requests(audit::Peer const& peer) {
    for (audit::Transcript const& transcript : peer.transcripts()) {
      wire::Flight const& flight = transcript.reply.flight;
      wire::ServerHello const* const hello = transcript.reply.server_hello();
      if (hello == nullptr || !transcript.question.raw.empty() || !for_target(peer, transcript.question.hello)) continue;
      read = read || flight.server_hello_done || flight.finished;
      bool const sent = std::any_of(flight.messages.begin(), flight.messages.end(), [](wire::HandshakeMessage const& message) {
        return message.type == wire::HandshakeType::certificate_request;
      });
      if (sent || flight.certificate_request) versions.insert(hello->version());
      if (!flight.certificate_request) continue;  // none, or none that can be read
      types.insert(flight.certificate_request->certificate_types.begin(), flight.certificate_request->certificate_types.end());
      schemes.insert(flight.certificate_request->signature_algorithms.begin(), flight.certificate_request->signature_algorithms.end());
      authorities.insert(flight.certificate_request->certificate_authorities.begin(),
                         flight.certificate_request->certificate_authorities.end());
    }
  }
};

struct Insistence {
  Insistence() = default;
  std::string_view required = "inconclusive";
  std::string reason;
};

/// Alerts for want of a certificate, as libssl and the registry word them. `turn`: it came when it was for the client to show one.
bool wants_certificate(std::string const& error, bool turn) {
  std::string text = ascii_lower(error);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text.find("alert") != std::string::npos &&
         (text.find("certificate") != std::string::npos || (turn && text.find("handshake failure") != std::string::npos));
}

Insistence judged(bool went_on, std::string const& how, std::string const& error, bool turn = false) {
  Insistence found;
  found.reason = went_on ? how : to_utf8(error);
  if (went_on) found.required = "no";
  if (!went_on && wants_certificate(error, turn)) found.required = "yes";
  return found;
}

/// A handshake that was made already or is made now; none of ours has a certificate.
asio::awaitable<Insistence> ask_tls12(audit::Peer& peer) {
  std::string const how = "a handshake without a certificate is completed";
  for (audit::HandshakeTranscript const& made : peer.handshakes()) {
    if (made.order.version == ProtocolVersion::TLSv1_2 && made.order.resume.empty() && made.record.established) {
      co_return judged(true, how, {});
    }
  }
  audit::HandshakeOrder order;
  order.version = ProtocolVersion::TLSv1_2;
  audit::HandshakeRecord const record = co_await peer.handshake(order);
  // The second flight of the client is where its certificate would be.
  co_return judged(record.established, how, record.error, record.round_trips > 1);
}

/// Application data tell, or what comes behind the handshake: tickets, or an alert.
asio::awaitable<Insistence> ask_tls13(audit::Peer& peer, Value const& http) {
  if (http["spoken"].is_bool()) co_return judged(true, "an HTTP request without a certificate is answered", {});
  audit::HandshakeOrder order;
  order.version = ProtocolVersion::TLSv1_3;
  audit::HandshakeRecord const record = co_await peer.handshake(order);
  bool const went_on = record.error.empty() && !record.tickets.empty();
  std::string const error = record.error.empty() ? "the handshake is completed, but nothing comes behind it" : record.error;
  co_return judged(went_on, "a handshake without a certificate is completed, and tickets come", error, record.established);
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  Requests const requests{peer};
  audit::Observation seen;
  Value versions = Value::array(), types = Value::array(), schemes = Value::array(), authorities = Value::array();
  for (ProtocolVersion const version : requests.versions) versions.push_back(wire::name(version));
  for (std::uint8_t const type : requests.types) types.push_back(type_name(type));
  for (wire::SignatureScheme const scheme : requests.schemes) schemes.push_back(wire::name(scheme));
  for (Bytes const& der : requests.authorities) {
    if (authorities.items().size() == kMostAuthorities) break;
    std::string const name = crypto::distinguished_name(der);
    authorities.push_back(name.empty() ? "not a name: " + hex(ByteView{der}.first(std::min<std::size_t>(der.size(), 32))) : name);
  }
  bool const requested = !requests.versions.empty();
  Value out = Value::object();
  out.set("requested", requested       ? "yes"
                       : requests.read ? "no"
                                       : "inconclusive")
      .set("protocols", std::move(versions))
      .set("certificate_types", std::move(types))
      .set("signature_schemes", std::move(schemes))
      .set("authorities", std::move(authorities))
      .set("authorities_total", std::int64_t(requests.authorities.size()));
  if (!requested) {
    out.set("required", nullptr).set("reason", nullptr).set("http_status", nullptr);
    std::string const reason = "no flight could be read to its end";
    if (!requests.read) out.set("inconclusive", reason);
    if (!requests.read) seen.open(reason);
  } else {
    Value const& http = facts.document()["http"];
    Insistence found;
    if (requests.versions.contains(ProtocolVersion::TLSv1_2)) {
      found = co_await ask_tls12(peer);
    } else {
      found = co_await ask_tls13(peer, http);
    }
    // Some servers complete the handshake and complain in HTTP: its status says more.
    out.set("required", found.required).set("reason", found.reason).set("http_status", http["status"]);
    if (found.required == "inconclusive") seen.open("whether a client's certificate is required stayed open: " + found.reason);
  }
  seen.fact("client_authentication", std::move(out));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe client_authentication{
    .id = "client_authentication",
    .question = "Does the server ask clients for a certificate, from whom, and does it insist?",
    .connections = "0-1",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes
