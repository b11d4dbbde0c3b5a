// Pictures of the demo's report and of many endpoints, kept in build/screenshots to be looked at; that they are sane is checked.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { DESKTOP, ROOT, add, assert, each, folder, rendered, test, tlsgauge, withFile, withPage, withPages } = require("./harness.cjs");

const OUT = path.join(ROOT, "build/screenshots");
const PHONE = { width: 390, height: 844 };
/** The look of a page, and how bright a picture of it is (0 to 1). */
const LOOKS = {
  light: { scheme: "light", size: DESKTOP, least: 0.75, most: 0.99 },
  dark: { scheme: "dark", size: DESKTOP, least: 0.03, most: 0.3 },
  phone: { scheme: "light", size: PHONE, least: 0.7, most: 0.99 },
  // Two sheets of A4. Paper is white also for who reads in the dark.
  print: { scheme: "dark", media: "print", size: { width: 794, height: 2246 }, least: 0.75, most: 0.995 },
};

/** Mean brightness and the number of colours of a picture, as a browser decodes it. */
const MEASURED = async (data) => {
  const image = new Image();
  image.src = `data:image/png;base64,${data}`;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data: octets } = context.getImageData(0, 0, canvas.width, canvas.height);
  const colours = new Set();
  let sum = 0;
  for (let i = 0; i < octets.length; i += 4 * 7) {
    sum += (octets[i] + octets[i + 1] + octets[i + 2]) / 765;
    colours.add((octets[i] << 16) | (octets[i + 1] << 8) | octets[i + 2]);
  }
  return { brightness: sum / (octets.length / 28), colours: colours.size };
};

test("pictures of the demo and of many endpoints are sane and kept", async () => {
  fs.mkdirSync(OUT, { recursive: true });
  const demo = path.join(folder, "demo");
  tlsgauge("demo", "--dir", demo);
  const result = JSON.parse(fs.readFileSync(path.join(demo, "report.json"), "utf8"));
  const of = (name) => result.endpoints.filter((endpoint) => endpoint.target.server_name.startsWith(name));
  add("demo", result);
  add("demo-good", { ...result, endpoints: of("good") });
  add("demo-bad", { ...result, endpoints: of("bad") });
  fs.copyFileSync(rendered("thousand"), path.join(folder, "demo-many.html"));
  const names = ["demo", "demo-good", "demo-bad", "demo-many"];
  const taken = [];
  await withPages(names, {}, async (page, _, name) => {
    for (const [look, { scheme, media, size }] of Object.entries(LOOKS)) {
      await page.setViewportSize(size);
      await page.emulateMedia({ media: media ?? "screen", colorScheme: scheme });
      const file = path.join(OUT, `${name}-${look}.png`);
      await page.screenshot({ path: file });
      taken.push([file, LOOKS[look]]);
    }
  });
  assert.equal(taken.length, 16);
  const blank = path.join(folder, "blank.html");
  fs.writeFileSync(blank, "<!DOCTYPE html><title>blank</title>");
  await withFile(blank, { quiet: false }, (page) => each(taken, async ([file, { least, most }]) => {
    const picture = await page.evaluate(MEASURED, fs.readFileSync(file).toString("base64"));
    assert.ok(picture.brightness >= least && picture.brightness <= most, `${file}: brightness ${picture.brightness}`);
    assert.ok(picture.colours > 30, `${file}: ${picture.colours} colours`);
  }));
  const pdf = path.join(OUT, "demo-bad.pdf");
  await withPage("demo-bad", {}, (page) => page.pdf({ path: pdf, format: "A4", printBackground: true }));
  assert.ok(fs.statSync(pdf).size > 20_000);
});
