// For a comment on a pull request or a step summary, in GitHub's and GitLab's Markdown.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "report/finding_text.hpp"
#include "report/formats.hpp"
#include "report/markdown_text.hpp"
#include "report/overview.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

// GitHub refuses a comment of more than 65,536 characters and drops a step summary of more than 1,024 KiB. Octets are no fewer than
// characters, and the workflow may put words of its own around it.
constexpr std::size_t kMaxOctets = 60'000;
constexpr std::size_t kTableShare = 20'000;
constexpr std::size_t kListShare = 6'000;  // each: not established, not measured, waived, warnings
constexpr std::size_t kMaxRows = 100;
constexpr std::size_t kMaxPlaces = 8;
constexpr std::size_t kLineReserve = 200;  // for the line that says what was left out

std::string_view mark(State state) {
  switch (state) {
    case State::fail:
      return "\xE2\x9D\x8C";  // CROSS MARK
    case State::pass:
      return "\xE2\x9C\x85";  // WHITE HEAVY CHECK MARK
    case State::unreachable:
    case State::not_tls:
    case State::inconclusive:
    case State::not_judged:
      return "\xE2\x9A\xA0\xEF\xB8\x8F";  // WARNING SIGN
  }
  return "";
}

std::string headline(std::vector<Glance> const& glances, bool interrupted) {
  auto of = count(glances);
  std::uint64_t const total = glances.size();
  std::uint64_t const missing = total - of[State::fail] - of[State::pass];
  auto const line = [&](State state, std::string const& text) {
    return fmt::format("## {} TLS: {}{}\n\n", mark(state), interrupted ? "interrupted: " : "", text);
  };
  if (total == 0) return line(State::inconclusive, "no endpoint was measured");
  if (total == 1 && missing == 1) return line(State::inconclusive, "the endpoint could not be judged");
  if (interrupted && of[State::pass] == total)  // of the others nothing is known
    return line(State::inconclusive,
                total == 1 ? "the 1 endpoint that was finished passes" : fmt::format("the {} endpoints that were finished pass", total));
  if (total == 1) return of[State::fail] > 0 ? line(State::fail, "the endpoint fails") : line(State::pass, "the endpoint passes");
  if (of[State::fail] > 0) {
    std::string text = fmt::format("{} of {} {}", of[State::fail], counted(total, "endpoint"), of[State::fail] == 1 ? "fails" : "fail");
    if (missing > 0) text += fmt::format(", {} could not be judged", missing);
    return line(State::fail, text);
  }
  if (missing > 0) return line(State::inconclusive, fmt::format("{} of {} could not be judged", missing, counted(total, "endpoint")));
  return line(State::pass, fmt::format("all {} endpoints pass", total));
}

/// Lines one after another while there is room, then how many more there are.
std::string list(std::vector<std::string> const& lines, std::size_t share, std::string_view noun) {
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (out.size() + lines[i].size() + kLineReserve > share) {
      return out + fmt::format("- … and {} more {}\n", lines.size() - i, noun);
    }
    out += lines[i];
  }
  return out;
}

std::string section(std::string_view heading, std::string const& body) {
  return body.empty() ? "" : fmt::format("\n### {}\n\n{}", heading, body);
}

std::string where(Target const& target, bool in_table = false) {
  std::string out = code_span(place(target), in_table, 120);
  if (!target.server_name.empty() && target.server_name != target.host) out += " as " + code_span(target.server_name, in_table, 80);
  if (!target.starttls.empty()) out += " " + prose("STARTTLS " + target.starttls, 40);
  return out;
}

std::string expiry(Endpoint const& endpoint) {
  std::optional<std::int64_t> const left = days_left(endpoint);
  if (!left) return "";
  return *left < 0 ? "**" + days_short(*left) + "**" : days_short(*left);
}

/// Never to be overlooked beside a verdict.
std::string allowed(Assessment const& assessment) {
  std::string const text = allowances(assessment);
  return text.empty() ? "" : ", " + prose(text, 100);
}

struct Row {
  State state;
  std::string text;
};

/// A row for each assessment of the endpoint.
std::vector<Row> rows(Glance const& whole, bool with_profile) {
  Endpoint const& e = *whole.endpoint;
  std::vector<Row> out;
  auto const row = [&](State state, std::string const& more, std::string const& profile, std::string const& grade, std::string const& score,
                       std::string const& finding) {
    std::string text = fmt::format("| {} {}{} | {} |", mark(state), name(state), more, where(e.target, true));
    if (with_profile) text += fmt::format(" {} |", profile);
    out.push_back({state, text + fmt::format(" {} | {} | {} | {} |\n", grade, score, finding, expiry(e))});
  };
  if (e.assessments.empty()) row(whole.state, "", "", "", "", prose(worst(whole), 120));
  for (Assessment const& a : e.assessments) {
    Glance const of = glance(e, a);
    row(of.state, allowed(a), prose(a.profile.name + " " + a.profile.version, 60), prose(grade_text(a), 20), score_text(a),
        prose(worst(of), 120));
  }
  return out;
}

/// Of one endpoint with very many profiles: the worst, as many as there is room for, then how many more.
std::string first_rows(std::vector<Row> list, std::size_t room) {
  std::ranges::stable_sort(list, {}, &Row::state);
  std::string out;
  std::size_t shown = 0;
  for (; shown < std::min(list.size(), kMaxRows) && out.size() + list[shown].text.size() <= room; ++shown) out += list[shown].text;
  std::map<State, std::size_t> more;
  for (std::size_t i = shown; i < list.size(); ++i) ++more[list[i].state];
  std::vector<std::string> parts;
  for (auto const& [state, number] : more) parts.push_back(fmt::format("{} {}", number, name(state)));
  return out + fmt::format("\n… and {} of the first endpoint: {}\n", counted(list.size() - shown, "more profile"), join(parts, ", "));
}

std::string table(Document const& document, std::vector<Glance> const& glances) {
  if (glances.empty()) return "";
  bool const with_profile = several_profiles(document);
  std::string out = fmt::format("| Verdict | Endpoint |{} Grade | Score | Worst | Expires |\n|:--|:--|{}:-:|--:|:--|--:|\n",
                                with_profile ? " Profile |" : "", with_profile ? ":--|" : "");
  std::size_t count = 0;
  auto const rest = [&](std::size_t from) {
    if (from == glances.size()) return std::string{};
    return fmt::format("\n… and {}\n", tally({glances.begin() + static_cast<std::ptrdiff_t>(from), glances.end()}));
  };
  for (std::size_t i = 0; i < glances.size(); ++i) {
    std::string text;
    std::vector<Row> const list = rows(glances[i], with_profile);
    for (Row const& row : list) text += row.text;
    count += list.size();
    if (count > kMaxRows || out.size() + text.size() + kLineReserve > kTableShare) {
      return i > 0 ? out + rest(i) : out + first_rows(list, kTableShare - out.size() - kLineReserve) + rest(1);
    }
    out += text;
  }
  return out;
}

std::string places(std::vector<Endpoint const*> const& endpoints) {
  std::string out;
  for (std::size_t i = 0; i < std::min(endpoints.size(), kMaxPlaces); ++i) out += (i == 0 ? "" : ", ") + where(endpoints[i]->target);
  if (endpoints.size() > kMaxPlaces) out += fmt::format(" and {} more", endpoints.size() - kMaxPlaces);
  return out;
}

std::string title_of(Requirement const& r) { return prose(r.title.empty() ? r.id : r.title); }

/// "**critical** not met: Only TLS 1.2 and TLS 1.3, on 14 endpoints: `a:443`, `b:443` and 12 more".
std::string short_line(Remedy const& remedy) {
  Requirement const& r = *remedy.requirement;
  std::string_view const standing = r.baseline == Baseline::added ? "new" : baseline_phrase(r);
  std::string const number = remedy.endpoints.size() == 1 ? "" : fmt::format(" {}", counted(remedy.endpoints.size(), "endpoint"));
  return fmt::format("**{}** {}{}{}, on{}{} {}", name(r.severity), r.verdict == Verdict::fail ? fmt::format("{}: ", kNotMet) : "",
                     title_of(r), standing.empty() ? "" : fmt::format(" ({})", standing), number, number.empty() ? "" : ":",
                     places(remedy.endpoints));
}

/// References to RFCs as links: to one site alone, whatever a profile says. Other addresses are there to copy.
std::string references(Requirement const& r) {
  constexpr std::string_view kSite = "https://www.rfc-editor.org/rfc/";
  std::vector<std::string> parts;
  for (std::string const& each : r.references) {
    Reference const reference = take_apart(each);
    bool const plain = reference.url.starts_with(kSite) && reference.url.find_first_of("()[]&#?") == std::string::npos;
    std::string const text = prose(reference.text, 120);
    if (plain) {
      parts.push_back(fmt::format("[{}](<{}>)", text, reference.url));
    } else {
      parts.push_back(reference.url.empty() ? text : text + " " + code_span(reference.url));
    }
  }
  return parts.empty() ? "" : "See " + join(parts, "; ") + "\n\n";
}

std::string details(Remedy const& remedy) {
  Requirement const& r = *remedy.requirement;
  std::string out = fmt::format("<details><summary>{}</summary>\n\n", r.fix.empty() ? "Why" : "Fix");
  if (!r.observed.empty())
    out += fmt::format("Observed{}: {}\n\n", remedy.endpoints.size() > 1 ? " at the first" : "", prose(r.observed, 600));
  if (!r.expected.empty()) out += fmt::format("Expected: {}\n\n", prose(r.expected, 600));
  if (!r.why.empty()) out += prose(r.why, 1000) + "\n\n";
  for (Fix const& fix : r.fix) out += fmt::format("In {}:\n\n{}\n", prose(fix.server, 40), code_block(fix.text, fix.server));
  return out + references(r) + "</details>\n\n";
}

/// All remedies by a line, then as many details as there is room for, the gravest first.
std::string fix_first(std::vector<Remedy> const& all, std::size_t room) {
  std::vector<std::string> lines;
  std::size_t used = 2 * kLineReserve;
  for (Remedy const& remedy : all) {
    std::string line = fmt::format("{}\\. {}\n\n", lines.size() + 1, short_line(remedy));
    if (used + line.size() > room) break;
    used += line.size();
    lines.push_back(std::move(line));
  }
  std::string out;
  std::size_t bare = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += lines[i];
    std::string const more = details(all[i]);
    if (used + more.size() <= room) {
      out += more;
      used += more.size();
    } else {
      ++bare;
    }
  }
  if (all.size() > lines.size()) out += fmt::format("… and {} more. ", all.size() - lines.size());
  if (bare > 0 || all.size() > lines.size()) out += "Cut to fit a comment: the other formats have the rest in full.\n";
  return out;
}

std::string not_established(Document const& document) {
  std::vector<std::string> lines;
  for (Remedy const& each : remedies(document, Verdict::inconclusive)) {
    std::string const& observed = each.requirement->observed;
    lines.push_back(fmt::format("- {}{}\n", short_line(each), observed.empty() ? "" : ": " + prose(observed, 200)));
  }
  return list(lines, kListShare, "requirements");
}

std::string not_measured(std::vector<Glance> const& glances) {
  std::vector<std::string> lines;
  for (Glance const& each : glances) {
    if (each.endpoint->status == Status::complete && each.state != State::not_judged) continue;
    std::string const why = trouble(*each.endpoint);
    lines.push_back(fmt::format("- {}: {}\n", where(each.endpoint->target), why.empty() ? "not judged" : prose(why, 200)));
  }
  return list(lines, kListShare, "endpoints");
}

std::string waivers(Document const& document) {
  std::vector<std::string> lines;
  for (Finding const& each : findings(document, {Verdict::waived})) {
    lines.push_back(fmt::format("- {}: **{}** {}: {}\n", where(each.endpoint->target), name(each.requirement->severity),
                                title_of(*each.requirement), prose(waiver_phrase(*each.requirement))));
  }
  return list(lines, kListShare, "findings");
}

std::string warnings(Run const& run) {
  std::vector<std::string> lines;
  if (run.interrupted) lines.emplace_back("- The run was interrupted: what was finished before is here.\n");
  for (std::string const& each : run.warnings) lines.push_back(fmt::format("- warning: {}\n", prose(each)));
  return list(lines, kListShare, "warnings");
}

}  // namespace

std::string write_markdown(Document const& document, ReportOptions const& /*options*/) {
  std::vector<Glance> const glances = overview(document);
  std::string const head =
      headline(glances, document.run.interrupted) + (glances.size() < 2 ? "" : tally(glances) + "\n\n") + table(document, glances);
  std::string const tail =
      section("Could not be established", not_established(document)) + section("Not measured in full", not_measured(glances)) +
      section("Waived", waivers(document)) + section("About the run", warnings(document.run)) +
      fmt::format("\n{}, {}\n", prose(document.tool.name + " " + document.tool.version, 60), code_span(document.run.started_at, false, 40));
  std::size_t const used = head.size() + tail.size() + kLineReserve;
  return head + section("Fix first", fix_first(remedies(document, Verdict::fail), kMaxOctets - std::min(used, kMaxOctets))) + tail;
}

}  // namespace tlsgauge::report
