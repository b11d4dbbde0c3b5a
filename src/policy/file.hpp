#pragma once
// Files that the user named.

#include <optional>
#include <string>

namespace tlsgauge::policy {

/// Its first kMaxDocumentOctets + 1 octets, so that read_document() can tell what is too large. Empty: `problem` says why, "is a folder".
[[nodiscard]] std::optional<std::string> read_file(std::string const& path, std::string& problem);

}  // namespace tlsgauge::policy
