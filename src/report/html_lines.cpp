#include "report/html_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
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

/// Suites in order, those of the same strength and reasons that follow each other together.
Value suite_lines(Value const& facts) {
  Value out = Value::array();
  for (Value const& order : facts["cipher_order"].items()) {
    std::string const& protocol = order["protocol"].as_string();
    Value runs = Value::array();
    std::string names;
    std::string said;
    auto const close = [&] {
      if (!names.empty()) {
        std::string const word = said.substr(0, said.find('\n'));
        runs.push_back(Value::object().set("suite_names", names).set("strength", word).set("reasons", said.substr(word.size() + 1)));
      }
      names.clear();
    };
    for (Value const& suite : facts["cipher_suites"].items()) {
      if (suite["protocol"].as_string() != protocol) continue;
      Rating const rating = rate(suite);
      std::string const now = fmt::format("{}\n{}", name(rating.strength), join(rating.reasons, ", "));
      if (now != said) close();
      said = now;
      names += (names.empty() ? "" : ", ") + suite["name"].as_string();
    }
    close();
    out.push_back(Value::object().set("suite_protocol", protocol).set("order", order_phrase(order)).set("suite_runs", std::move(runs)));
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

Value handshake_lines(Value const& list) {
  Value out = Value::array();
  for (Value const& each : list.items()) {
    std::string text;
    if (std::string const& why = each["inconclusive"].as_string(); !why.empty()) {
      text = "inconclusive: " + why;
    } else if (each["offered"].is_bool() && !each["offered"].as_bool()) {
      text = "not offered";
    } else {
      std::int64_t const trips = std::max<std::int64_t>(each["round_trips"].as_int(), 0);
      text = fmt::format("{}, {}", counted(static_cast<std::uint64_t>(trips), "round trip"), milliseconds(each["time_ms"].as_double()));
    }
    out.push_back(Value::object().set("kind", each["kind"].as_string()).set("handshake_text", text));
  }
  return out;
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
      .set("handshakes", handshake_lines(facts["handshakes"]))
      .set("has_handshakes", !facts["handshakes"].items().empty())
      .set("has_remarks", !remarks.items().empty())
      .set("remarks", std::move(remarks));
  add_chains(view, facts, run);
}

}  // namespace tlsgauge::report
