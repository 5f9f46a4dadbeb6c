// The demo's parts that need no engine: its judgement, above all, because a demo that always says "as it said" says nothing.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { HELP, parseArguments } from "../../../tools/demo/arguments.mjs";
import { changedLines, changeSubject, INSERTED, insertStep } from "../../../tools/demo/code-change.mjs";
import { createNarrator, shortPath } from "../../../tools/demo/narration.mjs";
import {
  performActs,
  type Act,
  type Command,
  type CommandResult,
  type Outcome,
  type World,
} from "../../../tools/demo/perform.mjs";
import { judgeCommand } from "../../../tools/demo/verdict.mjs";

const REPOSITORY = path.resolve(import.meta.dirname, "../../..");
const FLOWS = "/api/projects/1/hog_flows/";

const request = (method: string, status = 200) => ({ method, path: FLOWS, query: "", status });

describe("the verdict on a command", () => {
  const command: Command = { args: ["up"], requests: { POST: 1, reads: 1 }, says: ["1 created"] };
  const well: Outcome = {
    code: 0,
    stdout: "",
    output: "+ 1 created\n",
    requests: [request("GET"), request("POST", 201)],
  };

  it("has nothing to say about one that went as it said", () => {
    expect(judgeCommand(command, well)).toEqual([]);
    expect(judgeCommand(command, { ...well, requests: [request("POST", 201)] })).toEqual([]);
  });

  it.each<[string, Partial<Outcome>, RegExp]>([
    ["another exit code", { code: 255 }, /`pulumi up` ended with exit code 255, not 0/],
    [
      "a read too many",
      { requests: [request("GET"), request("GET"), request("POST")] },
      /2 reading requests, and not at most 1/,
    ],
    ["a write too many", { requests: [request("POST"), request("POST")] }, /2 × POST, and not 1/],
    ["a write too few", { requests: [] }, /0 × POST, and not 1/],
    ["another kind of write", { requests: [request("POST"), request("DELETE", 204)] }, /1 × DELETE, and not 0/],
    ["an answer that is an error", { requests: [request("POST", 429)] }, /POST \/api.* was answered with 429/],
    ["a request that was cut", { requests: [request("POST", 0)] }, /answered with 0/],
    ["a missing text", { output: "nothing to do" }, /did not say: 1 created/],
  ])("finds %s", (_, difference, problem) => {
    const problems = judgeCommand(command, { ...well, ...difference });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });

  it("takes an exit code that is meant to be none of success", () => {
    expect(judgeCommand({ args: [], requests: {}, exitCodes: [7, 255] }, { ...well, code: 7, requests: [] })).toEqual(
      [],
    );
    expect(judgeCommand({ args: [], requests: {}, exitCodes: [7, 255] }, { ...well, code: 0, requests: [] })).toEqual([
      "`pulumi ` ended with exit code 0, not 7 or 255",
    ]);
  });
});

describe("a performance", () => {
  /** Acts on a stage where every command ends with `code` and the API gets `requests`. */
  async function perform(acts: Act[], { code = 0, requests = [] as Outcome["requests"] } = {}) {
    let printed = "";
    const log: string[] = [];
    const record: Outcome["requests"] = [];
    const emulator = { requests: record, clearRequests: () => void record.splice(0) } as unknown as World["emulator"];
    const narrator = createNarrator({ write: (text) => (printed += text), colour: false });
    const run = async (args: string[], { onLine }: { onLine?: (line: string) => void }): Promise<CommandResult> => {
      log.push(args.join(" "));
      record.push(...requests);
      onLine?.("the engine says something");
      return { code, stdout: "", output: "" };
    };
    let clock = 0;
    const { ok, results } = await performActs(acts, { world: { emulator }, run, narrator, now: () => (clock += 1500) });
    narrator.summary(acts, results, 3);
    return { ok, results, printed, log };
  }
  const act = (title: string, change: Partial<Act> = {}): Act => ({
    title,
    why: "Because.",
    expected: "all is well",
    commands: [{ args: [title], requests: {} }],
    check: () => [],
    ...change,
  });

  it("plays all acts that go as they said, and sums them up", async () => {
    const { ok, results, printed, log } = await perform([act("one"), act("two")]);
    expect(ok).toBe(true);
    expect(log).toEqual(["one", "two"]);
    expect(results).toEqual([
      { problems: [], requests: 0, seconds: 1.5 },
      { problems: [], requests: 0, seconds: 1.5 },
    ]);
    expect(printed).toContain("$ pulumi one");
    expect(printed).toContain("│ the engine says something");
    expect(printed).toContain("PostHog's API got no request.");
    expect(printed).toMatch(/^1 {2}one +all is well +0 +1\.5 {2}as it said$/m);
    expect(printed).toContain("2 acts, all as they said");
  });

  it.each<[string, Partial<Act>, Parameters<typeof perform>[1], RegExp]>([
    ["whose command fails", {}, { code: 1 }, /ended with exit code 1/],
    ["that makes a request which it should not", {}, { requests: [request("PUT")] }, /1 × PUT, and not 0/],
    ["that leaves another live state", { check: () => [false, "the flow is a draft"] }, {}, /the flow is a draft/],
    [
      "whose check cannot look",
      {
        check: () => {
          throw new Error("there is no flow");
        },
      },
      {},
      /there is no flow/,
    ],
    [
      "that cannot be prepared",
      {
        prepare: () => {
          throw new Error("no such text");
        },
      },
      {},
      /no such text/,
    ],
  ])("stops at an act %s, and names it", async (_, change, stage, problem) => {
    const { ok, results, printed } = await perform([act("first", change), act("second")], stage);
    expect(ok).toBe(false);
    expect(results).toHaveLength(1);
    expect(results[0]!.problems.join()).toMatch(problem);
    expect(printed).toContain("Act 1 did not go as it said:");
    expect(printed).toMatch(/^1 {2}first .*FAILED$/m);
    expect(printed).toMatch(/^2 {2}second .*not played$/m);
    expect(printed).toContain('Act 1 ("first") did not go as it said.');
    expect(printed).not.toContain("all as they said");
  });

  it("runs no further command after one that failed", async () => {
    const commands: Command[] = [
      { args: ["a"], requests: {} },
      { args: ["b"], requests: {} },
    ];
    expect((await perform([act("x", { commands })], { code: 1 })).log).toEqual(["a"]);
  });
});

describe("the code change", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "hogflow-demo-test-"));
  const file = path.join(folder, "index.ts");
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("fits the program of the root stack", () => {
    copyFileSync(path.join(REPOSITORY, "examples/first-flow/index.ts"), file);
    const lines = insertStep(file);
    expect(lines.map((line) => line[0]).join("")).toBe(" -+  + ");
    expect(lines[5]).toContain(`("${INSERTED.id}", {`);
    expect(readFileSync(file, "utf8").split(INSERTED.id)).toHaveLength(2);
  });

  it("changes a subject, and nothing else", () => {
    copyFileSync(path.join(REPOSITORY, "examples/first-flow/index.ts"), file);
    expect(changeSubject(file).map((line) => line[0])).toEqual([" ", "-", "+", " "]);
    expect(readFileSync(file, "utf8")).toContain("Three tips to begin with");
  });

  it("is an error where its place is missing", () => {
    writeFileSync(file, "export {};\n");
    expect(() => insertStep(file)).toThrow(/stands there 0 times, and not once/);
    expect(readFileSync(file, "utf8")).toBe("export {};\n");
  });

  it("is shown with the lines around it", () => {
    expect(changedLines("a\nb\nc\nd\n", "a\nb\nx\nc\nd\n")).toEqual(["  b", "+ x", "  c"]);
    expect(changedLines("a\nb\nc\n", "a\nB\nc\n")).toEqual(["  a", "- b", "+ B", "  c"]);
    expect(changedLines("a\na\n", "a\na\na\n")).toEqual(["  a", "+ a", "  "]);
    expect(changedLines("b\n", "a\nb\n")).toEqual(["+ a", "  b"]);
  });
});

describe("what is printed", () => {
  it("leaves out progress and needless empty lines of the engine, and nothing else", () => {
    let printed = "";
    const line = createNarrator({ write: (text) => (printed += text), colour: false }).engineOutput();
    for (const text of [
      "",
      "Updating (demo):",
      "",
      "",
      "@ updating......",
      " +  a flow",
      "\u001b[1m@ updating..\u001b[0m",
      "error: @ updating the flow",
      "",
      "",
    ])
      line(text);
    expect(printed).toBe("  │ Updating (demo):\n  │\n  │  +  a flow\n  │ error: @ updating the flow\n");
  });

  it("has paths short enough for a line", () => {
    expect(shortPath("/api/projects/1/hog_flows/0198c0de-0000-7000-8000-000000000001/schedules/", "")).toBe(
      "/hog_flows/0198c0de…/schedules/",
    );
    expect(shortPath("/api/projects/1/hog_flows/", "limit=500")).toBe("/hog_flows/?limit=500");
    expect(shortPath("/api/elsewhere", "")).toBe("/api/elsewhere");
  });
});

describe("arguments", () => {
  it("are few, and in the help", () => {
    expect(parseArguments([])).toEqual({ keep: false, languages: false, help: false });
    expect(parseArguments(["--keep"])).toMatchObject({ keep: true, help: false });
    expect(parseArguments(["--languages"])).toMatchObject({ languages: true });
    expect(() => parseArguments(["--languages", "--keep"])).toThrow("without --keep");
    expect(parseArguments(["-h", "--keep"])).toMatchObject({ keep: true, help: true });
    expect(parseArguments(["--show"]).show).toBe(path.join(os.tmpdir(), "hogflow-demo.html"));
    expect(parseArguments(["--show=page.html"]).show).toBe(path.resolve("page.html"));
    for (const flag of ["--keep", "--show", "--help"]) expect(HELP).toContain(flag);
  });

  it.each(["--kepp", "keep", "--keep=yes", "--show=", "--shown", ""])("%j is refused, with the help", (arg) => {
    expect(() => parseArguments([arg])).toThrow(/does not know/);
    expect(() => parseArguments([arg])).toThrow(/Usage: npm run demo/);
  });
});
