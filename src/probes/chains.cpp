#include "probes/chains.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "crypto/weak_keys.hpp"
#include "probes/chain_shape.hpp"
#include "probes/offers.hpp"
#include "probes/values.hpp"
#include "wire/hello.hpp"

namespace tlsgauge::probes {
namespace {

using wire::ProtocolVersion;

constexpr std::size_t kMaxChains = 16;
constexpr std::size_t kMaxCertificates = 64;
constexpr std::size_t kMaxOctets = 16 * 1024 * 1024;  // of all chains together
constexpr std::size_t kMaxPem = 1024 * 1024;          // octets of certificates that a document shows whole

Value array_of(std::vector<std::string> const& texts) {
  Value list = Value::array();
  for (std::string const& text : texts) list.push_back(text);
  return list;
}

/// Null once the certificates shown fill the document.
Value pem_within(std::size_t& room, Bytes const& der) {
  if (der.size() > room) return {};
  room -= der.size();
  return crypto::pem(der);
}

Value certificate_facts(Bytes const& der, std::size_t& room) {
  Value facts = Value::object();
  Result<crypto::Certificate> const read = crypto::read_certificate(der);
  if (!read) {
    facts.set("unparsable", true).set("sha256", crypto::sha256_hex(der)).set("pem", pem_within(room, der));
    return facts;
  }
  Value key = Value::object();
  crypto::KeyFacts const closer = crypto::key_facts(der);
  key.set("type", read->key_type)
      .set("bits", read->key_bits)
      .set("curve", or_null(read->key_curve))
      .set("exponent", or_null(closer.exponent))
      .set("faults", array_of(closer.faults));
  facts.set("subject", read->subject)
      .set("issuer", read->issuer)
      .set("serial", read->serial)
      .set("not_before", rfc3339(read->not_before))
      .set("not_after", rfc3339(read->not_after))
      .set("key", std::move(key))
      .set("signature_algorithm", read->signature_algorithm)
      .set("subject_alt_names", array_of(read->subject_alt_names))
      .set("subject_alt_names_total", static_cast<std::int64_t>(read->subject_alt_names_total))
      .set("sha256", read->sha256)
      .set("spki_sha256", read->spki_sha256)
      .set("pem", pem_within(room, der))
      .set("ca", read->is_ca)
      .set("self_issued", read->self_issued)
      .set("ocsp_urls", array_of(read->ocsp_urls))
      .set("serial_octets", static_cast<std::int64_t>(read->serial_octets))
      .set("key_usage", array_of(read->key_usage))
      .set("extended_key_usage", array_of(read->extended_key_usage));
  return facts;
}

Value shown_for(ProtocolVersion version, std::string const& authentication, std::string const& server_name) {
  Value facts = Value::object();
  facts.set("protocol", wire::name(version)).set("authentication", or_null(authentication)).set("sni", or_null(server_name));
  return facts;
}

Value shape_of(Chain const& chain) {
  return chain.cut == 0 ? chain_shape(chain.certificates) : Value::object().set("inconclusive", chain.why_open());
}

std::string name_of_asker(Chain const& chain, Target const& target) {
  if (chain.asker == Asker::stranger) return std::string{kUnknownName};
  return chain.asker == Asker::target && chain.with_server_name ? target.server_name : std::string{};
}

Value chain_facts(Chain const& chain, Target const& target, audit::Settings const& settings, std::size_t& room) {
  std::vector<ProtocolVersion> versions = chain.versions;
  std::sort(versions.rbegin(), versions.rend());
  Value shown = shown_for(versions.front(), chain.authentication(), name_of_asker(chain, target));
  if (chain.asker != Asker::target) shown.set("named", chain.asker == Asker::nobody ? "none" : "unknown");
  Value also = Value::array();
  for (std::size_t i = 1; i < versions.size(); ++i) also.push_back(wire::name(versions[i]));
  shown.set("also", std::move(also));
  Value certificates = Value::array();
  for (Bytes const& der : chain.certificates) certificates.push_back(certificate_facts(der, room));
  Value facts = Value::object();
  facts.set("shown_for", std::move(shown))
      .set("chain", std::move(certificates))
      .set("shape", shape_of(chain))
      .set("days_left", chain.leaf ? Value{days_left(chain.leaf->not_after, settings.at)} : Value{})
      .set("ocsp_stapled", chain.ocsp_stapled)
      .set("revocation", staple_facts(chain.certificates, chain.staples, settings));
  if (chain.cut > 0) {
    Value cut = Value::object();
    cut.set("certificates_shown", static_cast<std::int64_t>(chain.certificates.size())).set("octets", static_cast<std::int64_t>(chain.cut));
    facts.set("cut", std::move(cut));
  }
  for (auto const& [key, value] : chain.trust.members()) facts.set(key, value);
  return facts;
}

}  // namespace

std::string Chain::why_open() const {
  if (cut == 0) return {};
  return fmt::format("of a chain of {} octets only the first {} certificate{} kept", cut, certificates.size(),
                     certificates.size() == 1 ? " was" : "s were");
}

std::int64_t days_left(Moment not_after, Moment at) { return std::chrono::floor<std::chrono::days>(not_after - at).count(); }

void ChainBook::add_own(audit::Peer const& peer) {
  for (audit::Transcript const& transcript : peer.transcripts()) {
    audit::Reply const& reply = transcript.reply;
    if (!reply.answered()) continue;
    if (reply.flight.ssl2 && !reply.flight.ssl2->certificate.empty()) {
      enter({ProtocolVersion::SSLv2, Asker::target, false}, {reply.flight.ssl2->certificate}, reply.flight);
    } else if (wire::ServerHello const* const hello = reply.server_hello()) {
      bool const plain = transcript.question.raw.empty();
      wire::ClientHello const& asked = transcript.question.hello;
      if (plain && !for_target(peer, asked)) continue;
      add(hello->version(), reply.flight, plain && wire::find(asked.extensions, wire::ExtensionType::server_name) != nullptr);
    }
  }
}

void ChainBook::add_others(audit::Peer const& peer) {
  wire::Extension const unknown = wire::server_name(kUnknownName);
  for (audit::Transcript const& transcript : peer.transcripts()) {
    wire::ServerHello const* const hello = transcript.reply.server_hello();
    wire::Flight const& flight = transcript.reply.flight;
    wire::ClientHello const& asked = transcript.question.hello;
    if (hello == nullptr || flight.certificates.empty() || !transcript.question.raw.empty() || for_target(peer, asked)) continue;
    wire::Extension const* const name = wire::find(asked.extensions, wire::ExtensionType::server_name);
    if (name != nullptr && *name != unknown) continue;
    enter({hello->version(), name == nullptr ? Asker::nobody : Asker::stranger, name != nullptr}, flight.certificates, flight);
  }
}

void ChainBook::add(ProtocolVersion version, wire::Flight const& flight, bool with_server_name) {
  if (!flight.certificates.empty()) return enter({version, Asker::target, with_server_name}, flight.certificates, flight);
  if (flight.cut_chain > 0 && !holds(version)) {
    unread(version, "", fmt::format("the end entity's certificate, in a chain of {} octets, is too large to be kept", flight.cut_chain));
  }
}

void ChainBook::unread(ProtocolVersion version, std::string_view authentication, std::string reason) {
  open_.push_back(wire::name(version) + ": " + reason);
  unread_.push_back({version, std::string{authentication}, std::move(reason)});
}

void ChainBook::enter(Shown shown, std::vector<Bytes> const& certificates, wire::Flight const& flight) {
  bool const own = shown.asker == Asker::target;
  auto chain = std::find_if(chains_.begin(), chains_.end(), [&](Chain const& known) {
    return (known.cut > 0) == (flight.cut_chain > 0) && known.certificates == certificates;
  });
  if (chain != chains_.end() && !own && chain->asker == Asker::target) return;
  if (chain == chains_.end()) {
    std::size_t octets = 0;
    for (Bytes const& certificate : certificates) octets += certificate.size();
    if (full_) return;
    full_ = chains_.size() + unread_.size() == kMaxChains;
    if (full_) return note(fmt::format("more than {} distinct chains were shown; the others are left out", kMaxChains));
    std::string oversize;
    if (certificates.size() > kMaxCertificates) {
      oversize = fmt::format("the chain has {} certificates, more than {}", certificates.size(), kMaxCertificates);
    } else if (octets_ + octets > kMaxOctets) {
      oversize = fmt::format("a chain of {} octets is left out: with it the chains have more than {}", octets, kMaxOctets);
    }
    if (!oversize.empty()) return own ? unread(shown.version, "", oversize) : note("shown to others: " + oversize);
    octets_ += octets;
    Chain fresh;
    fresh.certificates = certificates;
    fresh.cut = flight.cut_chain;
    fresh.asker = shown.asker;
    if (Result<crypto::Certificate> read = crypto::read_certificate(certificates.front())) fresh.leaf = std::move(*read);
    chain = chains_.insert(chains_.end(), std::move(fresh));
  }
  if (std::find(chain->versions.begin(), chain->versions.end(), shown.version) == chain->versions.end()) {
    chain->versions.push_back(shown.version);
  }
  chain->cut = std::min(chain->cut, flight.cut_chain);  // the same chain takes more octets in TLS 1.3
  chain->asker = std::min(chain->asker, shown.asker);
  chain->with_server_name |= shown.with_server_name;
  chain->ocsp_stapled |= !flight.ocsp_response.empty();
  chain->staples.add(flight);
}

std::vector<std::string> ChainBook::key_types() const {
  std::vector<std::string> types;
  for (Chain const& chain : chains_) {
    std::string const type = chain.authentication();
    if (!type.empty() && std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
  }
  return types;
}

std::string ChainBook::leaf_type(std::vector<Bytes> const& certificates) const {
  for (Chain const& chain : chains_) {
    if (chain.certificates == certificates) return chain.authentication();
  }
  return {};
}

bool ChainBook::holds(ProtocolVersion version) const {
  auto const shown = [&](Chain const& chain) {
    return std::find(chain.versions.begin(), chain.versions.end(), version) != chain.versions.end();
  };
  return std::any_of(chains_.begin(), chains_.end(), shown) ||
         std::any_of(unread_.begin(), unread_.end(), [&](Unread const& unread) { return unread.version == version; });
}

Value ChainBook::facts(Target const& target, audit::Settings const& settings) const {
  std::vector<std::pair<ProtocolVersion, Value>> entries;
  std::vector<Chain const*> chains;
  for (Chain const& chain : chains_) chains.push_back(&chain);
  std::size_t room = kMaxPem;
  // In what order they were met must not show.
  std::sort(chains.begin(), chains.end(), [](Chain const* a, Chain const* b) { return a->rank() < b->rank(); });
  for (Chain const* const each : chains) {
    Chain const& chain = *each;
    entries.emplace_back(*std::max_element(chain.versions.begin(), chain.versions.end()), chain_facts(chain, target, settings, room));
  }
  for (Unread const& unread : unread_) {
    Value entry = Value::object();
    entry.set("shown_for", shown_for(unread.version, unread.authentication, target.server_name))
        .set("inconclusive", to_utf8(unread.reason));
    entries.emplace_back(unread.version, std::move(entry));
  }
  auto const rank = [](auto const& entry) { return std::pair{!entry.second["shown_for"]["named"].is_string(), entry.first}; };
  std::stable_sort(entries.begin(), entries.end(), [&](auto const& a, auto const& b) { return rank(a) > rank(b); });
  Value list = Value::array();
  for (auto& [version, entry] : entries) list.push_back(std::move(entry));
  return list;
}

}  // namespace tlsgauge::probes
