#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/text.hpp"
#include "policy/server_config/openssl_suites.hpp"

namespace tlsgauge::policy {
namespace {

constexpr std::size_t kLongest = 16 * 1024;

/// A name that OpenSSL's lists of groups know, beside the registry's.
struct GroupName {
  std::string_view openssl;
  wire::NamedGroup group;
};

using enum wire::NamedGroup;

// Of objects.txt and of EC_curve_nist2nid(); upper and lower case count until 3.4.
constexpr GroupName kOldNames[] = {
    {"X25519", x25519},   {"X448", x448},       {"prime256v1", secp256r1}, {"P-256", secp256r1},
    {"P-384", secp384r1}, {"P-521", secp521r1}, {"prime192v1", secp192r1}, {"P-192", secp192r1},
    {"P-224", secp224r1}, {"B-163", sect163r2}, {"K-163", sect163k1},      {"B-233", sect233r1},
    {"K-233", sect233k1}, {"B-283", sect283r1}, {"K-283", sect283k1},      {"B-409", sect409r1},
    {"K-409", sect409k1}, {"B-571", sect571r1}, {"K-571", sect571k1},
};

bool is_at_least(OpensslBuild const& build, int major, int minor) {
  return build.major != major ? build.major > major : build.minor >= minor;
}

bool has_tls13(OpensslBuild const& build) {
  if (build.major != 1) return build.major > 1;
  return build.minor > 1 || (build.minor == 1 && build.patch >= 1);
}

/// The registry's names that this version takes.
bool has_group(OpensslBuild const& build, wire::NamedGroupInfo const& group, std::string_view name) {
  bool const modern = is_at_least(build, 3, 0);
  auto const code = static_cast<unsigned>(group.code);
  if (group.kind == "grease" || group.kind == "obsolete" || group.kind == "obsolete-pqc-hybrid") return false;
  if (group.kind == "ffdhe") return modern;
  if (group.post_quantum()) {
    return is_at_least(build, 3, 5) && (group.kind == "pqc" ? name.starts_with("MLKEM") : code >= 0x11EB && code <= 0x11ED);
  }
  // Before 3.0 these were known by their names in X9.62 only, and X25519 in capitals only.
  if (group.code == secp192r1 || group.code == secp256r1 || group.code == x25519 || group.code == x448) return modern;
  if (code >= 0x1F && code <= 0x21) return is_at_least(build, 3, 2);  // Brainpool in TLS 1.3
  return code >= 0x0001 && code <= 0x001C;
}

wire::NamedGroupInfo const* find_group(std::string_view name, OpensslBuild const& build) {
  bool const any_case = is_at_least(build, 3, 5);
  auto const same = [&](std::string_view known) { return any_case ? ascii_lower(known) == ascii_lower(name) : known == name; };
  for (GroupName const& known : kOldNames) {
    bool const since = known.group == x25519 ? is_at_least(build, 1, 1) : known.group != x448 || has_tls13(build);
    if (same(known.openssl) && since) return wire::find(known.group);
  }
  for (wire::NamedGroupInfo const& group : wire::named_groups()) {
    if (same(group.name) && has_group(build, group, group.name)) return &group;
  }
  return nullptr;
}

constexpr std::string_view kDefault35 = "?*X25519MLKEM768 / ?*X25519:?secp256r1 / ?X448:?secp384r1:?secp521r1 / ?ffdhe2048:?ffdhe3072";

/// Reads a list as 3.5 does: tuples of groups, of which each may have prefixes.
class TupleReader {
 public:
  TupleReader(OpensslBuild const& build, GroupList& list) : build_(build), list_(list) {}

  bool read_tuples(std::string_view text) {
    for (std::string_view const tuple : split(text, '/')) {
      if (trim(tuple).empty()) return false;
      for (std::string_view const group : split(trim(tuple), ':')) {
        if (!read_group(trim(group))) return false;
      }
    }
    return true;
  }
  [[nodiscard]] std::size_t key_shares() const { return shares_.size(); }

 private:
  bool read_group(std::string_view item);
  bool read_named(std::string_view name, bool unknown_is_ignored, bool key_share, bool removes);

  OpensslBuild build_;
  GroupList& list_;
  std::vector<wire::NamedGroupInfo const*> shares_;
  bool within_default_ = false;
};

bool TupleReader::read_group(std::string_view item) {
  bool ignores = false;
  bool share = false;
  bool removes = false;
  while (!item.empty()) {
    bool* const seen = item.front() == '?' ? &ignores : item.front() == '*' ? &share : item.front() == '-' ? &removes : nullptr;
    if (seen == nullptr) break;
    if (*seen) return false;
    *seen = true;
    item.remove_prefix(1);
  }
  std::string const lower = ascii_lower(item);
  bool const suite_b = lower == "default_suite_b";
  if (lower != "default" && !suite_b) return read_named(item, ignores, share, removes);
  if (ignores || removes || within_default_) return false;
  // A prefix of its own before the first of the list, which for DEFAULT has it already.
  if (share && !suite_b) return false;
  within_default_ = true;
  bool const good = read_tuples(suite_b ? (share ? "*secp256r1:secp384r1" : "secp256r1:secp384r1") : kDefault35);
  within_default_ = false;
  return good;
}

bool TupleReader::read_named(std::string_view name, bool unknown_is_ignored, bool key_share, bool removes) {
  constexpr std::size_t kLongestName = 63;
  if (name.empty() || name.size() > kLongestName) return false;
  wire::NamedGroupInfo const* const group = find_group(name, build_);
  if (group == nullptr) {
    if (!within_default_) list_.unknown.emplace_back(name);
    return unknown_is_ignored || within_default_;
  }
  auto const at = std::ranges::find(list_.groups, group);
  if (removes) {
    if (at != list_.groups.end()) list_.groups.erase(at);
    std::erase(shares_, group);
  } else if (at == list_.groups.end()) {
    list_.groups.push_back(group);
    if (key_share) shares_.push_back(group);
  }
  return true;
}

/// 1.0.2 to 3.4: names between colons, each known and there once.
bool read_plain(std::string_view text, OpensslBuild const& build, GroupList& list) {
  bool good = true;
  for (std::string_view const item : split(text, ':')) {
    wire::NamedGroupInfo const* const group = find_group(trim(item), build);
    if (group == nullptr) {
      list.unknown.emplace_back(trim(item));
      good = false;
    } else if (std::ranges::find(list.groups, group) != list.groups.end()) {
      good = false;
    } else {
      list.groups.push_back(group);
    }
  }
  return good;
}

/// By the registry's name. Suites of older versions are taken as well, though TLS 1.3 cannot use them.
wire::CipherSuiteInfo const* find_standard_name(std::string_view name, OpensslBuild const& build) {
  wire::CipherSuiteInfo const* const suite = wire::find_cipher_suite(name);
  if (suite == nullptr || (suite->name != name && (build.major < 4 || ascii_lower(suite->name) != ascii_lower(name)))) return nullptr;
  if (suite->min_version == wire::ProtocolVersion::TLSv1_3) {
    bool const aead = suite->code >= 0x1301 && suite->code <= 0x1305;
    bool const integrity_only = suite->encryption == "NULL" && is_at_least(build, 3, 4);
    return suite->status == "iana" && (aead || integrity_only) ? suite : nullptr;
  }
  std::vector<OpensslSuite> const all = openssl_suites(build);
  bool const has = std::ranges::any_of(all, [&](OpensslSuite const& known) { return known.info == suite; });
  return has ? suite : nullptr;
}

}  // namespace

OpensslBuild openssl_build(std::string_view version) {
  constexpr std::string_view kName = "OpenSSL ";
  if (version.starts_with(kName)) version.remove_prefix(kName.size());
  OpensslBuild read;
  int* const parts[] = {&read.major, &read.minor, &read.patch};
  for (std::size_t i = 0; i < std::size(parts); ++i) {
    auto const [rest, error] = std::from_chars(version.data(), version.data() + version.size(), *parts[i]);
    bool const missing = error != std::errc{} || *parts[i] < 0;
    if (missing && i < 2) return {};
    if (missing) *parts[i] = 0;
    version.remove_prefix(missing ? version.size() : static_cast<std::size_t>(rest - version.data()));
    if (i < 2 && version.starts_with('.')) version.remove_prefix(1);
  }
  return read.major < 1 ? OpensslBuild{} : read;
}

std::vector<wire::CipherSuiteInfo const*> default_ciphersuites(OpensslBuild const& build) {
  if (!has_tls13(build)) return {};
  return {wire::find(wire::CipherSuite::TLS_AES_256_GCM_SHA384), wire::find(wire::CipherSuite::TLS_CHACHA20_POLY1305_SHA256),
          wire::find(wire::CipherSuite::TLS_AES_128_GCM_SHA256)};
}

CiphersuiteList read_ciphersuites(std::string_view text, OpensslBuild const& build) {
  CiphersuiteList list;
  if (!has_tls13(build) || text.size() > kLongest) {
    list.refused = true;
    return list;
  }
  if (text.empty()) return list;
  bool named = false;
  bool strange = false;
  for (std::string_view const item : split(text, ':')) {
    std::string_view const name = trim(item);
    wire::CipherSuiteInfo const* const suite = find_standard_name(name, build);
    named = named || suite != nullptr;
    strange = strange || suite == nullptr;
    if (suite == nullptr || suite->min_version != wire::ProtocolVersion::TLSv1_3) {
      list.unknown.emplace_back(name);
    } else if (std::ranges::find(list.suites, suite) == list.suites.end()) {
      list.suites.push_back(suite);
    }
  }
  // 1.1.1 refuses a list with any strange name; since 3.0 they are passed over as long as one name is known.
  list.refused = build.major < 3 ? strange : !named;
  if (list.refused) list.suites.clear();
  return list;
}

GroupList read_groups_list(std::string_view text, OpensslBuild const& build) {
  // As many as a client sends key shares for at most.
  constexpr std::size_t kMostShares = 4;
  GroupList list;
  if (text.size() > kLongest) {
    list.refused = true;
    return list;
  }
  if (is_at_least(build, 3, 5)) {
    if (trim(text).empty()) return list;
    TupleReader reader{build, list};
    list.refused = !reader.read_tuples(text) || reader.key_shares() > kMostShares;
  } else {
    list.refused = !read_plain(text, build, list);
  }
  if (list.refused) list.groups.clear();
  return list;
}

std::vector<wire::NamedGroupInfo const*> default_groups(OpensslBuild const& build) {
  if (is_at_least(build, 3, 5)) return read_groups_list("DEFAULT", build).groups;
  if (is_at_least(build, 3, 0)) {
    return read_groups_list("x25519:secp256r1:x448:secp521r1:secp384r1:ffdhe2048:ffdhe3072:ffdhe4096:ffdhe6144:ffdhe8192", build).groups;
  }
  // 1.0.2 takes any curve of a long list.
  if (build.minor == 0) return {};
  return read_groups_list(has_tls13(build) ? "X25519:P-256:X448:P-521:P-384" : "X25519:P-256:P-521:P-384", build).groups;
}

}  // namespace tlsgauge::policy
