#pragma once
// The anchors that a chain may lead to.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace tlsgauge::crypto {

/// Anchors, loaded once and shared by all endpoints; immutable and safe to use from several threads.
class TrustStore {
 public:
  using Pointer = std::shared_ptr<TrustStore const>;

  /// The system's store plus the certificates of `ca_file` (PEM; empty: none). `invalid_input` when the file cannot be read or
  /// holds no certificate. Loaded once per distinct `ca_file` in a process.
  static Result<Pointer> load(std::string const& ca_file);
  /// A store by name: "system"; "mozilla", Debian's ca-certificates; NAME.pem or a folder NAME of PEM files in one of `folders()`; or the
  /// path of a PEM file or of a folder of such. Loaded once for each pair. `invalid_input` also for an unknown name; it lists the known
  /// ones.
  static Result<Pointer> load(std::string const& name, std::string const& ca_file);
  /// Where named stores lie: tlsgauge/trust-stores in $XDG_CONFIG_HOME (else ~/.config) and in /etc.
  static std::vector<std::string> folders();

  ~TrustStore();
  [[nodiscard]] std::string const& name() const { return name_; }  ///< "system" or "system + ca.pem"
  struct Impl;
  [[nodiscard]] Impl const& impl() const { return *impl_; }

 private:
  TrustStore();
  std::unique_ptr<Impl> impl_;
  std::string name_;
};

/// Was the anchor added to this machine by its administrator (Debian's /usr/local/share/ca-certificates)? Then no public root program
/// answers for it, although the system's store holds it.
[[nodiscard]] bool local_anchor(ByteView der);

}  // namespace tlsgauge::crypto
