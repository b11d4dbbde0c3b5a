// Waivers from YAML.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "policy/fields.hpp"
#include "policy/observed.hpp"
#include "policy/server_config/files.hpp"
#include "policy/waivers.hpp"

namespace tlsgauge {
namespace policy {
namespace {

constexpr std::size_t kMaxWaivers = 1000;  // in all files
constexpr std::size_t kMaxPatterns = 50;   // of one waiver's list
constexpr double kMostDays = 36'500;
constexpr std::string_view kFormat = "tlsgauge_waivers";

struct Limits {
  std::optional<std::chrono::days> most;
  unsigned warn_days = Waiver{}.warn_days;
};

std::chrono::days read_days(Node const& node, std::string_view path, double least) {
  double const days = expect_number(node, path, least, kMostDays);
  if (days != static_cast<double>(static_cast<int>(days))) fail(node, path, "must be a whole number");
  return std::chrono::days{static_cast<int>(days)};
}

Limits read_limits(Node const& node) {
  expect_keys(node, "limits", {"max_days", "warn_days"});
  Limits out;
  if (Node const* const most = node.find("max_days")) out.most = read_days(*most, "limits.max_days", 1);
  if (Node const* const warn = node.find("warn_days"))
    out.warn_days = static_cast<unsigned>(read_days(*warn, "limits.warn_days", 0).count());
  return out;
}

std::chrono::sys_days read_date(Node const& node, std::string_view path) {
  std::string const& text = expect_line(node, path);
  auto const moment = text.size() == 10 ? parse_rfc3339(text) : std::nullopt;
  if (!moment) fail(node, path, fmt::format("\"{}\" is no day such as 2027-01-31", text.substr(0, 40)));
  return std::chrono::floor<std::chrono::days>(*moment);
}

// One, or a list of them.
template <class Read>
auto one_or_more(Node const& node, std::string const& path, Read read) {
  std::vector<decltype(read(node, path))> out;
  if (node.kind != Node::Kind::list) {
    out.push_back(read(node, path));
    return out;
  }
  if (node.items.empty()) fail(node, path, "must not be empty");
  if (node.items.size() > kMaxPatterns) fail(node, path, fmt::format("more than {} entries", kMaxPatterns));
  for (std::size_t i = 0; i < node.items.size(); ++i) out.push_back(read(node.items[i], fmt::format("{}[{}]", path, i)));
  return out;
}

std::string read_requirement(Node const& node, std::string const& path) {
  std::string const& text = expect_line(node, path);
  bool const plain = std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == '*';
  });
  if (!plain) fail(node, path, "is the id of a requirement, in which * stands for anything");
  if (text.find_first_not_of('*') == std::string::npos) fail(node, path, "would waive every requirement: name those that were approved");
  return text;
}

std::string read_match(Node const& node, std::string const& path) {
  if (node.kind == Node::Kind::text && node.text.size() > kMaxObserved)
    fail(node, path, fmt::format("longer than {} octets", kMaxObserved));
  std::string const& text = expect_text(node, path);
  if (text.find_first_not_of('*') == std::string::npos) fail(node, path, "matches anything: leave it out, or say what was approved");
  return text;
}

std::string prose(Node const& node, std::string_view path) {
  constexpr std::size_t kMost = 2000;
  std::string const& text = expect_text(node, path);
  if (text.size() > kMost) fail(node, path, fmt::format("longer than {} octets", kMost));
  return std::string{trim(text)};
}

Waiver read_waiver(Node const& node, std::string const& path, Limits const& limits) {
  expect_keys(node, path, {"id", "requirement", "profile", "target", "match", "reason", "approved_by", "ticket", "created", "expires"});
  Waiver out;
  out.file = node.file;
  out.line = node.line;
  out.warn_days = limits.warn_days;
  out.id = expect_identifier(expect_member(node, path, "id"), under(path, "id"));
  out.requirements = one_or_more(expect_member(node, path, "requirement"), under(path, "requirement"), read_requirement);
  if (Node const* const profile = node.find("profile")) out.profile = expect_identifier(*profile, under(path, "profile"));
  out.targets = one_or_more(expect_member(node, path, "target"), under(path, "target"), read_target_pattern);
  if (Node const* const match = node.find("match")) out.match = one_or_more(*match, under(path, "match"), read_match);
  out.reason = prose(expect_member(node, path, "reason"), under(path, "reason"));
  out.approved_by = expect_line(expect_member(node, path, "approved_by"), under(path, "approved_by"));
  if (Node const* const ticket = node.find("ticket")) out.ticket = expect_line(*ticket, under(path, "ticket"));
  if (Node const* const created = node.find("created")) out.created = read_date(*created, under(path, "created"));
  Node const& expires = expect_member(node, path, "expires");
  out.expires = read_date(expires, under(path, "expires"));

  if (out.created && out.expires < *out.created) fail(expires, under(path, "expires"), "is before created");
  if (!limits.most) return out;
  if (!out.created) fail(node, under(path, "created"), "is missing, and limits.max_days counts from it");
  if (out.expires - *out.created > *limits.most) {
    fail(expires, under(path, "expires"),
         fmt::format("is {} days after created; limits.max_days is {}", (out.expires - *out.created).count(), limits.most->count()));
  }
  return out;
}

std::vector<Waiver> read(std::string_view yaml, std::string const& source) {
  Node const top = read_document(yaml, source);
  expect_keys(top, "", {kFormat, "limits", "waivers"});
  Node const& format = expect_member(top, "", kFormat);
  if (expect_number(format, kFormat, 0, 1e6) != 1) fail(format, kFormat, "this program reads version 1 of waiver files");
  Limits limits;
  if (Node const* const node = top.find("limits")) limits = read_limits(*node);
  std::vector<Waiver> out;
  Node const& list = expect_list(expect_member(top, "", "waivers"), "waivers");
  for (std::size_t i = 0; i < list.items.size(); ++i)
    out.push_back(read_waiver(list.items[i], item_path("waivers", list.items[i], i), limits));
  return out;
}

Waivers gather(std::vector<std::vector<Waiver>> files) {
  auto impl = std::make_shared<Waivers::Impl>();
  std::map<std::string, std::string, std::less<>> places;
  for (std::vector<Waiver>& file : files) {
    for (Waiver& waiver : file) {
      auto const [place, fresh] = places.emplace(waiver.id, fmt::format("{}:{}", *waiver.file, waiver.line));
      if (!fresh) fail(*waiver.file, waiver.line, fmt::format("waivers[{}]", waiver.id), "the id is at " + place->second + " already");
      if (impl->all.size() >= kMaxWaivers) fail(*waiver.file, waiver.line, "waivers", fmt::format("more than {} waivers", kMaxWaivers));
      impl->all.push_back(std::move(waiver));
    }
  }
  return Waivers(std::move(impl));
}

}  // namespace
}  // namespace policy

using namespace policy;

bool holds_waivers(std::string_view yaml) {
  for (std::string_view const line : split(yaml, '\n')) {
    if (line.starts_with(kFormat) && trim(line.substr(kFormat.size())).starts_with(':')) return true;
  }
  return false;
}

Waivers parse_waivers(std::string_view yaml, std::string const& source) { return gather({read(yaml, source)}); }

Waivers load_waivers(std::vector<std::string> const& paths) {
  if (paths.empty()) return {};
  std::vector<std::vector<Waiver>> files;
  for (std::string const& path : paths) {
    FileText const file = read_config_file(path, kMaxDocumentOctets, true);
    if (!file.text) fail(path, 1, "file", file.problem);
    files.push_back(read(*file.text, path));
  }
  return gather(std::move(files));
}

}  // namespace tlsgauge
