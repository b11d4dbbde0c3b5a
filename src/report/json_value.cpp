#include "report/json_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace tlsgauge::report {
namespace {

/// Reads octets and keeps the place in `*at`, which the parser itself does not tell its handler.
class Cursor {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = char const*;
  using reference = char const&;

  Cursor(char const* p, char const** at) : p_(p), at_(at) {}
  reference operator*() const { return *p_; }
  Cursor& operator++() {
    ++p_;
    *at_ = p_;
    return *this;
  }
  Cursor operator++(int) {
    Cursor const before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(Cursor const& a, Cursor const& b) { return a.p_ == b.p_; }
  friend bool operator!=(Cursor const& a, Cursor const& b) { return a.p_ != b.p_; }

 private:
  char const* p_;
  char const** at_;
};

/// Where the parser is: a path of members and indices.
class Path {
 public:
  [[nodiscard]] std::size_t depth() const { return steps_.size(); }
  void enter(bool array) { steps_.push_back({array, 0, {}}); }
  void leave() { steps_.pop_back(); }
  void key(std::string name) { steps_.back().key = std::move(name); }
  void count() {
    if (!steps_.empty()) ++steps_.back().index;
  }
  [[nodiscard]] std::string text() const {
    std::string out;
    for (Step const& step : steps_) {
      if (step.array) {
        out += fmt::format("[{}]", step.index == 0 ? 0 : step.index - 1);
      } else if (!step.key.empty()) {
        if (!out.empty()) out += '.';
        out += printable(std::string_view{step.key}.substr(0, 60));
      }
    }
    return out;
  }

 private:
  struct Step {
    bool array = false;
    std::size_t index = 0;  ///< values begun
    std::string key;
  };
  std::vector<Step> steps_;
};

std::size_t lines_before(char const* begin, char const* end) { return 1 + static_cast<std::size_t>(std::count(begin, end, '\n')); }

/// Builds a Value from the parser's events; `done` false stops the parser with a Fault.
class Builder {
 public:
  /// `values`: how many the text has had so far, `most_values`: how many it may have.
  Builder(char const* begin, char const** at, std::size_t& values, std::size_t most_values)
      : begin_(begin), at_(at), values_(values), most_values_(most_values) {}

  Value take() { return std::move(root_); }
  [[nodiscard]] Fault const& fault() const { return fault_; }

  bool null() { return add(Value{}); }
  bool boolean(bool value) { return add(Value{value}); }
  bool number_integer(std::int64_t value) { return add(Value{value}); }
  bool number_unsigned(std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      path_.count();
      return fail("the number is too large");
    }
    return add(Value{value});
  }
  bool number_float(double value, std::string const& /*text*/) { return add(Value{value}); }
  bool string(std::string& value) { return add(Value{std::move(value)}); }
  bool binary(nlohmann::json::binary_t& /*value*/) { return fail("binary is no JSON"); }
  bool start_object(std::size_t /*count*/) { return open(false); }
  bool start_array(std::size_t /*count*/) { return open(true); }
  bool end_array() {
    close(Value{std::move(open_.back().items)});
    return true;
  }
  bool end_object() {
    Value::Object& members = open_.back().members;
    if (std::string const* const twice = repeated(members)) {
      path_.key(*twice);
      fault_ = {0, path_.text(), "the member is given twice"};  // known only at the object's end; the member stands before
      return false;
    }
    close(Value{std::move(members)});
    return true;
  }
  bool key(std::string& name) {
    path_.key(name);
    open_.back().key = std::move(name);
    return true;
  }
  bool parse_error(std::size_t /*position*/, std::string const& /*token*/, nlohmann::detail::exception const& error) {
    std::string_view what = error.what();
    if (what.find("unexpected end of input") != std::string_view::npos || what.find("missing closing quote") != std::string_view::npos) {
      fail("the text ends in the middle of the document");
      fault_.cut = true;
      return false;
    }
    // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while parsing value - ...; last read: ..."
    if (auto const at = what.find(": "); at != std::string_view::npos) what.remove_prefix(at + 2);
    if (auto const at = what.find("; last read"); at != std::string_view::npos) what = what.substr(0, at);
    return fail("not JSON: " + printable(what.substr(0, 160)));
  }

 private:
  struct Container {
    bool array = false;
    std::string key;
    Value::Array items;
    Value::Object members;
  };

  static std::string const* repeated(Value::Object const& members) {
    std::vector<std::string const*> keys;
    keys.reserve(members.size());
    for (auto const& member : members) keys.push_back(&member.first);
    auto const by_text = [](auto const* a, auto const* b) { return *a < *b; };
    std::sort(keys.begin(), keys.end(), by_text);
    auto const same = [](auto const* a, auto const* b) { return *a == *b; };
    auto const found = std::adjacent_find(keys.begin(), keys.end(), same);
    return found == keys.end() ? nullptr : *found;
  }

  bool admit() {
    path_.count();
    if (++values_ > most_values_) return fail(fmt::format("more than {} values", most_values_));
    return true;
  }
  bool add(Value value) {
    if (!admit()) return false;
    place(std::move(value));
    return true;
  }
  bool open(bool array) {
    if (!admit()) return false;
    if (open_.size() >= kMaxDocumentDepth) return fail(fmt::format("nested deeper than {} levels", kMaxDocumentDepth));
    open_.push_back({array, {}, {}, {}});
    path_.enter(array);
    return true;
  }
  void close(Value value) {
    open_.pop_back();
    path_.leave();
    place(std::move(value));
  }
  void place(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().array) {
      open_.back().items.push_back(std::move(value));
    } else {
      open_.back().members.emplace_back(std::move(open_.back().key), std::move(value));
    }
  }
  bool fail(std::string what) {
    // The last octet read may already belong to the next line.
    fault_ = {lines_before(begin_, *at_ == begin_ ? begin_ : *at_ - 1), path_.text(), std::move(what)};
    return false;
  }

  char const* begin_;
  char const** at_;
  Path path_;
  Value root_;
  std::vector<Container> open_;
  std::size_t& values_;
  std::size_t most_values_;
  Fault fault_;
};

/// Remembers the line of the deepest value on the way to `field`.
class Finder {
 public:
  Finder(std::string_view field, char const* begin, char const** at) : field_(field), begin_(begin), at_(at) {}
  [[nodiscard]] std::size_t line() const { return line_; }

  bool null() { return leaf(); }
  bool boolean(bool) { return leaf(); }
  bool number_integer(std::int64_t) { return leaf(); }
  bool number_unsigned(std::uint64_t) { return leaf(); }
  bool number_float(double, std::string const&) { return leaf(); }
  bool string(std::string&) { return leaf(); }
  bool binary(nlohmann::json::binary_t&) { return false; }
  bool start_object(std::size_t) { return enter(false); }
  bool start_array(std::size_t) { return enter(true); }
  bool end_object() { return leave(); }
  bool end_array() { return leave(); }
  bool key(std::string& name) {
    path_.key(name);
    return true;
  }
  bool parse_error(std::size_t, std::string const&, nlohmann::detail::exception const&) { return false; }

 private:
  bool leaf() {
    path_.count();
    look();
    return !found_;
  }
  bool enter(bool array) {
    path_.count();
    look();
    path_.enter(array);
    return !found_;
  }
  bool leave() {
    path_.leave();
    return true;
  }
  void look() {
    std::string const here = path_.text();
    bool const on_the_way = field_.substr(0, here.size()) == here &&
                            (field_.size() == here.size() || here.empty() || field_[here.size()] == '.' || field_[here.size()] == '[');
    if (!on_the_way || here.size() < longest_) return;
    longest_ = here.size();
    line_ = lines_before(begin_, *at_ == begin_ ? begin_ : *at_ - 1);
    found_ = here.size() == field_.size() && !here.empty();
  }

  std::string_view field_;
  char const* begin_;
  char const** at_;
  Path path_;
  std::size_t longest_ = 0;
  std::size_t line_ = 1;
  bool found_ = false;
};

char const* skip_blanks(char const* p, char const* end) {
  while (p != end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n')) ++p;
  return p;
}

}  // namespace

void parse_json(std::string_view text, std::function<void(JsonText&&)> const& take, std::size_t most_values) {
  char const* const begin = text.data();
  char const* const end = begin + text.size();
  std::size_t line = 1;
  std::size_t values = 0;
  char const* p = begin;
  for (char const* start = skip_blanks(p, end); start != end; start = skip_blanks(p, end)) {
    line += static_cast<std::size_t>(std::count(p, start, '\n'));
    if (*start != '{') throw Fault{line, "", "an object was expected"};
    char const* at = start;
    Builder builder(start, &at, values, most_values);
    if (!nlohmann::json::sax_parse(Cursor{start, &at}, Cursor{end, &at}, &builder, nlohmann::json::input_format_t::json, false)) {
      Fault fault = builder.fault();
      if (fault.line == 0) fault.line = line_of({start, static_cast<std::size_t>(end - start)}, fault.field);
      fault.line += line - 1;
      throw fault;
    }
    take({builder.take(), line, {start, static_cast<std::size_t>(at - start)}});
    line += static_cast<std::size_t>(std::count(start, at, '\n'));
    p = at;
  }
  if (values == 0) throw Fault{1, "", "the file is empty"};
}

std::vector<JsonText> parse_json(std::string_view text) {
  std::vector<JsonText> out;
  parse_json(text, [&](JsonText&& part) { out.push_back(std::move(part)); });
  return out;
}

std::size_t line_of(std::string_view text, std::string_view field) {
  char const* at = text.data();
  Finder finder(field, text.data(), &at);
  nlohmann::json::sax_parse(Cursor{text.data(), &at}, Cursor{text.data() + text.size(), &at}, &finder, nlohmann::json::input_format_t::json,
                            false);
  return finder.line();
}

}  // namespace tlsgauge::report
