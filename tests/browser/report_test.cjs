// One page: what it shows, and that it asks for nothing, runs nothing foreign and can be read by everybody.
"use strict";
const { SAMPLES, add, assert, document, each, rendered, test, texts, url, withPage, withPages } = require("./harness.cjs");

const ACTING = () => [...document.querySelectorAll("*")].flatMap((e) => e.getAttributeNames()).filter((n) => /^on|^style$|^src/.test(n));

test("loads without a word and without a request", async () => {
  await withPages(SAMPLES, {}, async (page, seen, name) => {
    await page.evaluate(() => document.fonts.ready.then(() => 1));
    assert.deepEqual(seen.requests, [url(rendered(name))]);
  });
});

test("the policy holds and the style is admitted", async () => {
  await withPage("good", { quiet: false }, async (page) => {
    const policy = await page.locator("meta[http-equiv]").getAttribute("content");
    for (const part of ["default-src 'none'", "style-src 'sha256-", "script-src 'sha256-", "base-uri 'none'", "form-action 'none'",
      "require-trusted-types-for 'script'", "trusted-types 'none'"]) assert.ok(policy.includes(part), part);
    assert.ok(!policy.includes("unsafe"));
    const radius = await page.locator(".card").first().evaluate((e) => getComputedStyle(e).borderTopLeftRadius);
    assert.equal(radius, "10px");
    assert.equal(await page.evaluate(() => { try { document.body.innerHTML = "<b>x</b>"; return "set"; } catch (e) { return e.name; } }), "TypeError");
    const colour = await page.evaluate(() => {
      const made = document.createElement("div");
      made.setAttribute("style", "color: red");
      document.body.append(made);
      return getComputedStyle(made).color;
    });
    assert.notEqual(colour, "rgb(255, 0, 0)");
  });
});

test("hostile text is shown as text", async () => {
  await withPage("hostile", {}, async (page) => {
    assert.equal(await page.locator("script").count(), 1);
    assert.equal(await page.locator("img, iframe, object, embed, form, link, base").count(), 0);
    assert.equal(await page.locator("svg:not([class])").count(), 0);
    assert.deepEqual(await page.evaluate(ACTING), []);
    const text = await page.evaluate(() => document.body.textContent);
    for (const shown of ["CN=<script>alert(1)</script>", '"><img src=x onerror=alert(2)>', "' onmouseover='alert(3)", "</script><script>alert(4)</script>",
      "<!--<script>", "{{title}}{{{css}}}", "abc\\u{202E}txt.exe\\u{202C}", "NUL:\\x00 ESC:\\x1B[31m", "&lt;b&gt; &amp;", "\\x9B31m"]) {
      assert.ok(text.includes(shown), shown);
    }
    for (const hidden of "\u202e\u2066\u0000\u001b\u009b") assert.ok(!text.includes(hidden), escape(hidden));
    // A link into the page is the only kind that leads to a file.
    const links = await page.evaluate(() => [...document.links].map((a) => a.href));
    const here = url(rendered("hostile"));
    assert.deepEqual(links.filter((href) => !/^https?:/.test(href) && !href.startsWith(`${here}#`)), []);
  });
});

/** One endpoint of the bad ones alone. */
function alone() {
  const bad = document("bad");
  return add("alone", { ...bad, endpoints: bad.endpoints.slice(0, 1) });
}

async function seenAtOnce(page, selectors) {
  for (const selector of selectors) {
    const box = await page.locator(selector).first().boundingBox();
    assert.ok(box && box.y + box.height < 900, `${selector} ${JSON.stringify(box)}`);
  }
}

test("of one endpoint, verdict and worst findings are seen without scrolling", async () => {
  await withPage(alone(), {}, async (page) => {
    await seenAtOnce(page, ["h1", ".endpoint .verdict", ".endpoint .ring", ".endpoint .grade", ".worst li:nth-child(3)", ".endpoint .protocols",
      ".endpoint .requirement.unmet", ".endpoint .fix", ".endpoint .suites li", ".endpoint .validity"]);
    assert.deepEqual((await texts(page, ".worst li")).map((text) => text.split("\n")[0].replace(/\s+/g, " ")),
      ["critical not met: Only TLS 1.2 and TLS 1.3", "critical not met: The certificate is trusted, current and for this name", "high not met: TLS 1.3 is offered"]);
  });
});

test("of many endpoints, verdict, score, worst findings and charts are seen without scrolling", async () => {
  await withPage("bad", {}, async (page) => {
    await seenAtOnce(page, ["h1", ".tallies", ".scores", ".groups li:nth-child(3)", "figure:nth-child(1) svg", "figure:nth-child(2) svg", "figure:nth-child(3) svg",
      "#overview tbody tr:last-child .verdict", "#matrix h2"]);
    const titles = await page.locator("svg.chart > title").evaluateAll((all) => all.map((e) => e.textContent));
    assert.deepEqual(titles, ["Grades: A+ 1, F 1",
      "Share of the endpoints that offer: TLSv1.3 50 %, TLSv1.2 100 %, TLSv1.1 50 %, TLSv1.0 50 %, SSLv3 \u2265 0 % (1 not established), SSLv2 0 %, post-quantum \u2265 0 % (1 not established)",
      "Certificates end: 1 expired, 0 within 30 days, 1 within 90 days, 0 later, 0 not known"]);
  });
});

test("every unmet requirement and its fix are there", async () => {
  await withPage("bad", {}, async (page) => {
    const first = page.locator(".endpoint").first();
    assert.equal(await first.locator(".requirement.unmet").count(), 5);
    const fixes = await first.locator(".fix code").allInnerTexts();
    assert.ok(fixes.includes("ssl_protocols TLSv1.2 TLSv1.3;"));
    assert.ok(fixes.includes('add_header Strict-Transport-Security "max-age=63072000" always;'));
    assert.equal(await first.locator(".suites li").count(), 13);
  });
});

test("of very many suites the first of a version stand unfolded, the others are told by their strength", async () => {
  await withPage("java", {}, async (page) => {
    const suites = document("java").endpoints[0].facts.cipher_suites;
    assert.equal(await page.locator(".suites li").count(), suites.length);
    const lists = await page.locator(".suites .list").evaluateAll((all) => all.map((list) => ({
      version: list.querySelector("h4").childNodes[0].textContent.trim(),
      names: [...list.querySelectorAll("code")].map((e) => e.textContent),
      seen: [...list.querySelectorAll("li")].filter((e) => e.checkVisibility()).length,
      rest: list.querySelector(".rest summary")?.textContent ?? "",
    })));
    for (const { version, names, seen, rest } of lists) {
      const wanted = suites.filter((suite) => suite.protocol === version).map((suite) => suite.name);
      assert.deepEqual(names, wanted);
      assert.equal(seen, wanted.length > 20 ? 16 : wanted.length);
      assert.match(rest, wanted.length > 20 ? new RegExp(`^and ${wanted.length - 16} more: .*\\d+ broken`) : /^$/);
    }
    assert.ok(lists.some((list) => list.rest));
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.locator(".suites li").last().evaluate((e) => e.checkVisibility()));
  });
});

test("ladders stand side by side", async () => {
  await withPage("good", {}, async (page) => {
    const figures = page.locator(".ladders figure");
    const titles = (await texts(page, ".ladders figure h4")).map((text) => text.split("\n")[0].slice(0, 16).trim());
    assert.deepEqual(titles, ["TLSv1.2 full", "TLSv1.3 full", "TLSv1.2 resumed", "TLSv1.3 resumed", "TLSv1.3 after He", "TLSv1.3 0-RTT"]);
    assert.equal((await figures.nth(0).boundingBox()).y, (await figures.nth(1).boundingBox()).y);
    const ladders = await page.locator("svg.ladder").evaluateAll((all) => all.map((e) => e.getBoundingClientRect()).map(({ width, height }) => ({ width, height })));
    assert.ok(ladders[0].height > ladders[1].height);  // two round trips beside one
    assert.ok(ladders.every((box) => box.width > 200));
  });
});

test("a requirement tells what was expected, what was seen, why, and how to mend it", async () => {
  await withPage("bad", {}, async (page) => {
    const text = await page.locator(".requirement.unmet").first().innerText();
    for (const part of ["critical", "not met: Only TLS 1.2 and TLS 1.3", "Observed\nTLSv1.0 and TLSv1.1 are supported", "Expected\nno protocol older than TLSv1.2",
      "Why\nSSL and TLS before 1.2", "Fix in nginx", "ssl_protocols TLSv1.2 TLSv1.3;", "Where it is written"]) assert.ok(text.includes(part), `${part} in ${text}`);
  });
});

test("protocols are a matrix, suites have their order, strength and forward secrecy", async () => {
  await withPage("bad", {}, async (page) => {
    const matrix = page.locator(".endpoint").first().locator(".protocols tbody tr:not(.reason)");
    const rows = (await matrix.allInnerTexts()).map((row) => row.trim().replace(/\s+/g, " "));
    assert.deepEqual(rows, ["SSLv2 \u2013 no", "SSLv3 ? inconclusive", "TLSv1.0 \u2713 yes 4 broken 1 of 4", "TLSv1.1 \u2713 yes 4 broken 1 of 4",
      "TLSv1.2 \u2713 yes 5 broken 2 of 5", "TLSv1.3 \u2013 no"]);
    assert.equal((await page.locator(".suites li").first().innerText()).replace(/\s+/g, " "),
      "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 strong forward secrecy \u00b7 secp256r1 \u00b7 AES-128-GCM");
  });
  await withPage("good", {}, async (page) => {
    assert.equal(await page.locator(".suites ol.chosen").count(), 2);  // the server chooses: a list with numbers
    assert.ok((await page.locator(".chips li").first().innerText()).includes("post-quantum"));
  });
});

test("the chain is a tree from its issuer down", async () => {
  await withPage("good", {}, async (page) => {
    const steps = await page.locator(".chain").first().locator("> li").evaluateAll((all) =>
      all.map((e) => [Math.round(e.getBoundingClientRect().x), e.querySelector(".subject").innerText, e.querySelector(".dates b")?.innerText ?? ""]));
    assert.equal(steps.length, 3);
    assert.ok(steps[0][0] < steps[1][0] && steps[1][0] < steps[2][0], JSON.stringify(steps));
    assert.deepEqual(steps.map((step) => step.slice(1)), [["CN=Example Test Root R1, O=Example Trust, C=NL", ""],
      ["CN=Example Test Issuing CA 3, O=Example Trust, C=NL", "2653 days left"], ["CN=www.example.com the server's", "76 days left"]]);
  });
});

test("ladders are drawn to scale in time", async () => {
  await withPage("good", {}, async (page) => {
    const measured = await page.locator(".ladders figure").evaluateAll((all) => all.map((figure) => {
      const lines = [...figure.querySelectorAll(".flight line")].map((e) => e.getBoundingClientRect());
      return { ms: Number(/([\d.]+) ms/.exec(figure.querySelector("h4").textContent)[1]), data: figure.querySelector(".flight.data line").getBoundingClientRect().top - lines[0].top };
    }));
    const [full12, full13] = measured;
    assert.ok(Math.abs(full12.data / full13.data - full12.ms / full13.ms) < 0.05, JSON.stringify(measured));
  });
});

test("cards of facts show every row once unfolded, those with bad news from the start", async () => {
  await withPage("good", {}, async (page) => {
    assert.deepEqual(await texts(page, ".rows h3"), ["Key exchange", "Signatures", "Extensions and ALPN", "Sessions", "Fingerprints", "Hygiene"]);
    assert.deepEqual(await page.locator(".fact-cards details").evaluateAll((all) => all.map((e) => e.open)), [false, false, false, false, false]);
    await page.evaluate(() => { for (const e of document.querySelectorAll(".fact-cards details")) e.open = true; });
    const unseen = await page.locator(".rows h4, .rows p, .rows dt, .rows dd").evaluateAll((all) =>
      all.filter((e) => !e.checkVisibility() || e.innerText.trim() === "").map((e) => e.outerHTML));
    assert.deepEqual(unseen, []);
    assert.equal(await page.locator(".rows .bad").count(), 0);
  });
  await withPage("bad", {}, async (page) => {
    const bad = await page.locator(".endpoint").first().locator(".rows .bad:visible").allInnerTexts();
    assert.ok(bad.includes("broken hash: rsa_pkcs1_sha1"));
    assert.ok(bad.includes("accepted, 10 of 10 times"));
  });
});

test("the evidence is folded away and is the result", async () => {
  await withPage("good", {}, async (page) => {
    const evidence = page.locator(".evidence");
    assert.equal(await evidence.locator("pre").isVisible(), false);
    const shown = JSON.parse(await evidence.locator("code").evaluate((e) => e.textContent));
    assert.deepEqual(shown.endpoints[0].facts.cipher_suites, document("good").endpoints[0].facts.cipher_suites);
  });
});

test("a fix can be copied, and screen readers are told", { alone: true }, async () => {
  await withPage("bad", { permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    const button = page.locator(".requirement .fix button.copy").first();
    assert.ok(await button.isVisible());
    await button.click();
    await page.waitForFunction(() => document.getElementById("said").textContent !== "");
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "ssl_protocols TLSv1.2 TLSv1.3;");
    assert.equal(await page.locator("#said").textContent(), "Copied to the clipboard");
    await page.locator(".requirement .link").first().click();
    await page.waitForFunction(() => document.getElementById("said").textContent.startsWith("Link"));
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), url(rendered("bad"), "#legacy.example.net_8443--protocols-only-modern"));
  });
});

test("a fix is selected where there is no clipboard", async () => {
  await withPage("bad", {}, async (page) => {
    await page.evaluate(() => { Object.defineProperty(navigator, "clipboard", { value: undefined }); });
    await page.locator(".requirement .fix button.copy").first().click();
    await page.waitForFunction(() => document.getElementById("said").textContent !== "");
    assert.equal(await page.evaluate(() => getSelection().toString().trim()), "ssl_protocols TLSv1.2 TLSv1.3;");
    assert.equal(await page.locator("#said").textContent(), "Selected, ready to be copied");
  });
});

const background = (page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

test("dark and light", async () => {
  await withPage("bad", { colorScheme: "light" }, async (page) => {
    const light = await background(page);
    await page.emulateMedia({ colorScheme: "dark" });
    assert.notEqual(await background(page), light);
    await page.locator("#theme").click();
    assert.equal(await background(page), light);
  });
});

/** The smallest contrast of text with what lies behind it (WCAG 2.1 success criterion 1.4.3). */
const CONTRASTS = () => {
  const value = (c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const parse = (t) => (t.match(/[\d.]+/g) || []).map(Number);
  const luminance = ([r, g, b]) => 0.2126 * value(r) + 0.7152 * value(g) + 0.0722 * value(b);
  const behind = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255]; };
  const found = [];
  for (const e of document.querySelectorAll("h1, h2, h3, h4, p, span, b, li, dt, dd, code, th, td, summary, small, em, strong, a, button, label")) {
    if (!e.checkVisibility() || ![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
    const a = luminance(parse(getComputedStyle(e).color));
    const b = luminance(behind(e));
    found.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), `${e.className}: ${e.textContent.trim().slice(0, 40)}`]);
  }
  return found.sort((x, y) => x[0] - y[0])[0];
};

test("text can be read in both schemes", async () => {
  await each(["light", "dark"], (colorScheme) => withPages(SAMPLES, { colorScheme }, async (page) => {
    const worst = await page.evaluate(CONTRASTS);
    assert.ok(worst[0] >= 4.5, String(worst));
  }));
});

test("on a phone a row of the table is a card with all its cells in sight", async () => {
  await withPage("bad", { viewport: { width: 390, height: 844 } }, async (page) => {
    const rows = page.locator("#overview tbody tr");
    const outside = await rows.locator("th, td").evaluateAll((all) => all.filter((e) => e.textContent.trim() !== "")
      .filter((e) => { const box = e.getBoundingClientRect(); return !e.checkVisibility() || box.left < 0 || box.right > innerWidth; }).map((e) => e.outerHTML));
    assert.deepEqual(outside, []);
    await page.getByRole("button", { name: "Score" }).click();
    await page.getByRole("button", { name: "Score" }).click();
    assert.ok((await rows.first().innerText()).includes("100"));
  });
});

test("nothing is wider than the page", async () => {
  await withPages(SAMPLES, {}, async (page) => {
    for (const width of [320, 390, 768, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${wide} of ${width}`);
    }
  });
});

test("is complete without JavaScript", async () => {
  await withPage("bad", { javaScriptEnabled: false }, async (page) => {
    for (const selector of ["h1", "#overview tbody tr", ".endpoint .requirement", ".endpoint .fix code", ".endpoint svg.ladder", ".endpoint .validity"]) {
      assert.ok(await page.locator(selector).first().isVisible(), selector);
    }
    for (const selector of ["#filter", "#theme", "button.copy"]) assert.ok(!(await page.locator(selector).first().isVisible()), selector);
  });
});

test("prints what to do with the rules where endpoints are told in lines", async () => {
  const { endpoints, ...rest } = document("thousand");
  add("printed-lines", { ...rest, endpoints: endpoints.slice(0, 300) });
  await withPage("printed-lines", {}, async (page) => {
    assert.ok(!(await page.locator(".rule .fix").first().isVisible()));
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.locator(".rule .fix").first().isVisible());
  });
});

test("prints", async () => {
  await withPage("bad", {}, async (page) => {
    assert.equal(await page.locator("html").evaluate((e) => getComputedStyle(e).colorScheme), "light dark");
    const unfolded = () => page.locator(".endpoint .more ul").first().evaluate((e) => e.checkVisibility());
    await page.emulateMedia({ media: "print", colorScheme: "light" });
    for (const control of ["#theme", "#filter", "button.copy", ".link"]) assert.ok(!(await page.locator(control).first().isVisible()), control);
    assert.ok(await unfolded());
    assert.deepEqual(await page.locator("details > :not(summary)").evaluateAll((all) => all.filter((e) => !e.hidden && !e.closest(".evidence, .copy, .link, .rule") && !e.checkVisibility()).map((e) => e.outerHTML.slice(0, 80))), []);
    // What to do is on the paper once: under each endpoint.
    assert.ok(!(await page.locator(".rule .fix").first().isVisible()));
    const fixes = await page.locator(".requirement.unmet .fix").evaluateAll((all) => all.map((e) => e.checkVisibility()));
    assert.ok(fixes.length > 5 && fixes.every(Boolean));
    assert.ok(!(await page.locator(".evidence").first().isVisible()));  // what it is evidence of is on the paper
    await page.emulateMedia({ media: "screen", colorScheme: "light" });
    assert.ok(!(await unfolded()));
    await page.locator("#theme").click();  // dark
    assert.notEqual(await background(page), "rgb(255, 255, 255)");
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    assert.equal(await background(page), "rgb(255, 255, 255)");
    const pdf = await page.pdf({ format: "A4" });
    assert.ok(pdf.length > 10_000 && pdf.subarray(0, 5).toString() === "%PDF-");
  });
});
