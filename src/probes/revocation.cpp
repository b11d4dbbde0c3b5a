// Has a CA revoked a certificate of the chains that the server shows?
//
// RFC 5280 section 6.3, RFC 6960. Asked are the OCSP responders and lists (CRL) that the end entity's certificate names, and the lists that
// the certificates of its CAs name; what the server staples counts too. No connection to the endpoint is opened.

#include <algorithm>
#include <chrono>
#include <set>

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "crypto/certificate.hpp"
#include "crypto/crl.hpp"
#include "crypto/ocsp.hpp"
#include "probes/stapling.hpp"

namespace tlsgauge::probes {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kKeys[] = {"revocation"};
constexpr std::string_view kNeeds[] = {"certificates"};
constexpr audit::Citation kCitations[] = {{"RFC 5280", "6.3"}, {"RFC 6960", "3.2"}, {"RFC 5019", "2"}};

constexpr std::size_t kMostUrls = 3;           // of a kind, for a certificate
constexpr std::size_t kMostIssuers = 4;        // of a chain
constexpr unsigned kMostFetches = 24;          // for all of it
constexpr std::chrono::seconds kMostTime{60};  // for all of it
constexpr std::size_t kMostOcspOctets = 1024 * 1024;

audit::Applicability applies(audit::Facts const& facts) {
  if (facts.document()["certificates"].items().empty()) return {.applies = false, .reason = "no certificate was shown"};
  return {};
}

/// One certificate, with all that has been heard of it.
struct Case {
  Bytes certificate;
  Bytes issuer;
  crypto::RevocationPointers pointers;
  bool leaf = false;
  Value sources = Value::array();
  bool good = false, revoked = false, unknown = false;

  void hear(std::string_view kind, Value url, crypto::RevocationAnswer const& answer, std::string const& error = {}) {
    Value source = Value::object().set("kind", kind).set("url", std::move(url));
    Value const said = answer_facts(answer);
    for (auto const& [key, value] : said.members()) source.set(key, value);
    if (!error.empty()) source.set("error", to_utf8(error));
    sources.push_back(std::move(source));
    revoked |= answer.revoked();
    good |= answer.counts() && answer.status == "good";
    unknown |= answer.counts() && answer.status == "unknown";
  }
};

/// What may still be fetched, for all certificates together.
struct Allowance {
  unsigned fetches = kMostFetches;
  Clock::time_point end = Clock::now() + kMostTime;
};

asio::awaitable<Result<Bytes>> fetch(audit::Peer& peer, audit::FetchOrder order, Allowance& allowance) {
  if (allowance.fetches == 0 || Clock::now() >= allowance.end) co_return Error{ErrorKind::too_large, "not asked: too many others were"};
  --allowance.fetches;
  Result<audit::Fetched> fetched = co_await peer.fetch(std::move(order));
  if (!fetched) co_return fetched.error();
  constexpr long kOk = 200;
  if (fetched->status != kOk) co_return Error{ErrorKind::refused, "HTTP status " + std::to_string(fetched->status)};
  co_return std::move(fetched->content);
}

asio::awaitable<void> ask_ocsp(audit::Peer& peer, Case& found, Allowance& allowance) {
  Result<Bytes> const request = crypto::ocsp_request(found.certificate, found.issuer);
  if (!request) co_return;
  for (std::size_t i = 0; i < std::min(found.pointers.ocsp_urls.size(), kMostUrls); ++i) {
    std::string const& url = found.pointers.ocsp_urls[i];
    audit::FetchOrder order;
    order.url = url;
    order.body = *request;
    order.content_type = "application/ocsp-request";
    order.most_octets = kMostOcspOctets;
    Result<Bytes> const response = co_await fetch(peer, std::move(order), allowance);
    if (!response) {
      found.hear("ocsp", url, {}, response.error().detail);
      continue;
    }
    crypto::RevocationAnswer const answer = crypto::read_ocsp_response(*response, found.certificate, found.issuer, peer.settings().at);
    found.hear("ocsp", url, answer);
    if (answer.counts()) co_return;
  }
}

asio::awaitable<void> ask_crl(audit::Peer& peer, Case& found, Allowance& allowance) {
  std::size_t asked = 0;
  for (crypto::DistributionPoint const& point : found.pointers.crl_points) {
    for (std::string const& url : point.urls) {
      if (asked++ == kMostUrls) co_return;
      audit::FetchOrder order;
      order.url = url;
      Result<Bytes> const list = co_await fetch(peer, std::move(order), allowance);
      if (!list) {
        found.hear("crl", url, {}, list.error().detail);
        continue;
      }
      crypto::RevocationAnswer const answer = crypto::read_crl(*list, found.certificate, found.issuer, point.urls, peer.settings().at);
      found.hear("crl", url, answer);
      if (answer.counts()) co_return;
    }
  }
}

/// What `certificates` has found out of the staples.
void hear_staples(Case& found, Value const& shown) {
  for (Value const& staple : shown["revocation"]["staples"].items()) {
    if (staple["certificate"].as_string() != found.pointers.sha256 || staple["inconclusive"].is_string()) continue;
    crypto::RevocationAnswer answer;
    answer.status = staple["status"].as_string();
    answer.error = staple["error"].as_string();
    answer.reason = staple["reason"].as_string();
    answer.this_update = parse_rfc3339(staple["this_update"].as_string());
    answer.next_update = parse_rfc3339(staple["next_update"].as_string());
    answer.produced_at = parse_rfc3339(staple["produced_at"].as_string());
    answer.revoked_at = parse_rfc3339(staple["revoked_at"].as_string());
    found.hear("staple", Value{}, answer);
  }
}

struct Verdict {
  std::string_view status;
  std::string why;
};

Verdict verdict(Case const& found, bool offline) {
  if (found.revoked) return {"revoked", "a signed statement of its CA says so"};
  if (found.unknown) return {"unknown", "the CA's responder does not know the certificate"};
  if (found.good) return {"good", ""};
  if (found.leaf && crypto::is_short_lived(found.pointers)) return {"none_needed", "it expires sooner than a revocation would spread"};
  bool const names_any = !found.pointers.crl_points.empty() || (found.leaf && !found.pointers.ocsp_urls.empty());
  if (found.issuer == found.certificate) return {"no_source", "it is signed with its own key: nobody else can revoke it"};
  if (!names_any) return {"no_source", "it names neither an OCSP responder nor a list"};
  if (offline) return {"not_checked", "offline"};
  if (found.issuer.empty() && !found.leaf) return {"not_checked", "its issuer is not known, so no statement could be verified"};
  if (found.issuer.empty()) return {"inconclusive", "its issuer is not known, so no statement could be verified"};
  std::vector<std::string> reasons;
  for (Value const& source : found.sources.items()) reasons.push_back(source["kind"].as_string() + ": " + source["error"].as_string());
  return {"inconclusive", join(reasons, "; ")};
}

asio::awaitable<void> examine(audit::Peer& peer, Case& found, Value const& shown, Allowance& allowance) {
  hear_staples(found, shown);
  bool const self_signed = found.issuer == found.certificate;
  if (peer.settings().offline || found.issuer.empty() || self_signed) co_return;
  if (found.leaf) co_await ask_ocsp(peer, found, allowance);
  co_await ask_crl(peer, found, allowance);
}

std::vector<Bytes> chain_of(Value const& shown) {
  std::vector<Bytes> chain;
  for (Value const& each : shown["chain"].items()) chain.push_back(crypto::from_pem(each["pem"].as_string()));
  return chain;
}

/// The end entity first, then whoever issued it and that one's issuer, wherever they were sent or kept, then what else was sent: nobody may
/// push a revoked issuer out of sight with certificates that lead nowhere.
std::vector<Bytes> to_examine(std::vector<Bytes> const& chain, audit::Settings const& settings) {
  std::vector<Bytes> all;
  auto const add = [&all](Bytes const& der) {
    bool const fresh = !der.empty() && std::find(all.begin(), all.end(), der) == all.end();
    if (fresh) all.push_back(der);
    return fresh;
  };
  if (chain.empty()) return all;
  all.push_back(chain.front());
  while (all.size() <= kMostIssuers && add(issuer_in(chain, all.back(), settings))) {
  }
  for (std::size_t i = 1; i < chain.size() && all.size() <= 2 * kMostIssuers; ++i) add(chain[i]);
  return all;
}

/// One that is too large for the document, so that its text is not there to be read.
Value too_large(Value const& certificate) {
  constexpr std::string_view kWhy = "the certificate is too large to be looked into";
  return Value::object()
      .set("sha256", certificate["sha256"])
      .set("leaf", true)
      .set("status", "inconclusive")
      .set("why", kWhy)
      .set("sources", Value::array())
      .set("inconclusive", kWhy);
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  audit::Observation seen;
  Value list = Value::array();
  std::set<std::string> done;
  Allowance allowance;
  bool const offline = peer.settings().offline;
  for (Value const& shown : facts.document()["certificates"].items()) {
    if (shown["shown_for"]["named"].is_string()) continue;  // not for the target
    std::vector<Bytes> const chain = chain_of(shown);
    Value const end_entity = chain.empty() ? Value{} : shown["chain"].items().front();
    Value const* const pem = end_entity.find("pem");
    if (pem != nullptr && pem->is_null() && done.insert(end_entity["sha256"].as_string()).second) {
      seen.open("whether the certificate is revoked stayed open: it is too large to be looked into");
      list.push_back(too_large(end_entity));
    }
    std::vector<Bytes> const examined = to_examine(chain, peer.settings());
    for (std::size_t i = 0; i < examined.size(); ++i) {
      Result<crypto::RevocationPointers> pointers = crypto::revocation_pointers(examined[i]);
      if (!pointers || (i > 0 && pointers->self_issued) || !done.insert(pointers->sha256).second) continue;
      Case found;
      found.certificate = examined[i];
      found.issuer = issuer_in(chain, examined[i], peer.settings());
      found.pointers = *std::move(pointers);
      found.leaf = i == 0;
      co_await examine(peer, found, shown, allowance);
      Verdict const said = verdict(found, offline);
      Value entry = Value::object()
                        .set("sha256", found.pointers.sha256)
                        .set("leaf", found.leaf)
                        .set("status", said.status)
                        .set("why", said.why)
                        .set("sources", std::move(found.sources));
      if (said.status == "inconclusive") {
        entry.set("inconclusive", said.why);
        if (found.leaf) seen.open("whether the certificate is revoked stayed open: " + said.why);
      }
      list.push_back(std::move(entry));
    }
  }
  seen.fact("revocation", std::move(list));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe revocation{
    .id = "revocation",
    .question = "Has a CA revoked a certificate that the server shows, by OCSP, CRL or staple?",
    .connections = "0",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes
