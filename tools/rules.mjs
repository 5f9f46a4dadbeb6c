// `npm run rules`: every rule with its severity, what it demands, why, and an example that breaks it and one that keeps it. `--json` for machines,
// and names of rules to see these alone: `npm run rules -- loop wait-clamped`.
import { createRequire } from "node:module";
import path from "node:path";
import { inspect } from "node:util";
import { REPOSITORY, setUp } from "./setup.mjs";

const asked = process.argv.slice(2);
const asJson = asked.includes("--json");
const names = asked.filter((word) => word !== "--json");

try {
  await setUp(asJson ? { log: () => {} } : {});
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const { RULES, resourceRules } = createRequire(import.meta.url)(path.join(REPOSITORY, "dist/rules/index.js"));

const shown = Object.entries(RULES).filter(([name]) => names.length === 0 || names.includes(name));
const missing = names.filter((name) => !Object.hasOwn(RULES, name) && !Object.hasOwn(resourceRules, name));
if (missing.length > 0) {
  console.error(`There is no rule ${missing.join(", ")}.`);
  process.exit(1);
}

/** The part of an example that its mistake is in: a title, a trigger and an exit are in all of them. */
function told({ flow, schedule }) {
  if (schedule) return code(schedule);
  const { name: _, actions, ...settings } = flow;
  const steps = Object.entries(actions ?? {}).filter(
    ([id, step]) => !(id === "exit_node" && step.config === undefined) && !isUsualTrigger(id, step),
  );
  return (
    [
      ...Object.entries(settings).map(([key, value]) => `${key}: ${code(value)}`),
      ...steps.map(([id, step]) => `${JSON.stringify(id).replace(/^"(\w+)"$/, "$1")}: ${code(step)}`),
    ].join("\n") || "(trigger and exit alone)"
  );
}
const code = (value) => {
  const text = inspect(value, { depth: null, breakLength: Infinity, maxStringLength: 80 });
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
};
const isUsualTrigger = (id, step) =>
  id === "trigger_node" &&
  JSON.stringify(step.config) === '{"type":"event","filters":{"events":[{"id":"user signed up"}]}}' &&
  step.filters === undefined;
/** An example of a text that is too long is no pleasure to read. */
const shortened = (example) =>
  JSON.parse(
    JSON.stringify(example, (_, value) =>
      typeof value === "string" && value.length > 1000 ? `${value.slice(0, 40)}… (${value.length} characters)` : value,
    ),
  );
const indented = (text) =>
  text
    .split("\n")
    .map((line) => `      ${line}`)
    .join("\n");

if (asJson) {
  const rows = shown.map(([name, { find: _, ...rule }]) => ({
    name,
    ...rule,
    fails: shortened(rule.fails),
    passes: shortened(rule.passes),
  }));
  const others = Object.entries(resourceRules).filter(([name]) => names.length === 0 || names.includes(name));
  console.log(JSON.stringify([...rows, ...others.map(([name, rule]) => ({ name, ...rule }))], undefined, 2));
} else {
  const by = {
    server: "PostHog refuses it",
    "run-time": "PostHog accepts it, but runs do something else",
    meaning: "it cannot be intended",
  };
  for (const [name, { severity, refusedBy, text, why, cites, fails, passes }] of shown) {
    console.log(
      `${name} (${severity}; ${by[refusedBy]})\n  ${text}\n  ${why}. ${cites}\n    breaks it:\n${indented(told(fails))}\n    keeps it:\n${indented(told(passes))}\n`,
    );
  }
  for (const [name, { severity, text }] of Object.entries(resourceRules))
    if (names.length === 0 || names.includes(name)) console.log(`${name} (${severity}; not in validate)\n  ${text}\n`);
}
