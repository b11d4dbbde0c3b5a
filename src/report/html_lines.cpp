#include "report/html_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "report/html_chain.hpp"
#include "report/html_facts.hpp"
#include "report/html_sheets.hpp"
#include "report/strength.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kNames = 4;  // of a run of suites that is longer
constexpr std::size_t kRuns = 6;   // of a version

/// Suites that follow each other with the same strength for the same reasons: "A, B, C and 4 more".
struct SuiteRun {
  std::string strength;
  std::string reasons;
  std::vector<std::string> names;
};

std::vector<SuiteRun> runs_of(Value const& facts, std::string const& protocol) {
  std::vector<SuiteRun> runs;
  for (Value const& suite : facts["cipher_suites"].items()) {
    if (suite["protocol"].as_string() != protocol) continue;
    Rating const rating = rate(suite);
    std::string const reasons = join(rating.reasons, ", ");
    if (runs.empty() || runs.back().strength != name(rating.strength) || runs.back().reasons != reasons) {
      runs.push_back({std::string{name(rating.strength)}, reasons, {}});
    }
    runs.back().names.push_back(suite["name"].as_string());
  }
  return runs;
}

Value suite_lines(Value const& facts) {
  Value out = Value::array();
  for (Value const& order : facts["cipher_order"].items()) {
    std::string const& protocol = order["protocol"].as_string();
    Value shown = Value::array();
    std::size_t hidden = 0;
    for (SuiteRun& run : runs_of(facts, protocol)) {
      if (shown.items().size() == kRuns) {
        hidden += run.names.size();
        continue;
      }
      std::size_t const more = run.names.size() > kNames ? run.names.size() - kNames : 0;
      if (more > 0) run.names.resize(kNames);
      shown.push_back(Value::object()
                          .set("suite_names", join(run.names, ", ") + (more > 0 ? fmt::format(" and {} more", more) : std::string{}))
                          .set("strength", run.strength)
                          .set("reasons", run.reasons));
    }
    out.push_back(Value::object()
                      .set("suite_protocol", protocol)
                      .set("order", order_phrase(order))
                      .set("suite_runs", std::move(shown))
                      .set("suites_hidden", hidden > 0 ? fmt::format("and {} more suites", hidden) : std::string{}));
  }
  return out;
}

std::string group_line(Value const& facts) {
  std::vector<std::string> names;
  for (Value const& group : facts["groups"].items()) {
    names.push_back(group["name"].as_string() + (group["post_quantum"].as_bool() ? " (post-quantum)" : ""));
  }
  return join(names, ", ");
}

std::string handshake_line(Value const& list) {
  std::vector<std::string> parts;
  for (Value const& each : list.items()) {
    std::string text;
    if (std::string const& why = each["inconclusive"].as_string(); !why.empty()) {
      text = "inconclusive: " + why;
    } else if (each["offered"].is_bool() && !each["offered"].as_bool()) {
      text = "not offered";
    } else {
      std::int64_t const trips = std::max<std::int64_t>(each["round_trips"].as_int(), 0);
      std::optional<double> const time = known_ms(each["time_ms"]);
      text = fmt::format("{}, {}", counted(static_cast<std::uint64_t>(trips), "round trip"), time ? milliseconds(*time) : "time not known");
    }
    parts.push_back(fmt::format("{} {}", each["kind"].as_string(), text));
  }
  return join(parts, "; ");
}

/// Rows that carry the mark of bad news.
Value bad_rows(Value const& facts) {
  Value out = Value::array();
  auto const add = [&](std::string_view card, std::string_view label, Value const& said) {
    if (said["row_tone"].as_string() != kBadRow) return;
    std::string text = fmt::format("{}: ", card);
    if (!label.empty()) text += fmt::format("{}: ", label);
    out.push_back(Value::object().set("remark", text + said["row_text"].as_string()));
  };
  auto const go_through = [&](std::string_view card, Value const& blocks) {
    for (Value const& block : blocks.items()) {
      for (Value const& line : block["lines"].items()) add(card, "", line);
      for (Value const& row : block["rows"].items()) {
        for (Value const& text : row["texts"].items()) add(card, row["row_label"].as_string(), text);
      }
    }
  };
  go_through("Key exchange", key_exchange_blocks(facts));
  Value const cards = fact_cards(facts);
  for (Value const& card : cards.items()) go_through(card["card_title"].as_string(), card["blocks"]);
  return out;
}

}  // namespace

void add_fact_lines(Value& view, Value const& facts, Run const& run) {
  Value remarks = bad_rows(facts);
  std::string const groups = group_line(facts);
  view.set("protocols", protocols_view(facts))
      .set("has_protocols", !facts["protocols"].items().empty())
      .set("suite_lines", suite_lines(facts))
      .set("group_line", groups)
      .set("http", http_view(facts["http"]))
      .set("handshake_line", handshake_line(facts["handshakes"]))
      .set("has_remarks", !remarks.items().empty())
      .set("remarks", std::move(remarks));
  add_chains(view, facts, run);
}

}  // namespace tlsgauge::report
