// Which cipher suites does the server accept at each version, in which order, and who chooses?
//
// RFC 5246 section 7.4.1.3:
//   cipher_suite: The single cipher suite selected by the server from the list in ClientHello.cipher_suites.
//
// By elimination (solve/enumeration.hpp), every version side by side. A ServerHello alone is no acceptance: the flight must come to its
// end. No ffdhe group is named up to TLS 1.2, since a server that knows RFC 7919 then hides the weaker group that it has for others.

#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "probes/offers.hpp"
#include "probes/suite_facts.hpp"
#include "probes/suite_proof.hpp"

namespace tlsgauge::probes {
namespace {

using solve::Chooser;
using wire::ProtocolVersion;

constexpr std::string_view kKeys[] = {"cipher_suites", "cipher_order"};
constexpr std::string_view kNeeds[] = {"protocols"};
constexpr audit::Citation kCitations[] = {{"RFC 8446", "4.1.3"}, {"RFC 5246", "7.4.1.3"}, {"RFC 7919", "4"}};

audit::Applicability applies(audit::Facts const& facts) {
  if (facts.supported_versions().empty()) return {.applies = false, .reason = "no protocol version is known to be supported"};
  return {};
}

struct Version {
  explicit Version(audit::Peer const& peer, ProtocolVersion v)
      : version(v), model(model_hello(peer, v)), enumeration(solve::suite_universe(v)) {
    for (audit::Transcript const& transcript : peer.transcripts()) {
      wire::ClientHello const& hello = transcript.question.hello;
      if (!transcript.question.raw.empty() || only_version(hello) != version || !same_shape(hello, model)) continue;
      enumeration.observe(codes_of(suites_of(hello)), suite_answer(version, transcript.reply));
    }
  }

  ProtocolVersion version;
  wire::ClientHello model;
  solve::Enumeration enumeration;
  std::vector<wire::CipherSuite> refused_alone;  ///< the last list that was refused while no other connection was open
  bool surprised = false;                        ///< what was taken for the last list was not
  unsigned calm = 0;                             ///< suites found since then
  bool told = false;                             ///< its order has been told to the others
  bool echoes = false;                           ///< it takes what no server takes
};

/// Who took a list for the last that was not waits for so many suites before asking alone again: it takes time.
constexpr unsigned kCalm = 8;

struct Asked {
  Version* version = nullptr;
  std::uint64_t query = 0;
  std::vector<wire::CipherSuite> suites;
  bool alone = false;
};

class Conversation {
 public:
  Conversation(audit::Peer& peer, std::vector<ProtocolVersion> const& versions) : peer_(peer), batch_(peer.batch()) {
    for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
      if (*version != ProtocolVersion::SSLv2) versions_.emplace_back(peer, *version);
    }
  }

  asio::awaitable<void> run() {
    bool const whole = co_await enumerate();
    if (!whole) co_return;
    for (Version& version : versions_) co_await listen_for_echoes(version);
    bool doubtful = false;
    for (Version& version : versions_) {
      bool const holds = co_await check(version);
      doubtful = doubtful || !holds;
    }
    if (!doubtful) co_return;
    // A server that refuses for its load: all once more from the beginning, slowly.
    peer_.one_by_one();
    most_ = 1;
    for (Version& version : versions_) version.enumeration = solve::Enumeration{solve::suite_universe(version.version)};
    bool const again = co_await enumerate();
    if (!again) co_return;
    for (Version& version : versions_) {
      bool const holds = co_await check(version);
      if (!holds) version.enumeration.stop("the server at times refuses what it takes at others");
    }
  }

  [[nodiscard]] std::deque<Version> const& versions() const { return versions_; }

 private:
  /// False: interrupted.
  asio::awaitable<bool> enumerate() {
    while (true) {
      send();
      if (batch_->pending() == 0) co_return true;
      audit::Batch::Ended const ended = co_await batch_->next();
      take(ended);
      if (ended.reply.outcome == audit::Outcome::cancelled) co_return false;
    }
  }

  /// Peers that say yes to whatever they hear have more suites than any server; what they say of those is worth nothing.
  asio::awaitable<void> listen_for_echoes(Version& version) {
    constexpr std::size_t kMany = 128;
    if (version.enumeration.solution().accepted.size() < kMany) co_return;
    audit::Question question{offering(version.model, suites_of(std::vector<solve::Code>{solve::kNothing}))};
    question.purpose = wire::name(version.version) + ", a suite that no server has";
    audit::Reply const reply = co_await peer_.exchange(std::move(question));
    // A Peer takes such a pick for malformed; a script may hand it on.
    wire::ServerHello const* const hello = reply.server_hello();
    version.echoes = reply.outcome == audit::Outcome::malformed || (hello && hello->cipher_suite == wire::CipherSuite{solve::kNothing});
  }

  /// Lists were refused while other connections were open. Can that be believed?
  asio::awaitable<bool> check(Version& version) {
    if (version.enumeration.doubtful()) co_return false;
    std::vector<wire::CipherSuite> const suites = suites_of(version.enumeration.refused());
    if (suites.empty() || same(suites, version.refused_alone)) co_return true;
    audit::Question question{offering(version.model, suites)};
    question.purpose = fmt::format("{} suites that were refused, {} offered alone", wire::name(version.version), suites.size());
    question.alone = true;
    audit::Reply const reply = co_await peer_.exchange(std::move(question));
    co_return suite_answer(version.version, reply).kind != solve::Answer::Kind::picked;
  }

  /// Each version gets its share of the lanes, and what is left over goes to the newest that can use it.
  void send() {
    std::size_t active = 0;
    for (Version const& version : versions_) active += version.enumeration.done() ? 0U : 1U;
    if (active == 0) return;
    std::size_t const lanes = std::clamp(peer_.lanes(), 1U, most_);
    for (Version& version : versions_) ask(version, std::max<std::size_t>(1, lanes / active));
    for (Version& version : versions_) {
      if (batch_->pending() < lanes) ask(version, version.enumeration.in_flight() + (lanes - batch_->pending()));
    }
  }

  void ask(Version& version, std::size_t lanes) {
    for (solve::Query const& query : version.enumeration.next(static_cast<unsigned>(lanes))) ask(version, query);
  }

  void ask(Version& version, solve::Query const& query) {
    audit::Question question{offering(version.model, suites_of(query.offer))};
    question.alone = query.last && (!version.surprised || version.calm >= kCalm);  // so that the refusal need not be asked for again
    question.about_suites = true;
    question.purpose =
        fmt::format("{} suites, {} offered{}", wire::name(version.version), query.offer.size(), question.alone ? " alone" : "");
    asked_[++id_] = {&version, query.id, suites_of(query.offer), question.alone};
    batch_->ask(id_, std::move(question));
  }

  static bool same(std::vector<wire::CipherSuite> a, std::vector<wire::CipherSuite> b) {
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    return a == b;
  }

  void take(audit::Batch::Ended const& ended) {
    auto const at = asked_.find(ended.id);
    if (at == asked_.end()) return;
    Version& version = *at->second.version;
    solve::Answer const answer = suite_answer(version.version, ended.reply);
    if (at->second.alone && answer.kind == solve::Answer::Kind::refused) version.refused_alone = at->second.suites;
    if (answer.kind == solve::Answer::Kind::picked) ++version.calm;
    if (answer.kind == solve::Answer::Kind::picked && at->second.alone) version.surprised = true, version.calm = 0;
    version.enumeration.feed(at->second.query, answer);
    asked_.erase(at);
    if (ended.reply.outcome == audit::Outcome::cancelled) {
      for (Version& each : versions_) each.enumeration.stop(ended.reply.why());
      return;
    }
    // Servers choose alike at every version.
    if (version.told || !version.enumeration.done()) return;
    version.told = true;
    solve::Solution const solution = version.enumeration.solution();
    if (solution.chooser != Chooser::server && solution.chooser != Chooser::client) return;
    for (Version& other : versions_) {
      if (!other.enumeration.done()) other.enumeration.expect(solution.accepted, solution.chooser == Chooser::client);
    }
  }

  audit::Peer& peer_;
  std::unique_ptr<audit::Batch> batch_;
  std::deque<Version> versions_;
  std::map<std::uint64_t, Asked> asked_;
  std::uint64_t id_ = 0;
  unsigned most_ = 1024;  ///< lanes
};

void report(Version const& version, audit::Peer const& peer, SuiteProof const& proof, Value& suites, Value& order,
            audit::Observation& seen) {
  solve::Solution solution = version.enumeration.solution();
  if (version.echoes) {
    solution = {};
    solution.reason = "even a suite that no server has is picked";
  }
  std::string const name = wire::name(version.version);
  std::string const reason = to_utf8(solution.reason);
  for (solve::Code const code : solution.accepted) {
    wire::CipherSuite const suite{code};
    Value fact = suite_fact(version.version, suite, peer);
    if (auto const proven = proof.evidence.find(suite); proven != proof.evidence.end()) fact.set("evidence", proven->second);
    suites.push_back(std::move(fact));
  }
  for (std::string const& doubt : proof.doubts) seen.open(doubt);
  Value entry = Value::object();
  entry.set("protocol", name)
      .set("chooser", probes::name(solution.chooser))
      .set("prioritizes_chacha", solution.prioritizes_chacha ? Value{*solution.prioritizes_chacha} : Value{})
      .set("complete", solution.complete && !solution.accepted.empty())
      .set("reason", reason.empty() ? Value{} : Value{reason});
  order.push_back(std::move(entry));
  if (!solution.complete) {
    seen.open(fmt::format("{}: there may be more suites than were found: {}", name, reason));
  } else if (solution.accepted.empty()) {
    seen.open(fmt::format("{}: the version was spoken, but no suite of it was found again", name));
  } else if (solution.chooser == Chooser::inconclusive) {
    seen.open(fmt::format("{}: who chooses the suite stayed open: {}", name, reason));
  }
}

/// draft-hickman-netscape-ssl-00 section 2.6: the server names all kinds that both have, and the client chooses.
void report_ssl2(audit::Peer const& peer, Value& suites, Value& order) {
  for (audit::Transcript const& transcript : peer.transcripts()) {
    if (!transcript.reply.answered() || !transcript.reply.flight.ssl2) continue;
    for (wire::Ssl2CipherKind const kind : transcript.reply.flight.ssl2->cipher_specs) suites.push_back(suite_fact(kind));
    break;
  }
  Value entry = Value::object();
  entry.set("protocol", wire::name(ProtocolVersion::SSLv2))
      .set("chooser", probes::name(Chooser::client))
      .set("prioritizes_chacha", nullptr)
      .set("complete", true)
      .set("reason", nullptr);
  order.push_back(std::move(entry));
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  std::vector<ProtocolVersion> const supported = facts.supported_versions();
  Conversation conversation{peer, supported};
  co_await conversation.run();
  Value suites = Value::array(), order = Value::array();
  audit::Observation seen;
  for (Version const& version : conversation.versions()) {
    std::vector<wire::CipherSuite> accepted = suites_of(version.enumeration.solution().accepted);
    SuiteProof const proof = co_await prove(peer, version.version, version.model, std::move(accepted));
    report(version, peer, proof, suites, order, seen);
  }
  if (facts.support(ProtocolVersion::SSLv2) == audit::Support::yes) report_ssl2(peer, suites, order);
  seen.fact("cipher_suites", std::move(suites)).fact("cipher_order", std::move(order));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe cipher_suites{
    .id = "cipher_suites",
    .question = "Which cipher suites does the server accept at each version, in which order, and who chooses?",
    .connections = "suites + 2 to 10 a version",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes
