// A thousand endpoints in one page, and a folder with a page for each.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { ROOT, assert, document: result, documents, folder, rendered, test, tlsgauge, withFile, withPage, withPages } = require("./harness.cjs");

const painted = (page) => page.evaluate(() => new Promise((done) => {
  const first = () => performance.getEntriesByName("first-contentful-paint")[0];
  if (first()) done(first().startTime);
  else new PerformanceObserver(() => { if (first()) done(first().startTime); }).observe({ type: "paint", buffered: true });
}));

test("a thousand endpoints: one page under 5 MB, painted within 2 s", { alone: true }, async () => {
  const size = fs.statSync(rendered("thousand")).size;
  assert.ok(size < 5_000_000, `${size} octets`);
  const times = [];
  for (let i = 0; i < 2 && !(times.at(-1) < 2000); ++i) times.push(await withPage("thousand", {}, painted));
  console.log(`      thousand: ${size} octets, first paint after ${times.map(Math.round)} ms`);
  assert.ok(Math.min(...times) < 2000, `${times} ms`);
});

test("a thousand endpoints sort and filter within a second", { alone: true }, async () => {
  await withPage("thousand", {}, async (page) => {
    assert.equal(await page.locator("#overview tbody tr").count(), 1000);
    // The best of three: what else runs on the machine is no fault of the page.
    await page.evaluate(() => {
      window.measure = async (act) => {
        let best = Infinity;
        for (let i = 0; i < 3; ++i) {
          const started = performance.now();
          act(i);
          await new Promise((done) => { requestAnimationFrame(() => setTimeout(done, 0)); });
          best = Math.min(best, performance.now() - started);
        }
        return best;
      };
      window.find = (text) => {
        const box = document.getElementById("filter-text");
        box.value = text;
        box.dispatchEvent(new Event("input"));
      };
    });
    const sorted = await page.evaluate(() => measure(() => document.querySelector("#overview th:nth-child(4) button").click()));
    assert.equal(await page.locator("#overview tbody th").first().innerText(), "host-0000.example.com:443");
    const filtered = await page.evaluate(() => measure((i) => find(`host-077${i + 5}`)));
    assert.equal(await page.locator("#filter-count").innerText(), "1 of 1000");
    const back = await page.evaluate(() => measure(() => { find("host-0777"); find(""); }));
    assert.equal(await page.locator("#filter-count").innerText(), "1000 of 1000");
    console.log(`      thousand: sorted in ${Math.round(sorted)} ms, filtered in ${Math.round(filtered)} ms, all shown again in ${Math.round(back)} ms`);
    assert.ok(sorted < 1000 && filtered < 1000 && back < 1000, `${sorted} ${filtered} ${back}`);
    await page.locator("#overview tbody a").nth(1).click();
    await page.waitForFunction(() => document.getElementById("host-0001.example.com_8443").open);
    const text = await page.locator("[id='host-0001.example.com_8443']").innerText();
    for (const part of ["critical not met: Only TLS 1.2 and TLS 1.3", "inconclusive", "waived", "TLS_RSA_WITH_RC4_128_SHA", "broken", "expired 12 days ago", "HSTS is not set", "2 round trips"]) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
  });
});

test("a folder has an index and pages that lead to each other", async () => {
  const out = path.join(folder, "folder");
  tlsgauge("report", path.join(folder, "bad.json"), "-o", `html-dir=${out}`);
  const files = fs.readdirSync(out).sort();
  assert.equal(files.length, 3);
  await withFile(path.join(out, "index.html"), { quiet: false }, async (page, seen) => {
    assert.equal(await page.locator(".endpoint").count(), 0);
    const broken = (await page.evaluate(() => [...document.links].map((a) => a.href))).filter((href) => href.startsWith("file:"))
      .filter((href) => !fs.existsSync(new URL(href.split("#")[0])));
    assert.deepEqual(broken, []);
    await page.locator("#filter-text").fill("legacy");
    assert.equal(await page.locator("#filter-count").innerText(), "1 of 3");
    await page.locator("#overview tbody a").first().click();
    await page.waitForURL(/legacy\.example\.net_8443-[0-9a-f]{12}\.html$/);
    assert.ok(await page.locator(".endpoint[open] .requirement.unmet").first().isVisible());
    await page.locator(".brand a").click();
    await page.waitForURL(/index\.html$/);
    await page.locator(".rule > summary").first().click();
    await page.locator(".rule .where a").first().click();
    await page.waitForFunction(() => document.querySelector(".requirement:target")?.checkVisibility());
    assert.deepEqual(seen.said, []);
  });
});

test("stored results of real servers are shown whole", async () => {
  const names = documents().filter((name) => fs.existsSync(path.join(ROOT, "tests/data/results", `${name}.json`)));
  assert.ok(names.length >= 20, String(names));
  await withPages(names, {}, async (page, _, name) => {
    const { endpoints } = result(name);
    assert.equal(await page.locator(".endpoint").count(), endpoints.length);
    const unmet = endpoints.flatMap((e) => e.assessments.flatMap((a) => a.requirements)).filter((r) => r.verdict === "fail").length;
    assert.equal(await page.locator(".requirement.unmet").count(), unmet);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  });
});
