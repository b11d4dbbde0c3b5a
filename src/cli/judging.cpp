#include "cli/judging.hpp"

namespace tlsgauge::cli {

Judges::Judges(JudgeOptions const& options) : gate_(parse_gate(options.fail_on)) {
  if (options.profiles.empty()) profiles_.push_back(load_profile("nginx-recommended"));
  for (std::string const& name : options.profiles) profiles_.push_back(load_profile(name));
}

void Judges::assess(Endpoint& endpoint) const {
  endpoint.assessments.clear();
  for (Profile const& profile : profiles_) endpoint.assessments.push_back(evaluate(profile, endpoint, gate_.fail_on));
}

}  // namespace tlsgauge::cli
