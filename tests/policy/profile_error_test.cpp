// Profiles that are wrong: each gives one line that names file, line and field.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "tlsgauge/profile.hpp"

namespace tlsgauge {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// Line 1 to 4.
std::string const kHead =
    "tlsgauge_profile: 1\n"
    "name: house\n"
    "version: \"1\"\n"
    "title: House rules\n";

// Lines 5 to 11 after kHead.
std::string const kGood =
    "requirements:\n"
    "  - id: old\n"
    "    title: No old protocol\n"
    "    severity: high\n"
    "    why: It is old.\n"
    "    fact: protocols.accepted\n"
    "    is: {subset_of: [TLSv1.2, TLSv1.3]}\n";

// A requirement whose last lines are given; the first of them is line 10.
std::string rule(std::string const& lines) {
  return kHead +
         "requirements:\n"
         "  - id: old\n"
         "    title: No old protocol\n"
         "    severity: high\n"
         "    why: It is old.\n" +
         lines;
}

std::string error_of(std::string const& text, std::string const& source = "p.yaml") {
  try {
    static_cast<void>(parse_profile(text, source));
  } catch (ProfileError const& error) {
    return error.what();
  }
  return "no error";
}

struct Broken {
  std::string text;
  int line;
  std::string field;
  std::string what;
};

std::string nested(int depth, std::string const& open, std::string const& close) {
  std::string out;
  for (int i = 0; i < depth; ++i) out += open;
  for (int i = 0; i < depth; ++i) out += close;
  return out;
}

std::vector<Broken> broken_profiles() {
  std::string const fact = "    fact: protocols.accepted\n";
  std::vector<Broken> all = {
      // The document.
      {"", 1, "YAML", "the document is empty"},
      {"# nothing\n", 1, "YAML", "the document is empty"},
      {"- a\n- b\n", 1, "YAML", "the document must be a map"},
      {"text\n", 1, "YAML", "the document must be a map"},
      {kHead + kGood + "---\nname: second\n", 13, "YAML", "more than one document"},
      {kHead + "requirements: [\n", 5, "YAML", ""},
      {kHead + "requirements: \"open\n", 5, "YAML", ""},
      {kHead + "\tname: x\n", 5, "YAML", ""},
      {kHead + "a: b: c\n", 5, "YAML", ""},
      {kHead + "name: again\n" + kGood, 5, "YAML", "the key \"name\" is there twice"},
      {rule(fact + "    is: {min: 1, min: 2}\n"), 11, "requirements[0].is", "the key \"min\" is there twice"},
      {kHead + "sets: &a {x: {suites: [0x1301]}}\n" + kGood, 5, "sets", "anchors are not part"},
      {kHead + "description: *a\n" + kGood, 5, "YAML", ""},
      {kHead + "description: !!str x\n" + kGood, 5, "description", "the tag tag:yaml.org,2002:str"},
      {kHead + "description: !other [x]\n" + kGood, 5, "description", "the tag !other"},
      {kHead + "? [a]\n: b\n" + kGood, 5, "YAML", "a key must be a plain text"},
      {kHead + "? {a: b}\n: b\n" + kGood, 5, "YAML", "a key must be a plain text"},
      {kHead + "~: b\n" + kGood, 5, "YAML", "a key must be a plain text"},
      {kHead + "description: " + nested(25, "[", "]") + "\n" + kGood, 5, "description", "nested more than 20 deep"},
      {kHead + "description: " + nested(100'000, "[", "]") + "\n" + kGood, 5, "description", "nested more than 20 deep"},
      {kHead + "description: " + nested(30, "{a: ", "}") + "\n" + kGood, 5, "description", "nested more than 20 deep"},
      {kHead + "description: " + nested(50, "- ", "") + "\n" + kGood, 5, "YAML", ""},
      {kHead + "description:\n  " + nested(50, "- ", "") + "x\n" + kGood, 6, "description", "nested more than 20 deep"},
      {kHead + "description: [" + nested(10'001, "a,", "") + "]\n", 5, "description[", "more than 10000 values"},
      {kHead + "description: " + std::string(300'000, 'x') + "\n" + kGood, 1, "YAML", "larger than 256 KiB"},
      {kHead + "description: a\x01z\n" + kGood, 5, "YAML", "control character 0x01"},
      {kHead + "description: a\x04\n" + kGood, 5, "YAML", "control character 0x04"},
      {kHead + std::string("a: \0b\n", 6) + kGood, 5, "YAML", "control character 0x00"},
      {kHead + "description: \xC3\x28\n" + kGood, 5, "YAML", "not UTF-8"},
      // The head.
      {"name: house\nversion: \"1\"\ntitle: x\n" + kGood, 1, "tlsgauge_profile", "is missing"},
      {"tlsgauge_profile: 2\nname: house\nversion: \"1\"\ntitle: x\n" + kGood, 1, "tlsgauge_profile", "version 1 of the language"},
      {"tlsgauge_profile: one\nname: house\nversion: \"1\"\ntitle: x\n" + kGood, 1, "tlsgauge_profile", "must be a number"},
      {"tlsgauge_profile: 1\nversion: \"1\"\ntitle: x\n" + kGood, 1, "name", "is missing"},
      {"tlsgauge_profile: 1\nname: a b\nversion: \"1\"\ntitle: x\n" + kGood, 2, "name", "letters, digits"},
      {"tlsgauge_profile: 1\nname: [a]\nversion: \"1\"\ntitle: x\n" + kGood, 2, "name", "must be a text, not a list"},
      {"tlsgauge_profile: 1\nname: a\ntitle: x\n" + kGood, 1, "version", "is missing"},
      {"tlsgauge_profile: 1\nname: a\nversion:\ntitle: x\n" + kGood, 3, "version", "must be a text, not nothing"},
      {"tlsgauge_profile: 1\nname: a\nversion: \"1\"\n" + kGood, 1, "title", "is missing"},
      {kHead + "requirments: []\n" + kGood, 5, "requirments", "unknown key \"requirments\" (did you mean \"requirements\"?)"},
      {kHead, 1, "requirements", "the profile has no requirement"},
      {kHead + "requirements: {}\n", 5, "requirements", "must be a list, not a map"},
      {kHead + "requirements: []\n", 1, "requirements", "the profile has no requirement"},
      {kHead + "requirements:\n  - old\n", 6, "requirements[0]", "must be a map, not a single value"},
      // extends.
      {kHead + "extends: nginx-recomended\n" + kGood, 5, "extends",
       "unknown profile \"nginx-recomended\" (did you mean \"nginx-recommended\"?)"},
      {kHead + "extends: [mozilla-modern, nowhere]\n" + kGood, 5, "extends[1]", "unknown profile \"nowhere\""},
      {kHead + "extends: ./not-there.yaml\n" + kGood, 5, "extends", "is not a file that can be read"},
      {kHead + "extends: {a: b}\n" + kGood, 5, "extends", "must be a list, not a map"},
      // sources.
      {kHead + "sources: [{id: a}]\n" + kGood, 5, "sources[a].title", "is missing"},
      {kHead + "sources: [{id: a, title: A, url: ftp://x}]\n" + kGood, 5, "sources[a].url", "must begin with https://"},
      {kHead + "sources:\n  - {id: a, title: A}\n  - {id: a, title: B}\n" + kGood, 7, "sources[a]", "the id is there twice"},
      {kHead + "sources: [{id: a, title: A, link: x}]\n" + kGood, 5, "sources[a].link", "unknown key \"link\""},
      // sets.
      {kHead + "sets: {mine: {suite: [0x1301]}}\n" + kGood, 5, "sets.mine.suite", "unknown key \"suite\" (did you mean \"suites\"?)"},
      {kHead + "sets: {mine: {suites: []}}\n" + kGood, 5, "sets.mine.suites", "must not be empty"},
      {kHead + "sets: {mine: {}}\n" + kGood, 5, "sets.mine", "must have one of suites, groups and signatures"},
      {kHead + "sets: {mine: {suites: [0x1301], groups: [0x001D]}}\n" + kGood, 5, "sets.mine",
       "must have one of suites, groups and signatures"},
      {kHead + "sets: {aead: {suites: [0x1301]}}\n" + kGood, 5, "sets.aead", "built-in attribute"},
      {kHead + "sets: {mine: {suites: [TLS_AES_128_GCM_SHA265]}}\n" + kGood, 5, "sets.mine.suites[0]",
       "unknown cipher suite \"TLS_AES_128_GCM_SHA265\" (did you mean \"TLS_AES_128_GCM_SHA256\"?)"},
      {kHead + "sets: {mine: {suites: [0xEEEE]}}\n" + kGood, 5, "sets.mine.suites[0]", "no cipher suite has the code 0xEEEE"},
      {kHead + "sets: {mine: {suites: [0x1301, 0x1301]}}\n" + kGood, 5, "sets.mine.suites[1]", "is listed twice"},
      {kHead + "sets: {mine: {groups: [X25519MLKEM786]}}\n" + kGood, 5, "sets.mine.groups[0]", "did you mean \"X25519MLKEM768\"?"},
      {kHead + "sets: {mine: {groups: [0xEEEE]}}\n" + kGood, 5, "sets.mine.groups[0]", "no group has the code 0xEEEE"},
      {kHead + "sets:\n  a: {suites: [\"@b\"]}\n  b: {suites: [\"@a\"]}\n" + kGood, 7, "sets.b.suites[0]", "the set @a contains itself"},
      {kHead + "sets:\n  a: {suites: [\"@a\"]}\n" + kGood, 6, "sets.a.suites[0]", "contains itself"},
      {kHead + "sets:\n  a: {suites: [\"@b\"]}\n  b: {groups: [x25519]}\n" + kGood, 6, "sets.a.suites[0]", "a set of another kind"},
      {kHead + "sets:\n  a: {groups: [\"@aead\"]}\n" + kGood, 6, "sets.a.groups[0]", "an attribute of another kind"},
      // Requirements.
      {kHead + "requirements:\n  - title: x\n", 6, "requirements[0].id", "is missing"},
      {kHead + kGood + "  - id: old\n    title: x\n    severity: low\n    why: x\n    fact: http.spoken\n    is: {equals: true}\n", 12,
       "requirements[old]", "the id is there twice"},
      {kHead + "requirements:\n  - {id: a}\n", 6, "requirements[a].title", "is missing"},
      {kHead + "requirements:\n  - {id: a, title: A}\n", 6, "requirements[a].severity", "is missing"},
      {kHead + "requirements:\n  - {id: a, title: A, severity: criticall}\n", 6, "requirements[a].severity",
       "unknown severity \"criticall\" (did you mean \"critical\"?)"},
      {kHead + "requirements:\n  - {id: a, title: A, severity: [high]}\n", 6, "requirements[a].severity", "must be a text, not a list"},
      {kHead + "requirements:\n  - {id: a, title: A, severity: low}\n", 6, "requirements[a]", "must say what is expected"},
      {rule("    whenn: {}\n"), 10, "requirements[old].whenn", "unknown key \"whenn\" (did you mean \"when\"?)"},
      {rule("    fact: protocols.acepted\n    is: {excludes: SSLv3}\n"), 10, "requirements[old].fact",
       "unknown fact \"protocols.acepted\" (did you mean \"protocols.accepted\"?)"},
      {rule("    is: {excludes: SSLv3}\n"), 6, "requirements[old].fact", "is missing"},
      {rule(fact), 6, "requirements[old].is", "is missing"},
      {rule(fact + "    is: SSLv3\n"), 11, "requirements[old].is", "must be a map, not a single value"},
      {rule(fact + "    is: {}\n"), 11, "requirements[old].is", "exactly one operator, not 0"},
      {rule(fact + "    is: {excludes: SSLv3, includes: TLSv1.2}\n"), 11, "requirements[old].is", "exactly one operator, not 2"},
      {rule(fact + "    is: {exclude: SSLv3}\n"), 11, "requirements[old].is.exclude",
       "unknown key \"exclude\" (did you mean \"excludes\"?)"},
      {rule(fact + "    is: {excludes: TLSv1.4}\n"), 11, "requirements[old].is.excludes",
       "unknown protocol version \"TLSv1.4\" (did you mean \"TLSv1.0\"?)"},
      {rule(fact + "    is:\n      excludes:\n        - SSLv3\n        - SSLv9\n"), 14, "requirements[old].is.excludes[1]",
       "unknown protocol version \"SSLv9\""},
      {rule(fact + "    is: {excludes: []}\n"), 11, "requirements[old].is.excludes", "must not be empty"},
      {rule(fact + "    is: {excludes: {a: b}}\n"), 11, "requirements[old].is.excludes", "must be a protocol version or a list of them"},
      {rule(fact + "    is: {excludes: [[SSLv3]]}\n"), 11, "requirements[old].is.excludes[0]", "must be a text, not a list"},
      {rule(fact + "    is: {min: 3}\n"), 11, "requirements[old].is.min",
       "min cannot judge protocols.accepted, which is a set of protocol versions"},
      {rule(fact + "    is: {not_empty: yes}\n"), 11, "requirements[old].is.not_empty", "must be true or false"},
      {rule(fact + "    is: {exists: \"true\"}\n"), 11, "requirements[old].is.exists", "must be true or false"},
      {rule("    fact: http.hsts.max_age\n    is: {min: long}\n"), 11, "requirements[old].is.min", "must be a number"},
      {rule("    fact: http.hsts.max_age\n    is: {min: \"5\"}\n"), 11, "requirements[old].is.min", "must be a number"},
      {rule("    fact: http.hsts.max_age\n    is: {min: 1e3}\n"), 11, "requirements[old].is.min", "must be a number"},
      {rule("    fact: http.hsts.max_age\n    is: {min: .nan}\n"), 11, "requirements[old].is.min", "must be a number"},
      {rule("    fact: http.hsts.max_age\n    is: {min: nan}\n"), 11, "requirements[old].is.min", "must be a number"},
      {rule("    fact: http.hsts.max_age\n    is: {min: inf}\n"), 11, "requirements[old].is.min", "must be between"},
      {rule("    fact: http.hsts.max_age\n    is: {min: 99999999999999999999}\n"), 11, "requirements[old].is.min", "must be between"},
      {rule("    fact: http.hsts.max_age\n    is: {min: [1]}\n"), 11, "requirements[old].is.min", "must be a number"},
      {rule("    fact: http.hsts.max_age\n    is: {one_of: 1}\n"), 11, "requirements[old].is.one_of", "must be a list"},
      {rule("    fact: http.hsts.max_age\n    is: {one_of: []}\n"), 11, "requirements[old].is.one_of", "must not be empty"},
      {rule("    fact: http.hsts.max_age\n    is: {includes: 1}\n"), 11, "requirements[old].is.includes", "cannot judge"},
      {rule("    fact: http.spoken\n    is: {equals: 1}\n"), 11, "requirements[old].is.equals", "must be true or false"},
      {rule("    fact: suites.chooser.TLSv1.2\n    is: {equals: sever}\n"), 11, "requirements[old].is.equals",
       "unknown word \"sever\" (did you mean \"server\"?)"},
      {rule("    fact: suites.chooser.TLSv1.2\n    is: {equals: [server]}\n"), 11, "requirements[old].is.equals",
       "must be a text, not a list"},
      {rule("    fact: suites.accepted.any\n    is: {includes: \"@aead\"}\n"), 11, "requirements[old].is.includes",
       "@aead names a quality"},
      {rule("    fact: suites.accepted.any\n    is: {equals: \"@aead\"}\n"), 11, "requirements[old].is.equals", "@aead names a quality"},
      {rule("    fact: suites.accepted.any\n    is: {subset_of: \"@mine\"}\n"), 11, "requirements[old].is.subset_of",
       "unknown set \"@mine\""},
      {rule("    fact: suites.accepted.any\n    is: {subset_of: \"@foward_secrecy\"}\n"), 11, "requirements[old].is.subset_of",
       "did you mean \"@forward_secrecy\"?"},
      {rule("    fact: suites.accepted.any\n    is: {subset_of: \"@post_quantum\"}\n"), 11, "requirements[old].is.subset_of",
       "an attribute of another kind"},
      {rule("    fact: certificate.expired\n    is: {equals: false}\n"), 10, "requirements[old].fact",
       "certificate.expired needs each: certificate"},
      {rule("    each: chain\n" + fact + "    is: {excludes: SSLv3}\n"), 10, "requirements[old].each", "unknown word \"chain\""},
      {rule(fact + "    is: {excludes: SSLv3}\n    all: []\n"), 6, "requirements[old]", "has both fact and all"},
      {rule("    all: []\n"), 10, "requirements[old].all", "must not be empty"},
      {rule("    any: {fact: http.spoken, is: {equals: true}}\n"), 10, "requirements[old].any", "must be a list, not a map"},
      {rule("    not: [a]\n"), 10, "requirements[old].not", "must be a map, not a list"},
      {rule("    all:\n      - {fact: http.spoken}\n"), 11, "requirements[old].all[0].is", "is missing"},
      {rule("    all:\n      - {fact: http.spoken, is: {equals: true}, why: x}\n"), 11, "requirements[old].all[0].why",
       "unknown key \"why\""},
      {rule("    all: [{fact: http.spoken, is: {equals: true}}]\n    is: {equals: true}\n"), 11, "requirements[old].is",
       "stands beside all"},
      {rule(fact + "    is: {excludes: SSLv3}\n    when: true\n"), 12, "requirements[old].when", "must be a map"},
      {rule(fact + "    is: {excludes: SSLv3}\n    when: {}\n"), 12, "requirements[old].when", "must say what is expected"},
      {rule(fact + "    is: {excludes: SSLv3}\n    when: {fact: nothing, is: {equals: 1}}\n"), 12, "requirements[old].when.fact",
       "unknown fact"},
      {rule(fact + "    is: {excludes: SSLv3}\n    fix: {ngix: x}\n"), 12, "requirements[old].fix.ngix",
       "unknown key \"ngix\" (did you mean \"nginx\"?)"},
      {rule(fact + "    is: {excludes: SSLv3}\n    fix: {nginx: \"\"}\n"), 12, "requirements[old].fix.nginx", "must not be empty"},
      {rule(fact + "    is: {excludes: SSLv3}\n    fix: {}\n"), 12, "requirements[old].fix", "must not be empty"},
      {rule(fact + "    is: {excludes: SSLv3}\n    ref: [RFC1]\n"), 12, "requirements[old].ref[0]", "unknown source \"RFC1\""},
      {rule(fact + "    is: {excludes: SSLv3}\n    ref: RFC1\n"), 12, "requirements[old].ref", "must be a list"},
      {rule(fact + "    is: {excludes: SSLv3}\n    area: [x]\n"), 12, "requirements[old].area", "must be a text"},
      // override, disable.
      {kHead + kGood + "override: {odl: {severity: low}}\n", 12, "override.odl", "unknown requirement \"odl\""},
      {kHead + kGood + "override: {old: {id: new}}\n", 12, "override.old.id", "unknown key \"id\""},
      {kHead + kGood + "override: {old: {severity: lwo}}\n", 12, "override.old.severity", "unknown severity \"lwo\""},
      {kHead + kGood + "override: {old: {is: {min: 3}}}\n", 12, "override.old.is.min", "cannot judge"},
      {kHead + kGood + "override: [old]\n", 12, "override", "must be a map"},
      {kHead + kGood + "disable: [{id: old}]\n", 12, "disable[old].reason", "is missing"},
      {kHead + kGood + "disable: [{id: oldd, reason: x}]\n", 12, "disable[oldd].id",
       "unknown requirement \"oldd\" (did you mean \"old\"?)"},
      {kHead + kGood + "disable: [{id: old, reason: x}]\n", 1, "requirements", "the profile has no requirement"},
      // score.
      {kHead + kGood + "score: {area: {a: 1}}\n", 12, "score.area", "unknown key \"area\" (did you mean \"areas\"?)"},
      {kHead + kGood + "score: {areas: {protocols: 1}}\n", 6, "requirements[old].area", "is missing, and the score is shared by areas"},
      {rule("    area: protocol\n" + fact + "    is: {excludes: SSLv3}\nscore: {areas: {protocols: 1}}\n"), 10, "requirements[old].area",
       "unknown area \"protocol\" (did you mean \"protocols\"?)"},
      {kHead + kGood + "score: {areas: {protocols: -1}}\n", 12, "score.areas.protocols", "must be between 0 and 1000"},
      {kHead + kGood + "score: {weights: {severe: 1}}\n", 12, "score.weights.severe", "unknown key \"severe\""},
      {kHead + kGood + "score: {weights: {high: much}}\n", 12, "score.weights.high", "must be a number"},
      {kHead + kGood + "score: {caps: [{if_failed: odl, max_score: 5}]}\n", 12, "score.caps[0].if_failed", "unknown requirement \"odl\""},
      {kHead + kGood + "score: {caps: [{if_failed: old, max_score: 101}]}\n", 12, "score.caps[0].max_score", "must be between 0 and 100"},
      {kHead + kGood + "score: {caps: [{if_failed: old}]}\n", 12, "score.caps[0].max_score", "is missing"},
      {kHead + kGood + "score: {grades: {A: 90, B: 50}}\n", 12, "score.grades", "needs a grade that begins at 0"},
      {kHead + kGood + "score: {grades: {A: 0, B: 0}}\n", 12, "score.grades.B", "two grades begin at the same score"},
      {kHead + kGood + "score: {grades: [A]}\n", 12, "score.grades", "must be a map"},
  };
  return all;
}

TEST(ProfileError, NamesFileLineAndField) {
  auto const all = broken_profiles();
  EXPECT_GE(all.size(), 60U);
  for (Broken const& broken : all) {
    std::string const error = error_of(broken.text);
    std::string const shown = broken.text.substr(0, 600);
    std::string const place = "p.yaml:" + std::to_string(broken.line) + ":";
    EXPECT_THAT(error, StartsWith(place)) << shown;
    std::size_t const end = error.find_first_not_of("0123456789", place.size());
    EXPECT_GT(end, place.size()) << error;
    EXPECT_EQ(error.compare(end, 2 + broken.field.size(), ": " + broken.field), 0) << error << shown;
    EXPECT_THAT(error, HasSubstr(broken.what)) << shown;
    EXPECT_EQ(error.find('\n'), std::string::npos) << error;
    EXPECT_LT(error.size(), 1000U);
  }
}

TEST(ProfileError, IsSafeToPrintWhateverTheProfileSays) {
  EXPECT_EQ(error_of(kHead + "\"\\e[31mred\\nline\": 1\n" + kGood).find_first_of("\033\n"), std::string::npos);
  EXPECT_EQ(error_of(rule("    fact: \"\\e]0;title\\a\"\n    is: {min: 1}\n")).find_first_of("\033\007"), std::string::npos);
  EXPECT_LT(error_of(kHead + std::string(50'000, 'k') + ": 1\n" + kGood).size(), 1000U);
}

TEST(ProfileError, NamesTheColumn) {
  std::string const fact = "    fact: protocols.accepted\n";
  std::vector<std::pair<std::string, std::string>> const all = {
      {kHead + "colour: red\n" + kGood, "p.yaml:5:1: colour: unknown key"},
      {kHead + kGood + "score: {caps: [{if_failed: old, max_score: 101}]}\n", "p.yaml:12:44: score.caps[0].max_score: must be between"},
      {kHead + kGood + "score: {caps: [{if_failed: old, max_scor: 10}]}\n", "p.yaml:12:33: score.caps[0].max_scor: unknown key"},
      {rule(fact + "    is: {subset_of: [TLSv1.2, TLSv1.4]}\n"), "p.yaml:11:31: requirements[old].is.subset_of[1]: unknown protocol"},
      {rule("    area:\n" + fact + "    is: {includes: TLSv1.2}\n"), "p.yaml:10:5: requirements[old].area: must be a text, not nothing"},
      {rule("    fact: protocols.acepted\n    is: {includes: TLSv1.2}\n"), "p.yaml:10:11: requirements[old].fact: unknown fact"},
      {kHead + "name: twice\n" + kGood, "p.yaml:5:1: YAML: the key \"name\" is there twice"},
      {kHead + kGood + "x: \x01\n", "p.yaml:12:4: YAML: control character 0x01"},
      {kHead + kGood + "# ab\xFF\n", "p.yaml:12:5: YAML: not UTF-8"},
      {kHead + kGood + "override: {odl: {severity: low}}\n", "p.yaml:12:12: override.odl: unknown requirement \"odl\""},
      {kHead + kGood + "score: {caps: [{if_failed: odl, max_score: 1}]}\n", "p.yaml:12:28: score.caps[0].if_failed: unknown requirement"},
      {rule("    fact: suites.accepted.any\n    is: {excludes: [\"@aed\"]}\n"),
       "p.yaml:11:21: requirements[old].is.excludes[0]: unknown set \"@aed\" (did you mean \"@aead\"?)"},
      {rule("    fact: suites.accepted.any\n    is: {excludes: ECDHE-RSA-AES256-GCM-SHA38}\n"),
       "p.yaml:11:20: requirements[old].is.excludes: unknown cipher suite \"ECDHE-RSA-AES256-GCM-SHA38\" (did you mean "
       "\"ECDHE-RSA-AES256-GCM-SHA384\"?)"},
      {rule("    fact: groups.accepted\n    is: {exclude: x25519}\n"),
       "p.yaml:11:10: requirements[old].is.exclude: unknown key \"exclude\" (did you mean \"excludes\"?)"},
      {kHead + kGood + "disable: [{id: odl, reason: x}]\n", "p.yaml:12:16: disable[odl].id: unknown requirement"},
  };
  for (auto const& [text, place] : all) EXPECT_THAT(error_of(text), StartsWith(place)) << text;
}

TEST(ProfileError, AGoodProfileHasNone) { EXPECT_EQ(error_of(kHead + kGood), "no error"); }

// A folder of its own for files that extend each other.
class ProfileFiles : public ::testing::Test {
 protected:
  ProfileFiles() { std::filesystem::create_directories(folder_); }
  ~ProfileFiles() override { std::filesystem::remove_all(folder_); }
  std::string write(std::string const& name, std::string const& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  static std::string error_of_file(std::string const& path) {
    try {
      static_cast<void>(load_profile(path));
    } catch (ProfileError const& error) {
      return error.what();
    }
    return "no error";
  }
  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("tlsgauge-profiles-" + std::to_string(::getpid()));
};

TEST_F(ProfileFiles, ThatExtendEachOtherAreRefused) {
  write("a.yaml", kHead + "extends: ./b.yaml\n" + kGood);
  std::string const b = write("b.yaml", kHead + "extends: ./a.yaml\n" + kGood);
  EXPECT_THAT(error_of_file(b), HasSubstr("a.yaml:5:10: extends: ./b.yaml extends itself"));
  std::string const self = write("self.yaml", kHead + "extends: ./self.yaml\n" + kGood);
  EXPECT_THAT(error_of_file(self), HasSubstr("self.yaml:5:10: extends: ./self.yaml extends itself"));
}

TEST_F(ProfileFiles, AreNamedByTheirOwnNameWhenTheyAreExtended) {
  write("parent.yaml", kHead + "colour: red\n" + kGood);
  std::string const child = write("child.yaml", kHead + "extends: parent.yaml\n");
  EXPECT_THAT(error_of_file(child), StartsWith((folder_ / "parent.yaml").string() + ":5:1: colour: unknown key"));
}

TEST_F(ProfileFiles, AChainThatIsTooLongIsRefused) {
  write("0.yaml", kHead + kGood);
  for (int i = 1; i <= 12; ++i) write(std::to_string(i) + ".yaml", kHead + "extends: " + std::to_string(i - 1) + ".yaml\n");
  EXPECT_THAT(error_of_file((folder_ / "12.yaml").string()), HasSubstr("more than 8 profiles extend each other"));
  EXPECT_EQ(error_of_file((folder_ / "5.yaml").string()), "no error");
}

TEST_F(ProfileFiles, ManyParentsAreRefused) {
  write("0.yaml", kHead + kGood);
  for (int i = 1; i <= 6; ++i) {
    std::string const below = std::to_string(i - 1) + ".yaml";
    write(std::to_string(i) + ".yaml", kHead + "extends: [" + below + ", ./" + below + ", .//" + below + "]\n");
  }
  EXPECT_THAT(error_of_file((folder_ / "6.yaml").string()), HasSubstr("more than 32 profiles in all"));
}

TEST_F(ProfileFiles, ThatCannotBeReadAreNamed) {
  EXPECT_THAT(error_of_file((folder_ / "none.yaml").string()), HasSubstr("none.yaml:1:1: file: cannot be read: No such file"));
  EXPECT_THAT(error_of_file(folder_.string() + "/"), HasSubstr("is a folder"));
  EXPECT_THAT(error_of_file("/dev/zero"), HasSubstr("larger than 256 KiB"));
  EXPECT_THAT(error_of_file("nginx"), HasSubstr("nginx:1:1: profile: there is no built-in profile of that name"));
}

TEST_F(ProfileFiles, MayNotMakeUsReadADevice) {
  std::string const path = write("p.yaml", kHead + "extends: /dev/zero\n" + kGood);
  EXPECT_THAT(error_of_file(path), HasSubstr("p.yaml:5:10: extends: /dev/zero is not a file that can be read"));
}

// Changes a few octets or lines of a good profile.
std::string mutated(std::string text, std::mt19937& random) {
  auto const at = [&](std::size_t size) { return std::uniform_int_distribution<std::size_t>(0, size - 1)(random); };
  static std::string const kOctets = ":-[]{}\"'#&*!|>%@,?~\n\t 0aZ.\x01\xFF";
  std::size_t const changes = 1 + at(4);
  for (std::size_t i = 0; i < changes && !text.empty(); ++i) {
    std::size_t const begin = at(text.size());
    switch (at(6)) {
      case 0:
        text[begin] = kOctets[at(kOctets.size())];
        break;
      case 1:
        text.insert(begin, 1, kOctets[at(kOctets.size())]);
        break;
      case 2:
        text.erase(begin, 1 + at(30));
        break;
      case 3:
        text.insert(at(text.size()), text.substr(begin, at(200)));
        break;
      case 4: {  // a line less
        std::size_t const end = text.find('\n', begin);
        std::size_t const start = text.rfind('\n', begin);
        if (end != std::string::npos && start != std::string::npos && end > start) text.erase(start, end - start);
        break;
      }
      default:
        text.resize(begin);
    }
  }
  return text;
}

TEST(ProfileError, IsAllThatAMutatedProfileCanCause) {
  std::mt19937 random(20261124);  // NOLINT(cert-msc51-cpp): the same mutations every time
  std::size_t errors = 0;
  std::size_t runs = 0;
  for (ProfileSummary const& shipped : built_in_profiles()) {
    std::string const text{built_in_profile_text(shipped.name)};
    for (int i = 0; i < 150; ++i, ++runs) {
      try {
        std::string const changed = mutated(text, random);
        static_cast<void>(describe(parse_profile(changed, "mutated.yaml")));
        static_cast<void>(lint_profile(changed, "mutated.yaml"));
      } catch (ProfileError const& error) {
        ++errors;
        std::string const what = error.what();
        EXPECT_EQ(what.find('\n'), std::string::npos) << what;
        EXPECT_THAT(what, ::testing::MatchesRegex("(mutated.yaml|[a-z-]+):[0-9]+:[0-9]+: .+: .+")) << what;
      }
    }
  }
  EXPECT_GE(runs, 500U);
  EXPECT_GT(errors, runs / 2);  // else the mutations are too tame to mean anything
}

}  // namespace
}  // namespace tlsgauge
