#include "wire/writer.hpp"

namespace tlsgauge::wire {

// Out of line: inlined into a short message, g++ 12 takes the copy for one past its end (-Warray-bounds, a false alarm).
void Writer::bytes(ByteView v) { out_.insert(out_.end(), v.begin(), v.end()); }

}  // namespace tlsgauge::wire
