// profile from-scan: a profile that the endpoints of a stored result just meet.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "policy/from_scan.hpp"
#include "tlsgauge/report.hpp"

namespace tlsgauge::cli {
namespace {

bool was_measured(Endpoint const& endpoint) { return endpoint.status == Status::complete || endpoint.status == Status::partial; }

bool is_wanted(Endpoint const& endpoint, std::string const& wanted) {
  Target const& target = endpoint.target;
  return wanted.empty() || wanted == target.input || wanted == fmt::format("{}:{}", target.host, target.port) ||
         wanted == fmt::format("[{}]:{}", target.host, target.port) || wanted == fmt::format("{}:{}", target.address, target.port);
}

}  // namespace

int profile_from_scan_command(FromScanCommand const& command) {
  std::string const source = input_name(command.document);
  Document const document = read_result(command.document);
  std::vector<Endpoint const*> endpoints;
  bool found = false;
  for (Endpoint const& endpoint : document.endpoints) {
    if (!is_wanted(endpoint, command.endpoint)) continue;
    found = true;
    if (was_measured(endpoint)) endpoints.push_back(&endpoint);
  }
  if (!found && !command.endpoint.empty()) throw UsageError(fmt::format("{}: has no endpoint {}", source, printable(command.endpoint)));
  if (endpoints.empty()) throw UsageError(fmt::format("{}: no endpoint in it was measured", source));
  policy::ScanProfile const profile = policy::profile_from_scan(endpoints, document.run, document.tool, command.name);
  if (profile.yaml.empty()) throw UsageError(fmt::format("{}: nothing certain was measured that a profile could demand", source));
  if (command.output.empty() || command.output == "-") {
    write_stdout(profile.yaml);
    return kMeets;
  }
  AsideFile file{command.output};
  file.write(profile.yaml);
  file.commit();
  return kMeets;
}

}  // namespace tlsgauge::cli
