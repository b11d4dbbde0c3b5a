// Can a client be pushed to an older version than both sides speak?
//
// RFC 7507 section 3:
//   If TLS_FALLBACK_SCSV appears in ClientHello.cipher_suites and the highest protocol version supported by the server is higher than the
//   version indicated in ClientHello.client_version, the server MUST respond with a fatal inappropriate_fallback alert [...].
// RFC 8446 section 4.1.3:
//   TLS 1.3 servers which negotiate TLS 1.2 or below in response to a ClientHello MUST set the last 8 bytes of their Random value [...].
//
// A server that chokes on a version which it does not know is what makes clients fall back in the first place.

#include <algorithm>

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "probes/evidence.hpp"
#include "probes/oddities.hpp"
#include "probes/offers.hpp"

namespace tlsgauge::probes {
namespace {

using wire::ClientHello;
using wire::ProtocolVersion;

constexpr std::string_view kKeys[] = {"downgrade"};
constexpr std::string_view kNeeds[] = {"protocols", "cipher_suites"};
constexpr audit::Citation kCitations[] = {{"RFC 7507", "3"}, {"RFC 8446", "4.1.3"}, {"RFC 8446", "4.2.1"}, {"RFC 8446", "D.2"}};

using Versions = std::vector<ProtocolVersion>;

/// Oldest first, without SSLv2, whose hello has no place for any of this.
Versions versions_of(audit::Facts const& facts) {
  Versions versions = facts.supported_versions();
  std::erase(versions, ProtocolVersion::SSLv2);
  return versions;
}

audit::Applicability applies(audit::Facts const& facts) {
  if (versions_of(facts).empty()) return {.applies = false, .reason = "no version from SSLv3 on is known to be supported"};
  return {};
}

struct Finding {
  Finding() = default;
  explicit Finding(std::string_view word) : answer(word) {}
  std::string_view answer = "inconclusive";
  std::string reason;               ///< of "no" and "inconclusive"
  Value evidence = Value::array();  ///< of "no"
};

std::string reproduce(audit::Peer const& peer, ProtocolVersion version, std::string const& more) {
  if (version < ProtocolVersion::TLSv1_0 || version > ProtocolVersion::TLSv1_2) return {};
  return s_client(peer.target(), s_client_version(version) + " -cipher ALL:@SECLEVEL=0" + more);
}

asio::awaitable<Finding> fallback_scsv(audit::Peer& peer, Versions const& versions) {
  if (versions.size() < 2) co_return Finding{"not_applicable"};
  ProtocolVersion const older = versions[versions.size() - 2];
  ClientHello model = model_hello(peer, older);
  model.cipher_suites.push_back(wire::CipherSuite::TLS_FALLBACK_SCSV);
  Finding found;
  std::string const command = reproduce(peer, older, " -fallback_scsv");
  for (unsigned confirmed = 0; confirmed < 2; ++confirmed) {
    audit::Question question{offering(model, suites_of(model))};
    question.purpose = wire::name(older) + " with TLS_FALLBACK_SCSV";
    audit::Reply const reply = co_await peer.exchange(std::move(question));
    std::optional<wire::Alert> const alert = reply.flight.fatal_alert();
    if (reply.refused() && alert && alert->description == wire::AlertDescription::inappropriate_fallback) {
      if (confirmed == 0) co_return Finding{"yes"};
      found.reason = "refused once and answered once";
      co_return found;
    }
    wire::ServerHello const* const hello = reply.server_hello();
    if (hello == nullptr) {
      found.reason = to_utf8(reply.why());
      co_return found;
    }
    found.evidence.push_back(evidence(reply, command));
    found.reason = "answered with " + wire::name(hello->version());
  }
  found.answer = "no";
  co_return found;
}

bool offers_tls13(ClientHello const& hello) {
  Versions const offered = supported_versions_of(hello);
  return std::find(offered.begin(), offered.end(), ProtocolVersion::TLSv1_3) != offered.end();
}

struct Marks {
  Marks() = default;
  std::size_t right = 0;
  std::vector<audit::Reply const*> wrong;
};

/// RFC 8446 section 4.1.3: in every answer at that version to a client that offers nothing newer than TLS 1.2.
Marks marks_at(audit::Peer const& peer, ProtocolVersion version) {
  ProtocolVersion const expected = version == ProtocolVersion::TLSv1_2 ? ProtocolVersion::TLSv1_3 : ProtocolVersion::TLSv1_2;
  Marks marks;
  for (audit::Transcript const& transcript : peer.transcripts()) {
    wire::ServerHello const* const hello = transcript.reply.server_hello();
    if (hello == nullptr || !transcript.question.raw.empty() || hello->version() != version) continue;
    if (offers_tls13(transcript.question.hello)) continue;
    if (hello->downgrade_sentinel() == expected) {
      ++marks.right;
    } else {
      marks.wrong.push_back(&transcript.reply);
    }
  }
  return marks;
}

asio::awaitable<Finding> sentinel(audit::Peer& peer, ProtocolVersion version) {
  Marks marks = marks_at(peer, version);
  if (marks.right + marks.wrong.size() < 2) {
    ClientHello const model = model_hello(peer, version);
    audit::Question question{offering(model, suites_of(model))};
    question.purpose = wire::name(version) + " once more, for the downgrade sentinel";
    co_await peer.exchange(std::move(question));
    marks = marks_at(peer, version);
  }
  Finding found;
  if (marks.wrong.empty() && marks.right > 0) co_return Finding{"yes"};
  if (marks.right > 0) {
    found.reason = "some answers have it, some have not";
  } else if (marks.wrong.size() < 2) {
    found.reason = "not answered a second time";
  } else {
    found.answer = "no";
    std::string const command = reproduce(peer, version, " -msg");
    for (std::size_t k = 0; k < 2; ++k) found.evidence.push_back(evidence(*marks.wrong[k], command));
  }
  co_return found;
}

Finding finding(Tolerance tolerance) {
  Finding found{tolerance.answer};
  found.reason = std::move(tolerance.reason);
  return found;
}

/// RFC 8446 section D.2: without supported_versions, the server negotiates the minimum of legacy_version and TLS 1.2.
asio::awaitable<Finding> legacy_version(audit::Peer& peer, Versions const& versions) {
  ProtocolVersion const newest =
      *(versions.back() == ProtocolVersion::TLSv1_3 && versions.size() > 1 ? versions.end() - 2 : versions.end() - 1);
  if (newest == ProtocolVersion::TLSv1_3) co_return Finding{"not_applicable"};
  ClientHello const plain = plain_hello(peer, newest);
  // With what tolerance asks: its length is one that gets lost with some.
  ClientHello hello = plain;
  hello.legacy_version = ProtocolVersion::TLSv1_3;
  constexpr Oddity kMiddle[] = {Oddity::hello_256_511};
  audit::Question both = odd(hello, kMiddle, "legacy_version 0x0304 without supported_versions");
  audit::Reply const reply = co_await peer.exchange(std::move(both));
  if (reply.server_hello() != nullptr) co_return Finding{"yes"};
  audit::Question alone = odd(hello, {}, "legacy_version 0x0304, at another length");
  audit::Question control{plain};
  control.purpose = "the same with legacy_version " + wire::name(newest);
  Tolerance result = co_await tolerated(peer, std::move(alone), std::move(control));
  co_return finding(std::move(result));
}

/// Unknown versions beside known ones, and with them all that the next question (tolerance) is about: a good server takes it in one.
asio::awaitable<Finding> supported_versions(audit::Peer& peer, ProtocolVersion newest) {
  ClientHello const plain = plain_hello(peer, newest);
  audit::Question all = odd(plain, kTogether, "everything unusual at once");
  audit::Reply const reply = co_await peer.exchange(std::move(all));
  if (reply.server_hello() != nullptr) co_return Finding{"yes"};
  audit::Question control{plain};
  control.purpose = "without unknown versions";
  audit::Question alone = odd(plain, Oddity::unknown_versions);
  Tolerance result = co_await tolerated(peer, std::move(alone), std::move(control));
  co_return finding(std::move(result));
}

/// Is TLS 1.3 chosen where TLS 1.2 is offered too?
asio::awaitable<Finding> newest_first(audit::Peer& peer, Versions const& versions) {
  if (versions.back() != ProtocolVersion::TLSv1_3) co_return Finding{"not_applicable"};
  Finding found;
  found.reason = "no hello with both was answered";
  for (unsigned asked = 0; asked < 3; ++asked) {
    std::vector<audit::Reply const*> older;
    for (audit::Transcript const& transcript : peer.transcripts()) {
      wire::ServerHello const* const hello = transcript.reply.server_hello();
      if (hello == nullptr || !transcript.question.raw.empty()) continue;
      if (!offers_tls13(transcript.question.hello) || supported_versions_of(transcript.question.hello).size() < 2) continue;
      if (hello->version() == ProtocolVersion::TLSv1_3) co_return Finding{"yes"};
      older.push_back(&transcript.reply);
    }
    if (older.size() >= 2) {
      found.answer = "no";
      found.reason = "answered with " + wire::name(older.back()->server_hello()->version());
      for (std::size_t k = 0; k < 2; ++k) found.evidence.push_back(evidence(*older[k], s_client(peer.target(), "")));
      co_return found;
    }
    if (asked == 2) break;
    audit::Question question{wire::canary_hello(peer.target().server_name)};
    question.purpose = "TLS 1.3 and TLS 1.2 together";
    co_await peer.exchange(std::move(question));
  }
  co_return found;
}

class Report {
 public:
  /// The word; reason and evidence go beside it.
  std::string_view take(std::string_view key, Finding finding) {
    if (!finding.reason.empty() && finding.answer != "yes") reasons_.set(key, finding.reason);
    if (!finding.evidence.items().empty() && finding.answer == "no") evidence_.set(key, std::move(finding.evidence));
    if (finding.answer == "inconclusive" && open_.empty()) open_ = std::string{key} + ": " + finding.reason;
    return finding.answer;
  }
  void finish(Value out, audit::Observation& seen) {
    out.set("reasons", std::move(reasons_)).set("evidence", std::move(evidence_));
    if (!open_.empty()) {
      out.set("inconclusive", open_);
      seen.open(open_);
    }
    seen.fact("downgrade", std::move(out));
  }

 private:
  Value reasons_ = Value::object();
  Value evidence_ = Value::object();
  std::string open_;
};

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  Versions const versions = versions_of(facts);
  Report report;
  Value out = Value::object();
  Finding scsv = co_await fallback_scsv(peer, versions);
  out.set("fallback_scsv", report.take("fallback_scsv", std::move(scsv)));

  Value sentinels = Value::array();
  for (ProtocolVersion const version : versions) {
    if (versions.back() != ProtocolVersion::TLSv1_3 || version < ProtocolVersion::TLSv1_0 || version == ProtocolVersion::TLSv1_3) continue;
    Finding mark = co_await sentinel(peer, version);
    Value entry = Value::object();
    entry.set("protocol", wire::name(version)).set("sent", report.take("sentinel " + wire::name(version), std::move(mark)));
    sentinels.push_back(std::move(entry));
  }
  out.set("sentinel", std::move(sentinels));

  Finding legacy = co_await legacy_version(peer, versions);
  out.set("tolerates_legacy_version", report.take("tolerates_legacy_version", std::move(legacy)));
  Finding extension = co_await supported_versions(peer, versions.back());
  out.set("tolerates_supported_versions", report.take("tolerates_supported_versions", std::move(extension)));
  Finding newest = co_await newest_first(peer, versions);
  out.set("prefers_tls13", report.take("prefers_tls13", std::move(newest)));

  audit::Observation seen;
  report.finish(std::move(out), seen);
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe downgrade{
    .id = "downgrade",
    .question = "Are fallbacks to an older version refused and marked, and are unknown versions tolerated?",
    .connections = "3",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes
