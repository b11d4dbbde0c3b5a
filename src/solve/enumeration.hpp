#pragma once
// Finds out which codes a server takes and in which order it prefers them: answers in, next queries out. No socket, no clock.
//
// Elimination: offer what is left, remove what was picked, until a refusal. It costs one query for each accepted code and one refusal for
// each hello that the universe fills, which is the lower bound. Time is saved by guessing (engine.md section 2): queries that
// presuppose the next picks are sent before those are known. An answer says only what it proves (knowledge.hpp), so a wrong
// guess costs a query and never exactness. Every guess that turns out useless is paid from a credit that finds fill, so that the
// queries stay below three for each code found and a constant.

#include <optional>
#include <string>
#include <vector>

#include "solve/prediction.hpp"

namespace tlsgauge::solve {

struct Query {
  std::uint64_t id = 0;
  std::vector<Code> offer;  ///< in the order in which it is to be sent
  bool last = false;     ///< a refusal is expected that ends the search among the usual codes: worth asking when nothing else is under way
  bool hopeful = false;  ///< something of it is known or expected to be picked
};

struct Answer {
  enum class Kind {
    picked,
    refused,
    failed,  ///< picked, but the handshake then broke off: `code` is not accepted, of the other codes nothing is known
    balked,  ///< broken off before the pick was named, by a fault and not for want of a code: as `failed`, but which one is not known
    inconclusive
  };
  Kind kind = Kind::inconclusive;
  Code code = 0;
  std::string reason;

  static Answer picked(Code code) { return {Kind::picked, code, {}}; }
  static Answer refused() { return {Kind::refused, 0, {}}; }
  static Answer failed(Code code) { return {Kind::failed, code, {}}; }
  static Answer balked() { return {Kind::balked, 0, {}}; }
  static Answer inconclusive(std::string reason) { return {Kind::inconclusive, 0, std::move(reason)}; }
};

/// No server takes it (RFC 8701), so that the answer to it alone is what the server says when it finds nothing.
inline constexpr Code kNothing = 0x8A8A;

enum class Chooser { server, client, indifferent, inconclusive };

struct Solution {
  std::vector<Code> accepted;  ///< the server's order; where the client chooses, the most expected first
  Chooser chooser = Chooser::inconclusive;
  std::optional<bool> prioritizes_chacha;  ///< ChaCha20 wins when, and only when, the client names it first. Empty: not asked
  bool complete = false;                   ///< false: there may be more than `accepted`
  std::string reason;                      ///< why not complete, or why the chooser is not known
  unsigned queries = 0;
};

class Enumeration {
 public:
  explicit Enumeration(Universe universe);

  /// The first query, without asking it.
  [[nodiscard]] std::vector<Code> opening() const;
  /// The few most expected codes. Where all long lists were refused, the refusal of these says that the length was not the reason.
  [[nodiscard]] std::vector<Code> sample() const;
  /// These, and all that the first query leaves out, where that still makes a short list: the two together are everything.
  [[nodiscard]] std::vector<Code> closing() const;
  /// What is known from elsewhere: an offer as it was sent, and its answer. Ignored (false) unless the offer is one that this could make.
  bool observe(std::vector<Code> const& offer, Answer const& answer);
  /// What the same server takes at another version, in its order or, `by_client`, as it is offered.
  void expect(std::vector<Code> const& order, bool by_client = false);

  /// Queries to send now, so that at most `lanes` are in flight. None and nothing in flight: done.
  [[nodiscard]] std::vector<Query> next(unsigned lanes);
  void feed(std::uint64_t id, Answer const& answer);

  [[nodiscard]] bool done() const { return idle_ && in_flight_.empty(); }
  [[nodiscard]] std::size_t in_flight() const { return in_flight_.size(); }
  /// Asks no more; what is open stays open, for this reason.
  void stop(std::string reason);
  /// A list was refused though it held a code that is accepted, and not for its length: other refusals may be as wrong.
  [[nodiscard]] bool doubtful() const { return doubtful_; }
  /// The usual codes that were refused, as one more query: asked alone, it shows whether refusals can be believed. May be empty.
  [[nodiscard]] std::vector<Code> refused() const;
  [[nodiscard]] Solution solution() const;

 private:
  enum class Kind {
    order,    ///< the main chain: finds what the core has, and the order of all
    chain,    ///< elimination within a part of the universe
    sample,   ///< the most expected few, after nothing but refusals of long lists
    control,  ///< a refused list with a known code at its end
    reverse,  ///< all that was found, the client's order reversed
    chacha,   ///< all that was found, ChaCha20 first
    nothing,  ///< kNothing alone: do faults tell anything here?
    suspect,  ///< a part of a list that the server balked at
  };
  struct Order {
    Kind kind = Kind::order;
    std::vector<Index> list;
    Set codes;
    std::size_t chain = 0;
    bool guessed = false;  ///< presupposes picks that are not known yet
    std::optional<Index> expected;
    std::uint64_t id = 0;
    unsigned epoch = 0;
  };
  struct Chain {
    Set codes;
    unsigned hits = 0;
    bool late = false;  ///< its likely codes join the main chain as room is made
  };

  [[nodiscard]] std::optional<Order> plan();
  [[nodiscard]] std::optional<Order> plan_suspects() const;
  [[nodiscard]] std::optional<Order> plan_order(bool first) const;
  [[nodiscard]] std::optional<Order> plan_chain() const;
  [[nodiscard]] std::optional<Order> plan_check() const;
  [[nodiscard]] std::optional<Order> plan_chooser() const;
  [[nodiscard]] Order make(Kind kind, std::vector<Index> list) const;
  [[nodiscard]] bool asking(Kind kind) const;
  [[nodiscard]] bool searching() const;  ///< codes are open, or queries that may find some are in flight
  [[nodiscard]] bool ending() const;     ///< of what is open, a refusal is expected
  [[nodiscard]] bool order_known() const;
  [[nodiscard]] Set sample_codes() const;
  [[nodiscard]] Set fit(Set pool) const;
  [[nodiscard]] Set waiting() const;  ///< expected, but the core had no room for it yet
  [[nodiscard]] bool waits(Chain const& chain) const;
  [[nodiscard]] std::vector<Index> reversed() const;
  void deal();
  bool split_chain();
  void cut_chains();
  void shrink(std::size_t length);
  void note_sent(Order const& order);
  void on_picked(Order const& order, Index pick);
  void on_refused(Order const& order);
  void on_failed(Order const& order, Index code);
  void on_balked(Order const& order);
  void on_nothing(Answer const& answer);
  void on_inconclusive(Order const& order, std::string const& reason);
  [[nodiscard]] std::optional<Index> index(Code code) const;

  Universe universe_;
  Knowledge knowledge_;
  Prediction prediction_;
  std::vector<std::pair<Code, Index>> by_code_;  ///< sorted
  std::vector<Chain> chains_;                    ///< a partition of the universe; the first is the core
  std::vector<Order> in_flight_;
  std::vector<Set> answered_;  ///< sets of the main chain, each asked once
  std::vector<Set> unanswered_;
  Set charted_;                      ///< picked by the main chain
  Set suspects_;                     ///< one of these makes the server balk
  std::optional<bool> faults_tell_;  ///< false: the server answers so whenever it finds nothing
  std::size_t limit_ = kMaxOffer;
  unsigned width_ = 2;  ///< queries of the main chain in flight
  unsigned epoch_ = 0;
  int credit_ = 4;
  unsigned queries_ = 0;
  unsigned troubles_ = 0;
  bool sampled_ = false;
  bool dealt_ = false;
  bool idle_ = false;
  bool order_open_ = false;  ///< a query that the order needs has no answer
  bool doubtful_ = false;
  bool inconsistent_ = false;  ///< the same question was answered in two ways
  std::string stopped_;
  std::string trouble_;
  Set reversed_for_;  ///< what was found when the reversed list was asked
  std::optional<Chooser> reversed_says_;
  Set chacha_for_;
  std::optional<bool> chacha_says_;
};

}  // namespace tlsgauge::solve
