#include "wire/registry/registry.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <unordered_map>

#include "base/text.hpp"

namespace tlsgauge::wire {
namespace {

using enum ProtocolVersion;  // the tables name versions without their enumeration

#define X(identifier, code, ...) {code, __VA_ARGS__},
#define Y(code, ...) {code, __VA_ARGS__},
constexpr CipherSuiteInfo kCipherSuites[] = {
#include "wire/registry/cipher_suites.inc"
};
constexpr CipherSuiteInfo kSsl2CipherKinds[] = {
#include "wire/registry/ssl2_cipher_kinds.inc"
};

struct ExtensionInfo {
  std::uint16_t code;
  std::string_view name;
  std::string_view status;
  std::string_view rfc;
};
constexpr ExtensionInfo kExtensions[] = {
#include "wire/registry/extensions.inc"
};

struct AlertInfo {
  std::uint8_t code;
  std::string_view name;
  std::string_view rfc;
};
constexpr AlertInfo kAlerts[] = {
#include "wire/registry/alerts.inc"
};
#undef X
#undef Y

#define X(identifier, code, ...) {NamedGroup{code}, __VA_ARGS__},
#define Y(code, ...) {NamedGroup{code}, __VA_ARGS__},
constexpr NamedGroupInfo kNamedGroups[] = {
#include "wire/registry/groups.inc"
};
#undef X
#undef Y

#define X(identifier, code, ...) {SignatureScheme{code}, __VA_ARGS__},
#define Y(code, ...) {SignatureScheme{code}, __VA_ARGS__},
constexpr SignatureSchemeInfo kSignatureSchemes[] = {
#include "wire/registry/signature_schemes.inc"
};
#undef X
#undef Y

#define X(identifier, ...) {__VA_ARGS__},
#define Y(...) {__VA_ARGS__},
constexpr DhPrimeInfo kDhPrimes[] = {
#include "wire/registry/dh_primes.inc"
};
#undef X
#undef Y

template <class T>
constexpr std::uint32_t code_of(T const& entry) {
  return static_cast<std::uint32_t>(entry.code);
}

/// The entries of a table in the order of their codes; of several entries with one code the first in the table comes first.
template <auto const& table>
constexpr auto sorted_by_code() {
  std::array<std::uint16_t, std::size(table)> order{};
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint16_t>(i);
  std::sort(order.begin(), order.end(), [](std::uint16_t a, std::uint16_t b) {
    return code_of(table[a]) != code_of(table[b]) ? code_of(table[a]) < code_of(table[b]) : a < b;
  });
  return order;
}

template <auto const& table>
auto const* look_up(std::uint32_t code) {
  static constexpr auto kOrder = sorted_by_code<table>();
  auto const at = std::lower_bound(kOrder.begin(), kOrder.end(), code,
                                   [](std::uint16_t i, std::uint32_t wanted) { return code_of(table[i]) < wanted; });
  return at != kOrder.end() && code_of(table[*at]) == code ? &table[*at] : nullptr;
}

std::string number(std::uint32_t code, int digits) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "0x%0*X", digits, static_cast<unsigned>(code));
  return text.data();
}

template <class Info>
std::string name_of(Info const* info, std::uint32_t code, int digits) {
  if (!info) return number(code, digits);
  if (info->status == "grease") return number(code, digits) + " (GREASE)";
  return std::string{info->name};
}

std::string_view without_leading_zeros(std::string_view hex) {
  hex.remove_prefix(std::min(hex.find_first_not_of('0'), hex.size()));
  return hex;
}

}  // namespace

std::span<CipherSuiteInfo const> cipher_suites() { return kCipherSuites; }
std::span<CipherSuiteInfo const> ssl2_cipher_kinds() { return kSsl2CipherKinds; }
std::span<NamedGroupInfo const> named_groups() { return kNamedGroups; }
std::span<SignatureSchemeInfo const> signature_schemes() { return kSignatureSchemes; }
std::span<DhPrimeInfo const> dh_primes() { return kDhPrimes; }

CipherSuiteInfo const* find(CipherSuite code) { return look_up<kCipherSuites>(static_cast<std::uint32_t>(code)); }
CipherSuiteInfo const* find(Ssl2CipherKind code) { return look_up<kSsl2CipherKinds>(static_cast<std::uint32_t>(code)); }
NamedGroupInfo const* find(NamedGroup code) { return look_up<kNamedGroups>(static_cast<std::uint32_t>(code)); }
SignatureSchemeInfo const* find(SignatureScheme code) { return look_up<kSignatureSchemes>(static_cast<std::uint32_t>(code)); }

CipherSuiteInfo const* find_cipher_suite(std::string_view name) {
  static auto const* const kByName = [] {
    auto* names = new std::unordered_map<std::string, CipherSuiteInfo const*>;
    // The registry's own name wins over an OpenSSL name that another suite has too, and the first suite over later ones.
    for (CipherSuiteInfo const& suite : kCipherSuites) names->emplace(ascii_lower(suite.name), &suite);
    for (CipherSuiteInfo const& suite : kCipherSuites) {
      if (!suite.openssl_name.empty()) names->emplace(ascii_lower(suite.openssl_name), &suite);
    }
    return names;
  }();
  auto const at = kByName->find(ascii_lower(name));
  return at == kByName->end() ? nullptr : at->second;
}

NamedGroupInfo const* find_named_group(std::string_view name) {
  std::string const wanted = ascii_lower(name);
  auto const at = std::find_if(std::begin(kNamedGroups), std::end(kNamedGroups),
                               [&](NamedGroupInfo const& g) { return ascii_lower(g.name) == wanted; });
  return at == std::end(kNamedGroups) ? nullptr : at;
}

DhPrimeInfo const* find_dh_prime(ByteView prime) {
  static auto const* const kByValue = [] {
    auto* values = new std::unordered_map<std::string_view, DhPrimeInfo const*>;
    for (DhPrimeInfo const& known : kDhPrimes) values->emplace(without_leading_zeros(known.hex), &known);
    return values;
  }();
  constexpr std::size_t kLongest = 4096;  // four times the longest known
  if (prime.size() > kLongest) return nullptr;
  std::string const digits = hex(prime);
  auto const at = kByValue->find(without_leading_zeros(digits));
  return at == kByValue->end() ? nullptr : at->second;
}

std::string name(CipherSuite code) { return name_of(find(code), static_cast<std::uint32_t>(code), 4); }
std::string name(Ssl2CipherKind code) { return name_of(find(code), static_cast<std::uint32_t>(code), 6); }
std::string name(NamedGroup code) { return name_of(find(code), static_cast<std::uint32_t>(code), 4); }
std::string name(SignatureScheme code) { return name_of(find(code), static_cast<std::uint32_t>(code), 4); }
std::string name(ExtensionType code) {
  return name_of(look_up<kExtensions>(static_cast<std::uint32_t>(code)), static_cast<std::uint32_t>(code), 4);
}
std::string name(AlertDescription code) {
  auto const* const info = look_up<kAlerts>(static_cast<std::uint32_t>(code));
  return info ? std::string{info->name} : number(static_cast<std::uint32_t>(code), 2);
}

std::string name(ProtocolVersion version) {
  switch (version) {
    case SSLv2:
      return "SSLv2";
    case SSLv3:
      return "SSLv3";
    case TLSv1_0:
      return "TLSv1.0";
    case TLSv1_1:
      return "TLSv1.1";
    case TLSv1_2:
      return "TLSv1.2";
    case TLSv1_3:
      return "TLSv1.3";
    case none:
      break;
  }
  return number(static_cast<std::uint32_t>(version), 4);
}

std::optional<ProtocolVersion> version_from(std::string_view text) {
  for (ProtocolVersion const version : kAllVersions) {
    if (name(version) == text) return version;
  }
  return std::nullopt;
}

std::string code_text(CipherSuite code) { return number(static_cast<std::uint32_t>(code), 4); }
std::string code_text(NamedGroup code) { return number(static_cast<std::uint32_t>(code), 4); }
std::string code_text(SignatureScheme code) { return number(static_cast<std::uint32_t>(code), 4); }

}  // namespace tlsgauge::wire
