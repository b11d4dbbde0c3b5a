#pragma once
// What is read from the header of an HTTP answer.

#include <optional>
#include <string>
#include <string_view>

#include "audit/peer.hpp"
#include "tlsgauge/value.hpp"

namespace tlsgauge::probes {

/// A stranger's text, bounded and made UTF-8.
[[nodiscard]] std::string kept(std::string_view text);

/// Strict-Transport-Security as a user agent takes it: of several header fields only the first (RFC 6797 section 8.1).
[[nodiscard]] Value hsts_facts(audit::HttpReply const& reply);

/// The first field of that name (in lower case).
[[nodiscard]] std::string const* header_field(audit::HttpReply const& reply, std::string_view name);

/// Cookies by name, without their values; the first of a name counts.
class CookieJar {
 public:
  void add(audit::HttpReply const& reply);
  [[nodiscard]] Value facts() const { return list_; }

 private:
  Value list_ = Value::array();
};

/// Where an absolute http or https URL leads.
struct WebPlace {
  WebPlace() = default;
  bool secure = false;
  std::string host;  ///< in lower case, without brackets and the root's dot
  std::uint16_t port = 0;
  std::string path;  ///< with its query, begins with a slash
};
[[nodiscard]] std::optional<WebPlace> web_place(std::string_view url);

/// The host that HTTP is spoken with, in lower case.
[[nodiscard]] std::string web_host(Target const& target);

}  // namespace tlsgauge::probes
