#include "cli/judging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/grade.hpp"
#include "base/text.hpp"
#include "policy/conclude.hpp"
#include "policy/possible.hpp"
#include "policy/server_config/promise.hpp"

namespace tlsgauge::cli {
namespace {

std::string first_of(std::string const& option, std::string const& of_profile, std::string const& otherwise) {
  return !option.empty() ? option : !of_profile.empty() ? of_profile : otherwise;
}

// The command line's word, else the profile's.
Gate gate_for(Profile const& profile, JudgeOptions const& options) {
  GateDefaults const& own = profile.gate();
  Gate gate = parse_gate(first_of(options.fail_on, own.fail_on, "medium"));
  gate.min_score = options.min_score ? options.min_score : own.min_score;
  gate.min_grade = first_of(options.min_grade, own.min_grade, "");
  gate.tolerant = first_of(options.on_inconclusive, own.on_inconclusive, "fail") == "warn";
  if (!gate.min_grade.empty() && !grade_rank(profile, gate.min_grade)) {
    throw UsageError(fmt::format("--min-grade: '{}' is no grade of {}; its grades are {}", printable(gate.min_grade),
                                 profile.identity().name, printable(join(grades(profile), ", "))));
  }
  return gate;
}

// Score and grade are of profiles that somebody chose: what a file promises is kept or not.
Gate gate_for_drift(JudgeOptions const& options) {
  Gate gate = parse_gate(first_of(options.fail_on, "", "medium"));
  gate.tolerant = options.on_inconclusive == "warn";
  return gate;
}

// Whether what is not known may keep the grade down as much as what fails the gate.
bool hides_faults(Assessment const& assessment, Severity fail_on) {
  auto const grave = [&](GradeCap const& cap) {
    auto const severity = severity_of_grade(cap.grade);
    return cap.reason.starts_with("inconclusive: ") && severity && *severity >= fail_on;
  };
  return std::ranges::any_of(assessment.caps, grave) || std::ranges::any_of(assessment.parts, &ScorePart::open);
}

}  // namespace

Moment moment_of(std::string const& at) {
  if (at.empty()) return now();
  auto const moment = parse_rfc3339(at);
  if (!moment) throw UsageError(fmt::format("--at: '{}' is no RFC 3339 time such as 2027-01-31T00:00:00Z", printable(at)));
  return *moment;
}

Judges::Judges(JudgeOptions const& options)
    : waivers_(load_waivers(options.waivers)), now_(moment_of(options.at)), expected_(options.expected) {
  bool const drift = !expected_.file.empty();
  if (!drift && !(expected_.server + expected_.server_version + expected_.openssl_version).empty()) {
    throw UsageError("--server, --server-version and --openssl-version say how --expect-config is read, which is not there");
  }
  std::vector<std::string> names = options.profiles;
  if (names.empty() && !drift) names.emplace_back("nginx-recommended");
  for (std::string const& name : names) {
    Profile profile = load_profile(name);
    Gate gate = gate_for(profile, options);
    bars_.push_back({std::move(profile), std::move(gate)});
  }
  if (drift) expect_config(options);
  if (options.baseline.empty()) return;
  // A waiver of today says nothing of what failed then.
  Waivers const waivers = std::exchange(waivers_, Waivers{});
  auto const judge_anew = [&](Endpoint const& endpoint) {
    Endpoint copy = endpoint;
    assess(copy);
    return copy.assessments;
  };
  baseline_.emplace(options.baseline, judge_anew, [&](Endpoint const& endpoint, std::size_t nth) -> std::optional<Standing> {
    Profile const* const profile = profile_of(endpoint, nth);
    return profile == nullptr ? std::nullopt : policy::best_possible(*profile, endpoint);
  });
  waivers_ = waivers;
}

void Judges::expect_config(JudgeOptions const& options) {
  file_ = read_server_file(expected_);
  expect_startable(*file_, expected_.file);
  if (file_->config.hosts.empty()) throw UsageError(fmt::format("{}: no host there serves TLS", printable(expected_.file)));
  for (policy::VirtualHost const& host : file_->config.hosts) {
    std::string const promised = promised_profile(host, expected_, *file_);
    promises_.push_back(promised.empty() ? std::nullopt : std::optional{parse_profile(promised, expected_.file)});
  }
  // Which host's promise is judged is the endpoint's name's to say.
  bars_.push_back({promises_.front().value_or(Profile{}), gate_for_drift(options)});
}

void Judges::assess(Endpoint& endpoint) const {
  endpoint.assessments.clear();
  for (Bar const& bar : bars_) {
    bool const drift = file_ && &bar == &bars_.back();
    endpoint.assessments.push_back(drift ? assess_drift(endpoint, bar.gate) : assess_by(bar.profile, endpoint, bar.gate));
  }
  if (baseline_) baseline_->mark(endpoint);
}

Assessment Judges::assess_by(Profile const& profile, Endpoint const& endpoint, Gate const& gate) const {
  Assessment assessment = evaluate(profile, endpoint, gate.fail_on);
  apply(waivers_, profile, endpoint, assessment, gate.fail_on, now_);
  return assessment;
}

Profile const* Judges::promise_of(Endpoint const& endpoint, std::string& why) const {
  std::string const& name = endpoint.target.server_name.empty() ? endpoint.target.host : endpoint.target.server_name;
  policy::HostChoice const choice = policy::choose_host(file_->config, name, endpoint.target.port, endpoint.target.address);
  why = choice.note;
  if (choice.host == nullptr) return nullptr;
  auto const& promise = promises_.at(static_cast<std::size_t>(choice.host - file_->config.hosts.data()));
  if (promise) return &*promise;
  why = fmt::format("{} leaves all to defaults that are not known", choice.host->label);
  return nullptr;
}

Assessment Judges::assess_drift(Endpoint& endpoint, Gate const& gate) const {
  std::string const& name = endpoint.target.server_name.empty() ? endpoint.target.host : endpoint.target.server_name;
  std::string why;
  if (Profile const* const promise = promise_of(endpoint, why)) return assess_by(*promise, endpoint, gate);
  Assessment none;
  none.profile = {.name = "promised", .version = "1", .source = expected_.file};
  none.verdict = Verdict::inconclusive;
  none.grade = "F";
  none.coverage = 0;
  std::string const what = fmt::format("{} promises nothing of {}: {}", expected_.file, name, why);
  auto const told = [&](ErrorNote const& error) { return error.where == "expect-config" && error.what == what; };
  if (std::ranges::none_of(endpoint.errors, told)) endpoint.errors.push_back({.where = "expect-config", .what = what});
  return none;
}

Run Judges::run_of(Endpoint const& endpoint, Run run) const {
  run.warnings = waiver_warnings(waivers_, {endpoint}, now_, true);
  return run;
}

void Judges::assess(Document& document) const {
  for (Endpoint& endpoint : document.endpoints) assess(endpoint);
  document.run.warnings = waiver_warnings(waivers_, document.endpoints, now_);
  if (!baseline_) return;
  for (std::string& warning : baseline_->warnings(document.endpoints)) document.run.warnings.push_back(std::move(warning));
}

Profile const* Judges::profile_of(Endpoint const& endpoint, std::size_t nth) const {
  std::string why;
  bool const drift = file_ && nth + 1 == bars_.size();
  return drift ? promise_of(endpoint, why) : &bars_.at(nth).profile;
}

Assessment Judges::without_known_of(Endpoint const& endpoint, std::size_t nth) const {
  Assessment const& judged = endpoint.assessments.at(nth);
  Profile const* const profile = profile_of(endpoint, nth);
  if (profile == nullptr) return judged;
  Gate const& gate = bars_.at(nth).gate;
  bool const knows_grade = baseline_->knows_grade(*profile, endpoint, nth);
  bool const open = judged.coverage < 100;
  // Score and grade that are too low for what is not known, whatever is.
  bool const short_of_evidence = knows_grade && open && shortfall(endpoint, judged, bars_.at(nth));
  // Said of what is waived in truth: a known requirement accounts for no grade that is new.
  Verdict by_grade = policy::verdict_of_grade(*profile, endpoint, judged, gate.fail_on);
  if (knows_grade && by_grade == Verdict::fail)
    by_grade = open && hides_faults(judged, gate.fail_on) ? Verdict::inconclusive : Verdict::pass;
  if (short_of_evidence) by_grade = Verdict::inconclusive;
  Assessment out = without_known(judged);
  policy::conclude(*profile, endpoint, out, gate.fail_on, by_grade);
  if (knows_grade && (!open || short_of_evidence)) out.with_waivers = {.score = 100, .grade = grades(*profile).front()};
  return out;
}

GateWord Judges::gate_word() const {
  return [this](Endpoint const& endpoint, std::size_t nth) -> GateRuling {
    Bar const& bar = bars_.at(nth);
    if (!baseline_) return {.lacks = shortfall(endpoint, endpoint.assessments.at(nth), bar)};
    Assessment counted = without_known_of(endpoint, nth);
    std::optional<Shortfall> lacks = shortfall(endpoint, counted, bar);
    return {.lacks = std::move(lacks), .beside_baseline = std::move(counted)};
  };
}

int Judges::code_for(Document document) const {
  for (Endpoint& endpoint : document.endpoints) {
    if (!baseline_) continue;
    std::vector<Assessment> counted;
    for (std::size_t i = 0; i < endpoint.assessments.size(); ++i) counted.push_back(without_known_of(endpoint, i));
    endpoint.assessments = std::move(counted);
  }
  Outcome const outcome = judge(document, bars_);
  say_warnings(document.run.warnings);
  say_warnings(outcome.warnings);
  if (outcome.code != kMeets) say_why(outcome.reason);
  return outcome.code;
}

}  // namespace tlsgauge::cli
