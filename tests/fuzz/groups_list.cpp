// link: policy
// Any text as a list of groups, for every generation of OpenSSL: refused lists are empty, and no group is there twice.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>

#include "policy/server_config/openssl.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace tlsgauge;
  constexpr policy::OpensslBuild kBuilds[] = {{1, 0, 2, false}, {1, 1, 1, false}, {3, 0, 19, false}, {3, 5, 0, false}};
  std::string_view const text{reinterpret_cast<char const*>(data), size};
  for (policy::OpensslBuild const& build : kBuilds) {
    policy::GroupList const read = policy::read_groups_list(text, build);
    if (read.refused && !read.groups.empty()) std::abort();
    if (std::set(read.groups.begin(), read.groups.end()).size() != read.groups.size()) std::abort();
    if (std::ranges::find(read.groups, nullptr) != read.groups.end()) std::abort();
  }
  return 0;
}
