#include <array>
#include <utility>

#include "tlsgauge/result.hpp"

namespace tlsgauge {
namespace {

template <class E>
using Names = std::pair<E, std::string_view>;

constexpr std::array<Names<Status>, 4> kStatuses{
    {{Status::complete, "complete"}, {Status::partial, "partial"}, {Status::unreachable, "unreachable"}, {Status::not_tls, "not_tls"}}};
constexpr std::array<Names<Severity>, 5> kSeverities{{{Severity::info, "info"},
                                                      {Severity::low, "low"},
                                                      {Severity::medium, "medium"},
                                                      {Severity::high, "high"},
                                                      {Severity::critical, "critical"}}};
constexpr std::array<Names<Verdict>, 5> kVerdicts{{{Verdict::pass, "pass"},
                                                   {Verdict::fail, "fail"},
                                                   {Verdict::inconclusive, "inconclusive"},
                                                   {Verdict::waived, "waived"},
                                                   {Verdict::not_applicable, "not_applicable"}}};
constexpr std::array<Names<Baseline>, 2> kBaselines{{{Baseline::known, "known"}, {Baseline::added, "new"}}};
constexpr std::array<Names<Cause::Kind>, 4> kCauseKinds{{{Cause::Kind::member, "member"},
                                                         {Cause::Kind::value, "value"},
                                                         {Cause::Kind::amount, "amount"},
                                                         {Cause::Kind::time_left, "time_left"}}};

template <class Table, class E>
std::string_view name_in(Table const& table, E value) {
  for (auto const& [key, text] : table) {
    if (key == value) return text;
  }
  return "";
}

template <class E, class Table>
std::optional<E> value_in(Table const& table, std::string_view text) {
  for (auto const& [key, known] : table) {
    if (known == text) return key;
  }
  return std::nullopt;
}

}  // namespace

std::string_view name(Status status) { return name_in(kStatuses, status); }
std::string_view name(Severity severity) { return name_in(kSeverities, severity); }
std::string_view name(Verdict verdict) { return name_in(kVerdicts, verdict); }
std::string_view name(Baseline baseline) { return name_in(kBaselines, baseline); }
std::string_view name(Cause::Kind kind) { return name_in(kCauseKinds, kind); }
std::optional<Status> status_from(std::string_view text) { return value_in<Status>(kStatuses, text); }
std::optional<Severity> severity_from(std::string_view text) { return value_in<Severity>(kSeverities, text); }
std::optional<Verdict> verdict_from(std::string_view text) { return value_in<Verdict>(kVerdicts, text); }
std::optional<Baseline> baseline_from(std::string_view text) { return value_in<Baseline>(kBaselines, text); }
std::optional<Cause::Kind> cause_kind_from(std::string_view text) { return value_in<Cause::Kind>(kCauseKinds, text); }

}  // namespace tlsgauge
