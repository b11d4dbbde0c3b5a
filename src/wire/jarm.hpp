#pragma once
// The hellos of JARM, and what it keeps of their answers (salesforce/jarm, jarm.py 1.0). The fingerprint itself is in crypto.

#include <string>
#include <string_view>
#include <vector>

#include "wire/handshake.hpp"

namespace tlsgauge::wire {

struct JarmHello {
  JarmHello() = default;
  std::string_view name;  ///< as jarm.py calls it; its "tls1_1_middle_out" has the suites forward
  ClientHello hello;
};

/// The ten, in order, as jarm.py builds them for this host, which goes into server_name even when it is an address. What is random there
/// (random, session id, x25519 share, GREASE) is fixed here: no part of an answer that counts depends on it.
[[nodiscard]] std::vector<JarmHello> jarm_hellos(std::string_view host);

/// What counts of one answer; all empty where the server did not answer with a ServerHello.
struct JarmAnswer {
  JarmAnswer() = default;
  std::string cipher_suite;  ///< "c02f"
  std::string version;       ///< legacy_version: "0303"
  std::string alpn;          ///< octets as the server sent them
  std::string extensions;    ///< "ff01-000b-0023", in the server's order

  /// "c02f|0303|h2|ff01-000b-0010"
  [[nodiscard]] std::string text() const { return cipher_suite + '|' + version + '|' + alpn + '|' + extensions; }
};

/// From the first octets of the answer, record header included. As lenient as jarm.py, and as blind: an alert before the ServerHello, even
/// a warning, makes the answer empty.
[[nodiscard]] JarmAnswer jarm_answer(ByteView octets);

/// The three characters of an answer in the fingerprint: number of the suite in two hexadecimal digits, letter of the version.
[[nodiscard]] std::string jarm_characters(JarmAnswer const& answer);

}  // namespace tlsgauge::wire
