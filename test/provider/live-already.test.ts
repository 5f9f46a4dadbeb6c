// What never works is an error, except where PostHog has it just so already: nothing is written for it, so nothing stops there, and preview says it all the same.
import { describe, expect, it } from "vitest";
import type { Dict } from "../../definition/canonical/values";
import { inputsOf, useLifecycle, type Rig } from "./support";

const { rig } = useLifecycle();

/** An e-mail that PostHog's worker never sends: its recipient is a text. */
const flow = (
  it: Rig,
  { subject = "Hi", to = "{{ person.properties.email }}", title = "Welcome", part, step, ...more }: Dict = {},
): Dict =>
  inputsOf(it, {
    name: title,
    actions: {
      trigger_node: {
        type: "trigger",
        name: "Start",
        config: { type: "event", filters: { events: [{ id: "signed up" }] } },
        next: "mail",
      },
      mail: {
        type: "function_email",
        name: "Mail",
        config: {
          messageCategoryType: "transactional",
          inputs: {
            email: {
              templating: "liquid",
              value: {
                from: { integrationId: 7 },
                to,
                subject,
                html: "<p>Hi</p>",
                ...(part === undefined ? {} : { [String(part)]: "Soon" }),
              },
            },
          },
        },
        next: step === undefined ? "exit_node" : "window",
      },
      ...(step === undefined ? {} : { window: step }),
      exit_node: { type: "exit", name: "Exit" },
    },
    ...more,
  });

const AT = "actions.mail.config.inputs.email.value.to";

describe("a step that never works", () => {
  it("is an error in a new flow", async () => {
    const it = rig();
    expect((await it.flow.check({}, flow(it))).failures).toEqual([expect.objectContaining({ property: AT })]);
  });

  it("is a warning where the flow is adopted, and nothing is written", async () => {
    const it = rig();
    const { id } = await it.flow.create(flow(it));
    const adopted = flow(it, { adopt: id });
    const { inputs, failures } = await it.flow.check({}, adopted);
    expect(failures).toEqual([]);
    expect(it.warnings.join("\n")).toMatch(/to\.email.*PostHog already has it like this, so it stops nothing/s);
    const writes = it.emulator.requests.filter(({ method }) => method !== "GET").length;
    expect((await it.flow.create(inputs)).id).toBe(id);
    expect(it.emulator.requests.filter(({ method }) => method !== "GET")).toHaveLength(writes);
  });

  it.each([
    ["a flow without a title", "name", { title: "" }],
    ["a misspelt part of an e-mail", "preheadr", { part: "preheadr" }],
    [
      "a window that nobody gets through",
      "time[0]",
      {
        step: {
          type: "wait_until_time_window",
          name: "Window",
          config: { timezone: "UTC", day: "any", time: ["9am", "10:00"] },
          next: "exit_node",
        },
      },
    ],
  ])("is a warning for %s, too", async (_, at, change) => {
    const it = rig();
    const { id } = await it.flow.create(flow(it, change));
    const { failures } = await it.flow.check({}, flow(it, { ...change, adopt: id }));
    expect(failures).toEqual([]);
    expect(it.warnings.join("\n")).toContain(at);
  });

  it("is an error where the program overwrites what is live", async () => {
    const it = rig();
    const { id, outs } = await it.flow.create(flow(it, { subject: "Other" }));
    expect((await it.flow.check({}, flow(it, { adopt: id, overwriteDrift: outs["updatedAt"] }))).failures).not.toEqual(
      [],
    );
  });

  it("stays a warning while it is as it was, whatever else changes", async () => {
    const it = rig();
    const { outs } = await it.flow.create(flow(it));
    for (const change of [{}, { title: "Hello" }]) {
      it.warnings.length = 0;
      expect((await it.flow.check(outs, flow(it, change))).failures).toEqual([]);
      expect(it.warnings.join("\n")).toContain("PostHog already has it like this");
    }
  });

  it("is an error once it is changed and still does not work, or once people begin to come", async () => {
    const it = rig();
    const { outs } = await it.flow.create(flow(it));
    for (const change of [{ subject: "Hello" }, { status: "active" }])
      expect((await it.flow.check(outs, flow(it, change))).failures).toEqual([
        expect.objectContaining({ property: AT }),
      ]);
  });
});
