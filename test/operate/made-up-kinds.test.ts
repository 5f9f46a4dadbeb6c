// Flows of a PostHog that is newer than this package: a made-up kind, and what is no kind at all, in every place whose values are a closed set here. Nothing
// fails on it: it is sent as it is, written as a program that compiles and means the same, drawn, described, checked and, as far as it can be, simulated.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { COMMANDS, GROUPS } from "../../cli/commands";
import { runProgram } from "../../cli/program";
import { describeChange } from "../../operate/change/describe";
import { keyCode } from "../../operate/code-text";
import { flowFromStack } from "../../operate/flow-source";
import { drawFlow } from "../../operate/graph/draw";
import { drawFlows } from "../../operate/graph/draw-flows";
import { masked } from "../../operate/mask";
import { pulledFlow, pullFlows } from "../../operate/pull";
import { canonical } from "../../definition/canonical/canonical";
import { decode, keyed } from "../../definition/canonical/decode";
import { encode } from "../../definition/canonical/encode";
import type { Dict } from "../../definition/canonical/values";
import { examineFlow } from "../../rules/examine-flow";
import { peopleEffects } from "../../provider/flow/in-flight";
import { validate } from "../../sdk";
import { arbitrary, simulate, simulateMany } from "../../testing";
import { errorsIn, ROOT } from "../support/compile-modules";
import { CLOSED, ODD, OPEN, spotName, withOdd, wholeFlow, type Json } from "../support/made-up-kinds";
import { expectFaithful } from "../support/pulled";

const ID = "0198c0de-0000-7000-8000-000000000001";
const live = (flow: Json): Json => ({ ...flow, id: ID, schedules: [] });
const cases = [
  ...CLOSED.flatMap((spot) => ODD.map((value) => ({ spot, value: value as unknown }))),
  ...OPEN.map((spot) => ({ spot, value: { a: [1] } as unknown })),
].map(({ spot, value }) => ({
  name: `${spotName(spot)} = ${JSON.stringify(value)}`,
  value,
  flow: withOdd(spot, value),
}));

/** What goes wrong in any of the flows, by its name. */
function failures(act: (flow: Json, value: unknown) => void): string[] {
  return cases.flatMap(({ name, value, flow }) => {
    try {
      act(flow, value);
      return [];
    } catch (error) {
      return [`${name}: ${(error as Error).message.split("\n")[0]}`];
    }
  });
}

describe("what this version does not know", () => {
  it("is sent as it is", () => {
    // What is not there at all is filled in: a branch has conditions.
    const isFilled = ({ actions }: Json, value: unknown): boolean =>
      value === null || actions.some(({ id, config }: Json) => id === "fork" && config?.deep !== undefined);
    expect(
      failures(
        (flow, value) =>
          isFilled(flow, value) || expect(decode(encode(decode(live(flow))))).toEqual(decode(live(flow))),
      ),
    ).toEqual([]);
  });

  it("is drawn, described and checked", () => {
    const base = decode(wholeFlow());
    expect(
      failures((flow) => {
        const definition = decode(live(flow));
        drawFlow(masked(definition));
        for (const [before, after] of [
          [base, definition],
          [definition, base],
          [definition, definition],
        ] as [Dict, Dict][]) {
          describeChange(before, after);
          peopleEffects({ ...before, status: "active" }, after);
        }
        validate({ definition: flow }, "it");
      }),
    ).toEqual([]);
  });

  it("does not stop the simulator, which says so", () => {
    expect(
      failures((flow) => {
        const definition = canonical(keyed(flow)) as object;
        try {
          simulate(definition, { trigger: "user signed up" }).timeline();
          simulateMany(definition, arbitrary(definition, { count: 3 }));
        } catch (error) {
          expect((error as Error).message).toMatch(/^not simulated: |has no trigger|starts? a .* trigger/);
        }
      }),
    ).toEqual([]);
  });
});

describe("the program of such a flow", () => {
  const programs = new Map<string, string>();
  let failed: string[];
  beforeAll(() => {
    failed = failures((flow) => {
      const program = pulledFlow(live(flow));
      expectFaithful(live(flow), program);
      programs.set(path.join(ROOT, "test/operate", `odd-${programs.size}.ts`), program.files[0]!.text);
    });
  }, 200_000);

  it("makes the flow as it is", () => {
    expect(failed).toEqual([]);
    expect(programs.size).toBe(cases.length);
  });

  it("compiles", () => expect(errorsIn(programs)).toEqual([]), 300_000);
});

describe("a key that only some parsers take as a name", () => {
  // U+2E2F is a letter that no name may hold; the others have become names with a version of Unicode.
  it.each(["\u2e2f", "a\u2e2f", "\u1c89", "größe", "a-b", "1a", ""])("is quoted: %j", (key) => {
    expect(JSON.parse(keyCode(key))).toBe(key);
    const flow = live(wholeFlow());
    const call = flow.actions.find(({ id }: Json) => id === "call");
    call.config.inputs.headers = { value: { [key]: "x" } };
    const program = pulledFlow(flow);
    expect(program.files[0]!.text).toContain(`${keyCode(key)}: "x"`);
    expectFaithful(flow, program);
  });

  it("is not where every parser takes it", () => {
    expect(["a", "_a1", "$set", "class"].map(keyCode)).toEqual(["a", "_a1", "$set", "class"]);
  });
});

describe("a kind of a newer PostHog", () => {
  const rules = (at: string, value: unknown, options = {}): string[] => {
    const { definition, findings } = examineFlow(
      canonical(
        keyed(
          withOdd(
            CLOSED.find((spot) => spotName(spot) === at)!,
            value,
          ),
        ),
      ),
      {},
      options,
    );
    return findings.all(definition).map(({ severity, rule }) => `${severity} ${rule}`);
  };

  it.each([
    ["status", "newer-value"],
    ["exit_condition", "newer-value"],
    ["email_sending_rate_limit.period", "newer-value"],
    ["actions.pause.type", "newer-step-type"],
    ["actions.trigger_node.config.type", "newer-trigger-type"],
    ["actions.call.on_error", "newer-value"],
    ["actions.mail.config.message_category_type", "newer-value"],
    ["actions.hours.config.day", "newer-value"],
  ])("is a warning at %s, and a word close to a known one an error", (at, rule) => {
    expect(rules(at, "next_years_kind")).toContain(`warning ${rule}`);
    expect(
      rules(at, "next_years_kind").filter(
        (found) => /newer|unknown-value|days|shape/.test(found) && found.startsWith("error"),
      ),
    ).toEqual([]);
  });

  it("close to a known one is an error", () => {
    expect(rules("status", "actve")).toContain("error unknown-value");
  });

  it("in the form of a field is an error in a new flow, and a warning where PostHog has it already", () => {
    const flow = canonical(keyed(withOdd({ path: ["actions", "pause", "config", "delay_duration"] }, "2fortnights")));
    const found = (state: Dict, more = {}): string[] =>
      examineFlow({ ...flow, ...more }, state, { sparesLive: true })
        .findings.all()
        .filter(({ rule }) => rule === "duration")
        .map(({ severity }) => severity);
    expect(found({})).toEqual(["error"]);
    expect(found(flow)).toEqual(["warning"]);
    expect(found({}, { adopt: ID })).toEqual(["warning"]);
  });
});

it("says which flow cannot be written, and writes the others", async () => {
  const row = (name: string, more: Json = {}): Json => ({
    ...live(wholeFlow()),
    name,
    created_at: "2026-01-01T00:00:00Z",
    status: "draft",
    ...more,
  });
  const rows = [row("Bad", { id: "0198c0de-0000-7000-8000-000000000002", actions: [null] }), row("Good")];
  const client = {
    allFlows: async () => rows,
    getFlow: async (id: string) => rows.find((flow) => flow.id === id),
  } as Json;
  const failed: Json[] = [];
  expect((await pullFlows(client, { onFailure: (failure) => failed.push(failure) })).map(({ title }) => title)).toEqual(
    ["Good"],
  );
  expect(failed).toEqual([{ id: rows[0].id, title: "Bad", error: expect.any(String) }]);
});

describe("one flow that cannot be shown does not stop the others", () => {
  /** A definition that nobody can read. */
  const unreadable = (): Dict =>
    Object.defineProperty({ name: "Bad" }, "actions", {
      enumerable: true,
      get: () => {
        throw new Error("no such steps");
      },
    });
  const good = (name = "Good"): Dict => canonical(keyed({ ...wholeFlow(), name }));

  it("drawn by the command, which names the one that is not, and fails", async () => {
    const dir = mkdtempSync(path.join(os.tmpdir(), "hogflow-odd-"));
    try {
      const file = (name: string, flow: Json): string => (
        writeFileSync(path.join(dir, name), JSON.stringify(flow)),
        path.join(dir, name)
      );
      const [bad, fine] = [
        file("bad.json", { name: "Bad" }),
        file("fine.json", { ...withOdd(CLOSED[0]!, "next_years_kind"), name: "Fine" }),
      ];
      const shown = { out: "", err: "" };
      const stream = (to: "out" | "err") => ({
        isTTY: false,
        columns: 100,
        write: (part: string) => ((shown[to] += part), true),
      });
      const run = (...args: string[]) =>
        runProgram(["graph", ...args], {
          streams: { stdin: process.stdin, stdout: stream("out"), stderr: stream("err"), env: {} },
          commands: COMMANDS,
          groups: GROUPS,
          signal: new AbortController().signal,
        });
      expect(await run(bad, fine)).toBe(1);
      expect(shown.out).toMatch(/^%% Fine\nflowchart TD\n/);
      expect(shown.err).toMatch(/bad\.json could not be drawn: .+not a workflow/);
      Object.assign(shown, { out: "", err: "" });
      expect(await run(fine, fine)).toBe(0);
      expect(shown.err).toBe("");
      expect(await run(bad)).toBe(1);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it("drawn from the state of a stack", async () => {
    const failed: Json[] = [];
    const resource = (name: string, inputs: Dict): Json => ({ kind: "flow", name, inputs, secretPaths: [] });
    const flows = [resource("bad", unreadable()), resource("good", good())].map((found) => ({
      name: found.name,
      find: () => flowFromStack(found),
    }));
    expect(
      (await drawFlows(flows, { onFailure: (failure) => failed.push(failure) })).map(({ title }) => title),
    ).toEqual(["Good"]);
    expect(failed).toEqual([{ name: "bad", error: "no such steps" }]);
    await expect(drawFlows(flows)).rejects.toThrow("no such steps");
  });
});
