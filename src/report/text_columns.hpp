#pragma once
// Sections side by side on a wide terminal.

#include <functional>

#include "report/text_page.hpp"

namespace tlsgauge::report {

/// Appends to `page` what `write` puts on a page: in two columns, read down and then across, as far as the sections fit into half of the
/// width without a loss; others keep the whole width. One column on a page narrower than 160.
void in_columns(TextPage& page, std::function<void(TextPage&)> const& write);

}  // namespace tlsgauge::report
