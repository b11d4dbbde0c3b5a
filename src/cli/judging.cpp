#include "cli/judging.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "policy/server_config/promise.hpp"

namespace tlsgauge::cli {

Judges::Judges(JudgeOptions const& options) : gate_(parse_gate(options.fail_on)), expected_(options.expected) {
  bool const drift = !expected_.file.empty();
  if (!drift && !(expected_.server + expected_.server_version + expected_.openssl_version).empty()) {
    throw UsageError("--server, --server-version and --openssl-version say how --expect-config is read, which is not there");
  }
  if (options.profiles.empty() && !drift) profiles_.push_back(load_profile("nginx-recommended"));
  for (std::string const& name : options.profiles) profiles_.push_back(load_profile(name));
  if (!drift) return;
  file_ = read_server_file(expected_);
  expect_startable(*file_, expected_.file);
  if (file_->config.hosts.empty()) throw UsageError(fmt::format("{}: no host there serves TLS", printable(expected_.file)));
  for (policy::VirtualHost const& host : file_->config.hosts) {
    promises_.push_back(parse_profile(promised_profile(host, expected_, *file_), expected_.file));
  }
}

void Judges::assess(Endpoint& endpoint) const {
  endpoint.assessments.clear();
  for (Profile const& profile : profiles_) endpoint.assessments.push_back(evaluate(profile, endpoint, gate_.fail_on));
  if (file_) endpoint.assessments.push_back(assess_drift(endpoint));
}

Assessment Judges::assess_drift(Endpoint& endpoint) const {
  std::string const& name = endpoint.target.server_name.empty() ? endpoint.target.host : endpoint.target.server_name;
  policy::HostChoice const choice = policy::choose_host(file_->config, name, endpoint.target.port);
  if (choice.host != nullptr) {
    auto const index = static_cast<std::size_t>(choice.host - file_->config.hosts.data());
    return evaluate(promises_.at(index), endpoint, gate_.fail_on);
  }
  Assessment none;
  none.profile = {.name = "promised", .version = "1", .source = expected_.file};
  none.verdict = Verdict::inconclusive;
  none.grade = "F";
  none.coverage = 0;
  std::string const what = fmt::format("{} promises nothing of {}: {}", expected_.file, name, choice.note);
  auto const told = [&](ErrorNote const& error) { return error.where == "expect-config" && error.what == what; };
  if (std::ranges::none_of(endpoint.errors, told)) endpoint.errors.push_back({.where = "expect-config", .what = what});
  return none;
}

}  // namespace tlsgauge::cli
