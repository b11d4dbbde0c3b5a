#include "report/nmap_hosts.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "report/fact_parts.hpp"

namespace tlsgauge::report {
namespace {

NmapPort port_of(Endpoint const& endpoint) {
  if (endpoint.status != Status::unreachable) return {.endpoint = &endpoint, .state = "open", .reason = "syn-ack"};
  bool const refused = std::ranges::any_of(
      endpoint.errors, [](ErrorNote const& each) { return ascii_lower(each.what).find("refused") != std::string::npos; });
  if (refused) return {.endpoint = &endpoint, .state = "closed", .reason = "conn-refused"};
  return {.endpoint = &endpoint, .state = "filtered", .reason = "no-response"};
}

bool is_address(std::string_view text) {
  return text.find(':') != std::string_view::npos || (!text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos);
}

}  // namespace

std::size_t NmapRun::up() const { return static_cast<std::size_t>(std::ranges::count_if(hosts, &NmapHost::up)); }

std::optional<std::int64_t> NmapRun::seconds() const {
  if (!started || !finished) return {};
  return std::max<std::int64_t>(*finished - *started, 0);
}

NmapRun nmap_run(Document const& document) {
  NmapRun out;
  out.started = unix_time(document.run.started_at);
  out.finished = unix_time(document.run.finished_at);
  out.arguments = document.tool.name.empty() ? "tlsgauge" : printable(document.tool.name);
  for (std::string const& each : document.run.arguments) out.arguments += " " + printable(each);
  std::map<std::pair<std::string, std::string>, std::size_t> known;
  for (Endpoint const& endpoint : document.endpoints) {
    Target const& target = endpoint.target;
    bool const literal = is_address(target.host);
    std::string const address = printable(target.address.empty() && literal ? target.host : target.address);
    std::string const name = literal ? std::string{} : printable(target.host);
    if (address.empty()) {
      out.unresolved.push_back(name.empty() ? printable(target.input) : name);
      continue;
    }
    NmapPort const port = port_of(endpoint);
    auto const same_port = [&](NmapPort const& each) {
      return each.endpoint->target.port == target.port && nmap_protocol(each.endpoint->target) == nmap_protocol(target);
    };
    auto const at = known.find({address, name});
    if (at == known.end() || std::ranges::any_of(out.hosts[at->second].ports, same_port)) {
      known[{address, name}] = out.hosts.size();
      out.hosts.push_back({.address = address, .name = name, .up = false, .ports = {}});
    }
    NmapHost& host = out.hosts[known.at({address, name})];
    host.ports.push_back(port);
    host.up = host.up || port.state != "filtered";
  }
  return out;
}

std::string nmap_summary(Document const& document, NmapRun const& run, std::string_view divider) {
  std::size_t const total = run.hosts.size();
  std::optional<std::int64_t> const seconds = run.seconds();
  return fmt::format("{} done {}{}{} {} IP address{} ({} host{} up) scanned in {}{}", printable(document.tool.name),
                     run.finished ? "at " : "", nmap_time(run.finished), divider, total, total == 1 ? "" : "es", run.up(),
                     run.up() == 1 ? "" : "s", seconds ? fmt::format("{}.00 seconds", *seconds) : "an unknown time",
                     document.run.interrupted ? ", interrupted" : "");
}

std::string_view nmap_protocol(Target const& target) { return target.transport == "tcp" ? "tcp" : "udp"; }

std::string_view nmap_service(Target const& target) {
  constexpr std::pair<std::uint16_t, std::string_view> kServices[] = {
      {21, "ftp"},      {25, "smtp"},        {110, "pop3"},         {119, "nntp"},         {143, "imap"},
      {389, "ldap"},    {443, "https"},      {465, "smtps"},        {563, "snews"},        {587, "submission"},
      {636, "ldapssl"}, {853, "domain-s"},   {989, "ftps-data"},    {990, "ftps"},         {992, "telnets"},
      {993, "imaps"},   {994, "ircs"},       {995, "pop3s"},        {3306, "mysql"},       {3389, "ms-wbt-server"},
      {4190, "sieve"},  {5061, "sip-tls"},   {5222, "xmpp-client"}, {5269, "xmpp-server"}, {5432, "postgresql"},
      {5671, "amqps"},  {8443, "https-alt"}, {8883, "secure-mqtt"},
  };
  for (auto const& [port, name] : kServices) {
    if (port == target.port) return name;
  }
  return "unknown";
}

std::string nmap_time(std::optional<std::int64_t> seconds) {
  return seconds ? fmt::format("{:%a %b %d %H:%M:%S %Y}", fmt::gmtime(static_cast<std::time_t>(*seconds))) : "at an unknown time";
}

}  // namespace tlsgauge::report
