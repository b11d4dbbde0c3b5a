#include "probes/dns_caa.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace tlsgauge::probes {
namespace {

constexpr std::size_t kMaxLevels = 16;   // of a name, from below
constexpr std::size_t kMaxShown = 1024;  // octets of a value that are kept
constexpr std::size_t kMaxRecords = 64;

struct Issuer {
  std::string_view organisation;  ///< how it begins, in lower case
  std::string_view domains;
};
constexpr Issuer kIssuers[] = {
#define X(organisation, domains) {organisation, domains},
#include "probes/caa_issuers.inc"
#undef X
};

/// RFC 8659 section 4, RFC 9495, and the CA/Browser Forum's contact properties.
constexpr std::string_view kKnownTags[] = {"issue", "issuewild", "iodef", "issuemail", "issuevmc", "contactemail", "contactphone"};

std::string_view parent(std::string_view name) {
  std::size_t const dot = name.find('.');
  return dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
}

/// RFC 8659 section 3. CNAME and DNAME are followed by the resolver.
asio::awaitable<Result<CaaSet>> climb(DnsQuestions& questions, std::string name) {
  CaaSet set;
  for (std::size_t level = 0; !name.empty() && level < kMaxLevels; ++level) {
    Result<audit::DnsAnswer> const answer = co_await questions.ask(name, wire::kDnsCaa);
    if (!answer) co_return answer.error();
    set.secure = set.secure && answer->secure;
    if (!answer->records.empty()) {
      set.at = name;
      for (Bytes const& rdata : answer->records) {
        Result<wire::CaaRecord> record = wire::read_caa(rdata);
        if (record && set.records.size() < kMaxRecords) {
          set.records.push_back(std::move(*record));
        } else {
          ++set.unreadable;
        }
      }
      co_return set;
    }
    name = std::string{parent(name)};
  }
  co_return set;
}

std::string kept(std::string_view text) { return to_utf8(text.substr(0, kMaxShown)); }

Value record_facts(wire::CaaRecord const& record) {
  Value facts = Value::object();
  facts.set("flags", unsigned{record.flags}).set("tag", kept(record.tag)).set("value", kept(record.value));
  if (record.tag != "issue" && record.tag != "issuewild") return facts;
  wire::CaaIssuer const issuer = wire::read_caa_issuer(record.value);
  Value parameters = Value::object();
  for (auto const& [tag, value] : issuer.parameters) parameters.set(kept(tag), kept(value));
  facts.set("valid", issuer.valid)
      .set("issuer", issuer.domain.empty() ? Value{} : Value{kept(issuer.domain)})
      .set("parameters", std::move(parameters));
  return facts;
}

std::string_view name_of(Permission permission) {
  switch (permission) {
    case Permission::yes:
      return "yes";
    case Permission::no:
      return "no";
    case Permission::unknown:
      break;
  }
  return "unknown";
}

/// RFC 8659 section 4.3: issuewild is for certificates with a wildcard name, here for those that have no other name for this host.
bool by_wildcard_only(NamedChain const& chain, std::string const& name) {
  auto const has = [&](std::string const& wanted) {
    return std::find(chain.names.begin(), chain.names.end(), wanted) != chain.names.end();
  };
  return !has(name) && has("*." + std::string{parent(name)});
}

asio::awaitable<Value> chain_facts(DnsQuestions& questions, std::string name, NamedChain chain) {
  bool const wildcard = by_wildcard_only(chain, name);
  // RFC 8659 section 3: for *.X it is the set of X.
  std::string const from = wildcard ? std::string{parent(name)} : name;
  Result<CaaSet> const set = co_await climb(questions, from);
  Value facts = Value::object();
  std::string const organisation = attribute_of(chain.issuer, "O");
  facts.set("sha256", chain.sha256).set("issuer", organisation.empty() ? Value{} : Value{organisation}).set("wildcard", wildcard);
  if (!set) {
    facts.set("permitted", "unknown").set("reason", to_utf8(set.error().detail));
    co_return facts;
  }
  CaaVerdict const verdict = judge_caa(*set, caa_domains(chain.issuer), wildcard);
  facts.set("permitted", name_of(verdict.permitted)).set("reason", to_utf8(verdict.reason));
  co_return facts;
}

}  // namespace

std::vector<std::string_view> caa_domains(std::string_view issuer) {
  std::string const organisation = ascii_lower(attribute_of(issuer, "O"));
  for (Issuer const& known : kIssuers) {
    if (!organisation.starts_with(known.organisation)) continue;
    // A whole word: "Amazon" is not "Amazonia".
    char const next = organisation.size() == known.organisation.size() ? ' ' : organisation[known.organisation.size()];
    bool const inside_word = (next >= 'a' && next <= 'z') || (next >= '0' && next <= '9') || static_cast<unsigned char>(next) >= 0x80;
    if (!inside_word || known.organisation == "ssl corp") return split(known.domains, ' ');
  }
  return {};
}

CaaVerdict judge_caa(CaaSet const& set, std::vector<std::string_view> const& domains, bool wildcard) {
  CaaVerdict verdict;
  auto const has_tag = [&](std::string_view tag) {
    return std::any_of(set.records.begin(), set.records.end(), [&](wire::CaaRecord const& record) { return record.tag == tag; });
  };
  std::string_view const tag = wildcard && has_tag("issuewild") ? "issuewild" : "issue";
  if (set.at.empty()) {
    verdict.permitted = Permission::yes;
    verdict.reason = "there is no CAA record";
    return verdict;
  }
  for (wire::CaaRecord const& record : set.records) {
    if (!record.critical() || std::find(std::begin(kKnownTags), std::end(kKnownTags), record.tag) != std::end(kKnownTags)) continue;
    verdict.reason = "a critical property is not known here: " + record.tag.substr(0, kMaxShown);
    return verdict;
  }
  if (!has_tag(tag) && set.unreadable == 0) {
    verdict.permitted = Permission::yes;
    verdict.reason = "no property " + std::string{tag} + " at " + set.at;
    return verdict;
  }
  bool const nobody = set.unreadable == 0 && std::none_of(set.records.begin(), set.records.end(), [&](wire::CaaRecord const& record) {
                        if (record.tag != tag) return false;
                        wire::CaaIssuer const issuer = wire::read_caa_issuer(record.value);
                        return issuer.valid && !issuer.domain.empty();
                      });
  if (nobody) {
    verdict.permitted = Permission::no;
    verdict.reason = "no issuer at all is permitted at " + set.at;
    return verdict;
  }
  if (domains.empty()) {
    verdict.reason = "which domains this issuer takes for its own is not known";
    return verdict;
  }
  for (wire::CaaRecord const& record : set.records) {
    if (record.tag != tag) continue;
    wire::CaaIssuer const issuer = wire::read_caa_issuer(record.value);
    if (!issuer.valid || std::find(domains.begin(), domains.end(), issuer.domain) == domains.end()) continue;
    verdict.permitted = Permission::yes;
    verdict.reason = std::string{tag} + " " + issuer.domain + " at " + set.at;
    return verdict;
  }
  if (set.unreadable > 0) {
    verdict.reason = "a record at " + set.at + " cannot be read";
    return verdict;
  }
  verdict.permitted = Permission::no;
  verdict.reason = "no property " + std::string{tag} + " at " + set.at + " names this issuer";
  return verdict;
}

asio::awaitable<Value> caa_facts(DnsQuestions& questions, std::string name, std::vector<NamedChain> chains) {
  Result<CaaSet> const set = co_await climb(questions, name);
  if (!set) co_return no_answer(set.error());
  Value records = Value::array();
  for (wire::CaaRecord const& record : set->records) records.push_back(record_facts(record));
  Value judged = Value::array();
  for (NamedChain const& chain : chains) {
    Value each = co_await chain_facts(questions, name, chain);
    judged.push_back(std::move(each));
  }
  Value facts = Value::object();
  facts.set("at", set->at.empty() ? Value{} : Value{set->at})
      .set("secure", set->secure)
      .set("records", std::move(records))
      .set("unreadable", static_cast<std::int64_t>(set->unreadable))
      .set("chains", std::move(judged));
  co_return facts;
}

}  // namespace tlsgauge::probes
