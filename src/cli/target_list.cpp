#include "cli/target_list.hpp"

#include <fmt/format.h>

#include <set>

#include "base/text.hpp"
#include "cli/exit_code.hpp"
#include "cli/nmap_targets.hpp"
#include "cli/output.hpp"
#include "tlsgauge/scan.hpp"

namespace tlsgauge::cli {
namespace {

constexpr std::size_t kMaxTargets = 1'000'000;

void append(std::vector<Target>& all, std::string_view text, std::string const& where) {
  try {
    for (Target& target : parse_target(text)) all.push_back(std::move(target));
  } catch (TargetError const& error) {
    throw UsageError(fmt::format("{}'{}': {}", where, printable(text.substr(0, 200)), error.reason));
  }
  if (all.size() > kMaxTargets) throw UsageError(fmt::format("{}more than {} targets", where, kMaxTargets));
}

/// Host: 192.0.2.1 (name)  Ports: 443/open/tcp//https///, 22/open/tcp//ssh///
void append_nmap_line(std::vector<Target>& all, std::string_view line, std::string const& where, LeftOut* left_out) {
  constexpr std::string_view kHost = "Host: ";
  auto const ports_at = line.find("Ports: ");
  if (!line.starts_with(kHost) || ports_at == std::string_view::npos) return;
  std::string_view const address = line.substr(kHost.size(), line.find(' ', kHost.size()) - kHost.size());
  std::string_view ports = line.substr(ports_at + 7);
  ports = ports.substr(0, ports.find('\t'));
  for (std::string_view const entry : split(ports, ',')) {
    auto const fields = split(trim(entry), '/');
    if (fields.size() < 5 || fields[1] != "open" || fields[2] != "tcp") continue;
    bool const v6 = address.find(':') != std::string_view::npos;
    if (nmap_says_tls(fields[4], fields[0])) {
      append(all, fmt::format("{}{}{}:{}", v6 ? "[" : "", address, v6 ? "]" : "", fields[0]), where);
    } else if (left_out != nullptr && nmap_says_starttls(fields[4])) {
      left_out->add(fields[4], fields[0]);
    }
  }
}

}  // namespace

std::vector<Target> parse_target_list(std::string_view text, std::string const& source, LeftOut* left_out) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte order mark, which some editors leave
  std::vector<Target> all;
  bool const nmap = text.starts_with("# Nmap ");
  if (is_nmap_xml(text)) {
    all = nmap_xml_targets(text, source, left_out);
    if (all.size() > kMaxTargets) throw UsageError(fmt::format("{}: more than {} targets", source, kMaxTargets));
    return all;
  }
  std::size_t number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    std::string const where = fmt::format("{}:{}: ", source, number);
    std::size_t const before = all.size();
    if (nmap) {
      append_nmap_line(all, line, where, left_out);
    } else {
      line = trim(line.substr(0, line.find('#')));
      if (!line.empty()) append(all, line, where);
    }
    for (std::size_t i = before; i < all.size(); ++i) {
      all[i].list_file = source;
      all[i].list_line = number;
    }
  }
  return all;
}

std::vector<Target> collect_targets(std::vector<std::string> const& named, std::vector<std::string> const& files,
                                    std::vector<std::string>* warnings) {
  std::vector<Target> all;
  std::vector<std::string> notes;
  for (std::string const& text : named) append(all, text, "target ");
  for (std::string const& path : files) {
    bool const piped = path == "-";
    LeftOut left_out;
    for (Target& target : parse_target_list(read_input(path), input_name(path), &left_out)) {
      if (piped) target.list_file.clear(), target.list_line = 0;  // nothing that a report could point at
      all.push_back(std::move(target));
    }
    if (std::string const text = left_out.text(); !text.empty()) notes.push_back(fmt::format("{}: {}", input_name(path), text));
  }
  if (all.empty()) throw UsageError(notes.empty() ? "no target given" : fmt::format("no target given; {}", join(notes, "; ")));
  if (warnings != nullptr) *warnings = std::move(notes);
  std::set<std::pair<std::string, std::uint16_t>> seen;
  std::vector<Target> unique;
  for (Target& target : all) {
    if (seen.emplace(target.host, target.port).second) unique.push_back(std::move(target));
  }
  return unique;
}

}  // namespace tlsgauge::cli
