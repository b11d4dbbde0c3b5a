#include "probes/dns_tlsa.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "crypto/dane.hpp"
#include "wire/dns_rdata.hpp"

namespace tlsgauge::probes {
namespace {

constexpr std::size_t kMaxRecords = 32;
constexpr std::size_t kMaxShown = 128;  // octets of the data: more than any digest

struct Judged {
  Value facts;
  bool usable = false;
  std::vector<bool> matches;  ///< one for each chain
};

Judged judge(Bytes const& rdata, std::string const& name, std::vector<NamedChain> const& chains, bool secure,
             crypto::TrustStore const& store, Moment at) {
  Judged out;
  out.facts = Value::object();
  out.matches.assign(chains.size(), false);
  Result<wire::TlsaRecord> const record = wire::read_tlsa(rdata);
  if (!record) {
    out.facts.set("usable", false).set("reason", record.error().detail);
    return out;
  }
  out.facts.set("usage", unsigned{record->usage})
      .set("selector", unsigned{record->selector})
      .set("matching_type", unsigned{record->matching_type})
      .set("data", hex(ByteView{record->data}.first(std::min(record->data.size(), kMaxShown))))
      .set("octets", static_cast<std::int64_t>(record->data.size()));
  if (!secure || chains.empty()) return out;
  crypto::Association association;
  association.usage = record->usage;
  association.selector = record->selector;
  association.matching_type = record->matching_type;
  association.data = record->data;
  std::string reason;
  for (std::size_t i = 0; i < chains.size(); ++i) {
    crypto::AssociationMatch const found = crypto::match_association(chains[i].certificates, association, name, store, at);
    out.usable = out.usable || found.match != crypto::Match::unusable;
    out.matches[i] = found.match == crypto::Match::yes;
    if (reason.empty()) reason = found.reason;
  }
  bool const any = std::find(out.matches.begin(), out.matches.end(), true) != out.matches.end();
  out.facts.set("usable", out.usable).set("matches", any).set("reason", reason.empty() ? Value{} : Value{to_utf8(reason)});
  return out;
}

}  // namespace

asio::awaitable<Value> tlsa_facts(DnsQuestions& questions, Target const& target, std::string name, std::vector<NamedChain> chains,
                                  bool unread, audit::Settings const& settings) {
  std::string const owner = "_" + std::to_string(target.port) + "._tcp." + name;
  Result<audit::DnsAnswer> const answer = co_await questions.ask(owner, wire::kDnsTlsa);
  if (!answer) {
    Value none = no_answer(answer.error());
    none.set("name", owner);
    co_return none;
  }
  Value facts = Value::object();
  facts.set("name", owner).set("secure", answer->secure);
  std::string const first = settings.trust_stores.empty() ? std::string{"system"} : settings.trust_stores.front();
  Result<std::shared_ptr<crypto::TrustStore const>> const store = crypto::TrustStore::load(first, settings.ca_file);
  if (!store) {
    facts.set("inconclusive", to_utf8(store.error().detail));
    co_return facts;
  }
  Value records = Value::array();
  std::vector<bool> matched(chains.size(), false);
  bool usable = false;
  for (std::size_t i = 0; i < std::min(answer->records.size(), kMaxRecords); ++i) {
    Judged judged = judge(answer->records[i], name, chains, answer->secure, **store, settings.at);
    usable = usable || judged.usable;
    for (std::size_t c = 0; c < chains.size(); ++c) matched[c] = matched[c] || judged.matches[c];
    records.push_back(std::move(judged.facts));
  }
  facts.set("records", std::move(records));
  bool const judging = answer->secure && !answer->records.empty();
  if (judging && chains.empty()) {
    facts.set("inconclusive", "no chain could be read to hold against the records");
    co_return facts;
  }
  // A client may be shown any of the chains: all must match.
  bool const all = std::find(matched.begin(), matched.end(), false) == matched.end();
  if (judging && usable && all && unread) {
    facts.set("inconclusive", "a chain could not be read to be held against the records");
    co_return facts;
  }
  facts.set("result", answer->records.empty() ? "none"
                      : !answer->secure       ? "insecure"
                      : !usable               ? "unusable"
                      : all                   ? "matches"
                                              : "no_match");
  if (!judging || !usable) co_return facts;
  Value list = Value::array();
  for (std::size_t c = 0; c < chains.size(); ++c) {
    Value chain = Value::object();
    chain.set("sha256", chains[c].sha256).set("matches", bool{matched[c]});
    list.push_back(std::move(chain));
  }
  facts.set("chains", std::move(list));
  co_return facts;
}

}  // namespace tlsgauge::probes
