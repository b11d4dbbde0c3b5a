#pragma once
// Files of tests/data/crypto.

#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>

#include "base/bytes.hpp"

namespace tlsgauge::test {

inline std::string vector_path(std::string const& name) { return std::string{TLSGAUGE_SOURCE_DIR} + "/tests/data/crypto/" + name; }

inline std::string vector_text(std::string const& name) {
  std::ifstream file{vector_path(name), std::ios::binary};
  if (!file) throw std::runtime_error("no vector " + name);
  return {std::istreambuf_iterator<char>{file}, {}};
}

inline std::string trimmed_vector_text(std::string const& name) {
  std::string text = vector_text(name);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

/// The first block of PEM text as octets, by hand: what is tested must not decode its own input.
inline Bytes from_pem(std::string_view pem) {
  std::size_t const begin = pem.find('\n', pem.find("-----BEGIN")) + 1;
  std::string_view const base64 = pem.substr(begin, pem.find("-----END") - begin);
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Bytes out;
  unsigned held = 0;
  unsigned bits = 0;
  for (char const c : base64) {
    std::size_t const digit = kDigits.find(c);
    if (digit == std::string_view::npos) continue;
    held = (held << 6U) | static_cast<unsigned>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out.push_back(static_cast<std::uint8_t>(held >> bits));
    }
  }
  return out;
}

inline Bytes certificate_vector(std::string const& name) { return from_pem(vector_text(name)); }

/// NAME HEX lines, continued on lines that begin with a blank; # begins a comment.
inline std::map<std::string, Bytes> named_vectors(std::string const& file) {
  std::map<std::string, std::string> text;
  std::istringstream lines{vector_text(file)};
  std::string name;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    if (line.front() == ' ') {
      text[name] += line;
      continue;
    }
    name = line.substr(0, line.find(' '));
    text[name] = line.substr(name.size());
  }
  std::map<std::string, Bytes> out;
  for (auto const& [key, value] : text) out[key] = from_hex(value).value();
  return out;
}

}  // namespace tlsgauge::test
