#include "report/endpoint_index.hpp"

#include <gmock/gmock.h>

namespace tlsgauge::report {
namespace {

using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::HasSubstr;

Target target(std::string host, std::string address = "192.0.2.1") {
  Target out;
  out.input = out.host = out.server_name = std::move(host);
  out.address = std::move(address);
  return out;
}

EndpointIndex index_of(std::vector<Target> targets) {
  Document document;
  for (Target& each : targets) document.endpoints.emplace_back().target = std::move(each);
  return EndpointIndex{document};
}

TEST(EndpointIndex, NamesMoveFromAddressToAddressOnlyWhereEachResultHasOne) {
  EndpointIndex const one = index_of({target("a.example")});
  EXPECT_THAT(one.find(target("a.example", "192.0.2.9"), true), Eq(0U));
  EXPECT_THAT(one.find(target("a.example", "192.0.2.9"), false), Eq(std::nullopt));
  EXPECT_THAT(one.find(target("a.example"), false), Eq(0U));
  EXPECT_THAT(one.find(target("b.example"), true), Eq(std::nullopt));
  EndpointIndex const two = index_of({target("a.example"), target("a.example", "192.0.2.2")});
  EXPECT_THAT(two.find(target("a.example", "192.0.2.2"), true), Eq(1U));
  EXPECT_THAT(two.find(target("a.example", "192.0.2.9"), true), Eq(std::nullopt));
  EXPECT_FALSE(two.is_alone(target("a.example")));
  EXPECT_TRUE(one.is_alone(target("a.example")));
}

TEST(EndpointIndex, TheLastOfOneEndpointCounts) {
  EndpointIndex const index = index_of({target("a.example"), target("b.example"), target("a.example"), target("a.example")});
  EXPECT_THAT(index.numbers(), ElementsAre(1U, 3U));
  EXPECT_THAT(index.find(target("a.example"), true), Eq(3U));
  EXPECT_TRUE(index.is_alone(target("a.example"))) << "one address, however often it was measured";
  EXPECT_THAT(index.repetition("OLD"), HasSubstr("OLD has 1 endpoint more than once (a.example:443)"));
  EXPECT_THAT(index_of({target("a.example"), target("a.example", "192.0.2.2")}).repetition("OLD"), "") << "two addresses are two";
}

TEST(EndpointIndex, OtherAddressesOfOtherRunsStayApart) {
  // One run asked over IPv4, another over IPv6: neither supersedes the other.
  EndpointIndex const index = index_of({target("a.example"), target("a.example", "2001:db8::1"), target("a.example")});
  EXPECT_THAT(index.numbers(), ElementsAre(1U, 2U));
  EXPECT_FALSE(index.is_alone(target("a.example")));
}

TEST(EndpointIndex, ANameWithoutAnAddressSupersedesNothingThatWasReached) {
  EndpointIndex const found_later = index_of({target("a.example", ""), target("a.example")});
  EXPECT_THAT(found_later.numbers(), ElementsAre(1U));
  EndpointIndex const lost_later = index_of({target("a.example"), target("a.example", "")});
  EXPECT_THAT(lost_later.numbers(), ElementsAre(0U, 1U)) << "what is not known any more is still to be told";
  EXPECT_THAT(index_of({target("a.example", ""), target("a.example", "")}).numbers(), ElementsAre(1U));
}

TEST(EndpointIndex, TheSameHoweverItIsSpelled) {
  EndpointIndex const index = index_of({target("a.example", "2001:db8::1"), target("a.example", "2001:db8::2")});
  EXPECT_THAT(index.find(target("A.Example.", "2001:DB8:0::0:2"), false), Eq(1U));
  EXPECT_THAT(index_of({target("a.example", "2001:db8::1"), target("A.EXAMPLE", "2001:0db8::1")}).numbers(), ElementsAre(1U));
}

TEST(EndpointIndex, AskedWithoutSniIsAnother) {
  Target silent = target("a.example");
  silent.server_name.clear();
  EXPECT_THAT(index_of({target("a.example")}).find(silent, true), Eq(std::nullopt));
  EXPECT_THAT(index_of({silent}).find(target("a.example"), true), Eq(std::nullopt));
  EXPECT_THAT(index_of({silent, target("a.example")}).numbers(), ElementsAre(0U, 1U));
}

TEST(EndpointIndex, HostileNamesStayOutOfWarnings) {
  Target const evil = target("a\x1b[31m" + std::string(100'000, 'x'));
  std::string const warning = index_of({evil, evil}).repetition("NEW");
  EXPECT_LT(warning.size(), 500U);
  EXPECT_EQ(warning.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace tlsgauge::report
