#include "wire/registry/registry.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace tlsgauge::wire {
namespace {

using enum ProtocolVersion;

constexpr CipherSuiteInfo kSuites[] = {
#define X(identifier, ...) CipherSuiteInfo{__VA_ARGS__},
#define Y(...) CipherSuiteInfo{__VA_ARGS__},
#include "wire/registry/cipher_suites.inc"
};
constexpr CipherSuiteInfo kSsl2Kinds[] = {
#include "wire/registry/ssl2_cipher_kinds.inc"
};
#undef X
#undef Y

#define X(identifier, value, ...) NamedGroupInfo{static_cast<NamedGroup>(value), __VA_ARGS__},
#define Y(value, ...) NamedGroupInfo{static_cast<NamedGroup>(value), __VA_ARGS__},
constexpr NamedGroupInfo kGroups[] = {
#include "wire/registry/groups.inc"
};
#undef X
#undef Y

#define X(identifier, value, ...) SignatureSchemeInfo{static_cast<SignatureScheme>(value), __VA_ARGS__},
#define Y(value, ...) SignatureSchemeInfo{static_cast<SignatureScheme>(value), __VA_ARGS__},
constexpr SignatureSchemeInfo kSchemes[] = {
#include "wire/registry/signature_schemes.inc"
};
#undef X
#undef Y

#define X(identifier, ...) DhPrimeInfo{__VA_ARGS__},
#define Y(...) DhPrimeInfo{__VA_ARGS__},
constexpr DhPrimeInfo kPrimes[] = {
#include "wire/registry/dh_primes.inc"
};
#undef X
#undef Y

struct Named {
  std::uint32_t code;
  std::string_view name;
};
#define X(identifier, value, text, ...) Named{value, text},
#define Y(value, text, ...) Named{value, text},
constexpr Named kExtensions[] = {
#include "wire/registry/extensions.inc"
};
constexpr Named kAlerts[] = {
#include "wire/registry/alerts.inc"
};
#undef X
#undef Y

template <class Table>
using Index = std::unordered_map<std::uint32_t, decltype(&std::declval<Table const&>()[0])>;

template <class Table>
Index<Table> index_of(Table const& table) {
  Index<Table> index;
  for (auto const& entry : table) index.emplace(static_cast<std::uint32_t>(entry.code), &entry);
  return index;
}

template <class Map>
auto look_up(Map const& map, std::uint32_t code) -> typename Map::mapped_type {
  auto const found = map.find(code);
  return found == map.end() ? nullptr : found->second;
}

std::string hexadecimal(std::uint32_t code, int digits) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string text = "0x";
  for (int i = digits - 1; i >= 0; --i) text.push_back(kDigits[code >> (4 * i) & 0x0FU]);
  return text;
}

// RFC 8701: 0x0A0A, 0x1A1A ... 0xFAFA.
bool is_grease(std::uint32_t code) { return (code & 0x0F0FU) == 0x0A0AU && (code >> 8U) == (code & 0xFFU); }

std::string name_or_code(std::string_view name, std::uint32_t code, int digits = 4) {
  if (digits == 4 && is_grease(code)) return hexadecimal(code, 4) + " (GREASE)";
  return name.empty() ? hexadecimal(code, digits) : std::string{name};
}

std::string_view name_in(std::span<Named const> table, std::uint32_t code) {
  for (Named const& entry : table) {
    if (entry.code == code) return entry.name;
  }
  return {};
}

struct NameOfVersion {
  ProtocolVersion version;
  std::string_view name;
};
constexpr NameOfVersion kVersionNames[] = {{SSLv2, "SSLv2"},     {SSLv3, "SSLv3"},     {TLSv1_0, "TLSv1.0"},
                                           {TLSv1_1, "TLSv1.1"}, {TLSv1_2, "TLSv1.2"}, {TLSv1_3, "TLSv1.3"}};

}  // namespace

std::span<CipherSuiteInfo const> cipher_suites() { return kSuites; }
std::span<CipherSuiteInfo const> ssl2_cipher_kinds() { return kSsl2Kinds; }
std::span<NamedGroupInfo const> named_groups() { return kGroups; }
std::span<SignatureSchemeInfo const> signature_schemes() { return kSchemes; }
std::span<DhPrimeInfo const> dh_primes() { return kPrimes; }

CipherSuiteInfo const* find(CipherSuite code) {
  static auto const index = index_of(kSuites);
  return look_up(index, static_cast<std::uint32_t>(code));
}

CipherSuiteInfo const* find(Ssl2CipherKind code) {
  static auto const index = index_of(kSsl2Kinds);
  return look_up(index, static_cast<std::uint32_t>(code));
}

NamedGroupInfo const* find(NamedGroup code) {
  static auto const index = index_of(kGroups);
  return look_up(index, static_cast<std::uint32_t>(code));
}

SignatureSchemeInfo const* find(SignatureScheme code) {
  static auto const index = index_of(kSchemes);
  return look_up(index, static_cast<std::uint32_t>(code));
}

CipherSuiteInfo const* find_cipher_suite(std::string_view name) {
  static auto const index = [] {
    std::unordered_map<std::string, CipherSuiteInfo const*> names;
    for (auto const& suite : kSuites) names.emplace(ascii_lower(suite.name), &suite);
    for (auto const& suite : kSuites) {
      if (!suite.openssl_name.empty()) names.emplace(ascii_lower(suite.openssl_name), &suite);
    }
    return names;
  }();
  auto const found = index.find(ascii_lower(name));
  return found == index.end() ? nullptr : found->second;
}

NamedGroupInfo const* find_named_group(std::string_view name) {
  std::string const lower = ascii_lower(name);
  for (auto const& group : kGroups) {
    if (ascii_lower(group.name) == lower) return &group;
  }
  return nullptr;
}

DhPrimeInfo const* find_dh_prime(ByteView prime) {
  static auto const index = [] {
    std::unordered_map<std::string_view, DhPrimeInfo const*> values;
    for (auto const& known : kPrimes) values.emplace(known.hex, &known);
    return values;
  }();
  std::string const text = hex(prime);
  auto const first = std::min(text.find_first_not_of('0'), text.size());
  auto const found = index.find(std::string_view{text}.substr(first));
  return found == index.end() ? nullptr : found->second;
}

std::string name(CipherSuite code) {
  CipherSuiteInfo const* const info = find(code);
  return name_or_code(info ? info->name : "", static_cast<std::uint32_t>(code));
}

std::string name(Ssl2CipherKind code) {
  CipherSuiteInfo const* const info = find(code);
  return name_or_code(info ? info->name : "", static_cast<std::uint32_t>(code), 6);
}

std::string name(NamedGroup code) {
  NamedGroupInfo const* const info = find(code);
  return name_or_code(info ? info->name : "", static_cast<std::uint32_t>(code));
}

std::string name(SignatureScheme code) {
  SignatureSchemeInfo const* const info = find(code);
  return name_or_code(info ? info->name : "", static_cast<std::uint32_t>(code));
}

std::string name(ExtensionType code) {
  auto const value = static_cast<std::uint32_t>(code);
  return name_or_code(name_in(kExtensions, value), value);
}

std::string name(AlertDescription code) {
  auto const value = static_cast<std::uint32_t>(code);
  return name_or_code(name_in(kAlerts, value), value, 2);
}

std::string name(ProtocolVersion version) {
  for (NameOfVersion const& known : kVersionNames) {
    if (known.version == version) return std::string{known.name};
  }
  return hexadecimal(static_cast<std::uint32_t>(version), 4);
}

std::optional<ProtocolVersion> version_from(std::string_view name) {
  for (NameOfVersion const& known : kVersionNames) {
    if (known.name == name) return known.version;
  }
  return std::nullopt;
}

std::string code_text(CipherSuite code) { return hexadecimal(static_cast<std::uint32_t>(code), 4); }
std::string code_text(NamedGroup code) { return hexadecimal(static_cast<std::uint32_t>(code), 4); }
std::string code_text(SignatureScheme code) { return hexadecimal(static_cast<std::uint32_t>(code), 4); }

}  // namespace tlsgauge::wire
