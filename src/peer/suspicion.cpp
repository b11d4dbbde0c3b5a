#include "peer/suspicion.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace tlsgauge::peer {

double Reliability::fault_rate() const {
  return (static_cast<double>(faults_) + 1) / (static_cast<double>(successes_) + static_cast<double>(faults_) + 2);
}

std::string describe(Sign sign) {
  switch (sign) {
    case Sign::closed:
      return "closed without an answer";
    case Sign::reset:
      return "reset";
    case Sign::silent:
      return "no answer in time";
    case Sign::garbage:
      break;
  }
  return "an answer that is no TLS";
}

void Suspicion::charge(Sign sign) {
  ++charged_;
  ++signs_[static_cast<std::size_t>(sign)];
}

/// One kind only. Closing and resetting are one kind: which of them arrives depends on what the peer had still to read.
bool Suspicion::alike() const {
  unsigned const ended = signs_[0] + signs_[1];
  return ended == charged_ || std::find(std::begin(signs_), std::end(signs_), charged_) != std::end(signs_);
}

Suspicion::Verdict Suspicion::verdict(Reliability const& reliability) const {
  if (charged_ >= 2 && alike() && std::pow(reliability.fault_rate(), charged_) <= kUnbelievable) return Verdict::no;
  return charged_ >= kMost ? Verdict::undecided : Verdict::ask_again;
}

std::string Suspicion::describe() const {
  std::string text;
  for (std::size_t i = 0; i < std::size(signs_); ++i) {
    if (signs_[i] == 0) continue;
    if (!text.empty()) text += ", ";
    text += peer::describe(static_cast<Sign>(i)) + " (" + std::to_string(signs_[i]) + (signs_[i] == 1 ? " time)" : " times)");
  }
  return text + ", while control hellos in between were answered";
}

}  // namespace tlsgauge::peer
