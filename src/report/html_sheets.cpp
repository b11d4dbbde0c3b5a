#include "report/html_sheets.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "report/fact_sheet.hpp"
#include "report/text_curves.hpp"
#include "report/text_dh.hpp"
#include "report/text_dns.hpp"
#include "report/text_extensions.hpp"
#include "report/text_fingerprints.hpp"
#include "report/text_http.hpp"
#include "report/text_revocation.hpp"
#include "report/text_sessions.hpp"
#include "report/text_transparency.hpp"
#include "report/text_versions.hpp"

namespace tlsgauge::report {
namespace {

/// Bad news carries the mark that chains and HSTS carry too.
std::string class_of(Tone tone) {
  switch (tone) {
    case Tone::plain:
    case Tone::bold:
      return "plain";
    case Tone::dim:
      return "dim";
    case Tone::good:
      return "good";
    case Tone::fair:
      return "fair";
    case Tone::bad:
      return std::string{kBadRow};
  }
  return "plain";
}

/// Blocks: a title, rows without a label, then rows of a label and one or more texts.
class HtmlSheet final : public FactSheet {
 public:
  explicit HtmlSheet(std::string_view card) : card_{card} {}

  void heading(std::string_view text) override {
    close_block();
    if (text != card_) block_.title = text;
  }

  void labelled(std::size_t /*indent*/, Cell const& label, std::size_t /*column*/, Cell const& text) override {
    has_bad_ = has_bad_ || text.tone == Tone::bad;
    Value said = Value::object().set("row_tone", class_of(text.tone)).set("row_text", text.text);
    if (!label.text.empty()) {
      close_row();
      row_ = Row{label, Value::array()};
    }
    (row_ ? row_->texts : block_.lines).push_back(std::move(said));
  }

  [[nodiscard]] bool has_bad() const { return has_bad_; }
  [[nodiscard]] Value take() {
    close_block();
    return std::move(blocks_);
  }

 private:
  struct Row {
    Cell label;
    Value texts;
  };
  struct Block {
    std::string title;
    Value lines = Value::array();
    Value rows = Value::array();
  };

  void close_row() {
    if (!row_) return;
    block_.rows.push_back(Value::object()
                              .set("row_label", row_->label.text)
                              .set("label_tone", row_->label.tone == Tone::fair ? "fair" : "plain")
                              .set("texts", std::move(row_->texts)));
    row_.reset();
  }

  void close_block() {
    close_row();
    bool const has_rows = !block_.rows.items().empty();
    if (has_rows || !block_.lines.items().empty()) {
      blocks_.push_back(Value::object()
                            .set("block_title", block_.title)
                            .set("lines", std::move(block_.lines))
                            .set("has_rows", has_rows)
                            .set("rows", std::move(block_.rows)));
    }
    block_ = {};
  }

  std::string_view card_;  // its title need not be said twice
  bool has_bad_ = false;
  Value blocks_ = Value::array();
  Block block_;
  std::optional<Row> row_;
};

}  // namespace

Value key_exchange_blocks(Value const& facts) {
  HtmlSheet sheet{"Key exchange"};
  write_group_retry(sheet, facts["group_retry"]);
  write_curves(sheet, facts["curves"]);
  write_dh_parameters(sheet, facts["dh_parameters"]);
  write_post_quantum(sheet, facts["post_quantum"]);
  return sheet.take();
}

Value fact_cards(Value const& facts) {
  Value cards = Value::array();
  auto const add = [&](std::string_view title, auto const& write) {
    HtmlSheet sheet{title};
    write(sheet);
    bool const has_bad = sheet.has_bad();
    Value list = sheet.take();
    if (list.items().empty()) return;
    cards.push_back(Value::object().set("card_title", title).set("has_bad", has_bad).set("blocks", std::move(list)));
  };
  add("Revocation", [&](FactSheet& sheet) { write_revocation(sheet, facts); });
  add("Signatures", [&](FactSheet& sheet) { write_signature_schemes(sheet, facts["signature_schemes"]); });
  add("Certificate transparency", [&](FactSheet& sheet) { write_transparency(sheet, facts["transparency"]); });
  add("Extensions and ALPN", [&](FactSheet& sheet) { write_hello_extensions(sheet, facts); });
  add("HTTP in detail", [&](FactSheet& sheet) { write_http_details(sheet, facts); });
  add("DNS", [&](FactSheet& sheet) { write_dns(sheet, facts["dns"]); });
  add("Sessions", [&](FactSheet& sheet) { write_sessions(sheet, facts); });
  add("Fingerprints", [&](FactSheet& sheet) { write_fingerprints(sheet, facts["fingerprints"]); });
  add("Hygiene", [&](FactSheet& sheet) {
    write_downgrade(sheet, facts["downgrade"]);
    write_tolerance(sheet, facts["tolerance"]);
    write_certificate_messages(sheet, facts);
  });
  return cards;
}

}  // namespace tlsgauge::report
