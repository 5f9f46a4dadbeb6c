// One resource that cannot be masked, compared or described does not stop a report: it is named with the reason, and the others are there.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { COMMANDS, GROUPS } from "../../cli/commands";
import { runProgram } from "../../cli/program";
import { startEmulator, type Emulator } from "../../emulator";
import { acceptCode } from "../../operate/drift/accept";
import { findDrift, type ResourceDrift } from "../../operate/drift/drift";
import { driftText } from "../../operate/drift/drift-text";
import { factsFor } from "../../operate/review/facts";
import { kindsIn } from "../../operate/review/kinds";
import { parsePreview, type PreviewedResource } from "../../operate/review/preview";
import { renderReview } from "../../operate/review/render";
import { reviewOf, type Review } from "../../operate/review/review";
import { parseStackExport, type StackResource } from "../../operate/stack-state";
import { canonical } from "../../definition/canonical/canonical";
import { decode, keyed } from "../../definition/canonical/decode";
import type { Dict } from "../../definition/canonical/values";
import { wholeFlow, withOdd, type Json } from "../support/made-up-kinds";

const BAD = "Cannot be described";

// No definition is known that the description stops at, so one is refused by its title.
vi.mock("../../operate/change/describe", async (original) => {
  const real = await original<typeof import("../../operate/change/describe")>();
  return {
    describeChange: (before: Dict, after: Dict, options?: object) => {
      if (after["name"] === BAD) throw new Error("no words for it");
      return real.describeChange(before, after, options);
    },
  };
});

const TYPE = "pulumi-nodejs:dynamic/posthog:HogFlow";
const KEY = "phx_test";

describe("drift", () => {
  let emulator: Emulator;
  let drifts: ResourceDrift[];
  const named = (name: string): ResourceDrift => drifts.find((found) => found.name === name)!;

  beforeAll(async () => {
    emulator = await startEmulator({ keys: [{ key: KEY }] });
    const resources = ["before", "bad", "unmaskable", "after"].map((name): Dict => {
      const { id } = emulator.seed({ ...wholeFlow(), name: name === "bad" ? BAD : name });
      // A kind of a newer PostHog on the way.
      if (name === "after")
        emulator.ui.storeRaw(
          id,
          (live: Json) =>
            void (live.exit_condition = withOdd({ path: ["exit_condition"] }, "next_years_kind").exit_condition),
        );
      const flow = emulator.flows().find((live: Json) => live.id === id);
      const outputs = {
        ...decode(flow),
        status: flow.status,
        host: emulator.url,
        projectId: "1",
        stateVersion: 1,
        version: flow.version,
        updatedAt: flow.updated_at,
        liveStatus: flow.status,
        serverAdditions: {},
      };
      emulator.ui.storeRaw(
        id,
        (live: Json) => void (live.actions.find(({ id }: Json) => id === "pause").config.delay_duration = "5d"),
      );
      return {
        urn: `urn:pulumi:dev::shop::${TYPE}::${name}`,
        type: TYPE,
        id: flow.id,
        inputs: {},
        outputs,
        propertyDependencies: { actions: null },
      };
    });
    const state = parseStackExport(JSON.stringify({ version: 3, deployment: { resources } }));
    // A place of a secret that is no text.
    state.resources.find(({ name }) => name === "unmaskable")!.secretPaths = [
      null,
    ] as unknown as StackResource["secretPaths"];
    drifts = await findDrift(state, {
      settings: { config: {}, env: { POSTHOG_HOST: emulator.url, POSTHOG_PROJECT_ID: "1", POSTHOG_API_KEY: KEY } },
    });
  }, 60_000);
  afterAll(() => emulator?.stop());

  it("compares the others", () => {
    expect(drifts.map(({ name, verdict }) => [name, verdict])).toEqual([
      ["before", "drifted"],
      ["bad", "drifted"],
      ["unmaskable", "unknown"],
      ["after", "drifted"],
    ]);
    for (const name of ["before", "after"]) {
      expect(named(name)).toMatchObject({ change: { steps: [{ id: "pause" }] } });
      expect(named(name)).not.toHaveProperty("error");
    }
  });

  it("says where the one differs that cannot be described, and why it is not", () => {
    expect(named("bad")).toMatchObject({
      fields: [{ path: "actions.pause.config.delayDuration", deployed: "2d", live: "5d" }],
      change: { flow: [], steps: [] },
      error: "no words for it",
    });
    expect(driftText(drifts)).toContain(
      "could not be described: no words for it; it differs at actions.pause.config.delayDuration",
    );
  });

  it("shows nothing of the one that cannot be masked", () => {
    expect(named("unmaskable")).toMatchObject({ deployed: {}, live: {}, fields: [], error: expect.any(String) });
    expect(driftText(drifts)).toMatch(/Flow unmaskable.*\n {2}could not be read: .+/);
  });

  it("names what no code can be written for", () => {
    const unreadable = Object.defineProperty({ ...named("before"), form: "keyed" as const }, "live", {
      get: () => {
        throw new Error("no such side");
      },
    });
    expect(acceptCode(unreadable)).toBe(
      '// HogFlow "before" differs at actions.pause.config.delayDuration, and no code could be written for it: no such side\n',
    );
  });
});

describe("a review", () => {
  const urn = (name: string, type = TYPE): string => `urn:pulumi:dev::shop::${type}::${name}`;
  const flow = (more: Json = {}): Dict => ({
    ...canonical(keyed(wholeFlow())),
    name: "Whole",
    status: "active",
    ...more,
  });
  const changed = (name: string, more: Json = {}): PreviewedResource => ({
    kind: "flow",
    name,
    urn: urn(name),
    fate: "update",
    id: `id-${name}`,
    before: flow({ name: `Title of ${name}` }),
    after: flow({ name: `Title of ${name}`, description: "New" }),
    changedSecrets: [],
    ...more,
  });
  const SCHEDULE = { rrule: "FREQ=DAILY;COUNT=5", startsAt: "2030-01-07T09:00:00Z", timezone: "UTC" };
  const schedule = (name: string, more: Json = {}): PreviewedResource => ({
    kind: "schedule",
    name,
    urn: urn(name, "pulumi-nodejs:dynamic/posthog:HogFlowSchedule"),
    fate: "create",
    after: SCHEDULE,
    changedSecrets: [],
    ...more,
  });
  /** Inputs with one that nobody can read. */
  const unreadable = (inputs: Dict, key: string): Dict =>
    Object.defineProperty({ ...inputs }, key, {
      enumerable: true,
      get: () => {
        throw new Error(`no ${key} <b>here</b>`);
      },
    });
  const reviewed = (...resources: PreviewedResource[]): { review: Review; text: string; failed: string[] } => {
    const review = reviewOf(
      { resources, problems: [], warnings: [], otherChanges: 0 },
      { now: Date.parse("2026-12-01T00:00:00Z") },
    );
    const failed: string[] = [];
    return {
      review,
      text: renderReview(review, { onFailure: ({ name, error }) => failed.push(`${name}: ${error}`) }),
      failed,
    };
  };

  it("shows the others, and says why one flow is not described", () => {
    const { review, text, failed } = reviewed(
      changed("before"),
      changed("bad", { after: flow({ name: BAD }) }),
      changed("after"),
    );
    expect(failed).toEqual(["bad: no words for it"]);
    expect(text).toMatch(
      /^### ⚠️ 3 workflows changed\. 1 flow or schedule could not be described; see below\. People in flight may leave/,
    );
    expect(text).toContain("#### bad\n\n⚠️ This could not be described; read the preview itself: no words for it");
    for (const name of ["before", "after"]) expect(text).toContain(`#### Title of ${name}\n`);
    expect(text.match(/^\*\*Settings\*\*$/gm)).toHaveLength(2);
    // What nobody knows is no reason to let it pass.
    expect(kindsIn(review, ["ejects", "any"])).toEqual(["ejects", "any"]);
  });

  it.each<[string, PreviewedResource]>([
    ["before it", changed("bad", { before: unreadable(flow(), "actions") })],
    ["after it", changed("bad", { after: unreadable(flow(), "actions") })],
    [
      "of a new one",
      changed("bad", { fate: "create", id: undefined, before: undefined, after: unreadable(flow(), "actions") }),
    ],
    [
      "of one that goes",
      changed("bad", { fate: "delete", end: "deleted", after: undefined, before: unreadable(flow(), "actions") }),
    ],
    ["of a replaced one", changed("bad", { fate: "replace", after: unreadable(flow(), "name") })],
    ["of a schedule", schedule("bad", { after: unreadable(SCHEDULE, "rrule") })],
    [
      "of a schedule that changes",
      schedule("bad", { fate: "update", before: SCHEDULE, after: unreadable(SCHEDULE, "variables") }),
    ],
    [
      "that the preview could not hold",
      {
        kind: "flow",
        name: "bad",
        urn: urn("bad"),
        fate: "update",
        changedSecrets: [],
        error: "no inputs <b>here</b>",
      },
    ],
  ])("goes on where nobody can read the inputs %s", async (_, bad) => {
    const { review, text, failed } = reviewed(
      changed("before"),
      schedule("weekly"),
      bad,
      changed("made", { fate: "create", id: undefined, before: undefined }),
      changed("gone", { fate: "delete", end: "deleted", after: undefined }),
      changed("after"),
      schedule("daily"),
    );
    expect(failed).toEqual([expect.stringMatching(/^bad: no \w+ <b>here<\/b>$/)]);
    for (const name of ["before", "made", "gone", "after"]) expect(text).toContain(`#### Title of ${name}\n`);
    for (const name of ["weekly", "daily"]) expect(text).toMatch(new RegExp(`\\*\\*${name}\\*\\*.* is new; it runs`));
    expect(text.split("\n")[0]).toMatch(/^### ⚠️ .* 1 flow or schedule could not be described; see below\./);
    expect(reviewed(bad).text).toMatch(/^### ⚠️ .* 1 flow or schedule could not be described/);
    expect(text).toMatch(/bad(?:\*\*| *\n\n).*could not be described/);
    expect(text).not.toContain("<b>");
    const refuse = async (): Promise<never> => {
      throw new Error("no counts");
    };
    await expect(factsFor(review, { getMetricTotals: refuse, userBlastRadius: refuse })).resolves.toBeDefined();
  });

  it("reads the preview of the others where one is nested too deeply to be masked, and the command fails", async () => {
    const step = (name: string, description: string): string =>
      `{"op":"update","urn":"${urn(name)}","oldState":{"id":"id-${name}","inputs":{"name":"${name}"}},"newState":{"inputs":{"name":"${name}","description":${description}}}}`;
    const preview = `{"steps":[${step("before", '"New"')},${step("deep", `${"[".repeat(20_000)}${"]".repeat(20_000)}`)},${step("after", '"New"')}]}`;
    const { resources } = parsePreview(preview);
    expect(resources.map(({ name, error }) => [name, error !== undefined])).toEqual([
      ["before", false],
      ["deep", true],
      ["after", false],
    ]);
    expect(reviewed(...resources).failed).toEqual([expect.stringMatching(/^deep: ./)]);
    const shown = { out: "", err: "" };
    const stream = (to: "out" | "err") => ({
      isTTY: false,
      columns: 100,
      write: (part: string) => ((shown[to] += part), true),
    });
    const stdin = Object.assign(
      (async function* () {
        yield Buffer.from(preview);
      })(),
      { isTTY: false },
    );
    const code = await runProgram(["review", "-", "--offline"], {
      streams: { stdin, stdout: stream("out"), stderr: stream("err"), env: {} } as never,
      commands: COMMANDS,
      groups: GROUPS,
      signal: new AbortController().signal,
    });
    expect(code).toBe(1);
    for (const name of ["before", "deep", "after"]) expect(shown.out).toContain(`#### ${name}\n`);
    expect(shown.err).toMatch(/^deep could not be described: /m);
  });
});
