// `npm run rules`: every rule with what it demands, why, and an example that breaks it and one that keeps it. `--json` for machines, and names of rules to see
// these alone: `npm run rules -- loop wait-clamped`. The same as `hogflow rules`, for whoever changes a rule: it builds first.
import { createRequire } from "node:module";
import path from "node:path";
import { REPOSITORY, setUp } from "./setup.mjs";

const asked = process.argv.slice(2);
const asJson = asked.includes("--json");
const names = asked.filter((word) => word !== "--json");

try {
  await setUp(asJson ? { log: () => {} } : {});
  const { listRules, ruleNamed, ruleText } = createRequire(import.meta.url)(
    path.join(REPOSITORY, "dist/operate/rules.js"),
  );
  const shown = names.length === 0 ? listRules() : names.map(ruleNamed);
  console.log(asJson ? JSON.stringify(shown, undefined, 2) : shown.map(ruleText).join("\n\n"));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
