#include "probes/chain_shape.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "crypto/certificate.hpp"

namespace tlsgauge::probes {
namespace {

/// Names decide, as they do for clients that put a path together; signatures are for verification to check.
struct Member {
  bool read = false;
  bool self_issued = false;
  bool duplicate = false;
  std::string subject;
  std::string issuer;
};

Value array_of(std::vector<std::size_t> const& places) {
  Value list = Value::array();
  for (std::size_t const place : places) list.push_back(static_cast<std::int64_t>(place));
  return list;
}

/// From the end entity upwards: who issued whom, each once.
std::vector<std::size_t> path(std::vector<Member> const& members) {
  std::vector<std::size_t> places{0};
  while (members[places.back()].read && !members[places.back()].self_issued) {
    std::optional<std::size_t> next;
    for (std::size_t i = 0; i < members.size() && !next; ++i) {
      bool const fits = members[i].read && !members[i].duplicate && members[i].subject == members[places.back()].issuer;
      if (fits && std::find(places.begin(), places.end(), i) == places.end()) next = i;
    }
    if (!next) break;
    places.push_back(*next);
  }
  return places;
}

/// All that lie on some way upwards: intermediates of one name that are signed by several are ways of their own.
std::vector<bool> ancestors(std::vector<Member> const& members) {
  std::vector<bool> reached(members.size(), false);
  std::vector<std::size_t> waiting{0};
  reached.at(0) = true;
  while (!waiting.empty()) {
    Member const& below = members[waiting.back()];
    waiting.pop_back();
    if (!below.read || below.self_issued) continue;
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (reached[i] || !members[i].read || members[i].duplicate || members[i].subject != below.issuer) continue;
      reached[i] = true;
      waiting.push_back(i);
    }
  }
  return reached;
}

}  // namespace

Value chain_shape(std::vector<Bytes> const& certificates) {
  std::vector<Member> members(certificates.size());
  std::vector<std::size_t> duplicates;
  std::vector<std::size_t> unparsable;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (std::find(certificates.begin(), certificates.begin() + static_cast<std::ptrdiff_t>(i), certificates[i]) !=
        certificates.begin() + static_cast<std::ptrdiff_t>(i)) {
      members[i].duplicate = true;
      duplicates.push_back(i);
      continue;
    }
    Result<crypto::Certificate> const read = crypto::read_certificate(certificates[i]);
    if (!read) {
      unparsable.push_back(i);
      continue;
    }
    members[i].read = true;
    members[i].self_issued = read->self_issued;
    members[i].subject = read->subject;
    members[i].issuer = read->issuer;
  }
  std::vector<std::size_t> const used = members.empty() ? std::vector<std::size_t>{} : path(members);
  std::vector<bool> const reached = members.empty() ? std::vector<bool>{} : ancestors(members);
  std::vector<std::size_t> superfluous;
  bool anchor = false;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (members[i].read && !members[i].duplicate && !reached[i]) superfluous.push_back(i);
    anchor = anchor || (i > 0 && reached[i] && members[i].self_issued);
  }
  Value out = Value::object();
  out.set("in_order", std::is_sorted(used.begin(), used.end()))
      .set("duplicates", array_of(duplicates))
      .set("superfluous", array_of(superfluous))
      .set("anchor_sent", anchor)
      .set("unparsable", array_of(unparsable));
  return out;
}

}  // namespace tlsgauge::probes
