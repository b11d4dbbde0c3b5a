// Profiles, waivers and configurations that were good once: whatever happens to one of their lines, there is one clear error or none, and
// no crash.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <regex>

#include "base/text.hpp"
#include "policy/server_config/check.hpp"
#include "policy/server_config/read.hpp"
#include "tlsgauge/profile.hpp"
#include "tlsgauge/waivers.hpp"

namespace tlsgauge::policy {
namespace {

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  /// The text with one thing wrong.
  std::string mutate(std::string text) {
    std::vector<std::string> lines;
    for (std::string_view const line : split(text, '\n')) lines.emplace_back(line);
    std::size_t const at = some_line(lines);
    std::string& line = lines[at];
    switch (below(12)) {
      case 0:
        lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 1:
        lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), std::string{line});
        break;
      case 2:
        if (at + 1 < lines.size()) std::swap(lines[at], lines[at + 1]);
        break;
      case 3:
        line.insert(0, std::string(1 + below(3), ' '));
        break;
      case 4:
        line.erase(0, std::min(line.find_first_not_of(' '), 1 + below(4)));
        break;
      case 5:
        line.insert(below(line.size() + 1), 1, kSpecial[below(kSpecial.size())]);
        break;
      case 6:
        line.erase(below(line.size()), 1);
        break;
      case 7:
        line[below(line.size())] = kSpecial[below(kSpecial.size())];
        break;
      case 8:
        return text.substr(0, below(text.size()));
      case 9:
        misspell(line);
        break;
      case 10:
        lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), kGarbage[below(kGarbage.size())]);
        break;
      default:
        line.insert(below(line.size() + 1), kOctets[below(kOctets.size())]);
        break;
    }
    return join(lines, "\n");
  }

 private:
  static constexpr std::string_view kSpecial = "{}[]:;,'\"#&*!|>%@`\\$<=-";
  static constexpr std::array<char const*, 6> kGarbage = {"  nonsense: [1, 2", "}", "</Nothing>", "word word word;", "- {a: b}", "\t:"};
  static constexpr std::array<char const*, 6> kOctets = {"\x01", "\xFF", "\xC0\x80", "\x7F", "\xE2\x80\xAE", "\r"};

  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

  /// One that is not empty and no comment.
  std::size_t some_line(std::vector<std::string> const& lines) {
    for (int tries = 0; tries < 100; ++tries) {
      std::size_t const at = below(lines.size());
      if (!trim(lines[at]).empty() && !trim(lines[at]).starts_with('#')) return at;
    }
    return static_cast<std::size_t>(std::ranges::max_element(lines, {}, &std::string::size) - lines.begin());
  }

  void misspell(std::string& line) {
    std::size_t const first = line.find_first_not_of(" -");
    std::size_t const end = std::min(line.find_first_of(" :;", first), line.size());
    if (first == std::string::npos || end - first < 3) return;
    std::size_t const at = first + 1 + below(end - first - 2);
    std::swap(line[at], line[at + 1]);
    line.insert(at, 1, 'x');
  }

  std::mt19937 random_;
};

/// One line "FILE:LINE: ..." or "FILE:LINE:COLUMN: ..." whose line the text has, and that can be printed.
void expect_clear(std::string const& error, std::string const& text) {
  std::smatch found;
  ASSERT_TRUE(std::regex_match(error, found, std::regex{R"([^\n]+?:([0-9]+)(:[0-9]+)?: [^\n]+)"})) << error << "\n" << text;
  EXPECT_GE(std::stoi(found[1]), 1) << error;
  EXPECT_LE(std::stoi(found[1]), 1 + std::ranges::count(text, '\n')) << error << "\n" << text;
  EXPECT_EQ(printable(error), error);
  EXPECT_LT(error.size(), 1000U) << error;
}

TEST(BrokenFiles, ProfilesGiveOneClearError) {
  std::vector<ProfileSummary> const profiles = built_in_profiles();
  Mutator mutator{20261126};
  int broken = 0;
  int good = 0;
  for (int round = 0; broken < 200 && round < 800; ++round) {
    std::string const& name = profiles[static_cast<std::size_t>(round) % profiles.size()].name;
    std::string const text = mutator.mutate(std::string{built_in_profile_text(name)});
    try {
      EXPECT_FALSE(describe(parse_profile(text, "mutated.yaml")).empty());
      ++good;
    } catch (ProfileError const& error) {
      ++broken;
      // An error in what the profile extends names that file, which is not the text at hand.
      if (std::string_view{error.what()}.starts_with("mutated.yaml:")) expect_clear(error.what(), text);
      EXPECT_EQ(std::string_view{error.what()}.find('\n'), std::string_view::npos);
    }
  }
  EXPECT_GE(broken, 200) << good << " were still good";
}

std::string content_of(std::filesystem::path const& path) {
  std::ifstream file(std::filesystem::path{TLSGAUGE_SOURCE_DIR} / path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(BrokenFiles, WaiversGiveOneClearError) {
  std::string const text = content_of("profiles/examples/waivers.yaml");
  ASSERT_NO_THROW(static_cast<void>(parse_waivers(text, "w.yaml")));
  Mutator mutator{20261126};
  int broken = 0;
  for (int round = 0; round < 400; ++round) {
    std::string const mutated = mutator.mutate(text);
    try {
      static_cast<void>(parse_waivers(mutated, "w.yaml"));
    } catch (ProfileError const& error) {
      ++broken;
      expect_clear(error.what(), mutated);
    }
  }
  EXPECT_GE(broken, 100);
}

class BrokenConfigurations : public ::testing::TestWithParam<std::pair<ServerKind, char const*>> {
 protected:
  BrokenConfigurations() { std::filesystem::create_directories(folder_); }
  ~BrokenConfigurations() override { std::filesystem::remove_all(folder_); }

  /// The error, or nothing.
  std::optional<std::string> read(std::string const& text) const {
    std::string const path = (folder_ / "mutated.conf").string();
    std::ofstream(path, std::ios::binary) << text;
    try {
      ServerVersions const versions{.server = {}, .openssl = "3.0.19"};
      ServerConfig config = read_server_config(GetParam().first, path, versions);
      check_hosts(config, versions);
      auto const lines = static_cast<int>(std::ranges::count(text, '\n')) + 1;
      for (ConfigFinding const& finding : config.findings) EXPECT_LE(finding.place.line, lines) << finding.title << "\n" << text;
      static_cast<void>(apply_edits(text, path, config.findings));
    } catch (ProfileError const& error) {
      return error.what();
    }
    return std::nullopt;
  }
  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("tlsgauge-broken-" + std::to_string(::getpid()));
};

INSTANTIATE_TEST_SUITE_P(BrokenFiles, BrokenConfigurations,
                         ::testing::Values(std::pair{ServerKind::nginx, "nginx.conf"}, std::pair{ServerKind::apache, "apache.conf"},
                                           std::pair{ServerKind::haproxy, "haproxy.cfg"}),
                         [](auto const& sample) { return std::string{std::string_view{sample.param.second}.substr(0, 5)}; });

TEST_P(BrokenConfigurations, GiveOneClearError) {
  std::string const text = content_of(std::filesystem::path{"tests/fuzz/corpus/server_config"} / GetParam().second);
  ASSERT_FALSE(text.empty());
  std::optional<std::string> const untouched = read(text);
  ASSERT_EQ(untouched, std::nullopt);

  Mutator mutator{20261126};
  int broken = 0;
  for (int round = 0; round < 400; ++round) {
    std::string const mutated = mutator.mutate(text);
    std::optional<std::string> const error = read(mutated);
    if (!error) continue;
    ++broken;
    expect_clear(*error, mutated);
  }
  EXPECT_GE(broken, GetParam().first == ServerKind::haproxy ? 15 : 40);  // any words make a line of HAProxy
}

}  // namespace
}  // namespace tlsgauge::policy
