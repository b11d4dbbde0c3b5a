// link: cli
#include "cli/nmap_targets.hpp"

#include <cstdint>
#include <cstdlib>

#include "cli/exit_code.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace tlsgauge;
  std::string_view const text{reinterpret_cast<char const*>(data), size};
  try {
    for (Target const& target : cli::nmap_xml_targets(text, "scan.xml")) {
      if (target.host.empty() || target.port == 0 || target.list_line == 0) std::abort();
      if (target.list_line > size + 1 || target.list_file != "scan.xml") std::abort();
    }
  } catch (cli::UsageError const& error) {
    std::string_view const what = error.what();
    if (!what.starts_with("scan.xml:") || what.find('\n') != std::string_view::npos) std::abort();
  }
  return 0;
}
