// link: policy
// Any text as a cipher string and as a list of suites of TLS 1.3, for every generation of OpenSSL: what is offered is among what is
// selected, nothing is there twice, and no suite of TLS 1.3 gets in by the cipher string.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>

#include "policy/server_config/openssl.hpp"

namespace {

using Suites = std::vector<tlsgauge::wire::CipherSuiteInfo const*>;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(Suites const& suites) {
  require(std::set(suites.begin(), suites.end()).size() == suites.size());
  require(std::ranges::find(suites, nullptr) == suites.end());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace tlsgauge;
  constexpr policy::OpensslBuild kBuilds[] = {{1, 0, 2, true}, {1, 1, 1, true}, {3, 0, 19, false}, {3, 5, 0, false}, {4, 0, 0, false}};
  std::string_view const text{reinterpret_cast<char const*>(data), size};
  for (policy::OpensslBuild const& build : kBuilds) {
    policy::CipherList const read = policy::read_cipher_string(text, build);
    check(read.suites);
    check(read.offered);
    for (auto const* const suite : read.offered) require(std::ranges::find(read.suites, suite) != read.suites.end());
    for (auto const* const suite : read.suites) require(suite->min_version < wire::ProtocolVersion::TLSv1_3);
    require(read.security_level >= -1 && read.security_level <= 5);

    policy::CiphersuiteList const tls13 = policy::read_ciphersuites(text, build);
    check(tls13.suites);
    require(!tls13.refused || tls13.suites.empty());
    for (auto const* const suite : tls13.suites) require(suite->min_version == wire::ProtocolVersion::TLSv1_3);
  }
  policy::OpensslBuild const build = policy::openssl_build(text);
  require(build.major >= 1 && build.minor >= 0 && build.patch >= 0);
  return 0;
}
