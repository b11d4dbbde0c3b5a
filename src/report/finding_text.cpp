#include "report/finding_text.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

std::string fingerprint(std::string const& text) {
  return crypto::sha256_hex({reinterpret_cast<unsigned char const*>(text.data()), text.size()}).substr(0, 32);
}

Gap run_gap(std::string text) {
  std::string key = fingerprint("run\n" + text);
  return {nullptr, std::move(text), std::move(key)};
}

std::string endpoint_gap(Endpoint const& endpoint) {
  std::string text = place(endpoint.target);
  text += endpoint.status == Status::not_tls ? " does not speak TLS" : " is unreachable";
  std::string_view before = ": ";
  for (ErrorNote const& error : endpoint.errors) text += fmt::format("{}{}: {}", std::exchange(before, "; "), error.where, error.what);
  return shortened(printable(text), 1000);
}

std::string indented(std::string_view text, std::string_view indent) {
  std::string out;
  for (std::string_view const line : split(text, '\n')) {
    if (!out.empty()) out += '\n';
    out += indent;
    out += printable(line);
  }
  return out;
}

}  // namespace

bool measured(Endpoint const& endpoint) { return endpoint.status == Status::complete || endpoint.status == Status::partial; }

std::vector<Gap> gaps(Document const& document) {
  std::vector<Gap> out;
  if (document.run.interrupted) out.push_back(run_gap("the run was interrupted: what it had not finished is missing"));
  if (document.endpoints.empty()) out.push_back(run_gap("no endpoint was measured"));
  std::vector<std::string> const who = identities(document);
  for (std::size_t i = 0; i < who.size(); ++i) {
    Endpoint const& endpoint = document.endpoints[i];
    if (!measured(endpoint)) out.push_back({&endpoint, endpoint_gap(endpoint), fingerprint("endpoint\n" + who[i])});
  }
  return out;
}

std::string rule_id(Assessment const& assessment, Requirement const& requirement) {
  return shortened(printable(fmt::format("{}/{}", assessment.profile.name, requirement.id)), 255);
}

std::string background(Requirement const& requirement) {
  std::string out;
  auto const add = [&](std::string_view text) {
    if (!out.empty()) out += '\n';
    out += text;
  };
  if (!requirement.why.empty()) add("Why: " + printable_lines(requirement.why));
  for (Fix const& fix : requirement.fix) add(fmt::format("Fix ({}):\n{}", printable(fix.server), indented(fix.text, "  ")));
  for (std::string const& reference : requirement.references) add("See: " + printable(reference));
  if (std::string const waiver = waiver_phrase(requirement); !waiver.empty()) add("Waiver: " + printable(waiver));
  return out;
}

std::string printable_lines(std::string_view text) { return indented(text, ""); }

std::string code_block(std::string_view text) { return indented(text, "    "); }

std::string shortened(std::string_view utf8, std::size_t limit) {
  auto const continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; };
  std::size_t points = 0;
  std::size_t cut = 0;  // where the last character that stays would begin
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    if (continues(utf8[i])) continue;
    if (++points == limit) cut = i;
    if (points > limit) return std::string{utf8.substr(0, cut)} + "\u2026";
  }
  return std::string{utf8};
}

}  // namespace tlsgauge::report
