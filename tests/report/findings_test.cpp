#include "report/findings.hpp"

#include <gmock/gmock.h>

#include <set>

#include "report/samples.hpp"

namespace tlsgauge::report {
namespace {

using testing::ElementsAre;
using testing::MatchesRegex;

Target target(std::string const& host, std::uint16_t port = 443) {
  Target out;
  out.host = host;
  out.server_name = host;
  out.port = port;
  out.address = "192.0.2.1";
  return out;
}

Target listed(std::string const& file, std::uint64_t line = 7) {
  Target out = target("www.example.com");
  out.list_file = file;
  out.list_line = line;
  return out;
}

std::string place_in(Target const& of, std::string const& base = "/srv/repository") {
  SourcePlace const where = source_place(of, base);
  return where.path + ":" + std::to_string(where.line);
}

Document document_of(std::vector<Target> const& targets) {
  Document out;
  for (Target const& each : targets) out.endpoints.emplace_back().target = each;
  return out;
}

TEST(Identity, IsTheSameAtAnotherAddress) {
  Target moved = target("www.example.com");
  moved.address = "192.0.2.9";
  EXPECT_EQ(identity(moved), identity(target("www.example.com")));
  EXPECT_EQ(identity(moved), "tcp www.example.com:443");
}

TEST(Identity, TellsApartWhatIsAnotherService) {
  Target other_name = target("www.example.com");
  other_name.server_name = "shop.example.com";
  Target mail = target("www.example.com");
  mail.starttls = "smtp";
  Target quic = target("www.example.com");
  quic.transport = "quic";
  EXPECT_EQ(identity(other_name), "tcp www.example.com:443 as shop.example.com");
  EXPECT_EQ(identity(mail), "tcp www.example.com:443 after STARTTLS smtp");
  EXPECT_EQ(identity(quic), "quic www.example.com:443");
}

TEST(Identity, IsTheSameHoweverItIsSpelled) {
  EXPECT_EQ(identity(target("WWW.Example.COM.")), "tcp www.example.com:443");
  Target mixed = target("www.example.com.");
  mixed.server_name = "Www.Example.com";
  EXPECT_EQ(identity(mixed), "tcp www.example.com:443");
  for (char const* const spelled : {"2001:DB8:0:0::1", "2001:0db8::0001", "[2001:db8::1]"})
    EXPECT_EQ(identity(target(spelled)), "tcp [2001:db8::1]:443") << spelled;
  EXPECT_EQ(identity(target("fe80::0:1%eth0")), "tcp [fe80::1%eth0]:443");
  EXPECT_NE(identity(target("fe80::1%eth0")), identity(target("fe80::1%eth1"))) << "another link";
  EXPECT_NE(identity(target("192.0.2.1")), identity(target("::ffff:192.0.2.1"))) << "another protocol";
  EXPECT_EQ(canonical_host("."), ".");
  EXPECT_EQ(canonical_host(""), "");
}

TEST(Identity, AskedWithoutSniIsAnother) {
  Target silent = target("www.example.com");
  silent.server_name.clear();
  EXPECT_EQ(identity(silent), "tcp www.example.com:443 without SNI");
  Target address = target("192.0.2.1");
  address.server_name.clear();
  EXPECT_EQ(identity(address), "tcp 192.0.2.1:443") << "there is none to send";
}

TEST(Identities, AddTheAddressOnlyWhereSeveralWouldBeTheSame) {
  Target second = target("www.example.com");
  second.address = "2001:db8::1";
  EXPECT_THAT(identities(document_of({target("www.example.com"), target("b.example"), second, second})),
              ElementsAre("tcp www.example.com:443 at 192.0.2.1", "tcp b.example:443", "tcp www.example.com:443 at 2001:db8::1",
                          "tcp www.example.com:443 at 2001:db8::1 #2"));
}

TEST(Identities, OneOfSeveralAddressesIsNeverTheNameAlone) {
  Target second = target("www.example.com");
  second.address = "192.0.2.2";
  auto const one = identities(document_of({target("www.example.com")}));
  auto const both = identities(document_of({target("www.example.com"), second}));
  auto const turned = identities(document_of({second, target("www.example.com")}));
  EXPECT_NE(both[0], one[0]);  // whatever stands first
  EXPECT_NE(both[1], one[0]);
  EXPECT_THAT(turned, ElementsAre(both[1], both[0]));
}

TEST(Findings, ProfilesOfOneNameAreApart) {
  Document document = test::sample("bad");
  Endpoint& endpoint = document.endpoints[0];
  std::vector<Finding> const before = findings(document, {Verdict::fail});
  endpoint.assessments.push_back(endpoint.assessments[0]);
  endpoint.assessments.back().profile.version = "2";
  std::vector<Finding> const all = findings(document, {Verdict::fail});
  std::set<std::string> prints;
  for (Finding const& each : all) prints.insert(each.fingerprint);
  EXPECT_GT(all.size(), before.size());
  EXPECT_EQ(prints.size(), all.size());
  EXPECT_EQ(all[0].fingerprint, before[0].fingerprint);
  std::string const junit = test::render("junit", document);
  EXPECT_THAT(junit, testing::HasSubstr(".nginx-recommended\""));
  EXPECT_THAT(junit, testing::ContainsRegex("[.]nginx-recommended__2-[0-9a-f]{8}\""));
  EXPECT_THAT(test::render("defectdojo", document), testing::HasSubstr("(nginx-recommended #2)\""));
}

TEST(Junit, ClassesOfHostsAreApart) {
  auto const junit = [](std::string const& host) { return test::render("junit", document_of({target(host)})); };
  EXPECT_THAT(junit("server.test"), testing::HasSubstr("classname=\"tlsgauge.server_test_443.endpoint\""));
  EXPECT_THAT(junit("server_test"), testing::ContainsRegex("classname=\"tlsgauge[.]server_test_443-[0-9a-f]{8}[.]endpoint\""));
  auto const class_of = [&](std::string const& host) {
    std::string const text = junit(host);
    std::size_t const at = text.find("classname=");
    return text.substr(at, text.find(' ', at) - at);
  };
  EXPECT_NE(class_of("a_b.c"), class_of("a.b_c"));
  EXPECT_NE(class_of("2001:db8::1"), class_of("2001:db8:1::"));
  EXPECT_NE(class_of(std::string(300, 'a') + "b"), class_of(std::string(300, 'a') + "c"));
}

TEST(Findings, GravestFirstWithAFingerprintOfNothingObserved) {
  Document document = test::sample("bad");
  std::vector<std::string> before;
  for (Finding const& finding : findings(document, {Verdict::fail})) before.push_back(finding.fingerprint);
  ASSERT_FALSE(before.empty());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_THAT(before[i], MatchesRegex("[0-9a-f]{32}"));
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(before[i], before[j]);
  }
  for (Endpoint& endpoint : document.endpoints) {
    endpoint.target.address = "192.0.2.99";
    for (Assessment& assessment : endpoint.assessments) {
      assessment.profile.version = "9";
      for (Requirement& requirement : assessment.requirements) {
        requirement.observed = requirement.expected = requirement.title = "other";
        bool const failed = requirement.verdict == Verdict::fail;
        requirement.verdict = failed ? Verdict::inconclusive : Verdict::pass;
      }
    }
  }
  std::vector<std::string> after;
  for (Finding const& finding : findings(document, {Verdict::inconclusive})) after.push_back(finding.fingerprint);
  EXPECT_EQ(after, before);
  std::vector<Finding> const all = findings(document, {Verdict::inconclusive});
  for (std::size_t i = 1; i < all.size(); ++i) {
    bool const together = all[i].assessment == all[i - 1].assessment;
    EXPECT_TRUE(!together || all[i].requirement->severity <= all[i - 1].requirement->severity);
  }
}

TEST(SourcePlace, IsTheLineOfTheTargetList) {
  EXPECT_EQ(place_in(listed("tls/targets.txt")), "tls/targets.txt:7");
  EXPECT_EQ(place_in(listed("./tls//../tls/targets.txt")), "tls/targets.txt:7");
  EXPECT_EQ(place_in(listed("/srv/repository/tls/targets.txt")), "tls/targets.txt:7");
}

TEST(SourcePlace, NeverLeavesTheFolder) {
  for (char const* const outside : {"../targets.txt", "/etc/targets.txt", "/srv/repository-2/targets.txt", "a/../../targets.txt", ".", ""})
    EXPECT_EQ(place_in(listed(outside)), "tls/www.example.com_443:1") << outside;
  EXPECT_EQ(place_in(listed("/srv/repository/targets.txt"), ""), "tls/www.example.com_443:1");
  EXPECT_EQ(place_in(listed("targets.txt", 0)), "tls/www.example.com_443:1");
}

TEST(SourcePlace, MakesAPathOfAnyHost) {
  EXPECT_EQ(place_in(target("2001:db8::1", 8443)), "tls/2001_db8__1_8443:1");
  EXPECT_EQ(place_in(target("../../etc/passwd\n")), "tls/.._.._etc_passwd__443:1");
  EXPECT_THAT(place_in(target(std::string(100'000, 'a'))).size(), testing::Lt(300U));
}

}  // namespace
}  // namespace tlsgauge::report
