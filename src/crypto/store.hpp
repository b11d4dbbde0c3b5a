#pragma once
// What a TrustStore holds, for those who may see OpenSSL.

#include "crypto/anchors.hpp"
#include "crypto/handles.hpp"
#include "crypto/trust_store.hpp"

namespace tlsgauge::crypto {

struct TrustStore::Impl {
  Anchors anchors;
  StoreHandle store;  ///< locks itself: lookups add what they find
};

}  // namespace tlsgauge::crypto
