// link: scan
#include <cstdint>
#include <cstdlib>

#include "tlsgauge/scan.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace tlsgauge;
  try {
    std::vector<Target> const targets = parse_target({reinterpret_cast<char const*>(data), size});
    if (targets.empty() || targets.size() > 65536) std::abort();
    for (Target const& target : targets) {
      if (target.host.empty() || target.port == 0) std::abort();
    }
    // What was understood reads the same when it is written plainly.
    Target const& first = targets.front();
    bool const v6 = first.host.find(':') != std::string::npos;
    Target const again = parse_target((v6 ? "[" + first.host + "]" : first.host) + ":" + std::to_string(first.port)).front();
    if (again.host != first.host || again.port != first.port || again.server_name != first.server_name) std::abort();
  } catch (TargetError const& error) {
    if (error.reason.empty()) std::abort();
  }
  return 0;
}
