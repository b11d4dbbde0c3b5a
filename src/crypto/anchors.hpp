#pragma once
// Anchors that are parsed once a chain asks for their name: of the hundred and more that a system trusts, a scan needs one or two.

#include <openssl/x509.h>

#include <cstddef>
#include <map>
#include <string_view>

#include "base/bytes.hpp"

namespace tlsgauge::crypto {

/// Certificates by subject. To be filled before a store looks one up, and its namesakes given to the store then.
class Anchors {
 public:
  void add(X509& certificate);
  /// The certificates of a PEM text; passes over other blocks. As for OpenSSL's own reader, a block that cannot be read spoils the text:
  /// then nothing is added, and its number among the blocks, from 1 on, is returned. 0: all were read.
  [[nodiscard]] std::size_t add_pem(std::string_view pem);

  /// Lets the store find these, which must outlive it. False: out of memory.
  [[nodiscard]] bool serve(X509_STORE& store) const;
  /// Adds those that share their name: a store that holds one of a name looks for no other.
  void give_namesakes(X509_STORE& store) const;
  /// Adds all with this subject to the store, as RFC 5280 section 7.1 compares names; returns how many.
  std::size_t give(X509_NAME const& subject, X509_STORE& store) const;

 private:
  void add(X509_NAME const& subject, Bytes der);
  std::size_t give(Bytes const& der, X509_NAME const* subject, X509_STORE& store) const;

  std::multimap<unsigned long, Bytes> by_hash_;  ///< of the subject; DER with OpenSSL's trust settings behind, as PEM has it
};

}  // namespace tlsgauge::crypto
