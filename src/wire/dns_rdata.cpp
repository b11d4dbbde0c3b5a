#include "wire/dns_rdata.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/text.hpp"
#include "wire/reader.hpp"

namespace tlsgauge::wire {
namespace {

constexpr std::size_t kMaxName = 255;  // RFC 1035 section 2.3.4

std::string text_of(ByteView bytes) { return {reinterpret_cast<char const*>(bytes.data()), bytes.size()}; }

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// RFC 8659 section 4.2: label = (ALPHA / DIGIT) *( *("-") (ALPHA / DIGIT)).
bool is_label(std::string_view text) {
  if (text.empty() || text.front() == '-' || text.back() == '-') return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return is_alphanumeric(c) || c == '-'; });
}

/// An uncompressed name (RFC 9460 section 2.2), escaped as in zone files (RFC 1035 section 5.1).
std::string domain_name(Reader& reader) {
  std::string name;
  std::size_t octets = 1;
  for (std::uint8_t length = reader.u8(); length != 0; length = reader.u8()) {
    octets += std::size_t{length} + 1;
    if (length > 63 || octets > kMaxName) {
      reader.fail();
      return {};
    }
    if (!name.empty()) name += '.';
    for (std::uint8_t const octet : reader.bytes(length)) {
      char const c = static_cast<char>(octet);
      if (is_alphanumeric(c) || c == '-' || c == '_' || c == '*') {
        name += c;
      } else {
        std::array<char, 5> escaped{};
        std::snprintf(escaped.data(), escaped.size(), "\\%03u", static_cast<unsigned>(octet));
        name += escaped.data();
      }
    }
  }
  return name;
}

std::string ipv4_text(ByteView octets) {
  std::string text;
  for (std::uint8_t const octet : octets) text += (text.empty() ? "" : ".") + std::to_string(octet);
  return text;
}

/// RFC 5952: the first of the longest runs of zero groups is "::".
std::string ipv6_text(ByteView octets) {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i] = unsigned{octets[2 * i]} << 8U | octets[2 * i + 1];
  std::size_t start = 0, longest = 1;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    std::size_t end = i;
    while (end < groups.size() && groups[end] == 0) ++end;
    if (end - i > longest) {
      start = i;
      longest = end - i;
    }
  }
  std::string text;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (longest > 1 && i == start) {
      text += "::";
      i += longest - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    std::array<char, 8> group{};
    std::snprintf(group.data(), group.size(), "%x", groups[i]);
    text += group.data();
  }
  return text;
}

void read_addresses(Reader& reader, std::size_t width, std::vector<std::string>& into) {
  if (!reader.more()) reader.fail();
  while (reader.more()) {
    ByteView const octets = reader.bytes(width);
    if (octets.size() == width) into.push_back(width == 4 ? ipv4_text(octets) : ipv6_text(octets));
  }
}

EchConfigs read_ech(Reader& reader) {
  constexpr std::uint16_t kVersion = 0xFE0D;
  EchConfigs found;
  found.octets = reader.remaining();
  reader.vector16([&](Reader& list) {
    if (!list.more()) list.fail();
    while (list.more()) {
      std::uint16_t const version = list.u16();
      ++found.count;
      list.vector16([&](Reader& config) {
        if (version != kVersion) {
          (void)config.rest();
          return;
        }
        (void)config.u8();                                             // config_id
        (void)config.u16();                                            // kem_id
        config.vector16([](Reader& key) { (void)key.rest(); });        // public_key
        config.vector16([](Reader& suites) { (void)suites.rest(); });  // cipher_suites
        (void)config.u8();                                             // maximum_name_length
        config.vector8([&](Reader& name) {
          std::string const text = text_of(name.rest());
          if (found.public_name.empty()) found.public_name = text;
        });
        config.vector16([](Reader& extensions) { (void)extensions.rest(); });
      });
    }
  });
  return found;
}

enum class Key : std::uint16_t { mandatory = 0, alpn = 1, no_default_alpn = 2, port = 3, ipv4hint = 4, ech = 5, ipv6hint = 6 };

void read_parameter(std::uint16_t key, Reader& value, SvcbRecord& record) {
  switch (Key{key}) {
    case Key::mandatory:
      if (!value.more()) value.fail();
      while (value.more()) {
        std::uint16_t const named = value.u16();
        if (named == 0 || (!record.mandatory.empty() && named <= record.mandatory.back())) value.fail();
        record.mandatory.push_back(named);
      }
      break;
    case Key::alpn:
      if (!value.more()) value.fail();
      while (value.more()) {
        value.vector8([&](Reader& id) {
          if (!id.more()) id.fail();
          record.alpn.push_back(text_of(id.rest()));
        });
      }
      break;
    case Key::no_default_alpn:
      record.no_default_alpn = true;
      break;
    case Key::port:
      record.port = value.u16();
      break;
    case Key::ipv4hint:
      read_addresses(value, 4, record.ipv4_hints);
      break;
    case Key::ech:
      record.ech = read_ech(value);
      break;
    case Key::ipv6hint:
      read_addresses(value, 16, record.ipv6_hints);
      break;
    default:
      record.other_keys.push_back(key);
      (void)value.rest();
  }
}

}  // namespace

Result<CaaRecord> read_caa(ByteView rdata) {
  Reader reader{rdata};
  CaaRecord record;
  record.flags = reader.u8();
  reader.vector8([&](Reader& tag) {
    record.tag = ascii_lower(text_of(tag.rest()));
    if (record.tag.empty() || !std::all_of(record.tag.begin(), record.tag.end(), is_alphanumeric)) tag.fail();
  });
  record.value = text_of(reader.rest());
  return reader.finish("the CAA record", std::move(record));
}

CaaIssuer read_caa_issuer(std::string_view value) {
  CaaIssuer issuer;
  std::size_t const semicolon = value.find(';');
  std::string_view const domain = trimmed(value.substr(0, semicolon));
  if (!domain.empty()) {
    std::vector<std::string_view> const labels = split(domain, '.');
    if (!std::all_of(labels.begin(), labels.end(), is_label)) return issuer;
  }
  std::string_view rest = semicolon == std::string_view::npos ? std::string_view{} : trimmed(value.substr(semicolon + 1));
  if (!rest.empty()) {
    for (std::string_view const each : split(rest, ';')) {
      std::string_view const parameter = trimmed(each);
      std::size_t const equals = parameter.find('=');
      if (equals == std::string_view::npos) return issuer;
      std::string_view const tag = trimmed(parameter.substr(0, equals));
      std::string_view const content = trimmed(parameter.substr(equals + 1));
      bool const printable_content = std::all_of(content.begin(), content.end(), [](char c) { return c > ' ' && c < '\x7F'; });
      if (!is_label(tag) || !printable_content) return issuer;
      issuer.parameters.emplace_back(ascii_lower(tag), content);
    }
  }
  issuer.domain = ascii_lower(domain);
  issuer.valid = true;
  return issuer;
}

Result<TlsaRecord> read_tlsa(ByteView rdata) {
  Reader reader{rdata};
  TlsaRecord record;
  record.usage = reader.u8();
  record.selector = reader.u8();
  record.matching_type = reader.u8();
  ByteView const data = reader.rest();
  record.data.assign(data.begin(), data.end());
  if (record.data.empty()) reader.fail();
  return reader.finish("the TLSA record", std::move(record));
}

Result<SvcbRecord> read_svcb(ByteView rdata) {
  Reader reader{rdata};
  SvcbRecord record;
  record.priority = reader.u16();
  record.target = domain_name(reader);
  if (record.priority == 0) {
    // RFC 9460 section 2.4.2: recipients MUST ignore any SvcParams of an alias.
    (void)reader.rest();
    return reader.finish("the SVCB record", std::move(record));
  }
  std::vector<std::uint16_t> keys;
  while (reader.more()) {
    std::uint16_t const key = reader.u16();
    // RFC 9460 section 2.2: strictly increasing.
    if (!keys.empty() && key <= keys.back()) reader.fail();
    keys.push_back(key);
    reader.vector16([&](Reader& value) { read_parameter(key, value, record); });
  }
  // RFC 9460 sections 7.1.1 and 8: no-default-alpn needs alpn, and what is mandatory must be there.
  if (record.no_default_alpn && record.alpn.empty()) reader.fail();
  for (std::uint16_t const key : record.mandatory) {
    if (!std::binary_search(keys.begin(), keys.end(), key)) reader.fail();
  }
  return reader.finish("the SVCB record", std::move(record));
}

}  // namespace tlsgauge::wire
