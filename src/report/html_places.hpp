#pragma once
// Where things stand in an HTML report: fragments and names of files that stay the same from run to run.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

struct HtmlPlace {
  std::string anchor;  ///< of the endpoint: "www.example.com_443", with some digits where that does not say all of its identity
  std::string file;    ///< of its page in a folder: "www.example.com_443-0123456789ab.html", lower case
  std::vector<std::vector<std::string>> findings;  ///< anchors by assessment and requirement: "www.example.com_443--hsts"
};

/// Of each endpoint in its order; no two anchors and no two files are the same.
[[nodiscard]] std::vector<HtmlPlace> html_places(Document const& document);

/// What may stand in a fragment or a file's name: at most 80 of A-Z a-z 0-9 - _ . and not empty.
[[nodiscard]] std::string slug(std::string_view text);

/// Hands out names, each once.
class UniqueNames {
 public:
  /// `wanted`, or with a number behind it where that was given away before.
  [[nodiscard]] std::string take(std::string wanted);

 private:
  std::set<std::string> taken_;
};

}  // namespace tlsgauge::report
