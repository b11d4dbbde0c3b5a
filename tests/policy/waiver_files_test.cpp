// Files of waivers: what is refused, and what is questionable.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <regex>

#include "base/clock.hpp"
#include "policy/target_pattern.hpp"
#include "tlsgauge/waivers.hpp"

namespace tlsgauge {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// Line 1 and 2.
std::string const kHead = "tlsgauge_waivers: 1\nwaivers:\n";

// Lines 3 to 8 after kHead.
std::string const kGood =
    "  - id: W-1\n"
    "    requirement: hsts-present\n"
    "    target: good.example:443\n"
    "    reason: because\n"
    "    approved_by: board\n"
    "    expires: 2026-12-31\n";

std::string file_of(char const* const path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string error_of(std::string const& text) {
  try {
    static_cast<void>(parse_waivers(text, "w.yaml"));
  } catch (ProfileError const& error) {
    return error.what();
  }
  return "no error";
}

// kGood with the line that begins with `key` replaced.
std::string with(std::string const& key, std::string const& line) {
  std::string text = kHead + kGood;
  std::size_t const at = text.find(key);
  return text.replace(at, text.find('\n', at) - at, line);
}

TEST(WaiverFile, AGoodOneIsRead) {
  EXPECT_EQ(error_of(kHead + kGood), "no error");
  EXPECT_EQ(error_of("tlsgauge_waivers: 1\nwaivers: []\n"), "no error");
  EXPECT_EQ(error_of(file_of(TLSGAUGE_SOURCE_DIR "/profiles/examples/waivers.yaml")), "no error");
}

TEST(WaiverFile, AMistakeIsOneLineThatNamesFileLineAndField) {
  struct {
    std::string text, begins, says;
  } const rows[] = {
      {"waivers: []\n", "w.yaml:1: tlsgauge_waivers: ", "is missing"},
      {"tlsgauge_waivers: 2\nwaivers: []\n", "w.yaml:1: tlsgauge_waivers: ", "version 1"},
      {"tlsgauge_waivers: 1\n", "w.yaml:1: waivers: ", "is missing"},
      {"tlsgauge_waivers: 1\nwaiver: []\n", "w.yaml:2: waiver: ", "did you mean \"waivers\"?"},
      {kHead + kGood + kGood, "w.yaml:9: waivers[W-1]: ", "the id is at w.yaml:3 already"},
      {with("requirement", "requirement: '*'"), "w.yaml:4: waivers[W-1].requirement: ", "every requirement"},
      {with("requirement", "requirement: a b"), "w.yaml:4: waivers[W-1].requirement: ", "is the id of a requirement"},
      {with("requirement", "requirement: []"), "w.yaml:4: waivers[W-1].requirement: ", "must not be empty"},
      {with("requirement", "requiremnt: a"), "w.yaml:4: waivers[W-1].requiremnt: ", "did you mean \"requirement\"?"},
      {with("target", "target: good.example:0"), "w.yaml:5: waivers[W-1].target: ", "is no port"},
      {with("target", "target: good.example:65536"), "w.yaml:5: waivers[W-1].target: ", "is no port"},
      {with("target", "target: https://good.example"), "w.yaml:5: waivers[W-1].target: ", "no URL"},
      {with("target", "target: 2001:db8::1"), "w.yaml:5: waivers[W-1].target: ", "in brackets"},
      {with("target", "target: m\xC3\xBCnchen.example"), "w.yaml:5: waivers[W-1].target: ", "xn--"},
      {with("target", "target: 192.0.2.1/24"), "w.yaml:5: waivers[W-1].target: ", "bits behind the prefix"},
      {with("target", "target: 192.0.2.0/33"), "w.yaml:5: waivers[W-1].target: ", "0 to 32"},
      {with("target", "target: good.example/path"), "w.yaml:5: waivers[W-1].target: ", "only an address"},
      {with("target", "target: ':443'"), "w.yaml:5: waivers[W-1].target: ", "host name"},
      {with("reason", "match: '*'"), "w.yaml:6: waivers[W-1].match: ", "matches anything"},
      {with("reason", "reason: ''"), "w.yaml:6: waivers[W-1].reason: ", "must not be empty"},
      {with("reason", "ticket: T-1"), "w.yaml:3: waivers[W-1].reason: ", "is missing"},
      {with("approved_by", "ticket: T-1"), "w.yaml:3: waivers[W-1].approved_by: ", "is missing"},
      {with("expires", "ticket: T-1"), "w.yaml:3: waivers[W-1].expires: ", "is missing"},
      {with("expires", "expires: 2026-02-30"), "w.yaml:8: waivers[W-1].expires: ", "is no day such as"},
      {with("expires", "expires: 2026-12-31T00:00:00Z"), "w.yaml:8: waivers[W-1].expires: ", "is no day such as"},
      {with("expires", "expires: never"), "w.yaml:8: waivers[W-1].expires: ", "is no day such as"},
      {kHead + kGood + "    created: 2027-01-01\n", "w.yaml:8: waivers[W-1].expires: ", "is before created"},
      {kHead + kGood + "limits: {max_days: 30}\n", "w.yaml:3: waivers[W-1].created: ", "limits.max_days counts from it"},
      {kHead + kGood + "    created: 2026-11-30\nlimits: {max_days: 30}\n", "w.yaml:8: waivers[W-1].expires: ", "31 days after created"},
      {kHead + kGood + "limits: {max_days: 0}\n", "w.yaml:9: limits.max_days: ", "between 1 and"},
      {kHead + kGood + "limits: {max_days: 1.5}\n", "w.yaml:9: limits.max_days: ", "whole number"},
      {kHead + kGood + "limits: {most_days: 3}\n", "w.yaml:9: limits.most_days: ", "unknown key"},
  };
  for (auto const& row : rows) {
    // The column is another test's business.
    std::string const error = std::regex_replace(error_of(row.text), std::regex("^(w\\.yaml:[0-9]+):[0-9]+: "), "$1: ");
    EXPECT_THAT(error, StartsWith(row.begins)) << row.text;
    EXPECT_THAT(error, HasSubstr(row.says)) << row.text;
    EXPECT_EQ(error.find('\n'), std::string::npos);
  }
}

TEST(WaiverFile, TheLastDayThatTheLimitAllowsIsAllowed) {
  EXPECT_EQ(error_of(kHead + kGood + "    created: 2026-12-01\nlimits: {max_days: 30}\n"), "no error");
}

TEST(WaiverFile, DamagedFilesGiveOneErrorOrNoneAndNeverACrash) {
  std::string const whole = file_of(TLSGAUGE_SOURCE_DIR "/profiles/examples/waivers.yaml");
  std::mt19937 random(5);
  for (int i = 0; i < 300; ++i) {
    std::string text = whole;
    for (int cuts = 0; cuts < 3; ++cuts) {
      std::size_t const at = random() % text.size();
      if (random() % 2 == 0)
        text.erase(at, random() % 20);
      else
        text[at] = static_cast<char>(random());
      if (text.empty()) text = "x";
    }
    EXPECT_EQ(error_of(text).find('\n'), std::string::npos);
  }
}

TEST(WaiverFile, SeveralFilesAreOneList) {
  auto const folder = std::filesystem::temp_directory_path() / ("tlsgauge-waivers-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::string const a = (folder / "a.yaml").string();
  std::string const b = (folder / "b.yaml").string();
  std::ofstream(a) << kHead << kGood;
  std::ofstream(b) << kHead << kGood;
  EXPECT_FALSE(load_waivers({a}).empty());
  EXPECT_TRUE(load_waivers({}).empty());
  EXPECT_THROW(static_cast<void>(load_waivers({a, b})), ProfileError);
  EXPECT_THROW(static_cast<void>(load_waivers({(folder / "none.yaml").string()})), ProfileError);
  EXPECT_THROW(static_cast<void>(load_waivers({folder.string()})), ProfileError);
  std::filesystem::remove_all(folder);
}

TEST(WaiverFile, IsKnownByItsHead) {
  EXPECT_TRUE(holds_waivers(kHead));
  EXPECT_TRUE(holds_waivers("# comment\n\ntlsgauge_waivers : 1\n"));
  EXPECT_FALSE(holds_waivers("tlsgauge_profile: 1\ntitle: tlsgauge_waivers\n"));
  EXPECT_FALSE(holds_waivers("sets:\n  tlsgauge_waivers: {}\n"));
}

std::vector<std::string> findings(std::string const& text, char const* const day = "2026-11-26") {
  std::vector<Profile> profiles = {load_profile("nginx-recommended"), load_profile("mozilla-modern")};
  std::vector<std::string> out;
  for (WaiverFinding const& finding : check_waivers(parse_waivers(text, "w.yaml"), profiles, parse_rfc3339(day).value()))
    out.push_back((finding.grave ? "GRAVE " : "") + finding.text);
  return out;
}

TEST(WaiverCheck, TellsOfDays) {
  EXPECT_THAT(findings(kHead + kGood), IsEmpty());
  EXPECT_THAT(findings(kHead + kGood, "2026-12-16"), IsEmpty()) << "15 days";
  EXPECT_THAT(findings(kHead + kGood, "2026-12-17"), ElementsAre("w.yaml:3:5: waivers[W-1].expires: expires in 14 days, on 2026-12-31"));
  EXPECT_THAT(findings(kHead + kGood, "2026-12-31"), ElementsAre("w.yaml:3:5: waivers[W-1].expires: expires today"));
  EXPECT_THAT(findings(kHead + kGood, "2027-01-01"),
              ElementsAre("GRAVE w.yaml:3:5: waivers[W-1].expires: expired on 2026-12-31: what it covers fails"));
  EXPECT_THAT(findings(kHead + kGood + "limits: {warn_days: 3}\n", "2026-12-20"), IsEmpty());
  EXPECT_THAT(findings(kHead + kGood + "    created: 2026-11-30\n"), ElementsAre(HasSubstr("does not hold before 2026-11-30")));
}

TEST(WaiverCheck, TellsOfRequirementsThatNoProfileHas) {
  EXPECT_THAT(
      findings(with("requirement", "requirement: hsts-presnt")),
      ElementsAre("w.yaml:3:5: waivers[W-1].requirement: no profile has a requirement \"hsts-presnt\" (did you mean \"hsts-present\"?)"));
  EXPECT_THAT(findings(with("requirement", "requirement: 'hsts-*'")), IsEmpty());
  EXPECT_THAT(findings(kHead + kGood + "    profile: mozilla-modern\n"), IsEmpty());
  EXPECT_THAT(findings(kHead + kGood + "    profile: mozilla-moderm\n"), ElementsAre(HasSubstr("(did you mean \"mozilla-modern\"?)")));
}

TEST(WaiverCheck, TellsOfOneThatAnotherCovers) {
  std::string const wide = "  - {id: W-2, requirement: 'hsts-*', target: '*.example', reason: r, approved_by: b, expires: 2027-06-01}\n";
  std::string const message = "w.yaml:3:5: waivers[W-1].requirement: waiver W-2 covers all of this too, until 2027-06-01";
  EXPECT_THAT(findings(kHead + kGood + wide), ElementsAre(message));
  EXPECT_THAT(findings(kHead + kGood +
                       "  - {id: W-2, requirement: 'hsts-*', target: '*.example:8443', reason: r, approved_by: b, expires: 2027-06-01}\n"),
              IsEmpty())
      << "another port";
  EXPECT_THAT(
      findings(kHead + kGood +
               "  - {id: W-2, requirement: 'hsts-*', target: '*.example', match: none, reason: r, approved_by: b, expires: 2027-06-01}\n"),
      IsEmpty())
      << "less is approved";
  std::string twin = kGood;
  twin.replace(twin.find("W-1"), 3, "W-3");
  EXPECT_THAT(findings(kHead + kGood + twin), ElementsAre(HasSubstr("w.yaml:9:5: waivers[W-3].requirement: waiver W-1")));
}

TEST(WaiverCheck, TellsOfOneForEveryHost) {
  EXPECT_THAT(findings(with("target", "target: '*:443'")), ElementsAre(HasSubstr("covers every host")));
  EXPECT_THAT(findings(with("target", "target: '0.0.0.0/0'")), ElementsAre(HasSubstr("covers every host")));
}

TEST(Glob, StarStandsForAnything) {
  using policy::covers_glob;
  using policy::matches_glob;
  EXPECT_TRUE(matches_glob("a*b*c", "aXbYbZc"));
  EXPECT_TRUE(matches_glob("*", ""));
  EXPECT_TRUE(matches_glob("abc**", "abc"));
  EXPECT_FALSE(matches_glob("a*b", "ab c"));
  EXPECT_FALSE(matches_glob("", "a"));
  EXPECT_TRUE(matches_glob("*a*a*a*a*b", std::string(2000, 'a') + "b"));
  EXPECT_FALSE(matches_glob("*a*a*a*a*b", std::string(2000, 'a')));
  EXPECT_TRUE(covers_glob("*.example.com", "*.a.example.com"));
  EXPECT_FALSE(covers_glob("*.a.example.com", "*.example.com"));
}

}  // namespace
}  // namespace tlsgauge
