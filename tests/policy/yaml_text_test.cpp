// What is written as YAML is read back as the same text, whatever a server puts into it.

#include "policy/yaml_text.hpp"

#include <gtest/gtest.h>

#include <random>

#include "base/text.hpp"
#include "policy/document.hpp"

namespace tlsgauge::policy {
namespace {

Node const& only_member(Node const& map) { return map.members.at(0).value; }

std::string read_back(std::string const& text) {
  Node const document = read_document("key: " + yaml_text(text) + "\n", "test");
  EXPECT_EQ(document.members.size(), 1U) << text;
  EXPECT_EQ(only_member(document).kind, Node::Kind::text) << text;
  return only_member(document).text;
}

TEST(YamlText, IsPlainWhereThatIsSafe) {
  EXPECT_EQ(yaml_text("TLSv1.2"), "TLSv1.2");
  EXPECT_EQ(yaml_text("TLS_AES_128_GCM_SHA256"), "TLS_AES_128_GCM_SHA256");
  EXPECT_EQ(yaml_text("measured on the server"), "measured on the server");
  EXPECT_EQ(yaml_text("1.0"), "\"1.0\"");
  EXPECT_EQ(yaml_text("0xC02F"), "\"0xC02F\"");
  EXPECT_EQ(yaml_text("Yes"), "\"Yes\"");
  EXPECT_EQ(yaml_text("@aead"), "\"@aead\"");
  EXPECT_EQ(yaml_text(""), "\"\"");
  EXPECT_EQ(yaml_text("a: b"), "\"a: b\"");
}

TEST(YamlText, ReadsBackAsTheSameText) {
  for (std::string const text : {"",   " ",    "true", "null", "~",      "12",  "-",   "- a",   "a #b", "#",  "a: b", "{a}",
                                 "[a", "a, b", "'",    "\"",   "\\",     "\\n", "&a",  "*a",    "!a",   "%a", "@a",   "`a",
                                 "|",  ">",    "?",    "? a",  "a\\\"b", "---", "...", "Größe", "日本", "a ", " a",   "\xEF\xBB\xBFx"}) {
    EXPECT_EQ(read_back(text), text);
  }
}

TEST(YamlText, ShowsWhatAProfileMayNotHold) {
  EXPECT_EQ(read_back("a\nb"), "a\\x0Ab");
  EXPECT_EQ(read_back(std::string("a\0b\x04", 4)), "a\\x00b\\x04");
  EXPECT_EQ(read_back("\xFF"), "\\xFF");
  EXPECT_EQ(read_back("x\nrequirements: []"), "x\\x0Arequirements: []");
}

TEST(YamlText, ReadsBackWhateverOctetsThereAre) {
  std::mt19937 random{20261126};
  std::string_view const likely = "\"\\'#:,-[]{}&*!|>%@` \n\tab0";
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (auto length = random() % 12; length > 0; --length) {
      text += random() % 4 != 0 ? likely[random() % likely.size()] : static_cast<char>(random() % 256);
    }
    EXPECT_EQ(read_back(text), printable(text));
    Node const list = read_document("key: " + yaml_list({text, "x", text}, 4, 10) + "\n", "test");
    ASSERT_EQ(only_member(list).items.size(), 3U) << text;
    EXPECT_EQ(only_member(list).items[0].text, printable(text));
    EXPECT_EQ(only_member(list).items[2].text, printable(text));
    Node const commented = read_document(yaml_comment(text, 2) + "key: value\n", "test");
    EXPECT_EQ(commented.members.size(), 1U) << text;
  }
}

TEST(YamlText, BreaksAListIntoLines) {
  EXPECT_EQ(yaml_list({}), "[]");
  EXPECT_EQ(yaml_list({"a", "b"}), "[a, b]");
  EXPECT_EQ(yaml_list({"aaaa", "bbbb", "cccc"}, 2, 13), "[aaaa,\n  bbbb, cccc]");
}

}  // namespace
}  // namespace tlsgauge::policy
