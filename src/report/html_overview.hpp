#pragma once
// The part of the page that compares endpoints: numbers, what to mend first, charts, the table.

#include <string>
#include <vector>

#include "report/html_places.hpp"
#include "report/overview.hpp"
#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// How an endpoint and a finding are linked to: within the page, or to its page in a folder.
class HtmlLinks {
 public:
  HtmlLinks(std::vector<HtmlPlace> places, bool folder) : places_(std::move(places)), folder_(folder) {}
  [[nodiscard]] HtmlPlace const& place(std::size_t endpoint) const { return places_.at(endpoint); }
  [[nodiscard]] std::string to(std::size_t endpoint) const;
  [[nodiscard]] std::string to(std::size_t endpoint, std::size_t assessment, std::size_t requirement) const;
  [[nodiscard]] bool folder() const { return folder_; }

 private:
  std::vector<HtmlPlace> places_;
  bool folder_;
};

/// Unmet requirements over all endpoints, the gravest and then the most frequent first. Each has the anchor "rule:ID".
struct RuleGroup {
  struct At {
    std::size_t endpoint;
    std::size_t assessment;
    std::size_t requirement;
  };
  Assessment const* assessment = nullptr;
  Requirement const* requirement = nullptr;  ///< the first of them, for all that is the same
  std::string anchor;
  std::vector<At> at;
};
[[nodiscard]] std::vector<RuleGroup> rule_groups(Document const& document);

/// "3 endpoints: 1 pass, 1 fail, 1 unreachable", or what one endpoint does under all its profiles; after "Interrupted: " where it was.
[[nodiscard]] std::string headline(Document const& document);
/// "good" only where all pass and nothing is missing; "bad" where any fails; else "fair".
[[nodiscard]] std::string headline_tone(Document const& document);
[[nodiscard]] std::string class_of(State state);
/// The name that was sent where it is not the host; else empty.
[[nodiscard]] std::string sent_name(Target const& target);

/// Adds to the page's view what compares endpoints.
void add_overview(Value& page, Document const& document, HtmlLinks const& links, std::vector<RuleGroup> const& groups);

}  // namespace tlsgauge::report
