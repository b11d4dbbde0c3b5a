#include "report/joined_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

#include "base/utf8.hpp"
#include "report/identity.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kMaxPlace = 200;  // octets, in a warning

// What a scan counts as one target, once its name is resolved: as it is written, since one that was asked for twice is there twice.
auto as_counted(Target const& t) { return std::tie(t.host, t.port, t.address, t.server_name, t.transport, t.starttls); }

std::vector<std::size_t> all_of(std::size_t count) {
  std::vector<std::size_t> out(count);
  std::iota(out.begin(), out.end(), std::size_t{0});
  return out;
}

/// A command without what it was to write, which may be named by the day.
std::vector<std::string> without_outputs(std::vector<std::string> const& arguments) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string const& each = arguments[i];
    if (each == "--") {
      out.insert(out.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i), arguments.end());
      break;
    }
    bool const value_follows = each == "-o" || each == "--output" || each == "--evidence";
    bool const value_within =
        (each.starts_with("-o") && !value_follows) || each.starts_with("--output=") || each.starts_with("--evidence=");
    if (value_follows) ++i;
    if (!value_follows && !value_within) out.push_back(each);
  }
  return out;
}

enum class Standing { met, open, failed };

Standing standing(Endpoint const& endpoint) {
  Standing out = endpoint.status == Status::complete ? Standing::met : Standing::open;
  for (Assessment const& assessment : endpoint.assessments) {
    if (assessment.verdict != Verdict::pass) out = std::max(out, Standing::open);
    if (assessment.verdict == Verdict::fail) out = Standing::failed;
    for (Requirement const& each : assessment.requirements) {
      if (each.verdict == Verdict::fail) out = Standing::failed;
    }
  }
  return out;
}

}  // namespace

void JoinedRuns::add(Run const& run) {
  auto const number = [&](std::vector<std::string> const& arguments) {
    return arguments_.emplace(arguments, arguments_.size()).first->second;
  };
  std::size_t const arguments = number(run.arguments);
  auto const [at, is_new] = numbers_.emplace(std::pair{run.started_at, arguments}, runs_.size());
  if (is_new)
    runs_.push_back(
        {.command = number(without_outputs(run.arguments)), .started = parse_rfc3339(run.started_at), .finished = std::nullopt});
  Each& each = runs_[at->second];
  auto const finished = parse_rfc3339(run.finished_at);
  each.finished = std::max(each.finished, finished);
  each.last_line = lines_.size();
  each.targets = std::max(each.targets, run.targets);
  each.interrupted = each.interrupted || run.interrupted;
  lines_.push_back({.run = at->second, .finished = finished});
}

std::optional<JoinedRuns::When> JoinedRuns::when(Line const& line) const {
  auto const began = runs_[line.run].started;
  auto const started = began ? began : line.finished;
  if (!started) return std::nullopt;
  return When{*started, line.finished.value_or(*started)};
}

std::optional<JoinedRuns::When> JoinedRuns::when(Each const& run) {
  auto const started = run.started ? run.started : run.finished;
  if (!started) return std::nullopt;
  return When{*started, run.finished.value_or(*started)};
}

bool JoinedRuns::overlap(Each const& earlier, Each const& later) {
  return earlier.started && earlier.finished && later.started && later.finished && *later.started < *earlier.finished &&
         *earlier.started < *later.finished;
}

void JoinedRuns::settle(Document& document) {
  count_endpoints(document.endpoints);
  std::vector<std::size_t> order = all_of(lines_.size());
  put_in_order(order);
  std::vector<Role> const roles = assign_roles(document.endpoints, order);
  std::vector<Endpoint> out;
  out.reserve(order.size());
  std::set<std::string> moved;
  for (std::size_t const i : order) {
    if (roles[i] == Role::moved) {
      moved.insert(identity(document.endpoints[i].target));
    } else {
      out.push_back(std::move(document.endpoints[i]));
    }
  }
  document.endpoints = std::move(out);
  say_what_is_missing(document);
  if (moved.empty()) return;
  document.run.warnings.push_back(fmt::format("{} at another address than in an earlier run, of which nothing is kept there ({}{})",
                                              moved.size() == 1 ? "1 endpoint is" : fmt::format("{} endpoints are", moved.size()),
                                              cut_printable(*moved.begin(), kMaxPlace), moved.size() > 1 ? ", ..." : ""));
}

void JoinedRuns::count_endpoints(std::vector<Endpoint> const& endpoints) {
  std::vector<std::size_t> order = all_of(lines_.size());
  auto const key = [&](std::size_t i) { return std::tuple_cat(std::tie(lines_[i].run), as_counted(endpoints[i].target)); };
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || key(order[i - 1]) != key(order[i])) ++runs_[lines_[order[i]].run].endpoints;
  }
}

std::vector<JoinedRuns::Role> JoinedRuns::assign_roles(std::vector<Endpoint> const& endpoints, std::vector<std::size_t>& order) {
  std::vector<Role> roles(endpoints.size(), Role::counts);
  std::map<std::string, std::vector<std::size_t>> by_identity;  // places in `order`
  for (std::size_t place = 0; place < order.size(); ++place) by_identity[identity(endpoints[order[place]].target)].push_back(place);
  for (auto const& [who, places] : by_identity) {
    std::vector<std::size_t> lines;
    for (std::size_t const place : places) lines.push_back(order[place]);
    if (lines.size() > 1) assign_one(endpoints, lines, roles);
    for (std::size_t n = 0; n < lines.size(); ++n) {
      order[places[n]] = lines[n];
      if (roles[lines[n]] == Role::counts) runs_[lines_[lines[n]].run].counts = true;
    }
  }
  return roles;
}

void JoinedRuns::assign_one(std::vector<Endpoint> const& endpoints, std::vector<std::size_t>& lines, std::vector<Role>& roles) const {
  std::ranges::sort(lines);
  if (std::ranges::all_of(lines, [&](std::size_t i) { return when(lines_[i]).has_value(); })) {
    std::ranges::stable_sort(lines, {}, [&](std::size_t i) { return std::pair{*when(lines_[i]), standing(endpoints[i])}; });
  }
  std::vector<std::string> addresses;
  std::map<std::string, std::size_t> last;              // line, by address
  std::map<std::size_t, std::size_t> newest;            // run, by its command
  std::map<std::size_t, std::set<std::string>> of_run;  // addresses
  for (std::size_t const i : lines) {
    std::string const& address = addresses.emplace_back(canonical_host(endpoints[i].target.address));
    last[address] = i;
    if (address.empty()) continue;  // that it was not found once does not say where it is
    newest[runs_[lines_[i].run].command] = lines_[i].run;
    of_run[lines_[i].run].insert(address);
  }
  // A run that was cut short may not have come to the name's other addresses; one at the same time ran elsewhere, where the name has
  // another.
  auto const has_moved = [&](std::size_t line) {
    std::size_t const run = lines_[line].run;
    std::size_t const later = newest.at(runs_[run].command);
    return later != run && !overlap(runs_[run], runs_[later]) && (is_complete(runs_[later]) || of_run[run].size() == 1);
  };
  for (std::size_t n = 0; n < lines.size(); ++n) {
    std::size_t const i = lines[n];
    std::size_t const latest = addresses[n].empty() ? lines.back() : last.at(addresses[n]);
    if (!addresses[n].empty() && has_moved(latest)) {
      roles[i] = Role::moved;
    } else if (latest != i) {
      roles[i] = Role::superseded;
    }
  }
}

void JoinedRuns::say_what_is_missing(Document& document) const {
  struct Latest {
    std::optional<When> when;
    std::optional<std::size_t> undated;  // last line
  };
  std::map<std::size_t, Latest> ended;  // the last run of each command that ran to its end
  for (Each const& run : runs_) {
    if (!is_complete(run)) continue;
    Latest& latest = ended[run.command];
    latest.when = std::max(latest.when, when(run));
    latest.undated = std::max(latest.undated, std::optional{run.last_line});
  }
  auto const was_repeated = [&](Each const& run) {
    auto const found = ended.find(run.command);
    if (run.counts || found == ended.end()) return false;
    return when(run) ? found->second.when > when(run) : found->second.undated > std::optional{run.last_line};
  };
  std::uint64_t missing = 0;
  bool said = false;
  for (Each const& run : runs_) {
    said = said || run.targets > 0;
    if (is_complete(run) || was_repeated(run)) continue;
    document.run.interrupted = true;  // what was killed had no time to say so
    if (run.targets > run.endpoints) missing += run.targets - run.endpoints;
  }
  std::set<decltype(as_counted(Target{}))> different;
  for (Endpoint const& each : document.endpoints) different.insert(as_counted(each.target));
  document.run.targets = said ? different.size() + missing : 0;
}

void JoinedRuns::put_in_order(std::vector<std::size_t>& order) const {
  std::vector<std::optional<When>> times;
  times.reserve(lines_.size());
  for (Line const& line : lines_) times.push_back(when(line));
  if (!std::ranges::all_of(times, [](auto const& each) { return each.has_value(); })) return;
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return *times[i]; });
}

}  // namespace tlsgauge::report
