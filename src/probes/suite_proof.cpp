#include "probes/suite_proof.hpp"

#include <algorithm>

#include "probes/confirmation.hpp"
#include "probes/evidence.hpp"
#include "probes/offers.hpp"

namespace tlsgauge::probes {
namespace {

using wire::CipherSuite;
using wire::ProtocolVersion;
using Suites = std::vector<CipherSuite>;

struct Class {
  std::string_view name;
  bool (*holds)(wire::CipherSuiteInfo const&);
};

constexpr Class kClasses[] = {
    {"export", [](wire::CipherSuiteInfo const& suite) { return suite.export_grade; }},
    {"NULL", [](wire::CipherSuiteInfo const& suite) { return suite.encryption == "NULL"; }},
    {"anonymous", [](wire::CipherSuiteInfo const& suite) { return suite.authentication == "anon"; }},
};

Suites of_class(Suites const& accepted, Class const& which) {
  Suites suites;
  std::copy_if(accepted.begin(), accepted.end(), std::back_inserter(suites), [&](CipherSuite suite) {
    wire::CipherSuiteInfo const* const info = wire::find(suite);
    return info != nullptr && which.holds(*info);
  });
  return suites;
}

bool picked_one_of(audit::Reply const& reply, ProtocolVersion version, Suites const& suites) {
  wire::ServerHello const* const hello = reply.server_hello();
  return hello && hello->version() == version && std::find(suites.begin(), suites.end(), hello->cipher_suite) != suites.end();
}

std::string reproduce(Target const& target, audit::Reply const& reply) {
  wire::ServerHello const& hello = *reply.server_hello();
  wire::CipherSuiteInfo const* const info = wire::find(hello.cipher_suite);
  if (info == nullptr || info->openssl_name.empty()) return {};
  std::string const name{info->openssl_name};
  if (hello.version() == ProtocolVersion::TLSv1_3) return s_client(target, "-tls1_3 -ciphersuites " + name);
  return s_client(target, s_client_version(hello.version()) + " -cipher " + name + ":@SECLEVEL=0");
}

/// Connections with the suite itself first.
Value evidence_for(audit::Peer const& peer, ProtocolVersion version, CipherSuite suite, std::vector<audit::Reply> const& others) {
  std::vector<audit::Reply const*> replies;
  for (audit::Transcript const& transcript : peer.transcripts()) {
    if (replies.size() < 2 && picked_one_of(transcript.reply, version, {suite})) replies.push_back(&transcript.reply);
  }
  for (audit::Reply const& other : others) {
    bool const known = std::any_of(replies.begin(), replies.end(), [&](auto const* each) { return each->connection == other.connection; });
    if (replies.size() < 2 && !known) replies.push_back(&other);
  }
  Value out = Value::array();
  for (audit::Reply const* const each : replies) out.push_back(evidence(*each, reproduce(peer.target(), *each)));
  return out;
}

}  // namespace

asio::awaitable<SuiteProof> prove(audit::Peer& peer, ProtocolVersion version, wire::ClientHello model, Suites accepted) {
  SuiteProof proof;
  for (Class const& each : kClasses) {
    Suites const suites = of_class(accepted, each);
    if (suites.empty()) continue;
    Shows const shows = [version, suites](audit::Reply const& reply) { return picked_one_of(reply, version, suites); };
    std::optional<audit::Question> again = audit::Question{offering(model, suites)};
    again->purpose = wire::name(version) + ": " + std::string{each.name} + " suites";
    Confirmation const confirmation = co_await confirmed(peer, shows, std::move(again));
    if (!confirmation.holds()) {
      proof.doubts.push_back(wire::name(version) + ": that " + std::string{each.name} + " suites are accepted: " + confirmation.doubt);
    }
    for (CipherSuite const suite : suites) {
      if (!proof.evidence.contains(suite)) proof.evidence.emplace(suite, evidence_for(peer, version, suite, confirmation.replies));
    }
  }
  co_return proof;
}

}  // namespace tlsgauge::probes
