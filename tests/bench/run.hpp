#pragma once
// What the programs for probes a second share: the arguments, the core they stay on, the hello, the line that they print.

#include <sched.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "wire/hello.hpp"

namespace tlsgauge::bench {

struct Run {
  std::uint16_t port = 0;
  unsigned probes = 0;
  unsigned at_once = 0;
};

inline void stay_on_core(int core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(static_cast<unsigned>(core), &cores);
  if (sched_setaffinity(0, sizeof cores, &cores) != 0) std::perror("sched_setaffinity");
}

/// PORT PROBES AT_ONCE CORE
inline Run arguments(int count, char** words) {
  if (count != 5) {
    std::fprintf(stderr, "usage: %s PORT PROBES AT_ONCE CORE\n", words[0]);
    std::exit(2);
  }
  stay_on_core(std::atoi(words[4]));
  Run run;
  run.port = static_cast<std::uint16_t>(std::atoi(words[1]));
  run.probes = static_cast<unsigned>(std::atoi(words[2]));
  run.at_once = static_cast<unsigned>(std::atoi(words[3]));
  return run;
}

/// As a probe for the suites of TLS 1.2 begins; its random is drawn anew for each connection.
inline wire::ClientHello hello() {
  wire::ClientHello hello =
      wire::hello_for(wire::ProtocolVersion::TLSv1_2, wire::offerable_suites(wire::ProtocolVersion::TLSv1_2), "bench.example");
  hello.random = {};
  return hello;
}

inline double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  auto const seconds = [](timeval const& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// From here to report(): "answered cpu_us_per_probe wall_us_per_probe".
class Meter {
 public:
  void report(unsigned answered) const {
    double const cpu = cpu_seconds() - cpu_;
    double const wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    std::printf("%u %.3f %.3f\n", answered, 1e6 * cpu / answered, 1e6 * wall / answered);
  }

 private:
  double cpu_ = cpu_seconds();
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace tlsgauge::bench
