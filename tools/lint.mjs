// `npm run lint`: layout (prettier), types and habits (oxlint), and what nobody uses (knip). `npm run fix` applies what these can fix by themselves.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { installPackages, REPOSITORY } from "./setup.mjs";

/** Each with the arguments that check and those that fix. */
const LINTERS = [
  {
    name: "prettier",
    bin: "prettier",
    check: ["--check", "--log-level", "warn", "."],
    fix: ["--write", "--log-level", "warn", "."],
  },
  { name: "oxlint", bin: "oxlint", check: ["--type-aware", "--quiet"], fix: ["--type-aware", "--quiet", "--fix"] },
  { name: "knip", bin: "knip", check: ["--no-progress"], fix: ["--no-progress"] },
];

/** The JavaScript file of a package's command. */
function commandOf(bin) {
  const require = createRequire(import.meta.url);
  const manifest = path.join(REPOSITORY, "node_modules", bin, "package.json");
  const { bin: bins } = require(manifest);
  return path.join(path.dirname(manifest), typeof bins === "string" ? bins : bins[bin]);
}

/** Runs all linters, and answers with the names of those that have something to say. */
export function lint({ fixes = false } = {}) {
  // Fixed code is laid out last.
  const order = fixes ? [...LINTERS].reverse() : LINTERS;
  return order
    .filter(({ bin, check, fix }) => {
      const { status } = spawnSync(process.execPath, [commandOf(bin), ...(fixes ? fix : check)], {
        cwd: REPOSITORY,
        stdio: ["ignore", "inherit", "inherit"],
      });
      return status !== 0;
    })
    .map(({ name }) => name);
}

export const LINTER_COUNT = LINTERS.length;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await installPackages();
  const fixes = process.argv.includes("--fix");
  const failed = lint({ fixes });
  if (failed.length === 0) console.log(fixes ? "Fixed. Next: npm test." : "No problems found.");
  else
    console.log(
      `Problems found by ${failed.join(", ")}; they are above. ${fixes ? "Fix these by hand" : "`npm run fix` fixes some of them"}, then run npm run lint again.`,
    );
  process.exitCode = failed.length > 0 ? 1 : 0;
}
