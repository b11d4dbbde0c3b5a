#include "probes/evidence.hpp"

#include <gtest/gtest.h>

namespace tlsgauge::probes {
namespace {

TEST(Evidence, NamesConnectionDigestAndAnswer) {
  audit::Reply reply;
  reply.connection = 7;
  reply.sent = {'a', 'b', 'c'};
  reply.received = {0x15, 0x03, 0x01};
  Value const value = evidence(reply, "");
  EXPECT_EQ(value["connection"], Value{7});
  // FIPS 180-4, example "abc"
  EXPECT_EQ(value["hello_sha256"], Value{"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"});
  EXPECT_EQ(value["answer"], Value{"150301"});
  EXPECT_TRUE(value["reproduce"].is_null());
}

TEST(Evidence, SaysNothingOfAHelloThatWasNotSent) { EXPECT_TRUE(evidence({}, "true")["hello_sha256"].is_null()); }

TEST(SClient, TakesAddressesOfBothFamiliesAndMissingNames) {
  Target target;
  target.address = "192.0.2.1";
  target.port = 8443;
  target.server_name = "www.example.test";
  EXPECT_EQ(s_client(target, "-tls1"), "openssl s_client -connect 192.0.2.1:8443 -servername www.example.test -tls1 </dev/null");
  target.address = "2001:db8::1";
  target.server_name.clear();
  EXPECT_EQ(s_client(target, "-tls1_3"), "openssl s_client -connect [2001:db8::1]:8443 -noservername -tls1_3 </dev/null");
}

}  // namespace
}  // namespace tlsgauge::probes
