#include "probes/all.hpp"

namespace tlsgauge::probes {

#define X(probe) extern audit::Probe const probe;
#include "probes/probes.inc"
#undef X

namespace {

constexpr audit::Probe const* kAll[] = {
#define X(probe) &probe,
#include "probes/probes.inc"
#undef X
};

}  // namespace

std::span<audit::Probe const* const> all() { return kAll; }

}  // namespace tlsgauge::probes
