// People for a project that keeps none: few, named by their properties, and together on every branch that somebody can take.
import { describe, expect, it } from "vitest";
import type { Dict } from "../../definition/canonical/values";
import { calendarOf } from "../../operate/calendar";
import type { FlowSide } from "../../operate/people/flow-side";
import { madeUpPeople } from "../../operate/people/made-up";

const mail = (title: string): Dict => ({
  type: "function_email",
  name: title,
  next: "exit_node",
  config: {
    inputs: {
      email: {
        value: {
          from: { integrationId: 7 },
          to: { email: "{{ person.properties.email }}", name: "" },
          subject: title,
          text: "Text",
          html: "",
        },
      },
    },
  },
});

/** A branch by plan; those on "pro" get one mail, all others another one. */
const branched = (name: string, config: Dict): { key: string; name: string; title: string; side: FlowSide } => ({
  key: name,
  name,
  title: name,
  side: {
    status: "active",
    schedules: [],
    definition: {
      name,
      actions: {
        trigger_node: { type: "trigger", name: "Start", config, next: "plan" },
        plan: {
          type: "conditional_branch",
          name: "Plan?",
          config: {
            conditions: [
              { filters: { properties: [{ key: "plan", value: "pro", operator: "exact", type: "person" }] } },
            ],
          },
          branches: ["pro"],
          next: "free",
        },
        pro: mail("Pro"),
        free: mail("Free"),
        exit_node: { type: "exit", name: "Exit" },
      },
    },
  },
});
const onEvent = (id: string): Dict => ({ type: "event", filters: { events: [{ id }] } });

describe("made-up people", () => {
  it("are as few as take every branch, with names and addresses that go together", () => {
    const flows = [branched("onboarding", onEvent("signup"))];
    const people = madeUpPeople(flows);
    expect(people).toEqual(madeUpPeople(flows));
    expect(people).toHaveLength(2);
    expect(
      people.map(({ name }) => name).filter((name) => /^Made-up person [12] \(plan: "pro"\)$/.test(name)),
    ).toHaveLength(1);
    expect(people.map(({ scenario }) => scenario.person?.properties?.["email"])).toEqual([
      "person-1@example.com",
      "person-2@example.com",
    ]);
    const { people: lanes } = calendarOf(flows, { people });
    expect(lanes.flatMap(({ deliveries }) => deliveries.map(({ title }) => title)).sort()).toEqual(["Free", "Pro"]);
  });

  it("enter every flow that their event starts, but no other batch or webhook than their own", () => {
    const flows = [
      branched("one", onEvent("signup")),
      branched("two", onEvent("signup")),
      branched("everybody", { type: "batch", filters: { properties: [] } }),
    ];
    const people = madeUpPeople(flows);
    expect(people.map(({ flows: theirs }) => theirs)).toContainEqual(["everybody"]);
    const [first] = calendarOf(flows, { people: people.filter((person) => person.flows === undefined) }).people;
    expect(new Set(first!.deliveries.map(({ flow }) => flow.name))).toEqual(new Set(["one", "two", "everybody"]));
  });

  it("are one for each flow of a large stack, and none for a flow that cannot be simulated or runs without a person", () => {
    const many = Array.from({ length: 20 }, (_, i) => branched(`flow-${i}`, onEvent(`event ${i}`)));
    expect(madeUpPeople(many)).toHaveLength(20);
    const broken = { name: "broken", side: { definition: { actions: "none" }, schedules: [] } };
    expect(madeUpPeople([broken, branched("digest", { type: "schedule" })])).toEqual([]);
  });
});
