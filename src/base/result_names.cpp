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
std::optional<Status> status_from(std::string_view text) { return value_in<Status>(kStatuses, text); }
std::optional<Severity> severity_from(std::string_view text) { return value_in<Severity>(kSeverities, text); }
std::optional<Verdict> verdict_from(std::string_view text) { return value_in<Verdict>(kVerdicts, text); }

}  // namespace tlsgauge
