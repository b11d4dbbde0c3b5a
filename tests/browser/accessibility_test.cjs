// axe-core over the pages: what screen readers and keyboards need, and contrast in both schemes.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { NPM, SAMPLES, add, assert, document, test, withPage, withPages } = require("./harness.cjs");

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

for (const colorScheme of ["light", "dark"]) {
  test(`axe-core finds nothing, ${colorScheme}`, async () => {
    await withPages(SAMPLES, { colorScheme }, async (page) => {
      const found = await violations(page);
      assert.ok(found.checked > 20, `${found.checked} rules passed`);
      assert.deepEqual(found.violations, []);
    });
  });
}

test("axe-core finds nothing where endpoints are told in lines", async () => {
  const { endpoints, ...rest } = document("thousand");
  add("lines", { ...rest, endpoints: endpoints.slice(0, 300) });
  await withPage("lines", {}, async (page) => {
    assert.ok(await page.locator(".compact").count() > 0);
    // As many as show every kind: rules that compare each with each take minutes otherwise.
    await page.evaluate(() => { for (const e of [...document.querySelectorAll(".compact, #overview tbody tr")].filter((e, i) => i % 300 > 8)) e.remove(); });
    await page.evaluate(() => { for (const e of document.querySelectorAll(".where li:nth-child(n + 9)")) e.remove(); });
    assert.deepEqual((await violations(page)).violations, []);
  });
});
