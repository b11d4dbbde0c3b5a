// Every profile that is built in: what it demands, as text under tests/data/profiles, so that each change of a rule is a line of a diff;
// and what a demand must have beside it. UPDATE_GOLDEN=1 build/dev/policy_test --gtest_filter='ShippedProfiles*' rewrites the texts.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "policy/model.hpp"
#include "policy/score_model.hpp"
#include "policy/vocabulary.hpp"

namespace tlsgauge {
namespace {

using ::testing::IsEmpty;

std::filesystem::path const kFolder = std::filesystem::path{TLSGAUGE_SOURCE_DIR} / "tests/data/profiles";

std::string joined(std::vector<std::string> const& parts) {
  std::string out;
  for (std::string const& part : parts) out += (out.empty() ? "" : ", ") + part;
  return out;
}

std::vector<std::string> members(policy::Selection const& selection) {
  std::vector<std::string> out;
  for (policy::Attribute const* attribute : selection.attributes) out.push_back(fmt::format("@{}", attribute->name));
  for (policy::Element const& element : selection.elements) out.push_back(element.label);
  return out;
}

std::string operand(policy::Expectation const& e) {
  std::vector<std::string> parts = members(e.selection);
  for (policy::Selection const& tier : e.tiers) parts.push_back("[" + joined(members(tier)) + "]");
  for (double const number : e.numbers) parts.push_back(policy::number_text(number));
  if (parts.empty()) return e.fact->type == policy::Type::boolean || e.selection.elements.empty() ? (e.flag ? "true" : "false") : "[]";
  return "[" + joined(parts) + "]";
}

std::string condition_text(policy::Condition const& condition) {
  if (condition.kind == policy::Condition::Kind::expectation) {
    policy::Expectation const& e = condition.expectation;
    auto const op = std::ranges::find(policy::operators(), e.op, &policy::OperatorSpec::code);
    return fmt::format("{} {} {}", e.fact->name, op->name, operand(e));
  }
  std::vector<std::string> parts;
  for (policy::Condition const& part : condition.parts) parts.push_back(condition_text(part));
  char const* const word = condition.kind == policy::Condition::Kind::all   ? "all"
                           : condition.kind == policy::Condition::Kind::any ? "any"
                                                                            : "not";
  return fmt::format("{}({})", word, joined(parts));
}

std::string rule_text(policy::Rule const& rule) {
  std::string out = fmt::format("\n{} [{}] {}\n  {}\n", rule.id, name(rule.severity), rule.area, rule.title);
  out +=
      fmt::format("  is    {}{}\n", rule.each == policy::Scope::certificate ? "each certificate: " : "", condition_text(rule.expectation));
  if (rule.when) out += fmt::format("  when  {}\n", condition_text(*rule.when));
  out += fmt::format("  why   {}\n", rule.why);
  for (std::string const& reference : rule.references) out += fmt::format("  ref   {}\n", reference);
  for (Fix const& fix : rule.fix) {
    std::string text = fix.text;
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 12) text.replace(at, 1, "\n           ");
    out += fmt::format("  {:<8} {}\n", fix.server, text);
  }
  return out;
}

std::string scoring_text(policy::Scoring const& scoring) {
  std::string out;
  for (auto const& [area, share] : scoring.areas) out += fmt::format("  area {} {}\n", area, policy::number_text(share));
  for (std::size_t i = 0; i < scoring.weights.size(); ++i)
    out += fmt::format("  weight {} {}\n", name(static_cast<Severity>(i)), policy::number_text(scoring.weights[i]));
  for (policy::Cap const& cap : scoring.caps)
    out += fmt::format("  at most {} without {}\n", policy::number_text(cap.max_score), cap.requirement);
  for (auto const& [grade, least] : scoring.grades) out += fmt::format("  {} from {}\n", grade, policy::number_text(least));
  return out;
}

std::string profile_text(Profile::Impl const& profile) {
  std::string out = fmt::format("{} {}\n{}\n{}\n", profile.identity.name, profile.identity.version, profile.title, profile.description);
  if (!profile.extends.empty()) out += fmt::format("extends {}\n", joined(profile.extends));
  for (policy::Rule const& rule : profile.rules) out += rule_text(rule);
  out += "\nleft out\n";
  for (policy::Disabled const& disabled : profile.disabled) out += fmt::format("  {}: {}\n", disabled.id, disabled.reason);
  out += fmt::format("\nscore{}\n", profile.scoring.model == policy::ScoreModel::requirements
                                        ? ""
                                        : fmt::format(" by the model {}", policy::spec_of(profile.scoring.model).name));
  if (profile.scoring.model == policy::ScoreModel::requirements) out += scoring_text(profile.scoring);
  out += "\nsources\n";
  for (policy::Citation const& source : profile.sources) out += fmt::format("  {} {} {}\n", source.id, source.title, source.url);
  return out;
}

std::string content(std::filesystem::path const& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ShippedProfiles, DemandWhatTheirTextsSay) {
  bool const rewrite = std::getenv("UPDATE_GOLDEN") != nullptr;
  if (rewrite) std::filesystem::create_directories(kFolder);
  std::set<std::string> expected;
  for (ProfileSummary const& summary : built_in_profiles()) {
    std::string const text = profile_text(load_profile(summary.name).impl());
    std::filesystem::path const path = kFolder / (summary.name + ".txt");
    expected.insert(path.filename());
    if (rewrite) std::ofstream(path, std::ios::binary) << text;
    EXPECT_EQ(text, content(path)) << path.filename() << ": UPDATE_GOLDEN=1 rewrites it";
  }
  for (auto const& entry : std::filesystem::directory_iterator(kFolder))
    EXPECT_TRUE(expected.contains(entry.path().filename())) << entry.path().filename() << " is of no profile";
}

TEST(ShippedProfiles, AreNamedAsTheirFiles) {
  std::set<std::string> names;
  for (ProfileSummary const& summary : built_in_profiles()) {
    names.insert(summary.name);
    EXPECT_FALSE(summary.version.empty()) << summary.name;
    EXPECT_FALSE(summary.title.empty()) << summary.name;
    EXPECT_FALSE(load_profile(summary.name).impl().description.empty()) << summary.name;
  }
  std::set<std::string> files;
  for (auto const& entry : std::filesystem::directory_iterator(std::filesystem::path{TLSGAUGE_SOURCE_DIR} / "profiles"))
    if (entry.is_regular_file()) files.insert(entry.path().stem());
  EXPECT_EQ(names, files);
}

TEST(ShippedProfiles, CiteASourceForEveryDemand) {
  for (ProfileSummary const& summary : built_in_profiles()) {
    Profile const profile = load_profile(summary.name);
    for (policy::Rule const& rule : profile.impl().rules) {
      EXPECT_FALSE(rule.references.empty()) << summary.name << " " << rule.id;
      EXPECT_GT(rule.why.size(), 20U) << summary.name << " " << rule.id;
    }
    for (policy::Citation const& source : profile.impl().sources) EXPECT_FALSE(source.url.empty()) << summary.name << " " << source.id;
  }
}

TEST(ShippedProfiles, SayForThreeServersHowADemandIsMet) {
  // Demands that no server's configuration meets, and why.
  std::map<std::string, std::string> const exceptions;
  for (ProfileSummary const& summary : built_in_profiles()) {
    Profile const profile = load_profile(summary.name);
    for (policy::Rule const& rule : profile.impl().rules) {
      if (exceptions.contains(rule.id)) continue;
      std::set<std::string> servers;
      for (Fix const& fix : rule.fix) servers.insert(fix.server);
      for (char const* const server : {"nginx", "apache", "haproxy"})
        EXPECT_TRUE(servers.contains(server)) << summary.name << " " << rule.id << " says nothing of " << server;
    }
  }
}

// What a line of a server's configuration sets; empty where several lines add up, or where it names but a place.
std::string setting(std::string_view server, std::string const& line) {
  std::istringstream words(line.substr(0, line.find('#')));
  std::vector<std::string> all{std::istream_iterator<std::string>(words), {}};
  if (all.empty() || all[0] == "ssl-default-bind-options" || all[0] == "bind" || all[0] == "SSLStaplingCache") return {};
  std::size_t named = 1;
  if (all[0] == "ssl_conf_command" || all[0] == "add_header" || all[0] == "proxy_hide_header" || all[0] == "SSLOpenSSLConfCmd") named = 2;
  if (all[0] == "SSLCipherSuite" && all.size() > 2) named = 2;
  if (all[0].starts_with("http-") || all[0] == "Header") named = server == "apache" ? 4 : 3;
  std::string out{server};
  for (std::size_t i = 0; i < std::min(named, all.size()); ++i) out += " " + all[i];
  return out;
}

// Who puts all of them into a file must not set one thing in two ways.
TEST(ShippedProfiles, HaveFixesThatGoTogether) {
  for (ProfileSummary const& summary : built_in_profiles()) {
    std::map<std::string, std::string> set;
    Profile const profile = load_profile(summary.name);
    for (policy::Rule const& rule : profile.impl().rules) {
      if (rule.severity == Severity::info) continue;  // a stricter alternative
      for (Fix const& fix : rule.fix) {
        std::istringstream lines(fix.text);
        for (std::string line; std::getline(lines, line);) {
          std::string const key = setting(fix.server, line);
          line = line.substr(0, line.find('#'));
          line.erase(line.find_last_not_of(' ') + 1);
          if (key.empty()) continue;
          EXPECT_EQ(set.try_emplace(key, line).first->second, line) << summary.name << " " << rule.id;
        }
      }
    }
  }
}

// What decides most must not be outvoted: a failed critical demand caps the score. A model has caps of its own.
TEST(ShippedProfiles, CapTheScoreOfACriticalFailure) {
  for (ProfileSummary const& summary : built_in_profiles()) {
    Profile const profile = load_profile(summary.name);
    if (profile.impl().scoring.model != policy::ScoreModel::requirements) continue;
    std::set<std::string> capped;
    for (policy::Cap const& cap : profile.impl().scoring.caps)
      EXPECT_TRUE(capped.insert(cap.requirement).second) << summary.name << " caps " << cap.requirement << " twice";
    for (policy::Rule const& rule : profile.impl().rules) {
      EXPECT_TRUE(rule.severity != Severity::critical || capped.contains(rule.id)) << summary.name << " " << rule.id;
    }
  }
}

TEST(ShippedProfiles, ShareTheScoreAmongAllAreas) {
  for (ProfileSummary const& summary : built_in_profiles()) {
    Profile const profile = load_profile(summary.name);
    policy::Scoring const& scoring = profile.impl().scoring;
    if (scoring.model != policy::ScoreModel::requirements) continue;
    double sum = 0;
    for (auto const& [area, share] : scoring.areas) sum += share;
    EXPECT_TRUE(sum == 100 || (scoring.areas.size() == 1 && sum == 1)) << summary.name << ": " << sum;
  }
}

}  // namespace
}  // namespace tlsgauge
