// Facts about where a certificate chain leads, and for how long a public CA may vouch.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "policy/readers.hpp"

namespace tlsgauge::policy {
namespace {

constexpr std::size_t kMaxDetail = 160;

/// What certificate.path_errors leaves to requirements of their own.
constexpr std::array<std::string_view, 5> kNamedElsewhere = {"self_signed", "name_constraints", "wrong_purpose", "weak_key",
                                                             "weak_signature"};

bool ends_open(std::string_view word) { return word == "incomplete_chain" || word == "untrusted_root"; }

std::string how_repaired(Value const& repair, Value const& verification) {
  std::string const detail = bounded(verification["detail"].as_string(), kMaxDetail);
  if (!repair.is_object()) return detail;
  std::string const url =
      repair["fetched"].items().empty() ? "" : bounded(repair["fetched"].items().front()["url"].as_string(), kMaxDetail);
  if (repair["trusted"].as_bool()) {
    return fmt::format("with the one from {} the chain is trusted, so clients that fetch it succeed (browsers) and others fail (curl)",
                       url);
  }
  if (!url.empty()) return "even with the one from " + url + " the chain is not trusted";
  if (repair["failed"].items().empty()) return detail;
  Value const& failure = repair["failed"].items().front();
  return fmt::format("it cannot be had from {}: {}", bounded(failure["url"].as_string(), kMaxDetail),
                     bounded(failure["reason"].as_string(), 80));
}

}  // namespace

Observed read_chain_complete(Subject const& subject, wire::ProtocolVersion) {
  Section const verification = certificate_part(subject, "verification");
  if (!verification.value) return verification.missing;
  if (!(*verification.value)["trusted"].is_bool()) return Observed::unknown("the chain was not verified");
  bool const missing = (*verification.value)["issuer_missing"].as_bool();
  Observed out = Observed::boolean(!missing);
  if (missing) out.note = how_repaired((*subject.certificate)["repair"], *verification.value);
  return out;
}

Observed read_path_errors(Subject const& subject, wire::ProtocolVersion version) {
  Observed out = read_trust_errors(subject, version);
  if (out.state != Observed::State::known) return out;
  Value const& certificate = *subject.certificate;
  std::erase_if(out.elements, [](Element const& each) { return std::ranges::find(kNamedElsewhere, each.key) != kNamedElsewhere.end(); });
  if (certificate["verification"]["issuer_missing"].as_bool()) {
    std::erase_if(out.elements, [](Element const& each) { return ends_open(each.key); });
    Value const& repair = certificate["repair"];
    std::string const error = bounded(repair["error"].as_string(), 60);
    if (!repair["complete"].as_bool() || !repair["trusted"].is_bool()) {
      make_incomplete(out, "whether the completed chain is trusted is not known");
    } else if (!repair["trusted"].as_bool()) {
      // Requirements of their own see what was said of the chain as sent, not what came with the fetched part.
      auto const said = [&error](Value const& word) { return word.as_string() == error; };
      bool const known = std::ranges::any_of(certificate["verification"]["errors"].items(), said) && !ends_open(error);
      std::string const word = error.empty() ? "other" : error;
      if (!known) out.elements.push_back({.key = word, .label = word, .code = 0});
      if (known) make_incomplete(out, "the completed chain is not trusted, and of its faults only one is known: " + error);
    }
  }
  return out;
}

Observed read_publicly_trusted(Subject const& subject, wire::ProtocolVersion) {
  Value const& certificate = *subject.certificate;
  if (certificate.find("inconclusive")) return certificate_part(subject, "lifetime").missing;
  Value const& lifetime = certificate["lifetime"];
  if (!lifetime.is_object()) return Observed::not_applicable("whether a public CA vouches for it was not looked at");
  Value const& found = lifetime["publicly_trusted"];
  return found.is_bool() ? Observed::boolean(found.as_bool()) : Observed::unknown("the chain lacks an issuer that could not be had");
}

Observed read_lifetime_within_limit(Subject const& subject, wire::ProtocolVersion version) {
  Observed const trusted = read_publicly_trusted(subject, version);
  if (trusted.state != Observed::State::known) return trusted;
  if (!trusted.flag) return Observed::not_applicable("no public CA vouches for it, so its lifetime is its owner's choice");
  Value const& lifetime = (*subject.certificate)["lifetime"];
  if (!lifetime["within_limit"].is_bool()) return Observed::unknown("not established");
  std::string note;
  if (lifetime["limit_days"].is_int()) {
    note = fmt::format("{} days begun, {} allowed", lifetime["days"].as_int(), lifetime["limit_days"].as_int());
  }
  return Observed::boolean(lifetime["within_limit"].as_bool(), note);
}

}  // namespace tlsgauge::policy
