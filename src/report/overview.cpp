#include "report/overview.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <tuple>

#include "audit/shown_certificates.hpp"
#include "base/text.hpp"
#include "report/finding_text.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

int rank(Verdict verdict) {
  switch (verdict) {
    case Verdict::fail:
      return 0;
    case Verdict::inconclusive:
      return 1;
    case Verdict::waived:
      return 2;
    case Verdict::pass:
    case Verdict::not_applicable:
      return 3;
  }
  return 3;
}

using Assessments = std::span<Assessment const>;

State state_of(Status status, Assessments assessments) {
  auto const is = [](Verdict verdict) { return [verdict](Assessment const& a) { return a.verdict == verdict; }; };
  if (std::ranges::any_of(assessments, is(Verdict::fail))) return State::fail;
  if (status == Status::unreachable) return State::unreachable;
  if (status == Status::not_tls) return State::not_tls;
  if (assessments.empty()) return State::not_judged;
  return std::ranges::all_of(assessments, is(Verdict::pass)) ? State::pass : State::inconclusive;
}

Requirement const* gravest(Assessment const& assessment) {
  for (Verdict const verdict : {Verdict::fail, Verdict::inconclusive, Verdict::waived}) {
    if (auto const list = of_verdict(assessment, verdict); !list.empty()) return list.front();
  }
  return nullptr;
}

/// Smaller is worse.
auto order(Assessment const& a) {
  Requirement const* const worst = gravest(a);
  return std::tuple{rank(a.verdict), worst == nullptr ? 3 : rank(worst->verdict), worst == nullptr ? 0 : -static_cast<int>(worst->severity),
                    a.score};
}

Glance look(Endpoint const& endpoint, Assessments assessments) {
  Glance out;
  out.endpoint = &endpoint;
  out.state = state_of(endpoint.status, assessments);
  out.open = out.state != State::pass;
  for (Assessment const& each : assessments) {
    if (out.assessment == nullptr || order(each) < order(*out.assessment)) out.assessment = &each;
    Requirement const* const worst = gravest(each);
    if (worst != nullptr && worst->verdict != Verdict::waived) out.open = true;
  }
  if (out.assessment != nullptr) out.requirement = gravest(*out.assessment);
  return out;
}

auto order(Glance const& g) {
  using Order = decltype(order(*g.assessment));
  return std::pair{g.state, g.assessment == nullptr ? Order{0, 0, 0, 0} : order(*g.assessment)};
}

}  // namespace

std::string_view name(State state) {
  switch (state) {
    case State::fail:
      return "fail";
    case State::unreachable:
      return "unreachable";
    case State::not_tls:
      return "no TLS";
    case State::inconclusive:
      return "inconclusive";
    case State::not_judged:
      return "not judged";
    case State::pass:
      return "pass";
  }
  return "";
}

Glance glance(Endpoint const& endpoint) { return look(endpoint, endpoint.assessments); }

Glance glance(Endpoint const& endpoint, Assessment const& assessment) { return look(endpoint, {&assessment, 1}); }

std::vector<Glance> overview(Document const& document) {
  std::vector<Glance> all;
  for (Endpoint const& endpoint : document.endpoints) all.push_back(glance(endpoint));
  std::ranges::stable_sort(all, [](Glance const& a, Glance const& b) { return order(a) < order(b); });
  return all;
}

std::string trouble(Endpoint const& endpoint) {
  if (endpoint.status == Status::complete) return "";
  std::string out = status_phrase(endpoint.status);
  if (endpoint.errors.empty()) return out;
  auto const& [where, what] = endpoint.errors.front();
  return out + ": " + (what.starts_with(where + ": ") ? what : where + ": " + what);
}

std::string worst(Glance const& glance) {
  bool const measured = glance.endpoint->status == Status::complete || glance.endpoint->status == Status::partial;
  bool const failed = glance.requirement != nullptr && glance.requirement->verdict == Verdict::fail;
  if (!failed && !measured) return trouble(*glance.endpoint);
  if (glance.requirement == nullptr) return trouble(*glance.endpoint);
  Requirement const& r = *glance.requirement;
  std::string out = r.title.empty() ? r.id : r.title;
  out = fmt::format("{}: {}", failed ? kNotMet : tlsgauge::name(r.verdict), out);
  if (!r.observed.empty()) out += ": " + r.observed;
  return out;
}

std::map<State, std::uint64_t> count(std::vector<Glance> const& glances) {
  std::map<State, std::uint64_t> out;
  for (Glance const& each : glances) ++out[each.state];
  return out;
}

std::string tally(std::vector<Glance> const& glances) {
  std::map<State, std::uint64_t> of = count(glances);
  std::vector<std::string> parts;
  for (State const state : {State::pass, State::fail, State::inconclusive, State::unreachable, State::not_tls, State::not_judged}) {
    if (of[state] > 0 || state == State::pass) parts.push_back(fmt::format("{} {}", of[state], name(state)));
  }
  return fmt::format("{}: {}", counted(glances.size(), "endpoint"), join(parts, ", "));
}

std::string allowances(Assessment const& assessment) {
  std::vector<std::string> parts{waivers_phrase(assessment), baseline_phrase(assessment)};
  std::erase(parts, "");
  return join(parts, ", ");
}

std::optional<std::int64_t> days_left(Endpoint const& endpoint) {
  std::optional<std::int64_t> least;
  for (Value const* const chain : audit::certificates_of(endpoint, endpoint.facts["certificates"])) {
    Value const& left = (*chain)["days_left"];
    if (left.is_int()) least = std::min(least.value_or(left.as_int()), left.as_int());
  }
  return least;
}

bool several_profiles(Document const& document) {
  ProfileIdentity const* first = nullptr;
  for (Endpoint const& endpoint : document.endpoints) {
    for (Assessment const& each : endpoint.assessments) {
      if (first == nullptr) first = &each.profile;
      if (first->name != each.profile.name || first->version != each.profile.version) return true;
    }
  }
  return false;
}

std::vector<Remedy> remedies(Document const& document, Verdict verdict) {
  std::vector<Remedy> out;
  std::map<std::string, std::size_t> known;
  for (std::size_t e = 0; e < document.endpoints.size(); ++e) {
    Endpoint const& endpoint = document.endpoints[e];
    if (verdict == Verdict::inconclusive && !measured(endpoint)) continue;
    for (std::size_t a = 0; a < endpoint.assessments.size(); ++a) {
      Assessment const& assessment = endpoint.assessments[a];
      for (std::size_t i = 0; i < assessment.requirements.size(); ++i) {
        Requirement const& r = assessment.requirements[i];
        if (r.verdict != verdict) continue;
        std::string key;  // each part with its length, so that no two keys are alike by their joints
        auto const add = [&key](std::string_view part) { key += fmt::format("{}:{}", part.size(), part); };
        for (std::string_view const part :
             {std::string_view{assessment.profile.name}, std::string_view{assessment.profile.version}, std::string_view{r.id},
              std::string_view{r.title}, std::string_view{r.expected}, tlsgauge::name(r.severity)})
          add(part);
        add(r.baseline ? tlsgauge::name(*r.baseline) : "");
        add(r.baseline ? tlsgauge::name(counted_verdict(r)) : "");
        for (Fix const& fix : r.fix) {
          add(fix.server);
          add(fix.text);
        }
        auto const [at, added] = known.emplace(std::move(key), out.size());
        if (added) out.push_back({&assessment.profile, &r, {}, {}});
        Remedy& remedy = out[at->second];
        remedy.at.push_back({e, a, i});
        if (remedy.endpoints.empty() || remedy.endpoints.back() != &endpoint) remedy.endpoints.push_back(&endpoint);
      }
    }
  }
  std::ranges::stable_sort(out, [](Remedy const& a, Remedy const& b) {
    auto const key = [](Remedy const& r) {
      return std::tuple{counted_verdict(*r.requirement) != Verdict::waived, r.requirement->baseline != Baseline::known,
                        r.requirement->severity, r.endpoints.size()};
    };
    return key(a) > key(b);
  });
  return out;
}

}  // namespace tlsgauge::report
