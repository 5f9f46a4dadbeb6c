// What every command of the built `hogflow` does alike: help with examples, JSON on request, exit codes, and a clear word about wrong input, a network that
// is not there and a key that is wrong. A command without a row here does not pass.
import { createRequire } from "node:module";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Command } from "../../cli/define";
import { untidy } from "../support/flows";
import { KEY, useProject } from "./support";

const require = createRequire(import.meta.url);
const dist: { COMMANDS: readonly Command[] } = require(
  path.resolve(import.meta.dirname, "../../dist/cli/commands/index.js"),
);

interface Case {
  /** Arguments with which it works, after its name. */
  args: string[];
  /** Whether it asks PostHog. Default true. */
  network?: false;
  /** Its exit code then. Default 0. */
  code?: number;
  /** Does not end by itself, or needs a stack: tested by a file of its own. */
  elsewhere?: string;
}

const CASES: Readonly<Record<string, Case>> = {
  audience: { args: ["Newsletter"] },
  "batch list": { args: ["Newsletter"] },
  "batch start": { args: ["Newsletter", "--yes"] },
  "batch watch": { args: ["Newsletter"], elsewhere: "running.test.ts" },
  "bulk-delete": { args: ["--all", "--yes"] },
  completion: { args: ["bash"], network: false },
  doctor: { args: [], elsewhere: "tools.test.ts" },
  drift: { args: [], elsewhere: "drift.test.ts, test/engine/operate.test.ts" },
  emulator: { args: ["--port", "0"], network: false, elsewhere: "tools.test.ts" },
  graph: { args: ["flow.json"], network: false },
  history: { args: ["01985b7c-0000-4000-8000-000000000001"], elsewhere: "drift.test.ts, test/engine/operate.test.ts" },
  init: { args: [], network: false, elsewhere: "init.test.ts, test/engine/day-one.test.ts" },
  logs: { args: ["Nurture"] },
  metrics: { args: ["Nurture"] },
  "metrics totals": { args: ["Nurture"] },
  pull: { args: ["--all", "--dry-run"] },
  review: { args: [], elsewhere: "test/engine/operate.test.ts" },
  rules: { args: ["loop"], network: false },
  runs: { args: ["Nurture"] },
  show: { args: ["flow.json"], network: false },
  simulate: { args: [], network: false, elsewhere: "simulate.test.ts" },
  "templates list": { args: [] },
  "templates pull": { args: ["template-webhook"] },
  test: { args: ["Nurture", "--event", "trial started"] },
  validate: { args: ["flow.json"], network: false },
  verify: { args: ["flow.json"], elsewhere: "verify.test.ts" },
};

const project = useProject();
const words = (name: string): string[] => name.split(" ");

describe.each(dist.COMMANDS.map((command) => [command.name, command] as const))("hogflow %s", (name, command) => {
  it("has help with examples, and a row in this table", async () => {
    expect(CASES, `${name} has no row`).toHaveProperty([name]);
    const { code, stdout } = await project.run([...words(name), "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: hogflow ${name}`);
    for (const example of command.examples) expect(stdout).toContain(`$ ${example.command}`);
    expect(command.examples.length).toBeGreaterThan(0);
    expect(stdout).toContain("--json");
  });

  it("refuses an unknown option as wrong usage, and says how to use it", async () => {
    const { code, stderr } = await project.run([...words(name), "--no-such-option"]);
    expect(code).toBe(3);
    expect(stderr).toContain("--no-such-option");
    expect(stderr).toContain("--help");
  });
});

const plain = Object.entries(CASES).filter(([, { elsewhere }]) => elsewhere === undefined);
describe.each(plain)("hogflow %s", (name, { args, code: expected = 0 }) => {
  it("works, in words and as JSON", async () => {
    const told = await project.run([...words(name), ...args]);
    expect(told.code, told.stderr).toBe(expected);
    // That there is nothing to list is a note.
    expect((told.stdout + told.stderr).trim()).not.toBe("");
    expect(untidy(told.stdout + told.stderr)).toEqual([]);
    // What is deleted is gone, and what is started twice is two: the words are enough there.
    if (name !== "bulk-delete") expect(await project.json([...words(name), ...args])).toBeTypeOf("object");
  });
});

describe.each(plain.filter(([, { network }]) => network !== false))("hogflow %s", (name, { args }) => {
  it("says that there is no network, that the key is wrong, and that there is none", async () => {
    const closed = "http://127.0.0.1:9";
    const [unreachable, wrong, none] = await Promise.all([
      project.run([...words(name), ...args], { POSTHOG_HOST: closed }),
      project.run([...words(name), ...args], { POSTHOG_API_KEY: "phx_wrong" }),
      project.run([...words(name), ...args], { POSTHOG_API_KEY: "" }),
    ]);
    for (const ran of [unreachable, wrong, none]) {
      expect(ran.code, ran.stderr).toBe(1);
      expect(ran.stdout).toBe("");
      expect(untidy(ran.stderr)).toEqual([]);
      expect(ran.stderr).not.toContain(KEY);
    }
    expect(unreachable.stderr).toContain("127.0.0.1:9");
    expect(wrong.stderr).toMatch(/key/i);
    expect(none.stderr).toContain("POSTHOG_API_KEY");
  });
});

it("says what it can, its version, and what it does not know", async () => {
  const [help, version, unknown] = await Promise.all([
    project.run(["--help"]),
    project.run(["--version"]),
    project.run(["no-such-command"]),
  ]);
  expect(help).toMatchObject({ code: 0 });
  for (const { name } of dist.COMMANDS) expect(help.stdout).toContain(`  ${name.split(" ")[0]}`);
  expect(help.stdout).toContain("Exit codes:");
  expect(version.stdout.trim()).toBe(require("../../package.json").version);
  expect(unknown.code).toBe(3);
});
