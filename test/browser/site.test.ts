// The documentation site, built once: every link leads somewhere, and in a Chromium, on a phone and on a desk, in light and dark, its pages fit, are accessible,
// ask nobody else for anything, and are found by the search.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSite, checkLinks, serveSite } from "../../site/build.mjs";
import { ROOT } from "../support/compile-modules";
import { SCHEMES, useBrowser, type OpenPage, type View } from "../support/browser";

const LIMIT_MS = 600_000;
const VIEWS = ([390, 1440] as const).flatMap((width) => SCHEMES.map((scheme) => ({ width, scheme })));
const { version } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
/** As a project of GitHub Pages: below a path. */
const BASE = "/hogflow/";

const host = mkdtempSync(path.join(os.tmpdir(), "hogflow-site-test-"));
const into = path.join(host, "hogflow");
let server: Awaited<ReturnType<typeof serveSite>>;
let built: Awaited<ReturnType<typeof buildSite>>;

beforeAll(async () => {
  mkdirSync(path.join(into, "v0.0.9"), { recursive: true });
  writeFileSync(
    path.join(into, "v0.0.9", "index.html"),
    '<!doctype html><title>Older</title><link rel="icon" href="data:,">',
  );
  const env = { ...process.env, GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "acme/hogflow" };
  built = await buildSite({ into, root: BASE, env });
  server = await serveSite(host, { port: 0 });
}, LIMIT_MS);
afterAll(async () => {
  await server?.stop();
  rmSync(host, { recursive: true, force: true });
});

const { open } = useBrowser();
const address = (page = ""): string => `${server.url}hogflow/v${version}/${page}`;
const visit = async (page: string, view?: View): Promise<OpenPage> => {
  const opened = await open(address(page), { ...view, site: true });
  await opened.page.locator("h1").first().waitFor();
  return opened;
};

/** What one has to scroll to see all of: a phone zooms out where something is wider. */
const widthOf = (page: OpenPage["page"]): Promise<number> =>
  page.evaluate(() => Math.max(document.documentElement.scrollWidth, innerWidth));

describe("links", () => {
  const html = (page: string): string => readFileSync(path.join(built.folder, page), "utf8");

  it("are all checked", () => {
    expect(built.pages).toBeGreaterThan(35);
    expect(built.links).toBeGreaterThan(1000);
  });

  it("lead to pages where there are, and to the repository at this version where there are none", () => {
    expect(html("index.html")).toContain(`href="${BASE}v${version}/guide.html"`);
    expect(html("index.html")).toContain(`href="${BASE}v${version}/examples/win-back/"`);
    expect(html("index.html")).toContain(`href="https://github.com/acme/hogflow/blob/v${version}/LICENSE"`);
    expect(html("examples/github-actions/index.html")).toContain(
      `href="https://github.com/acme/hogflow/blob/v${version}/examples/github-actions/preview.yml"`,
    );
  });

  it.each([
    ['<a href="/hogflow/v1/b.html">', "a.html: /hogflow/v1/b.html"],
    ['<a href="#there">', "a.html: #there (the page has no such anchor)"],
    ['<img src="x.png">', "a.html: x.png"],
    ['<a href="/guide.html">', "leads out of the version"],
  ])("are dead where nothing is: %s", (tag, message) => {
    const folder = mkdtempSync(path.join(host, "dead-"));
    writeFileSync(path.join(folder, "a.html"), `<h1 id="here">A</h1><a href="#here">here</a>`);
    expect(checkLinks(folder, "/hogflow/v1/")).toEqual({ pages: 1, links: 1 });
    writeFileSync(path.join(folder, "a.html"), tag);
    expect(() => checkLinks(folder, "/hogflow/v1/")).toThrow(message);
  });
});

describe.each(VIEWS)("at $width px, $scheme", (view) => {
  it.each(["", "guide.html", "plugin.html", "examples/github-actions/"])("/%s", async (name) => {
    const { page, complaints, axe, shoot } = await visit(name, view);
    if (name === "") await page.locator(".flow-drawing svg").waitFor();
    await shoot(`site-${name.replace(/\W+/g, "-") || "home"}`);
    expect(await widthOf(page)).toBe(view.width);
    expect(await axe({ any: true })).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("finds a page", async () => {
    const { page, complaints, shoot } = await visit("", view);
    await page.locator(".DocSearch-Button").click();
    await page.locator("#localsearch-input").fill("protectInFlight");
    const results = page.locator("#localsearch-list a");
    await results.first().waitFor();
    await shoot("site-search");
    const hrefs = await results.evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    expect(hrefs.join("\n")).toContain("guide.html");
    await results.first().click();
    await page.waitForURL(/\.html#/);
    expect(complaints).toEqual([]);
  });
});

it("fits a phone, with every page", { timeout: LIMIT_MS }, async () => {
  const { page, complaints } = await visit("", { width: 390 });
  const pages = await page
    .locator("#VPSidebarNav a")
    .evaluateAll((links) => links.map((link) => link.getAttribute("href")!));
  expect(pages.length).toBeGreaterThan(35);
  const tooWide: string[] = [];
  for (const each of pages) {
    await page.goto(new URL(each, server.url).href);
    await page.locator("h1").first().waitFor();
    if ((await widthOf(page)) > 390) tooWide.push(each);
  }
  expect(tooWide).toEqual([]);
  expect(complaints).toEqual([]);
});

it("shows the version, and leads to an older one and back to the newest", async () => {
  const { page, complaints } = await visit("guide.html");
  const choice = page.getByLabel("Version").first();
  await expect.poll(() => choice.locator("option").allTextContents()).toEqual([version, "0.0.9"]);
  expect(await choice.inputValue()).toBe(version);
  await choice.selectOption("0.0.9");
  await page.waitForURL(`${server.url}hogflow/v0.0.9/`);
  await page.goto(`${server.url}hogflow/`);
  await page.waitForURL(address());
  expect(complaints).toEqual([]);
});
