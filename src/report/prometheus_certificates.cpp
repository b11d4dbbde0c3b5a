#include "report/prometheus_certificates.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "audit/shown_certificates.hpp"
#include "base/text.hpp"
#include "report/fact_parts.hpp"
#include "report/names.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kMaxSerialDigits = 128;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_hex(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return hex_digit(c) >= 0; });
}

/// Places in `chain` that no path of it needs.
std::set<std::int64_t> superfluous(Value const& chain) {
  std::set<std::int64_t> places;
  for (Value const& place : chain["shape"]["superfluous"].items()) places.insert(place.as_int());
  return places;
}

void earlier(std::optional<std::int64_t>& least, std::optional<std::int64_t> value) {
  if (value && (!least || *value < *least)) least = value;
}

}  // namespace

ServedCertificates served_certificates(Endpoint const& endpoint) {
  ServedCertificates out;
  std::set<std::string> seen;
  std::set<std::string> leaves;
  for (Value const* const own : audit::certificates_of(endpoint, endpoint.facts["certificates"])) {
    Value const& chain = *own;
    std::set<std::int64_t> const spare = superfluous(chain);
    std::optional<std::int64_t> chain_expiry;
    auto const& certificates = chain["chain"].items();
    for (std::size_t i = 0; i < certificates.size(); ++i) {
      Value const& each = certificates[i];
      auto const expiry = unix_time(each["not_after"].as_string());
      if (!expiry) continue;
      earlier(out.earliest, expiry);
      if (!spare.contains(static_cast<std::int64_t>(i))) earlier(chain_expiry, expiry);
      if (seen.insert(each["sha256"].as_string()).second) out.certificates.push_back(&each);
      if (i == 0 && leaves.insert(each["sha256"].as_string()).second) out.leaves.push_back(&each);
    }
    if (chain["verification"]["trusted"].as_bool()) earlier(out.chain_expiry, chain_expiry);
  }
  std::ranges::stable_sort(out.certificates, {}, [](Value const* each) { return unix_time((*each)["not_after"].as_string()).value_or(0); });
  return out;
}

std::vector<std::string> name_parts(std::string_view name, std::string_view type) {
  std::vector<std::string> out;
  for (Attribute& each : attributes_of(name)) {
    if (each.type == type) out.push_back(std::move(each.value));
  }
  return out;
}

std::vector<std::string> alternative_names(Value const& certificate, std::string_view kind) {
  std::vector<std::string> out;
  for (Value const& each : certificate["subject_alt_names"].items()) {
    std::string_view const text = each.as_string();
    if (text.size() > kind.size() && text.starts_with(kind) && text[kind.size()] == ':') out.emplace_back(text.substr(kind.size() + 1));
  }
  return out;
}

std::string multi_valued(std::vector<std::string> const& values) {
  if (values.empty()) return {};
  std::string out = ",";
  for (std::string const& value : values) {
    for (char const c : value) {
      if (c == ',') {
        out += "\\2C";
      } else {
        out += c;
      }
    }
    out += ',';
  }
  return out;
}

std::string decimal_serial(std::string_view hex) {
  if (!is_hex(hex) || hex.size() > kMaxSerialDigits) return {};
  std::string decimal;  // least significant digit first
  for (char const c : hex) {
    int carry = hex_digit(c);
    for (char& digit : decimal) {
      int const value = (digit - '0') * 16 + carry;
      digit = static_cast<char>('0' + value % 10);
      carry = value / 10;
    }
    for (; carry > 0; carry /= 10) decimal += static_cast<char>('0' + carry % 10);
  }
  std::ranges::reverse(decimal);
  return decimal.empty() ? "0" : decimal;
}

std::string octets_serial(std::string_view hex) {
  if (!is_hex(hex)) return {};
  std::string const lower = ascii_lower(hex);
  return lower.size() % 2 == 0 ? lower : "0" + lower;
}

}  // namespace tlsgauge::report
