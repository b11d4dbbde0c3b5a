// nmap's -oX, after nmap.dtd and what nmap 7.93 writes. The DTD wants scanner="nmap"; `version` and `args` say who wrote it.

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

#include "report/formats.hpp"
#include "report/nmap_hosts.hpp"
#include "report/nmap_scripts.hpp"
#include "report/xml.hpp"

namespace tlsgauge::report {
namespace {

void set(pugi::xml_node node, char const* name, std::string_view value) { node.append_attribute(name).set_value(xml_text(value).c_str()); }

void set(pugi::xml_node node, char const* name, std::int64_t value) { set(node, name, fmt::format("{}", value)); }

void add(pugi::xml_node parent, ScriptValue const& value) {
  pugi::xml_node node = parent.append_child(value.table ? "table" : "elem");
  if (!value.key.empty()) set(node, "key", value.key);
  if (!value.table) node.text().set(xml_text(value.text).c_str());
  for (ScriptValue const& each : value.items) add(node, each);
}

void add(pugi::xml_node ports, NmapPort const& port) {
  Target const& target = port.endpoint->target;
  pugi::xml_node node = ports.append_child("port");
  set(node, "protocol", nmap_protocol(target));
  set(node, "portid", target.port);
  pugi::xml_node state = node.append_child("state");
  set(state, "state", port.state);
  set(state, "reason", port.reason);
  set(state, "reason_ttl", "0");
  pugi::xml_node service = node.append_child("service");
  set(service, "name", nmap_service(target));
  auto const yes = [](Value const& version) { return version["support"].as_string() == "yes"; };
  if (std::ranges::any_of(port.endpoint->facts["protocols"].items(), yes) && target.starttls.empty()) set(service, "tunnel", "ssl");
  set(service, "method", "table");
  set(service, "conf", "3");
  for (Script const& script : nmap_scripts(*port.endpoint)) {
    pugi::xml_node each = node.append_child("script");
    set(each, "id", script.id);
    set(each, "output", script.output);
    for (ScriptValue const& value : script.values) add(each, value);
  }
}

void add(pugi::xml_node root, NmapHost const& host) {
  pugi::xml_node node = root.append_child("host");
  pugi::xml_node status = node.append_child("status");
  set(status, "state", host.up ? "up" : "down");
  set(status, "reason", host.up ? "user-set" : "no-response");
  set(status, "reason_ttl", "0");
  pugi::xml_node address = node.append_child("address");
  set(address, "addr", host.address);
  set(address, "addrtype", host.address.find(':') == std::string::npos ? "ipv4" : "ipv6");
  pugi::xml_node names = node.append_child("hostnames");
  if (!host.name.empty()) {
    pugi::xml_node name = names.append_child("hostname");
    set(name, "name", host.name);
    set(name, "type", "user");
  }
  pugi::xml_node ports = node.append_child("ports");
  for (NmapPort const& port : host.ports) add(ports, port);
}

}  // namespace

std::string write_nmap_xml(Document const& document, ReportOptions const& /*options*/) {
  NmapRun const run = nmap_run(document);
  pugi::xml_document out;
  pugi::xml_node declaration = out.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  out.append_child(pugi::node_doctype).set_value("nmaprun");
  pugi::xml_node root = out.append_child("nmaprun");
  set(root, "scanner", "nmap");
  set(root, "args", run.arguments);
  if (run.started) {
    set(root, "start", *run.started);
    set(root, "startstr", nmap_time(run.started));
  }
  set(root, "version", fmt::format("{} {}", document.tool.name, document.tool.version));
  set(root, "xmloutputversion", "1.05");
  set(root.append_child("verbose"), "level", "0");
  set(root.append_child("debugging"), "level", "0");
  for (std::string const& name : run.unresolved) {
    pugi::xml_node target = root.append_child("target");
    set(target, "specification", name);
    set(target, "status", "skipped");
    set(target, "reason", "invalid");
  }
  for (NmapHost const& host : run.hosts) add(root, host);
  pugi::xml_node stats = root.append_child("runstats");
  pugi::xml_node finished = stats.append_child("finished");
  set(finished, "time", run.finished.value_or(0));  // which the DTD demands, as it does `elapsed`
  if (run.finished) set(finished, "timestr", nmap_time(run.finished));
  set(finished, "summary", nmap_summary(document, run, ";"));
  set(finished, "elapsed", fmt::format("{}.00", run.seconds().value_or(0)));
  set(finished, "exit", document.run.interrupted ? "error" : "success");
  if (document.run.interrupted) set(finished, "errormsg", "interrupted");
  pugi::xml_node hosts = stats.append_child("hosts");
  set(hosts, "up", static_cast<std::int64_t>(run.up()));
  set(hosts, "down", static_cast<std::int64_t>(run.hosts.size() - run.up()));
  set(hosts, "total", static_cast<std::int64_t>(run.hosts.size()));
  return to_string(out);
}

}  // namespace tlsgauge::report
