#pragma once
// Which behaviour of an endpoint a server's configuration promises, written down as a profile.

#include <cstdint>
#include <string>
#include <string_view>

#include "policy/server_config/model.hpp"
#include "policy/server_config/possible.hpp"

namespace tlsgauge::policy {

struct HostChoice {
  VirtualHost const* host = nullptr;  ///< null: the file has none
  std::string note;                   ///< in words, how the choice was made
};

/// The host that a client gets which asks for that name at that port and address, by the server's own rule; with nginx by exact name, then
/// by the longest pattern (`*.example.com` before `www.*`), then the default of the address. Listeners of exactly that address go before
/// those of any. Port 0 is any; where no host listens at the port, as behind a port that is forwarded, the name alone decides. An empty
/// address, or one that the file does not name, may be any: no host where that leaves several.
[[nodiscard]] HostChoice choose_host(ServerConfig const& config, std::string_view name, std::uint16_t port, std::string_view address = {});

struct PromiseSource {
  std::string file;  ///< as the user named it
  ServerKind kind = ServerKind::nginx;
  ServerVersions versions;
  KeyKinds keys;
};

/// A profile in YAML, with one requirement a point that the configuration settles. Each names the line it rests on; what is not promised
/// is left out and said in comments. Where OpenSSL's version is not known, only what all of 1.1.1, 3.0 and 3.5 would do is promised.
/// Empty where nothing is settled, which no profile can say.
[[nodiscard]] std::string promised_profile(VirtualHost const& host, PromiseSource const& source);

}  // namespace tlsgauge::policy
