#include "cli/output.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
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

/// As one who is not root, where the test is.
class Unprivileged {
 public:
  Unprivileged() {
    if (root_) done_ = ::seteuid(kNobody) == 0;
  }
  Unprivileged(Unprivileged const&) = delete;
  Unprivileged& operator=(Unprivileged const&) = delete;
  ~Unprivileged() {
    if (root_ && done_ && ::seteuid(0) != 0) std::abort();
  }
  [[nodiscard]] bool done() const { return done_; }

 private:
  static constexpr uid_t kNobody = 65534;
  bool root_ = ::geteuid() == 0;
  bool done_ = true;
};

/// What require_replaceable says against the file; empty: nothing.
std::string refusal(std::string const& path) {
  try {
    require_replaceable(path);
  } catch (UsageError const& error) {
    return error.what();
  }
  return {};
}

TEST_F(Output, RefusesToReplaceAFileThatMayNotBeWritten) {
  for (std::string const name : {"read-only", "writable"}) std::ofstream{path(name)} << "old";
  fs::create_symlink("read-only", path("link"));
  fs::permissions(path("read-only"), fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
  fs::permissions(path("writable"), fs::perms::all);
  fs::permissions(folder, fs::perms::all);  // which is all that renaming needs
  {
    Unprivileged const now;
    ASSERT_TRUE(now.done());
    for (std::string const name : {"read-only", "link"}) {
      try {
        AsideFile const file{path(name)};
        ADD_FAILURE() << name;
      } catch (UsageError const& error) {
        EXPECT_EQ(std::string{error.what()}, "cannot write " + path(name) + ": Permission denied");
      }
      EXPECT_EQ(refusal(path(name)), "cannot write " + path(name) + ": Permission denied") << "--fix says the same";
    }
    EXPECT_EQ(refusal(path("writable")), "");
    EXPECT_EQ(files(), 3U);
    for (std::string const name : {"writable", "new"}) {
      AsideFile file{path(name)};
      file.write("new");
      file.commit();
      EXPECT_EQ(content(path(name)), "new");
    }
  }
  EXPECT_EQ(content(path("read-only")), "old");
}

TEST_F(Output, RefusesToReplaceAFolderThatMayNotBeWritten) {
  fs::create_directories(path("report"));
  fs::permissions(folder, fs::perms::all);
  for (auto const mode : {fs::perms::owner_all, fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec,
                          fs::perms::owner_all | fs::perms::others_read | fs::perms::others_write}) {
    fs::permissions(path("report"), mode);
    Unprivileged const now;
    ASSERT_TRUE(now.done());
    try {
      AsideFolder const made{path("report")};
      ADD_FAILURE() << static_cast<unsigned>(mode);
    } catch (UsageError const& error) {
      EXPECT_EQ(std::string{error.what()}, "cannot write " + path("report") + ": Permission denied");
    }
  }
  fs::permissions(path("report"), fs::perms::all);
  Unprivileged const now;
  AsideFolder{path("report")}.commit();
}

TEST_F(Output, AsksForLeaveAsWhomItRunsForNotAsWhoStartedIt) {
  std::ofstream{path("private")} << "old";
  fs::permissions(path("private"), fs::perms::owner_read | fs::perms::owner_write);
  fs::permissions(folder, fs::perms::all);
  Unprivileged const now;
  ASSERT_TRUE(now.done());
  if (::geteuid() == ::getuid()) GTEST_SKIP() << "needs root";
  EXPECT_EQ(refusal(path("private")), "cannot write " + path("private") + ": Permission denied");
  EXPECT_THROW(AsideFile{path("private")}, UsageError);
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
  EXPECT_EQ(refusal(path("none")), "");
  EXPECT_EQ(refusal("/dev/null"), "");
  std::ofstream{path("a")} << "x";
  EXPECT_EQ(refusal(path("a")), "");
  fs::create_hard_link(path("a"), path("b"));
  EXPECT_EQ(refusal(path("a")), "cannot write " + path("a") + ": it has 2 hard links, and the others would keep the old text");
  fs::remove(path("b"));
  fs::permissions(path("a"), fs::perms::owner_read);
  EXPECT_EQ(refusal(path("a")), "cannot write " + path("a") + ": Permission denied") << "root too";
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

TEST_F(Output, RefusesTwoReportsInOneFileThatIsNotThereYet) {
  fs::path const before = fs::current_path();
  fs::current_path(folder);
  auto const open = [](std::vector<std::string> outputs) { Outputs{OutputOptions{std::move(outputs), false, false, true}}.keep_journal(); };
  EXPECT_THROW(open({"json=x", "html=./x"}), UsageError);
  EXPECT_THROW(open({"json=x", "html=" + path("x")}), UsageError);
  EXPECT_THROW(open({"json=a.jsonl.partial", "jsonl=a.jsonl"}), UsageError);
  EXPECT_THROW(open({"html-dir=d", "html-dir=./d"}), UsageError);
  EXPECT_THROW(open({"html-dir=d", "json=./d"}), UsageError);
  fs::create_symlink("later", "link");
  EXPECT_THROW(open({"json=link", "html=later"}), UsageError);
  EXPECT_NO_THROW(open({"json=x", "html=./y", "jsonl=a.jsonl"}));
  fs::current_path(before);
  EXPECT_EQ(files(), 1U);
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

/// A folder report with one page.
void write_folder(AsideFolder& out, std::string const& word) {
  out.write("index.html",
            "<meta name=\"tlsgauge-report\" content=\"folder\"><a href=\"www.example.com_443-0123456789ab.html#top\">"
            "<a href=\"gone.example.com_443-0123456789ab.html\">" +
                word);
  out.write("www.example.com_443-0123456789ab.html", word);
}

TEST_F(Output, FolderAppearsOnlyWhenWhole) {
  {
    AsideFolder out{path("report")};
    write_folder(out, "half");
    EXPECT_FALSE(fs::exists(path("report")));
  }
  EXPECT_EQ(files(), 0U);
  AsideFolder out{path("report") + "/"};  // a slash at the end changes nothing
  write_folder(out, "whole");
  out.commit();
  EXPECT_EQ(content(path("report/www.example.com_443-0123456789ab.html")), "whole");
  EXPECT_EQ(files(), 1U);
}

TEST_F(Output, FolderReplacesAReportOfOursWhole) {
  {
    AsideFolder out{path("report")};
    write_folder(out, "old");
    out.write("gone.example.com_443-0123456789ab.html", "old");
    out.commit();
  }
  fs::permissions(path("report"), fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec);
  {
    AsideFolder out{path("report")};
    write_folder(out, "new");
    EXPECT_TRUE(content(path("report/index.html")).ends_with("old"));
    EXPECT_TRUE(fs::exists(path("report/gone.example.com_443-0123456789ab.html")));
    out.commit();
  }
  EXPECT_TRUE(content(path("report/index.html")).ends_with("new"));
  EXPECT_FALSE(fs::exists(path("report/gone.example.com_443-0123456789ab.html")));
  EXPECT_EQ(fs::status(path("report")).permissions(), fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec);
  EXPECT_EQ(files(), 1U);
}

TEST_F(Output, FolderReplacesNothingForeign) {
  fs::create_directory(path("empty"));
  AsideFolder{path("empty")}.write("index.html", "");
  fs::create_directory(path("site"));
  std::ofstream{path("site/index.html")} << "<p>somebody's site";
  EXPECT_THROW(AsideFolder{path("site")}, UsageError);
  {
    AsideFolder out{path("mixed")};
    write_folder(out, "ours");
    out.commit();
  }
  std::ofstream{path("mixed/notes.txt")} << "mine";
  EXPECT_THROW(AsideFolder{path("mixed")}, UsageError);
  EXPECT_EQ(content(path("mixed/notes.txt")), "mine");
  fs::remove(path("mixed/notes.txt"));
  fs::create_directory(path("mixed/pages.html"));
  EXPECT_THROW(AsideFolder{path("mixed")}, UsageError);
  std::ofstream{path("file")} << "";
  EXPECT_THROW(AsideFolder{path("file")}, UsageError);
  EXPECT_THROW(AsideFolder{path("none/report")}, UsageError);
  EXPECT_EQ(files(), 4U);  // nothing is left aside
}

TEST_F(Output, FolderKeepsPagesThatAreNotItsOwn) {
  {
    AsideFolder out{path("report")};
    write_folder(out, "old");
    out.commit();
  }
  std::ofstream{path("report/notes.html")} << "mine";
  EXPECT_THROW(AsideFolder{path("report")}, UsageError);
  fs::remove(path("report/notes.html"));
  AsideFolder out{path("report")};
  write_folder(out, "new");
  std::ofstream{path("report/notes.html")} << "mine";  // while the scan goes on
  out.commit();
  EXPECT_TRUE(content(path("report/index.html")).ends_with("new"));
  EXPECT_EQ(content(path("report.old/notes.html")), "mine");
  EXPECT_EQ(files(), 2U);
}

TEST_F(Output, FolderWhoseNameIsTakenMeanwhileStaysAside) {
  AsideFolder out{path("report")};
  write_folder(out, "whole");
  fs::create_directory(path("report"));
  std::ofstream{path("report/file")} << "mine";
  std::string told;
  try {
    out.commit();
  } catch (std::runtime_error const& error) {
    told = error.what();
  }
  std::size_t const at = told.find(path("report."));
  ASSERT_NE(at, std::string::npos) << told;
  EXPECT_TRUE(content(told.substr(at) + "/index.html").ends_with("whole")) << told;
  EXPECT_EQ(content(path("report/file")), "mine");
}

TEST_F(Output, FolderIsNeitherALinkToNothingNorTheCurrentOne) {
  fs::create_symlink("later", path("link"));
  EXPECT_THROW(AsideFolder{path("link")}, UsageError);
  fs::create_directory(path("here"));
  fs::path const before = fs::current_path();
  fs::current_path(path("here"));
  EXPECT_THROW(AsideFolder{"."}, UsageError);
  fs::current_path(before);
  EXPECT_EQ(files(), 2U);
}

TEST_F(Output, FolderFollowsLinks) {
  fs::create_directory(path("real"));
  fs::create_symlink("real", path("link"));
  AsideFolder out{path("link")};
  write_folder(out, "whole");
  out.commit();
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_TRUE(fs::exists(path("real/index.html")));
}

OutputOptions to(std::vector<std::string> outputs) {
  OutputOptions options;
  options.outputs = std::move(outputs);
  return options;
}

TEST_F(Output, FolderAndFilesStandApart) {
  EXPECT_THROW(Outputs{to({"html-dir"})}, UsageError);
  EXPECT_THROW(Outputs{to({"html-dir=-"})}, UsageError);
  EXPECT_THROW(Outputs{to({"html-dir="})}, UsageError);
  EXPECT_THROW(Outputs({to({"html-dir=" + path("a"), "html-dir=" + path("a")})}), UsageError);
  {
    AsideFolder out{path("report")};
    write_folder(out, "old");
    out.commit();
  }
  EXPECT_THROW(Outputs({to({"html-dir=" + path("report"), "json=" + path("report/result.json")})}), UsageError);
  EXPECT_THROW(Outputs({to({"json=" + path("report/result.json"), "html-dir=" + path("report")})}), UsageError);
  EXPECT_THROW(Outputs({to({"html-dir=" + path("report"), "html-dir=" + path("report/inner")})}), UsageError);
  EXPECT_NO_THROW(Outputs({to({"html-dir=" + path("report"), "json=" + path("report.json")})}));
  EXPECT_EQ(files(), 1U);
}

}  // namespace
}  // namespace tlsgauge::cli
