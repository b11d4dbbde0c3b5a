#include "report/text_columns.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"

namespace tlsgauge::report {
namespace {

constexpr std::size_t kWide = 160;
constexpr std::size_t kGap = 4;

using Lines = std::vector<std::string_view>;

std::string without_colours(std::string_view line) {
  std::string bare;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\x1b') {
      i = std::min(line.find('m', i), line.size() - 1);
    } else {
      bare += line[i];
    }
  }
  return bare;
}

std::size_t columns_of(std::string_view line) { return display_width(without_colours(line)); }

/// A section begins with an empty line.
std::vector<Lines> sections(std::string_view text) {
  std::vector<Lines> out;
  if (text.ends_with('\n')) text.remove_suffix(1);
  for (std::string_view const line : split(text, '\n')) {
    if (line.empty() || out.empty()) out.emplace_back();
    if (!line.empty()) out.back().push_back(line);
  }
  std::erase_if(out, [](Lines const& each) { return each.empty(); });
  return out;
}

std::size_t width_of(Lines const& lines) {
  std::size_t widest = 0;
  for (std::string_view const line : lines) widest = std::max(widest, columns_of(line));
  return widest;
}

/// Equal for two layouts of the same words.
std::size_t ink(Lines const& lines) {
  std::size_t count = 0;
  for (std::string_view const line : lines)
    count += static_cast<std::size_t>(std::ranges::count_if(without_colours(line), [](char c) { return c != ' '; }));
  return count;
}

void one_column(TextPage& page, Lines const& lines) {
  page.blank();
  for (std::string_view const line : lines) page.append(std::string{line} + '\n');
}

/// How many of them stand in the left column, so that the columns are about as long as each other.
std::size_t left_share(std::vector<Lines> const& run) {
  std::size_t total = 0;
  for (Lines const& each : run) total += each.size() + 1;
  std::size_t left = 0;
  std::size_t count = 0;
  while (count < run.size() && (left == 0 || left + (run[count].size() + 1) / 2 <= total / 2)) left += run[count++].size() + 1;
  return count;
}

void two_columns(TextPage& page, std::vector<Lines> const& run, std::size_t half) {
  std::vector<std::string> left;
  std::vector<std::string> right;
  std::size_t const share = left_share(run);
  for (std::size_t i = 0; i < run.size(); ++i) {
    std::vector<std::string>& column = i < share ? left : right;
    column.emplace_back();
    column.insert(column.end(), run[i].begin(), run[i].end());
  }
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    std::string line = i < left.size() ? left[i] : "";
    if (i < right.size() && !right[i].empty()) {
      line.append(half + kGap - std::min(columns_of(line), half), ' ');
      line += right[i];
    }
    page.append(line + '\n');
  }
}

}  // namespace

void in_columns(TextPage& page, std::function<void(TextPage&)> const& write) {
  if (page.width() < kWide) return write(page);
  std::size_t const half = (page.width() - kGap) / 2;
  TextPage wide = page.like(page.width());
  TextPage narrow = page.like(half);
  write(wide);
  write(narrow);
  std::string const wide_text = wide.take();
  std::string const narrow_text = narrow.take();
  std::vector<Lines> const whole = sections(wide_text);
  std::vector<Lines> const halves = sections(narrow_text);
  if (whole.size() != halves.size()) return page.append(wide_text);
  std::vector<Lines> run;
  auto const flush = [&] {
    if (run.size() == 1) one_column(page, run.front());
    if (run.size() > 1) two_columns(page, run, half);
    run.clear();
  };
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (width_of(halves[i]) <= half && ink(halves[i]) == ink(whole[i])) {
      run.push_back(halves[i]);
    } else {
      flush();
      one_column(page, whole[i]);
    }
  }
  flush();
}

}  // namespace tlsgauge::report
