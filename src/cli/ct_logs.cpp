#include "cli/ct_logs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "cli/exit_code.hpp"
#include "cli/output.hpp"
#include "crypto/base64.hpp"
#include "report/json_value.hpp"

namespace tlsgauge::cli {
namespace {

constexpr std::size_t kMaxOctets = std::size_t{16} << 20;
constexpr std::string_view kStates[] = {"pending", "qualified", "usable", "readonly", "retired", "rejected"};

class Reader {
 public:
  Reader(std::string_view text, std::string const& source) : text_(text), source_(source) {}

  std::vector<CtLog> read(Value const& list) {
    Value const* const operators = list.find("operators");
    if (operators == nullptr || !operators->is_array()) fail("operators", "an array of operators is missing");
    for (std::size_t i = 0; i < operators->items().size(); ++i) {
      std::string const where = fmt::format("operators[{}]", i);
      Value const& one = operators->items()[i];
      std::string const name = text_of(one, where, "name");
      for (std::string_view const key : {"logs", "tiled_logs"}) {
        Value const& logs = one[key];
        if (!logs.is_null() && !logs.is_array()) fail(fmt::format("{}.{}", where, key), "not an array");
        for (std::size_t j = 0; j < logs.items().size(); ++j) add(logs.items()[j], name, fmt::format("{}.{}[{}]", where, key, j));
      }
    }
    if (logs_.empty()) fail("operators", "no log is listed");
    return std::move(logs_);
  }

 private:
  [[noreturn]] void fail(std::string const& field, std::string_view what) const {
    throw UsageError(fmt::format("{}:{}: {}: {}", source_, report::line_of(text_, field), field, what));
  }

  std::string text_of(Value const& object, std::string const& where, std::string_view key) const {
    Value const& found = object[key];
    if (!found.is_string() || found.as_string().empty()) fail(fmt::format("{}.{}", where, key), "a string is missing");
    return found.as_string();
  }

  void add(Value const& entry, std::string const& operated_by, std::string const& where) {
    CtLog log;
    log.operated_by = operated_by;
    log.description = entry["description"].as_string();
    auto key = crypto::from_base64(text_of(entry, where, "key"));
    if (!key) fail(where + ".key", "not base64");
    log.key = std::move(*key);
    Value const& state = entry["state"];
    if (!state.is_null() && (!state.is_object() || state.members().size() != 1)) fail(where + ".state", "not an object with one state");
    for (auto const& [name, about] : state.members()) {
      if (std::find(std::begin(kStates), std::end(kStates), name) == std::end(kStates)) {
        fail(where + ".state", fmt::format("'{}' is no state of a log", printable(name.substr(0, 40))));
      }
      log.state = name;
      log.state_since = parse_rfc3339(about["timestamp"].as_string());
      if (!log.state_since) fail(where + ".state", "without a timestamp in RFC 3339");
    }
    logs_.push_back(std::move(log));
  }

  std::string_view text_;
  std::string const& source_;
  std::vector<CtLog> logs_;
};

}  // namespace

std::vector<CtLog> parse_ct_logs(std::string_view text, std::string const& source) {
  if (text.size() > kMaxOctets) throw UsageError(fmt::format("{}: larger than 16 MiB", source));
  try {
    std::vector<report::JsonText> const values = report::parse_json(text);
    if (values.size() != 1) throw UsageError(fmt::format("{}: one JSON object is expected", source));
    return Reader{text, source}.read(values.front().value);
  } catch (report::Fault const& fault) {
    std::size_t const line = fault.line != 0 ? fault.line : report::line_of(text, fault.field);
    throw UsageError(fmt::format("{}:{}: {}{}{}", source, line, fault.field, fault.field.empty() ? "" : ": ", fault.what));
  }
}

std::shared_ptr<std::vector<CtLog> const> read_ct_logs(std::string const& path) {
  return std::make_shared<std::vector<CtLog> const>(parse_ct_logs(read_input(path), printable(path)));
}

}  // namespace tlsgauge::cli
