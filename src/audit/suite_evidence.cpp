#include "audit/suite_evidence.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.hpp"

namespace tlsgauge::audit {
namespace {

/// The digits behind the letters: 2048 of "ffdhe2048".
int trailing_number(std::string_view name) {
  std::size_t const at = name.find_last_not_of("0123456789");
  std::string_view const digits = at == std::string_view::npos ? name : name.substr(at + 1);
  int out = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return out;
}

}  // namespace

int rsa_bits_of_curve(int curve_bits) {
  if (curve_bits < 160) return 512;
  if (curve_bits < 224) return 1024;
  if (curve_bits < 256) return 2048;
  if (curve_bits < 384) return 3072;
  return curve_bits < 512 ? 7680 : 15360;
}

int rsa_bits_of_group(std::string_view group) {
  wire::NamedGroupInfo const* const info = wire::find_named_group(group);
  if (info == nullptr) return 0;
  if (info->kind == "ffdhe") return trailing_number(info->name);
  // Of curves the registry keeps the strength, which is half the size; of hybrids that of the classical part.
  return info->security_bits > 0 ? rsa_bits_of_curve(2 * info->security_bits) : 0;
}

int rsa_bits_of_key(std::string_view type, int bits) {
  if (bits <= 0) return 0;
  if (type == "rsa" || type == "rsa-pss" || type == "dsa" || type == "dh") return bits;
  if (type == "ecdsa" || type.starts_with("ed") || type == "sm2" || type.starts_with("gost")) return rsa_bits_of_curve(bits);
  // FIPS 204 table 1: as hard to break as AES-128, AES-192 and AES-256.
  if (type == "ml-dsa-44") return rsa_bits_of_curve(256);
  if (type == "ml-dsa-65") return rsa_bits_of_curve(384);
  if (type == "ml-dsa-87") return rsa_bits_of_curve(512);
  return 0;
}

void set_exchange(SuiteEvidence& suite, Value const& item) {
  suite.group = item["group"].as_string();
  suite.dh_bits = static_cast<int>(std::clamp<std::int64_t>(item["dh_bits"].as_int(), 0, 1'000'000));
}

std::optional<KeyEvidence> key_of(Value const& chain) {
  if (chain.find("inconclusive") || chain["chain"].items().empty()) return std::nullopt;
  Value const& leaf = chain["chain"].items().front();
  Value const& key = leaf["key"];
  if (leaf["unparsable"].as_bool() || !key["bits"].is_number()) return std::nullopt;
  KeyEvidence out;
  out.type = key["type"].as_string();
  out.bits = static_cast<int>(std::clamp<std::int64_t>(key["bits"].as_int(), 0, 1'000'000));
  out.rsa_bits = rsa_bits_of_key(out.type, out.bits);
  out.signature_algorithm = leaf["signature_algorithm"].as_string();
  out.curve = key["curve"].as_string();
  out.exponent_one = key["exponent"].as_string() == "1";
  return out;
}

std::vector<KeyEvidence> keys_of(std::vector<Value const*> const& chains) {
  std::vector<KeyEvidence> out;
  auto const unread = [&](std::string type) {
    KeyEvidence key;
    key.type = std::move(type);
    out.push_back(std::move(key));
  };
  for (Value const* const chain : chains) {
    Value const& shown = (*chain)["shown_for"];
    std::string const& type = shown["authentication"].as_string();
    if (std::optional<KeyEvidence> key = key_of(*chain)) {
      out.push_back(std::move(*key));
    } else if (shown["protocol"].as_string() == wire::name(wire::ProtocolVersion::TLSv1_3) && shown["also"].items().empty()) {
      continue;
    } else if (!type.empty()) {
      unread(type);
    } else {
      for (std::string_view const each : {"rsa", "ecdsa", "dsa"}) unread(std::string{each});
    }
  }
  return out;
}

bool key_serves(KeyEvidence const& key, std::string_view authentication) {
  if (authentication.starts_with("RSA")) return key.type == "rsa" || key.type == "rsa-pss";
  if (authentication == "DSS") return key.type == "dsa";
  // RFC 8422 section 5.10: EdDSA keys go with the ECDSA suites.
  if (authentication == "ECDSA") return key.type == "ecdsa" || key.type.starts_with("ed");
  return false;
}

Ephemeral ephemeral_of(wire::CipherSuiteInfo const& suite) {
  std::string_view const exchange = suite.key_exchange;
  if (exchange == "any") return Ephemeral::any;
  if (exchange.starts_with("ECDHE") || (exchange == "ECDH" && suite.authentication == "anon")) return Ephemeral::curve;
  if (exchange.starts_with("DHE") || (exchange == "DH" && suite.authentication == "anon")) return Ephemeral::finite_field;
  return Ephemeral::none;
}

int ephemeral_bits(SuiteEvidence const& suite) { return suite.dh_bits > 0 ? suite.dh_bits : rsa_bits_of_group(suite.group); }

std::string_view broken_hash(std::string_view signature_algorithm) {
  std::string const lower = ascii_lower(signature_algorithm);
  constexpr std::pair<std::string_view, std::string_view> kBroken[] = {{"md2", "MD2"}, {"md4", "MD4"}, {"md5", "MD5"}, {"sha1", "SHA1"}};
  for (auto const& [word, name] : kBroken) {
    if (lower.find(word) != std::string::npos) return name;
  }
  return {};
}

}  // namespace tlsgauge::audit
