// `hogflow completion`: what bash itself offers with the script, and zsh and fish where they are installed; elsewhere the shape of their scripts.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hogflow } from "../support/command";

const SHELLS = ["bash", "zsh", "fish"] as const;
const scripts = new Map<string, string>();
let dir: string;
const file = (shell: string): string => path.join(dir, `hogflow.${shell}`);

beforeAll(async () => {
  dir = mkdtempSync(path.join(os.tmpdir(), "hogflow-completion-"));
  for (const shell of SHELLS) {
    const { code, stdout, stderr } = await hogflow(["completion", shell], { cwd: dir, env: { HOME: dir } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    scripts.set(shell, stdout);
    writeFileSync(file(shell), stdout);
  }
}, 60_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** What bash offers for the last word. */
function offered(...words: string[]): string[] {
  const line = ["hogflow", ...words];
  const program = [
    `source ${JSON.stringify(file("bash"))}`,
    "complete -p hogflow >/dev/null || exit 1",
    'COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 ))',
    "_hogflow",
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ].join("\n");
  const { status, stdout, stderr } = spawnSync("bash", ["--norc", "-c", program, "bash", ...line], {
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.split("\n").filter((word) => word !== "");
}

describe("bash", () => {
  it("offers commands, those of a group, and nothing else of its own after them", () => {
    expect(offered("")).toEqual(expect.arrayContaining(["logs", "batch", "metrics", "completion", "rules"]));
    expect(offered("lo")).toEqual(["logs"]);
    expect(offered("batch", "")).toEqual(["list", "start", "watch"]);
    expect(offered("metrics", "t")).toEqual(["totals"]);
    expect(offered("logs", "")).toEqual([]);
  });

  it("offers the options of a command, the common ones too", () => {
    expect(offered("logs", "--l")).toEqual(["--level", "--limit"]);
    expect(offered("logs", "Onboarding", "--st")).toEqual(["--stack"]);
    expect(offered("batch", "start", "--y")).toEqual(["--yes"]);
    expect(offered("metrics", "totals", "--interv")).toEqual([]);
    expect(offered("metrics", "--interv")).toEqual(["--interval"]);
    expect(offered("-")).toEqual(expect.arrayContaining(["--version", "--help"]));
  });

  it("offers the values of an option and of an argument, where there is a list", () => {
    expect(offered("logs", "Onboarding", "--level", "")).toEqual(["debug", "info", "warn", "error"]);
    expect(offered("logs", "--level", "w")).toEqual(["warn"]);
    expect(offered("logs", "--level", "=", "e")).toEqual(["error"]);
    expect(offered("logs", "--level", "=")).toEqual(["debug", "info", "warn", "error"]);
    expect(offered("completion", "")).toEqual(["bash", "zsh", "fish"]);
    expect(offered("review", "--fail-on", "re")).toEqual(["replaces", "renames", "resumes"]);
    expect(offered("rules", "loo")).toEqual(expect.arrayContaining(["loop"]));
    expect(offered("rules", "loop", "wait-cl")).toEqual(["wait-clamped"]);
    // The value of an option is not a command.
    expect(offered("logs", "--search", "batch", "--l")).toEqual(["--level", "--limit"]);
  });
});

describe.each(["zsh", "fish"] as const)("%s", (shell) => {
  const isThere = spawnSync(shell, ["--version"]).status === 0;
  it.runIf(isThere)("reads the script", () => {
    expect(spawnSync(shell, ["-n", file(shell)], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  });
  it("has every command, option and value", () => {
    const script = scripts.get(shell)!;
    for (const word of ["audience", "metrics totals", "batch start", "debug", "totals", "ejects", "wait-clamped"])
      expect(script).toContain(word);
    expect(script).toContain(
      shell === "fish" ? "-l level -r -f -a 'debug info warn error'" : "'logs --level') compadd --",
    );
    // Quotes are closed on each line.
    for (const line of script.split("\n").filter((text) => !text.startsWith("#")))
      expect(line.replace(/\\['\\]/g, "").split("'").length % 2, line).toBe(1);
  });
});

it("refuses another shell, and lists those that there are", async () => {
  const { code, stderr } = await hogflow(["completion", "tcsh"], { cwd: dir, env: { HOME: dir } });
  expect(code).toBe(3);
  expect(stderr).toMatch(/Allowed choices are bash, zsh, fish/);
});
