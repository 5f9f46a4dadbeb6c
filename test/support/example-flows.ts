// What an example's program registers, in a process of its own in the example's folder.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "vitest";
import type { Dict } from "../../definition/canonical/values";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const TSX = pathToFileURL(path.join(REPOSITORY, "node_modules/tsx/dist/loader.mjs")).href;

const FOLDER = path.join(REPOSITORY, "examples");
/** Examples with flows: recipes for pipelines and policy packs have none. */
export const FLOW_EXAMPLES: readonly string[] = readdirSync(FOLDER).filter((name) =>
  existsSync(path.join(FOLDER, name, "behaviour.test.ts")),
);
/** A program that does not end has something open. */
const LIMIT_MS = 60_000;

/** The inputs of an example's flows by name; the example's name may be followed by that of a stack, `environments production`. Needs the built package. */
export function exampleFlows(example: string): Record<string, Dict> {
  const [name, stack = "dev"] = example.split(" ");
  const config = {
    "posthog:projectId": "1",
    [`${name}:crmSigningSecret`]: "s3cr3t",
    [`${name}:ticketToken`]: "t0ken",
    [`${name}:senderIntegration`]: "7",
  };
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--import", TSX, path.join(REPOSITORY, "test/support/run-example.mts"), stack, JSON.stringify(config)],
    {
      cwd: path.join(FOLDER, name!),
      encoding: "utf8",
      timeout: LIMIT_MS,
    },
  );
  expect(status, stderr).toBe(0);
  const found = JSON.parse(stdout) as { kind: string; name: string; inputs: Dict }[];
  return Object.fromEntries(found.filter(({ kind }) => kind === "flow").map(({ name, inputs }) => [name, inputs]));
}
