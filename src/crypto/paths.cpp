#include "crypto/paths.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <algorithm>

#include "crypto/asn1.hpp"
#include "crypto/store.hpp"

namespace tlsgauge::crypto {
namespace {

constexpr std::size_t kMaxHelpers = 32;
constexpr std::size_t kMaxPaths = 64;
constexpr std::size_t kMaxBetween = 10;
constexpr std::size_t kMaxSteps = 4096;  // many certificates that all issue each other have more ways than anyone can walk

/// A CA that may not sign is an issuer nonetheless, if a bad one; the verification says so.
bool may_have_issued(X509* issuer, X509* subject) {
  int const found = X509_check_issued(issuer, subject);
  ERR_clear_error();
  return found == X509_V_OK || found == X509_V_ERR_KEYUSAGE_NO_CERTSIGN;
}

class Walk {
 public:
  Walk(ChainParts const& parts, TrustStore const& store) : parts_(parts), context_(X509_STORE_CTX_new()) {
    if (context_ && X509_STORE_CTX_init(context_.get(), store.impl().store.get(), nullptr, nullptr) != 1) context_.reset();
  }

  std::vector<Path> run() {
    if (context_) step(parts_.leaf.get());
    ERR_clear_error();
    std::ranges::stable_sort(paths_, {}, [](Path const& path) { return path.between.size(); });
    return std::move(paths_);
  }

 private:
  void step(X509* at) {
    if (++steps_ > kMaxSteps || paths_.size() >= kMaxPaths) return;
    X509StackHandle const anchors{X509_STORE_CTX_get1_certs(context_.get(), X509_get_issuer_name(at))};
    for (int i = 0; anchors && i < sk_X509_num(anchors.get()) && paths_.size() < kMaxPaths; ++i) {
      X509* const anchor = sk_X509_value(anchors.get(), i);
      if (X509_cmp(anchor, at) == 0 || !may_have_issued(anchor, at)) continue;
      X509_up_ref(anchor);
      paths_.push_back({between_, anchor, X509Handle{anchor}});
    }
    if (between_.size() >= kMaxBetween) return;
    for (X509* const helper : parts_.helpers) {
      bool const used = std::ranges::find(between_, helper) != between_.end();
      if (used || helper == at || X509_cmp(helper, parts_.leaf.get()) == 0 || !may_have_issued(helper, at)) continue;
      between_.push_back(helper);
      step(helper);
      between_.pop_back();
    }
  }

  ChainParts const& parts_;
  StoreContextHandle context_;
  std::vector<X509*> between_;
  std::vector<Path> paths_;
  std::size_t steps_ = 0;
};

}  // namespace

ChainParts parse_chain(std::span<Bytes const> chain) {
  ChainParts parts;
  if (chain.empty()) return parts;
  parts.leaf = parse_x509(chain.front());
  std::vector<Bytes const*> seen;
  for (Bytes const& der : chain.subspan(1)) {
    if (parts.owned.size() >= kMaxHelpers) break;
    if (std::ranges::any_of(seen, [&der](Bytes const* other) { return *other == der; })) continue;
    X509Handle helper = parse_x509(der);
    if (!helper) continue;
    seen.push_back(&der);
    parts.helpers.push_back(helper.get());
    parts.owned.push_back(std::move(helper));
  }
  return parts;
}

X509StackHandle stack_of(std::vector<X509*> const& certificates) {
  X509StackHandle stack{sk_X509_new_null()};
  for (X509* const each : certificates) {
    if (!stack || X509_up_ref(each) != 1) return nullptr;
    if (sk_X509_push(stack.get(), each) <= 0) {
      X509_free(each);
      return nullptr;
    }
  }
  return stack;
}

std::vector<Path> paths_to_anchors(ChainParts const& parts, TrustStore const& store) { return Walk{parts, store}.run(); }

}  // namespace tlsgauge::crypto
