#pragma once
// When may silence be believed to be a "no"? A sequential test, without any socket.
//
// An alert is evidence. A connection that is closed, reset or left without an answer is only a suspicion: it is charged when a control
// hello succeeds after it, and believed once chance, at the rate of faults this address has shown, is too unlikely an explanation.

#include <cstdint>
#include <string>

namespace tlsgauge::peer {

/// How reliably an address has answered what it is known to answer.
class Reliability {
 public:
  void success() { ++successes_; }
  void fault(unsigned count = 1) { faults_ += count; }
  [[nodiscard]] std::uint64_t successes() const { return successes_; }
  [[nodiscard]] std::uint64_t faults() const { return faults_; }
  /// How likely the next connection fails by chance (Laplace's rule of succession).
  [[nodiscard]] double fault_rate() const;

 private:
  std::uint64_t successes_ = 0;
  std::uint64_t faults_ = 0;
};

enum class Sign : std::uint8_t {
  closed,   ///< in order, without an answer
  reset,    ///< torn down
  silent,   ///< nothing, or not enough, within the limit
  garbage,  ///< something that is no TLS, from a peer that has spoken TLS
};

[[nodiscard]] std::string describe(Sign sign);

/// What speaks against one question.
class Suspicion {
 public:
  // Of 160,000 simulated questions to a server that resets one connection in five, 1e-5 and at most 8 called 3 in 40,000 refused that were
  // served; with these values none was.
  static constexpr unsigned kMost = 10;
  static constexpr double kUnbelievable = 1e-6;

  enum class Verdict {
    ask_again,
    no,         ///< refused without a word
    undecided,  ///< too many failures of too many kinds, or the address fails too often to tell
  };

  /// A control hello succeeded after this sign.
  void charge(Sign sign);
  [[nodiscard]] unsigned charged() const { return charged_; }
  [[nodiscard]] Verdict verdict(Reliability const& reliability) const;
  /// "closed 4 times, while control hellos in between were answered"
  [[nodiscard]] std::string describe() const;

 private:
  [[nodiscard]] bool alike() const;

  unsigned charged_ = 0;
  unsigned signs_[4] = {};
};

}  // namespace tlsgauge::peer
