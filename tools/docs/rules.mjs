// docs/rules.md: every rule of the checks, from their table.
import { createRequire } from "node:module";
import path from "node:path";
import { REPOSITORY } from "../setup.mjs";
import { linksOf } from "./headings.mjs";

const REFUSED_BY = {
  server: "PostHog refuses it",
  "run-time": "PostHog takes it, and runs do something else",
  meaning: "it cannot be meant",
};
const cell = (text) => text.replace(/\|/g, "\\|").replace(/\n/g, " ");

export function rulesPage() {
  const { RULES, resourceRules } = createRequire(import.meta.url)(path.join(REPOSITORY, "dist/rules/index.js"));
  const rows = Object.entries(RULES);
  const part = (severity) =>
    rows
      .filter(([, rule]) => rule.severity === severity)
      .map(
        ([name, { text, why, refusedBy, cites }]) =>
          `| \`${name}\` | ${cell(text)} | ${cell(why)} | ${REFUSED_BY[refusedBy]} | ${linksOf(cites, "docs")} |`,
      );
  const head = ["| Rule | What it demands | Why | Who says no | Proof |", "|---|---|---|---|---|"];
  const lines = [
    "# Rules",
    "",
    "What `pulumi preview`, `hogflow validate` and `validate()` look for, all at once. The name of a rule stands in brackets behind each finding. `npm run rules -- <name>` shows an example that",
    "breaks a rule and one that keeps it. Made by `npm run docs`.",
    "",
    'A warning that is meant is acknowledged in the flow: `acknowledge: ["loop"]`, or for one place, `acknowledge: ["loop@actions.remind"]`. Errors cannot be acknowledged.',
    "",
    `## Errors`,
    "",
    ...head,
    ...part("error"),
    "",
    "## Warnings",
    "",
    ...head,
    ...part("warning"),
    "",
    "## Findings of the resources",
    "",
    "These compare with the state or with PostHog, so only a preview has them.",
    "",
    "| Rule | Severity | What it demands | Proof |",
    "|---|---|---|---|",
    ...Object.entries(resourceRules).map(
      ([name, { severity, text, cites }]) =>
        `| \`${name}\` | ${severity} | ${cell(text)} | ${linksOf(cites ?? "", "docs")} |`,
    ),
    "",
  ];
  return { file: "docs/rules.md", text: lines.join("\n") };
}
