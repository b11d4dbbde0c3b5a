// The report as one HTML page that makes no request. The templates are reports/html; the only file that sees mustache.hpp.
//
// One page holds everything; where that would grow beyond kLargestDetailed it says in lines what it says in cards else, and where
// there are very many endpoints a folder with a page each is better (html-dir).
//
// Every text is made printable here and escaped by the template. What stands unescaped is our own: style, script, drawings, and the
// endpoints, which are the output of a template themselves. The content policy admits the style and the script by their digests
// and nothing else, so a text that slipped through still could not run.

#include <fmt/format.h>

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <stdexcept>

#include "base/text.hpp"
#include "report/embedded_assets.hpp"
#include "report/formats.hpp"
#include "report/html_view.hpp"

namespace tlsgauge::report {
namespace {

namespace mustache = kainjow::mustache;

constexpr std::size_t kUnfolded = 3;                 // endpoints that are shown unfolded, with their evidence, at most
constexpr std::size_t kLongestText = 10'000;         // octets of one text; nobody reads more
constexpr std::size_t kLargestEvidence = 500'000;    // octets
constexpr std::size_t kLargestDetailed = 4'000'000;  // octets of endpoints in all detail in one page

EmbeddedFile const& asset(std::string_view name) {
  for (EmbeddedFile const& file : embedded_assets()) {
    if (file.name == name) return file;
  }
  throw std::logic_error(fmt::format("{} is not built in", name));
}

/// At most kLongestText octets of it, with a word about the rest: it is in the evidence and in the result.
std::string bounded(std::string const& text) {
  if (text.size() <= kLongestText) return text;
  std::size_t end = kLongestText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // not within a character
  return fmt::format("{}... (cut, {} octets)", text.substr(0, end), text.size());
}

std::string printable_lines(std::string const& text) {
  std::string out;
  for (std::string_view const line : split(text, '\n')) {
    if (!out.empty()) out += '\n';
    out += printable(line);
  }
  return out;
}

/// An empty text is false, so that a section tells whether there is any.
mustache::data from_text(std::string_view key, std::string const& text) {
  if (text.empty()) return mustache::data{false};
  if (key.starts_with("svg_")) return mustache::data{text};
  return mustache::data{key == "verbatim" ? printable_lines(text) : bounded(printable(text))};
}

mustache::data from_value(std::string_view key, Value const& value) {
  if (value.is_string()) return from_text(key, value.as_string());
  if (value.is_array()) {
    mustache::list list;
    list.reserve(value.items().size());
    for (Value const& item : value.items()) list.push_back(from_value("", item));
    return mustache::data{list};
  }
  if (value.is_object()) {
    mustache::data object{mustache::data::type::object};
    for (auto const& [name, member] : value.members()) object[name] = from_value(name, member);
    return object;
  }
  return mustache::data{value.as_bool()};
}

class Template {
 public:
  explicit Template(std::string_view file) : template_(std::string{asset(file).content}) {
    if (!template_.is_valid()) throw std::logic_error(fmt::format("{}: {}", file, template_.error_message()));
  }
  std::string render(mustache::data const& data) { return template_.render(data); }

 private:
  mustache::mustache template_;
};

/// The endpoint alone as JSON: what all that is shown of it rests on.
std::string evidence(Document const& document, Endpoint const& endpoint) {
  return write_json({document.schema, document.tool, document.run, {endpoint}}, {});
}

std::string render_page(Value view, std::string const& endpoints) {
  mustache::data page = from_value("", view);
  page["css"] = mustache::data{std::string{asset("style.css").content}};
  page["script"] = mustache::data{std::string{asset("app.js").content}};
  page["css_digest"] = mustache::data{std::string{asset("style.css").sha256}};
  page["script_digest"] = mustache::data{std::string{asset("app.js").sha256}};
  page["endpoints"] = mustache::data{endpoints};
  return Template{"page.mustache"}.render(page);
}

/// Their places in the document, in the order of the table above them.
std::vector<std::size_t> worst_first(Document const& document) {
  std::vector<std::size_t> order;
  for (Glance const& each : overview(document)) order.push_back(static_cast<std::size_t>(each.endpoint - document.endpoints.data()));
  return order;
}

/// All endpoints one after another; empty where they would be too large.
std::string in_detail(Document const& document, HtmlLinks const& links) {
  Template detailed{"endpoint.mustache"};
  bool const few = document.endpoints.size() <= kUnfolded;
  std::string out;
  for (std::size_t const i : worst_first(document)) {
    Value view = endpoint_view(document.endpoints[i], document.run, links.place(i), few);
    if (std::string text = few ? evidence(document, document.endpoints[i]) : std::string{}; few && text.size() <= kLargestEvidence)
      view.set("evidence", Value::object().set("verbatim", std::move(text)));
    out += detailed.render(from_value("", view));
    if (out.size() > kLargestDetailed && !few) return {};
  }
  return out;
}

std::string in_lines(Document const& document, HtmlLinks const& links, std::vector<Rule> const& rules) {
  std::vector<std::vector<std::vector<std::string>>> anchors;  // by endpoint, assessment and requirement
  for (Endpoint const& endpoint : document.endpoints) {
    std::vector<std::vector<std::string>>& of = anchors.emplace_back();
    for (Assessment const& assessment : endpoint.assessments) of.emplace_back(assessment.requirements.size());
  }
  for (Rule const& rule : rules) {
    for (Remedy::At const& at : rule.remedy.at) anchors[at.endpoint][at.assessment][at.requirement] = rule.anchor;
  }
  Template compact{"compact.mustache"};
  std::string out;
  for (std::size_t const i : worst_first(document)) {
    out += compact.render(from_value("", compact_view(document.endpoints[i], document.run, links.place(i), anchors[i])));
  }
  return out;
}

}  // namespace

std::string write_html(Document const& document, ReportOptions const& /*options*/) {
  HtmlLinks const links{html_places(document), false};
  std::vector<Rule> const rules = rules_of(document);
  std::string endpoints = in_detail(document, links);
  bool const compact = endpoints.empty() && !document.endpoints.empty();
  if (compact) endpoints = in_lines(document, links, rules);
  return render_page(page_view(document, links, rules).set("compact", compact), endpoints);
}

void write_html_folder(Document const& document, ReportOptions const& /*options*/, PageWriter const& write) {
  HtmlLinks const links{html_places(document), true};
  write("index.html", render_page(page_view(document, links, rules_of(document)).set("is_index", true), ""));
  for (std::size_t i = 0; i < document.endpoints.size(); ++i) {
    Document one{document.schema, document.tool, document.run, {document.endpoints[i]}};
    one.run.warnings.clear();
    HtmlLinks const within{{links.place(i)}, false};
    Value view = page_view(one, within, {}).set("back", "index.html");
    write(links.place(i).file, render_page(std::move(view), in_detail(one, within)));
  }
}

}  // namespace tlsgauge::report
