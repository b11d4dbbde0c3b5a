// What the tests of the report in a browser share: documents rendered to pages, pages opened in Debian's Chromium, tests and their count.
"use strict";
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const ROOT = path.resolve(__dirname, "../..");
const TLSGAUGE = path.resolve(process.env.TLSGAUGE ?? path.join(ROOT, "build/release/tlsgauge"));
const NPM = path.join(ROOT, "build/npm/node_modules");
const SAMPLES = ["good", "bad", "hostile", "unreachable"];
const DESKTOP = { width: 1280, height: 900 };

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tlsgauge-browser."));
let browser;
const tests = [];

const WORKERS = 3;  // tests that run side by side

/** `alone`: it measures time, or uses what there is once, such as the clipboard. */
function test(name, ...rest) {
  const body = rest.pop();
  tests.push({ name, body, alone: rest[0]?.alone ?? false });
}

function tlsgauge(...args) {
  return execFileSync(TLSGAUGE, args, { stdio: ["ignore", "pipe", "pipe"], maxBuffer: 2 ** 28, timeout: 120_000 });
}

/** The names of all documents of the corpus. */
function documents() {
  return fs.readdirSync(folder).filter((name) => name.endsWith(".json")).map((name) => path.basename(name, ".json")).sort();
}

function document(name) {
  return JSON.parse(fs.readFileSync(path.join(folder, `${name}.json`), "utf8"));
}

/** Adds a document to the corpus. */
function add(name, content) {
  fs.writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(content));
  return name;
}

/** The path of a document's page, rendered once. */
function rendered(name) {
  const page = path.join(folder, `${name}.html`);
  if (!fs.existsSync(page)) tlsgauge("report", path.join(folder, `${name}.json`), "-o", `html=${page}`);
  return page;
}

function url(file, fragment = "") {
  return pathToFileURL(file).href + fragment;
}

/**
 * Opens the pages one after another, hands each to `body(page, seen, name)`, and reports all that fail. `options` are those of a Playwright
 * context, with `fragment`. A page fails when it asks for anything but itself, says a word on the console, raises an error or opens a
 * dialog; `quiet: false` leaves that to `body`.
 */
async function withFiles(files, options, body) {
  const { fragment = "", quiet = true, ...rest } = options;
  const context = await browser.newContext({ viewport: DESKTOP, colorScheme: "light", ...rest });
  const failures = [];
  let result;
  try {
    const page = await context.newPage();
    let seen;
    page.on("request", (request) => seen.requests.push(request.url()));
    page.on("console", (message) => seen.said.push(message.text()));
    page.on("pageerror", (error) => seen.said.push(String(error)));
    page.on("dialog", (dialog) => { seen.said.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
    for (const file of files) {
      seen = { requests: [], said: [] };
      try {
        await page.goto(url(file, fragment));
        result = await body(page, seen, path.basename(file, ".html"));
        if (quiet) {
          assert.deepEqual(seen.said, []);
          assert.deepEqual([...new Set(seen.requests.map((each) => each.split("#")[0]))], [url(file)]);
        }
      } catch (error) {
        if (files.length === 1) throw error;
        failures.push(`${path.basename(file)}: ${error.message}`);
      }
    }
  } finally {
    await context.close();
  }
  assert.deepEqual(failures, []);
  return result;
}

const withFile = (file, options, body) => withFiles([file], options, body);
const withPage = (name, options, body) => withFiles([rendered(name)], options, body);
const withPages = (names, options, body) => withFiles(names.map(rendered), options, body);

/** The texts of all elements, as they are seen. */
async function texts(page, selector) {
  return page.locator(selector).evaluateAll((all) => all.map((each) => each.innerText.trim()));
}

/** Runs a list of small cases and reports all that fail. */
async function each(cases, body) {
  const failures = [];
  for (const one of cases) {
    try {
      await body(one);
    } catch (error) {
      failures.push(`${JSON.stringify(one)}: ${error.message}`);
    }
  }
  assert.deepEqual(failures, []);
}

async function main() {
  const { chromium } = require(path.join(NPM, "playwright-core"));
  const chosen = process.argv.slice(2);
  let passed = 0;
  let failed = 0;
  try {
    execFileSync("/usr/bin/python3", [path.join(__dirname, "documents.py"), folder], { stdio: "inherit" });
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
    for (const file of fs.readdirSync(__dirname).sort()) {
      if (file.endsWith("_test.cjs")) require(path.join(__dirname, file));
    }
    const run = async ({ name, body }) => {
      const started = Date.now();
      try {
        await body();
        passed += 1;
        console.log(`ok    ${name} (${Date.now() - started} ms)`);
      } catch (error) {
        failed += 1;
        console.log(`FAIL  ${name}\n${String(error.stack).slice(0, 6000)}`);
      }
    };
    const wanted = tests.filter((each) => chosen.every((word) => each.name.includes(word)));
    for (const each of wanted.filter((each) => each.alone)) await run(each);
    const left = wanted.filter((each) => !each.alone);
    await Promise.all(Array.from({ length: WORKERS }, async () => { for (let next = left.shift(); next; next = left.shift()) await run(next); }));
  } finally {
    await browser?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
  console.log(`browser: ${passed} passed, ${failed} failed, 0 skipped`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

module.exports = { DESKTOP, NPM, ROOT, SAMPLES, add, assert, document, documents, each, folder, main, rendered, test, texts, tlsgauge, url, withFile, withPage, withPages };
