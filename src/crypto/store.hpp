#pragma once
// What a TrustStore holds, for those who may see OpenSSL.

#include "crypto/handles.hpp"
#include "crypto/trust_store.hpp"

namespace tlsgauge::crypto {

struct TrustStore::Impl {
  StoreHandle store;  ///< locks itself: lookups in a folder add what they find
};

}  // namespace tlsgauge::crypto
