// Broken configurations: each gives one clear error or is read, and never ends the program.

#include <gmock/gmock.h>

#include <fstream>
#include <random>
#include <sstream>

#include "policy/server_config/check.hpp"
#include "policy/server_config/nginx.hpp"
#include "policy/server_config/promise.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge::policy {
namespace {

std::string corpus(std::string const& name) {
  std::ifstream file(std::string{TLSGAUGE_SOURCE_DIR} + "/tests/fuzz/corpus/nginx_config/" + name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string mutated(std::string text, std::mt19937& random) {
  constexpr std::string_view kPieces[] = {
      "{", "}", ";", "\"", "'", "\\", "#", "\n", "${", "server {", "listen 443 ssl;", "\xff", "\x1b", "ssl_ciphers ", "*"};
  auto const below = [&](std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random); };
  for (std::size_t i = 0, changes = 1 + below(6); i < changes; ++i) {
    std::size_t const at = below(text.size() + 1);
    if (below(2) == 0) {
      text.erase(at, 1 + below(12));
    } else {
      text.insert(at, kPieces[below(std::size(kPieces))]);
    }
  }
  return text;
}

TEST(MutatedNginxFiles, GiveOneLineOrAreRead) {
  std::mt19937 random(5);  // the same ones every time
  ServerVersions const versions{.server = "1.22.1", .openssl = "3.0.19"};
  std::size_t errors = 0;
  std::size_t read = 0;
  for (char const* const name : {"three_lines", "two_hosts", "whole", "odd"}) {
    std::string const text = corpus(name);
    ASSERT_FALSE(text.empty()) << name;
    for (int i = 0; i < 55; ++i) {
      std::string const broken = mutated(text, random);
      try {
        ServerConfig const config = evaluate_nginx(parse_nginx(broken, "n.conf"), versions);
        for (VirtualHost const& host : config.hosts) {
          std::string const promised =
              promised_profile(host, {.file = "n.conf", .kind = ServerKind::nginx, .versions = versions, .keys = {}});
          if (!promised.empty()) static_cast<void>(parse_profile(promised, "promised"));
        }
        ++read;
      } catch (ProfileError const& error) {
        EXPECT_THAT(error.what(), ::testing::MatchesRegex("n\\.conf:[0-9]+: [^\n]+: [^\n]+")) << broken;
        ++errors;
      }
    }
  }
  EXPECT_GT(errors, 30U);
  EXPECT_GT(read, 30U);
}

}  // namespace
}  // namespace tlsgauge::policy
