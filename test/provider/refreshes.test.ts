// What one process remembers of its reads: within a refresh as much as saves requests, from one refresh to the next nothing. A provider that lives
// for long serves many of them in the same minute.
import { expect, it } from "vitest";
import type { Dict } from "../../definition/canonical/values";
import { inputsOf, useLifecycle, type Rig } from "./support";

const { rig } = useLifecycle();
const FLOWS = 6;

/** Flows in state: their outputs by id. */
async function made(at: Rig): Promise<Map<string, Dict>> {
  const states = new Map<string, Dict>();
  for (let i = 0; i < FLOWS; i += 1) {
    const { id, outs } = await at.flow.create(inputsOf(at, { name: `flow ${i}`, owner: undefined }));
    states.set(id, outs);
  }
  return states;
}

const refresh = async (at: Rig, states: ReadonlyMap<string, Dict>): Promise<unknown[]> => {
  const reads = await Promise.all([...states].map(([id, outs]) => at.flow.read(id, outs)));
  return reads.map(({ inputs }) => inputs?.["name"]);
};

it("a refresh reads three flows one by one and the others from the list", async () => {
  const at = rig();
  const states = await made(at);
  const before = at.requests().length;
  await refresh(at, states);
  expect(at.requests().slice(before).sort()).toEqual(["GET 200", "GET 200", "GET 200", "GET ?limit 200"]);
});

it("the next refresh sees an edit that was made after the first one, whether a row or a detail was read of it, and costs no more", async () => {
  const at = rig();
  const states = await made(at);
  const names = [...states.keys()].map((_, i) => `flow ${i}`);
  expect(await refresh(at, states)).toEqual(names);
  const [first, , , , , last] = states.keys();
  for (const id of [first!, last!]) at.emulator.ui.edit(id, (flow) => void (flow.name = "edited"));
  const before = at.requests().length;
  expect(await refresh(at, states)).toEqual(["edited", ...names.slice(1, -1), "edited"]);
  // One detail more, which confirms what the row of the last one shows.
  expect(at.requests().slice(before).sort()).toEqual(["GET 200", "GET 200", "GET 200", "GET 200", "GET ?limit 200"]);
});

it("the next refresh sees what became of a schedule, and two schedules of a flow share one read", async () => {
  const at = rig();
  const { id: flowId } = await at.flow.create(inputsOf(at, { owner: undefined }));
  const place = { flowId, host: at.place.host, projectId: at.place.projectId };
  const schedules: { id: string; outs: Dict }[] = [];
  for (const day of ["MO", "TU"])
    schedules.push(
      await at.schedule.create({ rrule: `FREQ=WEEKLY;BYDAY=${day}`, startsAt: "2040-01-02T09:00:00Z", ...place }),
    );
  const rules = async (): Promise<unknown[]> =>
    (await Promise.all(schedules.map(({ id, outs }) => at.schedule.read(id, outs)))).map(
      ({ inputs }) => inputs?.["rrule"],
    );
  const before = at.requests().length;
  expect(await rules()).toEqual(["FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=TU"]);
  expect(at.requests().slice(before)).toEqual(["GET 200"]);
  at.emulator.ui.schedule.edit(flowId, schedules[1]!.id.split("/")[1]!, { rrule: "FREQ=DAILY" });
  expect(await rules()).toEqual(["FREQ=WEEKLY;BYDAY=MO", "FREQ=DAILY"]);
  expect(at.requests().slice(before)).toEqual(["GET 200", "GET 200"]);
});

it("a list serves for a minute, and then is read again", async () => {
  const at = rig();
  const states = [...(await made(at))];
  const read = async (...which: number[]): Promise<unknown[]> =>
    (await Promise.all(which.map((i) => at.flow.read(states[i]![0], states[i]![1])))).map(
      ({ inputs }) => inputs?.["name"],
    );
  await read(0, 1, 2, 3);
  at.emulator.ui.edit(states[5]![0], (flow) => void (flow.name = "edited"));
  const before = at.requests().length;
  at.clock.time += 59_000;
  expect(await read(4)).toEqual(["flow 4"]);
  expect(at.requests().slice(before)).toEqual([]);
  at.clock.time += 2_000;
  expect(await read(5)).toEqual(["edited"]);
  expect(at.requests().slice(before).sort()).toEqual(["GET 200", "GET ?limit 200"]);
});
