// Facts about the schemes with which a server signs its handshakes.

#include <fmt/format.h>

#include <algorithm>

#include "policy/readers.hpp"

namespace tlsgauge::policy {
namespace {

using wire::ProtocolVersion;

constexpr std::size_t kMaxReason = 120;

/// Whether a suite of TLS 1.2 that is accepted has the server sign its key exchange (RFC 5246 section 7.4.3).
VersionSupport signs_in_tls12(Endpoint const& endpoint) {
  VersionSupport const support = version_support(endpoint, ProtocolVersion::TLSv1_2);
  if (support.accepted != Truth::yes) return support;
  Observed const suites = read_suites({.endpoint = &endpoint, .certificate = nullptr}, ProtocolVersion::TLSv1_2);
  for (Element const& suite : suites.elements) {
    wire::CipherSuiteInfo const* const info = suite_info(suite);
    bool const exchange = info && (info->key_exchange == "ECDHE" || info->key_exchange == "DHE");
    bool const key = info && (info->authentication == "RSA" || info->authentication == "ECDSA" || info->authentication == "DSS");
    if (exchange && key) return {.accepted = Truth::yes, .reason = {}};
  }
  if (suites.state != Observed::State::known || !suites.complete) return {.accepted = Truth::unknown, .reason = suites.reason};
  return {.accepted = Truth::no, .reason = {}};
}

Observed not_signed(Endpoint const& endpoint, ProtocolVersion version) {
  VersionSupport const support = version_support(endpoint, version);
  if (support.accepted == Truth::no) return Observed::not_applicable(wire::name(version) + " is not accepted");
  if (version == ProtocolVersion::TLSv1_2) {
    VersionSupport const signs = signs_in_tls12(endpoint);
    if (signs.accepted == Truth::no) return Observed::not_applicable("no suite of TLSv1.2 has the server sign");
  }
  if (support.accepted == Truth::unknown) return Observed::unknown(could_not_tell(version, support.reason));
  return Observed::unknown(fmt::format("no signature of {} was read", wire::name(version)));
}

void add_entry(Observed& out, Value const& entry, ProtocolVersion version) {
  for (Value const& scheme : entry["schemes"].items()) {
    std::optional<std::uint32_t> const code = code_of(scheme["code"].as_string());
    if (!code) {
      make_incomplete(out, "a signature scheme is listed without its code");
      continue;
    }
    Element element = coded(*code, false, scheme["name"].as_string());
    std::string const& doubt = scheme["inconclusive"].as_string();
    if (doubt.empty()) {
      add_once(out.elements, std::move(element));
    } else {
      std::string const name = element.label;
      out.possible.push_back({.element = std::move(element), .reason = fmt::format("{}: {}", name, bounded(doubt, kMaxReason))});
    }
  }
  if (!entry["complete"].as_bool(false)) {
    make_incomplete(out, fmt::format("there may be more schemes in {}: {}", wire::name(version),
                                     reason_of(entry, "whether all were found is not known")));
  }
  std::string const& odd = entry["not_offered"].as_string();
  if (!odd.empty()) make_incomplete(out, bounded(odd, kMaxReason) + " was used though it was not offered");
}

Observed signatures_of(Endpoint const& endpoint, ProtocolVersion version) {
  Section const list = section(endpoint, "signature_schemes");
  Observed out;
  out.state = Observed::State::known;
  bool any = false;
  if (list.value) {
    for (Value const& entry : list.value->items()) {
      if (entry["protocol"].as_string() != wire::name(version)) continue;
      any = true;
      add_entry(out, entry, version);
    }
  }
  if (!any) {
    Observed none = not_signed(endpoint, version);
    if (list.value || none.state == Observed::State::not_applicable) return none;
    return version_support(endpoint, version).accepted == Truth::yes ? list.missing : none;
  }
  if (out.elements.empty() && out.possible.empty())
    return Observed::unknown(out.reason.empty() ? "no signature could be read" : out.reason);
  return out;
}

Observed read_signatures(Subject const& subject, ProtocolVersion version) {
  if (version != ProtocolVersion::none) return signatures_of(*subject.endpoint, version);
  Observed all;
  all.state = Observed::State::known;
  bool applies = false;
  for (ProtocolVersion const one : {ProtocolVersion::TLSv1_3, ProtocolVersion::TLSv1_2}) {
    Observed part = signatures_of(*subject.endpoint, one);
    if (part.state == Observed::State::not_applicable) continue;
    applies = true;
    for (Element& element : part.elements) add_once(all.elements, std::move(element));
    for (Observed::Possible& possible : part.possible) all.possible.push_back(std::move(possible));
    if (part.state != Observed::State::known || !part.complete) make_incomplete(all, std::move(part.reason));
  }
  if (!applies) return Observed::not_applicable("the server signs in no version from TLSv1.2 on");
  std::erase_if(all.possible,
                [&](Observed::Possible const& p) { return std::ranges::find(all.elements, p.element) != all.elements.end(); });
  if (all.elements.empty() && all.possible.empty()) return Observed::unknown(all.reason);
  return all;
}

}  // namespace

void add_signature_facts(std::vector<FactSpec>& all) {
  struct PerVersion {
    std::string_view name, sentence;
    ProtocolVersion version;
  };
  for (PerVersion const& v :
       {PerVersion{"signatures.accepted.TLSv1.2",
                   "the schemes with which the server signs in TLS 1.2; not applicable where no suite of it has the server sign",
                   ProtocolVersion::TLSv1_2},
        PerVersion{"signatures.accepted.TLSv1.3", "the schemes with which the server signs in TLS 1.3", ProtocolVersion::TLSv1_3},
        PerVersion{"signatures.accepted.any", "the schemes with which the server signs in TLS 1.2 and TLS 1.3, all together",
                   ProtocolVersion::none}}) {
    all.push_back({.name = v.name,
                   .type = Type::signatures,
                   .scope = Scope::endpoint,
                   .sentence = v.sentence,
                   .noun = "signature schemes",
                   .read = read_signatures,
                   .verb = "used",
                   .version = v.version});
  }
}

}  // namespace tlsgauge::policy
