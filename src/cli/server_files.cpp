#include "cli/server_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/text.hpp"
#include "cli/exit_code.hpp"
#include "crypto/certificate.hpp"
#include "crypto/issuers.hpp"
#include "policy/server_config/files.hpp"
#include "policy/server_config/promise.hpp"
#include "policy/server_config/read.hpp"

namespace tlsgauge::cli {
namespace {

constexpr std::size_t kMaxCertificateFile = 1024 * 1024;

void check_version(std::string const& version, std::string_view option) {
  bool const digit = !version.empty() && version.front() >= '0' && version.front() <= '9';
  bool const sane = version.size() <= 20 && version.find('.') != std::string::npos &&
                    version.find_first_not_of("0123456789.abcdefghijklmnopqrstuvwxyz-") == std::string::npos;
  if (!version.empty() && (!digit || !sane))
    throw UsageError(fmt::format("{}: '{}' is no version such as 1.22.1", option, printable(version)));
}

}  // namespace

ServerFile read_server_file(ServerFileOptions const& options) {
  check_version(options.server_version, "--server-version");
  check_version(options.openssl_version, "--openssl-version");
  std::optional<policy::ServerKind> kind = policy::server_kind_from(options.server);
  if (!options.server.empty() && !kind) {
    std::string_view const near = nearest(options.server, {"nginx", "apache", "haproxy"});
    throw UsageError(fmt::format("--server: '{}' is none of nginx, apache, haproxy{}", printable(options.server),
                                 near.empty() ? "" : fmt::format("; did you mean {}?", near)));
  }
  std::error_code error;
  if (!kind && std::filesystem::is_directory(options.file, error)) kind = policy::ServerKind::haproxy;  // it alone takes a folder
  if (!kind) {
    policy::FileText const file = policy::read_config_file(options.file, policy::kMaxServerFileOctets, true);
    if (!file.text) throw UsageError(fmt::format("{}: {}", printable(options.file), file.problem));
    kind = policy::guess_server(*file.text);
  }
  if (!kind)
    throw UsageError(
        fmt::format("{}: it is not clear which server this is for; say --server nginx, apache or haproxy", printable(options.file)));
  ServerFile out;
  out.versions = {.server = options.server_version, .openssl = options.openssl_version};
  out.config = policy::read_server_config(*kind, options.file, out.versions);
  return out;
}

void expect_startable(ServerFile const& file, std::string const& path) {
  auto const refused = std::ranges::find_if(file.config.findings, [](policy::ConfigFinding const& each) { return each.refused; });
  if (refused == file.config.findings.end()) return;
  std::string lines = refused->fix;
  std::ranges::replace(lines, '\n', ' ');
  throw UsageError(fmt::format("{}:{}: {}. {}{}{}; tlsgauge config check {} says more", printable(refused->place.file), refused->place.line,
                               refused->title, refused->why, lines.empty() ? "" : " Write: ", lines, printable(path)));
}

policy::KeyKinds key_kinds(policy::VirtualHost const& host) {
  std::vector<std::string> kinds;
  for (policy::Setting<std::string> const& path : host.certificates) {
    policy::FileText const file = policy::read_config_file(path.value, kMaxCertificateFile, false);
    if (!file.text) return std::nullopt;
    std::vector<Bytes> const found = crypto::read_certificates(view(*file.text));
    if (found.empty()) return std::nullopt;
    auto const certificate = crypto::read_certificate(found.front());
    if (!certificate) return std::nullopt;
    if (std::ranges::find(kinds, certificate->key_type) == kinds.end()) kinds.push_back(certificate->key_type);
  }
  return kinds.empty() ? std::nullopt : std::optional{kinds};
}

std::string promised_profile(policy::VirtualHost const& host, ServerFileOptions const& options, ServerFile const& file) {
  return policy::promised_profile(host,
                                  {.file = options.file, .kind = file.config.kind, .versions = file.versions, .keys = key_kinds(host)});
}

}  // namespace tlsgauge::cli
