#pragma once
// Phrases that the reports for people share. What comes from an endpoint is returned as it is: each writer makes it safe.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// "www.example.com:443", "[2001:db8::1]:25".
[[nodiscard]] std::string place(Target const& target);
/// How it was reached, where that is not clear from the place: "as www.example.com, at 192.0.2.1, after STARTTLS (smtp)".
[[nodiscard]] std::string manner(Target const& target);

/// The name that was sent where it is not the host; else empty.
[[nodiscard]] std::string sent_name(Target const& target);
/// "nginx-recommended 2026.11".
[[nodiscard]] std::string profile_name(ProfileIdentity const& profile);

/// "312 B", "3.2 kB", "1.5 MB".
[[nodiscard]] std::string octets(std::int64_t count);
/// "0.25 ms", "48.2 ms", "131 ms", "1.30 s".
[[nodiscard]] std::string milliseconds(double ms);
/// A stored time in milliseconds. Empty, so not known: no number, or one that no handshake takes (negative, not finite, more than a day).
[[nodiscard]] std::optional<double> known_ms(Value const& stored);
/// Of a certificate's days left, which are rounded down: "76 days left", "expires within a day", "expired less than a day ago" (-1),
/// "expired 12 days ago" (-13).
[[nodiscard]] std::string days(std::int64_t left);
/// The same for a column: "76 d", "0 d ago" (-1), "12 d ago" (-13).
[[nodiscard]] std::string days_short(std::int64_t left);
/// "1 connection", "3 connections".
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view noun);

/// The words of facts.certificates[].verification.error as a sentence's end: "is self-signed".
[[nodiscard]] std::string trust_phrase(std::string_view word);
/// The words of facts.cipher_order[].chooser: "the server chooses".
[[nodiscard]] std::string chooser_phrase(std::string_view word);
/// An item of facts.cipher_order, or facts.group_order: "the server chooses; there may be more than listed (timed out)".
[[nodiscard]] std::string order_phrase(Value const& order);
[[nodiscard]] std::string status_phrase(Status status);

/// Before the title of what failed: it is named by what it should be, and without this word reads as if it were so.
inline constexpr std::string_view kNotMet = "not met";
/// Of run.interrupted, where there is no sentence around it.
inline constexpr std::string_view kInterrupted = "the run was interrupted: what it had not finished is missing";

/// The requirements of that verdict, the gravest first, then the dearest in points.
[[nodiscard]] std::vector<Requirement const*> of_verdict(Assessment const& assessment, Verdict verdict);

/// The requirement's waiver: "W-1, expires 2027-01-31: a reason (approved by security, SEC-1234)"; empty where there is none.
[[nodiscard]] std::string waiver_phrase(Requirement const& requirement);
/// "21", "F"; "-" where nothing was judged: 0 and F would be a judgement.
[[nodiscard]] std::string score_text(Assessment const& assessment);
[[nodiscard]] std::string grade_text(Assessment const& assessment);
/// What waivers did to an endpoint under a profile: "2 waived (100 A+ with waivers), 1 waiver expired"; empty where there was none.
[[nodiscard]] std::string waivers_phrase(Assessment const& assessment);
/// What a baseline said of what failed: "2 known from the baseline (1 may fail for more now), 1 new"; empty where there was none.
[[nodiscard]] std::string baseline_phrase(Assessment const& assessment);
/// "protocols 100 (30 %), suites 50 (70 %)"; of suites with a letter each "suites: 12 A, 2 C". Empty: the score has no parts.
[[nodiscard]] std::string parts_phrase(Assessment const& assessment);
/// Parts that only tell something: neither weighed nor graded.
[[nodiscard]] std::vector<ScorePart const*> notes_of(Assessment const& assessment);
/// "at most B", or "T" for the letters of SSL Labs that override others.
[[nodiscard]] std::string cap_phrase(GradeCap const& cap);

/// A reference such as "RFC 8996 https://..." taken apart; `url` is empty unless it is plain http or https.
struct Reference {
  std::string text;
  std::string url;
};
[[nodiscard]] Reference take_apart(std::string_view reference);

/// Safe as the target of a link: http or https, printable ASCII, no blanks, quotes or angle brackets.
[[nodiscard]] bool is_web_address(std::string_view text);

}  // namespace tlsgauge::report
