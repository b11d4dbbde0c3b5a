#include "probes/all.hpp"

namespace tlsgauge::probes {

extern audit::Probe const protocols, cipher_suites, groups, dh_parameters, certificates, post_quantum, http, handshakes, fingerprints;
extern audit::Probe const curves;

namespace {

constexpr audit::Probe const* kAll[] = {&protocols, &cipher_suites, &groups, &dh_parameters, &certificates,
                                        &curves,    &post_quantum,  &http,   &handshakes,    &fingerprints};

}  // namespace

std::span<audit::Probe const* const> all() { return kAll; }

}  // namespace tlsgauge::probes
