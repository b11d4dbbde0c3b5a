#pragma once
// `openssl s_server` as a child process, on a free port of loopback, with a certificate of its own.

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "crypto/issue.hpp"

namespace tlsgauge::test {

/// A folder that goes with its owner.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tlsgauge-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  TemporaryFolder(TemporaryFolder const&) = delete;
  TemporaryFolder& operator=(TemporaryFolder const&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string write(std::string const& name, std::string const& content) const {
    std::string const file = (path_ / name).string();
    std::ofstream{file, std::ios::binary} << content;
    return file;
  }

 private:
  std::filesystem::path path_;
};

class ServerProcess {
 public:
  /// The certificate is for example.test and 127.0.0.1, by an authority of its own: ca_file().
  explicit ServerProcess(std::vector<std::string> const& options) {
    Moment const today = now();
    crypto::CertificateRequestForm form;
    form.common_name = "Test Authority";
    form.not_before = today - std::chrono::days{1};
    form.not_after = today + std::chrono::days{30} - std::chrono::hours{1};
    form.ca = true;
    crypto::Issued const authority = crypto::issue(form).value();
    form.ca = false;
    form.common_name = "example.test";
    form.dns_names = {"example.test"};
    form.ip_addresses = {"127.0.0.1"};
    crypto::Issued const server = crypto::issue(form, &authority).value();
    ca_file_ = folder_.write("ca.pem", authority.certificate_pem);
    std::vector<std::string> command{"openssl", "s_server",
                                     "-accept", "127.0.0.1:0",
                                     "-cert",   folder_.write("server.pem", server.certificate_pem),
                                     "-key",    folder_.write("server.key", server.private_key_pem)};
    command.insert(command.end(), options.begin(), options.end());
    start(command);
  }
  ServerProcess(ServerProcess const&) = delete;
  ServerProcess& operator=(ServerProcess const&) = delete;
  ~ServerProcess() {
    if (out_ >= 0) close(out_);
    if (child_ <= 0) return;
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }

  /// 0: there is no such program, or it does not start.
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string const& ca_file() const { return ca_file_; }

 private:
  void start(std::vector<std::string>& command) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    std::vector<char*> arguments;
    for (std::string& argument : command) arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    child_ = fork();
    if (child_ == 0) {
      int const null = open("/dev/null", O_RDWR);
      dup2(null, 0);
      dup2(ends[1], 1);
      dup2(null, 2);
      execvp(arguments[0], arguments.data());
      _exit(127);
    }
    close(ends[1]);
    out_ = ends[0];
    std::string seen;
    std::array<char, 256> buffer{};
    constexpr std::string_view kLine = "ACCEPT 127.0.0.1:";
    while (seen.find('\n', std::min(seen.size(), seen.find(kLine))) == std::string::npos) {
      ssize_t const count = read(out_, buffer.data(), buffer.size());
      if (count <= 0) return;
      seen.append(buffer.data(), static_cast<std::size_t>(count));
    }
    port_ = std::atoi(seen.c_str() + seen.find(kLine) + kLine.size());
  }

  TemporaryFolder folder_;
  std::string ca_file_;
  pid_t child_ = -1;
  int out_ = -1;
  int port_ = 0;
};

}  // namespace tlsgauge::test
