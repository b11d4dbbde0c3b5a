// add_header: https://nginx.org/en/docs/http/ngx_http_headers_module.html

#include <algorithm>
#include <cctype>

#include "base/text.hpp"
#include "policy/server_config/nginx.hpp"

namespace tlsgauge::policy {
namespace {

constexpr std::string_view kHandlers[] = {"return", "proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass"};

/// Whether the block hands the request to what may set headers of its own.
bool is_proxy(NginxDirective const& block) {
  return std::ranges::any_of(kHandlers, [&](std::string_view name) { return name != "return" && block.last(name) != nullptr; });
}

bool is_final(NginxDirective const& block) {
  return std::ranges::any_of(kHandlers, [&](std::string_view name) { return block.last(name) != nullptr; });
}

struct Leaf {
  NginxDirective const* block = nullptr;
  NginxHeaders headers;
};

void collect(NginxDirective const& block, NginxHeaders const& headers, std::vector<Leaf>& out) {
  for (NginxDirective const& child : block.children) {
    if (!child.block || (child.name != "location" && child.name != "if" && child.name != "limit_except")) continue;
    NginxHeaders const inner = nginx_headers(child, headers);
    out.push_back({.block = &child, .headers = inner});
    collect(child, inner, out);
  }
}

/// Whether an expression has alternatives outside of parentheses.
bool has_outer_bar(std::string_view expression) {
  int depth = 0;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    if (expression[i] == '\\') {
      ++i;
    } else if (expression[i] == '(') {
      ++depth;
    } else if (expression[i] == ')') {
      --depth;
    } else if (expression[i] == '|' && depth <= 0) {
      return true;
    }
  }
  return false;
}

enum class Fits { no, prefix, exact, perhaps };

/// How a location fits the path "/".
Fits fits_root(NginxDirective const& location) {
  std::vector<std::string> const& words = location.arguments;
  if (words.size() == 1) {
    if (words[0] == "/" || words[0] == "^~/") return Fits::prefix;
    if (words[0] == "=/") return Fits::exact;
    return words[0].starts_with('~') ? Fits::perhaps : Fits::no;
  }
  if (words.size() != 2) return Fits::perhaps;
  if (words[0] == "=") return words[1] == "/" ? Fits::exact : Fits::no;
  if (words[0] == "^~") return words[1] == "/" ? Fits::prefix : Fits::no;
  // The expressions people write for file names and folders cannot fit "/".
  std::string_view const expression = words[1];
  bool const extension = expression.starts_with("\\.") || expression.starts_with("/\\.") || expression.starts_with("^.+\\.");
  bool const folder = expression.size() > 2 && expression.starts_with("^/") &&
                      std::isalnum(static_cast<unsigned char>(expression[2])) != 0 &&
                      expression.substr(3, 1).find_first_of("?*{") == std::string_view::npos;
  return (extension || folder) && !has_outer_bar(expression) ? Fits::no : Fits::perhaps;
}

std::optional<std::string> value_of(NginxDirective const* header) {
  return header == nullptr ? std::nullopt : std::optional{header->text()};
}

Setting<std::optional<HstsSetting>> setting_of(NginxHeaders const& headers, NginxDirective const& block) {
  Setting<std::optional<HstsSetting>> out;
  NginxDirective const* const header = headers.hsts();
  if (header == nullptr) {
    out.place = block.place;
    out.text = "no add_header Strict-Transport-Security in force";
    return out;
  }
  out.value = HstsSetting{.value = header->arguments[1], .always = is_always(*header)};
  out.place = header->place;
  out.text = header->text();
  return out;
}

}  // namespace

bool is_hsts(NginxDirective const& header) {
  return header.arguments.size() >= 2 && ascii_lower(header.arguments[0]) == "strict-transport-security";
}

bool is_always(NginxDirective const& header) { return header.arguments.size() > 2 && header.arguments[2] == "always"; }

NginxDirective const* NginxHeaders::hsts() const {
  auto const at = std::ranges::find_if(all, [](NginxDirective const* each) { return is_hsts(*each) && !each->arguments[1].empty(); });
  return at == all.end() ? nullptr : *at;
}

NginxHeaders nginx_headers(NginxDirective const& block, NginxHeaders const& outer) {
  NginxHeaders out;
  out.mode = outer.mode;
  if (NginxDirective const* const inherit = block.last("add_header_inherit"); inherit != nullptr && inherit->arguments.size() == 1) {
    std::string const& word = inherit->arguments.front();
    out.mode = word == "merge" ? NginxHeaders::Inherit::merge : word == "off" ? NginxHeaders::Inherit::off : NginxHeaders::Inherit::on;
  }
  out.all = block.all("add_header");
  bool const standard = out.mode == NginxHeaders::Inherit::on && out.all.empty();
  if (standard || out.mode == NginxHeaders::Inherit::merge) out.all.insert(out.all.end(), outer.all.begin(), outer.all.end());
  // headers-more replaces what add_header set; its directives are not evaluated here.
  auto const touches = [](NginxDirective const* each) {
    return std::ranges::any_of(each->arguments,
                               [](std::string const& word) { return ascii_lower(word).find("strict-transport") != std::string::npos; });
  };
  for (std::string_view const name : {"more_set_headers", "more_clear_headers"}) {
    std::vector<NginxDirective const*> const others = block.all(name);
    out.uncertain = out.uncertain || std::ranges::any_of(others, touches);
  }
  out.uncertain = out.uncertain || outer.uncertain || block.incomplete;
  return out;
}

NginxHeaders server_headers(NginxServer const& server) { return nginx_headers(*server.block, nginx_headers(*server.outer, {})); }

std::optional<Setting<std::optional<HstsSetting>>> nginx_hsts(NginxServer const& server) {
  NginxHeaders const outer = server_headers(server);
  std::vector<Leaf> leaves;
  collect(*server.block, outer, leaves);
  bool const uncertain = outer.uncertain || std::ranges::any_of(leaves, [](Leaf const& leaf) { return leaf.headers.uncertain; });
  if (uncertain) return std::nullopt;
  // What comes back for "/" may come from another location: an index, try_files, error_page. Where all agree that is no matter.
  auto const same = [&](Leaf const& leaf) { return value_of(leaf.headers.hsts()) == value_of(outer.hsts()); };
  bool const proxied = is_proxy(*server.block) || std::ranges::any_of(leaves, [](Leaf const& leaf) { return is_proxy(*leaf.block); });
  NginxHeaders chosen = outer;
  NginxDirective const* block = server.block;
  if (!std::ranges::all_of(leaves, same) && server.block->last("return") == nullptr) {
    NginxDirective const* root = nullptr;
    Fits best = Fits::no;
    for (NginxDirective const* const location : server.block->all("location")) {
      Fits const fits = fits_root(*location);
      if (fits == Fits::perhaps) return std::nullopt;
      if (fits > best) {
        best = fits;
        root = location;
      }
    }
    if (root == nullptr || !is_final(*root) || !server.block->all("if").empty()) return std::nullopt;
    chosen = nginx_headers(*root, outer);
    block = root;
    std::vector<Leaf> inside;
    collect(*root, chosen, inside);
    auto const differs = [&](Leaf const& leaf) { return value_of(leaf.headers.hsts()) != value_of(chosen.hsts()); };
    if (std::ranges::any_of(inside, differs)) return std::nullopt;
  }
  NginxDirective const* const header = chosen.hsts();
  if (header == nullptr && proxied) return std::nullopt;  // what stands behind may send one
  if (header != nullptr && header->arguments[1].find('$') != std::string::npos) return std::nullopt;
  return setting_of(chosen, *block);
}

}  // namespace tlsgauge::policy
