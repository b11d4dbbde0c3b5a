// Facts about what a server negotiates: versions, suites, groups.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "policy/readers.hpp"

namespace tlsgauge::policy {
namespace {

using wire::ProtocolVersion;

constexpr std::size_t kMaxReason = 120;

/// The entry of cipher_order for that version.
Value const* order_of(Endpoint const& endpoint, ProtocolVersion version) {
  for (Value const& entry : endpoint.facts["cipher_order"].items()) {
    if (entry["protocol"].as_string() == wire::name(version)) return &entry;
  }
  return nullptr;
}

/// By what the registry says of the code; the document's own word for codes that it does not know.
std::string_view exchange_of(Value const& suite) {
  std::optional<std::uint32_t> const code = code_of(suite["code"].as_string());
  if (code && *code <= 0xFFFF && suite["protocol"].as_string() != wire::name(ProtocolVersion::SSLv2)) {
    if (auto const* const info = wire::find(static_cast<wire::CipherSuite>(*code))) return info->key_exchange;
  }
  return suite["key_exchange"].as_string();
}

Observed suites_of(Endpoint const& endpoint, ProtocolVersion version) {
  std::string const protocol = wire::name(version);
  VersionSupport const support = version_support(endpoint, version);
  Section const suites = section(endpoint, "cipher_suites");

  Observed out;
  out.state = Observed::State::known;
  if (suites.value) {
    for (Value const& suite : suites.value->items()) {
      if (suite["protocol"].as_string() != protocol) continue;
      std::optional<std::uint32_t> const code = code_of(suite["code"].as_string());
      if (!code) {
        make_incomplete(out, "a cipher suite is listed without its code");
        continue;
      }
      add_once(out.elements, coded(*code, version == ProtocolVersion::SSLv2, suite["name"].as_string()));
    }
  }
  bool const none_listed = out.elements.empty() && out.complete;
  if (support.accepted == Truth::no && none_listed) return Observed::not_applicable(protocol + " is not accepted");
  if (!suites.value) return suites.missing;
  if (support.accepted == Truth::unknown) {
    if (none_listed) return Observed::unknown(could_not_tell(version, support.reason));
    make_incomplete(out, could_not_tell(version, support.reason));
  }
  if (support.accepted == Truth::no) make_incomplete(out, protocol + " is said not to be accepted, but suites are listed for it");
  if (none_listed) return Observed::unknown(fmt::format("{} is accepted, but no cipher suite was found", protocol));
  if (out.elements.empty()) return Observed::unknown(out.reason);
  Value const* const order = order_of(endpoint, version);
  if (!order) {
    make_incomplete(out, fmt::format("whether all {} suites were found is not known", protocol));
  } else if (!(*order)["complete"].as_bool(false)) {
    make_incomplete(out, fmt::format("there may be more {} suites: {}", protocol, reason_of(*order, "the search was not finished")));
  }
  if (order) set_order(out, *order);
  return out;
}

}  // namespace

Observed read_protocols(Subject const& subject, ProtocolVersion) {
  Section const protocols = section(*subject.endpoint, "protocols");
  if (!protocols.value) return protocols.missing;
  Observed out;
  out.state = Observed::State::known;
  for (ProtocolVersion const version : wire::kAllVersions) {
    VersionSupport const support = version_support(*subject.endpoint, version);
    Element element{.key = wire::name(version), .label = wire::name(version), .code = static_cast<std::uint32_t>(version)};
    if (support.accepted == Truth::yes) out.elements.push_back(std::move(element));
    if (support.accepted == Truth::unknown) {
      out.possible.push_back({.element = std::move(element), .reason = could_not_tell(version, support.reason)});
    }
  }
  return out;
}

Observed read_suites(Subject const& subject, ProtocolVersion version) {
  if (version != ProtocolVersion::none) return suites_of(*subject.endpoint, version);
  Observed all;
  all.state = Observed::State::known;
  bool applies = false;
  for (auto one = std::rbegin(wire::kAllVersions); one != std::rend(wire::kAllVersions); ++one) {  // newest first, as in the report
    Observed part = suites_of(*subject.endpoint, *one);
    if (part.state == Observed::State::not_applicable) continue;
    applies = true;
    for (Element& element : part.elements) add_once(all.elements, std::move(element));
    if (part.state != Observed::State::known || !part.complete) make_incomplete(all, std::move(part.reason));
  }
  if (!applies) return Observed::not_applicable("no protocol version is accepted");
  if (all.elements.empty()) return Observed::unknown(all.reason);
  return all;
}

Observed read_suite_chooser(Subject const& subject, ProtocolVersion version) {
  VersionSupport const support = version_support(*subject.endpoint, version);
  if (support.accepted == Truth::no) return Observed::not_applicable(wire::name(version) + " is not accepted");
  Section const orders = section(*subject.endpoint, "cipher_order");
  if (!orders.value) return orders.missing;
  if (Value const* const order = order_of(*subject.endpoint, version)) return chooser_of(*order);
  if (support.accepted == Truth::unknown) return Observed::unknown(could_not_tell(version, support.reason));
  return Observed::unknown("who chooses could not be established");
}

Observed read_dh_min_bits(Subject const& subject, ProtocolVersion) {
  Observed const suites = read_suites(subject, ProtocolVersion::none);
  if (suites.state != Observed::State::known) return suites;
  Observed out = Observed::of_number(0);
  if (!suites.complete) make_incomplete(out, suites.reason);
  bool any = false;
  bool measured = false;
  for (Value const& suite : subject.endpoint->facts["cipher_suites"].items()) {
    std::string_view const exchange = exchange_of(suite);
    if (!exchange.starts_with("DHE") && exchange != "EDH") continue;
    any = true;
    Value const& bits = suite["dh_bits"];
    if (!bits.is_number()) {
      make_incomplete(out, fmt::format("the group of {} was not read", bounded(suite["name"].as_string(), kMaxReason)));
      continue;
    }
    if (measured && bits.as_double() >= out.number) continue;
    measured = true;
    out.number = bits.as_double();
    out.note = "with " + bounded(suite["name"].as_string(), kMaxReason);
  }
  if (measured) return out;
  if (any || !out.complete) return Observed::unknown(out.reason);
  return Observed::not_applicable("no suite with finite-field Diffie-Hellman is accepted");
}

Observed read_groups(Subject const& subject, ProtocolVersion) {
  VersionSupport const support = version_support(*subject.endpoint, ProtocolVersion::TLSv1_3);
  Section const groups = section(*subject.endpoint, "groups");
  bool const listed = groups.value && !groups.value->items().empty();
  if (support.accepted == Truth::no && !listed) return Observed::not_applicable("TLSv1.3 is not accepted");
  if (!groups.value) return groups.missing;
  if (!listed) {
    return Observed::unknown(support.accepted == Truth::yes ? "TLSv1.3 is accepted, but no group was found"
                                                            : could_not_tell(ProtocolVersion::TLSv1_3, support.reason));
  }
  Observed out;
  out.state = Observed::State::known;
  for (Value const& group : groups.value->items()) {
    if (std::optional<std::uint32_t> const code = code_of(group["code"].as_string())) {
      add_once(out.elements, coded(*code, false, group["name"].as_string()));
    } else {
      make_incomplete(out, "a group is listed without its code");
    }
  }
  if (out.elements.empty()) return Observed::unknown(out.reason);
  Value const& order = subject.endpoint->facts["group_order"];
  if (!order["complete"].as_bool(false)) {
    make_incomplete(out, "there may be more groups: " + reason_of(order, "whether all were found is not known"));
  }
  set_order(out, order);
  return out;
}

Observed read_group_chooser(Subject const& subject, ProtocolVersion) {
  VersionSupport const support = version_support(*subject.endpoint, ProtocolVersion::TLSv1_3);
  if (support.accepted == Truth::no) return Observed::not_applicable("TLSv1.3 is not accepted");
  Section const order = section(*subject.endpoint, "group_order");
  if (order.value) return chooser_of(*order.value);
  return order.missing;
}

}  // namespace tlsgauge::policy
