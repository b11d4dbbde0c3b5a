// Pictures of the demo's report and of many endpoints, kept in build/screenshots to be looked at; that they are sane is checked.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { DESKTOP, ROOT, add, assert, each, folder, rendered, test, tlsgauge, withFile, withPage } = require("./harness.cjs");

const OUT = path.join(ROOT, "build/screenshots");
const PHONE = { width: 390, height: 844 };
/** The look of a page, and how bright a picture of it is (0 to 1). */
const LOOKS = {
  light: { options: { colorScheme: "light", viewport: DESKTOP }, least: 0.75, most: 0.99 },
  dark: { options: { colorScheme: "dark", viewport: DESKTOP }, least: 0.03, most: 0.3 },
  phone: { options: { colorScheme: "light", viewport: PHONE }, least: 0.7, most: 0.99 },
  // Two sheets of A4. Paper is white also for who reads in the dark.
  print: { options: { colorScheme: "dark", viewport: { width: 794, height: 2246 } }, least: 0.75, most: 0.995, media: "print" },
};

/** Mean brightness and the number of colours of a picture, as a browser decodes it. */
async function measured(file) {
  const picture = fs.readFileSync(file).toString("base64");
  const blank = path.join(folder, "blank.html");
  fs.writeFileSync(blank, "<!DOCTYPE html><title>blank</title>");
  return withFile(blank, { quiet: false }, (page) => page.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, Math.min(image.height, 4000));
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const { data: octets } = context.getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set();
    let sum = 0;
    for (let i = 0; i < octets.length; i += 4 * 7) {
      sum += (octets[i] + octets[i + 1] + octets[i + 2]) / 765;
      colours.add((octets[i] << 16) | (octets[i + 1] << 8) | octets[i + 2]);
    }
    return { brightness: sum / (octets.length / 28), colours: colours.size, height: image.height };
  }, picture));
}

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
  const cases = ["demo", "demo-good", "demo-bad", "demo-many"].flatMap((name) => Object.keys(LOOKS).map((look) => [name, look]));
  await each(cases, async ([name, look]) => {
    const { options, least, most, media } = LOOKS[look];
    const file = path.join(OUT, `${name}-${look}.png`);
    await withPage(name, options, async (page) => {
      if (media) await page.emulateMedia({ media, colorScheme: "dark" });
      await page.screenshot({ path: file });
    });
    const picture = await measured(file);
    assert.ok(picture.brightness >= least && picture.brightness <= most, `${file}: brightness ${picture.brightness}`);
    assert.ok(picture.colours > 30, `${file}: ${picture.colours} colours`);
  });
  const pdf = path.join(OUT, "demo-bad.pdf");
  await withPage("demo-bad", {}, (page) => page.pdf({ path: pdf, format: "A4", printBackground: true }));
  assert.ok(fs.statSync(pdf).size > 20_000);
});
