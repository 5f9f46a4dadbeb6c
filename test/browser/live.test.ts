// A page that is served, over a real server: what is new is shown where one is, trouble is said, and a server that is gone is, too.
import { expect, it, onTestFinished } from "vitest";
import type * as serve from "../../operate/show/serve-page";
import { createRequire } from "node:module";
import type { ShowData, Trouble } from "../../show/data";
import { hrefOf } from "../../show/app/routes";
import { useBrowser } from "../support/browser";
import { sampleShowData } from "../support/show-sample";

const { servePage } = createRequire(import.meta.url)("../../dist/operate/show/serve-page.js") as typeof serve;
const { open } = useBrowser();
const ADA = "ada on the free plan";

/** The page after somebody has given a flow another title. */
function renamed(title: string): ShowData {
  const data = sampleShowData();
  for (const flow of data.flows) if (flow.name === "welcome") flow.title = title;
  return data;
}

const TROUBLE: Trouble = {
  what: "The program has 1 error.",
  findings: [
    {
      rule: "dangling-edge",
      severity: "error",
      path: "steps[2].next",
      what: "There is no step “gone”",
      fix: "Name a step of the flow",
      location: { file: "flows/onboarding.ts", line: 12 },
    },
  ],
};

async function served() {
  const server = await servePage({ port: 0, data: sampleShowData() });
  onTestFinished(() => server.close());
  return server;
}

it("shows what is new without a reload, where one is: address, scroll and focus stay", async () => {
  const server = await served();
  const { page, complaints } = await open(server.url, { hash: hrefOf({ section: "people", person: ADA }) });
  const story = page.locator(".run summary").first();
  await story.waitFor();
  expect(await story.textContent()).toContain("Welcome series");
  await page.evaluate(() => {
    scrollTo(0, 300);
    Object.assign(globalThis, { same: true });
  });
  await story.focus();
  const before = await page.evaluate(() => [location.href, scrollY]);

  server.show({ data: renamed("Hello series") });
  await expect.poll(() => story.textContent()).toContain("Hello series");
  expect(await page.evaluate(() => [location.href, scrollY])).toEqual(before);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Hello series");
  expect(await page.evaluate(() => "same" in globalThis)).toBe(true);
  // It asks its own server, nobody else, and once for what is new.
  server.show({ trouble: TROUBLE });
  await page.getByText("There is no step “gone”").waitFor();
  expect(complaints).toEqual([`requests ${server.url}events`, `requests ${server.url}data`]);
});

it("says what keeps the program from running, and stops saying it", async () => {
  const server = await served();
  const { page, axe, layout } = await open(server.url, { width: 390, hash: "#/people" });
  const banner = page.getByRole("status", { name: "The page is not up to date" });
  await page.locator("main h1").waitFor();
  expect(await banner.count()).toBe(0);
  server.show({ trouble: TROUBLE });
  await banner.waitFor();
  const text = await banner.textContent();
  for (const part of ["09:00 UTC", "The program has 1 error.", "steps[2].next", "There is no step “gone”", ":12"]) {
    expect(text).toContain(part);
  }
  expect([...(await axe()), ...(await layout())]).toEqual([]);
  server.show({ data: renamed("Hello series") });
  await banner.waitFor({ state: "detached" });
});

it("shows what a program with errors has made, with the errors", async () => {
  const server = await served();
  const { page } = await open(server.url, { hash: "#/flows" });
  await page.locator("main h1").waitFor();
  server.show({ data: renamed("Hello series"), trouble: TROUBLE });
  await page.getByText("There is no step “gone”").waitFor();
  expect(await page.getByRole("link", { name: "Hello series" }).count()).toBeGreaterThan(0);
});

it("a page that is opened while there is trouble says so", async () => {
  const server = await served();
  server.show({ trouble: TROUBLE });
  const { page } = await open(server.url);
  await page.getByText("There is no step “gone”").waitFor();
});

it("says that its server is gone, and keeps what it has", async () => {
  const server = await served();
  const { page } = await open(server.url, { hash: "#/people" });
  await page.getByRole("table").waitFor();
  await server.close();
  await page.getByText("The server is gone.").waitFor();
  expect(await page.getByRole("table").isVisible()).toBe(true);
});
