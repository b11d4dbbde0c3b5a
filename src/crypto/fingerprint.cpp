#include "crypto/fingerprint.hpp"

#include <algorithm>
#include <vector>

#include "crypto/digest.hpp"
#include "wire/extension_list.hpp"

namespace tlsgauge::crypto {
namespace {

/// RFC 8701 section 2.
bool is_grease(unsigned code) { return (code & 0x0F0FU) == 0x0A0AU && code >> 8U == (code & 0xFFU); }

/// "47-53-5"
class Numbers {
 public:
  void add(unsigned code) {
    if (!text_.empty()) text_ += '-';
    text_ += std::to_string(code);
  }
  template <class E>
  void add_all(std::vector<E> const& codes) {
    for (E const code : codes) {
      if (!is_grease(static_cast<unsigned>(code))) add(static_cast<unsigned>(code));
    }
  }
  [[nodiscard]] std::string const& text() const { return text_; }

 private:
  std::string text_;
};

Fingerprint digested(std::string text) {
  Fingerprint out;
  out.md5 = md5_hex(view(text));
  out.text = std::move(text);
  return out;
}

}  // namespace

std::string jarm(std::span<wire::JarmAnswer const> answers) {
  std::string out, rest;
  for (wire::JarmAnswer const& answer : answers) {
    out += wire::jarm_characters(answer);
    rest += answer.alpn + answer.extensions;
  }
  bool const nothing = std::all_of(answers.begin(), answers.end(), [](wire::JarmAnswer const& each) { return each.text() == "|||"; });
  return out + (nothing ? std::string(32, '0') : sha256_hex(view(rest)).substr(0, 32));
}

Fingerprint ja3(wire::ClientHello const& hello) {
  Numbers suites, extensions, groups, formats;
  suites.add_all(hello.cipher_suites);
  for (wire::Extension const& extension : hello.extensions) {
    if (!is_grease(static_cast<unsigned>(extension.type))) extensions.add(static_cast<unsigned>(extension.type));
  }
  if (wire::Extension const* const list = wire::find(hello.extensions, wire::ExtensionType::supported_groups)) {
    wire::Reader reader{list->data};
    groups.add_all(wire::read_codes<wire::NamedGroup>(reader));
  }
  if (wire::Extension const* const list = wire::find(hello.extensions, wire::ExtensionType::ec_point_formats)) {
    wire::Reader reader{list->data};
    reader.vector8([&](wire::Reader& octets) {
      while (octets.more()) formats.add(octets.u8());
    });
  }
  return digested(std::to_string(static_cast<unsigned>(hello.legacy_version)) + ',' + suites.text() + ',' + extensions.text() + ',' +
                  groups.text() + ',' + formats.text());
}

Fingerprint ja3s(wire::ServerHello const& hello) {
  Numbers extensions;
  for (wire::Extension const& extension : hello.extensions) extensions.add(static_cast<unsigned>(extension.type));
  return digested(std::to_string(static_cast<unsigned>(hello.legacy_version)) + ',' +
                  std::to_string(static_cast<unsigned>(hello.cipher_suite)) + ',' + extensions.text());
}

}  // namespace tlsgauge::crypto
