// `hogflow review`, `graph`, `drift` and `history` as a user runs them: help, output for people and for machines, exit codes, and what is said when
// something is wrong. What they do with a real stack is the engine suite's.
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { build } from "../../tools/build.mjs";
import { hogflow } from "../support/command";
import { REFERENCE_FLOWS } from "../support/reference-flows";

const FIXTURES = path.resolve(import.meta.dirname, "../operate/fixtures");
const DEMO = path.join(FIXTURES, "demo-preview.json");
const RICH = path.join(FIXTURES, "rich-preview.json");
const KEY = "phx_test";
const TYPE = "pulumi-nodejs:dynamic/posthog:HogFlow";

// Each command is a process of its own.
vi.setConfig({ testTimeout: 90_000 });

let emulator: Emulator;
let dir: string;
let env: Record<string, string>;
let id: string;
const run = (args: string[], input?: string) =>
  hogflow(args, { cwd: dir, env, ...(input === undefined ? {} : { input }) });

const wire = (): any => structuredClone(Object.values(REFERENCE_FLOWS)[0]!.flow);
async function create(): Promise<any> {
  const answer = await fetch(`${emulator.url}/api/projects/1/hog_flows`, {
    method: "POST",
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
    body: JSON.stringify(wire()),
  });
  expect(answer.status).toBe(201);
  return answer.json();
}

beforeAll(async () => {
  await build();
  emulator = await startEmulator();
  dir = await mkdtemp(path.join(os.tmpdir(), "hogflow-commands-"));
  env = { POSTHOG_HOST: emulator.url, POSTHOG_PROJECT_ID: "1", POSTHOG_API_KEY: KEY };
  id = (await create()).id;
}, 180_000);
afterAll(async () => {
  await emulator?.stop();
  await rm(dir, { recursive: true, force: true });
});

describe.each(["review", "graph", "drift", "history"])("hogflow %s", (command) => {
  it("has a help with examples, and refuses what it does not know", async () => {
    const help = await run([command, "--help"]);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain(`Usage: hogflow ${command}`);
    expect(help.stdout).toContain(`$ hogflow ${command}`);
    expect(help.stdout).toContain("--json");
    const wrong = await run([command, "--nonsense"]);
    expect(wrong.code).toBe(3);
    expect(wrong.stderr).toContain("--nonsense");
  });
});

it("a command starts without Pulumi's SDK, which takes longer to load than all the rest", () => {
  const script = `require(${JSON.stringify(path.resolve(import.meta.dirname, "../../dist/cli/commands/index.js"))}); console.log(Object.keys(require.cache).filter((file) => file.includes("@pulumi")).length)`;
  expect(spawnSync(process.execPath, ["-e", script], { encoding: "utf8" }).stdout).toBe("0\n");
});

describe("hogflow review", () => {
  it("reads a file or standard input, and writes to standard output or a file", async () => {
    const fromFile = await run(["review", DEMO, "--offline"]);
    expect(fromFile).toMatchObject({ code: 0, stderr: "" });
    expect(fromFile.stdout.split("\n")[0]).toMatch(/^### ℹ️ 1 workflow changed\./);
    const fromInput = await run(["review", "-", "--offline", "--out", "comment.md"], await readFile(DEMO, "utf8"));
    expect(fromInput.stdout).toBe("Wrote comment.md.\n");
    expect(await readFile(path.join(dir, "comment.md"), "utf8")).toBe(fromFile.stdout);
  });

  it("ends with 2 on a kind of change that --fail-on names, with 0 on others, and refuses unknown kinds", async () => {
    expect((await run(["review", RICH, "--offline", "--fail-on", "deletes,stops"])).code).toBe(2);
    expect((await run(["review", DEMO, "--offline", "--fail-on", "deletes,stops"])).code).toBe(0);
    const wrong = await run(["review", DEMO, "--fail-on", "explodes"]);
    expect(wrong.code).toBe(3);
    expect(wrong.stderr).toContain("ejects");
  });

  it("ends with 1 when the preview itself failed, and still says why", async () => {
    const failed = await run(
      ["review", "-", "--offline"],
      JSON.stringify({
        steps: [],
        diagnostics: [{ severity: "error", message: `error: ${TYPE} resource 'x' has a problem: wrong` }],
      }),
    );
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain("x: wrong");
  });

  it("links to the page of the change, and shows its pictures", async () => {
    await writeFile(
      path.join(dir, "shots.json"),
      JSON.stringify([
        { file: "a-before.png", side: "before", flow: "onboarding", step: "welcome", title: "Welcome", person: "ada" },
        { file: "a.png", side: "after", flow: "onboarding", step: "welcome", title: "Welcome", person: "ada" },
      ]),
    );
    const page = ["--link", "https://ci.example/page.html"];
    const shots = ["--shots", ".", "--shots-link", "https://ci.example/shots/{file}?raw=true"];
    const { code, stdout } = await run(["review", DEMO, "--offline", ...page, ...shots]);
    expect(code).toBe(0);
    expect(stdout).toContain("[See what people will get](https://ci.example/page.html#/change)");
    expect(stdout).toContain("(https://ci.example/page.html#/change/onboarding)");
    expect(stdout).toContain("![Welcome, before](https://ci.example/shots/a-before.png?raw=true) | ![Welcome, after]");
  });

  it.each([
    [["--link", "page.html"], "--link <address>", "must be an address that begins with https://"],
    [["--shots", "."], "--shots and --shots-link belong together", "Add --shots-link <address>"],
    [["--shots-link", "https://ci.example"], "--shots and --shots-link belong together", "Add --shots <folder>"],
    [
      ["--shots", "nowhere", "--shots-link", "https://ci.example"],
      "shots.json does not exist",
      "Run: hogflow show --shots",
    ],
  ])("refuses %j, and says why", async (given, what, fix) => {
    const { code, stderr } = await run(["review", DEMO, "--offline", ...given]);
    expect(code).not.toBe(0);
    expect(stderr).toContain(what);
    expect(stderr).toContain(fix);
  });

  it("prints the review for machines", async () => {
    const { verdict, kinds, failedOn, review, markdown } = JSON.parse(
      (await run(["review", RICH, "--offline", "--json", "--fail-on", "deletes"])).stdout,
    );
    expect(verdict).toMatch(/^⚠️/);
    expect(kinds).toContain("ejects");
    expect(failedOn).toEqual(["deletes"]);
    expect(review.flows).toHaveLength(6);
    expect(markdown).toContain("Customer journey");
  });

  it("asks PostHog with a key, goes without where there is none, and never shows one", async () => {
    emulator.clearRequests();
    const asked = await run(["review", RICH]);
    expect(asked.stdout).toMatch(/\*\*Audience:\*\* \d/);
    expect(
      emulator.requests.every(({ method, path: at }) => method === "GET" || at.includes("user_blast_radius")),
    ).toBe(true);
    const without = await hogflow(["review", RICH], {
      cwd: dir,
      env: { POSTHOG_HOST: emulator.url, POSTHOG_PROJECT_ID: "1" },
    });
    expect(without.code).toBe(0);
    expect(without.stderr).toContain("Without counts and statuses from PostHog: There is no PostHog API key");
    const wrong = await hogflow(["review", RICH], { cwd: dir, env: { ...env, POSTHOG_API_KEY: "phx_wrong_key" } });
    expect(wrong.code).toBe(0);
    expect(wrong.stdout).toContain("Some counts are missing:");
    expect(wrong.stdout + wrong.stderr).not.toContain("phx_wrong_key");
  });

  it("reads the status that the program does not state; where it cannot, --fail-on takes the flow for active", async () => {
    const flow = await create();
    const state = (inputs: object) => ({
      type: TYPE,
      custom: true,
      id: flow.id,
      inputs,
      outputs: { ...inputs, liveStatus: "draft", version: 1 },
    });
    const steps = {
      trigger_node: { type: "trigger", name: "Start", config: { type: "schedule" }, next: "wait" },
      wait: { type: "delay", name: "Wait", config: { delayDuration: "1d" } },
    };
    const { wait: _, ...less } = steps;
    const preview = JSON.stringify({
      steps: [
        {
          op: "update",
          urn: `urn:pulumi:dev::shop::${TYPE}::journey`,
          oldState: state({ name: "Journey", actions: steps }),
          newState: state({ name: "Journey", actions: less }),
        },
      ],
    });
    const stops = ["review", "-", "--fail-on", "ejects,moves,stops"];
    for (const [status, code] of [
      ["draft", 0],
      ["active", 2],
      ["archived", 0],
    ] as const) {
      emulator.ui.setStatus(flow.id, status);
      const asked = await run(stops, preview);
      expect(asked.code, asked.stderr).toBe(code);
      expect(asked.stdout).toContain(`\n${status[0]!.toUpperCase()}${status.slice(1)}`);
      const offline = await run([...stops, "--offline"], preview);
      expect(offline.code).toBe(2);
      expect(offline.stdout).toContain("Status is set in PostHog and may be active");
      expect(offline.stdout).toContain("People in flight leave");
    }
    const wrong = await hogflow(stops, { cwd: dir, env: { ...env, POSTHOG_API_KEY: "phx_wrong_key" }, input: preview });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("Without the statuses that PostHog has now:");
    expect(wrong.stdout + wrong.stderr).not.toContain("phx_wrong_key");
  });

  it("says what is wrong with what it is given", async () => {
    const cases = [
      [["review", "missing.json"], "missing.json does not exist"],
      [["review", path.join(FIXTURES, "../../../package.json")], "not the output of `pulumi preview --json`"],
      [["review"], "There is no Pulumi project here"],
    ] as const;
    const ran = await Promise.all(cases.map(([args]) => run([...args])));
    ran.forEach(({ code, stdout, stderr }, i) => {
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toContain(cases[i]![1]);
    });
  });
});

describe("hogflow graph", () => {
  it("draws a file, standard input and a live flow alike", async () => {
    await writeFile(path.join(dir, "flow.json"), JSON.stringify(wire()));
    const file = await run(["graph", "flow.json"]);
    expect(file).toMatchObject({ code: 0, stderr: "" });
    expect(file.stdout).toMatch(/^flowchart TD\n/);
    expect((await run(["graph", "-"], JSON.stringify(wire()))).stdout).toBe(file.stdout);
    expect((await run(["graph", id])).stdout).toBe(file.stdout);
    const markdown = await run(["graph", "flow.json", "--markdown", "--direction", "LR"]);
    expect(markdown.stdout).toMatch(/^## .*\n\n```mermaid\nflowchart LR\n/);
    expect(
      JSON.parse((await run(["graph", "flow.json", "--json"])).stdout.replaceAll("\\u200b", ""))[0].mermaid.trim(),
    ).toBe(file.stdout.trim());
  });

  it("says what is wrong: no JSON, no flow, no such flow, no key, no network", async () => {
    await writeFile(path.join(dir, "broken.json"), "{");
    await writeFile(path.join(dir, "other.json"), '{"a":1}');
    const cases = [
      [["graph", "broken.json"], "broken.json is not JSON"],
      [["graph", "other.json"], "other.json is not a workflow"],
      [["graph", "gone.json"], "gone.json does not exist"],
      [["graph", "00000000-0000-4000-8000-000000000000"], "404"],
      [["graph", "onboarding"], 'There is no flow named "onboarding"'],
    ] as const;
    const ran = await Promise.all(cases.map(([args]) => run([...args])));
    ran.forEach(({ code, stderr }, i) => {
      expect(code, stderr).toBe(1);
      expect(stderr).toContain(cases[i]![1]);
    });
    const wrong = await hogflow(["graph", id], { cwd: dir, env: { ...env, POSTHOG_API_KEY: "phx_wrong_key" } });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).not.toContain("phx_wrong_key");
    const offline = await hogflow(["graph", id], { cwd: dir, env: { ...env, POSTHOG_HOST: "http://127.0.0.1:9" } });
    expect(offline.code).toBe(1);
    expect(offline.stderr).toContain("127.0.0.1:9");
    expect((await run(["graph", "flow.json", "--direction", "UP"])).code).toBe(3);
  });
});

describe("hogflow drift", () => {
  const exported = (flow: any): string =>
    JSON.stringify({
      version: 3,
      deployment: {
        resources: [
          {
            urn: `urn:pulumi:dev::shop::${TYPE}::journey`,
            type: TYPE,
            id: flow.id,
            inputs: {},
            outputs: {
              host: emulator.url,
              projectId: "1",
              actions: { trigger_node: { type: "trigger", name: "Old title", config: { type: "schedule" } } },
              serverAdditions: {},
              version: 1,
            },
          },
        ],
      },
    });

  it("reads a state from standard input, ends with 2 and names what differs; with --json for machines", async () => {
    const flow = await create();
    const { code, stdout } = await run(["drift", "--state", "-"], exported(flow));
    expect(code).toBe(2);
    expect(stdout).toContain('title: "Old title" → ');
    expect(stdout).toContain("1 resource: 1 drifted");
    const json = await run(["drift", "--state", "-", "--json"], exported(flow));
    expect(json.code).toBe(2);
    expect(JSON.parse(json.stdout)[0]).toMatchObject({ name: "journey", verdict: "drifted" });
    const accept = await run(["drift", "--state", "-", "--accept"], exported(flow));
    expect(accept.stdout).toContain('// HogFlow "journey"');
  });

  it("tells a deleted flow, and ends with 1 where it cannot tell", async () => {
    const gone = await run(["drift", "--state", "-"], exported({ id: "00000000-0000-4000-8000-000000000000" }));
    expect(gone.code).toBe(2);
    expect(gone.stdout).toContain("is no longer in PostHog");
    const wrong = await hogflow(["drift", "--state", "-"], {
      cwd: dir,
      env: { ...env, POSTHOG_API_KEY: "phx_wrong_key" },
      input: exported({ id }),
    });
    expect(wrong.code).toBe(1);
    expect(wrong.stdout).toContain("could not be read");
    expect(wrong.stdout + wrong.stderr).not.toContain("phx_wrong_key");
  });

  it("says what is wrong with what it is given", async () => {
    for (const [args, input, said] of [
      [["drift", "--state", "-"], "{}", "This is not the state of a stack"],
      [["drift", "journy", "--state", "-"], exported({ id }), "It has journey"],
      [["drift"], "", "There is no Pulumi project here"],
    ] as const) {
      const { code, stderr } = await run([...args], input);
      expect(code, stderr).toBe(1);
      expect(stderr).toContain(said);
    }
  });
});

describe("hogflow history", () => {
  it("lists versions of a flow by its id, compares two and prints one as code", async () => {
    const flow = await create();
    emulator.ui.edit(flow.id, (live) => (live.actions[0].name = "Edited by hand"));
    const list = JSON.parse((await run(["history", flow.id, "--json"])).stdout);
    expect(list.map(({ version }: any) => version)).toEqual([2, 1]);
    expect(list[0]).toMatchObject({ deployed: false });
    expect((await run(["history", flow.id])).stdout).toMatch(/^version +saved.*\n +2 {2}\d{4}-/);
    expect((await run(["history", flow.id, "--limit", "1", "--json"])).stdout).not.toContain('"version": 1,');
    expect((await run(["history", flow.id, "--diff", "1..2"])).stdout).toContain('→ "Edited by hand"');
    expect((await run(["history", flow.id, "--diff", "1..1"])).stdout).toBe("Versions 1 and 1 are the same.\n");
    const code = await run(["history", flow.id, "--code", "2"]);
    expect(code.stdout).toContain('"Edited by hand"');
    expect(code.stdout).toContain("new HogFlow(");
  });

  it("says what is wrong: no such version, no such flow, no versions to compare", async () => {
    const missing = await run(["history", id, "--code", "99"]);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain(`There is no version 99 of flow ${id}`);
    expect((await run(["history", "onboarding"])).stderr).toContain('There is no flow named "onboarding"');
    expect((await run(["history", id, "--diff", "3"])).code).toBe(3);
    expect((await run(["history"])).code).toBe(3);
  });
});
