// Which finite-field groups does the server use up to TLS 1.2, are their primes sound, and are its keys fresh?
//
// RFC 7919 section 1: up to TLS 1.2 the server alone picks the group, and a client can hardly check it within a handshake. An audit has
// the time. Everything is read from the exchanges that other questions have made.

#include <map>
#include <set>
#include <tuple>

#include "audit/probe.hpp"
#include "crypto/primality.hpp"
#include "probes/evidence.hpp"

namespace tlsgauge::probes {
namespace {

using wire::CipherSuite;
using wire::ProtocolVersion;

constexpr std::string_view kKeys[] = {"dh_parameters"};
constexpr std::string_view kNeeds[] = {"protocols", "cipher_suites"};
constexpr audit::Citation kCitations[] = {{"RFC 5246", "7.4.3"}, {"RFC 7919", "1"}, {"RFC 9325", "4.1"}};

audit::Applicability applies(audit::Facts const& facts) {
  for (ProtocolVersion const version : facts.supported_versions()) {
    if (version > ProtocolVersion::SSLv2 && version < ProtocolVersion::TLSv1_3) return {};
  }
  return {.applies = false, .reason = "no version from SSLv3 to TLS 1.2 is known to be supported"};
}

/// Public keys of one group, and the first two connections that brought the same one.
class Keys {
 public:
  void add(Bytes const& key, audit::Transcript const& transcript) {
    if (key.empty()) return;
    ++count_;
    auto const [seen, fresh] = first_.emplace(key, &transcript);
    if (!fresh && twice_.empty() && seen->second->reply.connection != transcript.reply.connection) {
      twice_ = {seen->second, &transcript};
    }
  }
  [[nodiscard]] bool reused() const { return !twice_.empty(); }
  /// Null when there is nothing to compare.
  [[nodiscard]] Value fact() const { return reused() || count_ > 1 ? Value{reused()} : Value{}; }
  [[nodiscard]] bool compared() const { return count_ > 1; }
  [[nodiscard]] std::vector<audit::Transcript const*> const& twice() const { return twice_; }

 private:
  std::map<Bytes, audit::Transcript const*> first_;
  std::vector<audit::Transcript const*> twice_;
  std::size_t count_ = 0;
};

struct Group {
  int bits = 0;
  std::set<ProtocolVersion> versions;
  std::set<CipherSuite> suites;
  Keys keys;
  std::vector<audit::Transcript const*> first;  ///< two at most
};

using GroupKey = std::tuple<std::size_t, Bytes, Bytes>;  // length first: sorts by size

std::string reproduce(Target const& target, audit::Transcript const& transcript) {
  wire::ServerHello const& hello = *transcript.reply.server_hello();
  wire::CipherSuiteInfo const* const info = wire::find(hello.cipher_suite);
  bool const tls = hello.version() >= ProtocolVersion::TLSv1_0 && hello.version() <= ProtocolVersion::TLSv1_2;
  if (!tls || info == nullptr || info->openssl_name.empty()) return {};
  return s_client(target, s_client_version(hello.version()) + " -msg -cipher " + std::string{info->openssl_name} + ":@SECLEVEL=0");
}

Value proof(audit::Peer const& peer, std::vector<audit::Transcript const*> const& transcripts) {
  Value out = Value::array();
  for (audit::Transcript const* const each : transcripts) out.push_back(evidence(each->reply, reproduce(peer.target(), *each)));
  return out;
}

/// A server may bring a new prime each time; so many without a name are looked at.
constexpr int kMostTested = 4;

Value describe(audit::Peer const& peer, Bytes const& p, Bytes const& g, Group const& group, int& tested) {
  wire::DhPrimeInfo const* const known = wire::find_dh_prime(p);
  std::optional<crypto::Primality> sound;
  if (known != nullptr) {
    sound.emplace();
    sound->prime = known->prime;
    sound->safe_prime = known->safe_prime;
  } else if (tested++ < kMostTested) {
    sound = crypto::primality(p);
  }
  Value versions = Value::array(), suites = Value::array();
  for (ProtocolVersion const version : group.versions) versions.push_back(wire::name(version));
  for (CipherSuite const suite : group.suites) suites.push_back(wire::name(suite));
  Value entry = Value::object();
  entry.set("protocols", std::move(versions))
      .set("suites", std::move(suites))
      .set("bits", group.bits)
      .set("name", known != nullptr ? Value{known->name} : Value{})
      .set("generator", hex(g))
      .set("prime", sound ? Value{sound->prime} : Value{})
      .set("safe_prime", sound ? Value{sound->safe_prime} : Value{})
      .set("reused", group.keys.fact());
  bool const composite = sound && !sound->prime;
  if (group.keys.reused()) {
    entry.set("evidence", proof(peer, group.keys.twice()));
  } else if (composite) {
    entry.set("evidence", proof(peer, group.first));
  }
  return entry;
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  std::map<GroupKey, Group> groups;
  std::map<wire::NamedGroup, Keys> curves;
  std::set<std::pair<ProtocolVersion, CipherSuite>> read;
  for (audit::Transcript const& transcript : peer.transcripts()) {
    wire::ServerHello const* const hello = transcript.reply.server_hello();
    std::optional<wire::ServerKeyExchange> const& exchange = transcript.reply.flight.server_key_exchange;
    if (hello == nullptr || !exchange) continue;
    if (exchange->group) curves[*exchange->group].add(exchange->ec_point, transcript);
    if (exchange->dh_p.empty()) continue;
    read.emplace(hello->version(), hello->cipher_suite);
    Group& group = groups[GroupKey{exchange->dh_p.size(), exchange->dh_p, exchange->dh_g}];
    group.bits = exchange->dh_bits();
    group.versions.insert(hello->version());
    group.suites.insert(hello->cipher_suite);
    group.keys.add(exchange->dh_ys, transcript);
    if (group.first.size() < 2) group.first.push_back(&transcript);
  }
  Value list = Value::array();
  int tested = 0;
  for (auto const& [key, group] : groups) list.push_back(describe(peer, std::get<1>(key), std::get<2>(key), group, tested));
  Value ecdh_reused;
  Value ecdh_evidence;
  for (auto const& [code, keys] : curves) {
    if (!keys.compared() || ecdh_reused == Value{true}) continue;
    ecdh_reused = keys.fact();
    if (keys.reused()) ecdh_evidence = proof(peer, keys.twice());
  }
  Value out = Value::object();
  out.set("groups", std::move(list)).set("ecdh_reused", std::move(ecdh_reused));
  if (!ecdh_evidence.is_null()) out.set("evidence", std::move(ecdh_evidence));

  audit::Observation seen;
  for (ProtocolVersion const version : facts.supported_versions()) {
    for (CipherSuite const suite : facts.suites(version)) {
      wire::CipherSuiteInfo const* const info = wire::find(suite);
      if (info == nullptr || info->key_exchange != "DHE" || read.contains({version, suite}) || out["inconclusive"].is_string()) continue;
      std::string const reason = "the group of " + wire::name(suite) + " at " + wire::name(version) + " could not be read";
      out.set("inconclusive", reason);
      seen.open(reason);
    }
  }
  seen.fact("dh_parameters", std::move(out));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe dh_parameters{
    .id = "dh_parameters",
    .question = "Which finite-field groups does the server use up to TLS 1.2, are their primes sound, and are its keys fresh?",
    .connections = "0",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes
