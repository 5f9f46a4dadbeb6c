// Every section of the run-time reference that holds rules is named by a test, and so is every case of its table.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

type Section = `${number}.${number}` | `${number}`;

/** The sections with rules, and what they are about. */
const SECTIONS = {
  "1.1": "what creates a run",
  "1.2": "from event to run",
  "1.3": "state at the start",
  "1.4": "webhook, manual, pixel",
  "1.5": "masking",
  "1.6": "the same person again",
  "2.1": "dequeue",
  "2.2": "the wake",
  "2.3": "one step",
  "2.4": "edges",
  "2.5": "errors",
  "2.6": "result of a wake",
  "3.1": "delay by length",
  "3.2": "delay until a date",
  "3.3": "time zones",
  "3.4": "time windows",
  "3.5": "waits",
  "3.6": "branches",
  "3.7": "random splits",
  "3.8": "functions",
  "3.9": "messages",
  "3.10": "output variables",
  "3.11": "exit",
  "4.1": "exit conditions",
  "4.2": "counting of conversions",
  "4.3": "disabled, archived, deleted",
  "4.4": "edited while waiting",
  "5.1": "structure of filters",
  "5.2": "what filters see",
  "5.3": "snapshots",
  "5.4": "operators",
  "6.1": "Hog",
  "6.2": "Liquid",
  "6.3": "what inputs see",
  "7.1": "schedules and variables",
  "7.2": "runs without a person",
  "7.3": "batch audiences",
  "8": "metrics and log lines",
  "9": "example cases",
  "10": "what is not known",
  "11": "order at one instant",
} as const satisfies Partial<Record<Section, string>>;

/**
 * Sections without a rule of a run: where the facts come from (0), and what PostHog's test button does, which is `hogflow test` (1.7). What the worker takes
 * from inputs (3.12) is tested case by case in worker-cases.
 */
const OTHERS = ["0", "0.1", "0.2", "0.3", "1.7", "3.12"];
const CASES = 55;

const FOLDER = path.resolve(import.meta.dirname, "..");
const REFERENCE = path.resolve(FOLDER, "../../docs/internals/posthog-runtime.md");

/** Titles of the tests of a file, and of the groups that they stand in. */
function titlesOf(file: string): string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const [title] = node.arguments;
      if (/^(?:it|describe)\b/.test(node.expression.getText()) && title && ts.isStringLiteralLike(title))
        titles.push(title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true));
  return titles;
}

const files = (readdirSync(FOLDER, { recursive: true }) as string[])
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => path.join(FOLDER, name));
const titles = files.filter((file) => file !== import.meta.filename).flatMap(titlesOf);

/** `3.5: …` and `… (run time §3.5)` name a section; of `§3.1 to §3.4` only these two. */
const named = new Set(
  titles.flatMap((title) =>
    [...title.matchAll(/^(\d+(?:\.\d+)?)(?=[:,])|§(\d+(?:\.\d+)?)/g)].map(([, first, second]) => first ?? second!),
  ),
);

describe("tests name", () => {
  it.each(Object.entries(SECTIONS))("run time §%s, %s", (section) => expect([...named]).toContain(section));

  it("every section that the reference has", () => {
    const headings = readFileSync(REFERENCE, "utf8").matchAll(/^##+ (\d+(?:\.\d+)?)\.? /gm);
    const sections = [...headings].map(([, section]) => section!);
    // A section with parts is told by them.
    const leaves = sections.filter((section) => !sections.some((other) => other.startsWith(`${section}.`)));
    const known = [...Object.keys(SECTIONS), ...OTHERS];
    expect(leaves.filter((section) => !known.includes(section))).toEqual([]);
    expect(known.filter((section) => !sections.includes(section))).toEqual([]);
  });

  it("each case of run time §9 by its number", () => {
    const cases = new Set(
      titlesOf(path.join(FOLDER, "cases.test.ts")).flatMap((title) => /^(\d+):/.exec(title)?.[1] ?? []),
    );
    expect(Array.from({ length: CASES }, (_, i) => String(i + 1)).filter((number) => !cases.has(number))).toEqual([]);
  });

  it("no section that there is not", () => {
    const known = new Set<string>([
      ...Object.keys(SECTIONS),
      ...Array.from({ length: CASES }, (_, i) => String(i + 1)),
    ]);
    expect([...named].filter((section) => !known.has(section))).toEqual([]);
  });
});
