#include "probes/exchange_rounds.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>

namespace tlsgauge::probes {
namespace {

using solve::Answer;
using solve::Code;
using wire::CipherSuite;
using wire::NamedGroup;
using wire::ProtocolVersion;

std::vector<Code> codes_of(solve::Universe const& universe) {
  std::vector<Code> codes;
  for (solve::Candidate const& member : universe.members) codes.push_back(member.code);
  return codes;
}

/// What was offered of `members`: of the rest the server has no use with its key.
std::vector<Code> offered(Part part, wire::ClientHello const& hello, std::vector<Code> const& members) {
  std::vector<Code> list = part == Part::scheme ? probes::codes_of(schemes_of(hello)) : probes::codes_of(named_groups_of(hello));
  std::erase_if(list, [&](Code code) { return !holds(members, code); });
  return list;
}

/// Picks that transcripts tell of. A refusal there may have been about the suites.
void recall_picks(audit::Peer const& peer, ProtocolVersion version, Part part, std::vector<Code> const& members, solve::Enumeration& into) {
  for (audit::Transcript const& transcript : peer.transcripts()) {
    wire::ClientHello const& hello = transcript.question.hello;
    if (!transcript.question.raw.empty() || only_version(hello) != version) continue;
    Answer const answer = exchange_answer(version, part, transcript.reply);
    if (answer.kind == Answer::Kind::picked) into.observe(offered(part, hello, members), answer);
  }
}

std::string_view noun(Part part) { return part == Part::scheme ? "signature schemes" : part == Part::curve ? "curves" : "ffdhe groups"; }

}  // namespace

std::optional<ExchangeSuites> exchange_suites(audit::Facts const& facts, std::string_view key_exchange,
                                              std::span<std::string_view const> authentications) {
  for (ProtocolVersion const version : {ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_1, ProtocolVersion::TLSv1_0}) {
    std::vector<CipherSuite> const all = facts.suites(version);
    for (std::string_view const authentication : authentications) {
      ExchangeSuites found;
      found.version = version;
      found.authentication = authentication;
      std::copy_if(all.begin(), all.end(), std::back_inserter(found.suites), [&](CipherSuite suite) {
        wire::CipherSuiteInfo const* const info = wire::find(suite);
        return info != nullptr && info->key_exchange == key_exchange && info->authentication == authentication && !info->export_grade;
      });
      if (!found.suites.empty()) return found;
    }
  }
  return std::nullopt;
}

ExchangeRounds::ExchangeRounds(audit::Peer& peer, ExchangeSuites suites, Part part, solve::Universe universe)
    : peer_(peer),
      suites_(std::move(suites)),
      part_(part),
      model_(offering(model_hello(peer, suites_.version), suites_.suites)),
      members_(codes_of(universe)),
      enumeration_(std::move(universe)) {
  // The usual hello has them the other way round: to `alpn` the two together tell who chooses.
  if (wire::find(model_.extensions, wire::ExtensionType::application_layer_protocol_negotiation) == nullptr) return;
  std::vector<std::string> const protocols{"http/1.1", "h2"};
  wire::put(model_, wire::application_layer_protocol_negotiation(protocols));
}

solve::Universe schemes_of_tls12(std::string_view authentication) {
  std::vector<wire::SignatureScheme> schemes = schemes_of(wire::hello_for(ProtocolVersion::TLSv1_2, {}, {}));
  std::erase_if(schemes, [&](wire::SignatureScheme scheme) {
    wire::SignatureSchemeInfo const* const info = wire::find(scheme);
    if (info == nullptr) return true;
    if (authentication == "RSA") return !info->algorithm.starts_with("rsa");
    if (authentication == "DSS") return info->algorithm != "dsa";
    return info->algorithm != "ecdsa" && info->algorithm != "eddsa";
  });
  return solve::scheme_universe(schemes);
}

void ExchangeRounds::recall() { recall_picks(peer_, suites_.version, part_, members_, enumeration_); }

void ExchangeRounds::expect(std::vector<Code> accepted, bool client_chooses) {
  if (client_chooses) {
    std::vector<Code> ours;
    std::copy_if(members_.begin(), members_.end(), std::back_inserter(ours), [&](Code code) { return holds(accepted, code); });
    accepted = std::move(ours);
  }
  enumeration_.expect(accepted);
}

void ExchangeRounds::beside(solve::Universe schemes) {
  std::vector<Code> const members = codes_of(schemes);
  schemes_.emplace(std::move(schemes));
  recall_picks(peer_, suites_.version, Part::scheme, members, *schemes_);
}

bool ExchangeRounds::keeps(std::vector<Code> const& offer) const { return kept_ && !holds(offer, static_cast<Code>(*kept_)); }

audit::Question ExchangeRounds::question(Asked const& asked) const {
  wire::ClientHello hello = model_;
  if (part_ == Part::scheme) {
    hello = signed_with(std::move(hello), schemes_of(asked.query.offer));
  } else {
    std::vector<NamedGroup> groups = groups_of(asked.query.offer);
    if (keeps(asked.query.offer)) groups.push_back(*kept_);
    hello = offering(std::move(hello), std::span<NamedGroup const>{groups});
    if (asked.scheme) hello = signed_with(std::move(hello), schemes_of(asked.scheme->offer));
  }
  audit::Question out{std::move(hello)};
  out.alone = asked.query.last;
  out.purpose = fmt::format("{} {}, {} offered", wire::name(suites_.version), noun(part_), asked.query.offer.size());
  return out;
}

audit::Question ExchangeRounds::question(std::vector<Code> offer) const {
  Asked asked;
  asked.query.offer = std::move(offer);
  return question(asked);
}

/// One list of schemes more for a query that is not expected to fail.
void ExchangeRounds::pair(Asked& asked) {
  if (!schemes_ || !asked.query.hopeful) return;
  if (!waiting_) {
    std::vector<solve::Query> const queries = schemes_->next(static_cast<unsigned>(schemes_->in_flight()) + 1);
    if (queries.empty()) return;
    waiting_ = queries.front();
  }
  if (!waiting_->hopeful) return;
  asked.scheme = std::move(waiting_);
  waiting_.reset();
}

/// What was picked without being offered is no answer but "nothing of these".
Answer ExchangeRounds::read(std::vector<Code> const& offer, audit::Reply const& reply) {
  Answer const answer = exchange_answer(suites_.version, part_, reply);
  if (answer.kind != Answer::Kind::picked || holds(offer, answer.code)) return answer;
  if (!not_offered_) not_offered_ = answer.code;
  return Answer::refused();
}

/// False: interrupted.
asio::awaitable<bool> ExchangeRounds::settle(Asked asked, audit::Reply reply) {
  if (asked.scheme) {
    Answer const scheme = exchange_answer(suites_.version, Part::scheme, reply);
    if (scheme.kind == Answer::Kind::picked) {
      schemes_->feed(asked.scheme->id, scheme);
    } else {
      // Either list may be the reason: each is asked for on its own, here the groups.
      if (!waiting_) waiting_ = asked.scheme;
      waiting_->hopeful = false;
      asked.scheme.reset();
      audit::Question alone = question(asked);
      reply = co_await peer_.exchange(std::move(alone));
    }
  }
  Answer answer;
  Answer const plain = exchange_answer(suites_.version, part_, reply);
  if (keeps(asked.query.offer) && plain.kind == Answer::Kind::picked && plain.code == static_cast<Code>(*kept_)) {
    std::optional<NamedGroup> const kept = std::exchange(kept_, std::nullopt);
    audit::Question without = question(asked);
    reply = co_await peer_.exchange(std::move(without));
    answer = read(asked.query.offer, reply);
    if (answer.kind != Answer::Kind::picked) kept_ = kept;
    masked_ = masked_ || answer.kind == Answer::Kind::refused;
  } else {
    answer = read(asked.query.offer, reply);
  }
  if (reply.outcome == audit::Outcome::cancelled) enumeration_.stop(reply.why());
  enumeration_.feed(asked.query.id, answer);
  co_return reply.outcome != audit::Outcome::cancelled;
}

asio::awaitable<void> ExchangeRounds::first(std::vector<Code> offer) {
  Asked asked;
  asked.query.offer = offer;
  asked.query.hopeful = true;
  pair(asked);
  audit::Question once = question(asked);
  audit::Reply reply = co_await peer_.exchange(std::move(once));
  if (asked.scheme) {
    Answer const scheme = exchange_answer(suites_.version, Part::scheme, reply);
    if (scheme.kind == Answer::Kind::picked) {
      schemes_->feed(asked.scheme->id, scheme);
    } else {
      if (!waiting_) waiting_ = asked.scheme;
      waiting_->hopeful = false;
      audit::Question alone = question(offer);
      reply = co_await peer_.exchange(std::move(alone));
    }
  }
  Answer const answer = read(offer, reply);
  enumeration_.observe(offer, answer);
}

asio::awaitable<void> ExchangeRounds::run() {
  std::unique_ptr<audit::Batch> const batch = peer_.batch();
  std::map<std::uint64_t, Asked> asked;
  while (true) {
    for (solve::Query& query : enumeration_.next(std::max(1U, peer_.lanes()))) {
      Asked entry;
      entry.query = std::move(query);
      pair(entry);
      std::uint64_t const id = entry.query.id;
      audit::Question next = question(entry);
      asked.emplace(id, std::move(entry));
      batch->ask(id, std::move(next));
    }
    if (batch->pending() == 0) break;
    audit::Batch::Ended ended = co_await batch->next();
    Asked entry = std::move(asked.at(ended.id));
    asked.erase(ended.id);
    bool const on = co_await settle(std::move(entry), std::move(ended.reply));
    if (!on) break;
  }
}

solve::Solution ExchangeRounds::solution() const {
  solve::Solution solution = enumeration_.solution();
  if (masked()) {
    solution.complete = false;
    solution.reason = fmt::format("only suites of {} were left, and a server that prefers its certificate's curve {} shows none below it",
                                  suites_.authentication, kept_ ? wire::name(*kept_) : std::string{});
  }
  return solution;
}

}  // namespace tlsgauge::probes
