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

/// What a newer probe found; what was not looked for is not applicable.
Section looked_for(Section found) {
  if (!found.value && found.missing.reason == "not asked") found.missing = Observed::not_applicable("not asked");
  return found;
}

Section web(Subject const& subject) { return looked_for(spoken_http(subject)); }

/// A member of `http` that is an object.
Section web_member(Subject const& subject, std::string_view key) {
  Section const http = web(subject);
  if (!http.value) return http;
  Value const& member = (*http.value)[key];
  if (!member.is_object()) return {.value = nullptr, .missing = Observed::not_applicable("not asked, or there is none")};
  if (member.find("inconclusive")) return {.value = nullptr, .missing = Observed::unknown(reason_of(member, "could not be established"))};
  return {.value = &member, .missing = {}};
}

bool has_valid_header(Value const& page) { return page["hsts"]["valid"].as_bool(); }

std::string header_fault(Value const& page) {
  return fmt::format("with status {} {}", page["status"].as_int(),
                     page["hsts"]["present"].as_bool() ? "the Strict-Transport-Security header is not valid" : kNoHeader);
}

/// HTTP that is spoken without TLS.
Section plain_http(Subject const& subject) {
  Section const plain = looked_for(section(*subject.endpoint, "plain_http"));
  if (!plain.value) return plain;
  std::string const& state = (*plain.value)["state"].as_string();
  if (state == "closed" || state == "filtered") {
    return {.value = nullptr, .missing = Observed::not_applicable(fmt::format("the port of plain HTTP is {}", state))};
  }
  if (state != "open") return {.value = nullptr, .missing = Observed::unknown("whether plain HTTP is spoken was not established")};
  if (!(*plain.value)["http"].is_bool()) {
    return {.value = nullptr, .missing = Observed::unknown("whether plain HTTP is spoken was not established")};
  }
  if (!(*plain.value)["http"].as_bool()) {
    return {.value = nullptr, .missing = Observed::not_applicable("the port of plain HTTP is open for something else")};
  }
  return plain;
}

Observed texts(std::vector<std::string> const& list) {
  Observed out;
  out.state = Observed::State::known;
  for (std::string const& text : list) out.elements.push_back({.key = text, .label = bounded(text, 60)});
  return out;
}

Observed insecure_cookies(Section const& from) {
  if (!from.value) return from.missing;
  Value const& cookies = (*from.value)["cookies"];
  if (cookies.items().empty()) return Observed::not_applicable("no cookie was set, or none was looked for");
  std::vector<std::string> names;
  for (Value const& cookie : cookies.items()) {
    if (!cookie["secure"].as_bool()) names.push_back(cookie["name"].as_string());
  }
  return texts(names);
}

std::string where_to(Value const& plain) {
  std::string const status = fmt::format("status {}", plain["status"].as_int());
  if (!plain["redirect"].is_string()) return status + ", no redirect";
  return fmt::format("{}, redirect to {}", status, bounded(plain["redirect"].as_string(), 120));
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
  if (!(*header.value)["valid"].is_bool()) return Observed::unknown("whether the header is valid was not read");
  if (!(*header.value)["valid"].as_bool()) return Observed::absent(invalid_header(*header.value));
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

Observed read_hsts_on_error(Subject const& subject, wire::ProtocolVersion) {
  Section const page = web_member(subject, "hsts_on_error");
  if (!page.value) return page.missing;
  Value const& status = (*page.value)["status"];
  if (status.as_int() < 400) return Observed::not_applicable(fmt::format("no error page was to be had, only status {}", status.as_int()));
  Observed out = Observed::boolean(has_valid_header(*page.value));
  if (!out.flag) out.text = header_fault(*page.value);
  return out;
}

Observed read_hsts_on_redirect(Subject const& subject, wire::ProtocolVersion) {
  Section const page = web_member(subject, "hsts_behind_redirect");
  if (!page.value) return page.missing;
  Value const& first = *web(subject).value;
  bool const before = has_valid_header(first);
  bool const behind = has_valid_header(*page.value);
  if (!before && !behind) return Observed::not_applicable("neither the redirect nor the page behind it has the header");
  Observed out = Observed::boolean(before && behind);
  if (!before) out.text = "on the redirect " + header_fault(first);
  if (!behind) out.text = "behind the redirect " + header_fault(*page.value);
  return out;
}

Observed read_hsts_inherited(Subject const& subject, wire::ProtocolVersion) {
  Section const http = web(subject);
  if (!http.value) return http.missing;
  if (has_valid_header(*http.value)) return Observed::boolean(true);
  if ((*http.value)["hsts"]["present"].as_bool()) return Observed::not_applicable("the first page has one that is not valid");
  for (std::string_view const key : {"hsts_on_error", "hsts_behind_redirect"}) {
    Value const& page = (*http.value)[key];
    if (!has_valid_header(page)) continue;
    Observed out = Observed::boolean(false);
    out.text = fmt::format("the first page lacks the header that another has (status {})", page["status"].as_int());
    return out;
  }
  return Observed::not_applicable("no page has the header");
}

Observed read_hsts_preload_eligible(Subject const& subject, wire::ProtocolVersion) {
  Section const preload = looked_for(section(*subject.endpoint, "hsts_preload"));
  if (!preload.value) return preload.missing;
  std::string why;
  for (Value const& reason : (*preload.value)["reasons"].items()) why += (why.empty() ? "" : "; ") + reason.as_string();
  Value const& eligible = (*preload.value)["eligible"];
  if (!eligible.is_bool()) return Observed::unknown(why.empty() ? "could not be established" : bounded(why, 200));
  Observed out = Observed::boolean(eligible.as_bool());
  if (!out.flag && !why.empty()) out.text = bounded(why, 200);
  return out;
}

Observed read_http2_works(Subject const& subject, wire::ProtocolVersion) {
  Section const http2 = web_member(subject, "http2");
  if (!http2.value) return http2.missing;
  if (!(*http2.value)["offered"].as_bool()) return Observed::not_applicable("the server does not choose HTTP/2");
  Observed out = Observed::boolean((*http2.value)["works"].as_bool());
  if (!out.flag) out.text = bounded((*http2.value)["error"].as_string(), 120);
  return out;
}

Observed read_insecure_cookies(Subject const& subject, wire::ProtocolVersion) { return insecure_cookies(web(subject)); }

Observed read_obsolete_headers(Subject const& subject, wire::ProtocolVersion) {
  Section const http = web(subject);
  if (!http.value) return http.missing;
  Value const* const obsolete = http.value->find("obsolete");
  if (obsolete == nullptr) return Observed::not_applicable("not asked");
  if (!obsolete->is_array()) return Observed::unknown("not established");
  std::vector<std::string> names;
  for (Value const& name : obsolete->items()) names.push_back(name.as_string());
  return texts(names);
}

Observed read_plain_redirects(Subject const& subject, wire::ProtocolVersion) {
  Section const plain = plain_http(subject);
  if (!plain.value) return plain.missing;
  Observed out = Observed::boolean((*plain.value)["redirects_to_https"].as_bool());
  if (!out.flag) out.text = where_to(*plain.value);
  return out;
}

Observed read_plain_same_host(Subject const& subject, wire::ProtocolVersion) {
  Section const plain = plain_http(subject);
  if (!plain.value) return plain.missing;
  Value const& same = (*plain.value)["same_host"];
  if (!same.is_bool()) return Observed::not_applicable("plain HTTP does not redirect");
  Observed out = Observed::boolean(same.as_bool());
  if (!out.flag) out.text = where_to(*plain.value);
  return out;
}

Observed read_plain_hsts(Subject const& subject, wire::ProtocolVersion) {
  Section const plain = plain_http(subject);
  return plain.value ? Observed::boolean((*plain.value)["hsts"].as_bool()) : plain.missing;
}

Observed read_plain_cookies(Subject const& subject, wire::ProtocolVersion) { return insecure_cookies(plain_http(subject)); }

}  // namespace tlsgauge::policy
