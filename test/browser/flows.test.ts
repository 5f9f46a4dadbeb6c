// The section Flows in a Chromium: the list, a flow with its drawing, and a change of one, as people see, press and type.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { layoutFlow } from "../../operate/show/layout";
import type * as pages from "../../operate/show/page-html";
import type { ShowData } from "../../show/data";
import { useBrowser, VIEWS } from "../support/browser";
import { sampleShowData } from "../support/show-sample";

const folder = mkdtempSync(path.join(os.tmpdir(), "hogflow-flows-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const { open } = useBrowser();

function write(name: string, data: ShowData): string {
  const { pageHtml } = createRequire(import.meta.url)("../../dist/operate/show/page-html.js") as typeof pages;
  const file = path.join(folder, name);
  writeFileSync(file, pageHtml(data));
  return file;
}

/** A flow of sixty steps in place of the one without a change. */
function withSixtySteps(): ShowData {
  const data = sampleShowData();
  const flow = data.flows.find(({ fate }) => fate === "same")!;
  const actions = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [
      `s${i}`,
      i === 0
        ? { type: "trigger", name: "Signed up", config: { type: "event" }, next: "s1" }
        : i === 59
          ? { type: "exit", name: "Exit" }
          : i % 5 === 1 && i < 54
            ? {
                type: "conditional_branch",
                name: `Which plan, in round ${i}?`,
                config: { conditions: [{ name: "pays for more than ten people" }, { name: "日本語の名前が長い場合" }] },
                branches: [`s${i + 1}`, `s${i + 2}`],
                next: `s${i + 3}`,
              }
            : {
                type: "delay",
                name: [
                  "Let them try it for a while",
                  "Größe 👩‍👩‍👧 später",
                  "WWWWWWWWWWWWWWWWWWWWWWWWWWWW",
                  "MMMM iiii llll",
                ][i % 4],
                config: { delayDuration: "3d" },
                next: `s${i + 1}`,
              },
    ]),
  );
  flow.after = {
    ...flow.after!,
    drawing: layoutFlow({ actions }),
    steps: Object.entries(actions).map(([id, { name }]) => ({ id, title: name!, kind: "wait", sends: false })),
  };
  return data;
}

const PAGES = [
  ["list", "#/flows", "Flows"],
  ["flow", "#/flows/weekly_report", "Weekly report"],
  ["changed-flow", "#/flows/welcome", "Welcome series"],
  ["step", "#/flows/welcome/steps/tips", "Welcome series"],
  ["hostile-flow", `#/flows/${encodeURIComponent('old-digest"/../#<svg onload=alert(2)>')}`, "Old"],
] as const;

let sample: string;
let sixty: string;
beforeAll(() => {
  sample = write("sample.html", sampleShowData());
  sixty = write("sixty.html", withSixtySteps());
});

describe.each(VIEWS)("at $width px, $scheme", (view) => {
  it("each page is sound", async () => {
    const { page, complaints, axe, layout, shoot } = await open(sample, { ...view, hash: "#/flows" });
    for (const [name, hash, heading] of PAGES) {
      await page.evaluate((to) => (location.hash = to), hash);
      await page.locator("main h1", { hasText: heading }).waitFor();
      expect([...complaints, ...(await axe()), ...(await layout())], name).toEqual([]);
      await shoot(`flows-${name}`, { whole: name !== "step" });
    }
  });

  it("sixty steps can be read: each text is inside of what it is written in", async () => {
    const { page, complaints, layout, shoot } = await open(sixty, { ...view, hash: "#/flows/weekly_report" });
    const { cut, smallest } = await page.evaluate(() => {
      const found: string[] = [];
      for (const group of document.querySelectorAll(".drawing .node, .drawing .edge-label")) {
        const outer = group.querySelector(".outline, rect")!.getBoundingClientRect();
        for (const text of group.querySelectorAll("text")) {
          const inner = text.getBoundingClientRect();
          if (inner.left < outer.left || inner.right > outer.right) found.push(text.textContent ?? "");
        }
      }
      const heights = [...document.querySelectorAll(".drawing text")].map(
        (text) => text.getBoundingClientRect().height,
      );
      return { cut: found, smallest: Math.min(...heights) };
    });
    expect([...complaints, ...(await layout()), ...cut]).toEqual([]);
    expect(smallest).toBeGreaterThan(9);
    await shoot("flows-sixty");
  });
});

it("steps are links that Tab and arrow keys go through, and Enter opens", async () => {
  const { page } = await open(sample, { hash: "#/flows/weekly_report" });
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  await page.locator(".drawing-view").focus();
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("Every Monday, on schedule, without a person, leads to Report to Slack");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  expect(await focused()).toMatch(/^Sync to CRM/);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash === "#/flows/weekly_report/steps/report");
  const step = page.locator(".steps [aria-current]");
  await step.waitFor();
  expect(await step.locator("h3").textContent()).toBe("Report to Slack");
  expect(await step.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await page.locator(".drawing a[aria-current]").getAttribute("aria-label")).toMatch(/^Report to Slack/);
  expect(await step.locator("a", { hasText: "Message" }).getAttribute("href")).toBe("#/messages/weekly_report/report");
});

it("zooms by buttons, keys and wheel, keeps what is under the mouse, and fits again", async () => {
  const { page } = await open(sixty, { hash: "#/flows/weekly_report" });
  const svg = page.locator(".drawing svg");
  const width = async (): Promise<number> => (await svg.boundingBox())!.width;
  await svg.waitFor();
  const start = await width();
  await page.getByRole("button", { name: "Zoom in" }).click();
  expect(await width()).toBeCloseTo(start * 1.25, -1);
  await page.locator(".drawing-view").focus();
  await page.keyboard.press("-");
  expect(await width()).toBeCloseTo(start, -1);
  for (let i = 0; i < 8; i += 1) await page.keyboard.press("+");
  expect(await width()).toBeGreaterThan((await page.locator(".drawing-view").boundingBox())!.width);

  const step = page.locator('.drawing [data-step="30"]');
  await step.scrollIntoViewIfNeeded();
  const middleOf = async () => {
    const { x, y, width, height } = (await step.boundingBox())!;
    return { x: x + width / 2, y: y + height / 2 };
  };
  const [before, was] = [await middleOf(), await width()];
  await page.mouse.move(before.x, before.y);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, 40);
  await page.keyboard.up("Control");
  await expect.poll(width).toBeLessThan(was);
  // To the sides there is less to scroll than it would take.
  expect(Math.abs((await middleOf()).y - before.y)).toBeLessThan(4);

  await page.locator(".drawing-view").focus();
  await page.keyboard.press("0");
  expect(await width()).toBeLessThanOrEqual((await page.locator(".drawing-view").boundingBox())!.width);
});

it("two fingers zoom the drawing", async () => {
  const { page } = await open(sixty, { width: 390, hash: "#/flows/weekly_report" });
  const view = page.locator(".drawing-view");
  await view.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await view.boundingBox())!;
  const middle = { x: x + width / 2, y: y + height / 2 };
  const touch = await page.context().newCDPSession(page);
  const fingers = (type: "touchStart" | "touchMove", apart: number) =>
    touch.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: [-1, 1].map((side) => ({ x: middle.x + (side * apart) / 2, y: middle.y })),
    });
  const svgWidth = async (): Promise<number> => (await page.locator(".drawing svg").boundingBox())!.width;
  const start = await svgWidth();
  await fingers("touchStart", 80);
  for (const apart of [90, 100, 110, 120]) await fingers("touchMove", apart);
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await expect.poll(svgWidth).toBeGreaterThan(start * 1.3);
});

it("an address of a step shows it, in the drawing and in the list", async () => {
  const { page } = await open(sixty, { hash: "#/flows/weekly_report/steps/s40" });
  await page.locator(".steps [aria-current]").waitFor();
  const { node, view, item } = await page.evaluate(() => {
    const box = (selector: string) => {
      const { top, bottom } = document.querySelector(selector)!.getBoundingClientRect();
      return { top, bottom };
    };
    return { node: box(".drawing a[aria-current]"), view: box(".drawing-view"), item: box(".steps [aria-current]") };
  });
  expect(node.top).toBeGreaterThan(view.top);
  expect(node.bottom).toBeLessThan(view.bottom);
  expect(item.top).toBeGreaterThan(0);
  expect(item.bottom).toBeLessThan(900);
});

it("a mouse draws the drawing", async () => {
  const { page } = await open(sixty, { hash: "#/flows/weekly_report" });
  const view = page.locator(".drawing-view");
  await view.scrollIntoViewIfNeeded();
  const { x, y, height } = (await view.boundingBox())!;
  await page.mouse.move(x + 30, y + height - 60);
  await page.mouse.down();
  await page.mouse.move(x + 30, y + height - 260, { steps: 4 });
  await page.mouse.up();
  expect(await view.evaluate((element) => element.scrollTop)).toBe(200);
});

it("is printed whole", async () => {
  const { page } = await open(sixty, { hash: "#/flows/weekly_report" });
  await page.emulateMedia({ media: "print" });
  const cut = await page.locator(".drawing-view").evaluate((view) => view.scrollHeight - view.clientHeight);
  expect(cut).toBeLessThanOrEqual(0);
  expect(await page.locator(".drawing-buttons .button").first().isVisible()).toBe(false);
});

it("says in its schedule's time zone and in the reader's when a flow runs next", async () => {
  const { page } = await open(sample, { hash: "#/flows/weekly_report" });
  const table = page.locator(".next-dates");
  expect(await table.locator("th").allTextContents()).toEqual(["Next, Europe/Berlin", "Where you are, UTC"]);
  expect(await table.locator("tbody tr").first().locator("td").allTextContents()).toEqual([
    "Mon, 14 Dec 2026, 09:00",
    "Mon, 14 Dec 2026, 08:00",
  ]);
});

it("says what is wrong with a flow, what somebody changed in PostHog, and where the code is", async () => {
  const { page } = await open(sample, { hash: "#/flows/welcome" });
  const finding = page.locator(".finding").filter({ hasText: "no link to unsubscribe" });
  expect(await finding.textContent()).toContain("The e-mail has no link to unsubscribe");
  expect(await finding.getByRole("link").getAttribute("href")).toBe("#/flows/welcome/steps/tips");
  expect(await finding.locator(".location code").textContent()).toBe("flows/onboarding.ts:42");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await finding.getByRole("button", { name: "Copy flows/onboarding.ts:42" }).click();
  await finding.getByRole("status").filter({ hasText: "Copied" }).waitFor({ state: "attached" });
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("flows/onboarding.ts:42");
  expect(await page.locator(".sides .drawing").count()).toBe(2);

  const { page: other } = await open(sample, { hash: "#/flows/weekly_report" });
  const edits = other.locator("section", { hasText: "Edited in PostHog" });
  expect(await edits.locator("li").count()).toBe(1);
  expect(await edits.textContent()).toContain("pulumi up never overwrites a live edit");
  // Above the drawing: it comes before what the program says.
  expect((await edits.boundingBox())!.y).toBeLessThan((await other.locator(".drawing").boundingBox())!.y);
});

it("the list says what is paused, how much is sent, and leads to what was edited", async () => {
  const { page } = await open(sample, { hash: "#/flows" });
  const entry = page.locator(".flow-entry").filter({ hasText: "Weekly report" });
  expect(await entry.locator(".flow-entry-schedule").allTextContents()).toEqual([
    expect.not.stringContaining("paused"),
    expect.stringMatching(/every month .* paused$/),
  ]);
  expect(await entry.textContent()).toContain("4 steps, 1 message, 1 request");
  expect(await page.locator(".flow-entry").filter({ hasText: "Welcome series" }).textContent()).toContain("3 messages");
  await entry.getByRole("link", { name: "edited in PostHog" }).click();
  await page.getByRole("heading", { level: 2, name: "Edited in PostHog" }).waitFor();
});

it.each([
  [390, "above"],
  [1440, "beside"],
] as const)("at %i px the new drawing is %s the old one", async (width, place) => {
  for (const hash of ["#/flows/welcome", "#/change/welcome"]) {
    const { page } = await open(sample, { width, hash });
    const [before, after] = await Promise.all(
      ["Before: main", "After: your program"].map((name) => page.getByRole("heading", { name }).first().boundingBox()),
    );
    if (place === "above") expect(after!.y).toBeLessThan(before!.y);
    else expect([after!.y, after!.x > before!.x]).toEqual([before!.y, true]);
  }
});
