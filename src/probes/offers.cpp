#include "probes/offers.hpp"

#include <algorithm>
#include <charconv>

#include "crypto/key_share.hpp"
#include "wire/reader.hpp"

namespace tlsgauge::probes {
namespace {

using wire::AlertDescription;
using wire::CipherSuite;
using wire::ClientHello;
using wire::ExtensionType;
using wire::NamedGroup;
using wire::ProtocolVersion;
using wire::SignatureScheme;

constexpr NamedGroup kShortGroups[] = {NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1, NamedGroup::secp521r1};
constexpr SignatureScheme kShortSchemes[] = {SignatureScheme{0x0403}, SignatureScheme{0x0804}, SignatureScheme{0x0401},
                                             SignatureScheme{0x0503}, SignatureScheme{0x0805}, SignatureScheme{0x0201}};

/// RFC 5054 section 2.5.1.1: SRP suites need a user name. Servers that hide who they know take any.
constexpr std::string_view kUser = "tlsgauge";

bool is_srp(CipherSuite suite) {
  wire::CipherSuiteInfo const* const info = wire::find(suite);
  return info != nullptr && info->key_exchange == "SRP";
}

/// A user name stands beside SRP suites, and nowhere else.
void name_user(ClientHello& hello) {
  bool const wanted = std::any_of(hello.cipher_suites.begin(), hello.cipher_suites.end(), is_srp);
  bool const there = wire::find(hello.extensions, ExtensionType::srp) != nullptr;
  if (wanted == there || hello.extensions.empty()) return;
  wanted ? wire::put(hello, wire::srp(kUser)) : wire::drop(hello, ExtensionType::srp);
}

/// The list of suites has another length now: `put` sets the padding anew, which keeps the message out of lengths that get lost.
void pad(ClientHello& hello) {
  if (hello.extensions.empty()) return;
  wire::Extension const same = hello.extensions.front();
  wire::put(hello, same);
}

bool is_scsv(CipherSuite suite) {
  return suite == CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV || suite == CipherSuite::TLS_FALLBACK_SCSV;
}

std::vector<NamedGroup> const& usual_groups() {
  static std::vector<NamedGroup> const groups = groups_of(solve::Enumeration{solve::group_universe()}.opening());
  return groups;
}

/// What a reply says that picks nothing.
solve::Answer unpicked(audit::Reply const& reply) {
  if (!reply.refused()) return solve::Answer::inconclusive(reply.why());
  std::optional<wire::Alert> const alert = reply.flight.fatal_alert();
  if (alert && beside_the_point(alert->description)) return solve::Answer::inconclusive(reply.why());
  return solve::Answer::refused();
}

template <class To, class From>
std::vector<To> converted(From const& from) {
  std::vector<To> to;
  to.reserve(from.size());
  for (auto const value : from) to.push_back(static_cast<To>(value));
  return to;
}

}  // namespace

ClientHello usual_hello(ProtocolVersion version, std::vector<CipherSuite> suites, std::string_view server_name) {
  ClientHello hello = wire::hello_for(version, std::move(suites), server_name);
  if (version == ProtocolVersion::TLSv1_3) wire::put(hello, wire::supported_groups(usual_groups()));
  name_user(hello);
  return hello;
}

ClientHello short_hello(ProtocolVersion version, std::vector<CipherSuite> suites, std::string_view server_name) {
  ClientHello hello = wire::hello_for(version, std::move(suites), server_name);
  if (hello.extensions.empty()) return hello;
  std::erase_if(hello.extensions, [](wire::Extension const& extension) {
    switch (extension.type) {
      case ExtensionType::server_name:
      case ExtensionType::ec_point_formats:
      case ExtensionType::renegotiation_info:
      case ExtensionType::supported_versions:
        return false;
      default:
        return true;
    }
  });
  wire::put(hello, wire::supported_groups(kShortGroups));
  if (version >= ProtocolVersion::TLSv1_2) wire::put(hello, wire::signature_algorithms(kShortSchemes));
  if (version < ProtocolVersion::TLSv1_3) return hello;
  wire::drop(hello, ExtensionType::ec_point_formats);
  wire::drop(hello, ExtensionType::renegotiation_info);
  NamedGroup const group[] = {NamedGroup::x25519};
  std::optional<ClientHello> shared = with_shares(hello, group);
  return shared ? *shared : hello;
}

std::optional<ClientHello> with_shares(ClientHello hello, std::span<NamedGroup const> groups) {
  std::vector<wire::KeyShareEntry> shares;
  for (NamedGroup const group : groups) {
    Result<crypto::OfferedShare> share = crypto::offer_share(group);
    if (share) shares.push_back(std::move(share->entry));
  }
  if (shares.empty()) return std::nullopt;
  wire::put(hello, wire::key_share(shares));
  return hello;
}

std::vector<ProtocolVersion> supported_versions_of(ClientHello const& hello) {
  std::vector<ProtocolVersion> versions;
  if (wire::Extension const* const extension = wire::find(hello.extensions, ExtensionType::supported_versions)) {
    wire::Reader reader{extension->data};
    reader.vector8([&](wire::Reader& list) {
      while (list.more()) versions.push_back(list.code<ProtocolVersion>());
    });
  }
  return versions;
}

bool holds(std::vector<solve::Code> const& list, solve::Code code) { return std::find(list.begin(), list.end(), code) != list.end(); }

std::optional<ProtocolVersion> version_to_ask(audit::Facts const& facts) {
  for (ProtocolVersion const version :
       {ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3, ProtocolVersion::TLSv1_1, ProtocolVersion::TLSv1_0}) {
    if (facts.support(version) == audit::Support::yes) return version;
  }
  return std::nullopt;
}

std::optional<ProtocolVersion> only_version(ClientHello const& hello) {
  std::vector<ProtocolVersion> const versions = supported_versions_of(hello);
  if (versions.size() > 1) return std::nullopt;
  if (versions.size() == 1) return versions.front();
  // RFC 8446 section 4.2.1: without the extension TLS 1.3 is not offered, whatever legacy_version says.
  if (hello.legacy_version > ProtocolVersion::TLSv1_2) return std::nullopt;
  return hello.legacy_version;
}

ClientHello model_hello(audit::Peer const& peer, ProtocolVersion version) {
  for (audit::Transcript const& transcript : peer.transcripts()) {
    if (!transcript.question.raw.empty() || only_version(transcript.question.hello) != version) continue;
    wire::ServerHello const* const answer = transcript.reply.server_hello();
    if (answer && answer->version() == version) return transcript.question.hello;
  }
  std::vector<solve::Code> const opening = solve::Enumeration{solve::suite_universe(version)}.opening();
  return usual_hello(version, suites_of(opening), peer.target().server_name);
}

bool for_target(audit::Peer const& peer, ClientHello const& hello) {
  std::string const& name = peer.target().server_name;
  wire::Extension const* const sent = wire::find(hello.extensions, ExtensionType::server_name);
  if (hello.extensions.empty()) return true;  // SSL 3.0 has no way to say it
  bool const address = name.find_first_not_of("0123456789.") == std::string::npos || name.find(':') != std::string::npos;
  return address ? sent == nullptr : sent != nullptr && *sent == wire::server_name(name);
}

bool same_shape(ClientHello const& a, ClientHello const& b) {
  auto const types = [](ClientHello const& hello) {
    std::vector<ExtensionType> list;
    for (wire::Extension const& extension : hello.extensions) {
      if (extension.type != ExtensionType::padding && extension.type != ExtensionType::srp) list.push_back(extension.type);
    }
    std::sort(list.begin(), list.end());
    return list;
  };
  return a.legacy_version == b.legacy_version && types(a) == types(b) && named_groups_of(a) == named_groups_of(b) &&
         has_shares(a) == has_shares(b);
}

ClientHello offering(ClientHello model, std::vector<CipherSuite> suites) {
  // SSL 3.0 has no extension that could say what the SCSV says.
  std::copy_if(model.cipher_suites.begin(), model.cipher_suites.end(), std::back_inserter(suites), is_scsv);
  model.cipher_suites = std::move(suites);
  wire::fill_random(model.random);
  name_user(model);
  pad(model);
  return model;
}

ClientHello offering(ClientHello model, std::span<NamedGroup const> groups) {
  wire::put(model, wire::supported_groups(groups));
  wire::fill_random(model.random);
  return model;
}

ClientHello signed_with(ClientHello model, std::span<SignatureScheme const> schemes) {
  std::vector<SignatureScheme> const all = schemes_of(wire::hello_for(ProtocolVersion::TLSv1_2, {}, {}));
  wire::Extension inside = wire::signature_algorithms(all);
  inside.type = ExtensionType::signature_algorithms_cert;
  wire::put(model, wire::signature_algorithms(schemes));
  wire::put(model, std::move(inside));
  wire::fill_random(model.random);
  return model;
}

std::vector<CipherSuite> suites_of(ClientHello const& hello) {
  std::vector<CipherSuite> suites = hello.cipher_suites;
  std::erase_if(suites, is_scsv);
  return suites;
}

std::vector<NamedGroup> named_groups_of(ClientHello const& hello) {
  std::vector<NamedGroup> groups;
  if (wire::Extension const* const extension = wire::find(hello.extensions, ExtensionType::supported_groups)) {
    wire::Reader reader{extension->data};
    reader.vector16([&](wire::Reader& list) {
      while (list.more()) groups.push_back(list.code<NamedGroup>());
    });
  }
  return groups;
}

std::vector<SignatureScheme> schemes_of(ClientHello const& hello) {
  std::vector<SignatureScheme> schemes;
  if (wire::Extension const* const extension = wire::find(hello.extensions, ExtensionType::signature_algorithms)) {
    wire::Reader reader{extension->data};
    reader.vector16([&](wire::Reader& list) {
      while (list.more()) schemes.push_back(list.code<SignatureScheme>());
    });
  }
  return schemes;
}

bool has_shares(ClientHello const& hello) {
  wire::Extension const* const extension = wire::find(hello.extensions, ExtensionType::key_share);
  return extension != nullptr && extension->data.size() > 2;
}

std::vector<CipherSuite> suites_of(std::vector<solve::Code> const& codes) { return converted<CipherSuite>(codes); }
std::vector<solve::Code> codes_of(std::vector<CipherSuite> const& suites) { return converted<solve::Code>(suites); }
std::vector<NamedGroup> groups_of(std::vector<solve::Code> const& codes) { return converted<NamedGroup>(codes); }
std::vector<solve::Code> codes_of(std::vector<NamedGroup> const& groups) { return converted<solve::Code>(groups); }
std::vector<SignatureScheme> schemes_of(std::vector<solve::Code> const& codes) { return converted<SignatureScheme>(codes); }
std::vector<solve::Code> codes_of(std::vector<SignatureScheme> const& schemes) { return converted<solve::Code>(schemes); }

bool beside_the_point(AlertDescription alert) {
  switch (alert) {
    case AlertDescription::unrecognized_name:
    case AlertDescription::no_application_protocol:
    case AlertDescription::decode_error:
    case AlertDescription::record_overflow:
    case AlertDescription::unsupported_extension:
    case AlertDescription::inappropriate_fallback:
      return true;
    default:
      return false;
  }
}

solve::Answer suite_answer(ProtocolVersion version, audit::Reply const& reply) {
  if (wire::ServerHello const* const hello = reply.server_hello()) {
    // Another version: the server has nothing of the list at this one.
    return hello->version() == version ? solve::Answer::picked(static_cast<solve::Code>(hello->cipher_suite)) : solve::Answer::refused();
  }
  std::optional<wire::ServerHello> const& begun = reply.flight.server_hello;
  std::optional<wire::Alert> const alert = reply.flight.fatal_alert();
  if (reply.refused() && !begun && alert && alert->description == AlertDescription::internal_error) return solve::Answer::balked();
  if (reply.refused() && begun && begun->version() == version) return solve::Answer::failed(static_cast<solve::Code>(begun->cipher_suite));
  return unpicked(reply);
}

solve::Answer group_answer(audit::Reply const& reply) {
  wire::ServerHello const* const hello = reply.server_hello();
  if (!hello) return unpicked(reply);
  if (hello->version() != ProtocolVersion::TLSv1_3) return solve::Answer::refused();
  std::optional<NamedGroup> const group = hello->key_share_group();
  if (!group) return solve::Answer::inconclusive("a ServerHello without a group");
  return solve::Answer::picked(static_cast<solve::Code>(*group));
}

solve::Answer exchange_answer(ProtocolVersion version, Part part, audit::Reply const& reply) {
  std::optional<wire::ServerHello> const& hello = reply.flight.server_hello;
  std::optional<wire::ServerKeyExchange> const& exchange = reply.flight.server_key_exchange;
  bool const begun = hello && hello->version() == version;
  // A group that was not offered makes the reply malformed.
  if (begun && exchange && (reply.answered() || (reply.outcome == audit::Outcome::malformed && part == Part::curve))) {
    if (part == Part::curve && exchange->group) return solve::Answer::picked(static_cast<solve::Code>(*exchange->group));
    if (part == Part::scheme && exchange->scheme) return solve::Answer::picked(static_cast<solve::Code>(*exchange->scheme));
    if (part == Part::ffdhe && !exchange->dh_p.empty()) {
      wire::DhPrimeInfo const* const prime = wire::find_dh_prime(exchange->dh_p);
      std::string_view const number = prime ? prime->named_group : std::string_view{};
      solve::Code group = 0;
      std::from_chars(number.data(), number.data() + number.size(), group);
      return solve::Answer::picked(group);
    }
  }
  if (reply.answered()) {
    if (!begun) return solve::Answer::refused();
    return solve::Answer::inconclusive("a ServerKeyExchange that does not tell");
  }
  if (reply.refused() && begun) return solve::Answer::refused();
  return unpicked(reply);
}

std::string_view name(solve::Chooser chooser) {
  switch (chooser) {
    case solve::Chooser::server:
      return "server";
    case solve::Chooser::client:
      return "client";
    case solve::Chooser::indifferent:
      return "indifferent";
    case solve::Chooser::inconclusive:
      break;
  }
  return "inconclusive";
}

}  // namespace tlsgauge::probes
