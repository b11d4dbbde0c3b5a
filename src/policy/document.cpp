#include "policy/document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "base/text.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge::policy {
namespace {

constexpr std::size_t kMaxShown = 200;

std::string shown(std::string_view text) {
  std::string out = printable(text.substr(0, kMaxShown));
  if (text.size() > kMaxShown) out += "...";
  return out;
}

/// How many lines the text has; at least 1.
int lines_of(std::string_view text) {
  return std::max(static_cast<int>(std::ranges::count(text, '\n')) + (text.ends_with('\n') ? 0 : 1), 1);
}

// Builds the tree from yaml-cpp's events, not from its YAML::Node: only there are anchors visible, duplicate keys not yet merged, and
// a document that is too deep or too large can be left in the middle. yaml-cpp's parser recurses once a level and announces each level
// before it descends, so that the depth checked here bounds its stack as well.
class Builder : public YAML::EventHandler {
 public:
  Builder(std::string_view text, std::string const& source) : file_(std::make_shared<std::string const>(source)), lines_(lines_of(text)) {}

  void OnDocumentStart(YAML::Mark const&) override {}
  void OnDocumentEnd() override {}
  void OnNull(YAML::Mark const& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    add(node(Node::Kind::null, mark), mark);
  }
  void OnAlias(YAML::Mark const& mark, YAML::anchor_t) override { fail_at(mark, "aliases are not part of the profile language"); }
  void OnScalar(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor, std::string const& value) override {
    refuse_anchor(mark, anchor);
    if (tag != "?" && tag != "!" && !tag.empty()) refuse_tag(mark, tag);
    Node text = node(Node::Kind::text, mark);
    text.text = value;
    text.quoted = tag == "!";
    add(std::move(text), mark);
  }
  void OnSequenceStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(Node::Kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(Node::Kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

  [[nodiscard]] std::optional<Node> take() { return std::move(top_); }

 private:
  struct Open {
    Node node;
    std::optional<std::string> key;  // of a map: read, its value still to come
    int key_line = 1;
    int key_column = 1;
  };

  // What is missing at the end has the mark of the end marker behind the text.
  [[nodiscard]] int line_of(YAML::Mark const& mark) const { return std::clamp(mark.line + 1, 1, lines_); }

  [[noreturn]] void fail_at(YAML::Mark const& mark, std::string_view what) const {
    fail(*file_, line_of(mark), mark.column + 1, path(), what);
  }

  void refuse_anchor(YAML::Mark const& mark, YAML::anchor_t anchor) const {
    if (anchor != YAML::NullAnchor) fail_at(mark, "anchors are not part of the profile language");
  }
  void refuse_tag(YAML::Mark const& mark, std::string const& tag) const {
    fail_at(mark, fmt::format("the tag {} is not part of the profile language", shown(tag)));
  }

  [[nodiscard]] Node node(Node::Kind kind, YAML::Mark const& mark) const {
    Node made;
    made.kind = kind;
    // The mark of an absent value is that of whatever comes next.
    bool const absent = kind == Node::Kind::null && !open_.empty() && open_.back().key;
    made.line = absent ? open_.back().key_line : line_of(mark);
    made.column = absent ? open_.back().key_column : mark.column + 1;
    made.file = file_;
    return made;
  }

  void open(Node::Kind kind, YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor) {
    refuse_anchor(mark, anchor);
    if (tag != "?" && tag != "!" && !tag.empty()) refuse_tag(mark, tag);
    if (!open_.empty() && open_.back().node.kind == Node::Kind::map && !open_.back().key) fail_at(mark, "a key must be a plain text");
    if (open_.size() >= kMaxDepth) fail_at(mark, fmt::format("nested more than {} deep", kMaxDepth));
    count(mark);
    open_.push_back({.node = node(kind, mark), .key = {}, .key_line = line_of(mark), .key_column = mark.column + 1});
  }

  void close() {
    Node done = std::move(open_.back().node);
    open_.pop_back();
    put(std::move(done));
  }

  void add(Node made, YAML::Mark const& mark) {
    count(mark);
    if (!open_.empty() && open_.back().node.kind == Node::Kind::map && !open_.back().key) {
      Open& map = open_.back();
      if (made.kind != Node::Kind::text || made.text.empty()) fail(made, path(), "a key must be a plain text");
      if (map.node.find(made.text)) fail(made, path(), fmt::format("the key \"{}\" is there twice", shown(made.text)));
      map.key = std::move(made.text);
      map.key_line = made.line;
      map.key_column = made.column;
      return;
    }
    put(std::move(made));
  }

  void put(Node made) {
    if (open_.empty()) {
      top_ = std::move(made);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == Node::Kind::list) {
      parent.node.items.push_back(std::move(made));
    } else {
      parent.node.members.push_back({std::move(*parent.key), parent.key_line, std::move(made), parent.key_column});
      parent.key.reset();
    }
  }

  void count(YAML::Mark const& mark) {
    if (++nodes_ > kMaxNodes) fail_at(mark, fmt::format("more than {} values", kMaxNodes));
  }

  [[nodiscard]] std::string path() const {
    std::string out;
    for (Open const& open : open_) {
      if (open.node.kind == Node::Kind::list) {
        out += fmt::format("[{}]", open.node.items.size());
      } else if (open.key) {
        out += (out.empty() ? "" : ".") + *open.key;
      }
    }
    return out.empty() ? "YAML" : out;
  }

  std::shared_ptr<std::string const> file_;
  std::vector<Open> open_;
  std::optional<Node> top_;
  int lines_ = 1;
  std::size_t nodes_ = 0;
};

// yaml-cpp takes octet 4 for the end of the text and skips over others: what a person does not see must not be in a profile.
void check_characters(std::string_view text, std::string const& source) {
  if (text.size() > kMaxDocumentOctets) fail(source, 1, 1, "YAML", fmt::format("larger than {} KiB", kMaxDocumentOctets / 1024));
  int line = 1;
  std::size_t begin = 0;  // of the line
  auto const column = [&](std::size_t at) { return static_cast<int>(at - begin) + 1; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    char const c = text[i];
    auto const octet = static_cast<unsigned char>(c);
    if (c == '\n') {
      ++line;
      begin = i + 1;
    }
    if ((octet < 0x20 && c != '\n' && c != '\r' && c != '\t') || octet == 0x7F) {
      fail(source, line, column(i), "YAML", fmt::format("control character 0x{:02X}", octet));
    }
  }
  std::string const clean = to_utf8(text);
  if (clean == text) return;
  auto const at = static_cast<std::size_t>(std::ranges::mismatch(text, clean).in1 - text.begin());
  auto const before = text.substr(0, at);
  begin = before.find_last_of('\n') + 1;  // npos + 1 is 0
  fail(source, static_cast<int>(std::ranges::count(before, '\n')) + 1, column(at), "YAML", "not UTF-8");
}

}  // namespace

Node const* Node::find(std::string_view key) const {
  auto const at = std::ranges::find_if(members, [&](Member const& member) { return member.key == key; });
  return at == members.end() ? nullptr : &at->value;
}

void fail(std::string_view file, int line, std::string_view field, std::string_view what) {
  throw ProfileError(fmt::format("{}:{}: {}: {}", printable(file), line, shown(field), printable(what)));
}

std::string located(std::string_view file, int line, int column, std::string_view field, std::string_view what) {
  return fmt::format("{}:{}:{}: {}: {}", printable(file), line, column, shown(field), printable(what));
}

std::string located(Node const& at, std::string_view field, std::string_view what) {
  return located(at.file ? *at.file : "profile", at.line, at.column, field, what);
}

void fail(std::string_view file, int line, int column, std::string_view field, std::string_view what) {
  throw ProfileError(located(file, line, column, field, what));
}

void fail(Node const& at, std::string_view field, std::string_view what) { throw ProfileError(located(at, field, what)); }

Node read_document(std::string_view text, std::string const& source) {
  check_characters(text, source);
  Builder builder(text, source);
  std::optional<Node> top;
  try {
    // The end marker makes a quotation that is never closed an error; yaml-cpp would take the end of the text for its end.
    std::istringstream stream{std::string{text} + "\n...\n"};
    YAML::Parser parser(stream);
    if (parser.HandleNextDocument(builder)) top = builder.take();
    Builder second(text, source);
    if (parser.HandleNextDocument(second)) {
      std::optional<Node> const rest = second.take();
      fail(source, rest ? rest->line : 1, rest ? rest->column : 1, "YAML", "more than one document");
    }
  } catch (YAML::Exception const& error) {
    int const lines = lines_of(text);
    bool const inside = error.mark.line >= 0 && error.mark.line < lines;
    fail(source, std::clamp(error.mark.line + 1, 1, lines), inside ? error.mark.column + 1 : 1, "YAML", error.msg);
  }
  if (!top || top->kind == Node::Kind::null) fail(source, 1, 1, "YAML", "the document is empty");
  if (top->kind != Node::Kind::map) fail(*top, "YAML", "the document must be a map");
  return std::move(*top);
}

}  // namespace tlsgauge::policy
