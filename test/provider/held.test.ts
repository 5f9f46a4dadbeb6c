// What one resource of a program manages, no other one takes over: by its id, from what the engine has asked about so far.
import { expect, it } from "vitest";
import type { Dict } from "../../definition/canonical/values";
import { flowLifecycle } from "../../provider/flow/lifecycle";
import { scheduleLifecycle } from "../../provider/schedule/lifecycle";
import { Session } from "../../provider/session";
import { inputsOf, useLifecycle } from "./support";

const { rig } = useLifecycle();
const message = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "it worked",
    (error: Error) => error.message,
  );

it("a flow", async () => {
  const it = rig();
  const { id, outs } = await it.flow.create(inputsOf(it));
  await it.flow.check(outs, inputsOf(it));
  await it.flow.diff(id, outs, inputsOf(it));
  const writes = it.requests().length;
  const other = inputsOf(it, { adopt: id, owner: "urn:pulumi:dev::shop::posthog:HogFlow::other" });
  expect(await message(it.flow.create(other))).toBe(
    `adopt: flow ${id} is managed by another resource of this program. Each would undo what the other does. Remove one of the two from the program.`,
  );
  expect(it.requests()).toHaveLength(writes);
  const { failures } = await it.flow.check({}, other);
  expect(failures.map(({ reason }) => reason).join()).toContain(
    `flow ${id} is managed by another resource of this program`,
  );
  // The same resource, as where it is replaced and retained.
  expect((await it.flow.create(inputsOf(it, { adopt: id }))).id).toBe(id);
});

it("a flow that two resources have in the state: the second one is refused, and neither takes it from the other", async () => {
  const it = rig();
  const { id, outs } = await it.flow.create(inputsOf(it));
  const other = { owner: "urn:pulumi:dev::shop::posthog:HogFlow::other" };
  for (const more of [{}, other]) await it.flow.check({ ...outs, ...more }, inputsOf(it, more));
  await it.flow.diff(id, outs, inputsOf(it));
  expect(await message(it.flow.diff(id, { ...outs, ...other }, inputsOf(it, other)))).toContain(
    `flow ${id} is managed by another resource of this program`,
  );
  // The first one asks again, as after a refresh.
  expect(await message(it.flow.diff(id, outs, inputsOf(it)))).toBe("it worked");
});

it("a flow of a resource that was renamed, which is asked about twice, and that of no resource of the program, as a refresh asks", async () => {
  const it = rig();
  const { id, outs } = await it.flow.create(inputsOf(it));
  const renamed = inputsOf(it, { owner: "urn:pulumi:dev::shop::posthog:HogFlow::renamed" });
  await it.flow.check(outs, renamed);
  for (let times = 0; times < 2; times += 1) expect(await message(it.flow.diff(id, outs, renamed))).toBe("it worked");
  const gone = { owner: "urn:pulumi:dev::shop::posthog:HogFlow::gone" };
  expect(await message(it.flow.diff(id, { ...outs, ...gone }, inputsOf(it, gone)))).toBe("it worked");
});

it("a schedule, whether it is adopted or made once more", async () => {
  const it = rig();
  const flow: Dict = inputsOf(it, {
    actions: {
      trigger_node: { type: "trigger", name: "On schedule", config: { type: "schedule" }, next: "exit_node" },
      exit_node: { type: "exit", name: "Exit" },
    },
  });
  const { id: flowId } = await it.flow.create(flow);
  const args = {
    ...it.place,
    flowId,
    rrule: "FREQ=WEEKLY;BYDAY=MO",
    startsAt: "2030-01-07T09:00:00Z",
    timezone: "UTC",
  };
  const { id, outs } = await it.schedule.create(args);
  // A later run, which has made nothing itself.
  const later = scheduleLifecycle(new Session({ ...it.session.ports }));
  expect(await message(later.create(args))).toMatch(/not managed by this resource.*set adopt/);
  // As a refresh asks, whatever the program says.
  await later.diff(id, outs, args);
  expect(await message(later.create(args))).toMatch(/not managed by this resource.*set adopt/);
  await later.check(outs, args);
  await later.diff(id, outs, args);
  expect(await message(later.create({ ...args, adopt: id }))).toMatch(
    /^adopt: schedule .* is managed by another resource of this program/,
  );
  expect(await message(later.create(args))).toMatch(/^Another resource of this program creates an equal schedule/);
  expect(it.emulator.flow(flowId).schedules).toHaveLength(1);
});

it("a schedule that another resource of the program adopts, too", async () => {
  const it = rig();
  const { id: flowId } = await it.flow.create(
    inputsOf(it, {
      actions: {
        trigger_node: { type: "trigger", name: "On schedule", config: { type: "schedule" }, next: "exit_node" },
        exit_node: { type: "exit", name: "Exit" },
      },
    }),
  );
  const args = {
    ...it.place,
    flowId,
    rrule: "FREQ=WEEKLY;BYDAY=MO",
    startsAt: "2030-01-07T09:00:00Z",
    timezone: "UTC",
  };
  const { id } = await it.schedule.create(args);
  const later = scheduleLifecycle(new Session({ ...it.session.ports }));
  const reasons = async (name: string, adopt: string) =>
    (
      await later.check({}, { ...args, adopt, owner: `urn:pulumi:dev::shop::posthog:HogFlowSchedule::${name}` })
    ).failures
      .map(({ reason }) => reason)
      .join();
  expect(await reasons("a", id)).toBe("");
  expect(await reasons("b", id.split("/")[1]!)).toContain("is managed by another resource of this program");
  expect(await reasons("a", id)).toBe("");
});

it("is not deleted by a resource that leaves the program while another one has the same", async () => {
  const it = rig();
  const clock = {
    actions: {
      trigger_node: { type: "trigger", name: "On schedule", config: { type: "schedule" }, next: "exit_node" },
      exit_node: { type: "exit", name: "Exit" },
    },
  };
  // Without a marker.
  const flow = inputsOf(it, { ...clock, owner: undefined, name: "Kept" });
  const { id: flowId, outs } = await it.flow.create(flow);
  const kept: Dict = {
    ...it.place,
    flowId,
    rrule: "FREQ=WEEKLY;BYDAY=MO",
    startsAt: "2030-01-07T09:00:00Z",
    timezone: "UTC",
    owner: "urn:pulumi:dev::shop::posthog:HogFlowSchedule::kept",
  };
  const made = await it.schedule.create(kept);
  const session = new Session({ ...it.session.ports });
  const [flows, schedules] = [flowLifecycle(session), scheduleLifecycle(session)];
  await flows.check(outs, flow);
  await flows.diff(flowId, outs, flow);
  await schedules.check(made.outs, kept);
  await schedules.diff(made.id, made.outs, kept);
  await schedules.delete(made.id, { ...made.outs, owner: "urn:pulumi:dev::shop::posthog:HogFlowSchedule::gone" });
  expect(it.emulator.schedules(flowId)).toHaveLength(1);
  await flows.delete(flowId, { ...outs, name: "Gone" });
  expect(it.emulator.flow(flowId)).toBeDefined();
});

it("is deleted where it is replaced, also with the owner as states of earlier versions have it", async () => {
  const it = rig();
  const { id, outs } = await it.flow.create(inputsOf(it));
  const before = { ...outs, owner: JSON.stringify(["shop", "dev", "welcome", outs["owner"]]) };
  const later = flowLifecycle(new Session({ ...it.session.ports }));
  await later.check(before, inputsOf(it));
  await later.diff(id, before, inputsOf(it));
  await later.delete(id, before);
  expect(it.emulator.flow(id)).toBeUndefined();
});
