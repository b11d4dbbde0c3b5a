// The anchors that a chain may lead to, from where the system, Debian or the user keeps them.

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <set>

#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "crypto/fault.hpp"
#include "crypto/store.hpp"

namespace tlsgauge::crypto {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFile = 32 * 1024 * 1024;

Result<std::string> read_file(std::string const& path) {
  std::ifstream file{path, std::ios::binary};
  std::string content;
  char buffer[64 * 1024];
  while (file && content.size() <= kMaxFile) {
    file.read(buffer, sizeof buffer);
    content.append(buffer, static_cast<std::size_t>(file.gcount()));
  }
  if (!file.eof()) return Error{ErrorKind::invalid_input, "cannot read " + printable(path)};
  return content;
}

/// What the user names must be as he says.
Result<void> add_file(Anchors& anchors, std::string const& path) {
  Result<std::string> const pem = read_file(path);
  if (!pem) return pem.error();
  BioHandle const text = bio_over(view(*pem));
  std::size_t count = 0;
  while (X509Handle const anchor{text ? PEM_read_bio_X509_AUX(text.get(), nullptr, nullptr, nullptr) : nullptr}) {
    anchors.add(*anchor);
    ++count;
  }
  bool const at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (count == 0 && at_end) {
    ERR_clear_error();
    return Error{ErrorKind::invalid_input, printable(path) + " holds no certificate in PEM"};
  }
  if (!at_end)
    return fault(ErrorKind::invalid_input, "certificate " + std::to_string(count + 1) + " of " + printable(path) + " cannot be read");
  ERR_clear_error();
  return {};
}

constexpr std::string_view kMozilla = "/usr/share/ca-certificates/mozilla";
constexpr std::string_view kLocal = "/usr/local/share/ca-certificates";

bool is_pem_name(fs::path const& path) {
  std::string const extension = ascii_lower(path.extension().string());
  return extension == ".pem" || extension == ".crt" || extension == ".cer";
}

/// Files of a folder by name, so that two runs read them in the same order.
std::vector<std::string> pem_files(std::string const& folder) {
  constexpr std::size_t kMaxFiles = 4096;
  std::vector<std::string> files;
  std::error_code failure;
  for (fs::directory_iterator at{folder, failure}, end; !failure && at != end && files.size() < kMaxFiles; at.increment(failure)) {
    std::error_code ignored;
    if (is_pem_name(at->path()) && fs::is_regular_file(at->path(), ignored)) files.push_back(at->path().string());
  }
  std::ranges::sort(files);
  return files;
}

Result<void> add_folder(Anchors& anchors, std::string const& folder) {
  std::vector<std::string> const files = pem_files(folder);
  if (files.empty()) return Error{ErrorKind::invalid_input, printable(folder) + " holds no certificate in PEM (*.pem, *.crt, *.cer)"};
  for (std::string const& file : files) {
    if (Result<void> const added = add_file(anchors, file); !added) return added.error();
  }
  return {};
}

Result<void> add_path(Anchors& anchors, std::string const& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored) ? add_folder(anchors, path) : add_file(anchors, path);
}

bool exists(std::string const& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

/// Names may come from a command line that others wrote: one plain path component only.
std::string in_folders(std::string const& name) {
  if (name.empty() || name.find('/') != std::string::npos || name.find('\0') != std::string::npos || name == "." || name == "..") return {};
  for (std::string const& folder : TrustStore::folders()) {
    for (std::string const& path : {folder + "/" + name + ".pem", folder + "/" + name}) {
      if (exists(path)) return path;
    }
  }
  return {};
}

Error unknown(std::string const& name) {
  std::vector<std::string> known{"system"};
  if (exists(std::string{kMozilla})) known.emplace_back("mozilla");
  for (std::string const& folder : TrustStore::folders()) {
    std::error_code failure;
    std::vector<std::string> here;
    for (fs::directory_iterator at{folder, failure}, end; !failure && at != end && here.size() < 64; at.increment(failure)) {
      std::error_code ignored;
      bool const is_folder = fs::is_directory(at->path(), ignored);
      if (is_folder || at->path().extension() == ".pem") here.push_back((is_folder ? at->path().filename() : at->path().stem()).string());
    }
    std::ranges::sort(here);
    known.insert(known.end(), here.begin(), here.end());
  }
  std::string list;
  for (std::string const& each : known) list += (list.empty() ? "" : ", ") + printable(each);
  return {ErrorKind::invalid_input, "unknown trust store \"" + printable(name) + "\"; known are " + list +
                                        ", and the path of a PEM file or of a folder of such files"};
}

/// The faults of a user's own file are found by parsing it whole; what comes with the system is only read.
Result<void> add_packaged_file(Anchors& anchors, std::string const& path) {
  Result<std::string> const pem = read_file(path);
  if (!pem) return pem.error();
  std::size_t const bad = anchors.add_pem(*pem);
  if (bad > 0) return Error{ErrorKind::invalid_input, "block " + std::to_string(bad) + " of " + printable(path) + " cannot be read"};
  return {};
}

/// As X509_STORE_set_default_paths: a file, then a folder by hashes of names. A machine without anchors of its own trusts none, and of a
/// file that cannot be read whole its programs trust nothing.
void add_system(TrustStore::Impl& impl) {
  char const* const named = std::getenv(X509_get_default_cert_file_env());
  (void)add_packaged_file(impl.anchors, named != nullptr ? named : X509_get_default_cert_file());
  if (X509_LOOKUP* const folder = X509_STORE_add_lookup(impl.store.get(), X509_LOOKUP_hash_dir()); folder != nullptr)
    X509_LOOKUP_add_dir(folder, nullptr, X509_FILETYPE_DEFAULT);
  if (X509_LOOKUP* const uri = X509_STORE_add_lookup(impl.store.get(), X509_LOOKUP_store()); uri != nullptr)
    X509_LOOKUP_add_store(uri, nullptr);
  ERR_clear_error();
}

Result<void> fill(TrustStore::Impl& impl, std::string const& name, std::string& shown) {
  shown = printable(name);
  if (name == "system") {
    add_system(impl);
    return {};
  }
  if (name == "mozilla" && in_folders(name).empty()) {
    std::vector<std::string> const files = pem_files(std::string{kMozilla});
    if (files.empty()) {
      return Error{ErrorKind::invalid_input, "the trust store \"mozilla\" is Debian's package ca-certificates, which is not installed"};
    }
    for (std::string const& file : files) {
      if (Result<void> const added = add_packaged_file(impl.anchors, file); !added) return added.error();
    }
    return {};
  }
  if (std::string const path = in_folders(name); !path.empty()) return add_path(impl.anchors, path);
  if (name.empty() || !exists(name)) return unknown(name);
  std::string_view base = name;
  while (base.size() > 1 && base.ends_with('/')) base.remove_suffix(1);
  shown = printable(base.substr(base.find_last_of('/') + 1));
  return add_path(impl.anchors, name);
}

}  // namespace

TrustStore::TrustStore() : impl_(std::make_unique<Impl>()) {}
TrustStore::~TrustStore() = default;

std::vector<std::string> TrustStore::folders() {
  std::vector<std::string> out;
  char const* const configuration = std::getenv("XDG_CONFIG_HOME");
  char const* const home = std::getenv("HOME");
  if (configuration != nullptr && *configuration == '/') {
    out.push_back(std::string{configuration} + "/tlsgauge/trust-stores");
  } else if (home != nullptr && *home == '/') {
    out.push_back(std::string{home} + "/.config/tlsgauge/trust-stores");
  }
  out.emplace_back("/etc/tlsgauge/trust-stores");
  return out;
}

Result<TrustStore::Pointer> TrustStore::load(std::string const& ca_file) { return load("system", ca_file); }

Result<TrustStore::Pointer> TrustStore::load(std::string const& name, std::string const& ca_file) {
  static std::mutex guard;
  static std::map<std::pair<std::string, std::string>, Pointer> loaded;
  std::lock_guard const lock{guard};
  std::pair const key{name, ca_file};
  if (auto const found = loaded.find(key); found != loaded.end()) return found->second;

  ERR_clear_error();
  std::shared_ptr<TrustStore> store{new TrustStore};
  store->impl_->store.reset(X509_STORE_new());
  TrustStore::Impl& impl = *store->impl_;
  if (!impl.store || !impl.anchors.serve(*impl.store)) return fault(ErrorKind::local, "cannot make a trust store");
  if (Result<void> const filled = fill(impl, name, store->name_); !filled) return filled.error();
  if (!ca_file.empty()) {
    if (Result<void> const added = add_file(impl.anchors, ca_file); !added) return added.error();
    store->name_ += " + " + printable(ca_file.substr(ca_file.find_last_of('/') + 1));
  }
  impl.anchors.give_namesakes(*impl.store);
  return loaded.emplace(key, std::move(store)).first->second;
}

bool local_anchor(ByteView der) {
  static std::set<std::string> const local = [] {
    std::set<std::string> digests;
    std::error_code failure;
    for (fs::recursive_directory_iterator at{std::string{kLocal}, failure}, end; !failure && at != end; at.increment(failure)) {
      if (!is_pem_name(at->path())) continue;
      Result<std::string> const pem = read_file(at->path().string());
      BioHandle const content = pem ? bio_over(view(*pem)) : nullptr;
      while (X509Handle const anchor{content ? PEM_read_bio_X509(content.get(), nullptr, nullptr, nullptr) : nullptr}) {
        digests.insert(sha256_hex(to_der(*anchor)));
      }
    }
    ERR_clear_error();
    return digests;
  }();
  return !local.empty() && local.contains(sha256_hex(der));
}

}  // namespace tlsgauge::crypto
