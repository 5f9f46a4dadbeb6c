// One resource that cannot be masked, compared or described does not stop a report: it is named with the reason, and the others are there.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { acceptCode } from "../../operate/drift/accept";
import { findDrift, type ResourceDrift } from "../../operate/drift/drift";
import { driftText } from "../../operate/drift/drift-text";
import { parseStackExport, type StackResource } from "../../operate/stack-state";
import { decode } from "../../provider/canonical/decode";
import type { Dict } from "../../provider/canonical/values";
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
      if (name === "after") emulator.ui.storeRaw(id, (live: Json) => void (live.exit_condition = withOdd({ path: ["exit_condition"] }, "next_years_kind").exit_condition));
      const flow = emulator.flows().find((live: Json) => live.id === id) as Json;
      const outputs = { ...decode(flow), status: flow.status, host: emulator.url, projectId: "1", stateVersion: 1, version: flow.version, updatedAt: flow.updated_at, liveStatus: flow.status, serverAdditions: {} };
      emulator.ui.storeRaw(id, (live: Json) => void (live.actions.find(({ id }: Json) => id === "pause").config.delay_duration = "5d"));
      return { urn: `urn:pulumi:dev::shop::${TYPE}::${name}`, type: TYPE, id: flow.id, inputs: {}, outputs, propertyDependencies: { actions: null } };
    });
    const state = parseStackExport(JSON.stringify({ version: 3, deployment: { resources } }));
    // A place of a secret that is no text.
    state.resources.find(({ name }) => name === "unmaskable")!.secretPaths = [null] as unknown as StackResource["secretPaths"];
    drifts = await findDrift(state, { settings: { config: {}, env: { POSTHOG_HOST: emulator.url, POSTHOG_PROJECT_ID: "1", POSTHOG_API_KEY: KEY } } });
  }, 60_000);
  afterAll(() => emulator?.stop());

  it("compares the others", () => {
    expect(drifts.map(({ name, verdict }) => [name, verdict])).toEqual([["before", "drifted"], ["bad", "drifted"], ["unmaskable", "unknown"], ["after", "drifted"]]);
    for (const name of ["before", "after"]) {
      expect(named(name)).toMatchObject({ change: { steps: [{ id: "pause" }] } });
      expect(named(name)).not.toHaveProperty("error");
    }
  });

  it("says where the one differs that cannot be described, and why it is not", () => {
    expect(named("bad")).toMatchObject({ fields: [{ path: "actions.pause.config.delayDuration", deployed: "2d", live: "5d" }], change: { flow: [], steps: [] }, error: "no words for it" });
    expect(driftText(drifts)).toContain("could not be described: no words for it; it differs at actions.pause.config.delayDuration");
  });

  it("shows nothing of the one that cannot be masked", () => {
    expect(named("unmaskable")).toMatchObject({ deployed: {}, live: {}, fields: [], error: expect.any(String) });
    expect(driftText(drifts)).toMatch(/Flow unmaskable.*\n {2}could not be read: .+/);
  });

  it("names what no code can be written for", () => {
    const unreadable = Object.defineProperty({ ...named("before"), form: "keyed" as const }, "live", { get: () => { throw new Error("no such side"); } });
    expect(acceptCode(unreadable)).toBe('// HogFlow "before" differs at actions.pause.config.delayDuration, and no code could be written for it: no such side\n');
  });
});
