// The page as a whole in a Chromium: every section by keyboard, and with texts as hostile and as long as people can write them.
import { describe, expect, it } from "vitest";
import type { ShowData } from "../../show/data";
import { hrefOf, type Route } from "../../show/app/routes";
import { useBrowser, type OpenPage } from "../support/browser";
import { usePageFiles } from "../support/page-files";
import { sampleShowData } from "../support/show-sample";

const { open } = useBrowser();
const pageFile = usePageFiles();
const sample = pageFile(sampleShowData());

async function show({ page }: OpenPage, route: Route): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), hrefOf(route));
  await page.waitForFunction((hash) => location.hash === hash, hrefOf(route));
  await page.locator("main h1").waitFor();
}

it("each section is reached by Tab and Enter, from the top of the page", async () => {
  const { page } = await open(sample);
  for (const heading of ["Flows", "Messages", "People", "Change"]) {
    await page.reload();
    await page.locator("main h1").waitFor();
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
    for (let presses = 0; presses < 20 && !(await focused()).startsWith(heading); presses += 1)
      await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
  }
});

describe("hostile and long texts", () => {
  const EVIL =
    "</script><img src=x onerror=alert(1)><svg/onload=alert(2)>\u202Eevil\u2066 {{7*7}} ${alert(3)} &lt;b&gt;";
  const LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft".repeat(3);
  /** Keys whose values are no texts of people: they name something that the page knows, or are numbers and dates. */
  const KEPT = new Set([
    ...[
      "fate",
      "status",
      "at",
      "started",
      "madeAt",
      "timezone",
      "severity",
      "side",
      "mark",
      "origin",
      "channel",
      "kind",
      "shape",
      "host",
    ],
    ...["projectId", "version", "type", "next", "where", "path", "id", "from", "to", "html", "url"],
  ]);
  /** The same names stay the same, so that what refers to something by name still does. */
  function renamed<T>(value: T, text: string, key = ""): T {
    if (typeof value === "string") return (KEPT.has(key) ? value : `${text} ${value}`) as T;
    if (Array.isArray(value)) return value.map((each) => renamed(each, text, key)) as T;
    if (typeof value !== "object" || value === null) return value;
    // Texts in a drawing are broken into lines where it is laid out.
    if (key === "drawing") return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, renamed(each, text, name)])) as T;
  }
  /** A step's own id and what names it are renamed alike. */
  const withTexts = (text: string): ShowData => {
    const data = sampleShowData();
    const steps = { flows: data.flows, deliveries: data.deliveries, runs: data.runs };
    for (const one of [...steps.deliveries, ...steps.runs.flatMap(({ lines }) => lines)]) one.step = `:${one.step}`;
    const changed = renamed(data, text);
    for (const [i, one] of changed.deliveries.entries()) one.step = steps.deliveries[i]!.step.slice(1);
    for (const [i, { lines }] of changed.runs.entries())
      for (const [j, line] of lines.entries()) line.step = steps.runs[i]!.lines[j]!.step.slice(1);
    return changed;
  };

  it.each([
    ["hostile", 390, EVIL],
    ["hostile", 1440, EVIL],
    ["long", 390, LONG],
    ["long", 768, LONG],
  ] as const)("%s, at %i px: do no harm, in no section", async (name, width, text) => {
    const data = withTexts(text);
    const opened = await open(pageFile(data), { width });
    const { page, complaints, layout, shoot } = opened;
    const flow = data.flows[0]!.name;
    const [delivery] = data.deliveries;
    const routes: Route[] = [
      { section: "flows" },
      { section: "flows", flow },
      { section: "messages" },
      { section: "messages", flow: delivery!.flow, step: delivery!.step },
      { section: "people" },
      { section: "people", person: data.people[0]!.name },
      { section: "change" },
      { section: "change", flow },
    ];
    for (const [i, route] of routes.entries()) {
      await show(opened, route);
      await shoot(`texts-${name}-${i}`, { whole: true });
      const where = JSON.stringify(route).slice(0, 60);
      expect([where, ...complaints, ...(await layout())]).toEqual([where]);
      // What somebody wrote as markup is text.
      expect(await page.locator("img[src=x], [onerror], [onload]").count()).toBe(0);
      expect(await page.locator("main").innerText()).toContain(text.slice(0, 20));
    }
    expect(await page.title()).toContain(text.slice(0, 20));
  });
});
