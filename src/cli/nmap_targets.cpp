#include "cli/nmap_targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

#include "base/text.hpp"
#include "cli/exit_code.hpp"
#include "tlsgauge/scan.hpp"

namespace tlsgauge::cli {
namespace {

// nmap-services' names of ports with TLS from the first octet that have neither "https" nor "ssl" in them.
constexpr std::string_view kTls[] = {"smtps",    "imaps", "pop3s",   "ftps",  "telnets",    "ircs",
                                     "domain-s", "snews", "sip-tls", "amqps", "secure-mqtt"};
// Where nmap's ssl scripts ask for TLS after STARTTLS, unless the service says tunnel="ssl".
constexpr std::string_view kStartTls[] = {"smtp", "submission", "imap",       "pop3",  "ftp",  "ldap",     "xmpp-client",  "xmpp-server",
                                          "nntp", "mysql",      "postgresql", "sieve", "lmtp", "ms-sql-s", "ms-wbt-server"};

std::string_view attribute(pugi::xml_node node, char const* name) { return node.attribute(name).value(); }

bool has_tls(pugi::xml_node port) {
  pugi::xml_node const service = port.child("service");
  std::string_view const name = attribute(service, "name");
  if (attribute(service, "tunnel") == "ssl" || nmap_says_tls(name, attribute(port, "portid"))) return true;
  if (nmap_says_starttls(name)) return false;
  return std::ranges::any_of(port.children("script"), [](pugi::xml_node script) {
    std::string_view const id = attribute(script, "id");
    return id == "ssl-cert" || id == "ssl-enum-ciphers";
  });
}

/// The name nmap was given, else the address; empty where the host has none.
std::string host_of(pugi::xml_node host) {
  for (pugi::xml_node const name : host.child("hostnames").children("hostname")) {
    if (attribute(name, "type") == "user" && !attribute(name, "name").empty()) return std::string{attribute(name, "name")};
  }
  for (pugi::xml_node const address : host.children("address")) {
    std::string_view const kind = attribute(address, "addrtype");
    std::string_view const text = attribute(address, "addr");
    if (kind == "mac") continue;
    return text.find(':') == std::string_view::npos ? std::string{text} : fmt::format("[{}]", text);
  }
  return {};
}

/// Offsets to lines, for offsets that only grow.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}
  std::size_t at(std::ptrdiff_t offset) {
    std::size_t const end = std::min(static_cast<std::size_t>(std::max<std::ptrdiff_t>(offset, 0)), text_.size());
    if (end < seen_) return line_;
    line_ += static_cast<std::size_t>(
        std::count(text_.begin() + static_cast<std::ptrdiff_t>(seen_), text_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
    seen_ = end;
    return line_;
  }

 private:
  std::string_view text_;
  std::size_t seen_ = 0;
  std::size_t line_ = 1;
};

bool is_open(pugi::xml_node port) { return attribute(port, "protocol") == "tcp" && attribute(port.child("state"), "state") == "open"; }

}  // namespace

void LeftOut::add(std::string_view service, std::string_view port) {
  constexpr std::size_t kDigits = 5;
  ++count_;
  std::string kind = fmt::format("{} {}", service, printable(port.substr(0, kDigits)));
  if (std::ranges::find(kinds_, kind) == kinds_.end()) kinds_.push_back(std::move(kind));
}

std::string LeftOut::text() const {
  constexpr std::size_t kMost = 5;
  if (count_ == 0) return {};
  std::vector<std::string> const shown{kinds_.begin(), kinds_.begin() + static_cast<std::ptrdiff_t>(std::min(kinds_.size(), kMost))};
  return fmt::format("{} left out, where TLS comes after STARTTLS: {}{}", count_ == 1 ? "1 port" : fmt::format("{} ports", count_),
                     join(shown, ", "), kinds_.size() > kMost ? ", ..." : "");
}

bool nmap_says_starttls(std::string_view service) { return std::ranges::find(kStartTls, service) != std::end(kStartTls); }

bool nmap_says_tls(std::string_view service, std::string_view port) {
  return service.find("ssl") != std::string_view::npos || service.find("https") != std::string_view::npos ||
         std::ranges::find(kTls, service) != std::end(kTls) || port == "443";
}

bool is_nmap_xml(std::string_view text) {
  text = trim(text.substr(0, 200));
  return text.starts_with("<?xml") || text.starts_with("<!DOCTYPE nmaprun") || text.starts_with("<nmaprun");
}

std::vector<Target> nmap_xml_targets(std::string_view text, std::string const& source, LeftOut* left_out) {
  pugi::xml_document document;
  // The default neither keeps a DTD nor knows entities but the five of XML.
  pugi::xml_parse_result const parsed = document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  Lines lines{text};
  if (!parsed) throw UsageError(fmt::format("{}:{}: no well-formed XML: {}", source, lines.at(parsed.offset), parsed.description()));
  pugi::xml_node const root = document.document_element();
  if (std::string_view{root.name()} != "nmaprun")
    throw UsageError(fmt::format("{}:{}: no XML of nmap: the element is <{}>, not <nmaprun>", source, lines.at(root.offset_debug()),
                                 printable(std::string_view{root.name()}.substr(0, 60))));
  std::vector<Target> all;
  for (pugi::xml_node const host : root.children("host")) {
    std::string const name = host_of(host);
    for (pugi::xml_node const port : host.child("ports").children("port")) {
      if (!is_open(port)) continue;
      if (!has_tls(port)) {
        std::string_view const service = attribute(port.child("service"), "name");
        if (left_out != nullptr && nmap_says_starttls(service)) left_out->add(service, attribute(port, "portid"));
        continue;
      }
      std::size_t const line = lines.at(port.offset_debug());
      std::string const place = fmt::format("{}:{}", name, attribute(port, "portid"));
      try {
        if (name.find('/') != std::string::npos)
          throw TargetError{place, "is no host"};  // parse_target would take it for a network or a URL
        for (Target& target : parse_target(place)) {
          target.list_file = source;
          target.list_line = line;
          all.push_back(std::move(target));
        }
      } catch (TargetError const& error) {
        throw UsageError(fmt::format("{}:{}: '{}': {}", source, line, printable(place.substr(0, 200)), error.reason));
      }
    }
  }
  return all;
}

}  // namespace tlsgauge::cli
