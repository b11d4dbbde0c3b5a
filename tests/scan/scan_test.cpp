#include "tlsgauge/scan.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "net/listener.hpp"
#include "scan/server_process.hpp"

namespace tlsgauge {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Clock = std::chrono::steady_clock;

/// Says the same to everybody.
class Says final : public net::Handler {
 public:
  Says(std::string greeting, std::string answer, bool close, bool reset)
      : greeting_(std::move(greeting)), answer_(std::move(answer)), close_(close), reset_(reset) {}
  Reaction on_open() override {
    Reaction reaction;
    reaction.send.assign(greeting_.begin(), greeting_.end());
    return reaction;
  }
  Reaction on_bytes(ByteView) override {
    Reaction reaction;
    reaction.send.assign(answer_.begin(), answer_.end());
    reaction.close = close_;
    reaction.reset = reset_;
    return reaction;
  }

 private:
  std::string greeting_;
  std::string answer_;
  bool close_;
  bool reset_;
};

std::unique_ptr<net::Listener> server(std::string greeting, std::string answer, bool close = false, bool reset = false) {
  return std::move(net::Listener::start(0, [=] { return std::make_unique<Says>(greeting, answer, close, reset); }).value());
}

std::uint16_t closed_port() { return server("", "")->port(); }

Target target(int port) { return parse_target("127.0.0.1:" + std::to_string(port)).front(); }

ScanOptions hasty() {
  ScanOptions options;
  options.timeout = 500ms;
  return options;
}

Endpoint scan_one(int port, ScanOptions const& options = hasty(), std::stop_token stop = {}) {
  std::vector<Endpoint> endpoints = scan({target(port)}, options, {}, std::move(stop));
  EXPECT_THAT(endpoints, SizeIs(1));
  return std::move(endpoints.at(0));
}

std::string support(Endpoint const& endpoint, std::string_view version) {
  for (Value const& protocol : endpoint.facts["protocols"].items()) {
    if (protocol["name"].as_string() == version) return protocol["support"].as_string();
  }
  return "not asked";
}

TEST(Scan, SaysThatAClosedPortIsUnreachable) {
  Endpoint const endpoint = scan_one(closed_port());
  EXPECT_EQ(endpoint.status, Status::unreachable);
  ASSERT_THAT(endpoint.errors, SizeIs(1));
  EXPECT_EQ(endpoint.errors[0].where, "connect");
  EXPECT_EQ(endpoint.target.address, "127.0.0.1");
  EXPECT_EQ(endpoint.facts.find("cipher_suites"), nullptr);
}

TEST(Scan, SaysThatPlainHttpIsNotTls) {
  auto const http = server("", "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", true);
  EXPECT_EQ(scan_one(http->port()).status, Status::not_tls);
}

TEST(Scan, SaysThatABannerIsNotTls) {
  auto const ssh = server("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "", true);
  EXPECT_EQ(scan_one(ssh->port()).status, Status::not_tls);
}

struct Hostile {
  std::string_view name;
  std::string answer;
  bool close;
  bool reset;
  friend std::ostream& operator<<(std::ostream& out, Hostile const& hostile) { return out << hostile.name; }
};

class ScanOfHostile : public testing::TestWithParam<Hostile> {};

TEST_P(ScanOfHostile, EndsInTimeWithoutANo) {
  auto const hostile = server("", GetParam().answer, GetParam().close, GetParam().reset);
  Clock::time_point const start = Clock::now();
  Endpoint const endpoint = scan_one(hostile->port());
  EXPECT_LT(Clock::now() - start, 20s);
  EXPECT_NE(endpoint.status, Status::complete);
  EXPECT_THAT(endpoint.errors, testing::Not(IsEmpty()));
  for (Value const& protocol : endpoint.facts["protocols"].items()) EXPECT_EQ(protocol["support"], Value{"inconclusive"});
}

INSTANTIATE_TEST_SUITE_P(
    Servers, ScanOfHostile,
    testing::Values(Hostile{"silence", "", false, false}, Hostile{"close", "", true, false}, Hostile{"reset", "", false, true},
                    Hostile{"half a record", std::string{"\x16\x03\x03\x40\x00\x02", 6}, false, false},
                    Hostile{"half a record and reset", std::string{"\x16\x03\x03\x40\x00\x02", 6}, false, true},
                    Hostile{"a record that is too long", std::string{"\x16\x03\x03\xFF\xFF\x02\x00\x00", 8}, false, false},
                    Hostile{"an empty ServerHello", std::string{"\x16\x03\x03\x00\x04\x02\x00\x00\x00", 9}, false, false},
                    Hostile{"a message that never ends", std::string{"\x16\x03\x03\x00\x04\x02\xFF\xFF\xFF", 9}, false, false}),
    [](auto const& test) {
      std::string name{test.param.name};
      std::replace(name.begin(), name.end(), ' ', '_');
      return name;
    });

TEST(Scan, EndsWithinASecondOfTheStop) {
  auto const silent = server("", "");
  ScanOptions options;
  options.timeout = 30s;
  std::stop_source stop;
  Clock::time_point stopped;
  std::thread thread{[&] {
    std::this_thread::sleep_for(300ms);
    stopped = Clock::now();
    stop.request_stop();
  }};
  std::vector<Target> targets(200, target(silent->port()));
  options.concurrency = 8;
  std::vector<Endpoint> const endpoints = scan(targets, options, {}, stop.get_token());
  Clock::time_point const ended = Clock::now();
  thread.join();
  EXPECT_LT(ended - stopped, 1s);
  ASSERT_FALSE(endpoints.empty());
  EXPECT_LE(endpoints.size(), 8U);
  for (Endpoint const& endpoint : endpoints) {
    EXPECT_EQ(endpoint.status, Status::partial);
    EXPECT_EQ(endpoint.errors.back().where, "scan");
    EXPECT_EQ(endpoint.errors.back().what, "interrupted");
  }
}

TEST(Scan, AsksNothingWhenStoppedBefore) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THAT(scan({target(closed_port())}, hasty(), {}, stop.get_token()), IsEmpty());
}

TEST(Scan, SaysThatThereIsNoAddress) {
  ScanOptions options = hasty();
  options.family = AddressFamily::v6;
  Endpoint const endpoint = scan_one(443, options);
  EXPECT_EQ(endpoint.status, Status::unreachable);
  ASSERT_THAT(endpoint.errors, SizeIs(1));
  EXPECT_EQ(endpoint.errors[0].where, "resolve");
  EXPECT_EQ(endpoint.cost.connections, 0U);
}

TEST(Scan, KeepsTheOrderOfTheTargetsAndTellsOfEach) {
  auto const http = server("", "HTTP/1.1 400 Bad Request\r\n\r\n", true);
  std::vector<Target> targets;
  for (int i = 0; i < 30; ++i) targets.push_back(target(i % 3 == 0 ? http->port() : closed_port()));
  ScanEvents events;
  std::vector<Status> told;
  Progress last;
  events.finished = [&](Endpoint const& endpoint) { told.push_back(endpoint.status); };
  events.progress = [&](Progress const& progress) { last = progress; };
  std::vector<Endpoint> const endpoints = scan(targets, hasty(), events, {});
  ASSERT_THAT(endpoints, SizeIs(30));
  for (std::size_t i = 0; i < 30; ++i) {
    EXPECT_EQ(endpoints[i].target.port, targets[i].port);
    EXPECT_EQ(endpoints[i].status, i % 3 == 0 ? Status::not_tls : Status::unreachable);
  }
  EXPECT_THAT(told, SizeIs(30));
  EXPECT_EQ(last.finished, 30U);
  EXPECT_EQ(last.total, 30U);
  EXPECT_GT(last.connections, 0U);
}

TEST(Scan, PassesOnWhatACallbackThrows) {
  ScanEvents events;
  events.finished = [](Endpoint const&) { throw std::runtime_error("the disk is full"); };
  EXPECT_THROW(static_cast<void>(scan({target(closed_port()), target(closed_port())}, hasty(), events, {})), std::runtime_error);
}

TEST(Scan, TellsAddressesOfAHostApart) {
  ScanOptions options = hasty();
  options.all_addresses = true;
  options.only = {"protocols"};
  Target local = parse_target("localhost").front();
  local.port = closed_port();
  std::vector<Endpoint> const endpoints = scan({local, local}, options, {}, {});
  ASSERT_GE(endpoints.size(), 2U);
  ASSERT_EQ(endpoints.size() % 2, 0U);
  std::size_t const half = endpoints.size() / 2;
  for (std::size_t i = 0; i < half; ++i) {
    EXPECT_EQ(endpoints[i].target.address, endpoints[half + i].target.address);
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(endpoints[i].target.address, endpoints[j].target.address);
  }
}

void expect_refusal(ScanOptions const& options, std::string const& words) {
  try {
    static_cast<void>(scan({target(closed_port())}, options, {}, {}));
    FAIL() << "served";
  } catch (std::invalid_argument const& error) {
    EXPECT_THAT(error.what(), HasSubstr(words));
  }
}

TEST(Scan, RefusesOptionsThatItCannotServe) {
  ScanOptions options;
  options.only = {"protocol"};
  expect_refusal(options, "did you mean protocols?");
  options = {};
  options.skip = {"nothing_like_it"};
  expect_refusal(options, "nothing_like_it");
  options = {};
  options.ca_file = "/nowhere/ca.pem";
  expect_refusal(options, "/nowhere/ca.pem");
  options = {};
  options.server_name = "192.0.2.1";
  expect_refusal(options, "192.0.2.1");
  options = {};
  options.server_name = "not a name";
  expect_refusal(options, "not a name");
  options = {};
  options.connect_host = "a..b";
  expect_refusal(options, "a..b");
  options = {};
  options.timeout = 0ms;
  expect_refusal(options, "timeout");
}

TEST(ListProbes, NamesEachQuestionOnce) {
  std::vector<ProbeSummary> const probes = list_probes();
  std::vector<std::string_view> ids;
  for (ProbeSummary const& probe : probes) {
    EXPECT_FALSE(probe.question.empty());
    EXPECT_FALSE(probe.connections.empty()) << probe.id;
    EXPECT_FALSE(probe.references.empty()) << probe.id;
    ids.push_back(probe.id);
  }
  EXPECT_THAT(ids, testing::IsSupersetOf({"protocols", "cipher_suites", "groups", "certificates", "http", "handshakes"}));
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
}

class ScanOfOpenSsl : public testing::Test {
 protected:
  static Endpoint measure(std::vector<std::string> const& server_options) {
    test::ServerProcess const server{server_options};
    EXPECT_NE(server.port(), 0);
    ScanOptions options;
    options.timeout = 5s;
    options.ca_file = server.ca_file();
    options.server_name = "example.test";
    return scan_one(server.port(), options);
  }
};

TEST_F(ScanOfOpenSsl, AnswersEveryQuestion) {
  Endpoint const endpoint = measure({"-www"});
  EXPECT_EQ(endpoint.status, Status::complete);
  for (ErrorNote const& error : endpoint.errors) ADD_FAILURE() << error.where << ": " << error.what;
  EXPECT_EQ(endpoint.target.server_name, "example.test");
  EXPECT_EQ(support(endpoint, "TLSv1.3"), "yes");
  EXPECT_EQ(support(endpoint, "TLSv1.2"), "yes");
  EXPECT_EQ(support(endpoint, "TLSv1.1"), "no");
  EXPECT_EQ(support(endpoint, "TLSv1.0"), "no");
  EXPECT_EQ(support(endpoint, "SSLv3"), "no");
  EXPECT_EQ(support(endpoint, "SSLv2"), "no");
  EXPECT_GT(endpoint.cost.connections, 10U);
  EXPECT_GT(endpoint.cost.bytes_sent, 0U);
  EXPECT_GT(endpoint.cost.bytes_received, 0U);

  ASSERT_THAT(endpoint.facts["certificates"].items(), SizeIs(1));
  Value const& certificate = endpoint.facts["certificates"].items()[0];
  EXPECT_EQ(certificate["shown_for"]["protocol"], Value{"TLSv1.3"});
  EXPECT_THAT(certificate["shown_for"]["also"].items(), ElementsAre(Value{"TLSv1.2"}));
  EXPECT_EQ(certificate["verification"]["trusted"], Value{true});
  EXPECT_EQ(certificate["hostname"]["matches"], Value{true});
  EXPECT_EQ(certificate["days_left"], Value{29});

  EXPECT_EQ(endpoint.facts["http"]["spoken"], Value{true});
  EXPECT_EQ(endpoint.facts["http"]["status"], Value{200});
  EXPECT_EQ(endpoint.facts["http"]["hsts"]["present"], Value{false});

  ASSERT_THAT(endpoint.facts["handshakes"].items(), SizeIs(4));
  std::vector<std::int64_t> round_trips;
  for (Value const& handshake : endpoint.facts["handshakes"].items()) {
    round_trips.push_back(handshake["round_trips"].as_int(-1));
    EXPECT_GT(handshake["time_ms"].as_double(), 0);
  }
  EXPECT_THAT(round_trips, ElementsAre(2, 1, 1, 1));
}

TEST_F(ScanOfOpenSsl, KnowsWhatIsLeftOff) {
  Endpoint const endpoint = measure({"-www", "-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384", "-no_ticket", "-no_cache"});
  EXPECT_EQ(support(endpoint, "TLSv1.3"), "no");
  EXPECT_EQ(support(endpoint, "TLSv1.2"), "yes");
  ASSERT_THAT(endpoint.facts["cipher_suites"].items(), SizeIs(1));
  EXPECT_EQ(endpoint.facts["cipher_suites"].items()[0]["name"], Value{"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"});
  ASSERT_THAT(endpoint.facts["handshakes"].items(), SizeIs(2));
  EXPECT_EQ(endpoint.facts["handshakes"].items()[1]["offered"], Value{false});
}

TEST_F(ScanOfOpenSsl, ReadsTheChainBehindAClientCertificateRequest) {
  Endpoint const endpoint = measure({"-www", "-tls1_3", "-Verify", "1"});
  ASSERT_THAT(endpoint.facts["certificates"].items(), SizeIs(1));
  EXPECT_EQ(endpoint.facts["certificates"].items()[0]["verification"]["trusted"], Value{true});
}

}  // namespace
}  // namespace tlsgauge
