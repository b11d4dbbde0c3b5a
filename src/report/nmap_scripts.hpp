#pragma once
// What nmap's scripts would say of an endpoint: ssl-cert, ssl-enum-ciphers and sslv2 in their words and structure (scripts of nmap 7.93 and
// 7.99), and a script "tlsgauge" for what they have no word for.
//
// nmap leaves out protocols that did not answer. Here what is inconclusive is named in "tlsgauge", as a table of that key: versions that
// may be accepted, lists that may be longer, certificates that were not read, compressors that were not asked for. Where that leaves the
// letters open "least strength" is "unknown", which in nmap's order is worse than F, unless an F is there already, and is said even where
// no version is known to be accepted. Who chooses, if not known, is a "cipher preference error". A letter that is not known is "unknown".

#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// A value of a script: an elem, or a table of them.
struct ScriptValue {
  std::string key;   ///< empty: an item of a list
  std::string text;  ///< of an elem; of a table that stands in one line of text, that line
  bool table = false;
  std::vector<ScriptValue> items = {};
};

struct Script {
  std::string id;
  std::string output;  ///< as nmap prints it behind "id: ", lines divided by \n, each printable
  std::vector<ScriptValue> values;
};

/// In alphabetical order of their ids.
[[nodiscard]] std::vector<Script> nmap_scripts(Endpoint const& endpoint);

/// "Key: value" lines, two blanks a level, as nmap prints them; begins with a line end.
[[nodiscard]] std::string script_text(std::vector<ScriptValue> const& values, std::size_t indent = 2);

/// ssl-cert for the certificate first shown for the target's name; `id` empty where none was read.
[[nodiscard]] Script ssl_cert_script(Endpoint const& endpoint);

}  // namespace tlsgauge::report
