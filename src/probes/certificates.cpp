// Which certificate chains does the server show, do they lead to an anchor, and are they for this name?
//
// RFC 5246 section 7.4.2:
//   The server MUST send a Certificate message whenever the agreed-upon key exchange method uses certificates for authentication.
//
// Up to TLS 1.2 the chains lie in transcripts that exist already. In TLS 1.3 they are encrypted (RFC 8446 section 4.4.2) and are
// asked for with a key share of our own, once for each kind of key. What others than the target are shown is what the probe server_name
// has met. Asked alone, the probe has no such transcripts: see
// certificate_wave.hpp.

#include <algorithm>
#include <memory>
#include <optional>

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "probes/certificate_wave.hpp"
#include "probes/chain_trust.hpp"
#include "probes/chains.hpp"
#include "probes/offers.hpp"
#include "probes/readable.hpp"
#include "wire/hello.hpp"

namespace tlsgauge::probes {
namespace {

using wire::CipherSuite;
using wire::ProtocolVersion;
using wire::SignatureScheme;

constexpr std::string_view kKeys[] = {"certificates"};
// What they have learned by then is not asked for again; without them the chains are asked for in a wave of their own.
constexpr std::string_view kAfter[] = {"protocols", "cipher_suites", "server_name"};
constexpr audit::Citation kCitations[] = {
    {"RFC 5246", "7.4.2"}, {"RFC 8446", "4.4.2"}, {"RFC 5280", "6"}, {"RFC 9525", "6"}, {"RFC 6066", "8"}};

audit::Applicability applies(audit::Facts const& facts) {
  bool const known = facts.document().find("protocols") != nullptr;
  if (known && facts.supported_versions().empty()) return {.applies = false, .reason = "no protocol version is known to be supported"};
  return {};
}

enum class Keys { any, of_types, of_other_types };
using Types = std::vector<std::string>;

std::vector<SignatureScheme> schemes(Keys keys, Types const& types) {
  std::vector<SignatureScheme> kept;
  for (wire::SignatureSchemeInfo const& scheme : wire::signature_schemes()) {
    bool const of_these = std::any_of(types.begin(), types.end(), [&](std::string const& type) { return signs_with(type, scheme); });
    if (scheme.tls13.starts_with("Y") && of_these == (keys == Keys::of_types)) kept.push_back(scheme.code);
  }
  return kept;
}

/// Limits the signatures of the handshake; those inside the chain stay free.
void limit_signatures(wire::ClientHello& hello, Keys keys, Types const& types) {
  wire::Extension const* const all = wire::find(hello.extensions, wire::ExtensionType::signature_algorithms);
  if (keys == Keys::any || !all) return;
  wire::Extension const inside_chain{wire::ExtensionType::signature_algorithms_cert, all->data};
  wire::put(hello, wire::signature_algorithms(schemes(keys, types)));
  wire::put(hello, inside_chain);
}

asio::awaitable<ReadableFlight> ask_tls13(audit::Peer& peer, wire::ClientHello hello, Keys keys, Types types) {
  limit_signatures(hello, keys, types);
  ReadableFlight asked = co_await ask_readable(peer, std::move(hello), "TLSv1.3 certificates");
  if (asked.failure.empty() && asked.reply.flight.certificates.empty()) asked.failure = "the encrypted flight held no certificate";
  co_return asked;
}

asio::awaitable<void> collect_tls13(audit::Peer& peer, audit::Facts const& facts, ChainBook& book) {
  constexpr ProtocolVersion kVersion = ProtocolVersion::TLSv1_3;
  bool const named = !peer.target().server_name.empty();
  wire::ClientHello const hello = readable_hello(peer, facts);
  if (hello.cipher_suites.empty()) {
    co_return book.unread(kVersion, "", "none of the server's TLS 1.3 suites can be decrypted by this build");
  }

  Types const older = book.key_types();
  std::size_t const usable = static_cast<std::size_t>(
      std::count_if(older.begin(), older.end(), [](std::string const& type) { return !schemes(Keys::of_types, {type}).empty(); }));
  Types seen;
  // The probe server_name has asked for it as well, where it had to compare.
  for (Chain const& chain : book.chains()) {
    bool const there = std::find(chain.versions.begin(), chain.versions.end(), kVersion) != chain.versions.end();
    std::string const type = chain.authentication();
    if (there && std::find(seen.begin(), seen.end(), type) == seen.end()) seen.push_back(type);
  }
  if (usable < 2 && seen.empty()) {
    Types const none;
    ReadableFlight const asked = co_await ask_tls13(peer, hello, Keys::any, none);
    if (!asked.failure.empty()) co_return book.unread(kVersion, "", asked.failure);
    book.add(kVersion, asked.reply.flight, named);
    seen.push_back(book.leaf_type(asked.reply.flight.certificates));
  }
  for (std::string const& type : older) {
    Types const only{type};
    if (schemes(Keys::of_types, only).empty() || std::find(seen.begin(), seen.end(), type) != seen.end()) continue;
    seen.push_back(type);
    ReadableFlight const asked = co_await ask_tls13(peer, hello, Keys::of_types, only);
    if (asked.failure.empty()) {
      book.add(kVersion, asked.reply.flight, named);
    } else if (!asked.refused) {  // refused: that key is not used in TLS 1.3
      book.unread(kVersion, type, asked.failure);
    }
  }
  // Older versions do not tell of all keys: their suites need not allow them. So until a refusal.
  while (!seen.back().empty() && !schemes(Keys::of_other_types, seen).empty()) {
    ReadableFlight const other = co_await ask_tls13(peer, hello, Keys::of_other_types, seen);
    if (!other.failure.empty()) {
      if (!other.refused) {
        book.note("TLSv1.3: whether there is a chain with a key other than " + join(seen, ", ") + " stayed open: " + other.failure);
      }
      break;
    }
    book.add(kVersion, other.reply.flight, named);
    std::string const type = book.leaf_type(other.reply.flight.certificates);
    if (std::find(seen.begin(), seen.end(), type) != seen.end()) break;  // it does not mind what it is asked for
    seen.push_back(type);
  }
  if (!book.holds(kVersion)) book.unread(kVersion, "", "every kind of key that older versions use is refused");
}

/// Keys that hide behind the suites of TLS 1.2 for others, where a server that has both prefers one.
asio::awaitable<void> collect_hidden(audit::Peer& peer, audit::Facts const& facts, ChainBook& book, std::string authentication, Types types,
                                     std::string what) {
  constexpr ProtocolVersion kVersion = ProtocolVersion::TLSv1_2;
  std::vector<CipherSuite> suites = facts.suites(kVersion);
  std::erase_if(suites, [&](CipherSuite suite) {
    wire::CipherSuiteInfo const* const info = wire::find(suite);
    return info == nullptr || info->authentication != authentication || (info->key_exchange != "ECDHE" && info->key_exchange != "DHE");
  });
  Types const known = book.key_types();
  bool const has = std::find_first_of(known.begin(), known.end(), types.begin(), types.end()) != known.end();
  if (suites.empty() || has) co_return;
  wire::ClientHello hello = offering(model_hello(peer, kVersion), suites);
  limit_signatures(hello, Keys::of_types, types);
  audit::Question question{std::move(hello)};
  question.purpose = "TLSv1.2 certificates for " + what;
  audit::Reply const reply = co_await peer.exchange(std::move(question));
  if (reply.answered()) {
    book.add(kVersion, reply.flight, !peer.target().server_name.empty());
  } else if (!reply.refused()) {
    book.note("TLSv1.2: whether there is a chain with a key for " + what + " stayed open: " + to_utf8(reply.why()));
  }
}

/// Up to TLS 1.2 a chain lies in every flight of a suite that needs one; where none does, it could not be read.
void miss_chains(audit::Facts const& facts, ChainBook& book) {
  for (ProtocolVersion const version : facts.supported_versions()) {
    if (version < ProtocolVersion::SSLv3 || version > ProtocolVersion::TLSv1_2 || book.holds(version)) continue;
    std::vector<CipherSuite> const suites = facts.suites(version);
    bool const needed = std::any_of(suites.begin(), suites.end(), [](CipherSuite suite) {
      wire::CipherSuiteInfo const* const info = wire::find(suite);
      return info != nullptr && (info->authentication == "RSA" || info->authentication == "ECDSA" || info->authentication == "DSS");
    });
    if (needed) book.unread(version, "", "no flight held a certificate that could be read");
  }
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  ChainBook book;
  book.add_own(peer);
  if (facts.document().find("protocols") == nullptr || facts.document().find("cipher_suites") == nullptr) {
    co_await collect_in_a_wave(peer, book);
  } else {
    miss_chains(facts, book);
    bool const tls13 = facts.support(ProtocolVersion::TLSv1_3) == audit::Support::yes;
    std::string const ecdsa = "ECDSA", eddsa = "EdDSA", rsa = "RSA", pss = "RSASSA-PSS";
    Types const eddsa_keys{"ed25519", "ed448"}, pss_keys{"rsa-pss"};
    co_await collect_hidden(peer, facts, book, ecdsa, eddsa_keys, eddsa);  // RFC 8422 section 5.10
    if (tls13) co_await collect_tls13(peer, facts, book);
    bool const beside = !tls13 && std::any_of(book.chains().begin(), book.chains().end(), [](Chain const& chain) {
      bool const here = std::find(chain.versions.begin(), chain.versions.end(), ProtocolVersion::TLSv1_2) != chain.versions.end();
      return here && chain.authentication() == "rsa";
    });
    if (beside) co_await collect_hidden(peer, facts, book, rsa, pss_keys, pss);  // RFC 8446 section 4.2.3; TLS 1.3 would have told
  }
  book.add_others(peer);
  co_await judge_chains(peer, book);
  audit::Observation seen;
  for (std::string const& reason : book.open()) seen.open(reason);
  seen.fact("certificates", book.facts(peer.target(), peer.settings()));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe certificates{
    .id = "certificates",
    .question = "Which certificate chains does the server show, do they lead to an anchor, and are they for this name?",
    .connections = "1-4, alone 8",
    .keys = kKeys,
    .citations = kCitations,
    .needs = {},
    .applies = applies,
    .ask = ask,
    .after = kAfter,
};

}  // namespace tlsgauge::probes
