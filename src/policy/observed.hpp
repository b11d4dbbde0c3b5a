#pragma once
// What a fact turned out to be, with everything that is not known about it.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tlsgauge::policy {

/// One of a set: compared by `key`, shown as `label`.
struct Element {
  std::string key;    ///< protocol name, code as "0xC02F", or the text itself
  std::string label;  ///< as people read it
  std::uint32_t code = 0;
  friend bool operator==(Element const& a, Element const& b) { return a.key == b.key; }
};

/// The three values of a judgement, and "the question makes no sense here".
enum class Truth : std::uint8_t { yes, no, unknown, not_applicable };

struct Observed {
  enum class State : std::uint8_t {
    known,           ///< established, for a set as far as `complete` and `possible` say
    absent,          ///< looked for, and not there: an expectation of it is not met
    not_applicable,  ///< there is nothing that the question could be about
    unknown,         ///< not established; `reason` says why
  };
  /// A member that may or may not be in the set.
  struct Possible {
    Element element;
    std::string reason;
  };

  State state = State::unknown;
  std::string reason;  ///< of absent, not_applicable, unknown, or of what is incomplete

  std::vector<Element> elements;   ///< of a set: confirmed
  std::vector<Possible> possible;  ///< of a set: neither confirmed nor excluded
  /// Of a set: no more than `elements` and `possible`. Of a number: the very number, not only an upper bound of it.
  bool complete = true;
  /// Of a set: `elements` stand in the order in which the server prefers them; no: it has none, and `order_note` says why.
  Truth ordered = Truth::unknown;
  std::string order_note;

  double number = 0;
  std::string text;
  bool flag = false;
  std::string note;  ///< in words, for a sentence about the value: "expired on 2026-01-01T00:00:00Z"

  static Observed unknown(std::string why);
  static Observed absent(std::string why);
  static Observed not_applicable(std::string why);
  static Observed boolean(bool value, std::string note = {});
  static Observed of_number(double value, std::string note = {});
  static Observed of_text(std::string value, std::string note = {});
};

/// Upper bound of `Requirement::observed` in octets.
inline constexpr std::size_t kMaxObserved = 300;

/// At most `limit` octets, cut between characters, "..." where something was cut.
[[nodiscard]] std::string bounded(std::string_view text, std::size_t limit);
/// "A", "A and B", "A, B and C"; the last word may be "or". Longer than `limit` octets: "A, B and 17 more".
[[nodiscard]] std::string enumerate(std::vector<std::string> const& labels, std::string_view last = "and", std::size_t limit = 160);
/// Whether one of these two may have left something out of the text.
[[nodiscard]] bool is_cut(std::string_view text);
/// 2 instead of 2.0.
[[nodiscard]] std::string number_text(double number);

}  // namespace tlsgauge::policy
