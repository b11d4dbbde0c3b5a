#pragma once
// Text and documents for XML 1.0; pugixml writes them.

#include <string>
#include <string_view>

namespace pugi {
class xml_document;
}

namespace tlsgauge::report {

/// Well-formed UTF-8 of characters that XML 1.0 allows (section 2.2): others become `\xNN`, U+FFFE and U+FFFF `\u{FFFE}`, bidirectional
/// controls `\u{202E}`. Line ends and tabs stay. Escaping is left to pugixml.
[[nodiscard]] std::string xml_text(std::string_view bytes);

/// The document with its declaration, two blanks a level.
[[nodiscard]] std::string to_string(pugi::xml_document const& document);

}  // namespace tlsgauge::report
