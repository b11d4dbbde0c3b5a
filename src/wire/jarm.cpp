#include "wire/jarm.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

namespace tlsgauge::wire {
namespace {

using enum ProtocolVersion;

// JARM's own list, a part of its definition.
constexpr std::uint16_t kSuites[] = {0x0016, 0x0033, 0x0067, 0xC09E, 0xC0A2, 0x009E, 0x0039, 0x006B, 0xC09F, 0xC0A3, 0x009F, 0x0045,
                                     0x00BE, 0x0088, 0x00C4, 0x009A, 0xC008, 0xC009, 0xC023, 0xC0AC, 0xC0AE, 0xC02B, 0xC00A, 0xC024,
                                     0xC0AD, 0xC0AF, 0xC02C, 0xC072, 0xC073, 0xCCA9, 0x1302, 0x1301, 0xCC14, 0xC007, 0xC012, 0xC013,
                                     0xC027, 0xC02F, 0xC014, 0xC028, 0xC030, 0xC060, 0xC061, 0xC076, 0xC077, 0xCCA8, 0x1305, 0x1304,
                                     0x1303, 0xCC13, 0xC011, 0x000A, 0x002F, 0x003C, 0xC09C, 0xC0A0, 0x009C, 0x0035, 0x003D, 0xC09D,
                                     0xC0A1, 0x009D, 0x0041, 0x00BA, 0x0084, 0x00C0, 0x0007, 0x0004, 0x0005};
constexpr NamedGroup kGroups[] = {NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1, NamedGroup::secp521r1};
constexpr SignatureScheme kSchemes[] = {
    SignatureScheme::ecdsa_secp256r1_sha256, SignatureScheme::rsa_pss_rsae_sha256, SignatureScheme::rsa_pkcs1_sha256,
    SignatureScheme::ecdsa_secp384r1_sha384, SignatureScheme::rsa_pss_rsae_sha384, SignatureScheme::rsa_pkcs1_sha384,
    SignatureScheme::rsa_pss_rsae_sha512,    SignatureScheme::rsa_pkcs1_sha512,    SignatureScheme::rsa_pkcs1_sha1};

constexpr std::uint16_t kGrease = 0x0A0A;
constexpr std::uint8_t kFill = 0x2A;  // in place of random octets; as a share of x25519 it is of no small order

enum class Order { forward, reverse, top_half, bottom_half, middle_out };
enum class Versions { unnamed, to_tls12, to_tls13 };  // in supported_versions

struct Recipe {
  std::string_view name;
  ProtocolVersion version;
  Order suites;
  bool tls13_suites;
  bool grease;
  bool rare_alpn;  // without h2 and http/1.1
  Versions versions;
  Order lists;  // of ALPN and supported_versions
};

constexpr Recipe kRecipes[] = {
    {"tls1_2_forward", TLSv1_2, Order::forward, true, false, false, Versions::to_tls12, Order::reverse},
    {"tls1_2_reverse", TLSv1_2, Order::reverse, true, false, false, Versions::to_tls12, Order::forward},
    {"tls1_2_top_half", TLSv1_2, Order::top_half, true, false, false, Versions::unnamed, Order::forward},
    {"tls1_2_bottom_half", TLSv1_2, Order::bottom_half, true, false, true, Versions::unnamed, Order::forward},
    {"tls1_2_middle_out", TLSv1_2, Order::middle_out, true, true, true, Versions::unnamed, Order::reverse},
    {"tls1_1_middle_out", TLSv1_1, Order::forward, true, false, false, Versions::unnamed, Order::forward},
    {"tls1_3_forward", TLSv1_3, Order::forward, true, false, false, Versions::to_tls13, Order::reverse},
    {"tls1_3_reverse", TLSv1_3, Order::reverse, true, false, false, Versions::to_tls13, Order::forward},
    {"tls1_3_invalid", TLSv1_3, Order::forward, false, false, false, Versions::to_tls13, Order::forward},
    {"tls1_3_middle_out", TLSv1_3, Order::middle_out, true, true, false, Versions::to_tls13, Order::reverse},
};

template <class T>
std::vector<T> ordered(std::vector<T> list, Order order) {
  auto const half = static_cast<std::ptrdiff_t>(list.size() / 2);
  bool const odd = list.size() % 2 == 1;
  switch (order) {
    case Order::forward:
      break;
    case Order::reverse:
      std::reverse(list.begin(), list.end());
      break;
    case Order::top_half:  // from the middle up
      list.erase(list.begin() + half + (odd ? 1 : 0), list.end());
      std::reverse(list.begin(), list.end());
      break;
    case Order::bottom_half:
      list.erase(list.begin(), list.begin() + half + (odd ? 1 : 0));
      break;
    case Order::middle_out: {
      std::vector<T> out;
      if (odd) out.push_back(list[list.size() / 2]);
      for (std::size_t i = 0, middle = list.size() / 2; i < middle; ++i) {
        out.push_back(list[middle + i + (odd ? 1 : 0)]);
        out.push_back(list[middle - i - 1]);
      }
      return out;
    }
  }
  return list;
}

bool is_tls13(std::uint16_t suite) { return suite >> 8U == 0x13; }

std::vector<CipherSuite> suites_of(Recipe const& recipe) {
  std::vector<CipherSuite> suites;
  for (std::uint16_t const code : kSuites) {
    if (recipe.tls13_suites || !is_tls13(code)) suites.push_back(CipherSuite{code});
  }
  suites = ordered(std::move(suites), recipe.suites);
  if (recipe.grease) suites.insert(suites.begin(), CipherSuite{kGrease});
  return suites;
}

std::vector<std::string> protocols_of(Recipe const& recipe) {
  std::vector<std::string> const rare = {"http/0.9", "http/1.0", "spdy/1", "spdy/2", "spdy/3", "h2c", "hq"};
  std::vector<std::string> const all = {"http/0.9", "http/1.0", "http/1.1", "spdy/1", "spdy/2", "spdy/3", "h2", "h2c", "hq"};
  return ordered(recipe.rare_alpn ? rare : all, recipe.lists);
}

std::vector<ProtocolVersion> versions_of(Recipe const& recipe) {
  std::vector<ProtocolVersion> versions = {TLSv1_0, TLSv1_1, TLSv1_2};
  if (recipe.versions == Versions::to_tls13) versions.push_back(TLSv1_3);
  versions = ordered(std::move(versions), recipe.lists);
  if (recipe.grease) versions.insert(versions.begin(), ProtocolVersion{kGrease});
  return versions;
}

std::vector<Extension> extensions_of(Recipe const& recipe, std::string_view host) {
  std::vector<KeyShareEntry> shares;
  if (recipe.grease) shares.emplace_back(NamedGroup{kGrease}, Bytes{0});
  shares.emplace_back(NamedGroup::x25519, Bytes(32, kFill));
  std::vector<Extension> list;
  if (recipe.grease) list.emplace_back(ExtensionType{kGrease}, Bytes{});
  list.push_back(server_name(host));
  list.push_back(extended_master_secret());
  list.emplace_back(ExtensionType::max_fragment_length, Bytes{1});
  list.push_back(renegotiation_info());
  list.push_back(supported_groups(kGroups));
  list.emplace_back(ExtensionType::ec_point_formats, Bytes{1, 0});
  list.push_back(session_ticket());
  list.push_back(application_layer_protocol_negotiation(protocols_of(recipe)));
  list.push_back(signature_algorithms(kSchemes));
  list.push_back(key_share(shares));
  list.emplace_back(ExtensionType::psk_key_exchange_modes, Bytes{1, 1});
  if (recipe.versions != Versions::unnamed) list.push_back(supported_versions(versions_of(recipe)));
  return list;
}

ClientHello hello_of(Recipe const& recipe, std::string_view host) {
  ClientHello hello;
  bool const tls13 = recipe.version == TLSv1_3;
  hello.record_version = tls13 ? TLSv1_0 : recipe.version;
  hello.legacy_version = tls13 ? TLSv1_2 : recipe.version;
  hello.random.fill(kFill);
  hello.legacy_session_id = Bytes(32, kFill);
  hello.cipher_suites = suites_of(recipe);
  hello.extensions = extensions_of(recipe, host);
  return hello;
}

/// Two octets as a number; empty past the end.
std::optional<std::size_t> u16_at(ByteView octets, std::size_t at) {
  if (at + 2 > octets.size()) return std::nullopt;
  return static_cast<std::size_t>(octets[at]) << 8U | octets[at + 1];
}

/// `at`: where the length of the extensions stands. False where the list goes beyond what was received.
bool read_extensions(ByteView octets, std::size_t at, JarmAnswer& answer) {
  std::optional<std::size_t> const length = u16_at(octets, at);
  if (!length) return false;
  std::size_t const end = at + 2 + *length;
  bool named = false;
  for (std::size_t i = at + 2; i + 1 < end;) {
    std::optional<std::size_t> const size = u16_at(octets, i + 2);
    if (!size) return false;
    if (!answer.extensions.empty()) answer.extensions += '-';
    answer.extensions += hex(octets.subspan(i, 2));
    std::size_t const from = std::min(i + 4, octets.size());
    ByteView const content = octets.subspan(from, std::min(*size, octets.size() - from));
    // RFC 7301 section 3.1: the length of the list and that of its only name stand in front.
    if (!named && octets[i] == 0 && octets[i + 1] == 16) {
      named = true;
      if (content.size() > 3) answer.alpn.assign(content.begin() + 3, content.end());
    }
    i += 4 + *size;
  }
  return true;
}

}  // namespace

std::vector<JarmHello> jarm_hellos(std::string_view host) {
  std::vector<JarmHello> hellos;
  for (Recipe const& recipe : kRecipes) {
    JarmHello& each = hellos.emplace_back();
    each.name = recipe.name;
    each.hello = hello_of(recipe, host);
  }
  return hellos;
}

JarmAnswer jarm_answer(ByteView octets) {
  constexpr std::size_t kSessionId = 43;  // record and message header, version, random
  constexpr std::uint8_t kHandshake = 22, kServerHello = 2, kCertificate = 11;
  if (octets.size() <= kSessionId || octets[0] != kHandshake || octets[5] != kServerHello) return {};
  std::size_t const suite = kSessionId + 1 + octets[kSessionId];
  if (suite + 2 > octets.size()) return {};
  JarmAnswer answer;
  answer.cipher_suite = hex(octets.subspan(suite, 2));
  answer.version = hex(octets.subspan(9, 2));
  // Without extensions the message, the record or all that came ends behind the compression method.
  std::size_t const extensions = suite + 3;
  bool const none = extensions >= octets.size() || octets[extensions] == kCertificate || extensions >= 5 + *u16_at(octets, 3);
  if (!none && !read_extensions(octets, extensions, answer)) return {};
  return answer;
}

std::string jarm_characters(JarmAnswer const& answer) {
  if (answer.cipher_suite.empty() || answer.version.empty()) return "000";
  auto const rank = [](std::uint16_t suite) { return is_tls13(suite) ? 0x10000U + suite : suite; };
  auto const suite = static_cast<std::uint16_t>(std::stoul(answer.cipher_suite, nullptr, 16));
  // Suites are numbered by their code, those of TLS 1.3 last; one that was not offered gets the number after all.
  bool const known = std::find(std::begin(kSuites), std::end(kSuites), suite) != std::end(kSuites);
  auto const before =
      std::count_if(std::begin(kSuites), std::end(kSuites), [&](std::uint16_t other) { return !known || rank(other) < rank(suite); });
  std::uint8_t const number[] = {static_cast<std::uint8_t>(before + 1)};
  char const minor = answer.version.back();
  return hex(number) + (minor >= '0' && minor <= '5' ? static_cast<char>('a' + (minor - '0')) : '0');
}

}  // namespace tlsgauge::wire
