// Runs a fuzz target over the files of the folders given, each copied into a buffer of its exact size so that an overread is seen.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

int main(int count, char** arguments) {
  std::size_t runs = 0;
  for (int i = 1; i < count; ++i) {
    for (auto const& entry : std::filesystem::directory_iterator(arguments[i])) {
      std::ifstream file(entry.path(), std::ios::binary);
      std::vector<std::uint8_t> const input{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
      std::vector<std::uint8_t> exact(input);
      exact.shrink_to_fit();
      LLVMFuzzerTestOneInput(exact.data(), exact.size());
      ++runs;
    }
  }
  std::printf("%zu inputs\n", runs);
  return runs == 0 ? 1 : 0;  // an empty corpus would be a test that cannot fail
}
