// The rules of the findings, for people: what each demands, why, how to fix it, and who enforces it. `hogflow rules`, `npm run rules` and docs/rules.md read this.
import { inspect } from "node:util";
import { pageOf } from "../definition/package";
import { nearest } from "../definition/schema/names";
import { isDict, same, type Dict } from "../definition/canonical/values";
import { RULES, resourceRules, ruleNames } from "../rules";
import { examineFlow } from "../rules/examine-flow";
import type { Example, Rule } from "../rules/rule";
import { OperateError } from "./errors";

export { ruleNames };

/** A rule, as data. */
export interface RuleEntry {
  /** As findings and `acknowledge` name it. */
  name: string;
  severity: "error" | "warning";
  /** What it demands. */
  text: string;
  why?: string;
  /** How its example is fixed; absent where that depends on the flow. */
  fix?: string;
  /** What stops a program that breaks it. */
  enforcedBy: string;
  /** Sections of the references in the repository, such as `API §2.3`. */
  cites?: string;
  /** Inputs that break it, and the same without the mistake. Absent for rules that compare with PostHog or the state. */
  fails?: Example;
  passes?: Example;
}

const ENFORCED_BY: Readonly<Record<Rule["refusedBy"], string>> = {
  server: "PostHog, which refuses it",
  "run-time": "pulumi-hogflow; PostHog accepts it, and runs do something else",
  meaning: "pulumi-hogflow, because it cannot be intended",
};

/** Texts of examples that are too long to read are cut. */
const LONGEST_TEXT = 1000;

/**
 * Every rule, by name in the order of the table.
 *
 * @example
 * ```ts
 * listRules().filter(({ severity }) => severity === "error");
 * ```
 */
export const listRules = (): RuleEntry[] => ruleNames.map(entry);

/**
 * The rule with this name.
 *
 * @throws OperateError when there is none; it suggests the nearest name.
 * @example
 * ```ts
 * ruleNamed("loop").why;
 * ```
 */
export function ruleNamed(name: string): RuleEntry {
  if (ruleNames.includes(name)) return entry(name);
  const near = nearest(name, ruleNames);
  throw new OperateError({
    what: `There is no rule "${name}"`,
    fix: near === undefined ? "List them with: hogflow rules" : `Did you mean ${near}? List all with: hogflow rules`,
  });
}

function entry(name: string): RuleEntry {
  if (!Object.hasOwn(RULES, name)) {
    const { severity, text, why, cites } = resourceRules[name as keyof typeof resourceRules] as {
      severity: Rule["severity"];
      text: string;
      why?: string;
      cites?: string;
    };
    return {
      name,
      severity,
      text,
      why,
      cites,
      enforcedBy: "pulumi-hogflow in a preview, which compares with the state or PostHog",
    };
  }
  const { severity, refusedBy, text, why, cites, fails, passes } = RULES[name as keyof typeof RULES];
  const fix = fixOf(name, fails);
  return {
    name,
    severity,
    text,
    why,
    ...(fix === undefined ? {} : { fix }),
    enforcedBy: ENFORCED_BY[refusedBy],
    cites,
    fails: shortened(fails),
    passes: shortened(passes),
  };
}

/** What the finding of the failing example says to do. */
function fixOf(name: string, { flow, before = {} }: Example): string | undefined {
  if (!flow) return undefined;
  const { definition, findings } = examineFlow(flow, before, { now: Date.parse("2026-06-01T00:00:00Z") });
  return findings.all(definition).find(({ rule, fix }) => rule === name && fix !== undefined)?.fix;
}

const shortened = (example: Example): Example =>
  JSON.parse(
    JSON.stringify(example, (_, value: unknown) =>
      typeof value === "string" && value.length > LONGEST_TEXT
        ? `${value.slice(0, 40)}… (${value.length} characters)`
        : value,
    ),
  ) as Example;

/**
 * A rule in lines: what it demands, why, the fix, who enforces it, and its example.
 *
 * @example
 * ```ts
 * console.log(ruleText(ruleNamed("loop")));
 * ```
 */
export function ruleText({ name, severity, text, why, fix, enforcedBy, cites, fails, passes }: RuleEntry): string {
  return [
    `${name} (${severity})`,
    `  ${text}`,
    ...(why === undefined ? [] : [`  Why: ${why}.`]),
    ...(fix === undefined ? [] : [`  Fix: ${fix}.`]),
    `  Enforced by: ${enforcedBy}.`,
    ...(severity === "warning" ? [`  Intended? acknowledge: ["${name}"]`] : []),
    `  More: ${pageOf("docs/rules.md")}${cites === undefined ? "" : `, and ${cites}`}`,
    ...(fails === undefined ? [] : ["  Breaks it:", ...exampleLines(fails)]),
    ...(passes === undefined ? [] : ["  Keeps it:", ...exampleLines(passes)]),
  ].join("\n");
}

const exampleLines = (example: Example): string[] =>
  told(example)
    .split("\n")
    .map((line) => `    ${line}`);

/** The part of an example that has its mistake: a title, a trigger and an exit are in all of them. */
function told({ flow, schedule }: Example): string {
  if (schedule) return code(schedule);
  const { name: _, actions, ...settings } = flow ?? {};
  const steps = Object.entries(isDict(actions) ? actions : {}).filter(
    ([id, step]) =>
      !(id === "exit_node" && (step as Dict)["config"] === undefined) && !isUsualTrigger(id, step as Dict),
  );
  return (
    [
      ...Object.entries(settings).map(([key, value]) => `${key}: ${code(value)}`),
      ...steps.map(([id, step]) => `${JSON.stringify(id).replace(/^"(\w+)"$/, "$1")}: ${code(step)}`),
    ].join("\n") || "(trigger and exit alone)"
  );
}

const LONGEST_CODE = 400;

function code(value: unknown): string {
  const text = inspect(value, { depth: null, breakLength: Infinity, maxStringLength: 80 });
  return text.length > LONGEST_CODE ? `${text.slice(0, LONGEST_CODE)}…` : text;
}

const USUAL = { type: "event", filters: { events: [{ id: "user signed up" }] } };
const isUsualTrigger = (id: string, step: Dict): boolean =>
  id === "trigger_node" && same(step["config"], USUAL) && step["filters"] === undefined;
