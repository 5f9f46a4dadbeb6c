// Inputs, states and live flows that are nested thousands of levels deep: each ends at the flow that has them, with words about it, and never in an
// overflow of the stack.
import { expect, it } from "vitest";
import type { Dict } from "../../definition/canonical/values";
import { deepFlow, nested } from "../support/nesting";
import { inputsOf, useLifecycle, type Rig } from "./support";

const lifecycle = useLifecycle();
const FLOW_ID = "0198c0de-0000-7000-8000-000000000001";

/** A flow with a webhook whose body is nested so deep. */
function calling(rig: Rig, levels: number): Dict {
  const inputs = inputsOf(rig) as { actions: Dict };
  return {
    ...inputs,
    actions: {
      trigger_node: { ...(inputs.actions["trigger_node"] as Dict), next: "call" },
      call: {
        type: "function",
        name: "Call",
        next: "exit_node",
        config: {
          templateId: "template-webhook",
          inputs: { url: { value: "https://hooks.example.com/a" }, body: { value: nested(levels) } },
        },
      },
      exit_node: inputs.actions["exit_node"],
    },
  };
}

it.each([250, 5_000, 50_000])("answers inputs that are nested %i levels deep with a finding", async (levels) => {
  const rig = lifecycle.rig();
  const { failures } = await rig.flow.check({}, calling(rig, levels));
  expect(failures).toEqual([
    {
      property: expect.stringMatching(/^actions\.call\.config\.inputs\.body\.value/),
      reason: expect.stringMatching(/^is nested more than 200 levels deep, .* \[program\]$/),
    },
  ]);
  const schedule = await rig.schedule.check(
    {},
    { ...rig.place, flowId: FLOW_ID, rrule: "FREQ=DAILY", variables: { a: nested(levels) } },
  );
  expect(schedule.failures).toEqual([
    {
      property: expect.stringMatching(/^variables\.a/),
      reason: expect.stringContaining("nested more than 200 levels deep"),
    },
  ]);
});

it.each([5_000, 50_000])("says of a state that is nested %i levels deep what to do with it", async (levels) => {
  const rig = lifecycle.rig();
  const deep = calling(rig, levels);
  const flat = calling(rig, 3);
  const words =
    /^The state of this resource cannot be read: actions\.call\.config\.inputs\.body\.value.* is nested more than 1000 levels deep\. .*pulumi state delete/;
  await expect(rig.flow.check(deep, flat)).rejects.toThrow(words);
  await expect(rig.flow.diff(FLOW_ID, deep, flat)).rejects.toThrow(words);
  await expect(rig.flow.update(FLOW_ID, deep, flat)).rejects.toThrow(words);
  await expect(rig.flow.read(FLOW_ID, deep)).rejects.toThrow(words);
  await expect(rig.flow.delete(FLOW_ID, deep)).rejects.toThrow(words);
  for (const act of [
    () => rig.flow.create(deep),
    () => rig.flow.update(FLOW_ID, flat, deep),
    () => rig.flow.diff(FLOW_ID, flat, deep),
  ]) {
    await expect(act()).rejects.toThrow(
      /^The input of this resource cannot be read: .*nested more than 1000 levels deep/,
    );
  }
  expect(rig.requests()).toEqual([]);
});

it("reads, compares and refreshes flows that PostHog has a few hundred levels deep", async () => {
  const rig = lifecycle.rig();
  const { id } = rig.emulator.seed(deepFlow("Deep", 900), rig.place.projectId);
  const { props, inputs } = await rig.flow.read(id, { ...rig.place });
  expect((await rig.flow.read(id, props!)).props).toEqual(props);
  expect(await rig.flow.diff(id, props!, inputs!)).toEqual({ changes: false });
});

it("leaves a flow that is too deep to read to itself: others are created, refreshed and found by the list", async () => {
  const rig = lifecycle.rig();
  const deep = rig.emulator.seed(deepFlow("Deep", 1_200), rig.place.projectId);
  const ids: string[] = [];
  for (const name of ["a", "b", "c", "d", "e"]) {
    const { inputs } = await rig.flow.check({}, { ...inputsOf(rig), name, owner: `${rig.place.owner}-${name}` });
    const { id, outs } = await rig.flow.create(inputs);
    ids.push(id);
    expect((await rig.flow.read(id, outs)).id).toBe(id);
  }
  await expect(rig.flow.read(deep.id, { ...inputsOf(rig) })).rejects.toThrow("nested more than 1000 deep");
});
