// A result file back into a Document. Members that this version does not know are left out; what it knows must be of its type.

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "report/joined_runs.hpp"
#include "report/json_value.hpp"
#include "report/line_reader.hpp"
#include "tlsgauge/report.hpp"
#include "tlsgauge/version.hpp"

namespace tlsgauge {
namespace {

using report::Fault;

/// A value and the way to it.
class Field {
 public:
  Field(Value const& value, std::string path) : value_(&value), path_(std::move(path)) {}

  [[nodiscard]] Value const& value() const { return *value_; }
  [[noreturn]] void fail(std::string what) const { throw Fault{0, path_, std::move(what)}; }

  void must_be_object() const {
    if (!value_->is_object()) fail("an object was expected");
  }
  /// The member of that name, which must be there.
  [[nodiscard]] Field at(std::string_view key) const {
    Value const* const found = value_->find(key);
    if (!found) child(key).fail("is missing");
    return {*found, child(key).path_};
  }
  [[nodiscard]] bool has(std::string_view key) const { return value_->find(key) && !value_->find(key)->is_null(); }

  [[nodiscard]] std::string const& text() const {
    if (!value_->is_string()) fail("text was expected");
    return value_->as_string();
  }
  [[nodiscard]] std::string text_or_null() const { return value_->is_null() ? std::string{} : text(); }
  [[nodiscard]] bool boolean() const {
    if (!value_->is_bool()) fail("true or false was expected");
    return value_->as_bool();
  }
  [[nodiscard]] std::int64_t integer(std::int64_t least, std::int64_t most) const {
    if (!value_->is_int()) fail("a whole number was expected");
    std::int64_t const number = value_->as_int();
    if (number < least || number > most) fail(fmt::format("{} is not between {} and {}", number, least, most));
    return number;
  }
  [[nodiscard]] double number() const {
    if (!value_->is_number()) fail("a number was expected");
    return value_->as_double();
  }
  template <class Convert>
  [[nodiscard]] auto list(Convert convert) const {
    if (!value_->is_array()) fail("a list was expected");
    std::vector<decltype(convert(*this))> out;
    out.reserve(value_->items().size());
    for (Value const& item : value_->items()) out.push_back(convert(Field{item, fmt::format("{}[{}]", path_, out.size())}));
    return out;
  }
  /// A word that `known` understands.
  template <class From>
  [[nodiscard]] auto word(From known) const {
    auto const found = known(text());
    if (!found) fail(fmt::format("'{}' is not known to this version", printable(std::string_view{text()}.substr(0, 60))));
    return *found;
  }

 private:
  [[nodiscard]] Field child(std::string_view key) const {
    return {*value_, path_.empty() ? std::string{key} : fmt::format("{}.{}", path_, key)};
  }

  Value const* value_;
  std::string path_;
};

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

std::string text(Field const& f) { return f.text(); }
std::uint64_t amount(Field const& f) { return static_cast<std::uint64_t>(f.integer(0, kMost)); }
int percent(Field const& f) { return static_cast<int>(f.integer(0, 100)); }

Target target(Field const& f) {
  f.must_be_object();
  Target out;
  out.input = f.at("input").text();
  out.host = f.at("host").text();
  out.port = static_cast<std::uint16_t>(f.at("port").integer(0, 65535));
  out.address = f.at("address").text_or_null();
  out.server_name = f.at("server_name").text_or_null();
  out.transport = f.at("transport").text();
  out.starttls = f.at("starttls").text_or_null();
  if (f.has("listed_at")) {
    Field const listed = f.at("listed_at");
    listed.must_be_object();
    out.list_file = listed.at("file").text();
    out.list_line = amount(listed.at("line"));
  }
  return out;
}

Cost cost(Field const& f) {
  f.must_be_object();
  return {amount(f.at("connections")), amount(f.at("bytes_sent")), amount(f.at("bytes_received")), amount(f.at("duration_ms"))};
}

Fix fix(Field const& f) {
  f.must_be_object();
  return {f.at("server").text(), f.at("text").text()};
}

WaiverNote waiver(Field const& f) {
  f.must_be_object();
  return {.id = f.at("id").text(),
          .reason = f.at("reason").text(),
          .approved_by = f.at("approved_by").text(),
          .ticket = f.at("ticket").text_or_null(),
          .created = f.at("created").text_or_null(),
          .expires = f.at("expires").text(),
          .expired = f.at("expired").boolean()};
}

Cause cause(Field const& f) {
  f.must_be_object();
  Cause out;
  out.kind = f.at("kind").word(cause_kind_from);
  out.key = f.at("key").text();
  out.label = f.has("label") ? f.at("label").text() : out.key;
  if (f.has("subject")) out.subject = f.at("subject").text();
  if (f.has("fact")) {
    out.fact = f.at("fact").text();
    out.amount = f.at("amount").number();
    out.off = f.at("off").number();
  }
  return out;
}

Requirement requirement(Field const& f) {
  f.must_be_object();
  Requirement out;
  out.id = f.at("id").text();
  out.title = f.at("title").text();
  out.severity = f.at("severity").word(severity_from);
  out.verdict = f.at("verdict").word(verdict_from);
  out.expected = f.at("expected").text();
  out.observed = f.at("observed").text();
  out.why = f.at("why").text();
  out.fix = f.at("fix").list(fix);
  out.references = f.at("references").list(text);
  if (f.has("waiver")) out.waiver = f.at("waiver").text();
  if (f.has("waived_by")) out.waived_by = waiver(f.at("waived_by"));
  if (f.has("causes")) {
    constexpr std::size_t kMaxCauses = 4096;
    if (f.at("causes").value().items().size() > kMaxCauses) f.at("causes").fail(fmt::format("more than {}", kMaxCauses));
    out.causes = f.at("causes").list(cause);
  }
  if (f.has("more_possible")) out.more_possible = f.at("more_possible").boolean();
  if (f.has("baseline")) out.baseline = f.at("baseline").word(baseline_from);
  if (f.has("points_lost")) out.points_lost = f.at("points_lost").number();
  return out;
}

ScorePart part(Field const& f) {
  f.must_be_object();
  ScorePart out;
  out.name = f.at("name").text();
  out.weight = f.at("weight").number();
  out.score = f.at("score").number();
  if (f.has("grade")) out.grade = f.at("grade").text();
  out.basis = f.at("basis").text();
  return out;
}

GradeCap cap(Field const& f) {
  f.must_be_object();
  GradeCap out;
  out.grade = f.at("grade").text();
  out.reason = f.at("reason").text();
  if (f.has("reference")) out.reference = f.at("reference").text();
  return out;
}

std::optional<Verdict> endpoint_verdict(std::string_view word) {
  std::optional<Verdict> const verdict = verdict_from(word);
  if (verdict == Verdict::waived || verdict == Verdict::not_applicable) return std::nullopt;
  return verdict;
}

Assessment assessment(Field const& f) {
  f.must_be_object();
  Assessment out;
  Field const profile = f.at("profile");
  profile.must_be_object();
  out.profile = {profile.at("name").text(), profile.at("version").text(), profile.at("source").text()};
  out.verdict = f.at("verdict").word(endpoint_verdict);
  out.score = percent(f.at("score"));
  out.grade = f.at("grade").text();
  if (f.has("coverage")) out.coverage = percent(f.at("coverage"));
  if (f.has("with_waivers")) {
    Field const standing = f.at("with_waivers");
    standing.must_be_object();
    out.with_waivers = {.score = percent(standing.at("score")), .grade = standing.at("grade").text()};
  }
  if (f.has("model")) out.model = f.at("model").text();
  if (f.has("parts")) out.parts = f.at("parts").list(part);
  if (f.has("caps")) out.caps = f.at("caps").list(cap);
  out.requirements = f.at("requirements").list(requirement);
  return out;
}

ErrorNote note(Field const& f) {
  f.must_be_object();
  return {f.at("where").text(), f.at("what").text()};
}

/// What is said of a version that nobody knows would be passed over in silence.
void protocol(Field const& f) {
  constexpr std::string_view kKnown[] = {"SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"};
  if (std::find(std::begin(kKnown), std::end(kKnown), f.text()) == std::end(kKnown)) f.fail("is none of SSLv2, SSLv3, TLSv1.0 to TLSv1.3");
}

void flag_or_null(Field const& f, std::string_view key) {
  if (f.has(key)) (void)f.at(key).boolean();
}

/// The keys that the readers of facts go through must hold what they look for; a question from a later version may hold anything.
Value facts(Field const& f) {
  f.must_be_object();
  if (f.has("protocols")) {
    (void)f.at("protocols").list([](Field const& item) {
      item.must_be_object();
      protocol(item.at("name"));
      return item.at("support").text().size();
    });
  }
  if (f.has("cipher_suites")) {
    (void)f.at("cipher_suites").list([](Field const& item) {
      item.must_be_object();
      protocol(item.at("protocol"));
      flag_or_null(item, "aead");
      flag_or_null(item, "forward_secrecy");
      flag_or_null(item, "export");
      return item.at("code").text().size() + item.at("name").text().size();
    });
  }
  for (std::string_view const key : {"protocols", "cipher_suites", "cipher_order", "groups", "certificates", "handshakes"}) {
    if (!f.value().find(key)) continue;
    (void)f.at(key).list([](Field const& item) {
      item.must_be_object();
      return true;
    });
  }
  for (std::string_view const key : {"http", "group_order"}) {
    if (f.value().find(key)) f.at(key).must_be_object();
  }
  return f.value();
}

Endpoint endpoint(Field const& f) {
  f.must_be_object();
  Endpoint out;
  out.target = target(f.at("target"));
  out.status = f.at("status").word(status_from);
  out.cost = cost(f.at("cost"));
  out.facts = facts(f.at("facts"));
  if (f.has("assessments")) out.assessments = f.at("assessments").list(assessment);
  if (f.has("errors")) out.errors = f.at("errors").list(note);
  return out;
}

Tool tool(Field const& f) {
  f.must_be_object();
  return {f.at("name").text(), f.at("version").text(), f.at("openssl").text_or_null()};
}

Run run(Field const& f) {
  f.must_be_object();
  Run out;
  out.started_at = f.at("started_at").text_or_null();
  out.finished_at = f.at("finished_at").text_or_null();
  out.arguments = f.at("arguments").list(text);
  if (f.has("interrupted")) out.interrupted = f.at("interrupted").boolean();
  if (f.has("targets")) out.targets = amount(f.at("targets"));
  if (f.has("warnings")) out.warnings = f.at("warnings").list(text);
  return out;
}

void check_schema(Field const& root) {
  Field const schema = root.at("schema");
  if (schema.text() != kSchema) {
    schema.fail(fmt::format("{} is not known to this version", printable(std::string_view{schema.text()}.substr(0, 60))));
  }
}

void read_whole(Field const& root, Document& out) {
  out.tool = tool(root.at("tool"));
  out.run = run(root.at("run"));
  out.endpoints = root.at("endpoints").list(endpoint);
  if (out.endpoints.size() < out.run.targets) out.run.interrupted = true;
}

std::string too_large(ReadLimits const& limits) {
  return fmt::format("larger than {} MiB, the most of one JSON document; a result of JSON lines (-o jsonl) may be larger",
                     limits.document >> 20);
}

std::string too_long(ReadLimits const& limits) { return fmt::format("a line of more than {} MiB", limits.line >> 20); }

bool is_before(std::string const& a, std::string const& b) {
  auto const first = parse_rfc3339(a);
  auto const second = parse_rfc3339(b);
  return first && second && *first < *second;
}

/// Lines of several runs may have been joined: the run then spans them all.
void read_line(Field const& root, bool first, Document& out, report::JoinedRuns& runs) {
  Run line = run(root.at("run"));
  runs.add(line);
  if (first) {
    out.tool = tool(root.at("tool"));
    out.run = std::move(line);
    out.run.interrupted = false;  // of which runs it matters is known at the end
  } else {
    if (is_before(line.started_at, out.run.started_at)) out.run.started_at = std::move(line.started_at);
    if (!is_before(line.finished_at, out.run.finished_at)) out.run.finished_at = std::move(line.finished_at);
    for (std::string& warning : line.warnings) {
      if (std::ranges::find(out.run.warnings, warning) == out.run.warnings.end()) out.run.warnings.push_back(std::move(warning));
    }
  }
  out.endpoints.push_back(endpoint(root));
}

bool is_whole(report::JsonText const& part) { return part.value.find("endpoints") != nullptr; }

/// A document, or JSON lines, from as many texts as it comes in.
class Reader {
 public:
  explicit Reader(ReadLimits const& limits) : limits_(limits) { out_.schema = kSchema; }

  [[nodiscard]] bool has_any() const { return parts_ > 0; }

  /// Throws Fault with the line within the text.
  void take(std::string_view text) {
    report::parse_json(text, [&](report::JsonText const& part) {
      try {
        read(part);
      } catch (Fault& fault) {
        if (fault.line == 0) fault.line = part.line - 1 + report::line_of(part.text, fault.field);
        throw;
      }
    });
  }

  /// The last line, of which a writer that was killed may have written the beginning only.
  void take_last(std::string_view line) {
    constexpr std::string_view kBeginning = R"({"schema":)";
    try {
      report::parse_json(line, [](report::JsonText&&) {});
    } catch (Fault const&) {
      if (!line.starts_with(kBeginning.substr(0, line.size()))) throw;
      if (whole_) throw Fault{1, "", "text follows the document"};
      out_.run.interrupted = true;
      return;
    }
    take(line);
  }

  Document finish() {
    if (!runs_.empty()) runs_.settle(out_);
    return std::move(out_);
  }

 private:
  void read(report::JsonText const& part) {
    Field const root{part.value, ""};
    check_schema(root);
    bool const first = parts_++ == 0;
    if (is_whole(part)) {
      if (!first) throw Fault{part.line, "", "a second document follows the first"};
      whole_ = true;
      read_whole(root, out_);
    } else {
      if (whole_) throw Fault{part.line, "", "text follows the document"};
      if (part.text.size() > limits_.line) throw Fault{part.line, "", too_long(limits_)};
      read_line(root, first, out_, runs_);
    }
    if (out_.endpoints.size() > limits_.endpoints) throw Fault{part.line, "", fmt::format("more than {} endpoints", limits_.endpoints)};
  }

  ReadLimits limits_;
  Document out_;
  report::JoinedRuns runs_;
  std::size_t parts_ = 0;
  bool whole_ = false;
};

/// Some writers (PowerShell's `>`) put one before the text, which may have been joined with others.
void without_byte_order_mark(std::string& text, bool first) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.starts_with(kMark)) text.erase(0, kMark.size());
  bool const wide = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") || text.substr(0, 2).find('\0') != std::string::npos;
  if (first && wide) throw Fault{1, "", "it is not UTF-8, but UTF-16 or UTF-32 (PowerShell's > writes that)"};
}

/// `line`: how many lines came before the text that is being read.
Document read(TextSource const& source, ReadLimits const& limits, std::size_t& line) {
  using Outcome = report::LineReader::Outcome;
  report::LineReader lines{source};
  Reader reader{limits};
  std::string text;
  for (;; ++line) {
    Outcome const outcome = lines.next(text, reader.has_any() ? limits.line : limits.document);
    if (outcome == Outcome::too_large) throw Fault{1, "", reader.has_any() ? too_long(limits) : too_large(limits)};
    if (outcome == Outcome::end) break;
    without_byte_order_mark(text, line == 0);
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) continue;
    if (reader.has_any()) {
      bool const ends = text.ends_with('\n');
      if (ends) text.pop_back();
      ends ? reader.take(text) : reader.take_last(text);
      continue;
    }
    try {
      reader.take(text);
    } catch (Fault const& fault) {
      if (!fault.cut) throw;
      if (!lines.rest(text, limits.document)) throw Fault{1, "", too_large(limits)};
      reader = Reader{limits};  // some of that line may have been read
      reader.take(text);
      break;
    }
  }
  if (!reader.has_any()) {
    line = 0;
    throw Fault{1, "", "the file is empty"};
  }
  return reader.finish();
}

}  // namespace

Document read_document(TextSource const& text, std::string const& source, ReadLimits const& limits) {
  std::size_t before = 0;
  try {
    return read(text, limits, before);
  } catch (Fault const& fault) {
    throw DocumentError(
        fmt::format("{}:{}: {}: {}", printable(source), before + fault.line, fault.field.empty() ? "document" : fault.field, fault.what));
  }
}

Document read_document(std::string_view text, std::string const& source, ReadLimits const& limits) {
  auto const next = [&text](char* to, std::size_t size) {
    std::size_t const length = text.copy(to, size);
    text.remove_prefix(length);
    return length;
  };
  return read_document(TextSource{next}, source, limits);
}

}  // namespace tlsgauge
