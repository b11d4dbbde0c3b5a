// link: policy
// Any text as nginx's configuration: it is read, or a ProfileError of one line says why not. What it promises is a profile, and the file
// with its findings mended can be read again.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "policy/server_config/check.hpp"
#include "policy/server_config/nginx.hpp"
#include "policy/server_config/promise.hpp"
#include "tlsgauge/profile.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace tlsgauge;
  std::string_view const text{reinterpret_cast<char const*>(data), size};
  if (text.find("ssl_dhparam") != std::string_view::npos) return 0;  // names a file of this machine
  policy::ServerVersions const versions{.server = "1.22.1", .openssl = "3.0.19"};
  policy::ServerConfig config;
  try {
    config = policy::evaluate_nginx(policy::parse_nginx(text, "fuzz"), versions);
  } catch (ProfileError const& error) {
    if (std::string_view{error.what()}.find('\n') != std::string_view::npos) std::abort();
    return 0;
  }
  for (policy::ConfigFinding const& finding : config.findings) {
    if (finding.title.empty() || finding.why.empty() || finding.place.line < 1) std::abort();
  }
  // Whatever stands in the file, the profile can be read.
  for (std::size_t i = 0; i < std::min<std::size_t>(config.hosts.size(), 4); ++i) {
    policy::PromiseSource const source{.file = "fuzz", .kind = policy::ServerKind::nginx, .versions = versions, .keys = {}};
    std::string const promised = policy::promised_profile(config.hosts[i], source);
    if (!promised.empty()) static_cast<void>(parse_profile(promised, "promised"));
  }
  // A mended file is one that can be read.
  std::string const mended = policy::apply_edits(text, "fuzz", config.findings);
  static_cast<void>(policy::evaluate_nginx(policy::parse_nginx(mended, "fuzz"), versions));
  return 0;
}
