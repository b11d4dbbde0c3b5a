#include <openssl/err.h>
#include <openssl/pem.h>

#include <fstream>
#include <map>
#include <mutex>
#include <sstream>

#include "base/text.hpp"
#include "crypto/fault.hpp"
#include "crypto/store.hpp"

namespace tlsgauge::crypto {
namespace {

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

Result<void> add_file(X509_STORE& store, std::string const& path) {
  Result<std::string> const pem = read_file(path);
  if (!pem) return pem.error();
  BioHandle const text = bio_over(view(*pem));
  std::size_t count = 0;
  while (X509Handle const anchor{text ? PEM_read_bio_X509_AUX(text.get(), nullptr, nullptr, nullptr) : nullptr}) {
    if (X509_STORE_add_cert(&store, anchor.get()) != 1) return fault(ErrorKind::invalid_input, "cannot use " + printable(path));
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

}  // namespace

TrustStore::TrustStore() : impl_(std::make_unique<Impl>()) {}
TrustStore::~TrustStore() = default;

Result<std::shared_ptr<TrustStore const>> TrustStore::load(std::string const& ca_file) {
  static std::mutex guard;
  static std::map<std::string, std::shared_ptr<TrustStore const>> loaded;
  std::lock_guard const lock{guard};
  if (auto const found = loaded.find(ca_file); found != loaded.end()) return found->second;

  ERR_clear_error();
  std::shared_ptr<TrustStore> store{new TrustStore};
  store->impl_->store.reset(X509_STORE_new());
  if (!store->impl_->store) return fault(ErrorKind::local, "cannot make a trust store");
  X509_STORE_set_default_paths(store->impl_->store.get());
  ERR_clear_error();  // a machine without anchors of its own trusts none
  store->name_ = "system";
  if (!ca_file.empty()) {
    if (Result<void> const added = add_file(*store->impl_->store, ca_file); !added) return added.error();
    store->name_ += " + " + printable(ca_file.substr(ca_file.find_last_of('/') + 1));
  }
  return loaded.emplace(ca_file, std::move(store)).first->second;
}

}  // namespace tlsgauge::crypto
