// epoll_loop PORT PROBES AT_ONCE CORE: the same question as engine_loop, by no more than epoll needs: what an engine is measured against.
// Like ours it builds the hello anew for each probe, reads the flight with FlightReader and closes with RST; it knows no deadline.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <vector>

#include "run.hpp"
#include "wire/flight.hpp"

namespace {

using namespace tlsgauge;

class Loop {
 public:
  explicit Loop(bench::Run run) : run_(run), probes_(run.at_once) {
    to_.sin_family = AF_INET;
    to_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to_.sin_port = htons(run.port);
  }

  unsigned run() {
    for (Probe& probe : probes_) begin(probe);
    std::array<epoll_event, 256> events{};
    while (open_ > 0) {
      int const ready = epoll_wait(poll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < ready; ++i) go_on(*static_cast<Probe*>(events[static_cast<std::size_t>(i)].data.ptr));
    }
    return answered_;
  }

 private:
  struct Probe {
    int fd = -1;
    bool asked = false;
    std::optional<wire::FlightReader> reader;
  };

  void begin(Probe& probe) {
    if (begun_ == run_.probes) return;
    ++begun_;
    ++open_;
    probe.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int const on = 1;
    setsockopt(probe.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connect(probe.fd, reinterpret_cast<sockaddr const*>(&to_), sizeof to_);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLET;
    event.data.ptr = &probe;
    epoll_ctl(poll_, EPOLL_CTL_ADD, probe.fd, &event);
    probe.asked = false;
    probe.reader.emplace();
  }

  void go_on(Probe& probe) {
    if (!probe.asked) {
      probe.asked = true;
      wire::fill_random(hello_.random);
      Bytes const octets = hello_.encode_in_records();
      if (write(probe.fd, octets.data(), octets.size()) < 0) end(probe);
      return;
    }
    ssize_t const count = read(probe.fd, buffer_.data(), buffer_.size());
    if (count < 0 && errno == EAGAIN) return;
    if (count > 0 && probe.reader->feed({buffer_.data(), static_cast<std::size_t>(count)}) == wire::FlightReader::State::more) return;
    end(probe);
  }

  void end(Probe& probe) {
    if (probe.reader->state() == wire::FlightReader::State::complete) ++answered_;
    linger const at_once{1, 0};
    setsockopt(probe.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(probe.fd);
    --open_;
    begin(probe);
  }

  bench::Run run_;
  wire::ClientHello hello_ = bench::hello();
  std::vector<Probe> probes_;
  sockaddr_in to_{};
  int poll_ = epoll_create1(EPOLL_CLOEXEC);
  std::array<std::uint8_t, 4096> buffer_{};
  unsigned begun_ = 0;
  unsigned open_ = 0;
  unsigned answered_ = 0;
};

}  // namespace

int main(int count, char** words) {
  Loop loop{bench::arguments(count, words)};
  bench::Meter const meter;
  meter.report(loop.run());
}
