#pragma once
// libunbound, loaded when it is first needed: most scans ask no DNS, and it is as large as the rest of this program.

#include <unbound.h>

#include "base/result.hpp"

namespace tlsgauge::net {

struct DnsLibrary {
  decltype(&ub_ctx_create) create = nullptr;
  decltype(&ub_ctx_delete) destroy = nullptr;
  decltype(&ub_ctx_set_option) set_option = nullptr;
  decltype(&ub_ctx_set_fwd) set_forwarder = nullptr;
  decltype(&ub_ctx_add_ta_file) add_anchor_file = nullptr;
  decltype(&ub_ctx_debugout) log_to = nullptr;
  decltype(&ub_ctx_async) use_thread = nullptr;
  decltype(&ub_fd) descriptor = nullptr;
  decltype(&ub_process) process = nullptr;
  decltype(&ub_resolve_async) resolve = nullptr;
  decltype(&ub_cancel) cancel = nullptr;
  decltype(&ub_resolve_free) release = nullptr;
  decltype(&ub_strerror) describe = nullptr;
};

/// `unsupported` when it is not installed. Stays loaded.
[[nodiscard]] Result<DnsLibrary const*> dns_library();

}  // namespace tlsgauge::net
