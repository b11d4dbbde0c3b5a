#include "cli/output.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace tlsgauge::cli {
namespace {

namespace fs = std::filesystem;

class Output : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "tlsgauge-output-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
  }
  void TearDown() override { fs::remove_all(folder); }

  [[nodiscard]] std::string path(std::string const& name) const { return folder + "/" + name; }
  [[nodiscard]] std::size_t files() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator{folder}, {})); }
  static std::string content(std::string const& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
  }

  std::string folder;
};

TEST_F(Output, AppearsUnderItsNameOnlyWhenWhole) {
  {
    AsideFile file{path("a.json")};
    file.write("half");
    EXPECT_FALSE(fs::exists(path("a.json")));
  }
  EXPECT_EQ(files(), 0U);
  AsideFile file{path("a.json")};
  file.write("whole");
  file.commit();
  EXPECT_EQ(content(path("a.json")), "whole");
  EXPECT_EQ(files(), 1U);
}

TEST_F(Output, KeepsTheOldFileUntilTheNewOneIsWhole) {
  std::ofstream{path("a.json")} << "old";
  {
    AsideFile file{path("a.json")};
    file.write("new");
  }
  EXPECT_EQ(content(path("a.json")), "old");
}

TEST_F(Output, FollowsLinksAndKeepsThem) {
  std::ofstream{path("real")} << "old";
  fs::permissions(path("real"), fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
  fs::create_symlink("real", path("link"));
  fs::create_symlink(path("link"), path("far"));
  {
    AsideFile file{path("far")};
    file.write("new");
    file.commit();
  }
  EXPECT_TRUE(fs::is_symlink(path("far")));
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(content(path("real")), "new");
  EXPECT_EQ(fs::status(path("real")).permissions(), fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
  EXPECT_EQ(files(), 3U);
}

TEST_F(Output, FollowsALinkToNothingAndRefusesACircle) {
  fs::create_symlink("later", path("link"));
  AsideFile file{path("link")};
  file.write("new");
  file.commit();
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(content(path("later")), "new");
  fs::create_symlink("b", path("a"));
  fs::create_symlink("a", path("b"));
  EXPECT_THROW(AsideFile{path("a")}, UsageError);
}

TEST_F(Output, AFileWithOtherNamesOrWithoutWriteBitsIsNotReplaced) {
  EXPECT_NO_THROW(require_replaceable(path("none")));
  EXPECT_NO_THROW(require_replaceable("/dev/null"));
  std::ofstream{path("a")} << "x";
  EXPECT_NO_THROW(require_replaceable(path("a")));
  fs::create_hard_link(path("a"), path("b"));
  EXPECT_THROW(require_replaceable(path("a")), UsageError);
  fs::remove(path("b"));
  fs::permissions(path("a"), fs::perms::owner_read);
  EXPECT_THROW(require_replaceable(path("a")), UsageError);
}

TEST_F(Output, RefusesAFolderAndAMissingFolder) {
  EXPECT_THROW(AsideFile{folder}, UsageError);
  EXPECT_THROW(AsideFile{path("none/a.json")}, UsageError);
}

TEST_F(Output, ChecksFormatsAndPathsBeforeAnythingIsWritten) {
  auto const open = [](std::vector<std::string> outputs) { Outputs{OutputOptions{std::move(outputs), false, false, true}}; };
  EXPECT_THROW(open({"jsn"}), UsageError);
  EXPECT_THROW(open({"json", "text"}), UsageError);
  EXPECT_THROW(open({"json="}), UsageError);
  EXPECT_THROW(open({"json=" + path("ok.json"), "html=" + path("none/x.html")}), UsageError);
  EXPECT_EQ(files(), 0U);
}

TEST_F(Output, RefusesTwoReportsInOneFile) {
  EXPECT_THROW((Outputs{OutputOptions{{"json=" + path("a"), "html=" + path("a")}, false, false, true}}), UsageError);
  EXPECT_THROW((Outputs{OutputOptions{{"json=" + path("a"), "html=" + folder + "/./a"}, false, false, true}}), UsageError);
  EXPECT_NO_THROW((Outputs{OutputOptions{{"json=/dev/null", "html=/dev/null"}, false, false, true}}));
  EXPECT_EQ(files(), 0U);
}

TEST_F(Output, WritesEveryFileAtTheEnd) {
  Outputs outputs{OutputOptions{{"json=" + path("a.json"), "jsonl=" + path("a.jsonl")}, false, false, true}};
  Document document;
  document.schema = "tlsgauge.result/1";
  document.endpoints.emplace_back();
  outputs.finish(document);
  EXPECT_NE(content(path("a.json")).find("\"endpoints\""), std::string::npos);
  EXPECT_NE(content(path("a.jsonl")).find("tlsgauge.result/1"), std::string::npos);
  EXPECT_EQ(files(), 2U);
}

TEST_F(Output, ReadsInputWholeOrSaysWhyNot) {
  std::ofstream{path("in")} << std::string(200'000, 'x');
  EXPECT_EQ(read_input(path("in")).size(), 200'000U);
  EXPECT_THROW((void)read_input(path("none")), UsageError);
  EXPECT_THROW((void)read_input(folder), UsageError);
}

}  // namespace
}  // namespace tlsgauge::cli
