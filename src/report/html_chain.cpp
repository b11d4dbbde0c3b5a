#include "report/html_chain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "report/gauges.hpp"
#include "report/text_trust.hpp"
#include "report/tones.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kLargest = 64;  // chains with more certificates are no tree but a list
constexpr std::size_t kDeepest = 7;   // beyond it a tree is drawn flat; the style knows as many steps

std::string date(std::string const& moment) { return moment.substr(0, std::min<std::size_t>(10, moment.find('T'))); }

/// The moment that the chain was judged at: the run's, unless the days that are left tell of another (option --at).
std::optional<Moment> judged_at(Value const& chain, Run const& run) {
  std::optional<Moment> const started = parse_rfc3339(run.started_at);
  Value const& days_left = chain["days_left"];
  if (!days_left.is_int() || chain["chain"].items().empty()) return started;
  std::optional<Moment> const end = parse_rfc3339(chain["chain"].items().front()["not_after"].as_string());
  if (!end || std::abs(days_left.as_double()) > 4e6) return started;
  Moment const at = *end - std::chrono::days{days_left.as_int()} - std::chrono::hours{12};
  return started && std::chrono::abs(*started - at) < std::chrono::days{2} ? started : at;
}

std::string key_of(Value const& certificate) {
  Value const& key = certificate["key"];
  std::string text = fmt::format("{} {} bits", key["type"].as_string(), key["bits"].as_int());
  if (std::string const& curve = key["curve"].as_string(); !curve.empty()) text += " " + curve;
  return text;
}

Value certificate_view(Value const& certificate, std::optional<Moment> at, std::size_t number) {
  Value view = Value::object();
  view.set("number", std::to_string(number)).set("fingerprint", certificate["sha256"].as_string());
  if (certificate["unparsable"].as_bool()) return view.set("unparsable", true);
  std::optional<Moment> const begin = parse_rfc3339(certificate["not_before"].as_string());
  std::optional<Moment> const end = parse_rfc3339(certificate["not_after"].as_string());
  bool const known = begin && end && at;
  bool const current = known && *begin <= *at && *at <= *end;
  std::vector<std::string> names;
  for (Value const& each : certificate["subject_alt_names"].items()) names.push_back(each.as_string());
  std::string const& subject = certificate["subject"].as_string();
  return view.set("unparsable", false)
      .set("subject", subject.empty() ? "(empty subject)" : subject)
      .set("issuer", certificate["self_issued"].as_bool() ? "itself" : certificate["issuer"].as_string())
      .set("begin", date(certificate["not_before"].as_string()))
      .set("end", date(certificate["not_after"].as_string()))
      .set("validity_tone", !known    ? "off"
                            : current ? "good"
                                      : "bad")
      .set("svg_validity", known ? draw_validity(*begin, *end, *at) : std::string{})
      .set("certificate_days", known ? days(std::chrono::floor<std::chrono::days>(*end - *at).count()) : std::string{})
      .set("key", key_of(certificate))
      .set("signature", certificate["signature_algorithm"].as_string())
      .set("serial", certificate["serial"].as_string())
      .set("names", join(names, ", "));
}

/// The certificates from the top down: who issued whom, by names alone, as far as that is sent. What was sent twice or belongs to
/// no path stands at the top again, so that every certificate is shown once.
class Tree {
 public:
  Tree(Value const& chain, std::optional<Moment> at) : sent_(chain["chain"].items()), at_(at), shown_(sent_.size()) {
    bool const trusted = chain["verification"]["trusted"].as_bool();
    for (std::size_t i = 0; sent_.size() > kLargest && i < sent_.size(); ++i) add_flat(i);
    for (std::size_t i = 0; i < sent_.size(); ++i) {
      if (!shown_[i] && !issuer_of(i)) add_top(i, trusted);
    }
    for (std::size_t i = 0; i < sent_.size(); ++i) {
      if (!shown_[i]) add_top(i, trusted);  // they issued each other
    }
  }
  [[nodiscard]] Value take() { return std::move(list_); }

 private:
  [[nodiscard]] bool issued(std::size_t issuer, std::size_t subject) const {
    Value const& above = sent_[issuer];
    Value const& below = sent_[subject];
    return issuer != subject && !below["self_issued"].as_bool() && !above["unparsable"].as_bool() && !below["unparsable"].as_bool() &&
           above["subject"].as_string() == below["issuer"].as_string() && above["sha256"].as_string() != below["sha256"].as_string();
  }
  [[nodiscard]] bool issuer_of(std::size_t subject) const {
    for (std::size_t i = 0; i < sent_.size(); ++i) {
      if (issued(i, subject)) return true;
    }
    return false;
  }
  void add_top(std::size_t i, bool trusted) {
    Value const& certificate = sent_[i];
    std::size_t depth = 0;
    if (!certificate["unparsable"].as_bool() && !certificate["self_issued"].as_bool() && !certificate["issuer"].as_string().empty()) {
      list_.push_back(Value::object()
                          .set("not_sent", certificate["issuer"].as_string())
                          .set("not_sent_note", trusted ? "not sent; the store has it" : "not sent")
                          .set("depth", "0"));
      depth = 1;
    }
    add(i, depth);
  }
  void add_flat(std::size_t i, std::size_t depth = 0) {
    shown_[i] = true;
    list_.push_back(certificate_view(sent_[i], at_, i + 1)
                        .set("depth", std::to_string(std::min(depth, kDeepest)))
                        .set("is_leaf", i == 0)
                        .set("not_sent", ""));
  }
  void add(std::size_t i, std::size_t depth) {
    add_flat(i, depth);
    for (std::size_t j = 0; j < sent_.size(); ++j) {
      if (!shown_[j] && issued(i, j)) add(j, depth + 1);
    }
  }

  Value::Array const& sent_;
  std::optional<Moment> at_;
  std::vector<bool> shown_;
  Value list_ = Value::array();
};

Value chain_view(Value const& chain, Run const& run) {
  Value const& shown = chain["shown_for"];
  std::string title = shown["protocol"].as_string();
  for (Value const& also : shown["also"].items()) title += ", " + also.as_string();
  if (std::string const& kind = shown["authentication"].as_string(); !kind.empty()) title += " \u00b7 " + kind;
  title += shown["sni"].is_string() ? " \u00b7 for " + shown["sni"].as_string() : " \u00b7 without a name";
  Value view = Value::object();
  view.set("chain_title", title).set("chain_inconclusive", chain["inconclusive"].as_string());
  if (!chain["inconclusive"].as_string().empty()) return view.set("read", false);
  std::optional<Moment> const at = judged_at(chain, run);
  Value more = Value::array();
  for (TrustLine const& line : trust_lines(chain)) {
    more.push_back(Value::object().set("more_label", line.label).set("more_text", line.text).set("more_tone", class_of(line.tone)));
  }
  std::string const making = shape_faults(chain["shape"]);
  if (!making.empty()) more.push_back(Value::object().set("more_label", "shape").set("more_text", making).set("more_tone", "fair"));
  std::size_t place = 0;
  for (Value const& each : chain["chain"].items()) {
    ++place;
    std::string const weak = key_faults(each["key"]);
    if (weak.empty()) continue;
    more.push_back(
        Value::object().set("more_label", fmt::format("weak key of certificate {}", place)).set("more_text", weak).set("more_tone", "bad"));
  }
  Value const& hostname = chain["hostname"];
  bool const matches = hostname["matches"].as_bool();
  view.set("read", true)
      .set("trust", trust_view(chain["verification"]))
      .set("trust_more", std::move(more))
      .set("name_text", fmt::format("{} {}", matches ? "For" : "Not for", hostname["reference"].as_string()))
      .set("name_reason", hostname["reason"].as_string())
      .set("name_tone", matches ? "good" : "bad")
      .set("stapled", chain["ocsp_stapled"].as_bool() ? "OCSP response stapled" : "No OCSP response stapled")
      .set("certificates", Tree{chain, at}.take());
  return view;
}

}  // namespace

Value trust_view(Value const& verification) {
  Value out = Value::object();
  if (verification["trusted"].as_bool()) {
    return out.set("trust", "Trusted by the store: " + verification["store"].as_string()).set("trust_tone", "good").set("trust_detail", "");
  }
  if (verification["inconclusive"].is_string()) {
    return out.set("trust", "Trust is inconclusive: " + verification["inconclusive"].as_string())
        .set("trust_tone", "fair")
        .set("trust_detail", "");
  }
  std::vector<std::string> faults;
  for (Value const& word : verification["errors"].items()) faults.push_back(trust_phrase(word.as_string()));
  if (faults.empty()) faults.push_back(trust_phrase(verification["error"].as_string()));
  return out.set("trust", "Not trusted: " + join(faults, ", "))
      .set("trust_tone", "bad")
      .set("trust_detail", verification["detail"].as_string());
}

void add_chains(Value& view, Value const& facts, Run const& run) {
  Value chains = Value::array();
  Value others = Value::array();
  for (Value const& chain : facts["certificates"].items()) {
    if (!is_for_others(chain)) {
      chains.push_back(chain_view(chain, run));
      continue;
    }
    TrustLine const line = others_line(chain, facts["certificates"]);
    others.push_back(Value::object().set("others_label", line.label).set("others_text", line.text));
  }
  view.set("chains", std::move(chains)).set("others", std::move(others)).set("has_chains", !facts["certificates"].items().empty());
}

}  // namespace tlsgauge::report
