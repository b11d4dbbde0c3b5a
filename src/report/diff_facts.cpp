#include "report/diff_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "report/identity.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kMaxText = 65536;  // of certificates shown for one question

using Texts = std::map<std::string, std::string>;
/// Members of a set by the protocol that they were seen with.
using Sets = std::map<std::string, std::set<std::string>>;

/// Members of a list by the text of one of their keys, the first of each. Lists may be long and hostile: looked up once for each entry.
using Index = std::map<std::string_view, Value const*>;

Index index_by(Value const& list, std::string_view key) {
  Index out;
  for (Value const& item : list.items()) out.emplace(item[key].as_string(), &item);
  return out;
}

/// What one result says of protocols.
struct Protocols {
  explicit Protocols(Value const& facts)
      : groups_complete(facts["group_order"]["complete"].as_bool()),
        named(index_by(facts["protocols"], "name")),
        orders(index_by(facts["cipher_order"], "protocol")) {}

  [[nodiscard]] std::string_view support(std::string_view protocol) const {
    auto const found = named.find(protocol);
    return found == named.end() ? std::string_view{} : (*found->second)["support"].as_string();
  }
  /// Whether all that there is of it is listed.
  [[nodiscard]] bool whole(std::string_view fact, std::string_view protocol) const {
    if (support(protocol) == "no") return true;
    if (fact == "groups") return groups_complete;
    auto const order = orders.find(protocol);
    return order != orders.end() && (*order->second)["complete"].as_bool();
  }

  bool groups_complete;
  Index named;
  Index orders;
};

Sets sets_of(Value const& facts, std::string_view fact) {
  Sets out;
  for (Value const& item : facts[fact].items()) {
    std::string const& name = item["name"].as_string();
    out[item["protocol"].as_string()].insert(name.empty() ? item["code"].as_string() : name);
  }
  return out;
}

void compare_sets(Value const& before, Value const& now, std::string_view fact, std::vector<FactChange>& out) {
  if (!before[fact].is_array() || !now[fact].is_array()) return;
  Protocols const was{before};
  Protocols const is{now};
  Sets old_sets = sets_of(before, fact);
  Sets new_sets = sets_of(now, fact);
  std::set<std::string> protocols;
  for (auto const& [protocol, members] : old_sets) protocols.insert(protocol);
  for (auto const& [protocol, members] : new_sets) protocols.insert(protocol);
  for (std::string const& protocol : protocols) {
    // That a protocol came or went is said already.
    if (was.support(protocol) != is.support(protocol)) continue;
    std::set<std::string> const& had = old_sets[protocol];
    std::set<std::string> const& has = new_sets[protocol];
    bool const all_before = was.whole(fact, protocol);
    bool const all_now = is.whole(fact, protocol);
    for (std::string const& member : has) {
      if (all_before && !had.contains(member)) out.push_back({std::string{fact}, protocol, std::nullopt, member});
    }
    for (std::string const& member : had) {
      if (all_now && !has.contains(member)) out.push_back({std::string{fact}, protocol, member, std::nullopt});
    }
  }
}

void compare_protocols(Value const& before, Value const& now, std::vector<FactChange>& out) {
  auto const established = [](std::string_view support) { return !support.empty() && support != "inconclusive"; };
  Protocols const earlier{before};
  for (Value const& item : now["protocols"].items()) {
    std::string const& protocol = item["name"].as_string();
    std::string const was{earlier.support(protocol)};
    std::string const& is = item["support"].as_string();
    if (established(was) && established(is) && was != is) out.push_back({"protocols", protocol, was, is});
  }
}

std::optional<std::string> chooser(Value const& order) {
  if (order["chooser"].as_string().empty() || order["chooser"].as_string() == "inconclusive") return std::nullopt;
  return order["chooser"].as_string() + (order["prioritizes_chacha"].as_bool() ? ", ChaCha20 first for clients that put it first" : "");
}

void compare_chooser(Value const& before, Value const& now, std::string_view fact, std::string const& item, std::vector<FactChange>& out) {
  auto was = chooser(before);
  auto is = chooser(now);
  if (was && is && was != is) out.push_back({std::string{fact}, item, std::move(was), std::move(is)});
}

void compare_orders(Value const& before, Value const& now, std::vector<FactChange>& out) {
  Index const earlier = index_by(before["cipher_order"], "protocol");
  for (Value const& order : now["cipher_order"].items()) {
    std::string const& protocol = order["protocol"].as_string();
    if (auto const was = earlier.find(protocol); was != earlier.end()) compare_chooser(*was->second, order, "cipher_order", protocol, out);
  }
  compare_chooser(before["group_order"], now["group_order"], "group_order", "", out);
}

/// The end entity's certificates, by whom they are shown to.
Texts certificates(Value const& facts) {
  Texts out;
  for (Value const& shown : facts["certificates"].items()) {
    if (shown["chain"].items().empty()) continue;
    Value const& leaf = shown["chain"].items().front();
    std::string item = shown["shown_for"]["authentication"].as_string();
    if (std::string const& sni = shown["shown_for"]["sni"].as_string(); !sni.empty()) item += " for " + canonical_host(sni);
    std::string text = fmt::format("{}, issued by {}, until {}, sha256 {}", leaf["subject"].as_string(), leaf["issuer"].as_string(),
                                   leaf["not_after"].as_string(), leaf["sha256"].as_string());
    std::string& of = out[item];
    if (of.size() < kMaxText && of.find(text) == std::string::npos) of += (of.empty() ? "" : "; and ") + text;
  }
  return out;
}

// `all_seen`: neither result is partial, where a certificate that was not shown may merely not have been asked for.
void compare_certificates(Value const& before, Value const& now, bool all_seen, std::vector<FactChange>& out) {
  if (!before["certificates"].is_array() || !now["certificates"].is_array()) return;
  Texts const was = certificates(before);
  Texts const is = certificates(now);
  if (was.empty() || is.empty()) return;  // none was seen, which says nothing of those there are
  for (auto const& [item, text] : is) {
    auto const old = was.find(item);
    if (old == was.end()) {
      if (all_seen) out.push_back({"certificates", item, std::nullopt, text});
    } else if (old->second != text) {
      out.push_back({"certificates", item, old->second, text});
    }
  }
  for (auto const& [item, text] : was) {
    if (all_seen && !is.contains(item)) out.push_back({"certificates", item, text, std::nullopt});
  }
}

void compare_hsts(Value const& before, Value const& now, std::vector<FactChange>& out) {
  Value const& was = before["http"]["hsts"];
  Value const& is = now["http"]["hsts"];
  if (!was["present"].is_bool() || !is["present"].is_bool()) return;
  auto const raw = [](Value const& hsts) { return hsts["present"].as_bool() ? std::optional{hsts["raw"].as_string()} : std::nullopt; };
  if (raw(was) != raw(is)) out.push_back({"http.hsts", "", raw(was), raw(is)});
}

}  // namespace

std::vector<FactChange> fact_changes(Endpoint const& before, Endpoint const& now) {
  std::vector<FactChange> out;
  bool const all_seen = before.status == Status::complete && now.status == Status::complete;
  compare_protocols(before.facts, now.facts, out);
  compare_sets(before.facts, now.facts, "cipher_suites", out);
  compare_orders(before.facts, now.facts, out);
  compare_sets(before.facts, now.facts, "groups", out);
  compare_certificates(before.facts, now.facts, all_seen, out);
  compare_hsts(before.facts, now.facts, out);
  return out;
}

}  // namespace tlsgauge::report
