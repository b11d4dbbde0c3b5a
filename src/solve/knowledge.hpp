#pragma once
// What a server's answers prove, and nothing more: which codes it takes, which it does not, and which it put above which.
//
// The model: a query offers a set, the answer is the server's top element of what it takes of it, or none. An answer therefore says
// that its code is above every other taken code of the same offer. Orders are read off from these statements alone, so they are
// exact whatever guess the queries came from.

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <optional>
#include <vector>

#include "solve/universe.hpp"

namespace tlsgauge::solve {

/// Codes by their place in Universe::members.
using Index = std::uint16_t;
using Set = std::bitset<kMaxUniverse>;

[[nodiscard]] std::vector<Index> indices(Set const& set);

class Knowledge {
 public:
  explicit Knowledge(Universe const& universe);

  /// The order in which any set is offered: a fixed one, so that a server that leaves the choice to the client has a total order
  /// too. Leading suites first, ChaCha20 last, the least expected before the most expected: an answer then mostly contradicts the
  /// client's order, which proves the server's.
  [[nodiscard]] std::vector<Index> listed(Set const& offer) const;

  /// `list` as it was sent, `pick` one of it. Returns the length of the longest refusal that this takes back: the list was refused
  /// although the server takes a code of it. 0 when none.
  std::size_t picked(std::vector<Index> const& list, Index pick);
  void refused(std::vector<Index> const& list);
  /// The server was seen to read so many entries of a list.
  void read(std::size_t length) { proven_ = std::max(proven_, length); }
  /// Codes that no answer could be had for.
  void give_up(Set const& codes) { open_ &= ~codes, given_up_ |= codes; }
  /// Picked but not carried through: the server does not take it.
  void exclude(Index code) { excluded_.set(code), open_.reset(code); }
  /// The server does not take or read lists longer than this. Refusals of longer ones are taken back, what they covered is open again,
  /// and of longer lists that it picked from only the part counts that it was seen to read.
  void doubt_longer_than(std::size_t length);
  /// A sample of what is most expected was refused on its own: as long as nothing is found, the length was not the reason.
  void believe_refusals() { believe_ = true; }

  [[nodiscard]] Set const& found() const { return found_; }
  [[nodiscard]] Set const& open() const { return open_; }  ///< neither found, nor in any refused query, excluded or given up
  [[nodiscard]] Set const& given_up() const { return given_up_; }
  [[nodiscard]] Set const& excluded() const { return excluded_; }
  [[nodiscard]] Set const& above(Index code) const { return beaten_[code]; }  ///< all that were offered when `code` was picked
  /// Length of the longest refused list that might have been refused for its length; 0 when none.
  [[nodiscard]] std::size_t doubtful_length() const;
  /// The entries of that list.
  [[nodiscard]] std::vector<Index> doubtful_list() const;
  /// Entries of a list that the server was seen to read: the place of its deepest pick.
  [[nodiscard]] std::size_t proven_length() const { return proven_; }

  /// Members of `of` that no other member of it is above of.
  [[nodiscard]] Set tops(Set const& of) const;
  /// The sequence that is certain: each above all the rest of what was found.
  [[nodiscard]] std::vector<Index> const& settled() const { return settled_; }
  /// Two answers exclude each other: no order explains them.
  [[nodiscard]] bool contradictory() const { return contradictory_; }
  /// An answer passed over a code that was offered earlier and is taken: the client's order does not decide.
  [[nodiscard]] bool against_client() const;

 private:
  struct Refusal {
    std::vector<Index> list;
    Set codes;
  };
  struct Pick {
    std::vector<Index> list;
    Index pick = 0;
  };

  void reopen();
  void rank(Pick const& answer);
  void settle();

  std::size_t size_;
  std::size_t doubted_;
  std::vector<std::size_t> place_;  ///< in the client's list, by index
  Set everything_, found_, open_, given_up_, excluded_;
  std::vector<Set> beaten_;
  std::vector<Pick> picks_;
  std::vector<Refusal> refusals_;
  std::vector<Index> settled_;
  std::size_t proven_ = 0;
  bool believe_ = false;
  bool contradictory_ = false;
};

/// Lists up to this length every server is taken to read to their end.
inline constexpr std::size_t kPlainLength = 16;

}  // namespace tlsgauge::solve
