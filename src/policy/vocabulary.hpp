#pragma once
// The words of the profile language: facts that can be asked about, operators, and attributes of suites, groups and signature schemes.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/observed.hpp"
#include "tlsgauge/result.hpp"
#include "wire/registry/registry.hpp"

namespace tlsgauge::policy {

enum class Type { versions, suites, groups, signatures, texts, number, text, boolean };
enum class Scope { endpoint, certificate };

[[nodiscard]] constexpr bool is_set(Type type) { return type <= Type::texts; }
/// "a set of protocol versions", "a number".
[[nodiscard]] std::string_view type_words(Type type);

/// What a fact is read from.
struct Subject {
  Endpoint const* endpoint = nullptr;
  Value const* certificate = nullptr;  ///< an entry of facts.certificates, for facts of that scope
};

struct FactSpec {
  std::string_view name;
  Type type;
  Scope scope;
  std::string_view sentence;  ///< what it is, for people
  std::string_view noun;      ///< "key size": the subject of sentences
  Observed (*read)(Subject const& subject, wire::ProtocolVersion version);
  std::string_view verb = "accepted";                           ///< of a set: "TLSv1.0 is accepted"
  std::string_view unit = {};                                   ///< of a number: "bits"
  std::string_view affirmed = {};                               ///< of a boolean: the sentence when it is true
  std::string_view denied = {};                                 ///< ... and when it is false
  std::vector<std::string_view> words = {};                     ///< of a text: all that it can be; empty: open
  wire::ProtocolVersion version = wire::ProtocolVersion::none;  ///< given to `read`
  bool optional = false;  ///< an extra: where it was not looked for it is not applicable, and no gate waits for it
  bool runs_out = false;  ///< a number that falls by itself from day to day, or words that say how long ago
  bool ordered = false;   ///< of a set: its reader tells the server's order
};

[[nodiscard]] std::span<FactSpec const> facts();
[[nodiscard]] FactSpec const* find_fact(std::string_view name);
[[nodiscard]] std::vector<std::string_view> fact_names();

enum class Operator {
  equals,
  not_equals,
  one_of,
  subset_of,
  superset_of,
  includes,
  excludes,
  intersects,
  min,
  max,
  exists,
  not_empty,
  preferred_order
};

struct OperatorSpec {
  Operator code;
  std::string_view name;
  std::string_view sentence;
};

[[nodiscard]] std::span<OperatorSpec const> operators();
[[nodiscard]] std::vector<std::string_view> operator_names();
[[nodiscard]] bool applies_to(Operator op, Type type);

/// A set that is defined by what the registry says of its members.
struct Attribute {
  std::string_view name;  ///< without the @
  Type type;              ///< suites, groups or signatures: each has a function of its own, the others are nullptr
  std::string_view words;
  bool (*suite)(wire::CipherSuiteInfo const& info);
  bool (*group)(wire::NamedGroupInfo const& info);
  bool (*signature)(wire::SignatureSchemeInfo const& info) = nullptr;
};

[[nodiscard]] std::span<Attribute const> attributes();
/// Of any kind: @post_quantum there is of groups and of signature schemes.
[[nodiscard]] Attribute const* find_attribute(std::string_view name);
[[nodiscard]] Attribute const* find_attribute(std::string_view name, Type type);
[[nodiscard]] std::vector<std::string_view> attribute_names(Type type);
/// Whether the registry's entry of `element` has that quality; `known` is false where it has no entry.
[[nodiscard]] bool holds(Attribute const& attribute, Element const& element, bool& known);

/// The registry's entry of a suite code as facts write it, 24 bits for SSLv2; nullptr where there is none.
[[nodiscard]] wire::CipherSuiteInfo const* suite_info(Element const& suite);
[[nodiscard]] wire::NamedGroupInfo const* group_info(Element const& group);
[[nodiscard]] wire::SignatureSchemeInfo const* signature_info(Element const& scheme);

}  // namespace tlsgauge::policy
