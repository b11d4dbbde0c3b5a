// nmap's -oN.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/formats.hpp"
#include "report/nmap_hosts.hpp"
#include "report/nmap_scripts.hpp"

namespace tlsgauge::report {
namespace {

/// Each line behind "| ", the last behind "|_".
std::string framed(Script const& script) {
  std::string out;
  std::string const text = script.id + ": " + script.output;
  std::vector<std::string_view> const lines = split(text, '\n');
  for (std::size_t i = 0; i < lines.size(); ++i) out += fmt::format("{}{}\n", i + 1 == lines.size() ? "|_" : "| ", lines[i]);
  return out;
}

std::string port_text(NmapPort const& port) {
  return fmt::format("{}/{}", port.endpoint->target.port, nmap_protocol(port.endpoint->target));
}

std::string host_text(NmapHost const& host) {
  std::string out = "Nmap scan report for ";
  out += host.name.empty() ? host.address : fmt::format("{} ({})", host.name, host.address);
  out += host.up ? "\nHost is up.\n\n" : " [host down]\n\n";
  std::size_t ports = 4;
  std::size_t states = 5;
  for (NmapPort const& port : host.ports) {
    ports = std::max(ports, port_text(port).size());
    states = std::max(states, port.state.size());
  }
  out += fmt::format("{:<{}} {:<{}} SERVICE\n", "PORT", ports, "STATE", states);
  for (NmapPort const& port : host.ports) {
    out += fmt::format("{:<{}} {:<{}} {}\n", port_text(port), ports, port.state, states, nmap_service(port.endpoint->target));
    for (Script const& script : nmap_scripts(*port.endpoint)) out += framed(script);
  }
  return out + "\n";
}

}  // namespace

std::string write_nmap(Document const& document, ReportOptions const& /*options*/) {
  NmapRun const run = nmap_run(document);
  std::string out = fmt::format("# {} {} scan initiated {} as: {}\n", printable(document.tool.name), printable(document.tool.version),
                                nmap_time(run.started), run.arguments);
  for (std::string const& name : run.unresolved) out += fmt::format("Failed to resolve \"{}\".\n", name);
  for (NmapHost const& host : run.hosts) out += host_text(host);
  return out + fmt::format("# {}\n", nmap_summary(document, run, " --"));
}

}  // namespace tlsgauge::report
