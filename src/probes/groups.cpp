// Which groups does the server accept in TLS 1.3, in which order, and who chooses?
//
// RFC 8446 section 4.2.8:
//   This vector MAY be empty if the client is requesting a HelloRetryRequest.
//
// So a hello without a share makes the server name the group that it wants, and no key is ever made. What is left is found by
// elimination. A server that does not answer an empty key_share gets real shares, of those groups that this build can do.

#include <fmt/core.h>

#include <set>
#include <utility>

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "crypto/key_share.hpp"
#include "probes/offers.hpp"

namespace tlsgauge::probes {
namespace {

using solve::Chooser;
using wire::NamedGroup;
using wire::ProtocolVersion;

constexpr std::string_view kKeys[] = {"groups", "group_order"};
constexpr std::string_view kNeeds[] = {"protocols"};
constexpr audit::Citation kCitations[] = {{"RFC 8446", "4.2.7"}, {"RFC 8446", "4.2.8"}, {"RFC 8446", "4.1.4"}};

audit::Applicability applies(audit::Facts const& facts) {
  if (facts.support(ProtocolVersion::TLSv1_3) != audit::Support::yes) {
    return {.applies = false, .reason = "TLS 1.3 is not known to be supported"};
  }
  return {};
}

/// Elimination with hellos of one shape.
class Rounds {
 public:
  Rounds(audit::Peer& peer, wire::ClientHello model, solve::Universe universe)
      : peer_(peer), model_(std::move(model)), shares_(has_shares(model_)), enumeration_(std::move(universe)) {
    if (shares_) return;  // a share in the hello sways some servers
    for (audit::Transcript const& transcript : peer.transcripts()) {
      wire::ClientHello const& hello = transcript.question.hello;
      if (!transcript.question.raw.empty() || only_version(hello) != ProtocolVersion::TLSv1_3 || has_shares(hello)) continue;
      solve::Answer const answer = group_answer(transcript.reply);
      // A refusal may have been about the suites.
      if (answer.kind == solve::Answer::Kind::picked) enumeration_.observe(codes_of(named_groups_of(hello)), answer);
    }
  }

  asio::awaitable<void> run() {
    std::unique_ptr<audit::Batch> const batch = peer_.batch();
    std::set<std::uint64_t> alone;  // refusals that end the search: a server may refuse for its load
    bool surprised = false;         // what was taken for the last list was not
    while (true) {
      for (solve::Query const& query : enumeration_.next(std::max(1U, peer_.lanes()))) {
        bool const last = query.last && !surprised;
        if (last) alone.insert(query.id);
        batch->ask(query.id, question(groups_of(query.offer), last));
      }
      if (batch->pending() == 0) break;
      audit::Batch::Ended const ended = co_await batch->next();
      if (ended.reply.outcome == audit::Outcome::cancelled) enumeration_.stop(ended.reply.why());
      surprised = surprised || (alone.contains(ended.id) && ended.reply.answered());
      enumeration_.feed(ended.id, group_answer(ended.reply));
      if (ended.reply.outcome == audit::Outcome::cancelled) break;
    }
  }

  [[nodiscard]] solve::Solution solution() const { return enumeration_.solution(); }

 private:
  [[nodiscard]] audit::Question question(std::vector<NamedGroup> const& groups, bool alone) const {
    wire::ClientHello hello = offering(model_, std::span<NamedGroup const>{groups});
    if (shares_) {
      std::optional<wire::ClientHello> shared = with_shares(hello, groups);
      if (shared) hello = std::move(*shared);
    }
    audit::Question out{std::move(hello)};
    out.alone = alone;
    out.purpose = fmt::format("TLSv1.3 groups, {} offered{}{}", groups.size(), shares_ ? " with shares" : "", alone ? " alone" : "");
    return out;
  }

  audit::Peer& peer_;
  wire::ClientHello model_;
  bool shares_;
  solve::Enumeration enumeration_;
};

audit::Observation report(solve::Solution const& solution) {
  audit::Observation seen;
  Value groups = Value::array();
  for (solve::Code const code : solution.accepted) {
    NamedGroup const group{code};
    wire::NamedGroupInfo const* const info = wire::find(group);
    Value entry = Value::object();
    entry.set("code", wire::code_text(group))
        .set("name", wire::name(group))
        .set("protocol", wire::name(ProtocolVersion::TLSv1_3))
        .set("post_quantum", info != nullptr && info->post_quantum());
    groups.push_back(std::move(entry));
  }
  std::string const reason = to_utf8(solution.reason);
  Value order = Value::object();
  order.set("protocol", wire::name(ProtocolVersion::TLSv1_3))
      .set("chooser", probes::name(solution.chooser))
      .set("complete", solution.complete)
      .set("reason", reason.empty() ? Value{} : Value{reason});
  seen.fact("groups", std::move(groups)).fact("group_order", std::move(order));
  if (!solution.complete) {
    seen.open("there may be more groups than were found: " + reason);
  } else if (solution.chooser == Chooser::inconclusive) {
    seen.open("who chooses the group stayed open: " + reason);
  }
  return seen;
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const&) {
  wire::ClientHello model = model_hello(peer, ProtocolVersion::TLSv1_3);
  if (!has_shares(model)) {
    Rounds rounds{peer, model, solve::group_universe()};
    co_await rounds.run();
    solve::Solution const solution = rounds.solution();
    if (!solution.accepted.empty()) co_return report(solution);
    constexpr NamedGroup kAny[] = {NamedGroup::x25519};
    model = with_shares(model, kAny).value_or(model);
  }
  std::vector<NamedGroup> const usable = crypto::usable_groups();
  Rounds rounds{peer, model, solve::group_universe(usable)};
  co_await rounds.run();
  solve::Solution solution = rounds.solution();
  if (solution.complete) {
    solution.complete = false;
    solution.reason = solution.accepted.empty()
                          ? "no group is answered, with a share or without"
                          : "an empty key_share is not answered, so only groups were asked for that this build can make a share of";
  }
  co_return report(solution);
}

}  // namespace

extern constexpr audit::Probe groups{
    .id = "groups",
    .question = "Which groups does the server accept in TLS 1.3, in which order, and who chooses?",
    .connections = "groups + 2",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes
