// The commands that read: which flow is meant, logs, metrics and runs, for people and for machines.
import { spawn } from "node:child_process";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { COMMAND } from "../support/command";
import { flowJson, minutesAgo, useLive } from "./live";

vi.setConfig({ testTimeout: 60_000 });
const live = useLive();

describe("which flow", () => {
  it("is said by id or exact name; doubt is an error that lists what there is", async () => {
    const flow = live.emulator.seed(flowJson({ name: "Which one" }));
    live.emulator.seed(flowJson({ name: "Which one now" }));
    expect(await live.json(["logs", "Which one"])).toEqual([]);
    expect(await live.json(["logs", flow.id.toUpperCase()])).toEqual([]);
    const near = await live.run(["logs", "Which"]);
    expect(near.code).toBe(1);
    expect(near.stderr).toMatch(
      /There is no flow named "Which" in PostHog\. Titles in PostHog that contain it:\n(  [0-9a-f-]{36}  Which one.*\n){2}No stack is selected here, so names of resources were not looked up\.\nName a flow by its resource's name in the stack, its title, or its id in PostHog\./,
    );
    live.emulator.seed(flowJson({ name: "Which one" }));
    expect((await live.run(["logs", "Which one"])).stderr).toMatch(
      /"Which one" may mean 2 flows:\n.*active.*\n.*\nGive the id of the one you mean/,
    );
  });
});

describe("hogflow logs", () => {
  it("prints lines oldest first, by level, text, run and span", async () => {
    const { id } = live.emulator.seed(flowJson({ name: "Logged" }));
    live.emulator.record(id, {
      logs: [
        { timestamp: minutesAgo(300), message: "long ago", instance_id: "run-1" },
        { timestamp: minutesAgo(3), message: "Starting workflow", instance_id: "run-2" },
        { timestamp: minutesAgo(2), level: "warn", message: "References variable(s)", instance_id: "run-2" },
        {
          timestamp: minutesAgo(1),
          level: "error",
          message: "[Action:hook] Errored: boom\u001b[2J",
          instance_id: "run-3",
        },
      ],
    });
    const messages = async (...args: string[]) =>
      (await live.json(["logs", id, ...args])).map(({ message }: any) => message.slice(0, 8));
    expect(await messages()).toEqual(["long ago", "Starting", "Referenc", "[Action:"]);
    expect(await messages("--since", "1h")).toEqual(["Starting", "Referenc", "[Action:"]);
    expect(await messages("--until", "1h")).toEqual(["long ago"]);
    expect(await messages("--level", "warn")).toEqual(["Referenc", "[Action:"]);
    expect(await messages("--search", "boom")).toEqual(["[Action:"]);
    expect(await messages("--run", "run-1")).toEqual(["long ago"]);
    expect(await messages("--limit", "2")).toEqual(["Referenc", "[Action:"]);
    const { stdout } = await live.run(["logs", id, "--since", "1h"]);
    expect(stdout.split("\n")[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d info  run-2 Starting workflow$/);
    // Ids of runs of one minute begin alike: their ends tell them apart.
    live.emulator.record(id, {
      logs: [{ timestamp: minutesAgo(0), message: "the last", instance_id: "0198f3c2-0000-7000-8000-0000deadbeef" }],
    });
    expect((await live.run(["logs", id, "--limit", "1"])).stdout).toContain(" deadbeef the last");
    // Text of others must not work on the terminal.
    expect(stdout).not.toContain("\u001b");
    expect((await live.run(["logs", id, "--search", "nothing like it"])).stderr).toBe("There are no log lines.\n");
  });

  it("refuses levels, spans and limits that are none", async () => {
    for (const [args, message] of [
      [["--level", "loud"], "Allowed choices are debug, info, warn, error"],
      [["--since", "yesterday"], "must be a span such as 7d"],
      [["--limit", "0"], "must be a whole number from 1 to 10000"],
    ] as const) {
      const { code, stderr } = await live.run(["logs", "x", ...args]);
      expect({ args, code }).toEqual({ args, code: 3 });
      expect(stderr).toContain(message);
    }
  });

  it("follows until Ctrl-C, each line once, and ends well", async () => {
    const { id } = live.emulator.seed(flowJson({ name: "Followed" }));
    live.emulator.record(id, { logs: [{ timestamp: minutesAgo(1), message: "first" }] });
    const child = spawn(process.execPath, [COMMAND, "logs", id, "--follow", "--json"], {
      env: { ...process.env, ...live.env },
    });
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    await expect.poll(() => out, { timeout: 20_000 }).toContain("first");
    live.emulator.record(id, { logs: [{ timestamp: new Date().toISOString(), message: "second" }] });
    await expect.poll(() => out, { timeout: 20_000 }).toContain("second");
    child.kill("SIGINT");
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
    expect(
      out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).message),
    ).toEqual(["first", "second"]);
  });

  it("ends without a word when its reader has seen enough", async () => {
    const { id } = live.emulator.seed(flowJson({ name: "Cut short" }));
    live.emulator.record(id, {
      logs: Array.from({ length: 2000 }, (_, i) => ({ timestamp: minutesAgo(i / 100), message: "x".repeat(500) })),
    });
    const child = spawn(process.execPath, [COMMAND, "logs", id, "--limit", "2000"], {
      env: { ...process.env, ...live.env },
    });
    let err = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    child.stdout.once("data", () => child.stdout.destroy());
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
    expect(err).toBe("");
  });
});

describe("hogflow metrics", () => {
  let id: string;
  beforeAll(() => {
    id = live.emulator.seed(flowJson({ name: "Measured" })).id;
    live.emulator.record(id, {
      metrics: [
        { timestamp: minutesAgo(10), name: "succeeded", kind: "success", count: 1200, instance_id: "hook" },
        { timestamp: minutesAgo(1450), name: "succeeded", kind: "success", count: 300, instance_id: "exit_node" },
        { timestamp: minutesAgo(10), name: "failed", kind: "failure", count: 3, instance_id: "hook" },
        { timestamp: minutesAgo(60 * 24 * 20), name: "succeeded", kind: "success", count: 5 },
      ],
    });
  });

  it("shows a row and a curve for each name, the largest first", async () => {
    const { stdout } = await live.run(["metrics", id]);
    expect(stdout).toMatch(
      /^name\s+total\s+\d{4}-\d\d-\d\d – \d{4}-\d\d-\d\d, by day\nsucceeded\s+1,500\s+·{5,6}[▁▂]█\nfailed\s+3\s+·{6,7}█\n$/,
    );
    const found = await live.json(["metrics", id]);
    expect(found.labels).toHaveLength(8);
    expect(found.series.map(({ name, total }: any) => [name, total])).toEqual([
      ["succeeded", 1500],
      ["failed", 3],
    ]);
  });

  it("asks for what was asked", async () => {
    live.emulator.clearRequests();
    expect(
      (
        await live.json([
          "metrics",
          id,
          "--since",
          "30d",
          "--interval",
          "week",
          "--by",
          "kind",
          "--kind",
          "success",
          "--kind",
          "failure",
          "--step",
          "hook",
        ])
      ).series.map(({ name, total }: any) => [name, total]),
    ).toEqual([
      ["success", 1200],
      ["failure", 3],
    ]);
    expect(Object.fromEntries(new URLSearchParams(live.emulator.requests.at(-1)!.query))).toEqual({
      after: "-30d",
      interval: "week",
      breakdown_by: "kind",
      kind: "success,failure",
      instance_id: "hook",
    });
    expect(await live.json(["metrics", "totals", id, "--since", "30d", "--name", "succeeded"])).toEqual([
      { name: "succeeded", total: 1505 },
    ]);
  });

  it("totals have bars, and a span in which nothing happened is said", async () => {
    expect((await live.run(["metrics", "totals", id])).stdout).toMatch(
      /^name\s+total\nsucceeded\s+1,500\s+█{30}\nfailed\s+3\s+█\n$/,
    );
    const quiet = await live.run(["metrics", "totals", id, "--name", "email_sent"]);
    expect(quiet).toEqual({ code: 0, stdout: "", stderr: "Nothing happened in that time.\n" });
    expect((await live.run(["metrics", id, "--interval", "year"])).code).toBe(3);
  });
});

describe("hogflow runs", () => {
  it("lists runs with how many there are, and shows one", async () => {
    const { id } = live.emulator.seed(flowJson({ name: "Ran" }));
    const runs = ["a", "b", "c"].map((name, i) => ({
      invocation_id: `run-${name}`,
      started_at: minutesAgo(i + 1),
      distinct_id: `user-${name}`,
      duration_ms: 1500,
      invocation_globals: { event: { event: "signed up" } },
    }));
    live.emulator.record(id, {
      runs: [
        ...runs,
        {
          invocation_id: "run-d",
          started_at: minutesAgo(9),
          status: "failed",
          error_message: "no such\nhost",
          distinct_id: "user-a",
          attempts: 3,
        },
      ],
    });
    expect((await live.json(["runs", id])).count).toBe(4);
    const few = await live.json(["runs", id, "--limit", "2"]);
    expect([few.runs.map((one: any) => one.invocation_id), few.count]).toEqual([["run-a", "run-b"], 4]);
    const failed = await live.run(["runs", id, "--status", "failed"]);
    expect(failed.stdout).toMatch(
      /^started \(UTC\).*\n\S+ \S+\s+failed\s+0 ms\s+user-a\s+run-d\s+no such host \(attempt 3\)\n$/,
    );
    expect((await live.run(["runs", id, "--limit", "1"])).stdout).toContain("1 of 4 runs");
    expect((await live.json(["runs", id, "--person", "user-a", "--error", "such"])).count).toBe(1);
    expect(await live.json(["runs", id, "run-b"])).toMatchObject({
      invocation_id: "run-b",
      invocation_globals: { event: { event: "signed up" } },
    });
    const gone = await live.run(["runs", id, "nobody"]);
    expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining("404")]);
  });

  it("names the scope that is missing", async () => {
    const { id } = live.emulator.seed(flowJson({ name: "Scoped" }));
    const { code, stderr } = await live.run(["runs", id], { POSTHOG_API_KEY: "phx_reader" });
    expect(code).toBe(1);
    expect(stderr).toContain("Add the scope person:read to the personal API key");
  });
});
