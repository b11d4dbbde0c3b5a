#pragma once
// Lines of several runs in one file: which of them count, and whether all are there.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "tlsgauge/result.hpp"

namespace tlsgauge::report {

/// A run is known by when it began and its arguments. Of one endpoint (the same `identity` and address) the line of the run that began
/// last counts; of lines that cannot be told apart by time the one that fails. Where a later run of the same command found a name at
/// another address, the name moved, and the line of the former address is left out; other arguments (-6) may have asked for other
/// addresses, and a run that went on at the same time may have been elsewhere, so that both stay. Each endpoint is ordered by itself: by
/// time where all its lines have one, else as they stand in the file.
class JoinedRuns {
 public:
  /// The next line of the file is of that run.
  void add(Run const& run);
  [[nodiscard]] bool empty() const { return lines_.empty(); }

  /// Once all lines are there, in the order of `add`: puts the document's endpoints in order, so that what counts of an endpoint is the
  /// last of it, without those whose names moved, of which a warning says so. Says of its run for how many endpoints it is (`targets`) and
  /// whether any may be missing (`interrupted`, which stays where it is set): a run that was cut short, but not where nothing of it counts
  /// since the same command ran to its end later.
  void settle(Document& document);

 private:
  struct Line {
    std::size_t run = 0;
    std::optional<Moment> finished;
  };
  struct Each {
    std::size_t command = 0;  ///< number in `arguments_` of its arguments without -o and --evidence
    std::optional<Moment> started;
    std::optional<Moment> finished;
    std::size_t last_line = 0;
    std::uint64_t targets = 0;
    std::uint64_t endpoints = 0;  ///< different ones, as a scan counts its targets
    bool interrupted = false;
    bool counts = false;  ///< one of its lines does
  };
  enum class Role { counts, superseded, moved };
  using When = std::pair<Moment, Moment>;

  [[nodiscard]] std::optional<When> when(Line const& line) const;
  [[nodiscard]] static std::optional<When> when(Each const& run);
  [[nodiscard]] static bool is_complete(Each const& run) { return !run.interrupted && run.endpoints >= run.targets; }

  /// By whole seconds: runs of which the one began as the other ended do not.
  [[nodiscard]] static bool overlap(Each const& earlier, Each const& later);

  void count_endpoints(std::vector<Endpoint> const& endpoints);
  /// Orders those of one identity among themselves.
  [[nodiscard]] std::vector<Role> assign_roles(std::vector<Endpoint> const& endpoints, std::vector<std::size_t>& order);
  void assign_one(std::vector<Endpoint> const& endpoints, std::vector<std::size_t>& lines, std::vector<Role>& roles) const;
  void say_what_is_missing(Document& document) const;
  void put_in_order(std::vector<std::size_t>& order) const;

  std::map<std::vector<std::string>, std::size_t> arguments_;
  std::map<std::pair<std::string, std::size_t>, std::size_t> numbers_;  ///< of runs, by when they began and their arguments
  std::vector<Each> runs_;
  std::vector<Line> lines_;
};

}  // namespace tlsgauge::report
