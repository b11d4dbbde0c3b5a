// axe-core over the pages: what screen readers and keyboards need, and contrast in both schemes.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { NPM, SAMPLES, assert, each, test, withPage } = require("./harness.cjs");

const AXE = fs.readFileSync(path.join(NPM, "axe-core/axe.min.js"), "utf8");

/** What axe-core holds against a page, with everything unfolded; "rule: element" each. */
async function violations(page) {
  await page.evaluate(() => { for (const e of document.querySelectorAll("details")) e.open = true; });
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const found = await axe.run(document, { resultTypes: ["violations"] });
    return { checked: found.passes.length, violations: found.violations.flatMap((v) => v.nodes.slice(0, 3).map((n) => `${v.id}: ${n.html.slice(0, 160)} ${n.failureSummary.slice(0, 200)}`)) };
  });
}

test("axe-core finds nothing", async () => {
  await each(["light", "dark"].flatMap((scheme) => SAMPLES.map((name) => [scheme, name])), ([colorScheme, name]) =>
    withPage(name, { colorScheme }, async (page) => {
      const found = await violations(page);
      assert.ok(found.checked > 20, `${found.checked} rules passed`);
      assert.deepEqual(found.violations, []);
    }));
});
