// Facts about key exchange beyond suites and the groups of TLS 1.3: curves up to TLS 1.2, primes, the preferred group, reused keys.

#include <fmt/format.h>

#include <algorithm>

#include "policy/readers.hpp"

namespace tlsgauge::policy {
namespace {

using wire::ProtocolVersion;

constexpr std::size_t kMaxName = 80;

/// Whether a suite of that key exchange is accepted up to TLS 1.2.
VersionSupport suite_support(Endpoint const& endpoint, std::string_view attribute) {
  VersionSupport out{.accepted = Truth::no, .reason = {}};
  Attribute const& wanted = *find_attribute(attribute, Type::suites);
  for (ProtocolVersion const version : wire::kAllVersions) {
    if (version == ProtocolVersion::SSLv2 || version == ProtocolVersion::TLSv1_3) continue;
    Observed const suites = read_suites({.endpoint = &endpoint, .certificate = nullptr}, version);
    if (suites.state == Observed::State::not_applicable) continue;
    bool known = true;
    if (std::ranges::any_of(suites.elements, [&](Element const& suite) { return holds(wanted, suite, known); }))
      return {.accepted = Truth::yes, .reason = {}};
    if (suites.state != Observed::State::known || !suites.complete) out = {.accepted = Truth::unknown, .reason = suites.reason};
  }
  return out;
}

/// The section, or why not: nothing of that key exchange is accepted, or nobody asked.
Section exchange_section(Endpoint const& endpoint, std::string_view key, std::string_view attribute, std::string_view none) {
  Section found = measured(endpoint, key);
  VersionSupport const support = suite_support(endpoint, attribute);
  if (support.accepted == Truth::no) return {.value = nullptr, .missing = Observed::not_applicable(std::string{none})};
  if (!found.value && support.accepted == Truth::unknown && found.missing.reason == "not asked")
    found.missing = Observed::unknown(support.reason);
  return found;
}

constexpr std::string_view kNoEcdhe = "no suite with ephemeral ECDH is accepted up to TLS 1.2";
constexpr std::string_view kNoDhe = "no suite with finite-field Diffie-Hellman is accepted";

/// `list` of groups, each with `code` and perhaps `inconclusive`, and what `order` says of its completeness.
Observed groups_of(Value const& list, Value const& order, std::string_view what) {
  Observed out;
  out.state = Observed::State::known;
  for (Value const& group : list.items()) {
    std::optional<std::uint32_t> const code = code_of(group["code"].as_string());
    if (!code) {
      make_incomplete(out, fmt::format("a {} is listed without its code", what));
      continue;
    }
    Element element = coded(*code, false, group["name"].as_string());
    std::string const& doubt = group["inconclusive"].as_string();
    if (doubt.empty()) {
      add_once(out.elements, std::move(element));
    } else {
      std::string const name = element.label;
      out.possible.push_back({.element = std::move(element), .reason = fmt::format("{}: {}", name, bounded(doubt, kMaxName))});
    }
  }
  if (!order["complete"].as_bool(false))
    make_incomplete(out, fmt::format("there may be more {}s: {}", what, reason_of(order, "whether all were found is not known")));
  return out;
}

Observed read_curves(Subject const& subject, ProtocolVersion) {
  Section const curves = exchange_section(*subject.endpoint, "curves", "ecdhe", kNoEcdhe);
  if (!curves.value) return curves.missing;
  Observed out = groups_of((*curves.value)["groups"], (*curves.value)["order"], "curve");
  if (std::string const& odd = (*curves.value)["not_offered"].as_string(); !odd.empty())
    make_incomplete(out, bounded(odd, kMaxName) + " was picked though it was not offered");
  if (out.elements.empty() && out.possible.empty()) return Observed::unknown(reason_of(*curves.value, "no curve was found"));
  set_order(out, (*curves.value)["order"]);
  return out;
}

Observed read_curve_chooser(Subject const& subject, ProtocolVersion) {
  Section const curves = exchange_section(*subject.endpoint, "curves", "ecdhe", kNoEcdhe);
  return curves.value ? chooser_of((*curves.value)["order"]) : curves.missing;
}

Observed read_preferred_group(Subject const& subject, ProtocolVersion version) {
  Observed const chooser = read_group_chooser(subject, version);
  if (chooser.state != Observed::State::known) return chooser;
  if (chooser.text == "client") return Observed::not_applicable("the client chooses the group");
  Observed groups = read_groups(subject, version);
  if (groups.state != Observed::State::known) return groups;
  groups.elements.erase(groups.elements.begin() + 1, groups.elements.end());
  return groups;
}

Observed read_group_retry(Subject const& subject, ProtocolVersion version) {
  Section const retry = measured(*subject.endpoint, "group_retry");
  if (!retry.value) {
    Observed const groups = read_group_chooser(subject, version);
    if (groups.state != Observed::State::known) return groups;
    return Observed::not_applicable("the server does not prefer a group to another that could be sent instead");
  }
  Observed out = answer(*retry.value, "asks", "");
  if (out.state == Observed::State::known) {
    out.note = fmt::format("a share of {} was sent, {} is preferred", bounded((*retry.value)["shared"].as_string(), kMaxName),
                           bounded((*retry.value)["preferred"].as_string(), kMaxName));
  }
  return out;
}

/// dh_parameters.groups, or why there are none.
Section primes(Subject const& subject) {
  Section const found = exchange_section(*subject.endpoint, "dh_parameters", "dhe", kNoDhe);
  if (!found.value) return found;
  Value const& groups = (*found.value)["groups"];
  if (groups.items().empty())
    return {.value = nullptr, .missing = Observed::unknown(reason_of(*found.value, "no Diffie-Hellman group was read"))};
  return found;
}

std::string_view origin(Value const& group) {
  std::string const& name = group["name"].as_string();
  if (name.empty()) return "own";
  if (name.starts_with("RFC7919")) return "rfc7919";
  return name.starts_with("RFC3526") ? "rfc3526" : "published";
}

Observed read_dh_origins(Subject const& subject, ProtocolVersion) {
  Section const found = primes(subject);
  if (!found.value) return found.missing;
  Observed out;
  out.state = Observed::State::known;
  for (Value const& group : (*found.value)["groups"].items()) {
    std::string const word{origin(group)};
    std::string const name = bounded(group["name"].as_string(), kMaxName);
    add_once(out.elements, {.key = word, .label = name.empty() || word == name ? word : fmt::format("{} ({})", word, name), .code = 0});
  }
  if (found.value->find("inconclusive")) make_incomplete(out, reason_of(*found.value, "not all groups were read"));
  return out;
}

Observed read_dh_faults(Subject const& subject, ProtocolVersion) {
  Section const found = primes(subject);
  if (!found.value) return found.missing;
  Observed out;
  out.state = Observed::State::known;
  for (Value const& group : (*found.value)["groups"].items()) {
    std::string const size = group["bits"].is_number() ? number_text(group["bits"].as_double()) + " bits" : "of unknown size";
    auto const element = [&](std::string_view word) {
      return Element{.key = std::string{word}, .label = fmt::format("{} ({})", word, size), .code = 0};
    };
    Value const& prime = group["prime"];
    Value const& safe = group["safe_prime"];
    if (!prime.is_bool()) {
      out.possible.push_back({.element = element("composite"), .reason = "a modulus is too long, or one too many, to be tested"});
    } else if (!prime.as_bool()) {
      add_once(out.elements, element("composite"));
      continue;
    }
    if (!safe.is_bool()) {
      out.possible.push_back({.element = element("not_safe_prime"), .reason = "a modulus is too long, or one too many, to be tested"});
    } else if (!safe.as_bool()) {
      add_once(out.elements, element("not_safe_prime"));
    }
  }
  if (found.value->find("inconclusive")) make_incomplete(out, reason_of(*found.value, "not all groups were read"));
  return out;
}

Observed read_dh_reused(Subject const& subject, ProtocolVersion) {
  Section const found = primes(subject);
  if (!found.value) return found.missing;
  bool open = found.value->find("inconclusive") != nullptr;
  for (Value const& group : (*found.value)["groups"].items()) {
    if (group["reused"].as_bool()) return Observed::boolean(true, "the same key on two connections");
    open = open || !group["reused"].is_bool();
  }
  return open ? Observed::unknown("no two keys of one group were seen") : Observed::boolean(false);
}

Observed read_ecdhe_reused(Subject const& subject, ProtocolVersion) {
  Section const found = exchange_section(*subject.endpoint, "dh_parameters", "ecdhe", kNoEcdhe);
  if (!found.value) return found.missing;
  Value const& reused = (*found.value)["ecdh_reused"];
  if (!reused.is_bool()) return Observed::unknown("no two keys on one curve were seen");
  return Observed::boolean(reused.as_bool(), reused.as_bool() ? "the same key on two connections" : "");
}

Observed read_dh_negotiated(Subject const& subject, ProtocolVersion) {
  Section const found = exchange_section(*subject.endpoint, "curves", "dhe", kNoDhe);
  if (!found.value) return found.missing;
  Value const& ffdhe = (*found.value)["ffdhe"];
  if (!ffdhe["honoured"].is_bool()) return Observed::unknown(reason_of(ffdhe, "not established"));
  return Observed::boolean(ffdhe["honoured"].as_bool());
}

Observed read_quantum_exchange(Subject const& subject, ProtocolVersion) {
  Section const found = measured(*subject.endpoint, "post_quantum");
  if (!found.value) return found.missing;
  return word_of(*found.value, "key_exchange", {"preferred", "accepted", "absent"}, "not asked");
}

Observed read_quantum_certificate(Subject const& subject, ProtocolVersion) {
  Section const found = measured(*subject.endpoint, "post_quantum");
  return found.value ? answer(*found.value, "certificates", "not asked") : found.missing;
}

}  // namespace

void add_key_exchange_facts(std::vector<FactSpec>& all) {
  std::vector<std::string_view> const choosers = {"server", "client", "indifferent"};
  all.push_back({.name = "groups.preferred",
                 .type = Type::groups,
                 .scope = Scope::endpoint,
                 .sentence = "the one group of TLS 1.3 that the server prefers; not applicable where the client chooses",
                 .noun = "the preferred group",
                 .read = read_preferred_group,
                 .verb = "preferred"});
  all.push_back({.name = "groups.retry",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "a client that sends a share of a lesser group is asked for the preferred one by a HelloRetryRequest; not "
                             "applicable where there is no such group",
                 .noun = "the retry for the preferred group",
                 .read = read_group_retry,
                 .affirmed = "the server asks for a retry to get its preferred group",
                 .denied = "the server settles for a lesser group"});
  all.push_back({.name = "curves.accepted",
                 .type = Type::groups,
                 .scope = Scope::endpoint,
                 .sentence = "the curves accepted up to TLS 1.2, at the newest such version; not applicable without suites for them",
                 .noun = "curves",
                 .read = read_curves,
                 .ordered = true});
  all.push_back({.name = "curves.chooser",
                 .type = Type::text,
                 .scope = Scope::endpoint,
                 .sentence = "who chooses among the curves up to TLS 1.2",
                 .noun = "the chooser of the curve",
                 .read = read_curve_chooser,
                 .words = choosers});
  all.push_back({.name = "dh.origins",
                 .type = Type::texts,
                 .scope = Scope::endpoint,
                 .sentence = "where the finite-field groups come from: named in RFC 7919 or RFC 3526, published elsewhere, or of the "
                             "server's own making",
                 .noun = "origins of the Diffie-Hellman groups",
                 .read = read_dh_origins,
                 .verb = "used",
                 .words = {"rfc7919", "rfc3526", "published", "own"}});
  all.push_back({.name = "dh.faults",
                 .type = Type::texts,
                 .scope = Scope::endpoint,
                 .sentence = "what is wrong with the moduli of the finite-field groups",
                 .noun = "faults of the Diffie-Hellman groups",
                 .read = read_dh_faults,
                 .verb = "found",
                 .words = {"composite", "not_safe_prime"}});
  all.push_back({.name = "dh.keys_reused",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "the server has the same finite-field key on several connections",
                 .noun = "reuse of Diffie-Hellman keys",
                 .read = read_dh_reused,
                 .affirmed = "Diffie-Hellman keys are reused",
                 .denied = "Diffie-Hellman keys are fresh"});
  all.push_back({.name = "dh.groups_negotiated",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "up to TLS 1.2 the server picks of the finite-field groups that the client names (RFC 7919)",
                 .noun = "negotiation of Diffie-Hellman groups",
                 .read = read_dh_negotiated,
                 .affirmed = "Diffie-Hellman groups are negotiated",
                 .denied = "the server brings a Diffie-Hellman group that the client did not name"});
  all.push_back({.name = "ecdhe.keys_reused",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "the server has the same ECDHE key on several connections",
                 .noun = "reuse of ECDHE keys",
                 .read = read_ecdhe_reused,
                 .affirmed = "ECDHE keys are reused",
                 .denied = "ECDHE keys are fresh"});
  all.push_back({.name = "post_quantum.key_exchange",
                 .type = Type::text,
                 .scope = Scope::endpoint,
                 .sentence = "whether a post-quantum group of TLS 1.3 is preferred, accepted or absent",
                 .noun = "post-quantum key exchange",
                 .read = read_quantum_exchange,
                 .words = {"preferred", "accepted", "absent"}});
  all.push_back({.name = "post_quantum.certificate",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "an end entity certificate has a post-quantum key",
                 .noun = "post-quantum certificate",
                 .read = read_quantum_certificate,
                 .affirmed = "there is a post-quantum certificate",
                 .denied = "there is no post-quantum certificate"});
}

}  // namespace tlsgauge::policy
