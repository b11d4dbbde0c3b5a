#pragma once
// Targets from what nmap found: its XML (-oX), of nmap or of `-o nmap-xml`.

#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/result.hpp"

namespace tlsgauge::cli {

/// Whether an open port has TLS from the first octet, by what nmap says of it: `service` as "https", "ssl|http", "imaps".
[[nodiscard]] bool nmap_says_tls(std::string_view service, std::string_view port);

[[nodiscard]] bool is_nmap_xml(std::string_view text);

/// Open ports of a scan that are no targets since TLS comes after STARTTLS there.
class LeftOut {
 public:
  void add(std::string_view service, std::string_view port);
  /// "3 ports left out, where TLS comes after STARTTLS: smtp 25, imap 143"; empty: there are none.
  [[nodiscard]] std::string text() const;

 private:
  std::size_t count_ = 0;
  std::vector<std::string> kinds_;  ///< each once
};

/// Whether TLS comes after STARTTLS, by nmap's word for the service.
[[nodiscard]] bool nmap_says_starttls(std::string_view service);

/// Every open TCP port that nmap says is TLS (the service's tunnel or name, what its ssl scripts found) or 443, unless TLS comes after
/// STARTTLS there. The host is the name that nmap was given, which goes into server_name and is resolved again, else its address; names
/// from reverse DNS are not used. Entities and DTDs have no effect. Throws UsageError "SOURCE:LINE: reason".
[[nodiscard]] std::vector<Target> nmap_xml_targets(std::string_view text, std::string const& source, LeftOut* left_out = nullptr);

}  // namespace tlsgauge::cli
