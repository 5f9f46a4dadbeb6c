// `npm run demo` itself, as a process: two at once, all acts; and that it leaves nothing behind, however it ends.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findMarked, killMarked } from "../../tools/engine/leftovers.mjs";
import { dataIn } from "../../show/app/unpack";
import { LANGUAGE_ACTS } from "../../tools/demo/language-acts.mjs";
import { engineFolder } from "../support/engine";
import { pythonLanguage } from "../support/languages";

const REPOSITORY = path.dirname(path.dirname(import.meta.dirname));
const SCRIPT = path.join(REPOSITORY, "tools", "demo.mjs");
const MARK = "HOGFLOW_DEMO_TEST";
const LIMIT_MS = 400_000;
const ACTS = [
  "go live",
  "changes nothing",
  "edits the live flow",
  "is found",
  "back in force",
  "inserted in code",
  "who read no code",
  "destroyed",
];

interface Demo {
  child: ChildProcess;
  /** What it printed so far. */
  output(): string;
  ended: Promise<number | NodeJS.Signals | null>;
  /** Resolves when the output matches; throws when the demo ends before. */
  says(pattern: RegExp): Promise<void>;
  /** What is left of it: files in its folder for temporary ones, and processes. */
  leftovers(): Promise<string[]>;
  dispose(): Promise<void>;
}

const demos: Demo[] = [];
afterAll(() => Promise.all(demos.map((demo) => demo.dispose())));

async function startDemo(...args: string[]): Promise<Demo> {
  const temporary = await mkdtemp(path.join(os.tmpdir(), "hogflow-demo-test-"));
  const mark = randomUUID();
  const env = {
    ...process.env,
    PATH: `${await engineFolder()}${path.delimiter}${process.env["PATH"]}`,
    TMPDIR: temporary,
    [MARK]: mark,
  };
  const child = spawn(process.execPath, [SCRIPT, ...args], { cwd: REPOSITORY, env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  let onText = (): void => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      onText();
    });
  }
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.on("close", (code, signal) => resolve(code ?? signal)),
  );
  const demo: Demo = {
    child,
    output: () => text,
    ended,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        onText = () => pattern.test(text) && resolve();
        onText();
        void ended.then((code) => reject(new Error(`The demo ended (${code}) and did not say ${pattern}:\n${text}`)));
      }),
    leftovers: async () => [...(await readdir(temporary)), ...findMarked(MARK, mark).map(({ command }) => command)],
    async dispose() {
      killMarked(MARK, mark);
      await rm(temporary, { recursive: true, force: true });
    },
  };
  demos.push(demo);
  return demo;
}

function expectCleanRepository(): void {
  for (const folder of ["", "examples/first-flow"])
    expect(existsSync(path.join(REPOSITORY, folder, "Pulumi.demo.yaml"))).toBe(false);
}

describe("two demos at once", () => {
  let whole: Demo;
  let kept: Demo;
  beforeAll(async () => {
    [whole, kept] = await Promise.all([startDemo("--show"), startDemo("--keep")]);
  });

  it("one plays all acts, ends well, and leaves the page that it was asked for", { timeout: LIMIT_MS }, async () => {
    expect(await whole.ended, whole.output()).toBe(0);
    const summary = whole
      .output()
      .split("\n")
      .filter((line) => line.endsWith("as it said"));
    expect(summary).toHaveLength(ACTS.length);
    ACTS.forEach((title, index) => expect(summary[index]).toContain(title));
    expect(whole.output()).toContain(`${ACTS.length} acts, all as they said`);
    expect(await whole.leftovers()).toEqual(["hogflow-demo.html"]);
    const [, file] = /^The page: (.*)$/m.exec(whole.output())!;
    const html = await readFile(file!, "utf8");
    const page = await dataIn(/id="data">([^<]*)/.exec(html)![1]!);
    const drift = Object.fromEntries(page.flows.map((flow) => [flow.fate, flow.drift]));
    expect(drift).toEqual({ changed: [], same: [expect.any(String), expect.stringContaining('"How is it going?"')] });
    expect(page.contents.map(({ subject }) => subject)).toEqual(
      expect.arrayContaining(["Three tips", "Three tips to begin with"]),
    );
    expect(page.hasDrift).toBe(true);
    expectCleanRepository();
  });

  it("the other keeps its stack, whose instructions work, until it is interrupted", { timeout: LIMIT_MS }, async () => {
    await kept.says(/Requests that arrive are printed below/);
    const guide = kept.output().slice(kept.output().lastIndexOf("In another terminal"));
    const commands = guide
      .split("\n")
      .filter((line) => /^ {2}(cd|export) /.test(line))
      .join("\n");
    const shell = (script: string) =>
      spawnSync("sh", ["-c", `set -e\n${commands}\n${script}`], {
        encoding: "utf8",
        env: { PATH: process.env["PATH"], HOME: os.homedir() },
      });
    expect(commands).toMatch(/export POSTHOG_HOST=http/);

    const same = shell("pulumi preview --expect-no-changes");
    expect(same.status, same.stdout + same.stderr).toBe(0);
    const curl = /^ {2}(curl -X PATCH .*)$/m.exec(guide)![1]!;
    const edit = await fetch(/http\S+$/.exec(curl)![0], {
      method: "PATCH",
      headers: { authorization: /Bearer \w+/.exec(curl)![0], "content-type": "application/json" },
      body: /-d '(.*?)'/.exec(curl)![1]!,
    });
    expect(edit.status).toBe(200);
    const drift = shell("pulumi refresh --preview-only --diff");
    expect(drift.stdout).toContain("Renamed by hand");
    await kept.says(/PATCH .*hog_flows/);

    kept.child.kill("SIGINT");
    expect(await kept.ended).toBe(130);
    expect(await kept.leftovers()).toEqual([]);
    expectCleanRepository();
  });
});

/** Machines that test everything have Python. */
const noPython = process.env["CI"] ? undefined : await pythonLanguage.missing();

it.skipIf(noPython)(
  "plays a program in YAML and one in Python, from an empty folder",
  { timeout: LIMIT_MS },
  async () => {
    const demo = await startDemo("--languages");
    expect(await demo.ended, demo.output()).toBe(0);
    const summary = demo
      .output()
      .split("\n")
      .filter((line) => line.endsWith("as it said"));
    expect(summary).toHaveLength(LANGUAGE_ACTS.length);
    expect(demo.output()).toContain(`${LANGUAGE_ACTS.length} acts, all as they said`);
    expect(await demo.leftovers()).toEqual([]);
  },
);

it("leaves nothing when it is interrupted in the middle of an update", { timeout: LIMIT_MS }, async () => {
  const demo = await startDemo();
  await demo.says(/HogFlow \S+ (creating|created)/);
  demo.child.kill("SIGINT");
  expect(await demo.ended, demo.output()).toBe(130);
  expect(demo.output()).not.toContain("did not go as it said");
  expect(await demo.leftovers()).toEqual([]);
  expectCleanRepository();
});

it("refuses a flag that it does not know, before it does anything", async () => {
  const demo = await startDemo("--keeep");
  expect(await demo.ended).toBe(2);
  expect(demo.output()).toMatch(/does not know --keeep/);
});
