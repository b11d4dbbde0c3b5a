#pragma once
// An `openssl s_server` of one's own on a free port of loopback, and one exchange with it.

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace tlsgauge::test {

class SServer {
 public:
  /// With -www it does not read its standard input. port() is 0 when there is no such program or it refuses its arguments.
  explicit SServer(std::vector<std::string> arguments) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return;
    char const* const program = std::getenv("TLSGAUGE_OPENSSL");
    arguments.insert(arguments.begin(), {program == nullptr ? "openssl" : program, "s_server", "-accept", "127.0.0.1:0", "-www"});
    std::vector<char*> argv;
    for (std::string& one : arguments) argv.push_back(one.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    bool const started = posix_spawnp(&process_, argv[0], &actions, nullptr, argv.data(), environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (!started) process_ = 0;
    if (started) port_ = read_port(ends[0]);
    output_ = ends[0];
  }
  SServer(SServer const&) = delete;
  SServer& operator=(SServer const&) = delete;
  ~SServer() {
    if (process_ > 0) {
      kill(process_, SIGKILL);
      waitpid(process_, nullptr, 0);
    }
    if (output_ >= 0) close(output_);
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// Sends `hello` and gives what arrives to `feed` until it is satisfied, the server is silent for 5 s or closes.
  template <class F>
  void exchange(Bytes const& hello, F&& feed) const {
    int const socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0 &&
        send(socket, hello.data(), hello.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(hello.size())) {
      std::uint8_t buffer[4096];
      pollfd wait{socket, POLLIN, 0};
      while (poll(&wait, 1, 5000) == 1) {
        ssize_t const count = recv(socket, buffer, sizeof buffer, 0);
        if (count <= 0 || feed(ByteView{buffer, static_cast<std::size_t>(count)})) break;
      }
    }
    close(socket);
  }

 private:
  /// From the line "ACCEPT 127.0.0.1:36593".
  static std::uint16_t read_port(int output) {
    std::string text;
    pollfd wait{output, POLLIN, 0};
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (std::chrono::steady_clock::now() < deadline && poll(&wait, 1, 1000) >= 0) {
      if ((wait.revents & (POLLIN | POLLHUP)) == 0) continue;
      char buffer[512];
      ssize_t const count = read(output, buffer, sizeof buffer);
      if (count <= 0) break;
      text.append(buffer, static_cast<std::size_t>(count));
      std::size_t const at = text.find("ACCEPT 127.0.0.1:");
      if (at != std::string::npos && text.find('\n', at) != std::string::npos) {
        return static_cast<std::uint16_t>(std::strtoul(text.c_str() + at + 17, nullptr, 10));
      }
    }
    return 0;
  }

  pid_t process_ = 0;
  int output_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace tlsgauge::test
