// Facts about the revocation of a chain that was shown: by what the server staples, and by what its CAs say.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "policy/readers.hpp"

namespace tlsgauge::policy {
namespace {

constexpr std::size_t kMaxDetail = 160;

std::string const& leaf_of(Value const& certificate) {
  static std::string const none;
  Value::Array const& chain = certificate["chain"].items();
  return chain.empty() ? none : chain.front()["sha256"].as_string();
}

/// Of two sums in hexadecimal digits; an empty one is like none.
bool same_sum(Value const& a, Value const& b) { return !a.as_string().empty() && ascii_lower(a.as_string()) == ascii_lower(b.as_string()); }

Value const* entry_of(Value const& list, std::string const& sha256) {
  for (Value const& entry : list.items()) {
    if (same_sum(entry["sha256"], Value{sha256})) return &entry;
  }
  return nullptr;
}

/// Whether the entry is of a certificate above this end entity. What was sent counts too where the entry does not say (older documents).
bool stands_above(Value const& entry, std::string const& leaf, Value const& chain) {
  if (entry.find("leaves")) {
    return std::ranges::any_of(entry["leaves"].items(), [&](Value const& each) { return same_sum(each, Value{leaf}); });
  }
  return std::ranges::any_of(chain.items(), [&](Value const& each) { return same_sum(each["sha256"], entry["sha256"]); });
}

bool is_settled(std::string_view status) { return status == "good" || status == "none_needed" || status == "no_source"; }

/// A CA above the certificate of which it stayed open whether it is revoked.
Observed read_above(Value const& list, std::string const& leaf, Value const& chain) {
  for (Value const& entry : list.items()) {
    if (same_sum(entry["sha256"], Value{leaf}) || !stands_above(entry, leaf, chain)) continue;
    std::string const& status = entry["status"].as_string();
    if (!is_settled(status) && status != "not_checked") {
      return Observed::unknown("of a CA above it: " + bounded(entry["why"].as_string(), kMaxDetail));
    }
  }
  return Observed::absent("");
}

/// What was stapled says so, whether or not the CAs were asked.
bool stapled_as_revoked(Value const& certificate) {
  return std::ranges::any_of(certificate["revocation"]["staples"].items(), [&](Value const& staple) {
    return staple["status"].as_string() == "revoked" && staple["error"].is_null() && !staple.find("inconclusive") &&
           same_sum(staple["certificate"], Value{leaf_of(certificate)});
  });
}

Observed read_revocation(Subject const& subject, wire::ProtocolVersion) {
  Value const& certificate = *subject.certificate;
  if (certificate.find("inconclusive")) return Observed::unknown(reason_of(certificate, "the certificate could not be read"));
  if (leaf_of(certificate).empty()) return Observed::unknown("the certificate was not read");
  if (stapled_as_revoked(certificate)) return Observed::of_text("revoked", "by the stapled OCSP response");
  if (!subject.endpoint->facts.find("revocation")) {
    Section const missing = section(*subject.endpoint, "revocation");
    return missing.missing.reason == "not asked" ? Observed::not_applicable("revocation was not asked about") : missing.missing;
  }
  Value const& list = subject.endpoint->facts["revocation"];
  std::string const& sha256 = leaf_of(certificate);
  Value const& chain = certificate["chain"];
  auto const sent = [&](Value const& entry) {
    return std::ranges::find_if(chain.items(), [&](Value const& each) { return same_sum(each["sha256"], entry["sha256"]); });
  };
  for (Value const& entry : list.items()) {
    auto const at = sent(entry);
    if (entry["status"].as_string() != "revoked" || (at == chain.items().end() && !stands_above(entry, sha256, chain))) continue;
    std::string reason;
    for (Value const& source : entry["sources"].items()) {
      if (source["status"].as_string() == "revoked") reason = source["reason"].as_string();
    }
    std::string const who = at == chain.items().end() ? "a CA above it" : bounded((*at)["subject"].as_string(), kMaxDetail);
    return Observed::of_text("revoked", who + (reason.empty() ? std::string{} : ", " + bounded(reason, 40)));
  }
  Value const* const leaf = entry_of(list, sha256);
  if (leaf == nullptr) return Observed::unknown("the certificate was not asked about");
  std::string const& status = (*leaf)["status"].as_string();
  std::string const why = bounded((*leaf)["why"].as_string(), kMaxDetail);
  if (status == "not_checked") return Observed::not_applicable("not checked: " + why);
  if (is_settled(status)) {
    Observed const above = read_above(list, sha256, chain);
    return above.state == Observed::State::unknown ? above : Observed::of_text(status, why);
  }
  return Observed::unknown(why.empty() ? "not established" : why);
}

/// The part that `certificates` fills in; nullptr: `missing`.
Section staples_of(Subject const& subject) {
  Value const& certificate = *subject.certificate;
  if (certificate.find("inconclusive")) {
    return {.value = nullptr, .missing = Observed::unknown(reason_of(certificate, "the certificate could not be read"))};
  }
  if (!certificate.find("revocation")) return {.value = nullptr, .missing = Observed::unknown("staples were not looked at")};
  Value const& found = certificate["revocation"];
  if (!found["must_staple"].is_bool()) return {.value = nullptr, .missing = Observed::not_applicable("staples were not looked at")};
  return {.value = &found, .missing = {}};
}

Observed read_must_staple_unmet(Subject const& subject, wire::ProtocolVersion) {
  Section const found = staples_of(subject);
  if (!found.value) return found.missing;
  if (!(*found.value)["must_staple"].as_bool()) return Observed::boolean(false, "no staple is demanded");
  if (!(*found.value)["staples"].is_array()) return Observed::unknown("the staples were not read");
  bool any = false;
  for (Value const& staple : (*found.value)["staples"].items()) {
    if (!same_sum(staple["certificate"], Value{leaf_of(*subject.certificate)})) continue;
    if (staple.find("inconclusive")) return Observed::unknown(reason_of(staple, "the staple could not be judged"));
    if (staple["status"].as_string() == "good" && staple["error"].is_null()) return Observed::boolean(false);
    any = true;
  }
  return Observed::boolean(true, any ? "the staple is not valid" : "there is no staple");
}

Observed read_staple_errors(Subject const& subject, wire::ProtocolVersion) {
  Section const found = staples_of(subject);
  if (!found.value) return found.missing;
  if (!(*found.value)["staples"].is_array()) return Observed::unknown("the staples were not read");
  Observed out;
  out.state = Observed::State::known;
  for (Value const& staple : (*found.value)["staples"].items()) {
    if (staple.find("inconclusive")) {
      out.complete = false;
      out.reason = reason_of(staple, "a staple could not be judged");
      continue;
    }
    std::string word = bounded(staple["error"].as_string(), 60);
    std::string const& status = staple["status"].as_string();
    if (word.empty() && status.empty()) make_incomplete(out, "the status in a staple was not read");
    // One that says "revoked" is in order; what it says is certificate.revocation's business.
    if (word.empty() && status != "good" && status != "revoked") word = bounded(status, 60);
    if (!word.empty()) out.elements.push_back({.key = word, .label = word, .code = 0});
  }
  return out;
}

}  // namespace

void add_revocation_facts(std::vector<FactSpec>& all) {
  all.push_back({.name = "certificate.revocation",
                 .type = Type::text,
                 .scope = Scope::certificate,
                 .sentence = "what the CAs say of the certificate and of those above it, by OCSP, CRL and staple",
                 .noun = "revocation status",
                 .read = read_revocation,
                 .words = {"good", "revoked", "none_needed", "no_source"}});
  all.push_back({.name = "certificate.must_staple_unmet",
                 .type = Type::boolean,
                 .scope = Scope::certificate,
                 .sentence = "the certificate demands a staple (RFC 7633), and the server has no valid one",
                 .noun = "must-staple",
                 .read = read_must_staple_unmet,
                 .affirmed = "the certificate demands a valid OCSP staple, and none was shown",
                 .denied = "no staple that is demanded is missing"});
  all.push_back(
      {.name = "certificate.staple_errors",
       .type = Type::texts,
       .scope = Scope::certificate,
       .sentence = "what is wrong with the stapled OCSP responses: stale, wrong_certificate, bad_signature, malformed, revoked, unknown...",
       .noun = "faults of the staple",
       .read = read_staple_errors,
       .verb = "found"});
}

}  // namespace tlsgauge::policy
