// Does the certificate name the host that was asked for? RFC 9525 section 6.

#include <idn2.h>
#include <libpsl.h>

#include <algorithm>

#include "base/address.hpp"
#include "base/text.hpp"
#include "crypto/certificate.hpp"

namespace tlsgauge::crypto {
namespace {

constexpr std::size_t kMaxCovering = 16;
constexpr std::size_t kMaxNear = 1000;

/// A domain name that can be compared at all: letters of no particular alphabet, but no empty label, NUL or wildcard.
bool well_formed(std::string_view name) {
  if (name.empty() || name.size() > 255 || name.find('\0') != std::string_view::npos || name.find('*') != std::string_view::npos)
    return false;
  std::vector<std::string_view> const labels = split(name, '.');
  return std::ranges::none_of(labels, [](std::string_view label) { return label.empty() || label.size() > 63; });
}

bool equal_ignoring_case(std::string_view a, std::string_view b) { return a.size() == b.size() && ascii_lower(a) == ascii_lower(b); }

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Of the registries (ICANN's part of the list): below those, strangers share nothing. Hosting providers do hold "*.github.io".
bool public_suffix(std::string_view name) {
  static psl_ctx_t const* const list = psl_latest(nullptr);
  return list != nullptr && psl_is_public_suffix2(list, ascii_lower(name).c_str(), PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) == 1;
}

enum class Fit { none, covers, too_wide };

/// RFC 9525 section 6.3:
///   There is only one wildcard character. The wildcard character appears only as the complete content of the left-most label.
/// A wildcard over a single label or a public suffix ("*.com") would cover a whole registry; section 7.1 leaves that to us, and we refuse
/// it.
Fit fit(std::string_view presented, std::string_view reference) {
  if (!presented.starts_with("*.")) {
    return well_formed(presented) && equal_ignoring_case(presented, reference) ? Fit::covers : Fit::none;
  }
  std::string_view const parent = presented.substr(2);
  std::size_t const dot = reference.find('.');
  bool const below =
      well_formed(parent) && dot != std::string_view::npos && dot > 0 && equal_ignoring_case(parent, reference.substr(dot + 1));
  if (!below) return Fit::none;
  return parent.find('.') == std::string_view::npos || public_suffix(parent) ? Fit::too_wide : Fit::covers;
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
    return {false, "the certificate has no subjectAltName; a common name does not count (RFC 9525)", {}};
  }
  std::vector<std::string> names;
  for (std::string const& printable : certificate.subject_alt_names) {
    if (printable.starts_with("DNS:")) names.push_back(printable.substr(4));
    if (printable.starts_with("IP:")) names.push_back(printable.substr(3));
  }
  std::string reason = "no subjectAltName of the certificate covers " + shortened(reference);
  if (names.empty()) return {false, reason + "; it has no DNS name and no IP address", {}};
  std::size_t const all = std::max(names.size(), certificate.dns_names.size() + certificate.ip_addresses.size());
  return {false, reason + "; it has " + listed(names, all), {}};
}

HostnameMatch match_address(Certificate const& certificate, Bytes const& address, std::string_view reference) {
  std::string const literal = address_text(address);
  if (std::ranges::find(certificate.ip_addresses, address) != certificate.ip_addresses.end()) {
    return {true, "IP:" + literal + " is the address", {"IP:" + literal}};
  }
  HostnameMatch miss = mismatch(certificate, reference);
  bool const as_name =
      std::ranges::any_of(certificate.dns_names, [&](std::string const& name) { return equal_ignoring_case(name, literal); });
  if (as_name) miss.reason += "; the address stands there as a DNS name, which does not count";
  return miss;
}

/// RFC 5890 section 2.3.2.1; empty when the text is no name of a host.
std::string a_labels(std::string_view name) {
  std::string const whole{name};
  std::uint8_t* out = nullptr;
  if (whole.find('\0') != std::string::npos ||
      idn2_lookup_u8(reinterpret_cast<std::uint8_t const*>(whole.c_str()), &out, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK) {
    return {};
  }
  std::string labels{reinterpret_cast<char const*>(out)};
  idn2_free(out);
  return labels;
}

/// Why a name that a person would take for the right one is none; empty when it is not even near.
std::string nearly(std::string_view presented, std::string_view reference) {
  constexpr std::size_t kMaxName = 255;
  if (presented.size() > kMaxName) return {};
  if (presented.find('\0') != std::string_view::npos && equal_ignoring_case(presented.substr(0, presented.find('\0')), reference)) {
    return "holds a NUL octet, so it is no name at all";
  }
  if (presented.ends_with('.') && fit(presented.substr(0, presented.size() - 1), reference) == Fit::covers) {
    return "ends in a dot, which a name in a certificate must not";
  }
  if (!is_ascii(presented) && equal_ignoring_case(a_labels(presented), reference)) {
    return "is not in A-labels (xn--), so it does not count";
  }
  std::size_t const dot = presented.find('.');
  bool const partial = presented.substr(0, dot).find('*') != std::string_view::npos && !presented.starts_with("*.");
  if (partial && dot != std::string_view::npos && reference.find('.') != std::string_view::npos &&
      equal_ignoring_case(presented.substr(dot), reference.substr(reference.find('.')))) {
    return "has a wildcard that is not the whole label, which does not count";
  }
  return {};
}

}  // namespace

HostnameMatch match_hostname(Certificate const& certificate, std::string_view reference) {
  if (reference.empty()) return {false, "there is no name to compare with", {}};
  if (std::optional<Bytes> const address = parse_address(reference)) return match_address(certificate, *address, reference);
  std::string_view name = reference;
  if (name.ends_with('.')) name.remove_suffix(1);
  std::string const labels = a_labels(name);
  if (!is_ascii(name)) name = labels;
  if (!well_formed(name)) return {false, shortened(reference) + " is no host name", {}};

  HostnameMatch out;
  std::string_view near;
  std::size_t looked_at = 0;
  std::string why_not;
  for (std::string const& presented : certificate.dns_names) {
    Fit const found = fit(presented, name);
    if (found == Fit::covers && out.covered_by.size() < kMaxCovering) out.covered_by.push_back("DNS:" + shortened(presented));
    if (found != Fit::none || !near.empty() || ++looked_at > kMaxNear) continue;
    why_not = nearly(presented, name);
    if (!why_not.empty()) near = presented;
  }
  if (!out.covered_by.empty()) {
    out.matches = true;
    out.reason = out.covered_by.front() + " covers " + shortened(name);
    return out;
  }
  out = mismatch(certificate, name);
  auto const wide = std::ranges::find_if(certificate.dns_names, [&](std::string const& each) { return fit(each, name) == Fit::too_wide; });
  if (wide != certificate.dns_names.end()) {
    out.reason += "; " + shortened(*wide) + " is a wildcard directly under a public suffix, which does not count";
  } else if (!near.empty()) {
    out.reason += "; " + shortened(near) + " " + why_not;
  }
  return out;
}

}  // namespace tlsgauge::crypto
