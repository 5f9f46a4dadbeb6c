// What earlier versions wrote and PostHog's worker never ran shows one honest change: the ordinary difference, and one warning for each kind of step.
import { expect, it } from "vitest";
import type { Dict } from "../../definition/canonical/values";
import { inputsOf, useLifecycle, type Rig } from "./support";

const { rig } = useLifecycle();

const mail = (value: Dict, more: Dict = {}): Dict => ({
  type: "function_email",
  name: "Mail",
  config: {
    inputs: { email: { templating: "liquid", value: { from: { integrationId: 7 }, subject: "Hi", ...value } } },
  },
  ...more,
});
const push = (inputs: Dict): Dict => ({
  type: "function_push",
  name: "Push",
  config: {
    inputs: {
      channels: { value: [3] },
      distinctId: { value: "{{ person.distinct_id }}", templating: "liquid" },
      title: { value: "Hi", templating: "liquid" },
      ...inputs,
    },
  },
});
const OLD_MAIL = { to: "{{ person.properties.email }}", text: "Hello" };
const NEW_MAIL = { to: { email: "{{ person.properties.email }}", name: "" }, text: "Hello", html: "" };
const BODY = { body: { value: "", templating: "liquid" } };

const flow = (it: Rig, { trigger = {}, steps }: { trigger?: Dict; steps: Dict[] }, more: Dict = {}): Dict =>
  inputsOf(it, {
    actions: {
      trigger_node: {
        type: "trigger",
        name: "Start",
        config: {
          type: "webhook",
          inputs: {
            event: { value: "$workflow_triggered" },
            distinct_id: { value: "{request.body.user_id}" },
            ...trigger,
          },
        },
        next: "step_0",
      },
      ...Object.fromEntries(
        steps.map((step, i) => [`step_${i}`, { ...step, next: i + 1 < steps.length ? `step_${i + 1}` : "exit_node" }]),
      ),
      exit_node: { type: "exit", name: "Exit" },
    },
    ...more,
  });

const repairs = (it: Rig): string[] => it.warnings.filter((text) => text.includes("[repaired]"));

it("each kind of step is named once, with why nothing has happened so far", async () => {
  const it = rig();
  // As a state of an earlier version has it: a check of today would refuse it.
  const old = flow(it, { steps: [mail(OLD_MAIL), mail(OLD_MAIL), push({})] });
  const { outs } = await it.flow.create(old);
  const { inputs, failures } = await it.flow.check(
    outs,
    flow(it, { trigger: { method: { value: "POST" } }, steps: [mail(NEW_MAIL), mail(NEW_MAIL), push(BODY)] }),
  );
  expect(failures).toEqual([]);
  expect((await it.flow.diff("", outs, inputs)).changes).not.toBe(false);
  const found = repairs(it);
  expect(found).toHaveLength(3);
  expect(found.join("\n")).toMatch(/these e-mails were never sent: step_0, step_1; this update fixes that/);
  expect(found.join("\n")).toContain("The worker reads the recipient from `to.email`");
  expect(found.join("\n")).toContain("this push was never sent; this update fixes that");
  expect(found.join("\n")).toContain("this trigger has refused every request; this update fixes that");
  expect(found.join("\n")).toContain("405");
});

it("nothing is said where nothing is repaired, or everything ran before", async () => {
  const it = rig();
  const good = { trigger: { method: { value: "POST" } }, steps: [mail(NEW_MAIL), push(BODY)] };
  const { outs } = await it.flow.create(flow(it, good));
  await it.flow.check(outs, flow(it, { ...good, steps: [mail({ ...NEW_MAIL, subject: "Other" }), push(BODY)] }));
  await it.flow.check({}, flow(it, good));
  // The other way round it is a rule of its own.
  await it.flow.check(outs, flow(it, { ...good, steps: [mail(OLD_MAIL), push(BODY)] }));
  expect(repairs(it)).toEqual([]);
});

it("once it is written, there is nothing more to say", async () => {
  const it = rig();
  const { id, outs } = await it.flow.create(flow(it, { steps: [mail(OLD_MAIL)] }));
  const good = flow(it, { trigger: { method: { value: "POST" } }, steps: [mail(NEW_MAIL)] });
  const { outs: updated } = await it.flow.update(id, outs, (await it.flow.check(outs, good)).inputs);
  it.warnings.length = 0;
  const { inputs } = await it.flow.check(updated, good);
  expect(repairs(it)).toEqual([]);
  expect(await it.flow.diff(id, updated, inputs)).toMatchObject({ changes: false });
});
