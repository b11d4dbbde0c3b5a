// Hostile strings in every field of a result: nothing runs, nothing is loaded, the text is shown as text.
"use strict";
const { assert, document: result, documents, each, rendered, test, url, withPage, withPages } = require("./harness.cjs");

/** What could act: elements that load or run, handlers, links that are no links. */
const ACTING = () => ({
  scripts: document.querySelectorAll("script").length,
  styles: document.querySelectorAll("style").length,
  loading: document.querySelectorAll("img, iframe, object, embed, form, link, base, audio, video, image, use, foreignObject, meta[http-equiv=refresh], animate, set").length,
  handlers: [...document.querySelectorAll("*")].flatMap((e) => e.getAttributeNames()).filter((n) => /^on|^style$|^src|^formaction|^srcdoc|^xlink/.test(n)),
  links: [...document.querySelectorAll("a")].map((a) => a.href).filter((href) => !/^https?:/.test(href) && !href.startsWith(`${location.href.split("#")[0]}#`)),
  ids: document.querySelectorAll("[id]").length - new Set([...document.querySelectorAll("[id]")].map((e) => e.id)).size,
  outside: [...document.body.children].map((e) => e.tagName).join(),
  /** Elements by name, for comparison with those of the honest page. */
  hidden: [...document.body.textContent].filter((c) => /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(c)).length,
});

test("hostile strings are inert in every field", async () => {
  const names = documents().filter((name) => name.startsWith("hostile"));
  assert.ok(names.length > 10);
  await withPages(names, {}, async (page) => {
    const found = await page.evaluate(ACTING);
    assert.deepEqual(found, { scripts: 1, styles: 1, loading: 0, handlers: [], links: [], ids: 0, outside: "HEADER,MAIN,FOOTER,P,SCRIPT", hidden: 0 });
  });
});

/** How many elements of each kind a page has. */
const ELEMENTS = () => {
  const count = {};
  for (const e of document.body.querySelectorAll("*")) count[e.tagName] = (count[e.tagName] ?? 0) + 1;
  return count;
};

test("hostile strings add no element", async () => {
  // A harmless word in place of each text has the same elements.
  const { add } = require("./harness.cjs");
  const plain = (value, hostile) => (typeof value === "string" ? (value === hostile ? "word" : value)
    : Array.isArray(value) ? value.map((item) => plain(item, hostile))
      : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, hostile)])) : value);
  await each(["hostile-script", "hostile-script_end", "hostile-quotes", "hostile-cdata", "hostile-percent"], async (name) => {
    const hostile = result(name).endpoints[0].target.host;
    add(`plain-${name}`, plain(result(name), hostile));
    const wanted = await withPage(`plain-${name}`, {}, (page) => page.evaluate(ELEMENTS));
    assert.deepEqual(await withPage(name, {}, (page) => page.evaluate(ELEMENTS)), wanted);
  });
});

test("hostile text is there to be read", async () => {
  await withPage("hostile-script", {}, async (page) => {
    const text = await page.evaluate(() => document.querySelector(".endpoint h2").textContent);
    assert.ok(text.includes("<script>alert(1)</script><img src=x onerror=alert(1)>"), text);
  });
  await withPage("hostile-bidi", {}, async (page) => {
    const text = await page.evaluate(() => document.body.textContent);
    assert.ok(text.includes("safe\\u{202E}txt.exe"));
  });
  await withPage("hostile-megabyte", {}, async (page) => {
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  });
  assert.ok(url(rendered("hostile-nul")).startsWith("file:"));
});
