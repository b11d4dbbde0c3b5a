// Annotations of a GitHub workflow: commands that its runner reads from standard output (actions/runner, ActionCommand.cs). The runner
// takes "##[" for a command wherever it stands in a line that is not one itself, so every line here is a command. It keeps ten errors,
// ten warnings and ten notices of a step.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "report/finding_text.hpp"
#include "report/formats.hpp"
#include "report/overview.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kShown = 10;
constexpr std::size_t kGaps = 3;  // of the ten errors
constexpr std::size_t kGapNames = 20;
constexpr std::size_t kMessage = 1000;  // octets
constexpr std::size_t kTitle = 200;

std::string escaped_data(std::string_view text) {
  std::string out;
  for (char const c : printable(text)) c == '%' ? out += "%25" : out += c;
  return out;
}

std::string escaped_property(std::string_view text) {
  std::string out;
  for (char const c : escaped_data(text)) c == ':' ? out += "%3A" : c == ',' ? out += "%2C" : out += c;
  return out;
}

class Annotations {
 public:
  explicit Annotations(ReportOptions const& options) : options_(options) {}

  void add(std::string_view command, Target const* target, std::string_view title, std::string_view text) {
    std::size_t& count = command == "error" ? errors_ : command == "warning" ? warnings_ : notices_;
    // The last notice is the summary.
    if (++count > kShown - (command == "notice" ? 1U : 0U)) return;
    std::string properties;
    if (target != nullptr && !target->list_file.empty()) {
      SourcePlace const where = source_place(*target, options_.base);
      properties = fmt::format("file={},line={},", escaped_property(where.path), where.line);
    }
    properties += "title=" + escaped_property(cut_printable(title, kTitle));
    out_ += fmt::format("::{} {}::{}\n", command, properties, escaped_data(cut_printable(text, kMessage)));
  }

  std::string finish(std::string summary) && {
    std::string more;
    auto const tell = [&](std::size_t count, std::size_t shown, std::string_view noun) {
      if (count > shown) more += fmt::format("{}{}", more.empty() ? "" : ", ", counted(count - shown, noun));
    };
    tell(errors_, kShown, "more error");
    tell(warnings_, kShown, "more warning");
    tell(notices_, kShown - 1, "more notice");
    if (!more.empty()) summary += fmt::format("; and {}", more);
    return std::move(out_) + fmt::format("::notice title=tlsgauge::{}\n", escaped_data(summary));
  }

 private:
  ReportOptions const& options_;
  std::string out_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
  std::size_t notices_ = 0;
};

/// Few enough that the gravest findings are shown beside them.
void add_gaps(Annotations& out, std::vector<Gap> const& gaps) {
  std::size_t const single = gaps.size() <= kGaps ? gaps.size() : kGaps - 1;
  auto const target = [](Gap const& gap) { return gap.endpoint == nullptr ? nullptr : &gap.endpoint->target; };
  auto const title = [](Gap const& gap) { return fmt::format("not {}", gap.lacks); };
  for (std::size_t i = 0; i < single; ++i) out.add("error", target(gaps[i]), title(gaps[i]), gaps[i].text);
  if (single == gaps.size()) return;
  std::vector<std::string> places;
  for (std::size_t i = single; i < gaps.size() && places.size() < kGapNames; ++i) places.push_back(place(gaps[i].endpoint->target));
  std::vector<Gap> const rest{gaps.begin() + static_cast<std::ptrdiff_t>(single), gaps.end()};
  bool const alike = std::ranges::all_of(rest, [&](Gap const& gap) { return gap.lacks == rest.front().lacks; });
  std::string const what = alike ? title(rest.front()) : "not measured or not judged";
  std::string const text = fmt::format("{} were {}: {}", counted(rest.size(), "more endpoint"), what, join(places, ", "));
  out.add("error", target(rest.front()), what, rest.size() > kGapNames ? text + ", ..." : text);
}

}  // namespace

std::string write_github(Document const& document, ReportOptions const& options) {
  Annotations out{options};
  add_gaps(out, gaps(document));
  std::vector<Finding> all = findings(document, {Verdict::fail, Verdict::inconclusive, Verdict::waived}, options.fail_on, options.gate);
  std::ranges::stable_sort(all, [](Finding const& a, Finding const& b) { return a.requirement->severity > b.requirement->severity; });
  for (Finding const& finding : all) {
    Requirement const& requirement = *finding.requirement;
    if (requirement.verdict == Verdict::inconclusive && !measured(*finding.endpoint)) continue;  // said once, above
    bool const known = requirement.baseline == Baseline::known;
    bool const grave = finding.decides || (options.fail_on && requirement.severity >= *options.fail_on && !known);
    std::string_view const command = requirement.verdict == Verdict::waived          ? "notice"
                                     : requirement.verdict == Verdict::fail && grave ? "error"
                                                                                     : "warning";
    std::string text = message(finding);
    if (known) text += fmt::format("; {}", baseline_phrase(requirement));
    if (requirement.verdict == Verdict::waived) text += "; waiver " + waiver_phrase(requirement);
    out.add(command, &finding.endpoint->target, rule_id(*finding.assessment, requirement), text);
  }
  return std::move(out).finish(tally(overview(document)));
}

}  // namespace tlsgauge::report
