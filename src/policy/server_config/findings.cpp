#include "policy/server_config/findings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/hsts.hpp"
#include "base/text.hpp"
#include "policy/server_config/check.hpp"

namespace tlsgauge::policy {
namespace {

constexpr std::int64_t kHalfYear = 15'768'000;  // below it a header is a trial; SSL Labs counts from here
constexpr std::string_view kTwoYears = "max-age=63072000";

}  // namespace

std::string_view name(ServerKind kind) {
  switch (kind) {
    case ServerKind::nginx:
      return "nginx";
    case ServerKind::apache:
      return "Apache httpd";
    case ServerKind::haproxy:
      break;
  }
  return "HAProxy";
}

std::string_view directive_name(ServerKind kind, ConfigWord word) {
  constexpr std::string_view kNames[][5] = {
      {"ssl_protocols", "ssl_ciphers", "ssl_conf_command Ciphersuites", "ssl_ecdh_curve", "add_header"},
      {"SSLProtocol", "SSLCipherSuite", "SSLCipherSuite TLSv1.3", "SSLOpenSSLConfCmd Groups", "Header always set"},
      {"ssl-min-ver", "ciphers", "ciphersuites", "curves", "http-after-response set-header"}};
  return kNames[static_cast<std::size_t>(kind)][static_cast<std::size_t>(word)];
}

std::string quoted(ServerKind kind, std::string_view text) {
  std::string out = "\"";
  for (char const c : text) {
    if (kind == ServerKind::haproxy && (c == '\n' || c == '\r')) {
      out += c == '\n' ? "\\n" : "\\r";
      continue;
    }
    if (c == '"' || c == '\\' || (c == '$' && kind == ServerKind::haproxy)) out += '\\';
    out += c;
  }
  return out + '"';
}

std::string directive_line(ServerKind kind, ConfigWord word, std::string_view value) {
  if (kind == ServerKind::nginx) {
    if (word == ConfigWord::hsts) return fmt::format("add_header Strict-Transport-Security {} always;", quoted(kind, value));
    return fmt::format("{} {};", directive_name(kind, word), value);
  }
  if (word == ConfigWord::hsts) return fmt::format("{} Strict-Transport-Security {}", directive_name(kind, word), quoted(kind, value));
  if (kind == ServerKind::apache) {
    if (value.ends_with(kApacheNever)) value.remove_suffix(kApacheNever.size());  // httpd puts it there by itself
    return fmt::format("{} {}", directive_name(kind, word), value);
  }
  if (word == ConfigWord::protocols) return fmt::format("ssl-default-bind-options {}", value);
  return fmt::format("ssl-default-bind-{} {}", directive_name(kind, word), value);
}

std::vector<Edit> replaced(ServerKind /*kind*/, Place const& place, std::string const& lines) {
  if (place.end <= place.begin) return {};
  return {{.file = place.file, .begin = place.begin, .end = place.end, .text = lines}};
}

std::vector<Edit> inserted_behind(Place const& place, std::string const& lines) {
  if (place.end <= place.begin) return {};
  return {{.file = place.file, .begin = place.end, .end = place.end, .text = "\n" + lines}};
}

std::string some_of(std::vector<std::string> const& names, std::size_t most) {
  if (names.size() <= most + 1) return join(names, ", ");
  return fmt::format("{} and {} more", join({names.begin(), names.begin() + static_cast<std::ptrdiff_t>(most)}, ", "), names.size() - most);
}

void add_finding(ServerConfig& config, ConfigFinding finding) {
  bool const known = std::ranges::any_of(config.findings, [&](ConfigFinding const& each) {
    return each.id == finding.id && each.place.file == finding.place.file && each.place.line == finding.place.line &&
           each.place.begin == finding.place.begin;
  });
  if (!known) config.findings.push_back(std::move(finding));
}

void check_hsts_header(ServerConfig& config, HstsSetting const& header, Place const& place) {
  if (header.value.find_first_of("$%") != std::string::npos) return;  // put together at run time
  Hsts const hsts = parse_hsts(header.value);
  auto const with = [&](std::string_view value) { return directive_line(config.kind, ConfigWord::hsts, value) + header.tail; };
  std::string const good = with(kTwoYears);
  ConfigFinding finding{.id = {}, .place = place, .title = {}, .why = {}, .fix = good, .reference = "RFC 6797 section 6.1", .edits = {}};
  finding.edits = replaced(config.kind, place, good);
  if (!hsts.valid) {
    finding.id = "hsts-invalid";
    finding.title =
        fmt::format("Browsers will ignore Strict-Transport-Security: {}", hsts.errors.empty() ? "it is malformed" : hsts.errors.front());
    finding.why = "A header that breaks the grammar counts for nothing, as if it were not sent.";
    return add_finding(config, finding);
  }
  if (*hsts.max_age == 0) {
    finding.id = "hsts-zero";
    finding.severity = Severity::high;
    finding.title = "Strict-Transport-Security with max-age=0 makes browsers forget the host";
    finding.why = "max-age=0 is how a host takes HSTS back: every visit undoes the protection.";
    finding.reference = "RFC 6797 section 6.1.1";
    return add_finding(config, finding);
  }
  std::string const kept =
      fmt::format("{}{}{}", kTwoYears, hsts.include_subdomains ? "; includeSubDomains" : "", hsts.preload ? "; preload" : "");
  if (*hsts.max_age < kHalfYear) {
    finding.id = "hsts-short";
    finding.title = fmt::format("Strict-Transport-Security holds for {} days only", *hsts.max_age / 86400);
    finding.why = "The browser forgets after max-age, and then the first request is in the clear again.";
    finding.reference = "RFC 6797 section 6.1.1";
    finding.fix = with(kept);
    finding.edits = replaced(config.kind, place, finding.fix);
    return add_finding(config, finding);
  }
  if (header.always) return;
  finding.id = "hsts-not-always";
  finding.severity = Severity::low;
  finding.title = "Strict-Transport-Security is missing on error answers";
  finding.why = config.kind == ServerKind::nginx
                    ? "Without \"always\" nginx adds the header to answers 200, 201, 204, 206, 301, 302, 303, 304, 307 and 308 only."
                : config.kind == ServerKind::apache
                    ? "Without \"always\" httpd sets the header on successful answers only: neither on errors nor on redirects."
                    : "http-response rules do not see what HAProxy answers itself: errors, redirects and \"return\".";
  finding.reference = config.kind == ServerKind::nginx    ? "https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header"
                      : config.kind == ServerKind::apache ? "https://httpd.apache.org/docs/2.4/mod/mod_headers.html#header"
                                                          : "HAProxy configuration manual, http-after-response";
  finding.fix = with(header.value);
  finding.edits = replaced(config.kind, place, finding.fix);
  add_finding(config, finding);
}

std::string apply_edits(std::string_view text, std::string const& file, std::vector<ConfigFinding> const& findings) {
  std::vector<Edit> edits;
  for (ConfigFinding const& finding : findings) {
    for (Edit const& edit : finding.edits) {
      if (edit.file != file || edit.end > text.size() || edit.begin > edit.end) continue;
      bool const clashes = std::ranges::any_of(edits, [&](Edit const& other) {
        bool const same = other.begin == edit.begin && other.end == edit.end && other.text == edit.text;
        return same || (edit.begin < other.end && other.begin < edit.end);
      });
      if (!clashes) edits.push_back(edit);
    }
  }
  // What is inserted where something else gives way comes before it.
  std::ranges::stable_sort(edits, {}, [](Edit const& edit) { return std::pair{edit.begin, edit.end}; });
  std::string out;
  std::size_t at = 0;
  for (Edit const& edit : edits) {
    std::size_t const start = text.substr(0, edit.begin).rfind('\n') + 1;  // npos + 1 is the text's beginning
    std::string_view const line = text.substr(start);
    std::string const indent{line.substr(0, std::min(line.find_first_not_of(" \t"), edit.begin - start))};
    out += text.substr(at, edit.begin - at);
    for (char const c : edit.text) {
      out += c;
      if (c == '\n') out += indent;
    }
    at = edit.end;
  }
  return out += text.substr(at);
}

}  // namespace tlsgauge::policy
