#pragma once
// The list of Certificate Transparency logs that browsers publish (log_list.json, version 3).

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/ct.hpp"

namespace tlsgauge::cli {

/// {"operators": [{"name", "logs": [{"description", "key", "state": {NAME: {"timestamp"}}}], "tiled_logs": [...]}]}; other members are left
/// alone. Throws UsageError that names `source` and the place.
[[nodiscard]] std::vector<CtLog> parse_ct_logs(std::string_view text, std::string const& source);

/// Of a file, at most 16 MiB.
[[nodiscard]] std::shared_ptr<std::vector<CtLog> const> read_ct_logs(std::string const& path);

}  // namespace tlsgauge::cli
