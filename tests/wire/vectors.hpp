#pragma once
// The files of tests/data/wire, and buffers of exactly their size.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace tlsgauge::test {

inline std::filesystem::path wire_data() { return std::filesystem::path{TLSGAUGE_SOURCE_DIR} / "tests/data/wire"; }

/// Hexadecimal over several lines; # begins a comment.
inline Bytes wire_vector(std::string const& name) {
  std::ifstream file{wire_data() / (name + ".hex")};
  if (!file) throw std::runtime_error("no vector " + name);
  std::string digits;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with('#')) digits += line;
  }
  return from_hex(digits).value();
}

/// Names of the vectors that begin like this, sorted.
inline std::vector<std::string> wire_vectors(std::string const& prefix = "") {
  std::vector<std::string> names;
  for (auto const& entry : std::filesystem::directory_iterator{wire_data()}) {
    std::string const name = entry.path().stem().string();
    if (entry.path().extension() == ".hex" && name.starts_with(prefix)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  if (names.empty()) throw std::runtime_error("no vectors " + prefix);
  return names;
}

/// Octets on the heap in a block of exactly their size, so that a sanitizer sees a read of one too many.
class Exact {
 public:
  explicit Exact(ByteView bytes) : octets_(new std::uint8_t[bytes.size()]), size_(bytes.size()) {
    std::copy(bytes.begin(), bytes.end(), octets_.get());
  }
  operator ByteView() const { return {octets_.get(), size_}; }  // NOLINT(google-explicit-constructor)

 private:
  std::unique_ptr<std::uint8_t[]> octets_;
  std::size_t size_;
};

inline Bytes operator+(Bytes a, ByteView b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace tlsgauge::test
