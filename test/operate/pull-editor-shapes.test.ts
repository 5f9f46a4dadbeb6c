// What PostHog's editor writes and nobody means: a pulled program says it in the words of composition, or not at all.
import { afterAll, beforeAll, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { pulledFlow } from "../../operate/pull";
import { hogFlowsRequest } from "../support/hog-flows-request";
import { expectFaithful } from "../support/pulled";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());

const request = (method: string, url: string, body?: unknown): Promise<any> =>
  hogFlowsRequest(emulator.url, method, url, body);

const isSet = { key: "email", value: "is_set", operator: "is_set", type: "person" };
const isNotSet = { key: "paid", value: "is_not_set", operator: "is_not_set", type: "person" };

/** A program of a flow with these parts. */
async function pulled(trigger: object, more: object = {}): Promise<string> {
  const actions = [
    { id: "trigger_node", name: "Event", type: "trigger", config: trigger },
    {
      id: "hello",
      name: "Hello",
      type: "function_email",
      filters: { properties: [isNotSet] },
      config: {
        template_id: "template-email",
        inputs: {
          email: {
            templating: "liquid",
            value: {
              from: { integrationId: 7 },
              to: { email: "{{ person.properties.email }}", name: "" },
              subject: "Hi",
              html: "<p>Hi {{ unsubscribe_url }}</p>",
            },
          },
        },
      },
    },
    { id: "exit_node", name: "Exit", type: "exit", config: {} },
  ];
  const edges = actions.slice(1).map(({ id }, i) => ({ from: actions[i]!.id, to: id, type: "continue" }));
  const { id } = await request("POST", "", { name: "Editor", actions, edges, ...more });
  const flow = await request("GET", `${id}/`);
  const program = pulledFlow(flow);
  expect([program.form, program.why]).toEqual(["composition", undefined]);
  expectFaithful(flow, program);
  return program.files[0]!.text;
}

const onEvent = (properties: object[]) => ({
  type: "event",
  filters: { source: "events", events: [{ id: "a", name: "a", type: "events", order: 0, properties }], properties },
});

it("writes tests without a value as such, whatever value the editor gave them", async () => {
  const text = await pulled(onEvent([isSet]), { conversion: { filters: [isSet], window: "3d" } });
  expect(text).not.toContain("is_set");
  expect(text).toContain('on.event(event("a", person("email").isSet()), {');
  expect(text).toContain('where: person("email").isSet()');
  expect(text).toContain('conversion: { filters: person("email").isSet(), window: "3d" }');
  expect(text).toContain('filters: person("paid").isNotSet()');
});

it("keeps the value in an audience, whose text decides whether schedules are paused", async () => {
  expect(await pulled({ type: "batch", filters: { properties: [isSet] } })).toContain(
    'propertyFilter({ key: "email", value: "is_set", operator: "is_set", type: "person" })',
  );
});

it("keeps another value, which somebody may have meant", async () => {
  expect(await pulled(onEvent([{ ...isSet, value: ["a", "b"] }]))).toContain('value: ["a", "b"]');
});

it("writes variables that are dictionaries", async () => {
  const variables = [{ key: "prefs", type: "dictionary", label: "Preferences", default: "" }];
  expect(await pulled(onEvent([]), { variables })).toContain(
    'variables({ prefs: { type: "dictionary", label: "Preferences", default: "" } })',
  );
});

it("writes relative dates of an audience, and keeps those that PostHog fixes as they are", async () => {
  const seen = { key: "last_seen", value: "-30d", operator: "is_date_before", type: "person" };
  expect(await pulled({ type: "batch", filters: { properties: [seen] } })).toContain(
    'on.batch(person("last_seen").before("-30d"), ',
  );
  expect(await pulled(onEvent([seen]))).toContain('propertyFilter({ key: "last_seen", value: "-30d"');
});
