// What an enumeration asks next.

#include <algorithm>

#include "solve/enumeration.hpp"

namespace tlsgauge::solve {
namespace {

constexpr std::size_t kDecoys = 4;
// So many of the most expected codes are a sample that nearly every server takes something of.
constexpr std::size_t kSample = 14;

}  // namespace

Enumeration::Order Enumeration::make(Kind kind, std::vector<Index> list) const {
  Order order;
  order.kind = kind;
  order.chain = chains_.size();
  for (Index const i : list) order.codes.set(i);
  order.list = std::move(list);
  return order;
}

bool Enumeration::asking(Kind kind) const {
  return std::any_of(in_flight_.begin(), in_flight_.end(), [kind](Order const& order) { return order.kind == kind; });
}

bool Enumeration::searching() const { return knowledge_.open().any() || asking(Kind::chain); }

bool Enumeration::ending() const {
  if (asking(Kind::chain)) return false;
  return std::any_of(in_flight_.begin(), in_flight_.end(), [this](Order const& order) {
    return order.kind == Kind::order && !order.expected && (knowledge_.open() & ~order.codes).none();
  });
}

bool Enumeration::order_known() const { return knowledge_.settled().size() == knowledge_.found().count(); }

std::optional<Enumeration::Order> Enumeration::plan() {
  if (!stopped_.empty()) return std::nullopt;
  if ((suspects_ & knowledge_.open()).any()) return plan_suspects();
  if (!asking(Kind::order)) {
    if (std::optional<Order> order = plan_order(true)) return order;
  }
  if (std::optional<Order> order = plan_chain()) return order;
  if (std::optional<Order> order = plan_check()) return order;
  if (std::optional<Order> order = plan_chooser()) return order;
  if (std::optional<Order> order = plan_order(false)) return order;
  if (split_chain()) return plan_chain();
  return std::nullopt;
}

/// One at a time, since each answer halves what is left.
std::optional<Enumeration::Order> Enumeration::plan_suspects() const {
  if (asking(Kind::nothing) || asking(Kind::suspect)) return std::nullopt;
  if (!faults_tell_) return make(Kind::nothing, {});
  std::vector<Index> half = knowledge_.listed(suspects_ & knowledge_.open());
  half.resize((half.size() + 1) / 2);
  return make(Kind::suspect, std::move(half));
}

/// The main chain. While codes of the core are open it offers them, with what the other chains have found and this one has not
/// yet picked. Once all is found it offers what is not yet in order. Both need one query a code, whatever the server's order.
std::optional<Enumeration::Order> Enumeration::plan_order(bool first) const {
  if (chains_.empty()) return std::nullopt;
  bool const orderly = !order_open_ && !knowledge_.contradictory();
  Set pool = chains_.front().codes & knowledge_.open();
  bool const finding = pool.any();
  if (finding) {
    if (orderly && credit_ > 0) pool |= knowledge_.found() & ~charted_;
  } else if (orderly && !searching()) {
    pool = knowledge_.found();
    for (Index const i : knowledge_.settled()) pool.reset(i);
  }
  if (pool.none()) return std::nullopt;
  if (!first) {
    unsigned guesses = 0, chained = 0;
    for (Order const& order : in_flight_) {
      if (order.kind != Kind::order) continue;
      ++chained;
      if (order.guessed) ++guesses;
      std::optional<Index> const expected = prediction_.top(order.codes, knowledge_);
      if (!expected) return std::nullopt;  // the end of the chain is in flight
      pool.reset(*expected);
    }
    if (chained >= width_ || static_cast<int>(guesses) >= credit_ || pool.none()) return std::nullopt;
  }
  if (finding && orderly) {
    for (Index const i : indices(waiting())) {
      if (pool.count() < limit_) pool.set(i);
    }
  }
  pool = fit(pool);
  auto const same = [&pool](Set const& other) { return other == pool; };
  if (std::any_of(answered_.begin(), answered_.end(), same)) return std::nullopt;
  if (std::any_of(in_flight_.begin(), in_flight_.end(), [&](Order const& order) { return same(order.codes); })) return std::nullopt;
  Order order = make(Kind::order, knowledge_.listed(pool));
  order.guessed = !first;
  order.expected = prediction_.top(pool, knowledge_);
  return order;
}

Set Enumeration::waiting() const {
  auto const late = std::find_if(chains_.begin(), chains_.end(), [](Chain const& chain) { return chain.late; });
  return late == chains_.end() ? Set{} : late->codes & knowledge_.open() & prediction_.likely();
}

/// The main chain goes on, and may yet meet what waits.
bool Enumeration::waits(Chain const& chain) const {
  if (!chain.late || order_open_ || knowledge_.contradictory() || !asking(Kind::order) || waiting().none()) return false;
  return std::none_of(in_flight_.begin(), in_flight_.end(),
                      [](Order const& order) { return order.kind == Kind::order && !order.expected; });
}

Set Enumeration::sample_codes() const {
  Set sample;
  for (std::size_t i = 0; i < std::min(kSample, universe_.members.size()); ++i) sample.set(i);
  return sample;
}

/// A list has room for so many. What is open goes first; of what is known the top ones suffice, since the others are below them.
Set Enumeration::fit(Set pool) const {
  if (pool.count() <= limit_) return pool;
  Set const open = pool & knowledge_.open();
  Set const tops = knowledge_.tops(pool & knowledge_.found());
  if (open.any()) return open.count() + tops.count() <= limit_ ? open | tops : open;
  Set some;
  for (Index const i : indices(tops)) {
    if (some.count() < limit_) some.set(i);
  }
  return some;
}

std::optional<Enumeration::Order> Enumeration::plan_chain() const {
  for (std::size_t c = 1; c < chains_.size(); ++c) {
    Set const pending = chains_[c].codes & knowledge_.open();
    if (pending.none() || waits(chains_[c])) continue;
    bool const busy = std::any_of(in_flight_.begin(), in_flight_.end(),
                                  [c](Order const& order) { return order.kind == Kind::chain && order.chain == c; });
    if (busy) continue;
    Order order = make(Kind::chain, knowledge_.listed(pending));
    order.chain = c;
    return order;
  }
  return std::nullopt;
}

/// A refusal is believed when the server was seen to read a list of that length to its end. There are servers that refuse or drop long
/// lists and servers that ignore all after the n-th suite (TLS-Check issue 9, baseline.md "Under adversity"); to both a refused list
/// looks like "none of these". Mostly a pick from far down a list is the proof, and costs nothing; else one query offers the longest
/// refused list with a known code at its very end. Where nothing at all was found, a short list of what nearly every server has is asked.
std::optional<Enumeration::Order> Enumeration::plan_check() const {
  if (searching() || asking(Kind::order) || asking(Kind::control) || asking(Kind::sample)) return std::nullopt;
  std::vector<Index> list = knowledge_.doubtful_list();
  if (list.empty()) return std::nullopt;
  // The reversed list holds all that was refused in front: one query for both.
  if (universe_.as_listed && !reversed_says_ && knowledge_.found().count() > 1 && order_known() && !knowledge_.contradictory())
    return std::nullopt;
  if (knowledge_.found().none()) {
    if (sampled_) return std::nullopt;
    return make(Kind::sample, knowledge_.listed(sample_codes() & ~knowledge_.excluded()));
  }
  std::vector<Index> const known = knowledge_.listed(knowledge_.found());
  if (list.size() + 1 > limit_) list.erase(list.begin());
  list.push_back(known.front());
  return make(Kind::control, std::move(list));
}

/// All that was found, against the order in which it is always offered. In front stand codes that the server does not take but is
/// likely to know, and ChaCha20 at the end, so that what is special about the first place plays no part.
std::vector<Index> Enumeration::reversed() const {
  std::vector<Index> plain, chacha, list;
  std::vector<Index> const forward = knowledge_.listed(knowledge_.found());
  for (auto i = forward.rbegin(); i != forward.rend(); ++i) {
    (universe_.members[*i].role == Role::chacha ? chacha : plain).push_back(*i);
  }
  for (std::size_t i = 0; i < universe_.members.size() && (universe_.as_listed || list.size() < kDecoys); ++i) {
    if (!(knowledge_.found() | knowledge_.excluded()).test(i) && universe_.members[i].role != Role::chacha)
      list.push_back(static_cast<Index>(i));
  }
  if (plain.size() > 1) {
    list.insert(list.end(), plain.begin(), plain.end());
    list.insert(list.end(), chacha.begin(), chacha.end());
  } else {
    list.insert(list.end(), chacha.begin(), chacha.end());
    list.insert(list.end(), plain.begin(), plain.end());
  }
  return list;
}

std::optional<Enumeration::Order> Enumeration::plan_chooser() const {
  Set const& found = knowledge_.found();
  // What is open may all be in a query that is expected to be refused: then the answer does not have to be waited for.
  if (found.count() < 2 || (searching() && !ending()) || !order_known() || knowledge_.contradictory()) return std::nullopt;
  if (!knowledge_.against_client() || (universe_.as_listed && !reversed_says_ && knowledge_.doubtful_length() > 0)) {
    if (asking(Kind::reverse)) return std::nullopt;
    if (!reversed_says_ || reversed_for_ != found) {
      std::vector<Index> list = reversed();
      if (list.size() > limit_) list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(list.size() - limit_));
      return make(Kind::reverse, std::move(list));
    }
    if (*reversed_says_ != Chooser::server) return std::nullopt;
  }
  if (asking(Kind::chacha) || chacha_for_ == found) return std::nullopt;
  std::vector<Index> const& order = knowledge_.settled();
  std::vector<Index> list;
  for (Index const i : order) {
    if (universe_.members[i].role == Role::chacha) list.push_back(i);
  }
  if (list.empty() || list.size() == order.size() || universe_.members[order.front()].role == Role::chacha) return std::nullopt;
  for (Index const i : order) {
    if (universe_.members[i].role != Role::chacha) list.push_back(i);
  }
  if (list.size() > limit_) list.resize(limit_);
  return make(Kind::chacha, std::move(list));
}

}  // namespace tlsgauge::solve
