#pragma once
// Configuration files of servers, as config, profile from-config and --expect-config take them.

#include <string>
#include <vector>

#include "policy/server_config/model.hpp"
#include "policy/server_config/possible.hpp"

namespace tlsgauge::cli {

struct ServerFileOptions {
  std::string file;
  std::string server;           ///< nginx, apache, haproxy; empty: by the file's look
  std::string server_version;   ///< empty: not known
  std::string openssl_version;  ///< empty: not known
};

struct ServerFile {
  policy::ServerConfig config;
  policy::ServerVersions versions;
};

/// Throws UsageError when the server will not start with the file: then it promises nothing.
void expect_startable(ServerFile const& file, std::string const& path);

/// Throws UsageError and ProfileError.
[[nodiscard]] ServerFile read_server_file(ServerFileOptions const& options);

/// The kinds of the keys in the host's certificate files; empty where one of them cannot be read here.
[[nodiscard]] policy::KeyKinds key_kinds(policy::VirtualHost const& host);

/// policy::promised_profile() with the keys of the host's certificate files.
[[nodiscard]] std::string promised_profile(policy::VirtualHost const& host, ServerFileOptions const& options, ServerFile const& file);

}  // namespace tlsgauge::cli
