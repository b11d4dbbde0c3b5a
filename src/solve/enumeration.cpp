#include "solve/enumeration.hpp"

#include <algorithm>

namespace tlsgauge::solve {
namespace {

// Server and network may fail this often, and once more for every eight codes found, before the rest is left open.
constexpr unsigned kTroubles = 6;
// Shorter lists are not tried when a server balks at the length.
constexpr std::size_t kShortest = 8;
// No server is known that balks at lists of this length: the lowest limit met is 64.
constexpr std::size_t kShortEnough = 63;

std::size_t part(std::size_t whole, std::size_t limit) {
  std::size_t const parts = (whole + limit - 1) / limit;
  return (whole + parts - 1) / parts;
}

}  // namespace

Enumeration::Enumeration(Universe universe)
    : universe_(std::move(universe)), knowledge_(universe_), prediction_(universe_, knowledge_), by_code_(places(universe_)) {
  Chain core, rest;
  for (std::size_t i = 0; i < universe_.members.size(); ++i) (i < universe_.core ? core : rest).codes.set(i);
  if (core.codes.any()) chains_.push_back(core);
  if (rest.codes.any()) chains_.push_back(rest);
  cut_chains();
}

std::optional<Index> Enumeration::index(Code code) const { return place(by_code_, code); }

std::vector<Code> Enumeration::opening() const {
  std::vector<Code> offer;
  if (chains_.empty()) return offer;
  for (Index const i : knowledge_.listed(chains_.front().codes)) offer.push_back(universe_.members[i].code);
  return offer;
}

std::vector<Code> Enumeration::sample() const {
  std::vector<Code> offer;
  for (Index const i : knowledge_.listed(sample_codes())) offer.push_back(universe_.members[i].code);
  return offer;
}

std::vector<Code> Enumeration::closing() const {
  Set codes = sample_codes();
  for (std::size_t i = universe_.core; i < universe_.members.size(); ++i) codes.set(i);
  if (codes.count() > kShortEnough) return sample();
  std::vector<Code> offer;
  for (Index const i : knowledge_.listed(codes)) offer.push_back(universe_.members[i].code);
  return offer;
}

std::vector<Code> Enumeration::refused() const {
  std::vector<Code> offer;
  if (chains_.empty()) return offer;
  for (Index const i : knowledge_.listed(chains_.front().codes & ~knowledge_.found() & ~knowledge_.excluded() & ~knowledge_.given_up())) {
    offer.push_back(universe_.members[i].code);
  }
  return offer;
}

bool Enumeration::observe(std::vector<Code> const& offer, Answer const& answer) {
  if (offer.size() == 1 && offer.front() == kNothing) {
    on_nothing(answer);
    return true;
  }
  Order order;
  for (Code const c : offer) {
    std::optional<Index> const i = index(c);
    if (!i) return false;
    order.codes.set(*i);
  }
  order.list = knowledge_.listed(order.codes);
  for (std::size_t i = 0; i < offer.size(); ++i) {
    if (order.list.size() != offer.size() || universe_.members[order.list[i]].code != offer[i]) return false;
  }
  std::optional<Index> const pick = index(answer.code);
  if (answer.kind == Answer::Kind::inconclusive || (answer.kind == Answer::Kind::picked && (!pick || !order.codes.test(*pick))))
    return false;
  if (std::find(answered_.begin(), answered_.end(), order.codes) != answered_.end()) return true;
  order.kind = Kind::chain;
  if (answer.kind == Answer::Kind::balked && faults_tell_.value_or(true)) {
    on_balked(order);
    return true;
  }
  order.chain = chains_.size();
  if (!chains_.empty() && (order.codes & chains_.front().codes).any()) {
    order.kind = Kind::order;
    answered_.push_back(order.codes);
    order.expected = pick;
  }
  if (answer.kind == Answer::Kind::picked) on_picked(order, *pick);
  if (answer.kind == Answer::Kind::failed) on_failed(order, *pick);
  if (answer.kind == Answer::Kind::refused || answer.kind == Answer::Kind::balked) {
    if ((sample_codes() & ~order.codes).none() && order.list.size() <= kShortEnough) order.kind = Kind::sample, sampled_ = true;
    on_refused(order);
  }
  return true;
}

void Enumeration::expect(std::vector<Code> const& codes, bool by_client) {
  std::vector<Index> order;
  for (Code const c : codes) {
    if (std::optional<Index> const i = index(c)) order.push_back(*i);
  }
  if (by_client) {
    Set all;
    for (Index const i : order) all.set(i);
    order = knowledge_.listed(all);
  }
  if (!order.empty()) prediction_.expect(std::move(order));
}

std::vector<Query> Enumeration::next(unsigned lanes) {
  std::vector<Query> out;
  idle_ = false;
  if (!dealt_) deal();
  while (in_flight_.size() < lanes) {
    std::optional<Order> order = plan();
    if (!order) {
      idle_ = true;
      break;
    }
    order->id = ++queries_;
    order->epoch = epoch_;
    Query& query = out.emplace_back();
    query.id = order->id;
    query.last = order->kind == Kind::order && !order->expected;
    query.hopeful = order->expected.has_value() || (order->codes & knowledge_.found()).any();
    for (Index const i : order->list) query.offer.push_back(universe_.members[i].code);
    if (order->kind == Kind::nothing) query.offer.push_back(kNothing);
    note_sent(*order);
    in_flight_.push_back(std::move(*order));
  }
  return out;
}

void Enumeration::note_sent(Order const& order) {
  if (order.kind == Kind::sample) sampled_ = true;
  if (order.kind == Kind::reverse) reversed_for_ = knowledge_.found();
  if (order.kind == Kind::chacha) chacha_for_ = knowledge_.found();
}

void Enumeration::feed(std::uint64_t id, Answer const& answer) {
  auto const at = std::find_if(in_flight_.begin(), in_flight_.end(), [id](Order const& order) { return order.id == id; });
  if (at == in_flight_.end()) return;
  Order const order = std::move(*at);
  in_flight_.erase(at);
  idle_ = false;
  if (order.kind == Kind::nothing) {
    on_nothing(answer);
    return;
  }
  std::optional<Index> const pick = index(answer.code);
  switch (answer.kind) {
    case Answer::Kind::picked:
      if (!pick || !order.codes.test(*pick)) {
        on_inconclusive(order, "the server picked what was not offered");
        break;
      }
      if (order.kind == Kind::order) answered_.push_back(order.codes);
      on_picked(order, *pick);
      break;
    case Answer::Kind::refused:
      if (order.kind == Kind::order) answered_.push_back(order.codes);
      on_refused(order);
      break;
    case Answer::Kind::failed:
      if (!pick || !order.codes.test(*pick)) {
        on_inconclusive(order, "the server picked what was not offered");
        break;
      }
      on_failed(order, *pick);
      break;
    case Answer::Kind::balked:
      on_balked(order);
      break;
    case Answer::Kind::inconclusive:
      on_inconclusive(order, answer.reason);
      break;
  }
  // Honest servers stay below three for each code and what the checks cost; beyond that the answers are not those of one server.
  if (queries_ > 4 * (knowledge_.found().count() + knowledge_.excluded().count()) + 128) stop("the server's answers contradict each other");
}

void Enumeration::on_picked(Order const& order, Index pick) {
  bool const known = knowledge_.found().test(pick);
  if (order.kind == Kind::reverse || order.kind == Kind::chacha) {
    // These lists break the fixed order on purpose: they tell who chooses and nothing of the order.
    if (order.kind == Kind::reverse) {
      auto const first = std::find_if(order.list.begin(), order.list.end(), [this](Index i) { return knowledge_.found().test(i); });
      reversed_says_ = first != order.list.end() && *first == pick ? Chooser::client : Chooser::server;
      if (universe_.as_listed)
        knowledge_.read(static_cast<std::size_t>(std::find(order.list.begin(), order.list.end(), pick) - order.list.begin()) + 1);
    } else {
      chacha_says_ = universe_.members[pick].role == Role::chacha;
      // Where ChaCha20 in front changes nothing, the pick is the one that all other answers gave.
      std::vector<Index> const& settled = knowledge_.settled();
      if (!*chacha_says_ && !settled.empty() && settled.front() != pick && known) inconsistent_ = true;
    }
    return;
  }
  std::size_t const settled = knowledge_.settled().size();
  std::size_t const taken_back = knowledge_.picked(order.list, pick);
  prediction_.picked(order.codes, pick);
  bool useful = !known || knowledge_.settled().size() > settled;
  if (!known) ++credit_;
  if (order.chain < chains_.size() && order.kind == Kind::chain) ++chains_[order.chain].hits;
  if (order.kind == Kind::order) {
    charted_.set(pick);
    if (order.expected == pick) {
      ++width_;
    } else if (order.epoch == epoch_) {
      width_ = std::max(1U, width_ / 2);
      ++epoch_;
    }
    if (!useful) --credit_;
  }
  if (taken_back > 0) {
    // The same list is refused and a part of it is not: the server balks at the length, or it does not always give the same answer.
    if (taken_back > kPlainLength) {
      shrink(taken_back / 2);
    } else if (++troubles_ > kTroubles) {
      stop("the server's answers contradict each other");
    }
  }
}

void Enumeration::on_refused(Order const& order) {
  switch (order.kind) {
    case Kind::reverse:
      reversed_says_ = Chooser::inconclusive;
      trouble_ = "the suites found were refused when offered in another order";
      doubtful_ = true;
      return;
    case Kind::chacha:
      return;
    case Kind::sample:
      knowledge_.refused(order.list);
      knowledge_.believe_refusals();
      return;
    case Kind::control:
    case Kind::order:
    case Kind::chain:
    case Kind::suspect:
    case Kind::nothing:
      break;
  }
  if ((order.codes & knowledge_.found()).any()) {
    // It holds a code that the server takes, so it was refused for its length or by chance.
    if (order.list.size() > kPlainLength && limit_ > kShortest) {
      shrink(order.list.size() / 2);
    } else {
      doubtful_ = true;
      on_inconclusive(order, "a suite that was picked before was refused");
    }
    return;
  }
  if (order.list.size() > std::max(limit_, knowledge_.proven_length())) return;  // sent before the limit was known
  if (order.kind == Kind::order && order.guessed && (order.codes & knowledge_.open()).none()) --credit_;
  knowledge_.refused(order.list);
}

/// RFC 5246 section 7.3: the parameters are agreed on when the server's flight is whole. JSSE for one picks suites that it has no key for
/// and breaks off then; what it would pick next is only seen without them.
void Enumeration::on_failed(Order const& order, Index code) {
  if (knowledge_.found().test(code)) return on_inconclusive(order, "a suite that was picked before failed");
  knowledge_.exclude(code);
}

/// GnuTLS without DH parameters takes DHE suites out of a hello that names no ffdhe group, and then has an internal error: all that stands
/// below such a suite is hidden. Halving finds the suite; what was hidden is seen without it.
void Enumeration::on_balked(Order const& order) {
  bool const extra = order.kind == Kind::reverse || order.kind == Kind::chacha || order.kind == Kind::control;
  Set const suspects = order.codes & knowledge_.open();
  if (extra || suspects.none() || !faults_tell_.value_or(true)) {
    if (order.kind == Kind::order) answered_.push_back(order.codes);
    return on_refused(order);
  }
  if (order.kind == Kind::sample) sampled_ = false;
  if (order.list.size() == 1) {
    knowledge_.exclude(order.list.front());
    suspects_.reset();
  } else if ((suspects_ & knowledge_.open()).none() || suspects.count() < (suspects_ & knowledge_.open()).count()) {
    suspects_ = suspects;
  }
}

void Enumeration::on_nothing(Answer const& answer) {
  if (answer.kind == Answer::Kind::inconclusive) {
    trouble_ = answer.reason;
    if (++troubles_ > kTroubles) stop(trouble_);
    return;
  }
  faults_tell_ = answer.kind != Answer::Kind::balked;
  if (!*faults_tell_) suspects_.reset();
}

void Enumeration::on_inconclusive(Order const& order, std::string const& reason) {
  trouble_ = reason;
  ++troubles_;
  if (order.kind == Kind::reverse) {
    reversed_says_ = Chooser::inconclusive;
    return;
  }
  if (order.kind == Kind::chacha) return;
  if (order.kind == Kind::sample) return stop(reason);
  if (order.list.size() > std::max(knowledge_.proven_length(), kPlainLength) && limit_ > kShortest) {
    shrink(order.list.size() / 2);
  } else if (std::find(unanswered_.begin(), unanswered_.end(), order.codes) == unanswered_.end()) {
    unanswered_.push_back(order.codes);  // asked once more
  } else {
    knowledge_.give_up(order.codes & knowledge_.open());
    order_open_ = order_open_ || (order.kind == Kind::order && (order.codes & knowledge_.found()).any());
  }
  if (troubles_ > kTroubles + knowledge_.found().count() / 8) stop(reason);
}

void Enumeration::stop(std::string reason) {
  if (stopped_.empty()) stopped_ = std::move(reason);
}

void Enumeration::shrink(std::size_t length) {
  limit_ = std::max(kShortest, std::min(limit_, length));
  knowledge_.doubt_longer_than(limit_);
  cut_chains();
}

/// No chain longer than a list may be. Queries in flight keep the number of the piece that stays in place.
void Enumeration::cut_chains() {
  std::size_t const count = chains_.size();
  for (std::size_t c = 0; c < count; ++c) {
    std::vector<Index> const codes = indices(chains_[c].codes);
    if (codes.size() <= limit_) continue;
    std::size_t const length = part(codes.size(), limit_);
    chains_[c].codes.reset();
    Chain* into = &chains_[c];
    for (std::size_t i = 0; i < codes.size(); ++i) {
      if (i > 0 && i % length == 0) into = &chains_.emplace_back();
      into->codes.set(codes[i]);
    }
  }
}

/// All is dealt once more, in the light of what was known before the first query: the orders that explain it have their codes in the core,
/// where each is met in its place. What the core has no room for waits in the last chain.
void Enumeration::deal() {
  dealt_ = true;
  if (chains_.size() < 2 || knowledge_.found().none() || limit_ < kMaxOffer) return;
  Set const likely = prediction_.likely();
  std::vector<Index> core, rest, late;
  for (Index const i : indices(knowledge_.open())) (!likely.test(i) ? rest : core.size() < limit_ ? core : late).push_back(i);
  while (core.size() < limit_ && !rest.empty()) {
    core.push_back(rest.front());
    rest.erase(rest.begin());
  }
  rest.insert(rest.end(), late.begin(), late.end());
  std::size_t const length = rest.empty() ? 1 : part(rest.size(), limit_);
  chains_.assign(1 + (rest.size() + length - 1) / length, {});
  for (Index const i : core) chains_.front().codes.set(i);
  for (std::size_t i = 0; i < rest.size(); ++i) chains_[1 + i / length].codes.set(rest[i]);
  chains_.back().late = !late.empty();
}

/// Where a rare chain has had hits, halves are searched side by side.
bool Enumeration::split_chain() {
  for (std::size_t c = 1; c < chains_.size(); ++c) {
    std::vector<Index> const pending = indices(chains_[c].codes & knowledge_.open());
    if (chains_[c].hits == 0 || pending.size() < 8 || credit_ <= 0) continue;
    Chain half;
    for (std::size_t i = pending.size() / 2; i < pending.size(); ++i) half.codes.set(pending[i]);
    chains_[c].codes &= ~half.codes;
    chains_[c].hits = 0;
    chains_.push_back(half);
    --credit_;
    return true;
  }
  return false;
}

Solution Enumeration::solution() const {
  Solution solution;
  solution.queries = queries_;
  Set const& found = knowledge_.found();
  Set rest = found;
  std::vector<Index> sequence = knowledge_.settled();
  for (Index const i : sequence) rest.reset(i);
  bool const contradictory = inconsistent_ || knowledge_.contradictory();
  bool const ordered = rest.none() && !contradictory;
  while (rest.any()) {
    Set top = knowledge_.tops(rest);
    if (top.none()) top = rest;
    sequence.push_back(static_cast<Index>(top._Find_first()));
    rest.reset(sequence.back());
  }
  solution.complete = stopped_.empty() && knowledge_.given_up().none() && knowledge_.open().none() && knowledge_.doubtful_length() == 0;
  if (found.count() == 1) {
    solution.chooser = Chooser::indifferent;
  } else if (found.any() && !ordered) {
    solution.reason = contradictory ? "the server's answers contradict each other: no order explains them" : trouble_;
  } else if (found.any() && knowledge_.against_client()) {
    solution.chooser = Chooser::server;
  } else if (found.any() && reversed_says_) {
    solution.chooser = *reversed_says_;
  }
  if (solution.chooser == Chooser::client) std::sort(sequence.begin(), sequence.end());
  if (solution.chooser == Chooser::server) solution.prioritizes_chacha = chacha_says_;
  for (Index const i : sequence) solution.accepted.push_back(universe_.members[i].code);
  if (!solution.complete) solution.reason = !stopped_.empty() ? stopped_ : trouble_.empty() ? "not asked to the end" : trouble_;
  if (solution.chooser == Chooser::inconclusive && solution.reason.empty()) {
    solution.reason = found.none() ? "nothing was accepted" : trouble_.empty() ? "not asked to the end" : trouble_;
  }
  return solution;
}

}  // namespace tlsgauge::solve
