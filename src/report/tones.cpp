#include "report/tones.hpp"

namespace tlsgauge::report {

Tone tone_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return Tone::good;
    case Verdict::fail:
      return Tone::bad;
    case Verdict::inconclusive:
      return Tone::fair;
    case Verdict::waived:
    case Verdict::not_applicable:
      return Tone::dim;
  }
  return Tone::plain;
}

Tone tone_of(Severity severity) {
  if (severity >= Severity::high) return Tone::bad;
  return severity == Severity::medium ? Tone::fair : Tone::plain;
}

// Whatever is not known looks like neither.
Tone tone_of(State state) { return state == State::pass ? Tone::good : state == State::fail ? Tone::bad : Tone::fair; }

Tone tone_of(Change change) {
  switch (change) {
    case Change::worse:
      return Tone::bad;
    case Change::better:
      return Tone::good;
    case Change::unknown:
    case Change::added:
      return Tone::fair;
    case Change::changed:
      return Tone::plain;
    case Change::gone:
    case Change::same:
      break;
  }
  return Tone::dim;
}

std::string class_of(Tone tone) {
  switch (tone) {
    case Tone::good:
      return "good";
    case Tone::fair:
      return "fair";
    case Tone::bad:
      return "bad";
    case Tone::plain:
    case Tone::bold:
    case Tone::dim:
      break;
  }
  return "off";
}

}  // namespace tlsgauge::report
