#include "tlsgauge/scan.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "base/text.hpp"
#include "crypto/trust_store.hpp"
#include "crypto/verify.hpp"
#include "net/dns.hpp"
#include "net/url.hpp"
#include "probes/all.hpp"
#include "scan/plan.hpp"
#include "scan/scanner.hpp"

namespace tlsgauge {
namespace {

/// Master-file lines, of which one at least is a DS or DNSKEY (RFC 4034); libunbound itself would only find no answer trustworthy.
void check_anchor(std::string const& path) {
  constexpr std::size_t kMostOctets = 64 * 1024;
  std::error_code bad;
  if (!std::filesystem::is_regular_file(path, bad)) {
    throw std::invalid_argument(fmt::format("the trust anchor \"{}\" is no file that can be read", printable(path)));
  }
  std::ifstream file{path, std::ios::binary};
  std::string content(kMostOctets, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(file.gcount()));
  for (std::string_view const line : split(content, '\n')) {
    if (trim(line).starts_with(';')) continue;
    for (std::string_view const word : split(line, ' ')) {
      for (std::string_view const part : split(word, '\t')) {
        if (part == "DS" || part == "DNSKEY") return;
      }
    }
  }
  throw std::invalid_argument(fmt::format("the trust anchor \"{}\" holds neither a DS nor a DNSKEY record", printable(path)));
}

/// Throws std::invalid_argument for what cannot be served.
void check(ScanOptions const& options) {
  if (options.timeout <= std::chrono::milliseconds{0}) throw std::invalid_argument("the timeout must be positive");
  if (!(options.rate >= 0)) throw std::invalid_argument("the rate must not be negative");
  if (options.server_name && !options.server_name->empty()) {
    std::string const& name = *options.server_name;
    if (net::is_address(name)) {
      throw std::invalid_argument(fmt::format("\"{}\" is an address; the server_name extension holds host names only", printable(name)));
    }
    if (Result<std::string> const labels = net::to_a_labels(name); !labels) {
      throw std::invalid_argument(fmt::format("\"{}\" is no server name: {}", printable(name), labels.error().detail));
    }
  }
  if (!options.connect_host.empty() && !net::is_address(options.connect_host)) {
    if (Result<std::string> const labels = net::to_a_labels(options.connect_host); !labels) {
      throw std::invalid_argument(fmt::format("cannot connect to \"{}\": {}", printable(options.connect_host), labels.error().detail));
    }
  }
  std::vector<std::string> const stores = options.trust_stores.empty() ? std::vector<std::string>{"system"} : options.trust_stores;
  for (std::string const& name : stores) {
    if (auto const store = crypto::TrustStore::load(name, options.ca_file); !store) throw std::invalid_argument(store.error().detail);
  }
  if (!options.dns_server.empty() && !net::is_dns_server(options.dns_server)) {
    throw std::invalid_argument(
        fmt::format("\"{}\" is no DNS server: an address is needed, or address@port", printable(options.dns_server)));
  }
  if (!options.dns_anchor.empty() && options.dns_anchor != "/dev/null") check_anchor(options.dns_anchor);
}

}  // namespace

std::vector<ProbeSummary> list_probes() {
  std::vector<ProbeSummary> list;
  for (audit::Probe const* const probe : probes::all()) {
    std::vector<std::string> references;
    for (audit::Citation const& citation : probe->citations) references.push_back(fmt::format("{} {}", citation.document, citation.place));
    list.push_back({probe->id, probe->question, probe->connections, probe->on_request, join(references, ", ")});
  }
  return list;
}

std::vector<Endpoint> scan(std::vector<Target> const& targets, ScanOptions const& options, ScanEvents const& events, std::stop_token stop) {
  scanning::Plan const plan = scanning::make_plan(probes::all(), options.only, options.skip, options.also);
  check(options);
  ScanOptions exact = options;
  if (exact.server_name && !exact.server_name->empty()) exact.server_name = net::to_a_labels(*exact.server_name).value();
  scanning::Scanner scanner{targets, exact, events, plan};
  return scanner.run(stop);
}

}  // namespace tlsgauge
