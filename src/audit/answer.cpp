#include "audit/answer.hpp"

#include <algorithm>

#include "wire/reader.hpp"
#include "wire/record.hpp"

namespace tlsgauge::audit {
namespace {

using wire::ExtensionType;
using wire::NamedGroup;
using wire::ProtocolVersion;

template <class T>
bool contains(std::vector<T> const& list, T value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::vector<ProtocolVersion> offered_versions(wire::ClientHello const& hello) {
  std::vector<ProtocolVersion> versions;
  if (wire::Extension const* const extension = wire::find(hello.extensions, ExtensionType::supported_versions)) {
    wire::Reader reader{extension->data};
    reader.vector8([&](wire::Reader& list) {
      while (list.more()) versions.push_back(list.code<ProtocolVersion>());
    });
  }
  return versions;
}

std::vector<NamedGroup> offered_groups(wire::Extension const& supported_groups) {
  std::vector<NamedGroup> groups;
  wire::Reader reader{supported_groups.data};
  reader.vector16([&](wire::Reader& list) {
    while (list.more()) groups.push_back(list.code<NamedGroup>());
  });
  return groups;
}

std::vector<NamedGroup> offered_shares(wire::ClientHello const& hello) {
  std::vector<NamedGroup> groups;
  if (wire::Extension const* const extension = wire::find(hello.extensions, ExtensionType::key_share)) {
    wire::Reader reader{extension->data};
    reader.vector16([&](wire::Reader& list) {
      while (list.more()) {
        groups.push_back(list.code<NamedGroup>());
        list.vector16([](wire::Reader& share) { share.rest(); });
      }
    });
  }
  return groups;
}

std::string wrong_version(wire::ClientHello const& hello, wire::ServerHello const& answer) {
  ProtocolVersion const version = answer.version();
  if (wire::find(answer.extensions, ExtensionType::supported_versions) != nullptr) {
    if (!contains(offered_versions(hello), version)) return "picked " + name(version) + ", which was not in supported_versions";
    // RFC 8446 section 4.2.1: a client must abort where the extension names a version prior to TLS 1.3.
    if (version < ProtocolVersion::TLSv1_3) return "picked " + name(version) + " by supported_versions, which is for TLS 1.3 alone";
    return {};
  }
  // RFC 8446 section 4.2.1: TLS 1.3 is picked by the extension only.
  if (version > ProtocolVersion::TLSv1_2) return "picked " + name(version) + " without supported_versions";
  // RFC 8446 section 4.2.1: a server that does not know supported_versions goes by legacy_version, and may be older than that.
  if (version >= ProtocolVersion::SSLv3 && version <= hello.legacy_version) return {};
  return "picked " + name(version) + ", though at most " + name(hello.legacy_version) + " was offered";
}

std::string wrong_suite(wire::ClientHello const& hello, wire::ServerHello const& answer) {
  wire::CipherSuite const suite = answer.cipher_suite;
  if (!contains(hello.cipher_suites, suite)) return "picked the suite " + name(suite) + ", which was not offered";
  wire::CipherSuiteInfo const* const info = find(suite);
  if (info == nullptr) return {};
  if (info->status == "scsv" || info->status == "grease") return "picked " + name(suite) + ", which is no cipher suite";
  bool const suite_of_tls13 = info->min_version == ProtocolVersion::TLSv1_3;
  bool const answer_of_tls13 = answer.version() >= ProtocolVersion::TLSv1_3;
  if (suite_of_tls13 != answer_of_tls13) return "picked the suite " + name(suite) + " in " + name(answer.version());
  return {};
}

std::string wrong_group(wire::ClientHello const& hello, wire::Flight const& flight) {
  wire::ServerHello const& answer = *flight.server_hello;
  std::optional<NamedGroup> const shared = answer.key_share_group();
  if (shared) {
    bool const sent = contains(offered_shares(hello), *shared);
    if (answer.is_hello_retry_request() && sent) return "asked again for a share of " + name(*shared) + ", which was sent";
    if (!answer.is_hello_retry_request() && !sent) return "answered with a share of " + name(*shared) + ", of which none was sent";
  }
  std::optional<NamedGroup> group = shared;
  if (!group && flight.server_key_exchange) group = flight.server_key_exchange->group;
  wire::Extension const* const offered = wire::find(hello.extensions, ExtensionType::supported_groups);
  if (!group || offered == nullptr || contains(offered_groups(*offered), *group)) return {};
  return "picked the group " + name(*group) + ", which was not offered";
}

}  // namespace

std::string contradiction(wire::ClientHello const& hello, wire::Flight const& flight) {
  if (!flight.server_hello) return {};
  wire::ServerHello const& answer = *flight.server_hello;
  if (std::string why = wrong_version(hello, answer); !why.empty()) return why;
  if (std::string why = wrong_suite(hello, answer); !why.empty()) return why;
  if (!contains(hello.legacy_compression_methods, answer.legacy_compression_method)) {
    return "picked compression method " + std::to_string(answer.legacy_compression_method) + ", which was not offered";
  }
  // Raw hellos never name a session that a server could know.
  if (flight.abbreviated) return "took up a session, though none was offered";
  return wrong_group(hello, flight);
}

std::string_view name(Outcome outcome) {
  constexpr std::string_view kNames[] = {"answered",  "refused", "refused_silently", "inconclusive",
                                         "malformed", "not_tls", "unreachable",      "cancelled"};
  return kNames[static_cast<std::size_t>(outcome)];
}

std::string Reply::why() const {
  std::optional<wire::Alert> const alert = outcome == Outcome::refused ? flight.fatal_alert() : std::nullopt;
  if (!alert) return detail;
  std::string const named = describe(*alert);
  return detail.starts_with(named) ? detail : named;
}

}  // namespace tlsgauge::audit
