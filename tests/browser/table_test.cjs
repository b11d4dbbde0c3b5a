// The overview of many endpoints: sorting, filtering, links into the details.
"use strict";
const { assert, test, withPage } = require("./harness.cjs");

const scores = (page) => page.locator("#overview tbody tr").evaluateAll((rows) =>
  rows.filter((row) => row.checkVisibility()).map((row) => row.querySelector("td.number").innerText));

test("the table sorts", async () => {
  await withPage("bad", {}, async (page) => {
    assert.deepEqual(await scores(page), ["21", "88", "100"]);  // what fails first, then the lowest score
    assert.equal(await page.locator("#overview thead th:nth-child(1)").getAttribute("aria-sort"), "ascending");
    const head = page.locator("#overview thead th:nth-child(2)");
    await head.locator("button").click();
    assert.deepEqual(await scores(page), ["21", "88", "100"]);
    await head.locator("button").click();
    assert.deepEqual(await scores(page), ["100", "88", "21"]);
    assert.equal(await head.getAttribute("aria-sort"), "descending");
    assert.equal(await page.locator("#overview [aria-sort]").count(), 1);
    await page.locator("#overview thead th:nth-child(5) button").click();
    assert.equal((await scores(page))[0], "88");
    await page.getByRole("button", { name: "Grade" }).click();
    assert.deepEqual(await scores(page), ["100", "88", "21"]);  // A+, B, F
    await page.getByRole("button", { name: "Worst not met" }).click();
    assert.deepEqual(await scores(page), ["21", "88", "100"]);
    await page.getByRole("button", { name: "Days left" }).click();
    assert.equal((await scores(page))[0], "21");
  });
});

test("the table filters with the endpoints", async () => {
  await withPage("bad", {}, async (page) => {
    const endpoints = page.locator(".endpoint");
    await page.locator("#filter-text").fill("LEGACY");
    assert.deepEqual(await scores(page), ["21"]);
    assert.equal(await page.locator("#filter-count").innerText(), "1 of 3");
    assert.ok(!(await endpoints.nth(1).isVisible()));
    await page.locator("#filter-text").fill(" ");
    await page.locator("#filter-verdict").selectOption("pass");
    assert.deepEqual(await scores(page), ["100"]);
    assert.ok(!(await endpoints.nth(0).isVisible()));
    assert.ok(await endpoints.nth(1).isVisible());
    await page.locator("#filter-verdict").selectOption("");
    await page.locator("#filter-severity").selectOption("high");
    assert.deepEqual(await scores(page), ["88"]);
    await page.locator("#filter-severity").selectOption("");
    assert.deepEqual(await page.locator("#filter-grade option").allInnerTexts(), ["all", "A+", "B", "F"]);
    await page.locator("#filter-grade").selectOption("F");
    assert.deepEqual(await scores(page), ["21"]);
    await page.locator("#filter-text").fill("www");
    assert.equal(await page.locator("#filter-count").innerText(), "0 of 3");
  });
});

test("a link unfolds its endpoint", async () => {
  await withPage("bad", {}, async (page) => {
    const second = page.locator(".endpoint").nth(1);
    await second.evaluate((e) => { e.open = false; });
    await page.locator(`#overview a[href='#${await second.getAttribute("id")}']`).first().click();
    await page.waitForFunction((e) => e.open, await second.elementHandle());
  });
});

test("a deep link unfolds what it leads into", async () => {
  for (const fragment of ["#www.example.com_443--mozilla-modern--protocols", "#legacy.example.net_8443--hsts", "#rule:hsts"]) {
    await withPage("bad", { fragment }, async (page) => {
      const target = page.locator(`[id="${fragment.slice(1)}"]`);
      assert.equal(await target.count(), 1, fragment);
      assert.ok(await target.evaluate((e) => { const at = e.getBoundingClientRect(); return e.checkVisibility() && at.bottom > 0 && at.top < innerHeight; }), fragment);
      const folded = await target.evaluate((e) => { for (let at = e; at; at = at.parentElement) { if (at.matches("details:not([open])")) return true; } return false; });
      assert.ok(!folded, fragment);
    });
  }
});

test("what to mend first leads to each endpoint", async () => {
  await withPage("bad", {}, async (page) => {
    const rule = page.locator(".rule").first();
    await rule.locator("> summary").click();
    assert.ok(await rule.locator(".fix code").first().isVisible());
    await rule.locator(".where a").first().click();
    await page.waitForFunction(() => document.querySelector(".requirement:target")?.checkVisibility());
  });
});

test("the keyboard is enough", async () => {
  await withPage("bad", {}, async (page) => {
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim().slice(0, 40));
    const seen = [];
    for (let i = 0; i < 60 && !seen.includes("legacy.example.net:8443"); ++i) {
      await page.keyboard.press("Tab");
      seen.push(await focused());
    }
    for (const name of ["theme", "filter-text", "filter-verdict", "filter-severity", "filter-grade", "Verdict", "Score", "legacy.example.net:8443"]) {
      assert.ok(seen.includes(name), `${name} in ${seen}`);
    }
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.notEqual(outline, "none");
    await page.getByRole("button", { name: "Score" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    assert.deepEqual(await scores(page), ["100", "88", "21"]);
    const summary = page.locator(".endpoint > summary").first();
    await summary.focus();
    await page.keyboard.press("Space");
    assert.equal(await page.locator(".endpoint").first().evaluate((e) => e.open), false);
  });
});
