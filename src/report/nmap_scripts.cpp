#include "report/nmap_scripts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <utility>

#include "audit/nmap_letter.hpp"
#include "audit/shown_certificates.hpp"
#include "base/text.hpp"
#include "report/fact_parts.hpp"

namespace tlsgauge::report {
namespace {

using wire::ProtocolVersion;

ScriptValue elem(std::string key, std::string text) { return {.key = std::move(key), .text = std::move(text)}; }
ScriptValue table(std::string key, std::vector<ScriptValue> items) {
  return {.key = std::move(key), .text = {}, .table = true, .items = std::move(items)};
}

ScriptValue list(std::string key, std::vector<std::string> const& texts) {
  ScriptValue out = table(std::move(key), {});
  for (std::string const& text : texts) out.items.push_back(elem({}, text));
  return out;
}

/// The reason that a part of the facts gives, else `otherwise`.
std::string reason_of(Value const& part, std::string_view otherwise) {
  std::string const reason = report::reason_of(part);
  return reason.empty() ? std::string{otherwise} : reason;
}

wire::CipherSuiteInfo const* registered(Value const& suite) {
  std::string_view code = suite["code"].as_string();
  if (!code.starts_with("0x")) return nullptr;
  code.remove_prefix(2);
  std::uint16_t number = 0;
  auto const [end, error] = std::from_chars(code.data(), code.data() + code.size(), number, 16);
  if (error != std::errc{} || end != code.data() + code.size()) return nullptr;
  return wire::find(static_cast<wire::CipherSuite>(number));
}

/// ssl-enum-ciphers of one endpoint, version by version.
class Enumeration {
 public:
  explicit Enumeration(Endpoint const& endpoint) : facts_(endpoint.facts) {
    std::vector<Value const*> const chains = audit::certificates_of(endpoint, facts_["certificates"]);
    keys_ = audit::keys_of(chains);
    for (Value const* const chain : chains) {
      if (audit::key_of(*chain)) continue;
      Value const& shown = (*chain)["shown_for"];
      std::string const& type = shown["authentication"].as_string();
      open(fmt::format("{} certificate{}{}", shown["protocol"].as_string(), type.empty() ? "" : " of ", type),
           reason_of(*chain, "not readable"));
    }
    for (ProtocolVersion const version : wire::kAllVersions) add(version);
  }

  std::vector<Script> scripts(std::vector<std::string> notes) && {
    std::vector<Script> out;
    if (!versions_.empty() || !sure_) {
      versions_.push_back(elem("least strength", sure_ || least_ == "F" ? least_ : std::string{audit::kNmapUnknown}));
      out.push_back({.id = "ssl-enum-ciphers", .output = script_text(versions_), .values = std::move(versions_)});
    }
    if (!ssl2_.empty()) out.push_back({.id = "sslv2", .output = script_text(ssl2_), .values = std::move(ssl2_)});
    std::vector<ScriptValue> said;
    if (!notes.empty()) said.push_back(list("notes", notes));
    if (!open_.empty()) said.push_back(list("inconclusive", open_));
    if (!said.empty()) out.push_back({.id = "tlsgauge", .output = script_text(said), .values = std::move(said)});
    return out;
  }

 private:
  void open(std::string what, std::string const& reason) { open_.push_back(printable(fmt::format("{}: {}", what, reason))); }

  void add(ProtocolVersion version) {
    std::string const name = wire::name(version);
    Value const& support = of_protocol(facts_["protocols"], "name", name);
    std::string const& word = support["support"].as_string();
    std::vector<Value const*> suites;
    for (Value const& suite : facts_["cipher_suites"].items()) {
      if (suite["protocol"].as_string() == name) suites.push_back(&suite);
    }
    if (word == "no" && suites.empty()) return;
    if (word != "yes" && suites.empty()) {
      sure_ = false;
      open(name, reason_of(support, facts_["protocols"].is_array() ? "not established" : reason_of(facts_["protocols"], "not asked")));
      return;
    }
    Value const& order = of_protocol(facts_["cipher_order"], "protocol", name);
    bool const whole = order["complete"].as_bool() && !suites.empty();
    if (!whole) {
      sure_ = sure_ && version == ProtocolVersion::SSLv2;  // of which the letters say nothing
      open(name + " may have more cipher suites", reason_of(order, reason_of(facts_["cipher_suites"], "not established")));
    }
    if (version == ProtocolVersion::SSLv2) {
      add_ssl2(suites);
    } else {
      add_version(version, suites, order, whole);
    }
  }

  /// The group that nmap's hello gets where facts tell it, else the one that the scan saw.
  std::string group_of(audit::SuiteEvidence const& suite) const {
    // In nmap's order (7.93; 7.99 has the hybrid as well).
    constexpr std::string_view kOffered[] = {"secp256r1", "secp384r1", "secp521r1", "x25519", "ffdhe2048", "X25519MLKEM768"};
    bool const newest = suite.version == ProtocolVersion::TLSv1_3;
    bool const curve = suite.info != nullptr && audit::ephemeral_of(*suite.info) == audit::Ephemeral::curve;
    if (suite.version == ProtocolVersion::SSLv3 || (!newest && !curve)) return suite.group;
    Value const& groups = newest ? facts_["groups"] : facts_["curves"]["groups"];
    std::string const& chooser = (newest ? facts_["group_order"] : facts_["curves"]["order"])["chooser"].as_string();
    auto const accepted = [&](std::string_view name) {
      return std::ranges::any_of(groups.items(), [&](Value const& group) { return group["name"].as_string() == name; });
    };
    if (chooser == "server") {
      for (Value const& group : groups.items()) {
        std::string const& name = group["name"].as_string();
        if (std::ranges::find(kOffered, name) != std::end(kOffered)) return name;
      }
    } else if (auto const* const at = std::ranges::find_if(kOffered, accepted); chooser == "client" && at != std::end(kOffered)) {
      return std::string{*at};
    }
    return suite.group;
  }

  void add_ssl2(std::vector<Value const*> const& suites) {
    std::vector<std::string> names;
    for (Value const* const suite : suites) {
      std::string name = (*suite)["name"].as_string();
      if (name.starts_with("SSL_CK_")) name = "SSL2_" + name.substr(7);  // nmap's prefix
      names.push_back(printable(name));
    }
    ssl2_.push_back(elem({}, "SSLv2 supported"));
    ssl2_.push_back(list("ciphers", names));
  }

  void add_version(ProtocolVersion version, std::vector<Value const*> const& suites, Value const& order, bool whole) {
    ScriptValue ciphers = table("ciphers", {});
    std::set<std::string> warnings;
    bool forward_secrecy = false;
    for (Value const* const item : suites) {
      audit::SuiteEvidence suite{
          .version = version, .name = (*item)["name"].as_string(), .info = registered(*item), .group = {}, .dh_bits = 0};
      audit::set_exchange(suite, *item);
      suite.group = group_of(suite);
      audit::NmapLetter const letter = audit::rate_suite(suite, keys_);
      least_ = std::max(least_, letter.letter);  // "unknown" is above "F" to nmap too
      forward_secrecy = forward_secrecy || audit::nmap_forward_secrecy(suite);
      warnings.insert(letter.warnings.begin(), letter.warnings.end());
      for (std::string& warning : audit::nmap_cipher_warnings(suite)) warnings.insert(std::move(warning));
      ciphers.items.push_back(cipher(printable(audit::nmap_name(suite)), printable(audit::nmap_exchange(suite, keys_)), letter.letter));
    }
    if (whole && !forward_secrecy) warnings.insert("Forward Secrecy not supported by any cipher");
    std::string const& chooser = order["chooser"].as_string();
    if (chooser != "server")
      std::ranges::sort(ciphers.items, {}, [](ScriptValue const& each) { return each.items[each.items.size() - 2].text; });

    ScriptValue out = table(wire::name(version), {});
    if (suites.empty()) out.text = "cipher suites not known";
    out.items.push_back(std::move(ciphers));
    if (version != ProtocolVersion::TLSv1_3) add_compressors(version, out);
    if (suites.size() == 1 && whole) {
      out.items.push_back(elem("cipher preference", "indeterminate"));
      out.items.push_back(elem("cipher preference error", "Too few ciphers supported"));
    } else if (chooser == "server" || chooser == "client") {
      out.items.push_back(elem("cipher preference", chooser));
    } else {
      out.items.push_back(elem("cipher preference error", printable("inconclusive: " + reason_of(order, "not established"))));
    }
    if (!warnings.empty()) out.items.push_back(list("warnings", {warnings.begin(), warnings.end()}));
    versions_.push_back(std::move(out));
  }

  static ScriptValue cipher(std::string const& name, std::string const& exchange, std::string const& letter) {
    ScriptValue out = table({}, {});
    out.text = fmt::format("{}{}{}{} - {}", name, exchange.empty() ? "" : " (", exchange, exchange.empty() ? "" : ")", letter);
    if (!exchange.empty()) out.items.push_back(elem("kex_info", exchange));
    out.items.push_back(elem("name", name));
    out.items.push_back(elem("strength", letter));
    return out;
  }

  void add_compressors(ProtocolVersion version, ScriptValue& out) {
    Value const& extensions = facts_["extensions"];
    std::string const& word = extensions["compression"].as_string();
    if (word != "yes" && word != "no") {
      open(wire::name(version) + " compressors", reason_of(extensions, "not established"));
      return;
    }
    std::vector<std::string> names;
    for (Value const& each : extensions["compression_methods"].items()) names.push_back(printable(each.as_string()));
    names.emplace_back("NULL");
    std::ranges::sort(names);
    out.items.push_back(list("compressors", names));
  }

  Value const& facts_;
  std::vector<audit::KeyEvidence> keys_;
  std::vector<ScriptValue> versions_;
  std::vector<ScriptValue> ssl2_;
  std::vector<std::string> open_;
  std::string least_ = "A";
  bool sure_ = true;
};

}  // namespace

std::string script_text(std::vector<ScriptValue> const& values, std::size_t indent) {
  std::string out;
  std::string const margin(indent, ' ');
  for (ScriptValue const& value : values) {
    std::string const key = value.key.empty() ? std::string{} : value.key + ": ";
    if (!value.table || !value.text.empty()) {
      out += fmt::format("\n{}{}{}", margin, key, value.text);
    } else {
      out += fmt::format("\n{}{}{}", margin, key, script_text(value.items, indent + 2));
    }
  }
  return out;
}

std::vector<Script> nmap_scripts(Endpoint const& endpoint) {
  std::vector<std::string> notes;
  if (endpoint.status == Status::unreachable || endpoint.status == Status::not_tls) {
    notes.emplace_back(endpoint.status == Status::unreachable ? "unreachable" : "TLS is not spoken");
    for (ErrorNote const& error : endpoint.errors) notes.push_back(printable(fmt::format("{}: {}", error.where, error.what)));
    ScriptValue said = list("notes", notes);
    return {{.id = "tlsgauge", .output = script_text({said}), .values = {said}}};
  }
  std::vector<Script> out;
  if (Script certificate = ssl_cert_script(endpoint); !certificate.id.empty()) out.push_back(std::move(certificate));
  for (Script& script : Enumeration{endpoint}.scripts(std::move(notes))) out.push_back(std::move(script));
  return out;
}

}  // namespace tlsgauge::report
