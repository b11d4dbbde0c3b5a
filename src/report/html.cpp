// The report as one HTML page that makes no request. The templates are reports/html; the only file that sees mustache.hpp.
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

constexpr std::size_t kUnfolded = 3;  // endpoints that are shown unfolded at most

EmbeddedFile const& asset(std::string_view name) {
  for (EmbeddedFile const& file : embedded_assets()) {
    if (file.name == name) return file;
  }
  throw std::logic_error(fmt::format("{} is not built in", name));
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
  return mustache::data{key == "verbatim" ? printable_lines(text) : printable(text)};
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

}  // namespace

std::string write_html(Document const& document, ReportOptions const& /*options*/) {
  Template endpoint_template{"endpoint.mustache"};
  std::string endpoints;
  std::size_t number = 0;
  for (Endpoint const& endpoint : document.endpoints) {
    bool const open = document.endpoints.size() <= kUnfolded;
    endpoints += endpoint_template.render(from_value("", endpoint_view(endpoint, document.run, ++number, open)));
  }
  mustache::data page = from_value("", page_view(document));
  page["css"] = mustache::data{std::string{asset("style.css").content}};
  page["script"] = mustache::data{std::string{asset("app.js").content}};
  page["css_digest"] = mustache::data{std::string{asset("style.css").sha256}};
  page["script_digest"] = mustache::data{std::string{asset("app.js").sha256}};
  page["endpoints"] = mustache::data{endpoints};
  return Template{"page.mustache"}.render(page);
}

}  // namespace tlsgauge::report
