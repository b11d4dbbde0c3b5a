#include "probes/stapling.hpp"

#include <algorithm>

#include "crypto/digest.hpp"
#include "crypto/ocsp.hpp"
#include "crypto/verify.hpp"
#include "probes/values.hpp"

namespace tlsgauge::probes {
namespace {

constexpr std::size_t kMostEach = 8;
constexpr std::size_t kMostCertificates = 8;
constexpr std::size_t kMaxResponse = 64 * 1024;

Value or_null(std::optional<Moment> const& moment) { return moment ? Value{rfc3339(*moment)} : Value{}; }

Value facts_of(StapleBook::Staple const& staple, std::span<Bytes const> chain, audit::Settings const& settings) {
  ByteView const certificate = chain[staple.certificate];
  Bytes const issuer = issuer_in(chain, certificate, settings);
  Value facts = Value::object();
  facts.set("certificate", crypto::sha256_hex(certificate));
  crypto::RevocationAnswer answer;
  if (staple.response.empty()) {
    answer.error = "too_large";
  } else if (issuer.empty()) {
    return facts.set("inconclusive", "the issuer of the certificate is not known");
  } else {
    answer = crypto::read_ocsp_response(staple.response, certificate, issuer, settings.at);
  }
  Value const said = answer_facts(answer);
  for (auto const& [key, value] : said.members()) facts.set(key, value);
  return facts;
}

}  // namespace

void StapleBook::add(wire::Flight const& flight) {
  add(0, flight.ocsp_response);
  for (std::size_t i = 0; i < flight.ocsp_of_issuers.size() && i + 1 < flight.certificates.size(); ++i)
    add(i + 1, flight.ocsp_of_issuers[i]);
}

void StapleBook::add(std::size_t certificate, Bytes const& response) {
  if (response.empty() || certificate >= kMostCertificates) return;
  Bytes const kept = response.size() <= kMaxResponse ? response : Bytes{};
  auto const same = [&](Staple const& known) { return known.certificate == certificate && known.response == kept; };
  auto const of_it = [&](Staple const& known) { return known.certificate == certificate; };
  if (std::ranges::any_of(staples_, same) || static_cast<std::size_t>(std::ranges::count_if(staples_, of_it)) >= kMostEach) return;
  staples_.push_back({certificate, kept});
}

Value staple_facts(std::span<Bytes const> chain, StapleBook const& book, audit::Settings const& settings) {
  Result<crypto::RevocationPointers> const leaf = crypto::revocation_pointers(chain.front());
  if (!leaf) return Value{};
  std::vector<StapleBook::Staple> sorted = book.staples();
  std::ranges::stable_sort(sorted, [](auto const& a, auto const& b) {
    return a.certificate != b.certificate ? a.certificate < b.certificate : a.response < b.response;
  });
  Value staples = Value::array();
  for (StapleBook::Staple const& staple : sorted) {
    Value facts = facts_of(staple, chain, settings);
    bool const known = std::ranges::find(staples.items(), facts) != staples.items().end();
    if (!known) staples.push_back(std::move(facts));
  }
  return Value::object().set("must_staple", leaf->must_staple).set("staples", std::move(staples));
}

Value answer_facts(crypto::RevocationAnswer const& answer) {
  return Value::object()
      .set("status", or_null(answer.status))
      .set("error", or_null(answer.error))
      .set("this_update", or_null(answer.this_update))
      .set("next_update", or_null(answer.next_update))
      .set("produced_at", or_null(answer.produced_at))
      .set("revoked_at", or_null(answer.revoked_at))
      .set("reason", or_null(answer.reason));
}

Bytes issuer_in(std::span<Bytes const> chain, ByteView certificate, audit::Settings const& settings) {
  Result<std::shared_ptr<crypto::TrustStore const>> const store = crypto::TrustStore::load(settings.ca_file);
  return crypto::find_issuer(certificate, chain, store ? store->get() : nullptr);
}

}  // namespace tlsgauge::probes
