// The page of `hogflow show` for a large stack: how long it takes to write, how large it is, and how long until a person can use it.
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { ShowData } from "../../../show/data";
import { fromDist, REPOSITORY } from "../canonical";
import { interleaved, timed, type Figure } from "../figure";
import { flowArgs } from "../flows";

const FLOWS = 50;
const STEPS = 20;
const PEOPLE = 5;
const WRITE_MS = 5_000;
const MOST_BYTES = 5_000_000;
const OPEN_MS = 1_000;
/** Twice the flows may take this many times twice the time. */
const GROWTH = 1.2;

const html = (flow: number, step: string): string =>
  `<!doctype html><html><body><table role="presentation" width="600"><tr><td><h1>Hello {{ person.properties.first_name }}</h1>${`<p style="font-size:16px;line-height:24px;color:#344054">What ${step} of flow ${flow} says, in a sentence as long as those of mails.</p>`.repeat(30)}<a href="{{ unsubscribe_url }}">Unsubscribe</a></td></tr></table></body></html>`;

function inputOf(flows: number): unknown {
  const resources = Array.from({ length: flows }, (_, i) => {
    const after = flowArgs(i, { steps: STEPS, status: "active" });
    for (const [id, { type, config }] of Object.entries<any>(after["actions"]))
      if (type === "function_email") config.inputs.email.value.html = html(i, id);
    const name = `flow-${i}`;
    const urn = `urn:pulumi:prod::acme::pulumi-nodejs:dynamic/posthog:HogFlow::${name}`;
    return { kind: "flow", name, urn, fate: "same", before: after, after, changedSecrets: [] };
  });
  const people = Array.from({ length: PEOPLE }, (_, i) => ({
    name: `person ${i}`,
    scenario: { person: { properties: { email: `person-${i}@example.com`, first_name: `Person ${i}`, plan: "free" } } },
  }));
  const preview = { stack: "acme/prod", isWhole: true, resources, problems: [], warnings: [], otherChanges: 0 };
  return { title: "acme/prod", version: "1.0.0", now: Date.UTC(2026, 11, 7, 9), preview, people };
}

export const show: Figure = {
  name: "show",
  what: `the page of ${FLOWS} flows of ${STEPS} steps for ${PEOPLE} people: written, its size, opened`,
  async measure({ rounds, progress }) {
    const { showData } = fromDist("./dist/operate/show/show-data.js");
    const { fitted } = fromDist("./dist/operate/show/fit-page.js");
    const { pageHtml } = fromDist("./dist/operate/show/page-html.js");
    const { startChromium } = fromDist("./dist/operate/show/chromium.js");
    const folder = mkdtempSync(path.join(os.tmpdir(), "hogflow-bench-show-"));
    const file = path.join(folder, "page.html");
    let sent = 0;
    const write = async (input: unknown): Promise<void> => {
      const data: ShowData = showData(input);
      sent = data.deliveries.length;
      const fit = fitted(data);
      writeFileSync(file, pageHtml(fit.data, { packed: fit.packed }));
    };
    const { browser } = await startChromium({ cwd: REPOSITORY, env: process.env });
    try {
      const [large, usual] = [inputOf(2 * FLOWS), inputOf(FLOWS)];
      await write(usual);
      const works = [large, usual].map((input) => () => timed(() => write(input)));
      progress("written, and twice as many flows");
      const [twice, once] = await interleaved(rounds(3), works);
      await write(usual);
      const least = FLOWS * PEOPLE;
      if (sent < least) throw new Error(`Only ${sent} messages are on the page, and not at least ${least}.`);
      progress("opened");
      const [opened] = await interleaved(rounds(5), [
        async () => {
          const page = await browser.newPage();
          const ms = await timed(async () => {
            await page.goto(pathToFileURL(file).href);
            await page.locator("main h1").waitFor();
          });
          await page.close();
          return ms;
        },
      ]);
      return [
        { name: "show, written", unit: "ms", ours: once!, goal: `< ${WRITE_MS / 1000} s`, limit: WRITE_MS },
        {
          name: "show, growth to twice the flows",
          unit: "ms",
          ours: twice!,
          floor: once!.map((ms) => 2 * ms),
          goal: `≤ ${GROWTH} × twice the time`,
          limit: GROWTH,
        },
        {
          name: "show, size",
          unit: "B",
          ours: [statSync(file).size],
          goal: "< 5 MB",
          limit: MOST_BYTES,
          note: `${sent} messages`,
        },
        { name: "show, opened", unit: "ms", ours: opened!, goal: `< ${OPEN_MS / 1000} s`, limit: OPEN_MS },
      ];
    } finally {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
