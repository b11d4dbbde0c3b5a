// Facts about the HTTP answer.

#include <fmt/format.h>

#include "policy/readers.hpp"

namespace tlsgauge::policy {
namespace {

/// http, when HTTP is spoken there; else why not.
Section spoken_http(Subject const& subject) {
  Endpoint const& endpoint = *subject.endpoint;
  Section http = section(endpoint, "http");
  if (!http.value && !endpoint.target.starttls.empty() && !endpoint.facts.find("http")) {
    http.missing = Observed::not_applicable(fmt::format("the service is {}, not HTTP", bounded(endpoint.target.starttls, 20)));
  }
  if (!http.value) return http;
  Value const& spoken = (*http.value)["spoken"];
  if (!spoken.is_bool()) return {.value = nullptr, .missing = Observed::unknown("whether HTTP is spoken was not established")};
  if (!spoken.as_bool()) return {.value = nullptr, .missing = Observed::not_applicable("the service does not speak HTTP")};
  return http;
}

Section hsts(Subject const& subject) {
  Section const http = spoken_http(subject);
  if (!http.value) return http;
  Value const& found = (*http.value)["hsts"];
  if (!found.is_object()) return {.value = nullptr, .missing = Observed::unknown("the answer's header was not read")};
  if (found.find("inconclusive")) return {.value = nullptr, .missing = Observed::unknown(reason_of(found, "could not be established"))};
  if (!found["present"].is_bool()) return {.value = nullptr, .missing = Observed::unknown("the answer's header was not read")};
  return {.value = &found, .missing = {}};
}

constexpr std::string_view kNoHeader = "no Strict-Transport-Security header was sent";

std::string invalid_header(Value const& header) {
  std::string out = "the Strict-Transport-Security header is not valid";
  for (Value const& error : header["errors"].items()) {
    if (error.is_string()) return out + ": " + bounded(error.as_string(), 100);
  }
  return out;
}

/// A directive that counts only in a header that is there and valid.
Observed directive(Subject const& subject, std::string_view key) {
  Section const header = hsts(subject);
  if (!header.value) return header.missing;
  Observed out;
  if (!(*header.value)["present"].as_bool()) {
    out = Observed::boolean(false);
    out.text = kNoHeader;
  } else if (Value const& value = (*header.value)[key]; value.is_bool()) {
    out = Observed::boolean(value.as_bool());
  } else {
    out = Observed::unknown("was not read");
  }
  return out;
}

}  // namespace

Observed read_http_spoken(Subject const& subject, wire::ProtocolVersion) {
  Section const http = spoken_http(subject);
  if (http.value) return Observed::boolean(true);
  return http.missing.state == Observed::State::not_applicable ? Observed::boolean(false) : http.missing;
}

Observed read_http_status(Subject const& subject, wire::ProtocolVersion) {
  Section const http = spoken_http(subject);
  if (!http.value) return http.missing;
  Value const& status = (*http.value)["status"];
  return status.is_number() ? Observed::of_number(status.as_double()) : Observed::unknown("no status was read");
}

Observed read_hsts_present(Subject const& subject, wire::ProtocolVersion) { return directive(subject, "present"); }

Observed read_hsts_valid(Subject const& subject, wire::ProtocolVersion) {
  Observed out = directive(subject, "valid");
  if (out.state != Observed::State::known || out.flag || !out.text.empty()) return out;
  out.text = invalid_header(*hsts(subject).value);
  return out;
}

Observed read_hsts_max_age(Subject const& subject, wire::ProtocolVersion) {
  Section const header = hsts(subject);
  if (!header.value) return header.missing;
  if (!(*header.value)["present"].as_bool()) return Observed::absent(std::string{kNoHeader});
  if (!(*header.value)["valid"].as_bool(true)) return Observed::absent(invalid_header(*header.value));
  Value const& age = (*header.value)["max_age"];
  return age.is_number() ? Observed::of_number(age.as_double()) : Observed::absent(invalid_header(*header.value));
}

Observed read_hsts_include_subdomains(Subject const& subject, wire::ProtocolVersion) { return directive(subject, "include_subdomains"); }
Observed read_hsts_preload(Subject const& subject, wire::ProtocolVersion) { return directive(subject, "preload"); }

Observed read_hsts_count(Subject const& subject, wire::ProtocolVersion) {
  Section const header = hsts(subject);
  if (!header.value) return header.missing;
  Value const& count = (*header.value)["count"];
  return count.is_number() ? Observed::of_number(count.as_double()) : Observed::unknown("the header fields were not counted");
}

}  // namespace tlsgauge::policy
