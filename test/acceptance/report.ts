// The report: which promise holds against which PostHog, as Markdown for people and as JSON for programs. It has no key, and no content of the project but what this run made.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { version as packageVersion } from "../../package.json";
import type { Transport } from "../support/transport";
import type { Outcome, Verdict } from "./promise";
import type { Version } from "./version";

export interface Report {
  /** Origin of PostHog. */
  host: string;
  project: string;
  version: Version;
  engine: string;
  /** What served the resources. */
  transport: Transport;
  mark: string;
  /** ISO 8601. */
  started: string;
  outcomes: readonly Outcome[];
  requests: number;
  budget: number;
  /** Flows of earlier runs that were removed. */
  swept: number;
  /** What the run left, and what the gate had to stop. */
  problems: readonly string[];
  /** What somebody else changed in the project meanwhile. */
  others: readonly string[];
  seconds: number;
}

const WORDS: Readonly<Record<Transport, string>> = { dynamic: "dynamic provider", plugin: "plugin" };
const SIGNS: Readonly<Record<Verdict, string>> = { kept: "✅ holds", broken: "❌ differs", untried: "➖ not tried" };

export const isWell = ({ outcomes, problems }: Report): boolean =>
  problems.length === 0 && outcomes.every(({ verdict }) => verdict !== "broken");

export function countOf(outcomes: readonly Outcome[]): Record<Verdict, number> {
  const count = { kept: 0, broken: 0, untried: 0 };
  for (const { verdict } of outcomes) count[verdict] += 1;
  return count;
}

/** Writes both files, and returns their paths. */
export function writeReport(report: Report, folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  const files = { "report.md": asMarkdown(report), "report.json": asJson(report) };
  return Object.entries(files).map(([name, text]) => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  });
}

function asJson({ outcomes, ...rest }: Report): string {
  const promises = outcomes.map(({ promised: { id, says, page }, ...outcome }) => ({ id, says, page, ...outcome }));
  return `${JSON.stringify({ package: packageVersion, ...rest, promises }, null, 2)}\n`;
}

function asMarkdown(report: Report): string {
  const { kept, broken, untried } = countOf(report.outcomes);
  const lines = [
    `# pulumi-hogflow ${packageVersion} against ${report.host}`,
    "",
    `${kept} promises hold, ${broken} differ, ${untried} were not tried.`,
    "",
    `- PostHog: ${report.version.says ?? "it does not say its version"}; schema ${report.version.schema ?? "not published"}`,
    `- Project ${report.project}, engine ${report.engine}, ${WORDS[report.transport]}, Node ${process.versions.node}`,
    `- ${report.started}, ${report.seconds.toFixed(0)} s, ${report.requests} of ${report.budget} requests`,
    `- Run ${report.mark}; flows of earlier runs that were removed: ${report.swept}`,
    "",
    "| Promise | | Requests | Seconds |",
    "|---|---|---|---|",
    ...report.outcomes.map(
      ({ promised: { says }, verdict, requests, seconds }) =>
        `| ${says} | ${SIGNS[verdict]} | ${requests} | ${seconds.toFixed(1)} |`,
    ),
    "",
    ...section("Problems of the run", report.problems),
    ...section("Meanwhile in the project", report.others),
    ...report.outcomes
      .filter(({ words, notes }) => words.length + notes.length > 0)
      .flatMap(({ promised: { id, page }, words, notes }) => [
        `## ${id} (${page})`,
        "",
        ...[...words, ...notes.map((note) => `Note: ${note}`)].flatMap(asItem),
        "",
      ]),
  ];
  return lines.join("\n");
}

const section = (title: string, items: readonly string[]): string[] =>
  items.length > 0 ? [`## ${title}`, "", ...items.map((words) => `- ${words}`), ""] : [];

/** A first line as an item, and what follows as a block in it. */
function asItem(words: string): string[] {
  const [first, ...rest] = words.split("\n");
  return rest.length === 0
    ? [`- ${first}`]
    : [`- ${first}`, "", "  ```text", ...rest.map((line) => `  ${line}`), "  ```", ""];
}
