#include "solve/universe.hpp"

#include <algorithm>
#include <map>

#include "wire/hello.hpp"

namespace tlsgauge::solve {
namespace {

using wire::CipherSuite;
using wire::NamedGroup;
using wire::ProtocolVersion;

Code code(CipherSuite suite) { return static_cast<Code>(suite); }
Code code(NamedGroup group) { return static_cast<Code>(group); }

/// Orders of TLS 1.3 suites: OpenSSL and most; Go, BoringSSL and NSS; with CCM allowed.
std::vector<std::vector<Code>> const& tls13_orders() {
  static std::vector<std::vector<Code>> const orders = {
      {0x1302, 0x1303, 0x1301},
      {0x1301, 0x1302, 0x1303},
      {0x1301, 0x1303, 0x1302},
      {0x1302, 0x1301, 0x1303},
      {0x1302, 0x1303, 0x1301, 0x1304, 0x1305},
      {0x1302, 0x1303, 0x1301, 0x1304},
      {0x1301, 0x1302, 0x1303, 0x1304, 0x1305},
  };
  return orders;
}

/// Orders of TLS 1.3 groups: OpenSSL 3.0, its default before 3.0 and nginx's "auto"; OpenSSL 3.5; Go 1.24; BoringSSL; Java; GnuTLS.
std::vector<std::vector<Code>> const& group_orders() {
  static std::vector<std::vector<Code>> const orders = {
      {29, 23, 30, 25, 24, 256, 257, 258, 259, 260},
      {29, 23, 24},
      {29, 23, 30, 25, 24},
      {23, 29, 24, 25},
      {0x11EC, 29, 23, 30, 24, 25, 256, 257},
      {0x11EC, 29, 23, 24, 25},
      {0x11EC, 29, 23, 24},
      {29, 23, 24, 25, 30, 256, 257, 258, 259, 260},
      {23, 24, 25, 29, 30, 256, 257, 258, 259, 260},
      {0x11EC, 0x11EB, 0x11ED, 29, 23, 30, 24, 25, 256, 257, 258, 259, 260},
  };
  return orders;
}

Role role(CipherSuite suite) {
  wire::CipherSuiteInfo const* const info = wire::find(suite);
  if (!info) return Role::plain;
  if (info->encryption.starts_with("CHACHA20") || info->name.find("CHACHA20") != std::string_view::npos) return Role::chacha;
  switch (static_cast<Code>(suite)) {
    case 0xC02B:  // TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
    case 0xC02C:  // TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
    case 0xC02F:  // TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
    case 0xC030:  // TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
    case 0x1301:  // TLS_AES_128_GCM_SHA256
    case 0x1302:  // TLS_AES_256_GCM_SHA384
      return Role::leads;
    default:
      return Role::plain;
  }
}

/// How often, and how far up, an order has each of its codes.
std::map<Code, double> expectation(std::vector<std::vector<Code>> const& orders) {
  std::map<Code, double> weight;
  for (std::vector<Code> const& order : orders) {
    double const length = static_cast<double>(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) weight[order[i]] += (length - static_cast<double>(i)) / length;
  }
  return weight;
}

/// Sorts by expectation, then by `tier`, then by code.
template <class Tier>
Universe arrange(std::vector<Candidate> members, std::vector<std::vector<Code>> orders, Tier tier) {
  std::map<Code, double> const weight = expectation(orders);
  auto const expected = [&](Code c) {
    auto const at = weight.find(c);
    return at == weight.end() ? 0.0 : at->second;
  };
  std::sort(members.begin(), members.end(), [&](Candidate const& a, Candidate const& b) {
    double const wa = expected(a.code), wb = expected(b.code);
    if (wa != wb) return wa > wb;
    int const ta = tier(a.code), tb = tier(b.code);
    if (ta != tb) return ta < tb;
    return a.code < b.code;
  });
  members.erase(std::unique(members.begin(), members.end(), [](Candidate const& a, Candidate const& b) { return a.code == b.code; }),
                members.end());
  Universe universe;
  if (members.size() > kMaxUniverse) members.resize(kMaxUniverse);
  universe.members = std::move(members);
  universe.core = std::min(universe.members.size(), kMaxOffer);
  auto const known = [&](Code c) {
    return std::any_of(universe.members.begin(), universe.members.end(), [&](Candidate const& m) { return m.code == c; });
  };
  for (std::vector<Code>& order : orders) {
    std::erase_if(order, [&](Code c) { return !known(c); });
    if (order.empty() || std::find(universe.orders.begin(), universe.orders.end(), order) != universe.orders.end()) continue;
    universe.orders.push_back(std::move(order));
  }
  return universe;
}

/// Orders up to TLS 1.2: ours out of OpenSSL's default, since that leaves the choice to the client; its own in 3.0 and before 1.1.1; Go and
/// BoringSSL; JSSE; old OpenSSL with all curves.
std::vector<std::vector<Code>> const& curve_orders() {
  static std::vector<std::vector<Code>> const orders = {
      {29, 23, 24, 25, 30},
      {29, 23, 30, 25, 24},
      {29, 23, 24, 25},
      {23, 24, 25, 29, 30},
      {24, 23},
      {256, 257, 258, 259, 260},
      {14, 13, 25, 28, 11, 12, 27, 24, 9, 10, 26, 22, 23, 8, 6, 7, 20, 21, 4, 5, 18, 19, 1, 2, 3, 15, 16, 17},
  };
  return orders;
}

/// Orders of signature schemes: ours out of OpenSSL's default for either kind of key, since that leaves the choice to the client; its
/// own in 3.0 and 3.5; Go;
/// BoringSSL; GnuTLS.
std::vector<std::vector<Code>> const& scheme_orders() {
  static std::vector<std::vector<Code>> const orders = {
      {0x0403, 0x0503, 0x0603, 0x0303},
      {0x0804, 0x0401, 0x0805, 0x0501, 0x0806, 0x0601, 0x0301},
      {0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0303, 0x0301},
      {0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080A, 0x080B, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0303, 0x0301,
       0x0203, 0x0201},
      {0x0905, 0x0906, 0x0904, 0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0303, 0x0301},
      {0x0804, 0x0403, 0x0807, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0503, 0x0603, 0x0201, 0x0203},
      {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601, 0x0201},
      {0x0401, 0x0804, 0x0403, 0x0807, 0x0501, 0x0805, 0x0503, 0x0808, 0x0601, 0x0806, 0x0603, 0x0201, 0x0203},
  };
  return orders;
}

Universe as_listed(std::vector<Candidate> members, std::vector<std::vector<Code>> const& orders) {
  Universe universe;
  universe.as_listed = true;
  universe.members = std::move(members);
  universe.core = universe.members.size();
  for (std::vector<Code> order : orders) {
    std::erase_if(order, [&](Code c) {
      return std::none_of(universe.members.begin(), universe.members.end(), [c](Candidate const& member) { return member.code == c; });
    });
    bool const known = std::find(universe.orders.begin(), universe.orders.end(), order) != universe.orders.end();
    if (!order.empty() && !known) universe.orders.push_back(std::move(order));
  }
  return universe;
}

}  // namespace

std::vector<ServerOrder> const& server_orders() {
  static std::vector<ServerOrder> const orders = {
#define X(name, ...) {name, {__VA_ARGS__}},
#include "solve/server_orders.inc"
#undef X
  };
  return orders;
}

bool known_at(ProtocolVersion version, CipherSuite suite) {
  wire::CipherSuiteInfo const* const info = wire::find(suite);
  return info && info->min_version <= version && version <= info->max_version;
}

Universe const& suite_universe(ProtocolVersion version) {
  static std::map<ProtocolVersion, Universe> const universes = [] {
    std::map<ProtocolVersion, Universe> made;
    for (ProtocolVersion const each : wire::kAllVersions) {
      if (each != ProtocolVersion::SSLv2) made.emplace(each, suite_universe(each, wire::offerable_suites(each)));
    }
    return made;
  }();
  return universes.at(version);
}

Universe suite_universe(ProtocolVersion version, std::span<CipherSuite const> offerable) {
  std::vector<Candidate> members;
  for (CipherSuite const suite : offerable) members.push_back({.code = code(suite), .role = role(suite)});
  if (version == ProtocolVersion::TLSv1_3) {
    return arrange(std::move(members), tls13_orders(), [](Code) { return 0; });
  }
  auto const fits = [version](Code c) { return known_at(version, CipherSuite{c}); };
  std::vector<std::vector<Code>> orders;
  for (ServerOrder const& known : server_orders()) {
    if (version > ProtocolVersion::TLSv1_1 && known.name.ends_with("/old")) continue;
    std::vector<Code> order = known.suites;
    std::erase_if(order, [&](Code c) { return !fits(c); });
    if (!order.empty()) orders.push_back(std::move(order));
  }
  return arrange(std::move(members), std::move(orders), [&](Code c) {
    // Suites of a later version are asked for all the same (there are servers that take them), but not expected.
    if (!fits(c)) return 2;
    return wire::find(CipherSuite{c})->openssl_name.empty() ? 1 : 0;
  });
}

Universe const& group_universe() {
  static Universe const universe = [] {
    std::vector<NamedGroup> groups;
    for (wire::NamedGroupInfo const& info : wire::named_groups()) {
      if (info.usable_in_tls13 && info.kind != "grease") groups.push_back(info.code);
    }
    return group_universe(groups);
  }();
  return universe;
}

Universe group_universe(std::span<NamedGroup const> groups) {
  std::vector<Candidate> members;
  for (NamedGroup const group : groups) members.push_back({.code = code(group), .role = Role::plain});
  return arrange(std::move(members), group_orders(), [](Code) { return 0; });
}

Universe curve_universe(std::span<NamedGroup const> groups) {
  std::vector<Candidate> members;
  for (NamedGroup const group : groups) members.push_back({.code = code(group), .role = Role::plain});
  return as_listed(std::move(members), curve_orders());
}

Universe scheme_universe(std::span<wire::SignatureScheme const> schemes) {
  std::vector<Candidate> members;
  for (wire::SignatureScheme const scheme : schemes) members.push_back({.code = static_cast<Code>(scheme), .role = Role::plain});
  return as_listed(std::move(members), scheme_orders());
}

}  // namespace tlsgauge::solve
