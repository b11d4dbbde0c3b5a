// The grammar of nginx's files.

#include "policy/server_config/nginx_syntax.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tlsgauge/profile.hpp"

namespace tlsgauge::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class NginxSyntax : public ::testing::Test {
 protected:
  NginxSyntax() { std::filesystem::create_directories(folder_ / "conf.d"); }
  ~NginxSyntax() override { std::filesystem::remove_all(folder_); }
  std::string write(std::string const& name, std::string const& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  NginxFile read(std::string const& text) const { return read_nginx_file(write("nginx.conf", text)); }
  std::string error_of(std::string const& text) const {
    try {
      static_cast<void>(read(text));
    } catch (ProfileError const& error) {
      return std::string{error.what()}.substr(folder_.string().size() + 1);
    }
    return "";
  }
  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("tlsgauge-nginx-" + std::to_string(::getpid()));
};

TEST_F(NginxSyntax, WordsQuotesEscapesAndComments) {
  NginxFile const file = read(
      "# server { broken\n"
      "add_header X \"a; b {\" always; # } comment\n"
      "log_format main '$remote_addr \"x\" \\'y\\''\n"
      "  \"second\";\n"
      "rewrite ^/a\\;b/${name}x /c;\n"
      "map $a $b { default \"\"; \"~*x;y\" 1; }\n");
  ASSERT_EQ(file.top.children.size(), 4U);
  EXPECT_THAT(file.top.children[0].arguments, ElementsAre("X", "a; b {", "always"));
  EXPECT_EQ(file.top.children[0].place.line, 2);
  EXPECT_THAT(file.top.children[1].arguments, ElementsAre("main", "$remote_addr \"x\" 'y'", "second"));
  EXPECT_EQ(file.top.children[1].place.line, 3);
  EXPECT_THAT(file.top.children[2].arguments, ElementsAre("^/a\\;b/${name}x", "/c"));
  EXPECT_EQ(file.top.children[2].place.line, 5);
  EXPECT_EQ(file.top.children[3].children.size(), 2U);
  EXPECT_EQ(file.top.children[0].text(), "add_header X \"a; b {\" always");
}

TEST_F(NginxSyntax, PlacesAreTheOctetsOfTheDirective) {
  std::string const text = "http {\n  server { listen 443 ssl; }\n}\n";
  NginxFile const file = read(text);
  NginxDirective const& server = file.top.children.at(0).children.at(0);
  Place const& listen = server.children.at(0).place;
  EXPECT_EQ(text.substr(listen.begin, listen.end - listen.begin), "listen 443 ssl;");
  EXPECT_EQ(text.substr(server.place.begin, server.place.end - server.place.begin), "server {");
  EXPECT_EQ(text[server.close], '}');
  EXPECT_EQ(text.substr(server.open, server.close - server.open), " listen 443 ssl; ");
}

TEST_F(NginxSyntax, LuaIsPassedOver) {
  NginxFile const file = read(
      "location / {\n content_by_lua_block {\n  local a = { x = '}' } -- }\n  local b = [==[ } ]] } ]==]\n  --[[ }\n } ]] "
      "ngx.say(a[b[1]])\n }\n}\n"
      "listen 1;\n");
  ASSERT_EQ(file.top.children.size(), 2U);
  EXPECT_EQ(file.top.children[1].place.line, 9);
}

TEST_F(NginxSyntax, IncludesStandInTheirPlaces) {
  write("conf.d/b.conf", "b 1;\n");
  write("conf.d/a.conf", "\na 1;\n");
  NginxFile const file =
      read("x 1;\nhttp { include conf.d/*.conf; include none/*.conf; include " + (folder_ / "conf.d/b.conf").string() + "; y 1; }\n");
  NginxDirective const& http = file.top.children.at(1);
  std::vector<std::string> names;
  for (NginxDirective const& child : http.children) names.push_back(child.name);
  EXPECT_THAT(names, ElementsAre("a", "b", "b", "y"));
  EXPECT_EQ(http.children[0].place.file, (folder_ / "conf.d/a.conf").string());
  EXPECT_EQ(http.children[0].place.line, 2);
  EXPECT_FALSE(http.incomplete);
}

TEST_F(NginxSyntax, AFileThatIsNotThereLeavesItsBlockIncomplete) {
  NginxFile const file = read("http {\n include /no/such/file.conf;\n}\n");
  EXPECT_TRUE(file.top.children.at(0).incomplete);
  EXPECT_FALSE(file.top.incomplete);
  ASSERT_EQ(file.unread.size(), 1U);
  EXPECT_EQ(file.unread[0].line, 2);
}

TEST_F(NginxSyntax, ErrorsNameFileLineAndWord) {
  EXPECT_EQ(error_of("a 1;\nb 2\n"), "nginx.conf:3: b: the file ends before the directive does; a \";\" is missing");
  EXPECT_EQ(error_of("http {\n a 1;\n"), "nginx.conf:1: http: the block is not closed; a \"}\" is missing");
  EXPECT_EQ(error_of("http { a 1 }\n"), "nginx.conf:1: a: ends with \"}\" where a \";\" is missing");
  EXPECT_EQ(error_of("ssl_ciphers HIGH {\n"), "nginx.conf:1: ssl_ciphers: has a block, where a \";\" is missing");
  EXPECT_EQ(error_of("}\n"), "nginx.conf:1: }: closes nothing");
  EXPECT_EQ(error_of("a;\n{ }\n"), "nginx.conf:2: {: stands without a directive before it");
  EXPECT_EQ(error_of("a \"b\n;"), "nginx.conf:1: quote: is not closed");
  EXPECT_EQ(error_of("a \"b\"c;"), "nginx.conf:1: quote: \"c\" follows the closing quote; a blank or \";\" is missing");
  EXPECT_THAT(error_of("\ninclude nginx.conf;\n"), HasSubstr("nginx.conf:2: include: "));
  EXPECT_THAT(error_of(std::string("a\0b;", 4)), HasSubstr("octet 0"));
  EXPECT_EQ(error_of("a_by_lua_block {\n'}' "), "nginx.conf:1: a_by_lua_block: the block is not closed");
}

TEST_F(NginxSyntax, BoundsHold) {
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += "a {\n";
  EXPECT_THAT(error_of(deep), HasSubstr("nested more than 32 deep"));
  EXPECT_THAT(error_of(std::string(kMaxConfigOctets + 1, ' ')), HasSubstr("larger than 1024 KiB"));
  std::string many;
  for (std::size_t i = 0; i <= kMaxConfigDirectives; ++i) many += "a 1;";
  EXPECT_THAT(error_of(many), HasSubstr("more than 100000 directives"));
  write("conf.d/x.conf", "");
  std::string includes;
  for (std::size_t i = 0; i <= kMaxConfigFiles; ++i) includes += "include conf.d/x.conf;";
  EXPECT_THAT(error_of(includes), HasSubstr("more than 500 files"));
  EXPECT_THAT(read("include /*/*/*/*/*.conf;").top.children, ::testing::IsEmpty());
}

TEST_F(NginxSyntax, DevicesAndFoldersAreNotIncluded) {
  NginxFile const file = read("include /dev/zero;\ninclude conf.d;\n");
  EXPECT_EQ(file.unread.size(), 2U);
  EXPECT_THROW(static_cast<void>(read_nginx_file(folder_.string())), ProfileError);
  EXPECT_THROW(static_cast<void>(read_nginx_file((folder_ / "none").string())), ProfileError);
}

}  // namespace
}  // namespace tlsgauge::policy
