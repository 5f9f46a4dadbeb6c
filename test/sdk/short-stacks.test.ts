// While a resource is made, stacks are short; the limit is back afterwards, and an error still leads to the line of the program.
import { afterEach, expect, it, vi } from "vitest";
import { given, shortStacks } from "../../sdk/short-stacks";
import { runProgram } from "../support/program";

afterEach(() => vi.unstubAllEnvs());

const framesOf = (error: unknown): string[] =>
  (error as Error).stack!.split("\n").filter((line) => /^\s+at /.test(line));

function construct(fail: boolean): unknown {
  const stacks = shortStacks();
  try {
    if (fail) throw new Error("refused");
    return new Error("within");
  } catch (error) {
    throw stacks.completed(error);
  } finally {
    stacks.end();
  }
}

it("shortens stacks meanwhile, and not afterwards", () => {
  const before = Error.stackTraceLimit;
  expect(framesOf(construct(false))).toHaveLength(1);
  expect(Error.stackTraceLimit).toBe(before);
  expect(framesOf(new Error("after")).length).toBeGreaterThan(1);
});

it("gives an error the frames of the caller", () => {
  const before = Error.stackTraceLimit;
  function callerInTheProgram(): unknown {
    return construct(true);
  }
  const error = (() => {
    try {
      return callerInTheProgram();
    } catch (caught) {
      return caught;
    }
  })();
  expect(String(error)).toBe("Error: refused");
  expect(framesOf(error).filter((frame) => frame.includes("callerInTheProgram"))).toHaveLength(1);
  expect(framesOf(error)[0]).toContain("construct");
  expect(Error.stackTraceLimit).toBe(before);
});

it("throws on what is no error as it is", () => {
  const stacks = shortStacks();
  expect(stacks.completed("text")).toBe("text");
  stacks.end();
});

it("leaves stacks alone for whoever looks for leaking promises", () => {
  vi.stubEnv("PULUMI_DEBUG_PROMISE_LEAKS", "1");
  expect(framesOf(construct(false)).length).toBeGreaterThan(1);
  vi.unstubAllEnvs();
});

it("keeps what is given, false and null included", () => {
  expect(given({ a: undefined, b: false, c: null, d: 0 })).toEqual({ b: false, c: null, d: 0 });
});

it("is how both resources are made", async () => {
  const seen: number[] = [];
  const watched = { transformations: [() => void seen.push(Error.stackTraceLimit)] };
  const before = Error.stackTraceLimit;
  await runProgram((sdk) => {
    const flow = new sdk.HogFlow("flow", { trigger: sdk.on.schedule(), steps: [sdk.delay("pause", "1d")] }, watched);
    new sdk.HogFlowSchedule("schedule", { flow, rrule: "FREQ=WEEKLY", startsAt: "2030-12-02T09:00:00" }, watched);
    expect(Error.stackTraceLimit).toBe(before);
  });
  expect(seen).toEqual([1, 1]);
});
