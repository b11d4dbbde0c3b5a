// What a newcomer runs first: two servers of our own, one as recommended and one bad, scanned and judged.

#include <fmt/format.h>

#include <filesystem>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/demo_server.hpp"
#include "cli/interrupt.hpp"
#include "cli/judging.hpp"
#include "cli/output.hpp"
#include "cli/run_record.hpp"
#include "crypto/issue.hpp"

namespace tlsgauge::cli {
namespace {

constexpr std::string_view kGoodName = "good.tlsgauge.test";
constexpr std::string_view kBadName = "bad.tlsgauge.test";
constexpr auto kDay = std::chrono::hours{24};

template <class T>
T or_fault(Result<T> result, std::string_view what) {
  if (!result) throw std::runtime_error(fmt::format("{}: {}", what, result.error().detail));
  return std::move(*result);
}

crypto::Issued certificate(std::string_view name, std::string key_type, Moment from, Moment until, crypto::Issued const* issuer) {
  crypto::CertificateRequestForm form;
  form.common_name = name;
  if (issuer != nullptr) form.dns_names = {std::string{name}};
  form.key_type = std::move(key_type);
  form.not_before = from;
  form.not_after = until;
  form.ca = issuer == nullptr;
  return or_fault(crypto::issue(form, issuer), "cannot make a certificate");
}

std::unique_ptr<net::Listener> start_good(crypto::Issued const& authority) {
  crypto::Issued const leaf = certificate(kGoodName, "rsa", now() - kDay, now() + 90 * kDay, &authority);
  crypto::ServerSettings settings;
  settings.certificate_pem = leaf.certificate_pem;
  settings.private_key_pem = leaf.private_key_pem;
  settings.cipher_list = "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305";
  settings.ciphersuites = "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
  return or_fault(start_demo_server(settings, "max-age=63072000"), "cannot start the good server");
}

std::unique_ptr<net::Listener> start_bad(crypto::Issued const& authority) {
  crypto::Issued const leaf = certificate(kBadName, "rsa", now() - 400 * kDay, now() - 2 * kDay, &authority);
  crypto::ServerSettings settings;
  settings.certificate_pem = leaf.certificate_pem;
  settings.private_key_pem = leaf.private_key_pem;
  settings.min_version = wire::ProtocolVersion::TLSv1_0;
  settings.max_version = wire::ProtocolVersion::TLSv1_2;
  settings.cipher_list =
      "AES128-SHA:AES256-SHA:DHE-RSA-AES128-SHA:DHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-SHA:AES128-GCM-SHA256:@SECLEVEL=0";
  settings.dh_bits = 1024;
  return or_fault(start_demo_server(settings, ""), "cannot start the bad server");
}

void make_folder(std::string const& folder) {
  std::error_code fault;
  std::filesystem::create_directories(folder, fault);
  if (fault) throw UsageError(fmt::format("--dir: cannot make {}: {}", printable(folder), fault.message()));
}

void write_file(std::string const& path, std::string_view content) {
  AsideFile file{path};
  file.write(content);
  file.commit();
}

Endpoint measure(std::string_view name, std::uint16_t port, std::string const& ca_file, std::stop_token const& stop) {
  ScanOptions options;
  options.server_name = std::string{name};
  options.ca_file = ca_file;
  options.offline = true;
  std::vector<Endpoint> found = scan(parse_target(fmt::format("127.0.0.1:{}", port)), options, {}, stop);
  if (found.empty()) throw std::runtime_error("the scan ended without a result");
  return std::move(found.front());
}

std::string count_of(Assessment const& assessment, Verdict verdict) {
  std::size_t count = 0;
  for (Requirement const& each : assessment.requirements) count += each.verdict == verdict ? 1U : 0U;
  return std::to_string(count);
}

std::string side_by_side(Endpoint const& good, Endpoint const& bad) {
  auto const row = [](std::string_view label, std::string const& left, std::string const& right) {
    return fmt::format("  {:<14}{:<30}{}\n", label, left, right);
  };
  Assessment const& a = good.assessments.front();
  Assessment const& b = bad.assessments.front();
  auto const place = [](Endpoint const& each) { return fmt::format("{} :{}", each.target.server_name, each.target.port); };
  std::string text = row("", place(good), place(bad));
  text += row("verdict", std::string{name(a.verdict)}, std::string{name(b.verdict)});
  text += row("score", fmt::format("{} of 100, grade {}", a.score, a.grade), fmt::format("{} of 100, grade {}", b.score, b.grade));
  text += row("requirements", fmt::format("{} met, {} unmet", count_of(a, Verdict::pass), count_of(a, Verdict::fail)),
              fmt::format("{} met, {} unmet", count_of(b, Verdict::pass), count_of(b, Verdict::fail)));
  text += row("connections", std::to_string(good.cost.connections), std::to_string(bad.cost.connections));
  text += row("milliseconds", std::to_string(good.cost.duration_ms), std::to_string(bad.cost.duration_ms));
  return text;
}

std::string unmet(Endpoint const& endpoint) {
  std::string text = fmt::format("\nWhat {} does not meet:\n", endpoint.target.server_name);
  for (Requirement const& each : endpoint.assessments.front().requirements) {
    if (each.verdict == Verdict::fail) {
      text += fmt::format("  {:<9}{}: {}\n", name(each.severity), printable(each.title), printable(each.observed));
    }
  }
  return text;
}

std::string things_to_try(std::string const& folder, std::uint16_t good, std::uint16_t bad) {
  std::string const common = fmt::format("tlsgauge scan --ca-file {}/ca.pem", folder);
  return fmt::format(
      "\nBoth servers stay up. Try, in another terminal:\n"
      "  {0} --sni {1} 127.0.0.1:{2}\n"
      "  {0} --sni {3} 127.0.0.1:{4}\n"
      "  {0} --sni {3} -o json 127.0.0.1:{4} | tlsgauge evaluate - -p mozilla-modern\n"
      "  openssl s_client -connect 127.0.0.1:{2} -servername {1} -CAfile {5}/ca.pem\n"
      "Ctrl-C ends them.\n",
      common, kGoodName, good, kBadName, bad, folder);
}

}  // namespace

int demo_command(DemoCommand const& command) {
  make_folder(command.folder);
  std::string const ca_file = command.folder + "/ca.pem";
  std::string const json_file = command.folder + "/report.json";
  std::string const html_file = command.folder + "/report.html";
  crypto::Issued const authority = certificate("tlsgauge demo CA", "ecdsa", now() - 500 * kDay, now() + 500 * kDay, nullptr);
  write_file(ca_file, authority.certificate_pem);
  Outputs outputs{{{"json=" + json_file, "html=" + html_file}}};

  Interrupt interrupt;
  auto const good_server = start_good(authority);
  auto const bad_server = start_bad(authority);
  write_stdout(fmt::format("Two TLS servers on loopback: {} on port {}, {} on port {}.\n\n", kGoodName, good_server->port(), kBadName,
                           bad_server->port()));

  Document document = new_document({"demo"});
  document.endpoints.push_back(measure(kGoodName, good_server->port(), ca_file, interrupt.token()));
  document.endpoints.push_back(measure(kBadName, bad_server->port(), ca_file, interrupt.token()));
  Judges const judges{JudgeOptions{}};
  judges.assess(document);
  document.run.finished_at = rfc3339(now());
  document.run.interrupted = interrupt.exit_code() != 0;
  outputs.finish(document);

  Endpoint const& good = document.endpoints.front();
  Endpoint const& bad = document.endpoints.back();
  write_stdout(side_by_side(good, bad) + unmet(bad));
  write_stdout(fmt::format("\nReports, both servers in each:\n  {}\n  {}\n", json_file, html_file));
  if (command.keep && interrupt.exit_code() == 0) {
    write_stdout(things_to_try(command.folder, good_server->port(), bad_server->port()));
    interrupt.wait();
    return kMeets;
  }
  if (interrupt.exit_code() != 0) return interrupt.exit_code();
  if (good.assessments.front().verdict != Verdict::pass || bad.assessments.front().verdict != Verdict::fail) {
    say_why("the demo's verdicts are not the expected pass and fail");
    return kFault;
  }
  return kMeets;
}

}  // namespace tlsgauge::cli
