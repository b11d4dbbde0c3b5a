#pragma once
// The sample documents and what is expected of them: reports/samples/NAME.json, .txt.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "tlsgauge/report.hpp"

namespace tlsgauge::test {

inline std::string sample_path(std::string const& file) { return TLSGAUGE_SOURCE_DIR "/reports/samples/" + file; }

inline std::string file_content(std::string const& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

inline Document sample(std::string const& name) { return read_document(file_content(sample_path(name + ".json")), name + ".json"); }

inline std::string render(std::string const& format, Document const& document, ReportOptions const& options = {}) {
  return find_report_format(format)->write(document, options);
}

/// Compares with a committed file; with UPDATE_GOLDEN set, writes it instead.
inline void expect_golden(std::string const& file, std::string const& text) {
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(sample_path(file), std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(text, file_content(sample_path(file))) << file << ": UPDATE_GOLDEN=1 rewrites it";
}

inline constexpr char const* kSamples[] = {"good", "bad", "hostile", "unreachable"};

}  // namespace tlsgauge::test
