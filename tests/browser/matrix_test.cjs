// Endpoints by requirements: which endpoint fails what.
"use strict";
const { add, assert, document: result, test, withPage } = require("./harness.cjs");

/** Columns as [profile, title], and rows as [place, words of cells]. */
const grid = (page) => page.locator("#matrix table").evaluate((table) => {
  const [titles, spans] = [...table.tHead.rows].reverse();
  const profiles = spans ? [...spans.cells].slice(1).flatMap((e) => Array(e.colSpan).fill(e.textContent)) : [];
  return {
    columns: [...titles.cells].slice(1).filter((e) => !e.matches(".further")).map((e, i) => [profiles[i], e.querySelector("a").textContent]),
    rows: [...table.tBodies[0].rows].map((row) => [row.cells[0].querySelector("a").textContent, [...row.cells].slice(1).filter((e) => !e.matches(".further")).map((e) => e.textContent)]),
  };
});

test("the grid says of each endpoint what it fails, as the document does", async () => {
  await withPage("bad", {}, async (page) => {
    const { columns, rows } = await grid(page);
    const words = { fail: "not met", inconclusive: "inconclusive", waived: "waived", pass: "met", not_applicable: "does not apply" };  // the worst first
    const { endpoints } = result("bad");
    const judged = endpoints.flatMap((e) => e.assessments.flatMap((a) => a.requirements.map((r) => [`${a.profile.name} ${a.profile.version}`, r])));
    const failing = new Set(judged.filter(([, r]) => r.verdict === "fail").map(([profile, r]) => `${profile}: ${r.title}`));
    assert.deepEqual(new Set(columns.map(([profile, title]) => `${profile}: ${title}`)), failing);
    assert.deepEqual(rows, endpoints.map((e) => [`${e.target.host}:${e.target.port}`, columns.map(([profile, title]) => {
      const said = e.assessments.filter((a) => `${a.profile.name} ${a.profile.version}` === profile)
        .flatMap((a) => a.requirements.filter((r) => r.title === title).map((r) => r.verdict));
      return words[Object.keys(words).find((verdict) => said.includes(verdict))] ?? "not judged";
    })]));
    assert.ok(rows.some(([, cells]) => cells.includes("not judged")));
  });
});

test("of profiles that share name and version the grid says the worst, in whichever order they are", async () => {
  const { endpoints, ...rest } = result("bad");
  const [endpoint] = endpoints;
  const [failed] = endpoint.assessments;
  const passed = { ...failed, verdict: "pass", score: 100, requirements: failed.requirements.map((r) => ({ ...r, verdict: "pass" })) };
  const at = (port, ...assessments) => ({ ...endpoint, target: { ...endpoint.target, port }, assessments });
  add("one-name", { ...rest, endpoints: [at(1001, passed, failed), at(1002, failed, passed), at(1003, passed)] });
  await withPage("one-name", {}, async (page) => {
    const { rows } = await grid(page);
    assert.ok(rows.length === 3 && rows[0][1].length > 0);
    for (const [place, cells] of rows) assert.deepEqual(new Set(cells), new Set([place.endsWith(":1003") ? "met" : "not met"]), place);
    for (const port of [1001, 1002]) {
      await page.locator(`#matrix tr:has-text(":${port}") td.not-met a`).first().click();
      await page.waitForFunction((place) => document.querySelector(".requirement.unmet:target, .findings li:target")?.closest(".endpoint").textContent.includes(place), `:${port}`);
    }
  });
});

test("a cell of the grid leads to the finding, a head to what to do", async () => {
  await withPage("bad", {}, async (page) => {
    const cell = page.locator("#matrix td.not-met a").first();
    assert.equal(await cell.innerText(), "not met");
    await cell.click();
    await page.waitForFunction(() => document.querySelector(".requirement.unmet:target")?.checkVisibility());
    await page.locator("#matrix thead th a").first().click();
    await page.waitForFunction(() => document.querySelector(".groups li:target > .rule[open]")?.checkVisibility());
  });
});

test("the grid is filtered with the table, and scrolls by the keyboard where it is wider than the page", async () => {
  await withPage("bad", { viewport: { width: 320, height: 700 } }, async (page) => {
    await page.locator("#filter-text").fill("legacy");
    assert.deepEqual((await page.locator("#matrix tbody tr:visible th a").allInnerTexts()), ["legacy.example.net:8443"]);
    await page.locator("#filter-text").fill("");
    const scroll = page.locator("#matrix .scroll");
    const { wide, seen } = await scroll.evaluate((e) => ({ wide: e.scrollWidth, seen: e.clientWidth }));
    assert.ok(wide > seen, `${wide} of ${seen}`);
    await scroll.focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => document.querySelector("#matrix .scroll").scrollLeft > 0);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  });
});

test("the grid of many endpoints has the worst sixty and says so", async () => {
  await withPage("thousand", {}, async (page) => {
    assert.equal(await page.locator("#matrix tbody tr").count(), 60);
    assert.ok((await page.locator("#matrix .key").innerText()).includes("the 60 worst of 1000 endpoints"));
  });
});

test("profiles stand apart in the grid, and nothing unmet has none", async () => {
  const several = result("several-profiles");
  add("two-of-several", { ...several, endpoints: [several.endpoints[0], { ...several.endpoints[0], target: { ...several.endpoints[0].target, port: 8443 } }] });
  await withPage("two-of-several", {}, async (page) => {
    const failing = several.endpoints[0].assessments.filter((a) => a.requirements.some((r) => r.verdict === "fail"));
    const names = (await page.locator("#matrix th[scope=colgroup]").allInnerTexts()).sort();
    assert.deepEqual(names, failing.map((a) => `${a.profile.name} ${a.profile.version}`).sort());
    const width = await page.locator("#matrix th[scope=colgroup]").evaluateAll((all) => all.reduce((sum, e) => sum + e.colSpan, 0));
    assert.equal(width, await page.locator("#matrix th[scope=col]:not(.further)").count() - 1);
  });
  const good = result("good");
  add("two-good", { ...good, endpoints: [good.endpoints[0], { ...good.endpoints[0], target: { ...good.endpoints[0].target, port: 8443 } }] });
  await withPage("two-good", {}, async (page) => assert.equal(await page.locator("#matrix, a[href='#matrix']").count(), 0));
});

test("the head of the table stays in sight", async () => {
  await withPage("thousand", { viewport: { width: 1400, height: 900 } }, async (page) => {
    await page.locator("#overview tbody tr").nth(100).scrollIntoViewIfNeeded();
    const box = await page.locator("#overview thead th").first().boundingBox();
    assert.ok(box.y >= -1 && box.y < 5, JSON.stringify(box));
    assert.ok(await page.evaluate(() => document.elementFromPoint(80, 8).closest("#overview thead") !== null));
  });
});
