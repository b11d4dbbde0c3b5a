// Does the service speak HTTP, and does it bind browsers to TLS?
//
// RFC 6797 section 7.1:
//   When replying to an HTTP request that was conveyed over a secure transport, an HSTS Host SHOULD include in its response
//   message an STS header field [...].

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "probes/hsts.hpp"

namespace tlsgauge::probes {
namespace {

constexpr std::string_view kKeys[] = {"http"};
constexpr std::string_view kNeeds[] = {"protocols"};
constexpr audit::Citation kCitations[] = {{"RFC 6797", "6.1"}, {"RFC 6797", "8.1"}, {"RFC 9110", "15"}};
constexpr std::size_t kMaxShown = 4096;  // octets of a header field or address that are kept

std::string kept(std::string_view text) { return to_utf8(text.substr(0, kMaxShown)); }

audit::Applicability applies(audit::Facts const& facts) {
  if (facts.supported_versions().empty()) return {.applies = false, .reason = "no protocol version is known to be supported"};
  return {};
}

// RFC 6797 section 8.1: of several header fields, a user agent processes only the first.
Value hsts_facts(audit::HttpReply const& reply) {
  std::string const* first = nullptr;
  std::int64_t count = 0;
  for (auto const& [field, value] : reply.headers) {
    if (ascii_lower(field) != "strict-transport-security") continue;
    if (count++ == 0) first = &value;
  }
  Hsts const hsts = first ? parse_hsts(*first) : Hsts{};
  Value errors = Value::array();
  for (std::string const& error : hsts.errors) errors.push_back(error);
  Value facts = Value::object();
  facts.set("present", first != nullptr)
      .set("valid", hsts.valid)
      .set("max_age", hsts.max_age ? Value{*hsts.max_age} : Value{})
      .set("include_subdomains", hsts.include_subdomains)
      .set("preload", hsts.preload)
      .set("raw", first ? Value{kept(*first)} : Value{})
      .set("count", count)
      .set("errors", std::move(errors));
  return facts;
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const&) {
  Result<audit::HttpReply> const reply = co_await peer.http_get(audit::HttpOrder{"/"});
  audit::Observation seen;
  Value http = Value::object();
  if (reply) {
    http.set("spoken", true)
        .set("status", std::int64_t{reply->status})
        .set("redirect", reply->redirect.empty() ? Value{} : Value{kept(reply->redirect)})
        .set("hsts", hsts_facts(*reply));
  } else if (reply.error().kind == ErrorKind::malformed) {
    http.set("spoken", false);
  } else {
    http.set("inconclusive", to_utf8(reply.error().detail));
    seen.open(to_utf8(reply.error().detail));
  }
  seen.fact("http", std::move(http));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe http{
    .id = "http",
    .question = "Does the service speak HTTP, and does it bind browsers to TLS (HSTS)?",
    .connections = "1",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes
