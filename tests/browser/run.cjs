// The HTML report in headless Chromium, opened from a file: `node run.cjs [WORD...]` runs the tests whose names have the words.
// TLSGAUGE names the program (default build/release/tlsgauge). The last line is "browser: N passed, N failed, N skipped".
"use strict";
require("./harness.cjs").main();
