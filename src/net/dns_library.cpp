#include "net/dns_library.hpp"

#include <dlfcn.h>

#include <string>

namespace tlsgauge::net {
namespace {

constexpr char const* kFile = "libunbound.so.8";

Result<DnsLibrary> load() {
  void* const handle = dlopen(kFile, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return Error{ErrorKind::unsupported, std::string{kFile} + " (libunbound) cannot be loaded"};
  DnsLibrary library;
  bool complete = true;
  auto const find = [&](auto& function, char const* name) {
    void* const symbol = dlsym(handle, name);
    complete = complete && symbol != nullptr;
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(symbol);
  };
  find(library.create, "ub_ctx_create");
  find(library.destroy, "ub_ctx_delete");
  find(library.set_option, "ub_ctx_set_option");
  find(library.set_forwarder, "ub_ctx_set_fwd");
  find(library.add_anchor_file, "ub_ctx_add_ta_file");
  find(library.log_to, "ub_ctx_debugout");
  find(library.use_thread, "ub_ctx_async");
  find(library.descriptor, "ub_fd");
  find(library.process, "ub_process");
  find(library.resolve, "ub_resolve_async");
  find(library.cancel, "ub_cancel");
  find(library.release, "ub_resolve_free");
  find(library.describe, "ub_strerror");
  if (!complete) return Error{ErrorKind::unsupported, std::string{kFile} + " lacks a function"};
  return library;
}

}  // namespace

Result<DnsLibrary const*> dns_library() {
  static Result<DnsLibrary> const library = load();
  if (!library) return library.error();
  return &*library;
}

}  // namespace tlsgauge::net
