// What `hogflow review --fail-on resumes` stops at, from previews as the engine prints them: the real ones are in test/engine/switched-off.test.ts.
import { expect, it } from "vitest";
import { kindsIn } from "../../operate/review/kinds";
import { parsePreview } from "../../operate/review/preview";
import { reviewOf } from "../../operate/review/review";

const ID = "0198c0de-0000-7000-8000-000000000001";
const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/posthog";
const actions = {
  trigger_node: { type: "trigger", name: "Trigger", config: { type: "event" }, next: "exit_node" },
  exit_node: { type: "exit", name: "Exit" },
};

interface State {
  status?: string;
  liveStatus?: string;
  switchedOff?: string;
}
const flow = ({ liveStatus, ...inputs }: State, name = "Welcome") => ({
  id: ID,
  inputs: { name, actions, ...inputs },
  outputs: { name, actions, ...inputs, liveStatus },
});
/** The kinds of a change of one flow, whose status PostHog has as `live`. */
function kinds(before: State, after: State, { live, first }: { live?: string; first?: State } = {}): string[] {
  const step = (op: string, oldState: object, newState: object) => ({
    op,
    urn: `${URN}:HogFlow::welcome`,
    oldState,
    newState,
  });
  const steps = [
    ...(first ? [step("refresh", flow(first), flow(before))] : []),
    step("update", flow(before), flow(after, "Hello")),
  ];
  const preview = parsePreview(JSON.stringify({ steps, changeSummary: { update: 1 } }));
  return kindsIn(reviewOf(preview, { now: 0, statuses: new Map(live === undefined ? [] : [[ID, live]]) }), [
    "starts",
    "resumes",
  ]);
}

const ACTIVE = { status: "active", liveStatus: "active" };
const NOTED = { status: "draft", liveStatus: "draft", switchedOff: "2026-11-28T09:12:44.691137Z" };

it("is a flow that a refresh found switched off, and that goes live", () => {
  expect(kinds(NOTED, { status: "active" })).toEqual(["starts", "resumes"]);
  expect(kinds(NOTED, { status: "active" }, { live: "draft" })).toEqual(["starts", "resumes"]);
  // Of a preview with --refresh, what the refresh has read counts, and not the state before it.
  expect(kinds(NOTED, { status: "active" }, { first: ACTIVE })).toEqual(["starts", "resumes"]);
});

it("is a flow that PostHog has off although the state has it on", () => {
  expect(kinds(ACTIVE, { status: "active" }, { live: "archived" })).toEqual(["starts", "resumes"]);
});

it("is no draft that goes live by a decision in the program, nor one whose activation failed", () => {
  expect(kinds({ status: "draft", liveStatus: "draft" }, { status: "active" }, { live: "draft" })).toEqual(["starts"]);
  expect(kinds({ status: "active", liveStatus: "draft" }, { status: "active" }, { live: "draft" })).toEqual(["starts"]);
});

it("is no flow that stays off, or on", () => {
  for (const status of ["draft", undefined]) expect(kinds(NOTED, status === undefined ? {} : { status })).toEqual([]);
  expect(kinds(NOTED, { status: "active" }, { live: "active" })).toEqual([]);
});

it("is a schedule that PostHog paused, and that is recreated", () => {
  const schedule = (paused?: string) => ({
    id: `${ID}/1`,
    inputs: { flowId: ID, rrule: "FREQ=DAILY", startsAt: "2040-01-02T09:00:00Z", ...(paused ? { paused } : {}) },
    outputs: {},
  });
  const ofSchedule = (before: object): string[] => {
    const step = { op: "replace", urn: `${URN}:HogFlowSchedule::daily`, oldState: before, newState: schedule() };
    const preview = parsePreview(JSON.stringify({ steps: [step], changeSummary: { replace: 1 } }));
    return kindsIn(reviewOf(preview, { now: 0 }), ["resumes"]);
  };
  expect(ofSchedule(schedule("PostHog paused this schedule"))).toEqual(["resumes"]);
  expect(ofSchedule(schedule())).toEqual([]);
});
