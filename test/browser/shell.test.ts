// The shell of the page, People and Change in a Chromium: nothing asks the network or complains, all of it fits at each width, in light and dark, and everything is reachable by keyboard.
import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { hrefOf, type Route } from "../../show/app/routes";
import { useBrowser, VIEWS } from "../support/browser";
import { usePageFiles } from "../support/page-files";
import { sampleShowData } from "../support/show-sample";

const { open } = useBrowser();
const write = usePageFiles();
const data = sampleShowData();
const sample = write(data);
const ADA = "ada on the free plan";
const MALLORY = data.people[3]!.name;

const PAGES: [name: string, route: Route][] = [
  ["people", { section: "people" }],
  ["person", { section: "people", person: ADA, day: 2 }],
  ["hostile-person", { section: "people", person: MALLORY }],
  ["change", { section: "change", person: ADA }],
  ["changed-flow", { section: "change", flow: "welcome" }],
  ["removed-flow", { section: "change", flow: data.flows[2]!.name }],
];

it.each(VIEWS)(
  "at $width px, $scheme: nothing is cut, pale, asked for or complained about",
  async ({ width, scheme }) => {
    const { page, complaints, axe, layout, shoot } = await open(sample, { width, scheme });
    for (const [name, route] of PAGES) {
      await page.evaluate((hash) => (location.hash = hash), hrefOf(route));
      await page.locator("main h1").waitFor();
      expect([name, ...complaints, ...(await axe()), ...(await layout())]).toEqual([name]);
      await shoot(`shell-${name}`, { whole: true });
    }
  },
);

it.each([390, 1440] as const)("at %i px nothing moves once it is drawn", async (width) => {
  for (const [name, route] of PAGES) {
    const { page } = await open(sample, { width, hash: hrefOf(route) });
    await page.locator("main h1").waitFor();
    const moved = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let sum = 0;
          const observer = new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) sum += (entry as PerformanceEntry & { value: number }).value;
          });
          observer.observe({ type: "layout-shift", buffered: true });
          requestIdleCallback(() => requestAnimationFrame(() => resolve(sum)));
        }),
    );
    expect([name, moved]).toEqual([name, 0]);
  }
});

it("the keyboard: past the head, to each section, into the search, and to the list of keys", async () => {
  const { page } = await open(sample);
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  await page.locator("main h1").waitFor();
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("Skip to the content");
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
  expect(new URL(page.url()).hash).toBe("");

  for (const [key, heading] of [
    ["m", "Messages"],
    ["c", "Change"],
    ["f", "Flows"],
    ["p", "People"],
  ] as const) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    // What a screen reader reads next is the heading of what is new.
    await expect.poll(focused).toBe(heading);
    expect(await page.title()).toBe(`${heading} · acme/prod`);
  }

  await page.keyboard.press("?");
  expect(await page.getByRole("dialog", { name: "Keys" }).isVisible()).toBe(true);
  const wide = await page
    .locator(".keys dt")
    .evaluateAll((keys) => keys.filter((each) => each.scrollWidth > each.clientWidth));
  expect(wide).toEqual([]);
  await page.keyboard.press("Escape");
  expect(await page.getByRole("dialog", { name: "Keys" }).isVisible()).toBe(false);

  await page.keyboard.press("/");
  await page.keyboard.type("trial");
  const options = page.getByRole("option");
  await options.first().waitFor();
  expect(await page.getByRole("option", { selected: true }).textContent()).toContain("Trial ending");
  await page.keyboard.press("ArrowDown");
  expect(await page.getByRole("option", { selected: true }).textContent()).toContain("Trial ends soon");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  expect(await page.getByRole("option", { selected: true }).textContent()).toBe(await options.last().textContent());
  await page.keyboard.press("Escape");
  expect(await options.count()).toBe(0);
  expect(await page.getByRole("combobox").inputValue()).toBe("");
  await page.keyboard.type("grace on the pro");
  await options.first().waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "grace on the pro plan" }).waitFor();
  expect(new URL(page.url()).hash).toBe(hrefOf({ section: "people", person: "grace on the pro plan" }));
});

it("on a phone, the first tap on a section goes there, however far somebody has scrolled", async () => {
  const { page } = await open(sample, { width: 390, hash: hrefOf({ section: "people", person: ADA }) });
  await page.getByRole("heading", { name: "Step by step" }).waitFor();
  await page.evaluate(() => scrollTo(0, 700));
  await page.getByRole("link", { name: /^Messages/ }).click();
  await page.getByRole("heading", { level: 1, name: "Messages" }).waitFor({ timeout: 5_000 });
  // The search is above what is seen, and comes for whoever types.
  await page.evaluate(() => scrollTo(0, 700));
  const search = page.locator("#search");
  expect((await search.boundingBox())!.y).toBeLessThan(0);
  await search.evaluate((input) => input.focus({ preventScroll: true }));
  await expect.poll(async () => (await search.boundingBox())!.y).toBeGreaterThanOrEqual(0);
});

it("single keys are off for whoever switches them off", async () => {
  const { page } = await open(sample);
  await page.getByRole("button", { name: "Keys" }).click();
  await page.getByLabel("Use single keys").uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await page.keyboard.press("?");
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Flows");
  expect(await page.getByRole("dialog").isVisible()).toBe(false);
});

it("search that finds nothing says so, also aloud", async () => {
  const { page } = await open(sample, { width: 390 });
  await page.getByRole("combobox").fill("nothing has this");
  await expect.poll(() => page.locator(".search [role=status]").textContent()).toBe("Nothing has these words.");
  expect(await page.locator(".hits-none").isVisible()).toBe(true);
});

it("back and forward keep the address and how far each page was scrolled", async () => {
  const { page } = await open(sample, { hash: hrefOf({ section: "people", person: ADA }) });
  const top = () => page.evaluate(() => Math.round(scrollY));
  await page.getByRole("heading", { name: "Step by step" }).waitFor();
  await page.evaluate(() => scrollTo(0, 500));
  await expect.poll(top).toBe(500);
  // Not with the mouse, for which the link is scrolled to.
  await page.getByRole("link", { name: "Tips for free users" }).evaluate((link: HTMLElement) => link.click());
  await page.waitForURL(/#\/flows\/welcome\/steps\/tips$/);
  await page.goBack();
  await page.getByRole("heading", { level: 1, name: ADA }).waitFor();
  await expect.poll(top).toBe(500);
  await page.goForward();
  await expect.poll(() => new URL(page.url()).hash).toBe("#/flows/welcome/steps/tips");
  // What is new begins at its beginning.
  await page.evaluate((hash) => (location.hash = hash), hrefOf({ section: "people" }));
  await page.getByRole("heading", { level: 1, name: "People" }).waitFor();
  await expect.poll(top).toBe(0);
});

it("an address that names nothing shows the list, with a word about it", async () => {
  const { page } = await open(sample, { hash: "#/people/Eve" });
  expect(await page.locator(".notice").textContent()).toBe("This page has no person “Eve”.");
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("People");
});

it("the address of a day shows the day, all of its messages, and reads it first", async () => {
  const many = sampleShowData();
  const first = many.deliveries.find(({ side, person }) => side === "after" && person === 0)!;
  for (let i = 0; i < 30; i += 1) {
    const at = new Date(Date.parse(many.madeAt) + 40 * 86_400_000 + i * 60_000).toISOString();
    many.deliveries.push({ ...first, at, title: `Late ${i}` });
  }
  const { page } = await open(write(many), { hash: hrefOf({ section: "people", person: ADA }) });
  const day = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: /day 40$/ }) });
  expect(await day.locator(".entry").count()).toBe(6);
  await day.getByRole("button", { name: "Show 24 more" }).click();
  expect(await day.locator(".entry").count()).toBe(30);

  await page.evaluate(() => scrollTo(0, 0));
  await expect.poll(async () => (await day.boundingBox())!.y).toBeGreaterThan(900);
  await page.evaluate((hash) => (location.hash = hash), hrefOf({ section: "people", person: ADA, day: 40 }));
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label")))
    .toBe("Saturday, 16 January 2027, day 40");
  // Its date is seen, below the bar that stays.
  const { y } = (await day.boundingBox())!;
  const bar = (await page.locator(".bar").boundingBox())!;
  expect(y).toBeGreaterThanOrEqual(bar.y + bar.height);
  expect(y).toBeLessThan(900);
  expect(await page.getByText("28 days without a message: Mon 14 Dec – Sun 10 Jan").isVisible()).toBe(true);
});

it("everybody's week goes on to later ones, and stops at the last", async () => {
  const { page } = await open(sample, { hash: "#/people" });
  const row = page.getByRole("row", { name: /^On schedule, without a person/ });
  expect(await row.locator(".week-count").textContent()).toBe("nothing");
  expect(await page.getByRole("row", { name: /^ada/ }).locator(".week-count").textContent()).toBe(
    "2 messages sent, 2 not (draft)",
  );
  expect(await page.locator(".doubts").textContent()).toContain("Trial ending: the flow is a draft");
  expect(await page.locator(".calendar-end").textContent()).toBe(
    "Schedules are simulated for 27 days, to Sun 3 Jan. What they start later is not shown.",
  );
  expect(await page.getByRole("button", { name: "Earlier" }).isDisabled()).toBe(true);
  await page.getByRole("button", { name: "Later" }).click();
  expect(await page.getByRole("heading", { level: 2, name: /^Week 2/ }).textContent()).toContain("Mon 14 Dec");
  expect(await row.textContent()).toContain("1 message");
  // What goes to a machine is in the calendar alone.
  expect(await row.textContent()).not.toContain("crm.example");
  await page.getByRole("button", { name: "Later" }).click();
  expect(await page.getByRole("button", { name: "Later" }).isDisabled()).toBe(false);
  await page.getByRole("button", { name: "Later" }).click();
  await expect.poll(() => page.getByRole("button", { name: "Later" }).isDisabled()).toBe(true);
});

it("says which e-mails come too close together, from which flows, and what counts", async () => {
  const { page } = await open(sample, { hash: "#/people" });
  expect(await page.locator(".collisions li").allTextContents()).toEqual([
    expect.stringMatching(
      /^ada on the free plan would get 2 e-mails .*: “Tips for free users” \(Welcome series\) and “Reminder” \(Trial ending, draft: not sent\)\./,
    ),
  ]);
  expect(await page.locator(".collisions").textContent()).toContain("SMS, push and Slack messages do not");
  await page.evaluate((hash) => (location.hash = hash), hrefOf({ section: "people", person: data.people[1]!.name }));
  await page.getByText(/^No e-mails come too close together\. .* do not\.$/).waitFor();
  expect(await page.locator(".lead").first().textContent()).toContain(
    "2 messages in week 1, 2 in all, from 1 flow; the last on Wed 9 Dec. 2 messages of drafts are not sent.",
  );
  await page.evaluate((hash) => (location.hash = hash), hrefOf({ section: "people", person: data.people[4]!.name }));
  await page.getByText("3 requests go to other systems.").waitFor();
});

it("what changes for somebody: by sentences, and on both sides of a table", async () => {
  const { page } = await open(sample, { hash: hrefOf({ section: "people", person: ADA }) });
  await page.getByRole("link", { name: "see what changes" }).click();
  const ada = page.locator("details").filter({ has: page.getByRole("heading", { name: ADA }) });
  // Below the bar, which stays.
  await expect.poll(async () => Math.round((await ada.boundingBox())?.y ?? 0)).toBeLessThan(100);
  expect((await ada.boundingBox())!.y).toBeGreaterThan(50);
  expect(await ada.getAttribute("open")).not.toBeNull();
  expect(await ada.locator("summary").textContent()).toContain("3 added, 2 removed and 1 changed");
  const lines = await ada.locator(".change-line").allTextContents();
  expect(lines[0]).toContain("~ changed");
  expect(lines[0]).toContain("was “Welcome to Acme!”");
  expect(lines.filter((line) => line.includes("Your trial ends"))).toEqual([
    expect.stringContaining("draft: not sent"),
  ]);
  const [before, after] = await Promise.all(
    [1, 2].map((column) => ada.locator(`tbody td:nth-child(${column + 1})`).allTextContents()),
  );
  expect(before!.join()).toContain("Three things to try");
  expect(after!.join()).not.toContain("Three things to try");
  expect(after!.join()).toContain("Get more out of Acme");
});

it("the list of changes leads to each flow's messages, and says what was edited in PostHog and what happens to it", async () => {
  const { page } = await open(sample, { hash: "#/change" });
  const card = page.locator("article").filter({ hasText: "Welcome series" });
  await card.getByRole("link", { name: "Drawing, people and 4 messages, before and after" }).click();
  await page.getByRole("heading", { level: 2, name: "Changed messages" }).waitFor();
  await page.goBack();
  const edits = page.getByRole("region", { name: "Edited in PostHog" });
  expect(await edits.textContent()).toContain("“Report to Slack”: text: ");
  expect(await edits.textContent()).toContain("pulumi up --refresh restores the program’s version");
  await edits.getByRole("link", { name: "Weekly report" }).click();
  await page.getByRole("heading", { level: 1, name: /^Weekly report/ }).waitFor();
});

it("a character that turns the direction of writing ends with the name that it is in", async () => {
  const { page } = await open(sample, { hash: hrefOf({ section: "change", person: MALLORY }) });
  const line = page.locator(".change-line").filter({ hasText: "\u202E" }).first();
  // Letters of what follows the subject are in their order.
  const [first, second] = await line
    .locator(".soft")
    .first()
    .evaluate((element) =>
      [0, 1].map((at) => {
        const range = document.createRange();
        range.setStart(element.firstChild!, at);
        range.setEnd(element.firstChild!, at + 1);
        return range.getBoundingClientRect().x;
      }),
    );
  expect(second).toBeGreaterThan(first!);
});

it("colours follow the system until the switch is pressed", async () => {
  const { page } = await open(sample, { scheme: "dark" });
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const dark = await background();
  await page.emulateMedia({ colorScheme: "light" });
  const light = await background();
  expect(light).not.toBe(dark);
  await page.getByRole("button", { name: "Use dark colours" }).click();
  await expect.poll(background).toBe(dark);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.getByRole("button", { name: "Use light colours" }).click();
  await expect.poll(background).toBe(light);
  // Paper is white.
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  expect(await background()).toBe("rgb(255, 255, 255)");
});

it("on paper every run is open, and what only a screen can do is not there", async () => {
  const { page } = await open(sample, { hash: hrefOf({ section: "people", person: MALLORY }) });
  await page.locator("details").first().waitFor();
  const closed = () => page.locator("details:not([open])").count();
  expect(await closed()).toBeGreaterThan(0);
  // What is closed is not drawn: a page with fifty flows opens at once.
  expect(await page.locator("details:not([open]) .fold-body").count()).toBe(0);
  // Drawn before the listener returns: the browser prints what is there then.
  const closedOnPaper = await page.evaluate(() => {
    dispatchEvent(new Event("beforeprint"));
    return [...document.querySelectorAll("details")].filter((each) => !each.querySelector(".fold-body")).length;
  });
  expect([closedOnPaper, await closed()]).toEqual([0, 0]);
  await page.emulateMedia({ media: "print" });
  expect(await page.locator(".bar").isVisible()).toBe(false);
  await page.emulateMedia({ media: "screen" });
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await expect.poll(closed).toBeGreaterThan(0);
});

it("an address with a script in it is text", async () => {
  const { page } = await open(write({ ...data, target: { host: "javascript:alert(1)", projectId: "2" } }));
  expect(await page.locator(".meta").textContent()).toContain("javascript:alert(1)");
  expect(await page.locator('a[href^="javascript" i]').count()).toBe(0);
});

it("a page that is cut off says that it cannot be read", async () => {
  const { page } = await open(cutOff());
  await page.getByText(/^This page cannot be read: /).waitFor();
});

/** The page as it is when its download has ended early. */
function cutOff(): string {
  const file = write(data);
  writeFileSync(file, readFileSync(file, "utf8").replace(/(id="data">.{400})[^<]*/, "$1"));
  return file;
}
