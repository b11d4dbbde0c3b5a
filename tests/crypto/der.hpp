#pragma once
// Certificates put together octet by octet, so that they can say what no issuer would sign. The signature is junk.

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace tlsgauge::test {

/// DER as text, which concatenates well.
inline std::string tlv(int tag, std::string_view content) {
  std::string out(1, static_cast<char>(tag));
  std::string length;
  for (std::size_t n = content.size(); n > 0; n >>= 8U) length.insert(length.begin(), static_cast<char>(n & 0xFFU));
  if (content.size() < 128) {
    out += static_cast<char>(content.size());
  } else {
    out += static_cast<char>(0x80U + length.size());
    out += length;
  }
  return out.append(content);
}

inline std::string octets(std::string_view hexadecimal) {
  Bytes const bytes = from_hex(hexadecimal).value();
  return {bytes.begin(), bytes.end()};
}

inline std::string sequence(std::string_view content) { return tlv(0x30, content); }
inline std::string oid(std::string_view hexadecimal) { return tlv(0x06, octets(hexadecimal)); }

/// One attribute in an RDN of its own; 550403 is commonName.
inline std::string rdn(std::string_view attribute, int string_tag, std::string_view value) {
  return tlv(0x31, sequence(oid(attribute) + tlv(string_tag, value)));
}

inline std::string extension(std::string_view id, std::string_view value) { return sequence(oid(id) + tlv(0x04, value)); }
inline std::string subject_alt_name(std::string_view names) { return extension("551d11", sequence(names)); }

struct OddCertificate {
  std::string serial = "\x01";
  std::string issuer = rdn("550403", 0x0C, "issuer");
  std::string subject = rdn("550403", 0x0C, "subject");
  std::string not_before = tlv(0x17, "250101000000Z");
  std::string not_after = tlv(0x17, "270101000000Z");
  /// Ed25519, the base point's y.
  std::string key = sequence(sequence(oid("2b6570")) + tlv(0x03, std::string(1, '\0') + octets("58" + std::string(62, '6'))));
  std::string signature = sequence(oid("2b6570"));
  std::string extensions;

  [[nodiscard]] Bytes der() const {
    std::string body = tlv(0xA0, tlv(0x02, "\x02")) + tlv(0x02, serial) + signature + sequence(issuer) + sequence(not_before + not_after) +
                       sequence(subject) + key;
    if (!extensions.empty()) body += tlv(0xA3, sequence(extensions));
    std::string const whole = sequence(sequence(body) + signature + tlv(0x03, std::string(65, '\0')));
    return {whole.begin(), whole.end()};
  }
};

}  // namespace tlsgauge::test
