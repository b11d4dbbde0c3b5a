#include "probes/readable.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "crypto/key_share.hpp"
#include "probes/offers.hpp"
#include "wire/hello.hpp"

namespace tlsgauge::probes {
namespace {

using wire::CipherSuite;
using wire::NamedGroup;
using wire::ProtocolVersion;

// Those that the key schedule can open.
constexpr CipherSuite kReadable[] = {CipherSuite::TLS_AES_128_GCM_SHA256, CipherSuite::TLS_AES_256_GCM_SHA384,
                                     CipherSuite::TLS_CHACHA20_POLY1305_SHA256, CipherSuite::TLS_AES_128_CCM_SHA256,
                                     CipherSuite::TLS_AES_128_CCM_8_SHA256};

constexpr int kMaxTries = 3;

/// The group to send a share of: one that the server has named, else x25519.
NamedGroup first_group(audit::Peer const& peer) {
  for (audit::Transcript const& transcript : peer.transcripts()) {
    wire::ServerHello const* const hello = transcript.reply.server_hello();
    if (!hello || hello->version() != ProtocolVersion::TLSv1_3) continue;
    std::optional<NamedGroup> const group = hello->key_share_group();
    if (group && crypto::can_share(*group)) return *group;
  }
  return NamedGroup::x25519;
}

}  // namespace

wire::ClientHello readable_hello(audit::Peer const& peer, audit::Facts const& facts) {
  std::vector<CipherSuite> const known = facts.suites(ProtocolVersion::TLSv1_3);
  std::vector<CipherSuite> suites;
  for (CipherSuite const suite : kReadable) {
    if (known.empty() || std::find(known.begin(), known.end(), suite) != known.end()) suites.push_back(suite);
  }
  wire::ClientHello hello = wire::hello_for(ProtocolVersion::TLSv1_3, std::move(suites), peer.target().server_name);
  wire::put(hello, wire::supported_groups(crypto::usable_groups()));
  // Some servers refuse whoever names only protocols that they do not have; by now they were seen to answer without.
  constexpr auto kAlpn = wire::ExtensionType::application_layer_protocol_negotiation;
  if (wire::find(model_hello(peer, ProtocolVersion::TLSv1_3).extensions, kAlpn) == nullptr) wire::drop(hello, kAlpn);
  return hello;
}

asio::awaitable<ReadableFlight> ask_readable(audit::Peer& peer, wire::ClientHello hello, std::string purpose) {
  ReadableFlight asked;
  if (hello.cipher_suites.empty()) {
    asked.failure = "none of the server's TLS 1.3 suites can be decrypted by this build";
    co_return asked;
  }
  std::vector<NamedGroup> tried;
  NamedGroup group = first_group(peer);
  bool alerted = true;
  for (int broken_off = 0;;) {
    Result<crypto::OfferedShare> const share = crypto::offer_share(group);
    if (!share) {
      asked.failure = "no key share for " + wire::name(group) + " can be made: " + share.error().detail;
      co_return asked;
    }
    std::vector<wire::KeyShareEntry> const shares{share->entry};
    wire::fill_random(hello.random);
    wire::put(hello, wire::key_share(shares));
    audit::Question question{hello};
    question.keys = share->keys;
    question.purpose = purpose + ", share for " + wire::name(group);
    asked.reply = co_await peer.exchange(std::move(question));
    wire::ServerHello const* const answer = asked.reply.server_hello();
    if (!answer) {
      bool const begun = asked.reply.outcome == audit::Outcome::inconclusive && asked.reply.flight.server_hello.has_value();
      // JSSE sends its ServerHello before it knows whether it has a key, and an alert behind it when it has none.
      alerted = alerted && asked.reply.flight.fatal_alert().has_value();
      if (begun && ++broken_off < kMaxTries) continue;
      asked.refused = asked.reply.refused() || (begun && alerted);
      asked.failure = asked.reply.why();
      co_return asked;
    }
    if (!answer->is_hello_retry_request()) co_return asked;
    tried.push_back(group);
    std::optional<NamedGroup> const wanted = answer->key_share_group();
    if (!wanted || !crypto::can_share(*wanted) || std::find(tried.begin(), tried.end(), *wanted) != tried.end()) {
      asked.failure = "the server asks to retry with " + (wanted ? wire::name(*wanted) : std::string{"no group"}) + ", which leads nowhere";
      co_return asked;
    }
    group = *wanted;
  }
}

}  // namespace tlsgauge::probes
