// The stack of the command that runs: what its arguments say, and nothing that is not certain.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, it } from "vitest";
import { parseStack, runningStack, stackOfArguments } from "../../provider/ownership/running-stack";

it.each([
  [["pulumi", "destroy", "--stack", "prod"], "prod"],
  [["pulumi", "destroy", "-s", "org/shop/prod", "--yes"], "org/shop/prod"],
  [["pulumi", "destroy", "--stack=prod"], "prod"],
  [["pulumi", "destroy"], undefined],
  [["pulumi", "destroy", "--stack"], undefined],
  [["pulumi", "destroy", "--stack", "a", "--stack", "b"], undefined],
])("%j", (args, expected) => expect(stackOfArguments(args)).toBe(expected));

it.each([
  ["prod", { stack: "prod" }],
  ["org/prod", { stack: "prod" }],
  ["org/shop/prod", { stack: "prod", project: "shop" }],
  ["", undefined],
  [undefined, undefined],
])("%j is a stack", (text, expected) => expect(parseStack(text)).toEqual(expected));

it("is unknown where no pulumi runs", () => expect(runningStack({ PULUMI_STACK: "prod" })).toBeUndefined());

const MODULE = path.resolve(import.meta.dirname, "../../provider/ownership/running-stack.ts");
const PROVIDER = `console.log(JSON.stringify(require(${JSON.stringify(MODULE)}).runningStack(process.env)) ?? "unknown")`;
const COMMAND = `require("node:child_process").spawnSync(process.execPath, ["--import", "tsx", "-e", ${JSON.stringify(PROVIDER)}], { stdio: "inherit" })`;

// Only Linux shows the arguments of another process.
it.runIf(process.platform === "linux").each([
  [["destroy"], '{"stack":"dev"}'],
  [["destroy", "--stack", "shop/store/prod"], '{"stack":"prod","project":"store"}'],
  // More than one, or in letters behind each other: whatever it is, it is not the one of the environment.
  [["destroy", "--stack", "a", "--stack", "b"], "unknown"],
  [["destroy", "-ys", "prod"], "unknown"],
])("is that of the pulumi that started the provider, with %j and PULUMI_STACK", (args, expected) => {
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", COMMAND, "--", ...args], {
    argv0: "pulumi",
    env: { ...process.env, PULUMI_STACK: "dev" },
    encoding: "utf8",
  });
  expect(stdout.trim(), stderr).toBe(expected);
});
