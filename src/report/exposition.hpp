#pragma once
// Prometheus' text exposition format 0.0.4: families in order, each series once, no timestamps (node_exporter's textfile collector
// refuses them). https://prometheus.io/docs/instrumenting/exposition_formats/

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tlsgauge::report {

using Labels = std::vector<std::pair<std::string_view, std::string>>;

class Exposition {
 public:
  /// A gauge. `name` and the names of labels are ours and well-formed; families stand in the order of this call.
  void family(std::string_view name, std::string_view help);

  /// A sample of a declared family. Values of labels may be anything: they become printable, are cut at 16,000 octets and escaped. A series
  /// that is there already keeps its first value.
  void add(std::string_view name, Labels const& labels, std::int64_t value);
  void add(std::string_view name, Labels const& labels, double value);  ///< nothing where it is not finite

  /// Families without a sample are left out.
  [[nodiscard]] std::string text() const;

 private:
  struct Family {
    std::string_view name;
    std::string_view help;
    std::string samples;
    std::set<std::string> series;
  };
  void add_text(std::string_view name, Labels const& labels, std::string const& value);

  std::vector<Family> families_;
};

}  // namespace tlsgauge::report
