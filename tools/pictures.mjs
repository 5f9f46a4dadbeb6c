// `npm run pictures`: makes the pictures of the README again, in docs/pictures: a flow, a message and a person's calendar as `hogflow show` has them, of
// the sample that the tests draw.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { findChromium } from "./chromium.mjs";
import { REPOSITORY, setUp } from "./setup.mjs";

const FOLDER = path.join(REPOSITORY, "docs", "pictures");
const VIEWPORT = { width: 900, height: 1200 };
const ADA = "ada on the free plan";
/** Each with the part of it that is shown. */
const PAGES = [
  { name: "flow", hash: "#/flows/welcome", part: ".drawing-view:last-of-type" },
  { name: "person", hash: `#/people/${encodeURIComponent(ADA)}`, part: ".calendar" },
];

await setUp();
const require = createRequire(import.meta.url);
const { pageHtml } = require("../dist/operate/show/page-html.js");
const { takeShots } = require("../dist/operate/show/take-shots.js");
const { startChromium } = require("../dist/operate/show/chromium.js");
const { sampleShowData } = await import("../test/support/show-sample.ts");

const temporary = mkdtempSync(path.join(os.tmpdir(), "hogflow-pictures-"));
const env = { HOGFLOW_CHROMIUM: await findChromium({ log: console.log }) };
const { browser } = await startChromium({ cwd: REPOSITORY, env });
try {
  mkdirSync(FOLDER, { recursive: true });
  const data = sampleShowData();
  const file = path.join(temporary, "page.html");
  writeFileSync(file, pageHtml(data));
  for (const { name, hash, part } of PAGES) {
    const page = await browser.newPage({ viewport: VIEWPORT, reducedMotion: "reduce", timezoneId: "UTC" });
    await page.goto(`${pathToFileURL(file).href}${hash}`);
    await page.locator("main h1").waitFor();
    await page
      .locator(part)
      .last()
      .screenshot({ path: path.join(FOLDER, `${name}.png`), animations: "disabled" });
    await page.close();
  }
  const welcome = data.deliveries.filter(({ step, person }) => step === "welcome" && data.people[person].name === ADA);
  const { shots } = await takeShots(
    { ...data, deliveries: welcome.filter(({ side }) => side === "after"), change: undefined },
    { browser, folder: temporary, view: "desk", signal: new AbortController().signal },
  );
  copyFileSync(path.join(temporary, shots[0].file), path.join(FOLDER, "message.png"));
} finally {
  await browser.close();
  rmSync(temporary, { recursive: true, force: true });
}
for (const name of ["flow", "person", "message"])
  console.log(`docs/pictures/${name}.png  ${Math.round(statSync(path.join(FOLDER, `${name}.png`)).size / 1000)} kB`);
