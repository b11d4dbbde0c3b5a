#pragma once
// Names of suites, groups, signature schemes and versions in a profile, and the sets made of them.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/condition.hpp"
#include "policy/document.hpp"

namespace tlsgauge::policy {

/// The named sets of a profile, each resolved when it is first used, so that a profile that extends another may redefine the sets of
/// that one. Bounded in depth and in the number of members in all.
class Sets {
 public:
  explicit Sets(std::vector<std::pair<std::string, Node>> const& definitions) : definitions_(definitions) {}

  /// A member, "@set", "@attribute", or a list of these. Throws ProfileError.
  [[nodiscard]] Selection read(Node const& node, std::string_view path, Type type, std::vector<std::string_view> const& words);
  /// The sets that were named so far, in requirements or in other sets.
  [[nodiscard]] std::set<std::string, std::less<>> const& used() const { return used_; }
  /// Resolves every set once, so that one that is wrong but unused is found as well.
  void check_all();

 private:
  struct Builder;
  void add(Builder& builder, Node const& node, std::string_view path, std::vector<std::string_view> const& words);
  void add_set(Builder& builder, Node const& node, std::string_view path);
  Selection const& resolve(std::string const& name, Type type, Node const& used_at, std::string_view path);

  std::vector<std::pair<std::string, Node>> const& definitions_;
  std::map<std::string, Selection, std::less<>> resolved_;
  std::set<std::string, std::less<>> used_;
  std::vector<std::string> under_way_;
  std::size_t members_ = 0;
};

/// What a set can be of: suites, groups, signatures.
[[nodiscard]] std::vector<std::string_view> set_keys();
/// `definition` as it must stand under `sets`.
void check_set_definition(std::string const& name, Node const& definition, std::string_view path);

}  // namespace tlsgauge::policy
