// Does the host speak HTTP without TLS, too, and does that lead to TLS at once? And may its name be preloaded?
//
// RFC 6797 section 7.2:
//   If an HSTS Host receives an HTTP request message over a non-secure transport, it SHOULD send an HTTP response message containing a
//   status code indicating a permanent redirect [...] and a Location header field value containing [...] a URI scheme of "https". An HSTS
//   Host MUST NOT include the STS header field in HTTP responses conveyed over non-secure transport.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "crypto/public_suffix.hpp"
#include "probes/http_facts.hpp"

namespace tlsgauge::probes {
namespace {

constexpr std::string_view kKeys[] = {"plain_http", "hsts_preload"};
constexpr std::string_view kNeeds[] = {"http"};
constexpr std::string_view kAfter[] = {"certificates"};
constexpr audit::Citation kCitations[] = {{"RFC 6797", "7.2"}, {"RFC 6797", "8.1"}, {"RFC 9110", "15.4"}};
constexpr std::chrono::milliseconds kPatience{3000};  // with a port that lets nothing through
constexpr std::int64_t kPreloadSeconds = 31'536'000;

audit::Applicability applies(audit::Facts const& facts) {
  if (!facts.document()["http"]["spoken"].as_bool()) return {.applies = false, .reason = "the service is not known to speak HTTP"};
  return {};
}

Value reply_facts(audit::Peer const& peer, audit::HttpReply const& reply) {
  std::optional<WebPlace> const place = web_place(reply.redirect);
  bool const redirects = reply.status / 100 == 3 && !reply.redirect.empty();
  CookieJar cookies;
  cookies.add(reply);
  Value facts = Value::object();
  facts.set("state", "open")
      .set("http", true)
      .set("status", std::int64_t{reply.status})
      .set("redirect", redirects ? Value{kept(reply.redirect)} : Value{})
      .set("redirects_to_https", redirects && place && place->secure)
      .set("same_host", redirects ? Value{place && place->host == web_host(peer.target())} : Value{})
      .set("hsts", header_field(reply, "strict-transport-security") != nullptr)
      .set("cookies", cookies.facts());
  return facts;
}

Value error_facts(Error const& error, audit::Observation& seen) {
  switch (error.kind) {
    case ErrorKind::refused:
      return Value::object().set("state", "closed");
    case ErrorKind::unreachable:
      return Value::object().set("state", "filtered");
    case ErrorKind::malformed:
      return Value::object().set("state", "open").set("http", false);
    default:
      break;
  }
  std::string const why = to_utf8(error.detail);
  seen.open(why);
  return Value::object().set("inconclusive", why);
}

/// By the rules of the list that browsers share (hstspreload.org); what www. before the name says is not looked at.
Value preload_facts(audit::Peer const& peer, audit::Facts const& facts, Value const& plain) {
  std::vector<std::string> against;
  std::string unknown;
  std::string const host = web_host(peer.target());
  std::string const domain = peer.target().server_name.empty() ? std::string{} : crypto::registrable_domain(host);
  if (domain != host) {
    against.push_back(domain.empty() ? fmt::format("{} is no registrable domain", to_utf8(host))
                                     : fmt::format("{} is no registrable domain, {} is", to_utf8(host), domain));
  }
  Value const& hsts = facts.document()["http"]["hsts"];
  if (!hsts["present"].as_bool()) {
    against.emplace_back("no Strict-Transport-Security header is sent");
  } else if (!hsts["valid"].as_bool()) {
    against.emplace_back("the Strict-Transport-Security header is not valid");
  } else {
    if (hsts["max_age"].as_int() < kPreloadSeconds) against.push_back(fmt::format("max-age is less than {}", kPreloadSeconds));
    if (!hsts["include_subdomains"].as_bool()) against.emplace_back("includeSubDomains is not set");
    if (!hsts["preload"].as_bool()) against.emplace_back("preload is not set");
  }
  if (hsts["count"].as_int() > 1) against.emplace_back("the Strict-Transport-Security header is sent more than once");

  if (!plain.is_object()) {
    against.emplace_back("the service is not at port 443");
  } else if (plain["inconclusive"].is_string()) {
    unknown = "what plain HTTP leads to was not established";
  } else if (plain["http"].as_bool() && !(plain["redirects_to_https"].as_bool() && plain["same_host"].as_bool())) {
    against.emplace_back("plain HTTP does not redirect to HTTPS on the same host first");
  }

  Value const& certificates = facts.document()["certificates"];
  if (certificates.items().empty()) {
    unknown = "the certificate was not asked for";
  } else {
    bool const trusted = std::all_of(certificates.items().begin(), certificates.items().end(), [](Value const& chain) {
      return chain["inconclusive"].is_string() || !chain["shown_for"]["sni"].is_string() || chain["shown_for"]["named"].is_string() ||
             (chain["verification"]["trusted"].as_bool() && chain["hostname"]["matches"].as_bool());
    });
    if (!trusted) against.emplace_back("the certificate is not valid for the host");
  }

  Value reasons = Value::array();
  for (std::string const& reason : against) reasons.push_back(reason);
  bool const open = against.empty() && !unknown.empty();
  if (open) reasons.push_back(unknown);
  return Value::object().set("eligible", open ? Value{} : Value{against.empty()}).set("reasons", std::move(reasons));
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  audit::Observation seen;
  Value plain;
  if (peer.settings().http_port != 0 || peer.target().port == 443) {
    audit::HttpOrder order{"/"};
    order.plain = true;
    order.connect_limit = std::min(peer.settings().timeout, kPatience);
    Result<audit::HttpReply> const reply = co_await peer.http_get(order);
    plain = reply ? reply_facts(peer, *reply) : error_facts(reply.error(), seen);
    seen.fact("plain_http", plain);
  }
  seen.fact("hsts_preload", preload_facts(peer, facts, plain));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe plain_http{
    .id = "plain_http",
    .question = "Does plain HTTP lead to HTTPS on the same host at once, and may the name be preloaded (HSTS)?",
    .connections = "0-1",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
    .after = kAfter,
};

}  // namespace tlsgauge::probes
