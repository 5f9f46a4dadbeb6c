// The flows of a project by name: of a program, or of the state of its stack.
import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../definition/canonical/values";
import {
  definitionOf,
  flowsOfState,
  projectFlow,
  unknownProjectFlow,
  type ProjectFlow,
} from "../../operate/project-flows";
import { samplePeople, simulateAll } from "../../operate/simulate-all";
import { parseStackExport } from "../../operate/stack-state";

const FLOW = "pulumi-nodejs:dynamic/posthog:HogFlow";
const SCHEDULE = "pulumi-nodejs:dynamic/posthog:HogFlowSchedule";
const urn = (name: string, type = FLOW): string => `urn:pulumi:dev::shop::${type}::${name}`;
const actions = {
  trigger_node: {
    type: "trigger",
    name: "Start",
    config: { type: "batch", filters: { properties: [] } },
    next: "send",
  },
  send: {
    type: "function_sms",
    name: "Send",
    next: "exit_node",
    config: {
      inputs: {
        to_number: { value: "+15550100" },
        message: { value: "Hello" },
        from_number: { value: "1" },
        twilio_account: { value: 1 },
      },
    },
  },
  exit_node: { type: "exit", name: "Exit" },
};
const flow = (name: string, inputs: object, outputs: object = {}) => ({
  type: FLOW,
  custom: true,
  urn: urn(name),
  id: `id-${name}`,
  inputs: { actions, ...inputs },
  outputs: { actions, ...inputs, ...outputs },
});
const schedule = (name: string, flowId: string, more: object = {}) => ({
  type: SCHEDULE,
  custom: true,
  urn: urn(name, SCHEDULE),
  id: `${flowId}/${name}`,
  inputs: { flowId, rrule: "FREQ=DAILY", startsAt: "2026-11-30T09:00:00", timezone: "UTC", ...more },
  outputs: {},
});

const flows = flowsOfState(
  parseStackExport(
    JSON.stringify({
      version: 3,
      deployment: {
        resources: [
          flow("daily", { name: "Every day", status: "active" }, { liveStatus: "active" }),
          flow("stopped", { status: "active" }, { liveStatus: "archived" }),
          flow("open", {}, { liveStatus: "active" }),
          schedule("mornings", "id-daily"),
          schedule("asleep", "id-daily", { paused: "audience_changed" }),
        ],
      },
    }),
  ),
);

describe("the flows of a state", () => {
  it("have their titles, the schedules that run, and a status only where it is settled", () => {
    expect(flows.map(({ key, name, title, side }) => [key, name, title, side.status, side.schedules.length])).toEqual([
      [urn("daily"), "daily", "Every day", "active", 1],
      [urn("stopped"), "stopped", "stopped", undefined, 0],
      [urn("open"), "open", "open", undefined, 0],
    ]);
  });

  it("make a calendar with made-up people, which says what nobody knows", () => {
    const workspace = { dir: "/nowhere" } as Parameters<typeof samplePeople>[1]["workspace"];
    const { people, folder } = samplePeople(flows, { workspace });
    expect(folder).toBeUndefined();
    const calendar = simulateAll(flows, { people, now: Date.parse("2026-11-30T08:00:00Z") });
    const own = calendar.people.find(({ person }) => person.flows?.includes("daily"))!;
    expect(own.deliveries.filter(({ flow: its }) => its.name === "daily")).toHaveLength(31);
    expect(calendar.assumedStarts.map(({ name }) => name)).toEqual(["stopped", "open"]);
  });
});

describe("a name", () => {
  const twice: ProjectFlow[] = [...flows, { ...flows[0]!, key: urn("other"), name: "other" }];

  it("is that of the resource or the title, and one that several flows have is refused", () => {
    expect(projectFlow(flows, "daily")?.key).toBe(urn("daily"));
    expect(projectFlow(flows, " Every day ")?.key).toBe(urn("daily"));
    expect(projectFlow(flows, "nobody")).toBeUndefined();
    expect(projectFlow(twice, "daily")?.key).toBe(urn("daily"));
    expect(() => projectFlow(twice, "Every day")).toThrow(
      /may mean 2 flows of the program:\n {2}daily {2}“Every day”\n {2}other/,
    );
  });

  it("that no flow has is an error with those that there are", () => {
    expect(unknownProjectFlow([], "x", "no key").message).toContain(
      "The program makes no flows.\nOutside of the program: no key",
    );
    const many = Array.from({ length: 12 }, (_, i) => ({ ...flows[0]!, name: `flow-${i}` }));
    expect(unknownProjectFlow(many, "Every dai", "no key").message).toMatch(
      /… and 2 more\n[^]*Did you mean "Every day"\?$/,
    );
  });
});

it("a definition with a value that decides the way and is not known is refused with its path", () => {
  const [daily] = flows;
  const with_ = (step: object): ProjectFlow => ({
    ...daily!,
    side: { schedules: [], definition: { actions: { ...actions, send: { ...actions.send, ...step } } } },
  });
  expect(() => definitionOf(with_({ next: UNKNOWN }))).toThrow("These values are not known yet: actions.send.next.");
  const { doubts, definition } = definitionOf(with_({ config: { inputs: { message: { value: UNKNOWN } } } }));
  expect(doubts).toEqual(["some of its texts are known only during `pulumi up`"]);
  expect(JSON.stringify(definition)).not.toContain(UNKNOWN);
});
