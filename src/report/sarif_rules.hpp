#pragma once
// The rules of a SARIF log: the requirements of a document's profiles.

#include <cstddef>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "report/findings.hpp"

namespace tlsgauge::report {

/// "error", "warning" or "note": the levels of SARIF 2.1.0 section 3.27.10.
[[nodiscard]] std::string_view sarif_level(Severity severity);

class SarifRules {
 public:
  /// All requirements of all profiles of the document, which must outlive this, in its order; then those that were made for findings.
  SarifRules(Document const& document, std::vector<Finding> const& findings);
  /// The place in the list of the rule with that id, which is one of `rule_id`.
  [[nodiscard]] std::size_t index(std::string const& id) const { return indices_.at(id); }
  /// An array of reportingDescriptor objects (section 3.49).
  [[nodiscard]] nlohmann::ordered_json json() const;

 private:
  void add(Finding const& finding);

  struct Rule {
    std::string id;
    Assessment const* assessment = nullptr;
    Requirement const* requirement = nullptr;
    std::shared_ptr<Requirement const> made;
    Severity severity = Severity::info;  ///< the gravest: profiles may weigh by endpoint
  };
  std::vector<Rule> rules_;
  std::map<std::string, std::size_t> indices_;
};

}  // namespace tlsgauge::report
