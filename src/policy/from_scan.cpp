#include "policy/from_scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "audit/shown_certificates.hpp"
#include "base/text.hpp"
#include "policy/from_scan_items.hpp"
#include "policy/vocabulary.hpp"
#include "policy/yaml_text.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge::policy {
namespace {

constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxLine = 200;
constexpr std::size_t kMaxMembers = 1000;

/// A fact of one endpoint or certificate.
struct Measured {
  std::string where;
  Observed observed;
  std::string key_type;  ///< of a certificate
};

/// Today's value as an expectation, or why there is none.
struct Demand {
  std::string is;      ///< "{min: 2048}"; empty: see `reason`
  std::string when;    ///< condition on top, or empty
  std::string suffix;  ///< of the requirement's id
  std::string reason;  ///< empty: the fact applies to none of the endpoints
};

std::string label_of(Endpoint const& endpoint) {
  std::string const& host = endpoint.target.host;
  bool const v6 = host.find(':') != std::string::npos;
  return bounded(printable(fmt::format("{}:{}", v6 ? '[' + host + ']' : host, endpoint.target.port)), 120);
}

std::vector<Measured> measure(FactSpec const& fact, std::vector<Endpoint const*> const& endpoints) {
  FactSpec const& type = *find_fact("certificate.key.type");
  std::vector<Measured> all;
  for (Endpoint const* const endpoint : endpoints) {
    Subject subject{.endpoint = endpoint, .certificate = nullptr};
    if (fact.scope == Scope::endpoint) {
      all.push_back({.where = label_of(*endpoint), .observed = fact.read(subject, fact.version), .key_type = {}});
      continue;
    }
    for (Value const* const certificate : audit::certificates_of(*endpoint, endpoint->facts["certificates"])) {
      subject.certificate = certificate;
      Observed const key = type.read(subject, type.version);
      all.push_back({.where = label_of(*endpoint), .observed = fact.read(subject, fact.version), .key_type = key.text});
    }
  }
  return all;
}

/// As a profile names it; nothing where it cannot.
std::optional<std::string> member_text(Type type, Element const& element) {
  bool const named = type == Type::versions || type == Type::texts;
  if (type == Type::suites) {
    wire::CipherSuiteInfo const* const info = suite_info(element);
    if (info == nullptr) return std::nullopt;
    bool const by_name = element.key.size() <= 6 && wire::find_cipher_suite(info->name) == info;
    return by_name ? std::string{info->name} : element.key;
  }
  if (type == Type::groups) {
    wire::NamedGroupInfo const* const info = group_info(element);
    if (info == nullptr) return std::nullopt;
    return wire::find_named_group(info->name) == info ? std::string{info->name} : element.key;
  }
  if (type == Type::signatures) {
    auto const* const info = wire::find(static_cast<wire::SignatureScheme>(element.code));
    return info != nullptr ? std::optional{std::string{info->name}} : std::nullopt;
  }
  bool const sayable = named && !element.key.empty() && element.key.size() <= kMaxLine && printable(element.key) == element.key;
  return sayable ? std::optional{element.key} : std::nullopt;
}

/// The reason why a fact says nothing to hold on to, or nothing; `applies` where it is known of one at least.
std::optional<std::string> obstacle(std::vector<Measured> const& all, bool& applies) {
  for (Measured const& one : all) {
    if (one.observed.state == Observed::State::unknown) return fmt::format("{}: {}", one.where, one.observed.reason);
    if (one.observed.state == Observed::State::absent) return fmt::format("{}, today: {}", one.where, one.observed.reason);
    applies = applies || one.observed.state == Observed::State::known;
  }
  return std::nullopt;
}

bool is_known(Measured const& one) { return one.observed.state == Observed::State::known; }

std::string list_of(std::vector<std::string> const& texts) { return yaml_list(texts, 8); }

Demand no_others(FactSpec const& fact, std::vector<Measured> const& all) {
  std::vector<std::string> members;
  for (Measured const& one : all) {
    for (Element const& element : one.observed.elements) {
      std::optional<std::string> text = member_text(fact.type, element);
      if (!text) return {.is = {}, .when = {}, .suffix = {}, .reason = fmt::format("{}: {} cannot be named", one.where, element.label)};
      if (std::ranges::find(members, *text) == members.end()) members.push_back(std::move(*text));
    }
    if (members.size() > kMaxMembers) return {.is = {}, .when = {}, .suffix = {}, .reason = one.where + ": too many to list"};
  }
  return {.is = fmt::format("{{subset_of: {}}}", list_of(members)), .when = {}, .suffix = {}, .reason = {}};
}

/// The members that all have, of those that `wanted` takes.
template <class Wanted>
Demand kept(FactSpec const& fact, std::vector<Measured> const& all, Wanted const& wanted) {
  std::vector<std::string> members;
  auto const first = std::ranges::find_if(all, is_known);
  for (Element const& element : first->observed.elements) {
    bool const everywhere = std::ranges::all_of(all, [&](Measured const& one) {
      return !is_known(one) || std::ranges::find(one.observed.elements, element) != one.observed.elements.end();
    });
    std::optional<std::string> text = member_text(fact.type, element);
    if (everywhere && text && wanted(element)) members.push_back(std::move(*text));
  }
  if (members.empty()) return {};
  return {.is = fmt::format("{{superset_of: {}}}", list_of(members)), .when = {}, .suffix = {}, .reason = {}};
}

Demand bound(std::vector<Measured> const& all, bool least) {
  std::optional<double> value;
  for (Measured const& one : all) {
    if (!is_known(one)) continue;
    double const number = one.observed.number;
    value = !value ? number : least ? std::min(*value, number) : std::max(*value, number);
  }
  return {.is = fmt::format("{{{}: {}}}", least ? "min" : "max", number_text(*value)), .when = {}, .suffix = {}, .reason = {}};
}

Demand state(FactSpec const& fact, std::vector<Measured> const& all, bool wanted) {
  for (Measured const& one : all) {
    if (is_known(one) && one.observed.flag != wanted)
      return {.is = {}, .when = {}, .suffix = {}, .reason = fmt::format("{}, today: {}", one.where, wanted ? fact.denied : fact.affirmed)};
  }
  return {.is = fmt::format("{{equals: {}}}", wanted), .when = {}, .suffix = {}, .reason = {}};
}

Demand texts(std::vector<Measured> const& all) {
  std::vector<std::string> values;
  for (Measured const& one : all) {
    if (!is_known(one) || std::ranges::find(values, one.observed.text) != values.end()) continue;
    bool const sayable =
        !one.observed.text.empty() && one.observed.text.size() <= kMaxLine && printable(one.observed.text) == one.observed.text;
    if (!sayable) return {.is = {}, .when = {}, .suffix = {}, .reason = one.where + ": the value cannot be named"};
    values.push_back(one.observed.text);
  }
  return {.is = fmt::format("{{one_of: {}}}", list_of(values)), .when = {}, .suffix = {}, .reason = {}};
}

Demand other_than(std::vector<Measured> const& all, std::string_view word) {
  for (Measured const& one : all) {
    if (is_known(one) && one.observed.text == word)
      return {.is = {}, .when = {}, .suffix = {}, .reason = fmt::format("{}, today: {}", one.where, word)};
  }
  return {.is = fmt::format("{{not_equals: {}}}", word), .when = {}, .suffix = {}, .reason = {}};
}

Demand chooser(std::vector<Measured> const& all) {
  for (Measured const& one : all) {
    if (is_known(one) && one.observed.text == "client")
      return {.is = {}, .when = {}, .suffix = {}, .reason = fmt::format("{}, today: the client chooses", one.where)};
  }
  return {.is = "{one_of: [server, indifferent]}", .when = {}, .suffix = {}, .reason = {}};
}

/// A size says nothing without the type of the key: for each type that is there one demand.
std::vector<Demand> key_sizes(std::vector<Measured> const& all) {
  std::map<std::string, std::vector<Measured>> types;
  for (Measured const& one : all) {
    if (is_known(one)) types[one.key_type].push_back(one);
  }
  std::vector<Demand> demands;
  for (auto const& [type, ones] : types) {
    Demand demand = bound(ones, true);
    std::string suffix = type;
    std::erase_if(suffix, [](char c) { return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'); });
    if (suffix.empty() || suffix != type || type.size() > 20) continue;  // an OID or worse: nobody's key today
    demand.suffix = '-' + suffix;
    demand.when = fmt::format("{{fact: certificate.key.type, is: {{equals: {}}}}}", yaml_text(type));
    demands.push_back(std::move(demand));
  }
  return demands;
}

std::vector<Demand> demands_of(ScanItem const& item, FactSpec const& fact, std::vector<Endpoint const*> const& endpoints) {
  std::vector<Measured> const all = measure(fact, endpoints);
  bool applies = false;
  if (std::optional<std::string> reason = obstacle(all, applies)) {
    if (fact.optional) return {};
    return {{.is = {}, .when = {}, .suffix = {}, .reason = std::move(*reason)}};
  }
  if (!applies) return {};
  switch (item.keep) {
    case Keep::no_others:
      return {no_others(fact, all)};
    case Keep::these: {
      std::vector<std::string_view> const names = split(item.operand, ' ');
      return {kept(fact, all, [&](Element const& element) { return std::ranges::find(names, element.key) != names.end(); })};
    }
    case Keep::quality: {
      Attribute const& attribute = *find_attribute(item.operand, fact.type);
      return {kept(fact, all, [&](Element const& element) {
        bool known = false;
        return holds(attribute, element, known);
      })};
    }
    case Keep::at_least:
    case Keep::at_most:
      return {bound(all, item.keep == Keep::at_least)};
    case Keep::affirmed:
    case Keep::denied:
      return {state(fact, all, item.keep == Keep::affirmed)};
    case Keep::one_of:
      return {texts(all)};
    case Keep::other_than:
      return {other_than(all, item.operand)};
    case Keep::server:
      return {chooser(all)};
    case Keep::key_at_least:
      return key_sizes(all);
  }
  return {};
}

/// A requirement as it will be written.
struct Draft {
  std::string id;
  std::string text;
};

Draft write(ScanItem const& item, FactSpec const& fact, Demand const& demand, std::string_view date) {
  Draft draft;
  draft.id = fmt::format("{}{}", item.id, demand.suffix);
  draft.text = fmt::format("  - id: {}\n    title: {}\n    severity: {}\n    area: {}\n", draft.id, yaml_text(item.title),
                           name(item.severity), item.area);
  if (fact.scope == Scope::certificate) draft.text += "    each: certificate\n";
  if (!demand.when.empty()) draft.text += fmt::format("    when: {}\n", demand.when);
  draft.text += fmt::format("    fact: {}\n    is: {}\n    why: {}\n    ref: [SCAN]\n", fact.name, demand.is,
                            yaml_text(fmt::format("So it was measured on {}. {}", date, item.why)));
  return draft;
}

std::string identifier(std::string_view wanted) {
  std::string out;
  for (char const c : wanted) {
    bool const fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    out += fits ? c : '-';
  }
  out.resize(std::min(out.size(), kMaxName));
  return out;
}

std::string date_of(Run const& run) {
  constexpr std::size_t kDate = 10;
  std::string date = printable(run.started_at.substr(0, kDate));
  return date.size() == kDate ? date : "an unknown day";
}

std::string head(std::vector<Endpoint const*> const& endpoints, Run const& run, Tool const& tool, std::string_view name) {
  std::string const date = date_of(run);
  std::vector<std::string> labels;
  for (Endpoint const* const endpoint : endpoints) labels.push_back(label_of(*endpoint));
  std::string const named = enumerate(labels, "and", 120);
  std::string const made =
      name.empty() ? identifier(labels.size() == 1 ? "measured-" + endpoints.front()->target.host : "measured") : identifier(name);
  std::string out =
      yaml_comment(fmt::format("What {} just met on {}, written by {} {} profile from-scan.\n"
                               "A beginning: strike out what nobody needs, raise what can be better.",
                               named, date, bounded(tool.name, 40), bounded(tool.version, 40)));
  out += fmt::format("tlsgauge_profile: 1\nname: {}\nversion: {}\ntitle: {}\n", yaml_text(made), yaml_text(date),
                     yaml_text(bounded(fmt::format("As measured at {} on {}", named, date), kMaxLine)));
  out += fmt::format("description: {}\n\nsources:\n  - {{id: SCAN, title: {}}}\n\nrequirements:\n",
                     yaml_text("The state of a day, as a gate against getting worse. It says nothing about how good that state is."),
                     yaml_text(bounded(fmt::format("Scan of {} on {}", named, date), kMaxLine)));
  return out;
}

std::string assemble(std::string const& head, std::vector<Draft> const& drafts) {
  std::string out = head;
  for (std::size_t i = 0; i < drafts.size(); ++i) out += (i > 0 ? "\n" : "") + drafts[i].text;
  return out;
}

}  // namespace

ScanProfile profile_from_scan(std::vector<Endpoint const*> const& endpoints, Run const& run, Tool const& tool, std::string_view name) {
  std::vector<Draft> drafts;
  std::vector<std::string> left_out;
  for (ScanItem const& item : scan_items()) {
    FactSpec const& fact = *find_fact(item.fact);
    for (Demand const& demand : demands_of(item, fact, endpoints)) {
      if (!demand.is.empty()) {
        drafts.push_back(write(item, fact, demand, date_of(run)));
      } else if (!demand.reason.empty()) {
        left_out.push_back(fmt::format("{} ({}): {}", item.id, item.fact, bounded(demand.reason, kMaxLine)));
      }
    }
  }
  if (drafts.empty()) return {};
  std::string const beginning = head(endpoints, run, tool, name);

  // What is not certain (a suite that may or may not be there) shows when it is judged.
  Profile const draft = parse_profile(assemble(beginning, drafts), "from-scan");
  std::set<std::string> doubtful;
  for (Endpoint const* const endpoint : endpoints) {
    for (Requirement const& requirement : evaluate(draft, *endpoint).requirements) {
      if (requirement.verdict == Verdict::pass || requirement.verdict == Verdict::not_applicable) continue;
      if (doubtful.insert(requirement.id).second)
        left_out.push_back(fmt::format("{}: {}: {}", requirement.id, label_of(*endpoint), bounded(requirement.observed, kMaxLine)));
    }
  }
  std::erase_if(drafts, [&](Draft const& one) { return doubtful.contains(one.id); });
  if (drafts.empty()) return {};

  ScanProfile out{.yaml = assemble(beginning, drafts), .requirements = drafts.size(), .left_out = left_out.size()};
  if (!left_out.empty()) {
    out.yaml += "\n" + yaml_comment("Left out, because it is not certain, or today's state is nothing to hold on to:");
    for (std::string const& line : left_out) out.yaml += yaml_comment("  " + line);
  }
  return out;
}

}  // namespace tlsgauge::policy
