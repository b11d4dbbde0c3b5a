// What a server block of nginx says of Strict-Transport-Security (RFC 6797), and where add_header loses it.

#include <fmt/format.h>

#include <algorithm>

#include "policy/server_config/findings.hpp"
#include "policy/server_config/nginx.hpp"

namespace tlsgauge::policy {
namespace {

constexpr std::string_view kHeadersModule = "https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header";
constexpr std::string_view kHsts = "add_header Strict-Transport-Security \"max-age=63072000\" always;";

class HeaderCheck {
 public:
  explicit HeaderCheck(ServerConfig& config) : config_(config) {}

  void all(NginxServer const& server) {
    NginxHeaders const outer = nginx_headers(*server.outer, {});
    NginxHeaders const own = nginx_headers(*server.block, outer);
    bool const tls = server.serves_tls();
    if (tls) lost(*server.block, outer, own, server.label);
    inner(*server.block, own, tls);
    bool anywhere = own.hsts() != nullptr || own.uncertain;
    if (tls) {
      std::vector<NginxDirective const*> all;
      collect(*server.outer, false, all);
      collect(*server.block, true, all);
      for (NginxDirective const* const header : all) {
        check_hsts_header(config_, {.value = header->arguments[1], .always = is_always(*header)}, header->place);
      }
      twice(own);
      if (!anywhere && !all.empty() && outer.hsts() == nullptr && !everywhere(*server.block, own)) {
        add("hsts-partial", Severity::low, all.front()->place,
            fmt::format("{} sends Strict-Transport-Security in some locations only", server.label),
            "A browser whose first page comes from another location is not bound to HTTPS.", std::string{kHsts}, {}, kHeadersModule);
      }
      anywhere = anywhere || !all.empty();
      if (!anywhere && !server.incomplete() && !server.is_on("ssl_reject_handshake")) {
        add("hsts-missing", Severity::low, server.block->place, fmt::format("{} sends no Strict-Transport-Security", server.label),
            "A browser's first request goes out in the clear, where an attacker can answer it.", std::string{kHsts}, place_for_hsts(server),
            "RFC 6797 section 6.1");
      }
      return;
    }
    std::vector<NginxDirective const*> plain;
    collect(*server.block, true, plain);
    for (NginxDirective const* const header : plain) {
      add("hsts-over-http", Severity::low, header->place,
          fmt::format("Strict-Transport-Security over plain HTTP ({}) has no effect", server.label),
          "Browsers must ignore the header unless it came over TLS.", "return 301 https://$host$request_uri;", {}, "RFC 6797 section 8.1");
    }
  }

 private:
  void add(std::string id, Severity severity, Place const& place, std::string title, std::string why, std::string fix,
           std::vector<Edit> edits, std::string_view reference) {
    add_finding(config_, {.id = std::move(id),
                          .severity = severity,
                          .place = place,
                          .title = std::move(title),
                          .why = std::move(why),
                          .fix = std::move(fix),
                          .reference = std::string{reference},
                          .edits = std::move(edits)});
  }

  /// Whether each location has the header, "/" among them, so that no answer is left to the server block itself.
  static bool everywhere(NginxDirective const& block, NginxHeaders const& outer) {
    bool root = false;
    for (NginxDirective const& child : block.children) {
      if (!child.block || child.name != "location") continue;
      NginxHeaders const own = nginx_headers(child, outer);
      if (own.hsts() == nullptr && !own.uncertain) return false;
      root = root || child.arguments == std::vector<std::string>{"/"};
    }
    return root;
  }

  /// Behind the headers that the server inherits, if any: they would be lost with one of its own.
  static std::vector<Edit> place_for_hsts(NginxServer const& server) {
    std::vector<NginxDirective const*> const inherited = server.outer->all("add_header");
    if (server.block->all("add_header").empty() && !inherited.empty()) return inserted_behind(inherited.back()->place, std::string{kHsts});
    return inserted_behind(server.block->place, "    " + std::string{kHsts});
  }

  /// Strict-Transport-Security headers of a block, and of the blocks inside.
  static void collect(NginxDirective const& block, bool deep, std::vector<NginxDirective const*>& out) {
    for (NginxDirective const* const header : block.all("add_header")) {
      if (is_hsts(*header) && !header->arguments[1].empty()) out.push_back(header);
    }
    for (NginxDirective const& child : block.children) {
      if (deep && child.block) collect(child, true, out);
    }
  }

  void inner(NginxDirective const& block, NginxHeaders const& outer, bool tls) {
    for (NginxDirective const& child : block.children) {
      if (!child.block || (child.name != "location" && child.name != "if" && child.name != "limit_except")) continue;
      NginxHeaders const own = nginx_headers(child, outer);
      if (tls) lost(child, outer, own, child.text());
      inner(child, own, tls);
    }
  }

  void lost(NginxDirective const& block, NginxHeaders const& outer, NginxHeaders const& own, std::string const& label) {
    NginxDirective const* const header = outer.hsts();
    std::vector<NginxDirective const*> const others = block.all("add_header");
    if (header == nullptr || own.hsts() != nullptr || others.empty()) return;
    if (std::ranges::any_of(others, [](NginxDirective const* each) { return is_hsts(*each); })) return;  // taken back on purpose
    std::string const& value = header->arguments[1];
    std::string const fix = value.find_first_of("\"\\") != std::string::npos
                                ? header->text() + ";"
                                : fmt::format("add_header {} \"{}\"{};", header->arguments[0], value, is_always(*header) ? " always" : "");
    add("hsts-lost", Severity::medium, others.back()->place, fmt::format("Strict-Transport-Security is lost in {}", label),
        fmt::format(
            "add_header directives are inherited only by blocks that have none of their own; \"{}\" here takes that of line {} away.",
            others.back()->text(), header->place.line),
        fix, inserted_behind(others.back()->place, fix), kHeadersModule);
  }

  void twice(NginxHeaders const& headers) {
    std::vector<NginxDirective const*> found;
    for (NginxDirective const* const each : headers.all) {
      if (is_hsts(*each) && !each->arguments[1].empty()) found.push_back(each);
    }
    if (found.size() < 2) return;
    add("hsts-twice", Severity::low, found[1]->place, "Strict-Transport-Security is sent twice", "Browsers act on the first one only.", {},
        {}, "RFC 6797 section 8.1");
  }

  ServerConfig& config_;
};

}  // namespace

void check_nginx_headers(NginxServer const& server, ServerConfig& config) { HeaderCheck{config}.all(server); }

}  // namespace tlsgauge::policy
