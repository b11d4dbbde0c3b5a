#pragma once
// A small HTTPS server on loopback, in process: what the demo scans.

#include <memory>
#include <string>

#include "base/result.hpp"
#include "crypto/session.hpp"
#include "net/listener.hpp"

namespace tlsgauge::cli {

/// Answers every request with a short page; `hsts` is the value of Strict-Transport-Security, empty for no such header.
[[nodiscard]] Result<std::unique_ptr<net::Listener>> start_demo_server(crypto::ServerSettings const& settings, std::string const& hsts);

}  // namespace tlsgauge::cli
