// docs/support.md: every row says what proves it, by a job or a test that there is; and the versions in it are those of the project.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { ENGINE_VERSION, MINIMUM_VERSION } from "../../tools/engine/recipe.mjs";
import { ROOT } from "../support/compile-modules";

const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");
const page = read("docs/support.md");
const { jobs } = parse(read(".github/workflows/test.yml"));
const manifest = JSON.parse(read("package.json"));
const rows = page
  .slice(0, page.indexOf("## What is sent where"))
  .split("\n")
  .filter((line) => line.startsWith("|") && !/^\|(?:---|.*\| Proven by \|$)/.test(line))
  .map(
    (line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()) as [string, string, string],
  );

it.each(rows)("%s", (what, supported, proof) => {
  const names = [...proof.matchAll(/(job )?`([^`]+)`/g)];
  const missing = names.flatMap(([, isJob, name]) => {
    if (isJob) return jobs[name!] ? [] : [name];
    return name!.startsWith("hogflow ") || existsSync(path.join(ROOT, name!)) ? [] : [name];
  });
  expect(missing, what).toEqual([]);
  // What nothing proves is said as such, and what is not supported needs no proof.
  expect(names.length > 0 || /\bnothing\b/.test(proof), what).toBe(true);
  expect(supported).toMatch(/^(?:yes|no|not meant to)\b/);
});

it("has the versions of the project", () => {
  const what = rows.map(([cell]) => cell).join("\n");
  const node: string[] = jobs.suites.strategy.matrix.node;
  const typescript: string[] = jobs.package.strategy.matrix.typescript;
  expect(what).toContain(`Node ${node.join(", ")} on Linux and macOS`);
  expect(what).toContain(`TypeScript ${typescript.join(" and ")},`);
  expect(what).toContain(`Engine ${ENGINE_VERSION},`);
  expect(what).toContain(`Engine ${MINIMUM_VERSION} to `);
  expect(what).toContain(`\`@pulumi/pulumi\` ${manifest.devDependencies["@pulumi/pulumi"]}`);
  const [, from, below] = /^>=(\S+) <(\d+)$/.exec(manifest.peerDependencies["@pulumi/pulumi"])!;
  expect(what).toContain(`\`@pulumi/pulumi\` from ${from}, below ${below}`);
});
