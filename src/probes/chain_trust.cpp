#include "probes/chain_trust.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "crypto/issuers.hpp"
#include "crypto/key_share.hpp"
#include "crypto/lifetime.hpp"
#include "crypto/verify.hpp"
#include "probes/values.hpp"

namespace tlsgauge::probes {
namespace {

constexpr int kMaxFetchesOfChain = 3;
constexpr int kMaxFetches = 6;
constexpr std::size_t kMaxDocument = 64 * 1024;
constexpr std::size_t kMaxFetchedSubject = 200;
constexpr std::size_t kMaxFetchedShown = 16 * 1024;

using Store = crypto::TrustStore::Pointer;

Value inconclusive(std::string const& reason) {
  Value facts = Value::object();
  facts.set("inconclusive", reason);
  return facts;
}

/// A public CA says in each certificate where its issuer's is. A path that just ends there lacks what the server should have sent;
/// one that ends without a word leads to a root that is not ours.
bool lacks_issuer(crypto::Verification const& found) {
  if (found.anchored || found.path.empty()) return false;
  bool const ends_open =
      std::ranges::any_of(found.errors, [](std::string const& word) { return word == "incomplete_chain" || word == "untrusted_root"; });
  return ends_open && !crypto::issuer_urls(found.path.back()).empty();
}

/// What was kept of a cut chain can prove trust; what it lacks proves nothing.
Value verification_facts(crypto::Verification const& found, Chain const& chain) {
  if (chain.cut > 0 && !found.trusted) return inconclusive(chain.why_open());
  if (!found.unknown_algorithm.empty())
    return inconclusive("this program's " + crypto::openssl_version() + " does not know the algorithm " + found.unknown_algorithm);
  Value errors = Value::array();
  for (std::string const& word : found.errors) errors.push_back(word);
  Value facts = Value::object();
  facts.set("trusted", found.trusted)
      .set("error", or_null(found.error))
      .set("errors", std::move(errors))
      .set("detail", found.detail)
      .set("store", found.store)
      .set("issuer_missing", lacks_issuer(found));
  return facts;
}

Value hostname_facts(Chain const& chain, Target const& target) {
  std::string const& reference = target.server_name.empty() ? target.host : target.server_name;
  Value facts = Value::object();
  Value covering = Value::array();
  if (chain.leaf) {
    crypto::HostnameMatch const match = crypto::match_hostname(*chain.leaf, reference);
    facts.set("matches", match.matches).set("reason", match.reason);
    for (std::string const& name : match.covered_by) covering.push_back(name);
  } else {
    facts.set("matches", false).set("reason", "the certificate cannot be parsed");
  }
  facts.set("reference", reference).set("covered_by", std::move(covering));
  return facts;
}

struct Repair {
  std::vector<Bytes> fetched;
  Value facts;  ///< null: there was nothing to repair, or nothing to repair it with
  bool failed = false;
};

/// The issuers first: of endless chains only the beginning is looked at.
std::vector<Bytes> with_fetched(std::vector<Bytes> const& sent, std::vector<Bytes> const& fetched) {
  std::vector<Bytes> all{sent.front()};
  all.insert(all.end(), fetched.begin(), fetched.end());
  all.insert(all.end(), sent.begin() + 1, sent.end());
  return all;
}

std::string take_issuers(Repair& repair, Value& list, Bytes const& below, Result<audit::Fetched> const& got, std::string const& url) {
  if (!got) return to_utf8(got.error().detail);
  if (got->status != 200) return "HTTP status " + std::to_string(got->status);
  bool any = false;
  for (Bytes& der : crypto::read_certificates(got->content)) {
    if (!crypto::names_as_issuer(below, der)) continue;
    any = true;
    if (std::ranges::find(repair.fetched, der) != repair.fetched.end()) continue;
    Result<crypto::Certificate> const read = crypto::read_certificate(der);
    Value one = Value::object();
    one.set("url", to_utf8(url))
        .set("sha256", crypto::sha256_hex(der))
        .set("subject", read ? to_utf8(read->subject.substr(0, kMaxFetchedSubject)) : std::string{})
        .set("pem", der.size() <= kMaxFetchedShown ? Value{crypto::pem(der)} : Value{});
    list.push_back(std::move(one));
    repair.fetched.push_back(std::move(der));
  }
  return any ? std::string{} : "no certificate of the issuer is there";
}

asio::awaitable<Repair> repair_chain(audit::Peer& peer, Chain const& chain, Store store, crypto::Verification sent, int& budget) {
  Repair repair;
  if (peer.settings().offline || chain.cut > 0 || !lacks_issuer(sent)) co_return repair;
  crypto::Verification now = std::move(sent);
  Value fetched = Value::array();
  Value failures = Value::array();
  for (int asked = 0; asked < kMaxFetchesOfChain && budget > 0 && lacks_issuer(now);) {
    Bytes const below = now.path.back();
    bool found = false;
    for (std::string const& url : crypto::issuer_urls(below)) {
      if (found || asked >= kMaxFetchesOfChain || budget <= 0) break;
      ++asked;
      --budget;
      audit::FetchOrder order;
      order.url = url;
      order.most_octets = kMaxDocument;
      Result<audit::Fetched> const got = co_await peer.fetch(std::move(order));
      std::string const reason = take_issuers(repair, fetched, below, got, url);
      found = reason.empty();
      if (!found) failures.push_back(Value::object().set("url", to_utf8(url)).set("reason", reason));
    }
    if (!found) break;
    std::vector<Bytes> const whole = with_fetched(chain.certificates, repair.fetched);
    now = crypto::verify_chain(whole, *store, peer.settings().at);
    if (now.path.empty() || now.path.back() == below) break;
  }
  repair.failed = lacks_issuer(now);
  repair.facts = Value::object();
  repair.facts.set("fetched", std::move(fetched))
      .set("failed", std::move(failures))
      .set("complete", !repair.failed)
      .set("trusted", now.trusted)
      .set("error", or_null(now.error));
  co_return repair;
}

/// By the anchors that root programs answer for: those of the system and of Mozilla, without what the user or the administrator added.
bool publicly_trusted(std::vector<Bytes> const& chain, audit::Settings const& settings) {
  std::vector<std::string> names{"system"};
  if (std::ranges::find(settings.trust_stores, "mozilla") != settings.trust_stores.end()) names.emplace_back("mozilla");
  for (std::string const& name : names) {
    Result<Store> const store = crypto::TrustStore::load(name, "");
    if (!store) continue;
    crypto::Verification const found = crypto::verify_chain(chain, **store, settings.at);
    bool const forged = std::ranges::find(found.errors, "bad_signature") != found.errors.end();
    if (found.anchored && !forged && !found.path.empty() && (name == "mozilla" || !crypto::local_anchor(found.path.back()))) return true;
  }
  return false;
}

Value lifetime_facts(Chain const& chain, Repair const& repair, crypto::Verification const& sent, audit::Settings const& settings) {
  if (!chain.leaf) return {};
  bool const known_public = publicly_trusted(with_fetched(chain.certificates, repair.fetched), settings);
  bool const open = !known_public && (chain.cut > 0 || repair.failed || (repair.facts.is_null() && lacks_issuer(sent)));
  crypto::Lifetime const life = crypto::lifetime(chain.leaf->not_before, chain.leaf->not_after, settings.at);
  Value facts = Value::object();
  facts.set("days", life.days)
      .set("seconds", life.seconds)
      .set("publicly_trusted", open ? Value{} : Value{known_public})
      .set("limit_days", known_public && life.limit_days ? Value{*life.limit_days} : Value{})
      .set("within_limit", known_public ? Value{life.within_limit} : Value{})
      .set("short_lived", life.short_lived)
      .set("fraction_left", std::round(life.fraction_left * 1000) / 1000);
  return facts;
}

}  // namespace

asio::awaitable<void> judge_chains(audit::Peer& peer, ChainBook& book) {
  audit::Settings const& settings = peer.settings();
  std::vector<std::string> names = settings.trust_stores;
  if (names.empty()) names.emplace_back("system");
  int budget = kMaxFetches;
  for (Chain& chain : book.chains()) {
    chain.trust = Value::object();
    Value others = Value::array();
    for (std::size_t i = 0; i < names.size(); ++i) {
      Result<Store> const store = crypto::TrustStore::load(names[i], settings.ca_file);
      if (!store) {
        Value const failure = inconclusive(store.error().detail);
        if (i == 0) chain.trust.set("verification", failure);
        if (i > 0) others.push_back(failure);
        continue;
      }
      crypto::Verification const found = crypto::verify_chain(chain.certificates, **store, settings.at);
      if (i > 0) {
        others.push_back(verification_facts(found, chain));
        continue;
      }
      chain.trust.set("verification", verification_facts(found, chain));
      Store const first = *store;
      Repair repair;
      if (chain.asker == Asker::target) repair = co_await repair_chain(peer, chain, first, found, budget);
      if (!repair.facts.is_null()) chain.trust.set("repair", repair.facts);
      chain.trust.set("lifetime", lifetime_facts(chain, repair, found, settings));
    }
    if (!others.items().empty()) chain.trust.set("verifications", std::move(others));
    chain.trust.set("hostname", hostname_facts(chain, peer.target()));
  }
}

}  // namespace tlsgauge::probes
