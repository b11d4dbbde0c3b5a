#pragma once
// Writing YAML that read_document() reads back: profiles made from a scan or from a server's configuration. What servers and files say
// may stand in them, so every text goes through here.

#include <string>
#include <string_view>
#include <vector>

namespace tlsgauge::policy {

/// A text that reads back as itself and as a text, never as a number, a boolean or nothing: plain where that is safe, else in double
/// quotes. Control characters and what is not UTF-8 become the letters that printable() shows, which is all that a profile may hold.
[[nodiscard]] std::string yaml_text(std::string_view text);

/// "[a, b]" of such texts, broken into lines of at most `width` columns that begin with `indent` blanks.
[[nodiscard]] std::string yaml_list(std::vector<std::string> const& texts, std::size_t indent = 0, std::size_t width = 140);

/// "# text", one comment line a line of `text`, each behind `indent` blanks and made printable. Ends in a line end.
[[nodiscard]] std::string yaml_comment(std::string_view text, std::size_t indent = 0);

}  // namespace tlsgauge::policy
