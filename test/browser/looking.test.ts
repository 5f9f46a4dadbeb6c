// What the browser tests look with: each helper finds the fault that it is for, and nothing on a page without faults.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { useBrowser } from "../support/browser";

const folder = mkdtempSync(path.join(os.tmpdir(), "hogflow-browser-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const { open } = useBrowser();

function page(body: string, head = ""): string {
  const file = path.join(folder, "page.html");
  writeFileSync(
    file,
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title><meta name="viewport" content="width=device-width, initial-scale=1">${head}</head><body><main><h1>Flows</h1>${body}</main></body></html>`,
  );
  return file;
}

it("a page without faults has none", async () => {
  const { complaints, axe, layout } = await open(
    page(
      `<p>Some text</p><div style="overflow:auto;width:80px"><p style="width:300px">scrolls</p></div><p style="width:80px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap">shown as being longer</p><button>One</button> <button>Two</button>`,
      `<style>h1{color:#222}</style>`,
    ),
    { width: 390 },
  );
  expect([...complaints, ...(await axe()), ...(await layout())]).toEqual([]);
});

it.each([
  ["a request", `<img alt="" src="http://127.0.0.1:9/open.gif">`, /requests http:\/\/127\.0\.0\.1:9\/open\.gif/],
  ["a request for a file", `<link rel="stylesheet" href="other.css">`, /requests file:.*other\.css/],
  ["an error in the console", `<script>console.error("no flow")</script>`, /error: no flow/],
  ["a script that fails", `<script>throw new Error("no step")</script>`, /fails: no step/],
  ["a dialog", `<script>alert("hello")</script>`, /asks: hello/],
])("finds %s", async (_, body, complaint) => {
  const { complaints } = await open(page(body));
  expect(complaints.join("\n")).toMatch(complaint);
});

it("finds what axe-core calls serious", async () => {
  const { axe } = await open(page(`<p style="color:#bbb;background:#fff">pale</p><button></button>`));
  const faults = await axe();
  expect(faults.join("\n")).toContain("color-contrast");
  expect(faults.join("\n")).toContain("button-name");
  expect(faults).toHaveLength(2);
});

it.each([
  [
    "a page wider than its window",
    `<div style="width:2000px">wide</div>`,
    /the page is \d+ px wide in a window of 1440/,
  ],
  [
    "a text that is cut at its side",
    `<p style="width:40px;overflow:hidden;white-space:nowrap">a long line of text</p>`,
    /is cut at its side: p "a long/,
  ],
  [
    "a text that is cut at its bottom",
    `<p style="width:40px;height:20px;overflow:hidden">a long line of text</p>`,
    /is cut at its bottom/,
  ],
  [
    "a word that leaves its box",
    `<p class="name" style="width:40px">Donaudampfschifffahrt</p>`,
    /leaves its box: p\.name "Donau/,
  ],
  [
    "controls on top of each other",
    `<button>One</button><button style="margin-left:-20px">Two</button>`,
    /on top of each other: button "One" and button "Two"/,
  ],
])("finds %s", async (_, body, fault) => {
  const { layout } = await open(page(body));
  const faults = await layout();
  expect(faults.join("\n")).toMatch(fault);
  expect(faults).toHaveLength(1);
});
