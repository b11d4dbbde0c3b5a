#include "probes/timestamps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "crypto/certificate.hpp"
#include "crypto/digest.hpp"
#include "crypto/transparency.hpp"
#include "probes/offers.hpp"
#include "probes/stapling.hpp"
#include "probes/values.hpp"

namespace tlsgauge::probes {
namespace {

constexpr std::size_t kMaxCertificates = 16;
constexpr std::size_t kMaxTimestamps = 64;
constexpr std::chrono::minutes kGrace{5};  // clocks differ

std::string_view name(Carrier carrier) {
  switch (carrier) {
    case Carrier::tls:
      return "tls";
    case Carrier::ocsp:
      return "ocsp";
    default:
      return "certificate";
  }
}

void enter(Timestamped& into, Carrier carrier, Bytes const& list) {
  if (list.empty()) return;
  Result<std::vector<Bytes>> split = wire::split_sct_list(list);
  for (Bytes& one : split ? *split : std::vector<Bytes>{list}) {
    std::pair<Carrier, Bytes> entry{carrier, std::move(one)};
    bool const known = std::find(into.timestamps.begin(), into.timestamps.end(), entry) != into.timestamps.end();
    if (!known && into.timestamps.size() < kMaxTimestamps) into.timestamps.push_back(std::move(entry));
  }
}

Bytes list_by_tls(wire::Flight const& flight) {
  if (flight.server_hello->version() != wire::ProtocolVersion::TLSv1_3) {
    wire::Extension const* const found = wire::find(flight.server_hello->extensions, wire::ExtensionType::signed_certificate_timestamp);
    return found ? found->data : Bytes{};
  }
  for (wire::HandshakeMessage const& message : flight.messages) {
    if (message.type == wire::HandshakeType::certificate) {
      return wire::sct_list_of_certificate(message.body()).value_or(Bytes{});
    }
  }
  return {};
}

struct Judged {
  std::string status;
  std::string detail;
  std::string log;
  std::string operated_by;
  std::string id;
  std::optional<Moment> time;
  bool counts = false;  ///< a log that may be relied on vouches for it
};

/// A log that a browser no longer relies on vouches for what it saw before.
bool relied_on(CtLog const& log, Moment time) {
  if (log.state == "rejected" || log.state == "pending") return false;
  return log.state != "retired" || (log.state_since && time < *log.state_since);
}

Judged judge(Carrier carrier, Bytes const& octets, Timestamped const& shown, audit::Settings const& settings) {
  Judged out;
  Result<wire::SignedCertificateTimestamp> const sct = wire::SignedCertificateTimestamp::parse(octets);
  if (!sct) {
    out.status = sct.error().kind == ErrorKind::unsupported ? "unsupported" : "malformed";
    out.detail = sct.error().detail;
    return out;
  }
  out.id = hex(sct->log_id);
  constexpr std::uint64_t kLatest = 253'402'300'799;  // the last second that RFC 3339 can write
  out.time = Moment{std::chrono::seconds{std::min(sct->timestamp / 1000, kLatest)}};
  if (!settings.ct_logs) {
    out.status = "unverified";
    return out;
  }
  auto const log = std::find_if(settings.ct_logs->begin(), settings.ct_logs->end(),
                                [&](CtLog const& known) { return crypto::log_id(known.key) == sct->log_id; });
  if (log == settings.ct_logs->end()) {
    out.status = "unknown_log";
    return out;
  }
  out.log = to_utf8(log->description);
  out.operated_by = to_utf8(log->operated_by);
  bool const embedded = carrier == Carrier::certificate;
  Bytes const issuer = embedded ? issuer_in(shown.chain, shown.chain.front(), settings) : Bytes{};
  if (embedded && issuer.empty()) {
    out.status = "unverified";
    out.detail = "the issuer's certificate is not at hand";
    return out;
  }
  Result<bool> const right = crypto::signed_by_log(*sct, embedded ? crypto::LogEntry::precertificate : crypto::LogEntry::x509,
                                                   shown.chain.front(), issuer, log->key);
  if (!right) {
    out.status = "unsupported";
    out.detail = right.error().detail;
  } else if (!*right) {
    out.status = "bad_signature";
  } else if (*out.time > settings.at + kGrace) {
    out.status = "in_future";
  } else {
    out.status = "valid";
    out.counts = relied_on(*log, *out.time);
    if (!out.counts) out.detail = "the log is " + to_utf8(log->state);
  }
  return out;
}

Value facts_of(Carrier carrier, Judged const& judged) {
  Value facts = Value::object();
  facts.set("source", name(carrier))
      .set("status", judged.status)
      .set("detail", or_null(judged.detail))
      .set("log_id", or_null(judged.id))
      .set("log", or_null(judged.log))
      .set("operator", or_null(judged.operated_by))
      .set("time", judged.time ? Value{rfc3339(*judged.time)} : Value{});
  return facts;
}

/// Timestamps of one way of delivery that count, and who vouches.
struct Votes {
  std::set<std::string> logs, operators;
};

/// Chrome's and Apple's rule: certificates of up to 180 days need embedded timestamps of two logs, longer ones of three, and two operators
/// among them; where they come by TLS or OCSP, of two logs of two operators.
struct Rule {
  std::size_t embedded = 2;
  static constexpr std::size_t kDelivered = 2;
  static constexpr std::size_t kOperators = 2;
  [[nodiscard]] bool met(Votes const& embedded_votes, Votes const& delivered) const {
    auto const enough = [](Votes const& votes, std::size_t wanted) {
      return votes.logs.size() >= wanted && votes.operators.size() >= kOperators;
    };
    return enough(embedded_votes, embedded) || enough(delivered, kDelivered);
  }
};

std::size_t wanted_embedded(Bytes const& der) {
  Result<crypto::Certificate> const leaf = crypto::read_certificate(der);
  return leaf && leaf->not_after - leaf->not_before > std::chrono::days{180} ? 3 : 2;
}

}  // namespace

std::vector<Timestamped> timestamped_certificates(audit::Peer const& peer) {
  std::vector<Timestamped> all;
  for (audit::Transcript const& transcript : peer.transcripts()) {
    wire::Flight const& flight = transcript.reply.flight;
    if (transcript.reply.server_hello() == nullptr || flight.certificates.empty() || !transcript.question.raw.empty()) continue;
    if (!for_target(peer, transcript.question.hello)) continue;
    auto shown =
        std::find_if(all.begin(), all.end(), [&](Timestamped const& known) { return known.chain.front() == flight.certificates.front(); });
    if (shown == all.end()) {
      if (all.size() == kMaxCertificates) continue;
      shown = all.insert(all.end(), Timestamped{});
      shown->chain = flight.certificates;
      enter(*shown, Carrier::certificate, crypto::embedded_sct_list(flight.certificates.front()));
    }
    enter(*shown, Carrier::tls, list_by_tls(flight));
    if (!flight.ocsp_response.empty()) enter(*shown, Carrier::ocsp, crypto::stapled_sct_list(flight.ocsp_response));
  }
  return all;
}

Value timestamp_facts(Timestamped const& shown, audit::Settings const& settings) {
  Value list = Value::array();
  Votes embedded, delivered, possible_embedded, possible_delivered;
  for (auto const& [carrier, octets] : shown.timestamps) {
    Judged const judged = judge(carrier, octets, shown, settings);
    list.push_back(facts_of(carrier, judged));
    bool const inside = carrier == Carrier::certificate;
    if (judged.counts) {
      (inside ? embedded : delivered).logs.insert(judged.id);
      (inside ? embedded : delivered).operators.insert(judged.operated_by);
    }
    // What nobody could check may still be worth something, and an unknown log may be anybody's.
    bool const open = judged.status == "unverified" || judged.status == "unknown_log";
    if (judged.counts || open) {
      (inside ? possible_embedded : possible_delivered).logs.insert(judged.id);
      (inside ? possible_embedded : possible_delivered).operators.insert(judged.counts ? judged.operated_by : judged.id);
    }
  }
  Rule rule;
  rule.embedded = wanted_embedded(shown.chain.front());
  bool const met = settings.ct_logs && rule.met(embedded, delivered);
  bool const possible = rule.met(possible_embedded, possible_delivered);
  std::string detail = fmt::format("{} timestamp{} from {} log{}", shown.timestamps.size(), shown.timestamps.size() == 1 ? "" : "s",
                                   possible_embedded.logs.size() + possible_delivered.logs.size(),
                                   possible_embedded.logs.size() + possible_delivered.logs.size() == 1 ? "" : "s");
  detail += fmt::format("; {} needed in the certificate, or {} by TLS or OCSP", rule.embedded, Rule::kDelivered);
  Value facts = Value::object();
  facts.set("sha256", crypto::sha256_hex(shown.chain.front()))
      .set("timestamps", std::move(list))
      .set("required", static_cast<std::int64_t>(rule.embedded))
      .set("satisfied", met        ? Value{true}
                        : possible ? Value{}
                                   : Value{false})
      .set("logs_known", settings.ct_logs != nullptr)
      .set("detail", detail);
  return facts;
}

}  // namespace tlsgauge::probes
