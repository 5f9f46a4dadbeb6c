// Servers that fail, throttle, and cut connections before or after the work is done: `up` ends as it should, and the next one leaves exactly one
// flow and a true state. Every case has a project of its own, so that one command runs all of them side by side.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator, type Fault } from "../../emulator";
import type { Stack } from "../support/engine";
import { flow, mailing, program, stackFor, untidy } from "../support/flows";

type Trouble = Pick<Fault, "when" | "kind" | "status" | "retryAfter">;

const TROUBLES: Record<string, Trouble> = {
  cutBefore: { when: "before", kind: "cut" },
  cutAfter: { when: "after", kind: "cut" },
  error500Before: { when: "before", kind: "status", status: 500 },
  error500After: { when: "after", kind: "status", status: 500 },
  error503Before: { when: "before", kind: "status", status: 503 },
  error503After: { when: "after", kind: "status", status: 503 },
  hangBefore: { when: "before", kind: "hang" },
  hangAfter: { when: "after", kind: "hang" },
  throttled: { when: "before", kind: "status", status: 429, retryAfter: "6" },
};
const UNDONE = ["cutBefore", "error500Before", "error503Before", "hangBefore"];
const ALL = [...Object.keys(TROUBLES), "throttledUntil", "halfway", "lostTwice"];

let emulator: Emulator;
let stack: Stack;

const programOf = (subject: string): string =>
  program(
    ...ALL.map((name) =>
      flow(name, { ...mailing(subject), projectId: name, ...(name === "halfway" ? { status: "active" } : {}) }),
    ),
  );
const arm = (method: string): void => {
  // A command needs some of these seconds to come so far.
  const soon = new Date(Date.now() + 12_000).toUTCString();
  for (const [name, trouble] of Object.entries({
    ...TROUBLES,
    throttledUntil: { when: "before", kind: "status", status: 429, retryAfter: soon } as Trouble,
  })) {
    emulator.fault({ method, path: `/projects/${name}/`, ...trouble });
  }
};
const live = () =>
  Object.fromEntries(
    ALL.map((name) => [
      name,
      emulator.flows(name).map((found) => `${found.status}: ${found.actions[1].config.inputs.email.value.subject}`),
    ]),
  );
const expected = (subject: string) =>
  Object.fromEntries(ALL.map((name) => [name, [`${name === "halfway" ? "active" : "draft"}: ${subject}`]]));
/** What it says in the end of one resource. That the run waits for the rate limit is not about one. */
function told(output: string, name: string): string {
  const [, diagnostics = ""] = output.split("\nDiagnostics:");
  const part = diagnostics
    .split("\nResources:")[0]!
    .split(/\n {2}(?=\S)/)
    .find((about) => about.includes(`(${name}):`));
  const [, ...said] = part?.split("\n").filter((line) => line.trim() !== "" && !WAITS.test(line)) ?? [];
  return said.join("\n");
}
const WAITS = /Waiting \d+ s for PostHog's rate limit/;

beforeAll(async () => {
  emulator = await startEmulator({ projects: ALL.map((id) => ({ id })) });
  stack = await stackFor(emulator, { program: programOf("Welcome"), env: { POSTHOG_REQUEST_TIMEOUT_MS: "4000" } });
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
});

describe("creating", () => {
  it("goes on where the flow was made or the server asked to wait, and fails where it was not made", async () => {
    arm("POST");
    emulator.fault({
      method: "PATCH",
      path: "/projects/halfway/",
      when: "before",
      kind: "status",
      status: 400,
      body: { type: "validation_error", code: "invalid_input", detail: "Not today.", attr: "status" },
    });
    const up = await stack.up(["--continue-on-error"]);
    expect(up.code).not.toBe(0);
    expect(untidy(up.output)).toEqual([]);
    // While it waits, and in the end.
    expect(up.output).toMatch(
      /(?:Stack|HogFlow) \S+ creating \(\d+s\) .*Waiting \d+ s for PostHog's rate limit: it answered 429[^]*\nDiagnostics:[^]*Waiting \d+ s for PostHog's rate limit/,
    );
    for (const name of ALL) {
      const text = told(up.output, name);
      if (UNDONE.includes(name))
        expect(text).toMatch(/has no flow of this resource[^]*Run pulumi up again: it looks before it creates/);
      else if (name === "halfway")
        expect(text).toMatch(
          /its status could not be changed to active: .*Not today\.[^]*The next pulumi up tries again/,
        );
      else expect(text, name).toBe("");
    }
    expect(live()).toEqual({
      ...expected("Welcome"),
      ...Object.fromEntries(UNDONE.map((name) => [name, []])),
      halfway: ["draft: Welcome"],
    });
  });

  it("is finished by the next up, with one flow each and a true state", async () => {
    emulator.clearFaults();
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect(live()).toEqual(expected("Welcome"));
    const refresh = await stack.refresh(["--preview-only", "--expect-no-changes"]);
    expect(refresh.code, refresh.output).toBe(0);
  });
});

describe("updating", () => {
  it("brings the change about in spite of lost answers, and says so where nobody can tell", async () => {
    await stack.writeProgram(programOf("Hello"));
    arm("PUT");
    emulator.fault({ method: "PUT", path: "/projects/lostTwice/", when: "after", kind: "cut" });
    emulator.fault({
      method: "GET",
      path: "/projects/lostTwice/",
      when: "before",
      kind: "status",
      status: 503,
      times: 20,
    });
    emulator.clearRequests();
    const up = await stack.up(["--continue-on-error"]);
    expect(up.code).not.toBe(0);
    expect(untidy(up.output)).toEqual([]);
    expect(told(up.output, "lostTwice")).toMatch(
      /The answer to an update was lost[^]*Run pulumi up again: it first checks whether the update arrived/,
    );
    for (const name of ALL.filter((other) => other !== "lostTwice")) expect(told(up.output, name), name).toBe("");
    expect(live()).toEqual(expected("Hello"));
    // What had arrived was not written again.
    for (const name of ["cutAfter", "error500After", "error503After", "hangAfter"])
      expect(emulator.flows(name)[0].version, name).toBe(2);
  });

  it("is finished by the next up, with a true state", async () => {
    emulator.clearFaults();
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect(live()).toEqual(expected("Hello"));
    expect(emulator.flows("lostTwice")[0].version).toBe(2);
    const refresh = await stack.refresh(["--preview-only", "--expect-no-changes"]);
    expect(refresh.code, refresh.output).toBe(0);
  });
});
