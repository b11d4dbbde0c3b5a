#include "solve/knowledge.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace tlsgauge::solve {

std::vector<Index> indices(Set const& set) {
  std::vector<Index> out;
  for (std::size_t i = set._Find_first(); i < set.size(); i = set._Find_next(i)) out.push_back(static_cast<Index>(i));
  return out;
}

Knowledge::Knowledge(Universe const& universe) : size_(universe.members.size()), doubted_(size_), place_(size_), beaten_(size_) {
  if (size_ > kMaxUniverse) throw std::length_error("more codes than a universe may hold");
  std::vector<Index> order(size_);
  std::iota(order.begin(), order.end(), Index{0});
  auto const rank = [&](Index i) {
    switch (universe.members[i].role) {
      case Role::leads:
        return 0;
      case Role::plain:
        return 1;
      case Role::chacha:
        return 2;
    }
    return 1;
  };
  if (!universe.as_listed) {
    std::sort(order.begin(), order.end(), [&](Index a, Index b) { return rank(a) != rank(b) ? rank(a) < rank(b) : a > b; });
  }
  for (std::size_t i = 0; i < size_; ++i) place_[order[i]] = i, everything_.set(i);
  open_ = everything_;
}

std::vector<Index> Knowledge::listed(Set const& offer) const {
  std::vector<Index> list = indices(offer);
  std::sort(list.begin(), list.end(), [this](Index a, Index b) { return place_[a] < place_[b]; });
  return list;
}

std::size_t Knowledge::picked(std::vector<Index> const& list, Index pick) {
  auto const at = std::find(list.begin(), list.end(), pick);
  if (at == list.end()) return 0;
  proven_ = std::max(proven_, static_cast<std::size_t>(at - list.begin()) + 1);
  picks_.push_back({list, pick});
  std::size_t taken_back = 0;
  if (!found_.test(pick)) {
    found_.set(pick);
    open_.reset(pick);
    given_up_.reset(pick);
    excluded_.reset(pick);
    // A refused query held this code after all: that refusal was about something else, and says nothing of its other codes.
    for (Refusal const& refusal : refusals_) {
      if (refusal.codes.test(pick)) taken_back = std::max(taken_back, refusal.list.size());
    }
    std::erase_if(refusals_, [pick](Refusal const& refusal) { return refusal.codes.test(pick); });
    if (taken_back > 0) reopen();
  }
  rank(picks_.back());
  settle();
  return taken_back;
}

void Knowledge::rank(Pick const& answer) {
  std::size_t const read = answer.list.size() <= doubted_ ? answer.list.size() : std::min(answer.list.size(), proven_);
  Set offer;
  for (std::size_t i = 0; i < read; ++i) offer.set(answer.list[i]);
  offer.reset(answer.pick);
  beaten_[answer.pick] |= offer;
  for (Index const other : indices(found_ & offer)) {
    if (beaten_[other].test(answer.pick)) contradictory_ = true;
  }
}

void Knowledge::refused(std::vector<Index> const& list) {
  Refusal refusal{list, {}};
  for (Index const i : list) refusal.codes.set(i);
  open_ &= ~refusal.codes;
  refusals_.push_back(std::move(refusal));
}

void Knowledge::doubt_longer_than(std::size_t length) {
  doubted_ = std::min(doubted_, length);
  std::erase_if(refusals_, [keep = std::max(length, proven_)](Refusal const& refusal) { return refusal.list.size() > keep; });
  reopen();
  contradictory_ = false;
  std::fill(beaten_.begin(), beaten_.end(), Set{});
  for (Pick const& answer : picks_) rank(answer);
  settle();
}

void Knowledge::reopen() {
  open_ = everything_ & ~found_ & ~given_up_ & ~excluded_;
  for (Refusal const& refusal : refusals_) open_ &= ~refusal.codes;
}

std::size_t Knowledge::doubtful_length() const { return doubtful_list().size(); }

std::vector<Index> Knowledge::doubtful_list() const {
  std::vector<Index> longest;
  if (believe_ && found_.none()) return longest;
  for (Refusal const& refusal : refusals_) {
    if (refusal.list.size() > std::max(proven_, kPlainLength) && refusal.list.size() > longest.size()) longest = refusal.list;
  }
  return longest;
}

Set Knowledge::tops(Set const& of) const {
  Set lower;
  for (Index const i : indices(of)) lower |= beaten_[i];
  return of & ~lower;
}

/// Kahn's topological order, as long as there is no choice in it.
void Knowledge::settle() {
  settled_.clear();
  std::vector<Index> const codes = indices(found_);
  std::vector<std::size_t> above(size_, 0);
  for (Index const i : codes) {
    for (Index const lower : indices(beaten_[i] & found_)) ++above[lower];
  }
  std::vector<Index> tops;
  for (Index const i : codes) {
    if (above[i] == 0) tops.push_back(i);
  }
  while (tops.size() == 1) {
    Index const next = tops.front();
    tops.clear();
    settled_.push_back(next);
    for (Index const lower : indices(beaten_[next] & found_)) {
      if (--above[lower] == 0) tops.push_back(lower);
    }
  }
}

bool Knowledge::against_client() const {
  return std::any_of(picks_.begin(), picks_.end(), [this](Pick const& answer) {
    for (Index const i : answer.list) {
      if (i == answer.pick) return false;
      if (found_.test(i)) return true;
    }
    return false;
  });
}

}  // namespace tlsgauge::solve
