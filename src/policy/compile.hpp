#pragma once
// From the document's tree to rules and scoring. All throw ProfileError.

#include <string_view>
#include <vector>

#include "policy/document.hpp"
#include "policy/model.hpp"
#include "policy/sets.hpp"

namespace tlsgauge::policy {

/// Keys of a requirement; those but `id` may stand in an override too.
[[nodiscard]] std::vector<std::string_view> const& requirement_keys();

[[nodiscard]] Citation read_citation(Node const& node, std::string_view path);
[[nodiscard]] Rule compile_rule(Node const& node, std::string_view path, Sets& sets, std::vector<Citation> const& sources);
/// "requirements", "ssllabs" or "nmap".
[[nodiscard]] ScoreModel read_score_model(Node const& node, std::string_view path);
/// The members of `score`, each of which may come from another file.
void compile_score_member(std::string_view key, Node const& node, Scoring& scoring);
[[nodiscard]] std::vector<std::string_view> const& score_keys();

/// The members of `gate`, each of which may come from another file.
void compile_gate_member(std::string_view key, Node const& node, Scoring const& scoring, GateDefaults& gate);
[[nodiscard]] std::vector<std::string_view> const& gate_keys();

}  // namespace tlsgauge::policy
