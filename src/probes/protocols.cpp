// Which versions of SSL and TLS does the server speak?
//
// RFC 8446 section 4.2.1:
//   Servers MUST only select a version of TLS present in [supported_versions] and MUST ignore any unknown versions that are present.
//
// Each version is asked for on its own: none is inferred from another one, and a hello for several shows only the highest.

#include <algorithm>
#include <deque>
#include <map>

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "probes/confirmation.hpp"
#include "probes/evidence.hpp"
#include "probes/inquiry.hpp"
#include "wire/hello.hpp"

namespace tlsgauge::probes {
namespace {

using audit::Outcome;
using audit::Support;

constexpr std::string_view kKeys[] = {"protocols"};
constexpr audit::Citation kCitations[] = {
    {"RFC 8446", "4.2.1"}, {"RFC 5246", "7.4.1.3"}, {"RFC 6101", "5.6.1"}, {"draft-hickman-netscape-ssl-00", "1.2"}};

audit::Applicability applies(audit::Facts const&) { return {}; }

Value entry(Inquiry const& inquiry) {
  Value value = Value::object();
  value.set("name", wire::name(inquiry.version()));
  value.set("support", audit::name(inquiry.support()));
  value.set("reason", to_utf8(inquiry.reason()));
  return value;
}

/// One answer for all: there is nobody to ask.
audit::Observation nobody(std::string const& reason) {
  Value protocols = Value::array();
  for (wire::ProtocolVersion const version : wire::kAllVersions) {
    Value value = Value::object();
    value.set("name", wire::name(version)).set("support", audit::name(Support::inconclusive)).set("reason", to_utf8(reason));
    protocols.push_back(std::move(value));
  }
  audit::Observation seen;
  seen.fact("protocols", std::move(protocols)).open(to_utf8(reason));
  return seen;
}

/// RFC 6176 and RFC 7568: neither must be spoken. Two connections have to show it.
asio::awaitable<Confirmation> confirm_ssl(audit::Peer& peer, wire::ProtocolVersion version) {
  Shows const shows = [version](audit::Reply const& reply) {
    if (version == wire::ProtocolVersion::SSLv2) return reply.flight.ssl2 && reply.flight.ssl2->version == version;
    return reply.server_hello() != nullptr && reply.server_hello()->version() == version;
  };
  Confirmation result = co_await confirmed(peer, shows, std::nullopt);
  co_return result;
}

bool nothing_answered(audit::Peer const& peer) {
  return std::none_of(peer.transcripts().begin(), peer.transcripts().end(),
                      [](audit::Transcript const& transcript) { return transcript.reply.answered(); });
}

std::string hint(Target const& target) {
  return target.server_name.empty() ? ". Perhaps the server wants a name: none was sent, --sni gives one" : "";
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const&) {
  audit::Question canary{wire::canary_hello(peer.target().server_name)};
  canary.purpose = "canary";
  audit::Reply const first = co_await peer.exchange(std::move(canary));
  if (first.outcome == Outcome::unreachable || first.outcome == Outcome::not_tls || first.outcome == Outcome::cancelled) {
    co_return nobody(first.why());
  }

  std::deque<Inquiry> inquiries;
  bool const answering = first.answered() || first.refused();
  for (wire::ProtocolVersion const version : wire::kAllVersions) inquiries.emplace_back(version, peer.target().server_name, answering);
  std::unique_ptr<audit::Batch> const batch = peer.batch();
  std::map<std::uint64_t, std::pair<Inquiry*, audit::Question>> asked;
  std::uint64_t id = 0;
  while (true) {
    for (Inquiry& inquiry : inquiries) {
      for (audit::Question& question : inquiry.next()) {
        asked.emplace(++id, std::pair{&inquiry, question});
        batch->ask(id, std::move(question));
      }
    }
    if (batch->pending() == 0) break;
    audit::Batch::Ended const ended = co_await batch->next();
    auto const at = asked.find(ended.id);
    if (at == asked.end()) continue;
    at->second.first->feed(at->second.second, ended.reply);
    asked.erase(at);
  }

  if (nothing_answered(peer)) {
    for (Inquiry& inquiry : inquiries) inquiry.reopen(inquiry.reason() + "; no hello at all is answered" + hint(peer.target()));
  }
  for (Inquiry& inquiry : inquiries) {
    std::optional<audit::Question> question = inquiry.doubt();
    if (!question) continue;
    audit::Reply const alone = co_await peer.exchange(std::move(*question));
    inquiry.settle(alone);
    if (inquiry.support() == Support::yes) peer.one_by_one();
    wire::ServerHello const* const begun = first.server_hello();
    if (begun && begun->version() == inquiry.version()) inquiry.reopen(inquiry.reason() + ", though another hello was answered with it");
  }

  Value protocols = Value::array();
  audit::Observation seen;
  for (Inquiry& inquiry : inquiries) {
    bool const ssl = inquiry.version() <= wire::ProtocolVersion::SSLv3 && inquiry.support() == Support::yes;
    Confirmation confirmation;
    if (ssl) confirmation = co_await confirm_ssl(peer, inquiry.version());
    if (ssl && !confirmation.holds()) inquiry.withdraw(inquiry.reason() + "; " + confirmation.doubt);
    Value value = entry(inquiry);
    if (ssl && confirmation.holds()) {
      bool const ssl3 = inquiry.version() == wire::ProtocolVersion::SSLv3;
      value.set("evidence", evidence_of_all(confirmation.replies, ssl3 ? s_client(peer.target(), "-ssl3") : std::string{}));
    }
    protocols.push_back(std::move(value));
    if (inquiry.support() == Support::inconclusive) seen.open(wire::name(inquiry.version()) + ": " + to_utf8(inquiry.reason()));
  }
  seen.fact("protocols", std::move(protocols));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe protocols{
    .id = "protocols",
    .question = "Which versions of SSL and TLS does the server speak?",
    .connections = "7-12",
    .keys = kKeys,
    .citations = kCitations,
    .needs = {},
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes
