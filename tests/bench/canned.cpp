// canned CORE: answers whatever comes first on a connection with one and the same flight of TLS 1.2, until killed. Prints its port.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "run.hpp"
#include "wire/record.hpp"
#include "wire/writer.hpp"

namespace {

using namespace tlsgauge;

constexpr std::size_t kCertificateOctets = 1200;

template <class F>
void message(wire::Writer& out, wire::HandshakeType type, F&& body) {
  out.code(type);
  out.vector24(std::forward<F>(body));
}

Bytes flight() {
  wire::Writer out;
  message(out, wire::HandshakeType::server_hello, [](wire::Writer& body) {
    body.code(wire::ProtocolVersion::TLSv1_2);
    body.bytes(Bytes(32, 0x5a));
    body.u8(0);
    body.code(wire::CipherSuite{0x009c});
    body.u8(0);
    body.vector16([](wire::Writer& extensions) {
      extensions.code(wire::ExtensionType::renegotiation_info);
      extensions.vector16([](wire::Writer& data) { data.u8(0); });
    });
  });
  message(out, wire::HandshakeType::certificate, [](wire::Writer& body) {
    body.vector24(
        [](wire::Writer& list) { list.vector24([](wire::Writer& certificate) { certificate.bytes(Bytes(kCertificateOctets, 0x30)); }); });
  });
  message(out, wire::HandshakeType::server_hello_done, [](wire::Writer&) {});
  return wire::encode_records(wire::ContentType::handshake, wire::ProtocolVersion::TLSv1_2, out.take(), wire::kMaxPlaintext);
}

}  // namespace

int main(int count, char** words) {
  if (count > 1) bench::stay_on_core(std::atoi(words[1]));
  int const listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof here;
  if (bind(listener, reinterpret_cast<sockaddr*>(&here), size) != 0 || listen(listener, 1024) != 0) return 1;
  getsockname(listener, reinterpret_cast<sockaddr*>(&here), &size);
  std::printf("%u\n", static_cast<unsigned>(ntohs(here.sin_port)));
  std::fflush(stdout);

  Bytes const answer = flight();
  int const poll = epoll_create1(0);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = listener;
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  std::array<epoll_event, 256> events{};
  std::array<char, 4096> heard{};
  while (true) {
    int const ready = epoll_wait(poll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < ready; ++i) {
      int const fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd != listener) {
        if (read(fd, heard.data(), heard.size()) <= 0 || write(fd, answer.data(), answer.size()) < 0) close(fd);
        continue;
      }
      for (int made = 0; (made = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
        event.data.fd = made;
        epoll_ctl(poll, EPOLL_CTL_ADD, made, &event);
      }
    }
  }
}
