// Has a CA revoked a certificate of the chains that the server shows?
//
// RFC 5280 section 6.3, RFC 6960. Asked are the OCSP responders and lists (CRL) that the end entity's certificate names, and the lists that
// the certificates of its CAs name; what the server staples counts too. No connection to the endpoint is opened.

#include <algorithm>
#include <chrono>

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
constexpr std::size_t kMostIssuers = 8;        // above a certificate
constexpr std::size_t kMostOthers = 4;         // sent beside those
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
    // RFC 6960 section 2.2: of what one does not know another may.
    if (answer.counts() && answer.status != "unknown") co_return;
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
  if (found.good) return {"good", found.unknown ? "one responder does not know the certificate" : ""};
  if (found.unknown) return {"unknown", "the CA's responder does not know the certificate"};
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

struct Shown {
  std::vector<Bytes> sent;
  std::vector<Bytes> known;  ///< those, and the ones that were fetched where issuers were missing
  bool unread = false;       ///< not all that was sent or fetched is at hand
};

Shown read_shown(Value const& shown) {
  Shown out;
  for (Value const& each : shown["chain"].items()) {
    out.unread |= !out.sent.empty() && each.find("pem") != nullptr && each["pem"].is_null();
    out.sent.push_back(crypto::from_pem(each["pem"].as_string()));
  }
  std::ranges::copy_if(out.sent, std::back_inserter(out.known), [](Bytes const& der) { return !der.empty(); });
  out.unread |= shown["cut"].is_object();
  for (Value const& each : shown["repair"]["fetched"].items()) {
    Bytes der = crypto::from_pem(each["pem"].as_string());
    out.unread |= der.empty();
    if (!der.empty()) out.known.push_back(std::move(der));
  }
  return out;
}

struct Examined {
  std::vector<Bytes> path;    ///< the end entity, then whoever issued it and that one's issuer, wherever they were sent, fetched or kept
  std::vector<Bytes> others;  ///< what else was sent
  std::string open;           ///< why there may be more above; empty: the path ends
};

/// Nobody may push a revoked issuer out of sight with certificates that lead nowhere.
Examined to_examine(Shown const& shown, audit::Settings const& settings) {
  Examined all;
  if (shown.sent.empty() || shown.sent.front().empty()) return all;
  auto const taken = [&all](Bytes const& der) { return std::ranges::find(all.path, der) != all.path.end(); };
  all.path.push_back(shown.sent.front());
  for (;;) {
    Bytes issuer = issuer_in(shown.known, all.path.back(), settings);
    if (issuer.empty() && shown.unread) all.open = "the chain is too large to be looked into as a whole";
    if (issuer.empty() || taken(issuer)) break;
    if (all.path.size() > kMostIssuers) {
      all.open = "more than " + std::to_string(kMostIssuers) + " CAs stand above it";
      break;
    }
    all.path.push_back(std::move(issuer));
  }
  for (std::size_t i = 1; i < shown.sent.size() && all.others.size() < kMostOthers; ++i) {
    Bytes const& der = shown.sent[i];
    if (!der.empty() && !taken(der) && std::ranges::find(all.others, der) == all.others.end()) all.others.push_back(der);
  }
  return all;
}

/// The entries of the fact as they come together, one a certificate.
class Entries {
 public:
  /// Notes that it stands above that end entity, or is it. False: it is not there yet.
  bool stands_above(std::string const& sha256, std::string const& leaf) {
    auto const at = std::ranges::find(list_, sha256, &Entry::sha256);
    if (at == list_.end()) return false;
    if (!leaf.empty() && std::ranges::find(at->leaves, leaf) == at->leaves.end()) at->leaves.push_back(leaf);
    return true;
  }
  void add(std::string sha256, std::string const& leaf, Value facts) {
    list_.push_back({std::move(sha256), {}, std::move(facts)});
    if (!leaf.empty()) list_.back().leaves.push_back(leaf);
  }
  [[nodiscard]] Value take() {
    Value out = Value::array();
    for (Entry& entry : list_) {
      Value leaves = Value::array();
      for (std::string const& leaf : entry.leaves) leaves.push_back(leaf);
      out.push_back(entry.facts.set("leaves", std::move(leaves)));
    }
    return out;
  }

 private:
  struct Entry {
    std::string sha256;
    std::vector<std::string> leaves;
    Value facts;
  };
  std::vector<Entry> list_;
};

Value entry_of(std::string const& sha256, bool leaf, Verdict const& said, Value sources) {
  Value entry = Value::object()
                    .set("sha256", sha256)
                    .set("leaf", leaf)
                    .set("status", said.status)
                    .set("why", said.why)
                    .set("sources", std::move(sources));
  if (said.status == "inconclusive") entry.set("inconclusive", said.why);
  return entry;
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  audit::Observation seen;
  Entries entries;
  Allowance allowance;
  bool const offline = peer.settings().offline;
  for (Value const& shown : facts.document()["certificates"].items()) {
    if (shown["shown_for"]["named"].is_string() || shown["chain"].items().empty()) continue;  // not for the target
    Value const& end_entity = shown["chain"].items().front();
    std::string const& leaf = end_entity["sha256"].as_string();
    auto const leave_open = [&](std::string const& sha256, bool is_leaf, std::string const& why) {
      if (entries.stands_above(sha256, leaf)) return;
      seen.open("whether the certificate is revoked stayed open: " + why);
      entries.add(sha256, leaf, entry_of(sha256, is_leaf, {"inconclusive", why}, Value::array()));
    };
    if (Value const* const pem = end_entity.find("pem"); pem != nullptr && pem->is_null()) {
      leave_open(leaf, true, "the certificate is too large to be looked into");
    }
    Shown const read = read_shown(shown);
    Examined const examined = to_examine(read, peer.settings());
    std::vector<Bytes> all = examined.path;
    all.insert(all.end(), examined.others.begin(), examined.others.end());
    for (std::size_t i = 0; i < all.size(); ++i) {
      Result<crypto::RevocationPointers> pointers = crypto::revocation_pointers(all[i]);
      std::string const own = i == 0 && pointers ? pointers->sha256 : leaf;
      std::string const below = i < examined.path.size() ? own : std::string{};
      if (!pointers || (i > 0 && pointers->self_issued) || entries.stands_above(pointers->sha256, below)) continue;
      Case found;
      found.certificate = all[i];
      found.issuer = issuer_in(read.known, all[i], peer.settings());
      found.pointers = *std::move(pointers);
      found.leaf = i == 0;
      co_await examine(peer, found, shown, allowance);
      Verdict const said = verdict(found, offline);
      if (said.status == "inconclusive" && !below.empty()) seen.open("whether the certificate is revoked stayed open: " + said.why);
      entries.add(found.pointers.sha256, below, entry_of(found.pointers.sha256, found.leaf, said, std::move(found.sources)));
    }
    if (!examined.open.empty() && !offline) leave_open("", false, examined.open);
  }
  seen.fact("revocation", entries.take());
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
