// Does the service speak HTTP, and does it bind browsers to TLS: on its first page, behind a redirect, on an error page?
//
// RFC 6797 section 7.1:
//   When replying to an HTTP request that was conveyed over a secure transport, an HSTS Host SHOULD include in its response
//   message an STS header field [...].
//
// Up to three requests on one connection, as long as the server keeps it open.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "probes/http_facts.hpp"

namespace tlsgauge::probes {
namespace {

constexpr std::string_view kKeys[] = {"http"};
constexpr std::string_view kNeeds[] = {"protocols"};
constexpr audit::Citation kCitations[] = {{"RFC 6797", "6.1"}, {"RFC 6797", "8.1"}, {"RFC 9110", "15"},
                                          {"RFC 6265", "5.2"}, {"RFC 7838", "3"},   {"RFC 9113", "3.2"}};

/// No service has a page of this name, and a server's error page is the answer.
constexpr std::string_view kNoSuchPage = "/.well-known/tlsgauge-no-such-page";
constexpr std::size_t kMaxPath = 2048;
constexpr std::chrono::seconds kPatienceWithOthers{4};

/// Ports of services over TLS that are not HTTP and where the client speaks first, as a rule.
struct Service {
  std::uint16_t port;
  std::string_view name;
};
constexpr Service kServices[] = {{465, "SMTP"},  {563, "NNTP"},    {636, "LDAP"},  {853, "DNS"},  {989, "FTP"},   {990, "FTP"},
                                 {993, "IMAP"},  {995, "POP3"},    {3269, "LDAP"}, {5061, "SIP"}, {5223, "XMPP"}, {5349, "STUN"},
                                 {5671, "AMQP"}, {6514, "syslog"}, {6697, "IRC"},  {8883, "MQTT"}};

Service const* service_at(std::uint16_t port) {
  auto const* const at = std::find_if(std::begin(kServices), std::end(kServices), [&](Service const& each) { return each.port == port; });
  return at == std::end(kServices) ? nullptr : at;
}

audit::Applicability applies(audit::Facts const& facts) {
  if (facts.supported_versions().empty()) return {.applies = false, .reason = "no protocol version is known to be supported"};
  return {};
}

Value version_text(int version) {
  switch (version) {
    case 10:
      return "HTTP/1.0";
    case 11:
      return "HTTP/1.1";
    case 20:
      return "HTTP/2";
    default:
      return {};
  }
}

/// HTTP/2 beside HTTP/1.1 was offered by ALPN.
Value http2_facts(audit::HttpReply const& reply) {
  bool const works = reply.version == 20;
  Value facts = Value::object();
  facts.set("offered", works || !reply.http2_error.empty()).set("works", works);
  if (!reply.http2_error.empty()) facts.set("error", kept(reply.http2_error));
  return facts;
}

Value obsolete_fields(audit::HttpReply const& reply) {
  Value list = Value::array();
  for (std::string_view const name : {"expect-ct", "public-key-pins", "public-key-pins-report-only"}) {
    if (header_field(reply, name) != nullptr) list.push_back(name);
  }
  return list;
}

Value field_facts(audit::HttpReply const& reply, std::string_view name) {
  std::string const* const field = header_field(reply, name);
  return field == nullptr ? Value{} : Value{kept(*field)};
}

/// Empty: the answer leads nowhere, elsewhere, or back.
std::string path_behind(audit::Peer const& peer, audit::HttpReply const& reply) {
  std::optional<WebPlace> const place = web_place(reply.redirect);
  bool const here = place && place->secure && place->host == web_host(peer.target()) && place->port == peer.target().port;
  return here && place->path != "/" && place->path.size() <= kMaxPath ? place->path : std::string{};
}

/// What another page of the host says.
Value page_facts(Result<audit::HttpReply> const& reply, audit::Observation& seen, CookieJar& cookies) {
  if (!reply) {
    std::string const why = to_utf8(reply.error().detail);
    seen.open(why);
    return Value::object().set("inconclusive", why);
  }
  cookies.add(*reply);
  return Value::object().set("status", std::int64_t{reply->status}).set("hsts", hsts_facts(*reply));
}

/// A service that is known for something else and ends the connection behind a request, every time, does not speak HTTP. Elsewhere
/// that may be a filter in front of a web server.
bool hangs_up(Error const& error, Service const* service) {
  return service != nullptr && (error.kind == ErrorKind::closed || error.kind == ErrorKind::reset);
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const&) {
  Service const* const service = service_at(peer.target().port);
  audit::Observation seen;
  Value http = Value::object();
  audit::HttpOrder order{"/"};
  order.keep = true;
  if (service != nullptr) order.limit = std::min<std::chrono::milliseconds>(peer.settings().timeout, kPatienceWithOthers);
  Result<audit::HttpReply> const reply = co_await peer.http_get(order);
  if (reply) {
    CookieJar cookies;
    cookies.add(*reply);
    Value behind;
    if (std::string const path = path_behind(peer, *reply); !path.empty()) {
      audit::HttpOrder next{path};
      next.keep = true;
      Result<audit::HttpReply> const page = co_await peer.http_get(next);
      behind = page_facts(page, seen, cookies);
    }
    audit::HttpOrder const missing{std::string{kNoSuchPage}};
    Result<audit::HttpReply> const page = co_await peer.http_get(missing);
    Value const on_error = page_facts(page, seen, cookies);
    http.set("spoken", true)
        .set("version", version_text(reply->version))
        .set("http2", http2_facts(*reply))
        .set("status", std::int64_t{reply->status})
        .set("redirect", reply->redirect.empty() ? Value{} : Value{kept(reply->redirect)})
        .set("hsts", hsts_facts(*reply))
        .set("hsts_behind_redirect", std::move(behind))
        .set("hsts_on_error", on_error)
        .set("cookies", cookies.facts())
        .set("alt_svc", field_facts(*reply, "alt-svc"))
        .set("obsolete", obsolete_fields(*reply))
        .set("server", field_facts(*reply, "server"));
  } else if (reply.error().kind == ErrorKind::malformed) {
    http.set("spoken", false);
  } else if (hangs_up(reply.error(), service)) {
    http.set("spoken", false).set("reason", fmt::format("port {} is for {}, and a GET ends the connection", service->port, service->name));
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
    .question = "Does the service speak HTTP, and does it bind browsers to TLS (HSTS), on redirects and error pages, too?",
    .connections = "1-3",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes
