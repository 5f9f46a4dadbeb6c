// States and inputs are read into types once and written as they were: what the engine keeps does not change on the way through.
import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../definition/canonical/values";
import { FLOW_FLAGS, FLOW_OUTPUTS, SCHEDULE_FLAGS, SCHEDULE_OUTPUTS, type FlagRow } from "../../definition/flags";
import {
  encodeCheckedFlow,
  encodeFlowInputs,
  encodeFlowState,
  inCanonicalForm,
  parseFlowInputs,
  parseFlowState,
} from "../../provider/flow/state";
import { encodeScheduleInputs, encodeScheduleState, parseScheduleState } from "../../provider/schedule/state";

const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/posthog:HogFlow::welcome";
const CANDIDATES: readonly unknown[] = ["archive", "2030-01-01T00:00:00.000000Z", "shop/prod", URN, true, 3, ["a"], {}];

/** Properties with a value in every key of these rows, as far as `wanted` says so. */
function filled(
  rows: Readonly<Record<string, { form: FlagRow["form"] }>>,
  wanted: (key: string) => boolean = () => true,
) {
  const keys = Object.keys(rows).filter(wanted);
  return Object.fromEntries(keys.map((key) => [key, CANDIDATES.find((value) => rows[key]!.form.fits(value))]));
}
const isKept =
  (rows: Readonly<Record<string, FlagRow>>, ...how: FlagRow["kept"][]) =>
  (key: string) =>
    how.includes(rows[key]!.kept);

const actions = { trigger_node: { type: "trigger", name: "Start", config: { type: "manual" }, next: "exit" } };
const definition = { name: "Welcome", status: "active", actions };

describe("a flow", () => {
  const inputs = { ...definition, ...filled(FLOW_FLAGS, isKept(FLOW_FLAGS, "state")) };
  const state = { ...inputs, ...filled(FLOW_OUTPUTS), stateVersion: 1 };

  it("has a value of every row's form here", () => {
    for (const properties of [inputs, state]) expect(Object.values(properties)).not.toContain(undefined);
  });

  it("keeps every input and every output that a state has", () => {
    expect(encodeFlowInputs(parseFlowInputs(inputs))).toEqual(inputs);
    expect(encodeFlowState(parseFlowState(state))).toEqual(state);
  });

  it("keeps a pending write under the key that states have always had", () => {
    const attempt = { hash: "abc", version: 4, owner: URN };
    const parsed = parseFlowState({ ...state, attempt });
    expect(parsed.pendingWrite).toEqual(attempt);
    expect(encodeFlowState(parsed)).toEqual({ ...state, attempt });
  });

  it("keeps unknown values, whatever their form", () => {
    const unknown = Object.fromEntries(Object.keys(inputs).map((key) => [key, UNKNOWN]));
    expect(encodeFlowInputs(parseFlowInputs(unknown))).toEqual(unknown);
  });

  it("gives a creation what holds for it, and never a state", () => {
    const creation = filled(FLOW_FLAGS, isKept(FLOW_FLAGS, "creation"));
    const run = filled(FLOW_FLAGS, isKept(FLOW_FLAGS, "check"));
    const parsed = parseFlowInputs({ ...inputs, ...creation, ...run });
    expect(encodeCheckedFlow(parsed)).toEqual({ ...inputs, ...creation });
    expect(encodeFlowState({ ...parsed, answer: {} })).toEqual(inputs);
  });

  it("leaves out null and what has another form", () => {
    expect(
      encodeFlowInputs(parseFlowInputs({ ...definition, description: null, onDelete: "burn", editorOwns: 5 })),
    ).toEqual(definition);
  });

  it("reads the owner of the first states, and keeps a definition that is in canonical form", () => {
    const owner = JSON.stringify(["shop", "dev", "welcome", URN]);
    const parsed = parseFlowState({ ...definition, exitCondition: "exit_on_conversion", owner });
    expect(parsed.owner).toBe(URN);
    expect(encodeFlowInputs(inCanonicalForm(parsed))).toEqual({ ...definition, owner: URN });
  });
});

it("a schedule keeps every input and every output that a state has", () => {
  const content = {
    rrule: "FREQ=DAILY",
    startsAt: "2030-01-01T09:00:00Z",
    timezone: "Europe/Berlin",
    variables: { a: 1 },
  };
  const inputs = { ...content, ...filled(SCHEDULE_FLAGS, isKept(SCHEDULE_FLAGS, "state")), paused: "why" };
  const state = { ...inputs, ...filled(SCHEDULE_OUTPUTS), stateVersion: 1, nextRunAt: null, unfinished: true };
  expect(encodeScheduleInputs(parseScheduleState(inputs))).toEqual(inputs);
  expect(encodeScheduleState(parseScheduleState(state))).toEqual(state);
});
