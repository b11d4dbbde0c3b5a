// Facts about one certificate chain that was shown.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/clock.hpp"
#include "policy/readers.hpp"

namespace tlsgauge::policy {
namespace {

constexpr std::size_t kMaxDetail = 160;

constexpr std::string_view kNotListed = "the faults of the chain were not listed";

bool is_date_error(std::string_view word) { return word == "expired" || word == "not_yet_valid"; }

/// A member of the certificate, or why there is none.
Section part(Subject const& subject, std::string_view key) {
  Value const& certificate = *subject.certificate;
  if (certificate.find("inconclusive")) {
    return {.value = nullptr, .missing = Observed::unknown(reason_of(certificate, "the certificate could not be read"))};
  }
  Value const* const found = certificate.find(key);
  if (!found || found->is_null()) return {.value = nullptr, .missing = Observed::unknown("not established")};
  if (found->find("inconclusive")) return {.value = nullptr, .missing = Observed::unknown(reason_of(*found, "not established"))};
  return {.value = found, .missing = {}};
}

/// The end entity certificate, when it could be parsed.
Section leaf(Subject const& subject) {
  Section const chain = part(subject, "chain");
  if (!chain.value) return chain;
  if (chain.value->items().empty()) return {.value = nullptr, .missing = Observed::unknown("the chain is empty")};
  Value const& first = chain.value->items().front();
  if (first["unparsable"].as_bool()) return {.value = nullptr, .missing = Observed::unknown("the certificate cannot be parsed")};
  return {.value = &first, .missing = {}};
}

struct Faults {
  bool known = false;
  Observed missing;
  bool trusted = false;
  bool all = true;  ///< `words` are all there are
  std::vector<std::string> words;
  std::string detail;

  [[nodiscard]] bool has(std::string_view word) const { return std::ranges::find(words, word) != words.end(); }
};

Faults faults(Subject const& subject) {
  Faults out;
  Section const verification = part(subject, "verification");
  out.missing = verification.missing;
  if (!verification.value) return out;
  Value const& found = *verification.value;
  if (!found["trusted"].is_bool()) {
    out.missing = Observed::unknown("the chain was not verified");
    return out;
  }
  out.known = true;
  out.trusted = found["trusted"].as_bool();
  out.all = out.trusted || found["errors"].is_array();
  for (Value const& word : found["errors"].items()) {
    out.all = out.all && word.is_string();
    if (word.is_string() && !out.has(word.as_string())) out.words.push_back(bounded(word.as_string(), 60));
  }
  std::string const& first = found["error"].as_string();
  if (!first.empty() && !out.has(first)) out.words.insert(out.words.begin(), bounded(first, 60));
  // Without a word for it, distrust is still distrust.
  if (!out.trusted && out.words.empty()) out.words.emplace_back("other");
  out.detail = bounded(found["detail"].as_string(), kMaxDetail);
  return out;
}

Observed leaf_text(Subject const& subject, std::string_view key) {
  Section const certificate = leaf(subject);
  if (!certificate.value) return certificate.missing;
  std::string const& text = (*certificate.value)[key].as_string();
  return text.empty() ? Observed::unknown("not read") : Observed::of_text(text);
}

Observed key_text(Subject const& subject, std::string_view key) {
  Section const certificate = leaf(subject);
  if (!certificate.value) return certificate.missing;
  std::string const& text = (*certificate.value)["key"][key].as_string();
  return text.empty() ? Observed::unknown("the key was not read") : Observed::of_text(text);
}

std::string date_of(Subject const& subject, std::string_view key) {
  Section const certificate = leaf(subject);
  return certificate.value ? bounded((*certificate.value)[key].as_string(), 40) : std::string{};
}

}  // namespace

Section certificate_part(Subject const& subject, std::string_view key) { return part(subject, key); }

Observed read_trusted(Subject const& subject, wire::ProtocolVersion) {
  Faults const found = faults(subject);
  if (!found.known) return found.missing;
  Observed out = Observed::boolean(found.trusted);
  if (!found.trusted) out.note = found.words.front() + (found.detail.empty() ? "" : ", " + found.detail);
  return out;
}

Observed read_trust_errors(Subject const& subject, wire::ProtocolVersion) {
  Faults const found = faults(subject);
  if (!found.known) return found.missing;
  Observed out;
  out.state = Observed::State::known;
  for (std::string const& word : found.words) {
    if (!is_date_error(word)) out.elements.push_back({.key = word, .label = word, .code = 0});
  }
  if (!found.all) make_incomplete(out, std::string{kNotListed});
  if (!found.words.empty() && !is_date_error(found.words.front())) out.note = found.detail;
  return out;
}

Observed read_expired(Subject const& subject, wire::ProtocolVersion) {
  Observed const left = read_days_left(subject, wire::ProtocolVersion::none);
  if (left.state == Observed::State::known && left.number < 0) {
    Observed out = Observed::boolean(true);
    std::string const date = date_of(subject, "not_after");
    out.text =
        fmt::format("expired {} day{} ago{}", number_text(-left.number), left.number == -1 ? "" : "s", date.empty() ? "" : ", on " + date);
    return out;
  }
  Faults const found = faults(subject);
  if (!found.known) return found.missing;
  if (!found.has("expired")) return found.all ? Observed::boolean(false) : Observed::unknown(std::string{kNotListed});
  Observed out = Observed::boolean(true);
  out.text = "a certificate of the chain has expired" + (found.detail.empty() ? "" : ": " + found.detail);
  return out;
}

Observed read_not_yet_valid(Subject const& subject, wire::ProtocolVersion) {
  Faults const found = faults(subject);
  if (!found.known) return found.missing;
  if (!found.has("not_yet_valid")) return found.all ? Observed::boolean(false) : Observed::unknown(std::string{kNotListed});
  Observed out = Observed::boolean(true);
  std::string const date = date_of(subject, "not_before");
  out.text = "not yet valid" + (date.empty() ? "" : ": the certificate begins on " + date) +
             (found.detail.empty() ? "" : " (" + found.detail + ")");
  return out;
}

Observed read_valid_now(Subject const& subject, wire::ProtocolVersion version) {
  Observed expired = read_expired(subject, version);
  if (expired.state == Observed::State::known && expired.flag) {
    expired.flag = false;
    return expired;
  }
  Observed early = read_not_yet_valid(subject, version);
  if (expired.state != Observed::State::known) return expired;
  if (early.state != Observed::State::known) return early;
  early.flag = !early.flag;
  return early;
}

Observed read_days_left(Subject const& subject, wire::ProtocolVersion) {
  Section const days = part(subject, "days_left");
  if (!days.value) return days.missing;
  if (!days.value->is_number()) return Observed::unknown("not established");
  std::string const date = date_of(subject, "not_after");
  return Observed::of_number(days.value->as_double(), date.empty() ? std::string{} : "until " + date);
}

Observed read_lifetime_days(Subject const& subject, wire::ProtocolVersion) {
  Section const certificate = leaf(subject);
  if (!certificate.value) return certificate.missing;
  auto const begin = parse_rfc3339((*certificate.value)["not_before"].as_string());
  auto const end = parse_rfc3339((*certificate.value)["not_after"].as_string());
  if (!begin || !end) return Observed::unknown("the validity period was not read");
  // Days begun, so that 89 days 23:59:59, as public CAs issue them, are 90.
  auto const seconds = static_cast<double>((*end - *begin).count());
  return Observed::of_number(std::ceil(seconds / 86400));
}

Observed read_hostname_matches(Subject const& subject, wire::ProtocolVersion) {
  Section const hostname = part(subject, "hostname");
  if (!hostname.value) return hostname.missing;
  Value const& matches = (*hostname.value)["matches"];
  if (!matches.is_bool()) return Observed::unknown("not established");
  return Observed::boolean(matches.as_bool(), bounded((*hostname.value)["reason"].as_string(), kMaxDetail));
}

Observed read_key_type(Subject const& subject, wire::ProtocolVersion) { return key_text(subject, "type"); }

Observed read_key_bits(Subject const& subject, wire::ProtocolVersion) {
  Section const certificate = leaf(subject);
  if (!certificate.value) return certificate.missing;
  Value const& bits = (*certificate.value)["key"]["bits"];
  return bits.is_number() ? Observed::of_number(bits.as_double()) : Observed::unknown("the key was not read");
}

Observed read_key_curve(Subject const& subject, wire::ProtocolVersion version) {
  Observed const type = read_key_type(subject, version);
  if (type.state != Observed::State::known) return type;
  if (type.text != "ecdsa") return Observed::not_applicable("the key is not on a named curve");
  return key_text(subject, "curve");
}

Observed read_signature_algorithm(Subject const& subject, wire::ProtocolVersion) { return leaf_text(subject, "signature_algorithm"); }

Observed read_chain_signatures(Subject const& subject, wire::ProtocolVersion) {
  Section const chain = part(subject, "chain");
  if (!chain.value) return chain.missing;
  if (chain.value->items().empty()) return Observed::unknown("the chain is empty");
  Observed out;
  out.state = Observed::State::known;
  bool first = true;
  for (Value const& certificate : chain.value->items()) {
    // Nobody relies on the signature of an anchor that came along; that of a self-signed end entity is all that it has.
    bool const counts = first || !certificate["self_issued"].as_bool();
    first = false;
    if (!counts) continue;
    std::string const& algorithm = certificate["signature_algorithm"].as_string();
    if (algorithm.empty()) {
      if (out.complete) out.reason = "a certificate of the chain cannot be parsed";
      out.complete = false;
      continue;
    }
    Element element{.key = bounded(algorithm, 80), .label = bounded(algorithm, 80), .code = 0};
    if (std::ranges::find(out.elements, element) == out.elements.end()) out.elements.push_back(std::move(element));
  }
  return out.elements.empty() ? Observed::unknown(out.reason) : out;
}

Observed read_ocsp_urls(Subject const& subject, wire::ProtocolVersion) {
  Section const certificate = leaf(subject);
  if (!certificate.value) return certificate.missing;
  Value const& urls = (*certificate.value)["ocsp_urls"];
  if (!urls.is_array()) return Observed::unknown("not read");
  Observed out;
  out.state = Observed::State::known;
  for (Value const& url : urls.items()) {
    if (url.is_string()) out.elements.push_back({.key = url.as_string(), .label = bounded(url.as_string(), 80), .code = 0});
    if (!url.is_string()) make_incomplete(out, "the list has something that is no text");
  }
  return out;
}

Observed read_ocsp_stapled(Subject const& subject, wire::ProtocolVersion) {
  Section const stapled = part(subject, "ocsp_stapled");
  if (!stapled.value) return stapled.missing;
  return stapled.value->is_bool() ? Observed::boolean(stapled.value->as_bool()) : Observed::unknown("not established");
}

}  // namespace tlsgauge::policy
