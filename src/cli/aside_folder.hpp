#pragma once
// A report that is a folder: written aside and renamed, so that an old one is never half replaced.

#include <string>
#include <string_view>

namespace tlsgauge::cli {

class AsideFolder {
 public:
  /// Throws UsageError when it cannot be created beside `path`, or when something is there that is neither an empty folder nor a report
  /// of ours and nothing else: index.html with its mark, and the pages it links to.
  explicit AsideFolder(std::string path);
  AsideFolder(AsideFolder const&) = delete;
  AsideFolder& operator=(AsideFolder const&) = delete;
  AsideFolder(AsideFolder&&) = delete;
  AsideFolder& operator=(AsideFolder&&) = delete;
  /// Without commit() nothing is left of it.
  ~AsideFolder();
  /// A file of that name in it. Throws std::runtime_error when the disk is full or the like.
  void write(std::string const& name, std::string_view content) const;
  /// Takes the place of what was there in one step where the file system can. What came into the old one meanwhile is kept, with a
  /// warning. Throws std::runtime_error; where the name was taken meanwhile, the report stays aside and the error names it.
  void commit();
  /// Where it will stand, with links followed.
  [[nodiscard]] std::string const& place() const { return target_; }

 private:
  std::string path_;
  std::string target_;
  std::string aside_;  ///< empty: committed
  bool replaces_ = false;
};

}  // namespace tlsgauge::cli
