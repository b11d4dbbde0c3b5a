// link: policy
// Any text as a configuration file of each server: it is one, or a ProfileError of one line says why not. What is found in it stands in
// it, and the lines to write instead can be put in.

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "policy/server_config/check.hpp"
#include "policy/server_config/read.hpp"
#include "tlsgauge/profile.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

/// A file that is only in memory.
struct MemoryFile {
  explicit MemoryFile(std::string_view text) : descriptor(memfd_create("fuzz", 0)) {
    require(descriptor >= 0 && write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  ~MemoryFile() { close(descriptor); }
  MemoryFile(MemoryFile const&) = delete;
  MemoryFile& operator=(MemoryFile const&) = delete;
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor); }
  int descriptor;
};

bool leads_elsewhere(std::string_view text) {
  for (std::string_view const word : {"nclude", "NCLUDE", "crt-list", "ServerRoot", "erverroot"}) {
    if (text.find(word) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace tlsgauge;
  std::string_view const text{reinterpret_cast<char const*>(data), size};
  // Includes lead to the machine's own files.
  if (leads_elsewhere(text)) return 0;
  MemoryFile const file{text};
  auto const lines = static_cast<int>(std::ranges::count(text, '\n')) + 1;
  for (policy::ServerKind const kind : {policy::ServerKind::nginx, policy::ServerKind::apache, policy::ServerKind::haproxy}) {
    try {
      policy::ServerVersions const versions{.server = {}, .openssl = "3.0.19"};
      policy::ServerConfig config = policy::read_server_config(kind, file.path(), versions);
      policy::check_hosts(config, versions);
      for (policy::ConfigFinding const& finding : config.findings) {
        require(finding.place.line >= 0 && finding.place.line <= lines);
        require(!finding.id.empty() && !finding.title.empty());
      }
      static_cast<void>(policy::apply_edits(text, file.path(), config.findings));
    } catch (ProfileError const& error) {
      require(std::string_view{error.what()}.find('\n') == std::string_view::npos);
    }
  }
  static_cast<void>(policy::guess_server(text));
  return 0;
}
