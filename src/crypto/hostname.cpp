// Does the certificate name the host that was asked for? RFC 9525 section 6.

#include <algorithm>

#include "base/text.hpp"
#include "crypto/address.hpp"
#include "crypto/certificate.hpp"

namespace tlsgauge::crypto {
namespace {

/// A domain name that can be compared at all: letters of no particular alphabet, but no empty label, NUL or wildcard.
bool well_formed(std::string_view name) {
  if (name.empty() || name.size() > 255 || name.find('\0') != std::string_view::npos || name.find('*') != std::string_view::npos)
    return false;
  std::vector<std::string_view> const labels = split(name, '.');
  return std::ranges::none_of(labels, [](std::string_view label) { return label.empty() || label.size() > 63; });
}

bool equal_ignoring_case(std::string_view a, std::string_view b) { return a.size() == b.size() && ascii_lower(a) == ascii_lower(b); }

/// RFC 9525 section 6.3:
///   There is only one wildcard character. The wildcard character appears only as the complete content of the left-most label.
/// A wildcard over a single label ("*.com") would cover a whole registry; section 7.1 leaves that to us, and we refuse it.
bool covers(std::string_view presented, std::string_view reference) {
  if (!presented.starts_with("*.")) return well_formed(presented) && equal_ignoring_case(presented, reference);
  std::string_view const parent = presented.substr(2);
  if (!well_formed(parent) || parent.find('.') == std::string_view::npos) return false;
  std::size_t const dot = reference.find('.');
  return dot != std::string_view::npos && dot > 0 && equal_ignoring_case(parent, reference.substr(dot + 1));
}

std::string shortened(std::string_view text) {
  constexpr std::size_t kMax = 100;
  std::string const safe = to_utf8(text.substr(0, kMax));
  return text.size() > kMax ? safe + "…" : safe;
}

std::string listed(std::vector<std::string> const& names, std::size_t all) {
  constexpr std::size_t kShown = 2;
  std::string out;
  for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i) {
    if (i > 0) out += all > kShown ? ", " : " and ";
    out += shortened(names[i]);
  }
  if (all > kShown) out += " and " + std::to_string(all - kShown) + " more";
  return out;
}

HostnameMatch mismatch(Certificate const& certificate, std::string_view reference) {
  if (certificate.subject_alt_names.empty()) {
    return {false, "the certificate has no subjectAltName; a common name does not count (RFC 9525)"};
  }
  std::vector<std::string> names;
  for (std::string const& printable : certificate.subject_alt_names) {
    if (printable.starts_with("DNS:")) names.push_back(printable.substr(4));
    if (printable.starts_with("IP:")) names.push_back(printable.substr(3));
  }
  std::string reason = "no subjectAltName of the certificate covers " + shortened(reference);
  if (names.empty()) return {false, reason + "; it has no DNS name and no IP address"};
  std::size_t const all = std::max(names.size(), certificate.dns_names.size() + certificate.ip_addresses.size());
  return {false, reason + "; it has " + listed(names, all)};
}

}  // namespace

HostnameMatch match_hostname(Certificate const& certificate, std::string_view reference) {
  if (reference.empty()) return {false, "there is no name to compare with"};
  if (std::optional<Bytes> const address = parse_address(reference)) {
    if (std::ranges::find(certificate.ip_addresses, *address) != certificate.ip_addresses.end()) {
      return {true, "IP:" + address_text(*address) + " is the address"};
    }
    HostnameMatch miss = mismatch(certificate, reference);
    std::string const literal = address_text(*address);
    bool const as_name =
        std::ranges::any_of(certificate.dns_names, [&](std::string const& name) { return equal_ignoring_case(name, literal); });
    if (as_name) miss.reason += "; the address stands there as a DNS name, which does not count";
    return miss;
  }
  std::string_view name = reference;
  if (name.ends_with('.')) name.remove_suffix(1);
  if (!well_formed(name)) return {false, shortened(reference) + " is no host name"};
  for (std::string const& presented : certificate.dns_names) {
    if (covers(presented, name)) return {true, "DNS:" + shortened(presented) + " covers " + shortened(name)};
  }
  return mismatch(certificate, name);
}

}  // namespace tlsgauge::crypto
