// What is shipped beside the program holds outside of it: the schema describes the language, nginx accepts the fixes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>

#include "policy/compile.hpp"
#include "policy/sets.hpp"
#include "policy/vocabulary.hpp"
#include "support/facts_builder.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge {
namespace {

struct Ran {
  int status = -1;
  std::string output;
};

Ran run_command(std::string const& command) {
  Ran out;
  std::FILE* const pipe = ::popen((command + " 2>&1 </dev/null").c_str(), "r");
  if (!pipe) return out;
  std::array<char, 4096> buffer{};
  while (std::size_t const count = std::fread(buffer.data(), 1, buffer.size(), pipe)) out.output.append(buffer.data(), count);
  out.status = ::pclose(pipe);
  return out;
}

std::string const kSource = TLSGAUGE_SOURCE_DIR;
std::string const kSchema = kSource + "/reports/schema/profile-1.schema.json";

std::set<std::string> words(YAML::Node const& list) {
  std::set<std::string> out;
  for (YAML::Node const& word : list) out.insert(word.as<std::string>());
  return out;
}

std::set<std::string> keys(YAML::Node const& map) {
  std::set<std::string> out;
  for (auto const& member : map) out.insert(member.first.as<std::string>());
  return out;
}

template <class Range>
std::set<std::string> names(Range const& range) {
  std::set<std::string> out;
  for (auto const& one : range) out.insert(std::string{one});
  return out;
}

TEST(ProfileSchema, KnowsTheWordsOfTheLanguage) {
  YAML::Node const definitions = YAML::LoadFile(kSchema)["$defs"];  // JSON is YAML
  EXPECT_EQ(words(definitions["fact"]["enum"]), names(policy::fact_names()));
  EXPECT_EQ(keys(definitions["is"]["properties"]), names(policy::operator_names()));
  std::set<std::string> attributes;
  for (policy::Attribute const& attribute : policy::attributes()) attributes.insert(std::string{attribute.name});
  EXPECT_EQ(words(definitions["attribute"]["enum"]), attributes);
  EXPECT_EQ(keys(definitions["requirement"]["properties"]), names(policy::requirement_keys()));
  YAML::Node const document = YAML::LoadFile(kSchema)["properties"];
  std::set<std::string> in_overrides = names(policy::requirement_keys());
  in_overrides.erase("id");
  EXPECT_EQ(keys(document["override"]["additionalProperties"]["properties"]), in_overrides);
  EXPECT_EQ(keys(document["sets"]["additionalProperties"]["properties"]), names(policy::set_keys()));
  EXPECT_EQ(words(document["sets"]["propertyNames"]["not"]["enum"]), attributes);
  EXPECT_EQ(keys(YAML::LoadFile(kSchema)["properties"]["score"]["properties"]), names(policy::score_keys()));
  EXPECT_EQ(keys(YAML::LoadFile(kSchema)["properties"]["gate"]["properties"]), names(policy::gate_keys()));
}

// What the schema lists is what the loader takes, and what it does not list the loader refuses: in the profile and in each of its parts.
TEST(ProfileSchema, ListsTheKeysThatTheLoaderTakes) {
  YAML::Node const document = YAML::LoadFile(kSchema);
  auto const complaint = [](std::string const& text) -> std::string {
    try {
      static_cast<void>(parse_profile(text, "p.yaml"));
    } catch (ProfileError const& error) {
      return error.what();
    }
    return {};
  };
  std::string const rules = "requirements: [{id: r, title: t, severity: low, why: w, fact: http.spoken, is: {equals: true}";
  std::string const head = "tlsgauge_profile: 1\nname: t\nversion: \"1\"\ntitle: t\n";
  struct Place {
    std::string before, after;
    YAML::Node schema;
  };
  std::vector<Place> const places = {
      {head + rules + "}]\n", "", document["properties"]},
      {head + rules + ", ", "}]\n", document["$defs"]["requirement"]["properties"]},
      {head + rules + "}]\nscore: {", "}\n", document["properties"]["score"]["properties"]},
      {head + rules + "}]\nscore: {weights: {", "}}\n", document["properties"]["score"]["properties"]["weights"]["properties"]},
      {head + rules + "}]\nsources: [{id: a, ", "}]\n", document["properties"]["sources"]["items"]["properties"]},
      {head + rules + ", fix: {", "}}]\n", document["$defs"]["requirement"]["properties"]["fix"]["properties"]},
  };
  for (Place const& place : places) {
    ASSERT_TRUE(place.schema.IsMap()) << place.before;
    for (std::string const& key : keys(place.schema))
      EXPECT_EQ(complaint(place.before + key + ": [[x]]" + place.after).find("unknown key"), std::string::npos) << place.before << key;
    for (char const* const key : {"tags", "notes", "Fact", "extend"})
      EXPECT_NE(complaint(place.before + key + ": [[x]]" + place.after).find("unknown key"), std::string::npos) << place.before << key;
  }
  for (std::string const& severity : words(document["$defs"]["requirement"]["properties"]["severity"]["enum"]))
    EXPECT_EQ(
        complaint(head + "requirements: [{id: r, title: t, severity: " + severity + ", why: w, fact: http.spoken, is: {exists: true}}]\n"),
        "");
}

TEST(ProfileSchema, HoldsForEveryShippedProfile) {
  if (run_command("/usr/bin/python3 -c 'import jsonschema, yaml'").status != 0)
    GTEST_SKIP() << "python3-jsonschema and python3-yaml are not installed";
  std::string const script =
      "import glob, json, sys, yaml, jsonschema\n"
      "schema = json.load(open(sys.argv[1]))\n"
      "jsonschema.Draft202012Validator.check_schema(schema)\n"
      "validator = jsonschema.Draft202012Validator(schema)\n"
      "files = sorted(glob.glob(sys.argv[2] + \"/profiles/*.yaml\"))\n"
      "for file in files:\n"
      "    for error in validator.iter_errors(yaml.safe_load(open(file))):\n"
      "        print(file, list(error.path), error.message); sys.exit(1)\n"
      "wrong = yaml.safe_load(open(files[0])); wrong[\"requirments\"] = []\n"
      "sys.exit(0 if list(validator.iter_errors(wrong)) and len(files) >= 4 else 2)\n";
  std::filesystem::path const path = std::filesystem::temp_directory_path() / ("tlsgauge-schema-" + std::to_string(::getpid()) + ".py");
  std::ofstream(path) << script;
  Ran const ran = run_command("/usr/bin/python3 " + path.string() + " '" + kSchema + "' '" + kSource + "'");
  std::filesystem::remove(path);
  EXPECT_EQ(ran.status, 0) << ran.output;
}

// A folder with a key and a certificate in which nginx tries configurations.
class NginxFixes : public ::testing::Test {
 protected:
  void SetUp() override {
    if (run_command("nginx -v").status != 0) GTEST_SKIP() << "nginx is not installed";
    std::filesystem::create_directories(folder_);
    Ran const made =
        run_command("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3 -subj /CN=localhost -keyout " +
                    (folder_ / "privkey.pem").string() + " -out " + (folder_ / "fullchain.pem").string());
    ASSERT_EQ(made.status, 0) << made.output;
    Ran const group =
        run_command("openssl genpkey -genparam -algorithm DH -pkeyopt group:ffdhe2048 -out " + (folder_ / "dhparam.pem").string());
    ASSERT_EQ(group.status, 0) << group.output;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  /// `nginx -t` on a server block of these lines.
  Ran check(std::string const& lines) const {
    bool const brings_certificate = lines.find("ssl_certificate ") != std::string::npos;
    std::string const certificate = brings_certificate ? "" : "ssl_certificate fullchain.pem;\nssl_certificate_key privkey.pem;\n";
    std::ofstream(folder_ / "nginx.conf") << "daemon off; pid " << (folder_ / "nginx.pid").string() << "; error_log stderr;\n"
                                          << "events {}\nhttp { access_log off;\n"
                                          << "client_body_temp_path " << folder_.string()
                                          << ";\nserver { listen unix:" << (folder_ / "socket").string() << " ssl; server_name localhost;\n"
                                          << certificate << lines << "\n}\n}\n";
    return run_command("nginx -t -p " + folder_.string() + " -c " + (folder_ / "nginx.conf").string());
  }

  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("tlsgauge-nginx-" + std::to_string(::getpid()));
};

TEST_F(NginxFixes, AreAcceptedByARealNginx) {
  std::set<std::string> tried;
  for (ProfileSummary const& summary : built_in_profiles()) {
    for (Requirement const& one : evaluate(load_profile(summary.name), test::FactsBuilder{}.endpoint()).requirements) {
      for (Fix const& fix : one.fix) {
        if (fix.server != "nginx" || !tried.insert(fix.text).second) continue;
        Ran const ran = check(fix.text);
        EXPECT_EQ(ran.status, 0) << summary.name << " " << one.id << "\n" << fix.text << "\n" << ran.output;
      }
    }
  }
  EXPECT_GE(tried.size(), 10U);
}

// The reason why the profile's fixes differ from the configuration that it is named after.
TEST_F(NginxFixes, TheConfigurationAsItIsWrittenDoesNotStart) {
  Ran const ran = check("ssl_protocols TLSv1.2 TLSv1.3;\nssl_ciphers TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256;");
  EXPECT_NE(ran.status, 0);
  EXPECT_THAT(ran.output, ::testing::HasSubstr("no cipher match"));
}

}  // namespace
}  // namespace tlsgauge
