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

/// What failed over all endpoints, with its anchor in the page: "rule:ID".
struct Rule {
  Remedy remedy;
  std::string anchor;
};
/// In the order of `remedies`.
[[nodiscard]] std::vector<Rule> rules_of(Document const& document);

/// "3 endpoints: 1 pass, 1 fail, 1 unreachable", or what one endpoint does under all its profiles; after "Interrupted: " where it was.
[[nodiscard]] std::string headline(Document const& document);
/// "good" only where all pass and nothing is missing; "bad" where any fails; else "fair".
[[nodiscard]] std::string headline_tone(Document const& document);

/// Adds to the page's view what compares endpoints.
void add_overview(Value& page, Document const& document, HtmlLinks const& links, std::vector<Rule> const& rules);

}  // namespace tlsgauge::report
