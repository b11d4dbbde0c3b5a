#include "probes/all.hpp"

namespace tlsgauge::probes {

extern audit::Probe const protocols, cipher_suites, groups, dh_parameters, certificates, post_quantum, http, handshakes, sessions,
    renegotiation;

namespace {

constexpr audit::Probe const* kAll[] = {&protocols,    &cipher_suites, &groups,     &dh_parameters, &certificates,
                                        &post_quantum, &http,          &handshakes, &sessions,      &renegotiation};

}  // namespace

std::span<audit::Probe const* const> all() { return kAll; }

}  // namespace tlsgauge::probes
