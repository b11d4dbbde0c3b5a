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

test("the grid is not empty without a word where the filter shows none of the worst", async () => {
  await withPage("thousand", {}, async (page) => {
    const shown = () => page.locator("#matrix tbody tr:visible").count();
    const last = page.locator("#overview tbody tr").last();
    await page.locator("#filter-text").fill(await last.locator("th a").innerText());
    assert.equal(await shown(), 0);
    assert.equal(await page.locator("#matrix-empty").innerText(), "None of the 60 worst is among those shown.");
    assert.equal(await page.locator("#matrix table").isVisible(), false);
    await page.locator("#filter-text").fill("");
    assert.equal(await shown(), 60);
    assert.equal(await page.locator("#matrix-empty").isVisible(), false);
  });
});

/** Adds a document with so many requirements that an endpoint fails, and another that fails the last, the least grave, alone. */
function wide(columns) {
  const { endpoints: [endpoint], ...rest } = result("bad");
  const [assessment] = endpoint.assessments;
  const [failed] = assessment.requirements.filter((r) => r.verdict === "fail");
  const list = (verdict) => Array.from({ length: columns }, (_, i) => ({ ...failed, verdict: verdict(i), severity: i === columns - 1 ? "info" : "high", id: `r${i}`, title: `Requirement ${i} with a title that needs more than a line of its head` }));
  const at = (port, verdict) => ({ ...endpoint, target: { ...endpoint.target, port }, assessments: [{ ...assessment, requirements: list(verdict) }] });
  return add(`columns-${columns}`, { ...rest, endpoints: [at(1001, () => "fail"), at(1002, (i) => (i === columns - 1 ? "fail" : "pass"))] });
}

test("a row of the grid says what of it has no column, and is in sight", async () => {
  await withPage(wide(40), {}, async (page) => {
    const row = page.locator("#matrix tr:has-text(':1002')");
    assert.equal(await row.locator("td.not-met").count(), 0);
    const more = row.locator("td.further a");
    assert.equal(await more.innerText(), "1 not met");
    await page.locator("#matrix").scrollIntoViewIfNeeded();
    assert.ok(await more.evaluate((e) => e.getBoundingClientRect().right <= innerWidth));
    assert.ok(await more.evaluate((e) => document.elementFromPoint(...["x", "y"].map((at) => e.getBoundingClientRect()[at] + 5)).closest("a") === e));
  });
});

for (const columns of [6, 12, 18, 40]) {
  test(`heads of the grid can be read on paper, ${columns} columns`, async () => {
    await withPage(wide(columns), { viewport: { width: 720, height: 1000 } }, async (page) => {
      await page.emulateMedia({ media: "print" });
      const heads = await page.locator("#matrix thead tr:last-child th").evaluateAll((all) => all.slice(1).map((th) => {
        const [shown] = [...th.children].filter((e) => e.checkVisibility());
        const range = document.createRange();
        range.selectNodeContents(shown ?? th);
        const { left, right } = range.getBoundingClientRect();
        return { left, right, text: (shown ?? th).textContent };
      }));
      assert.equal(heads.length, columns === 40 ? 31 : columns);
      heads.slice(1).forEach((head, i) => assert.ok(heads[i].right <= head.left + 0.5, JSON.stringify([heads[i], head])));
      assert.ok(heads.at(-1).right <= 720);
      const listed = await page.locator("#matrix ol.paper li:visible").allInnerTexts();
      assert.equal(listed.length, columns > 12 ? Math.min(columns, 30) : 0);
      listed.forEach((text, i) => assert.ok(text.includes(`Requirement ${i} with a title that needs more than a line of its head`) && heads[i].text === String(i + 1), text));
      await page.emulateMedia({ media: "screen" });
      assert.equal(await page.locator("#matrix .paper:visible").count(), 0);
    });
  });
}

test("endpoints have room in the table of several profiles", async () => {
  const { endpoints: [endpoint], ...rest } = result("several-profiles");
  add("three-of-several", { ...rest, endpoints: [1, 2, 3].map((port) => ({ ...endpoint, target: { ...endpoint.target, port } })) });
  for (const width of [800, 1070, 1280, 1400]) {
    await withPage("three-of-several", { viewport: { width, height: 900 } }, async (page) => {
      const head = await page.locator("#overview thead th", { hasText: "Endpoint" }).boundingBox();
      assert.ok(head.width >= 130, `${head.width} at ${width}`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), String(width));
    });
  }
});

test("profiles stand apart in the grid, and nothing unmet has none", async () => {
  const several = result("several-profiles");
  add("two-of-several", { ...several, endpoints: [several.endpoints[0], { ...several.endpoints[0], target: { ...several.endpoints[0].target, port: 8443 } }] });
  await withPage("two-of-several", {}, async (page) => {
    const failing = several.endpoints[0].assessments.filter((a) => a.requirements.some((r) => r.verdict === "fail"));
    const names = (await page.locator("#matrix th[scope=colgroup]").allInnerTexts()).sort();
    assert.deepEqual(names, failing.map((a) => `${a.profile.name} ${a.profile.version}`).sort());
    const width = await page.locator("#matrix th[scope=colgroup]").evaluateAll((all) => all.reduce((sum, e) => sum + e.colSpan, 0));
    const groups = await page.locator("#matrix colgroup").evaluateAll((all) => all.map((e) => e.querySelectorAll("col").length));
    assert.deepEqual(groups, [1, ...await page.locator("#matrix th[scope=colgroup]").evaluateAll((all) => all.map((e) => e.colSpan))]);
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
