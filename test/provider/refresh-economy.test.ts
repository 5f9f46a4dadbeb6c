// Reading many flows with few requests (design §5): from the first refresh on, with any parallelism, off for a handful; and pages that shift while they
// are read, because the list is ordered by last change and people edit, lose nothing.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator/index";
import { createClient, createLimiter, type WireFlowRow } from "../../api";
import type { Dict } from "../../definition/canonical/values";
import { FlowReader, type Lookup } from "../../provider/reader";
import { flow as flowJson } from "../emulator/support";
import { FakeClock, inputsOf, useLifecycle, type Rig } from "./support";

const PAGE = 500;
const SINGLES = 3;

/** Does the work for all items, so many at a time, in their order. */
async function inParallel<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  await Promise.all(
    Array.from({ length: Math.min(atOnce, items.length) }, async () => {
      for (const [place, item] of queue) results[place] = await work(item);
    }),
  );
  return results;
}

describe("a refresh", () => {
  const { rig } = useLifecycle();

  async function made(at: Rig, count: number): Promise<[string, Dict][]> {
    return inParallel(
      Array.from({ length: count }, (_, i) => i),
      8,
      async (i) => {
        const { id, outs } = await at.flow.create(inputsOf(at, { name: `flow ${i}`, owner: undefined }));
        return [id, outs];
      },
    );
  }

  it.each([1, 2, 16, 1000])(
    "with %d at once reads three one by one, the others from the list, and what differs or is missing once more",
    async (atOnce) => {
      const at = rig();
      const states = await made(at, 40);
      const edited = [states[10]![0], states[20]![0]];
      const gone = states[30]![0];
      for (const id of edited) at.emulator.ui.edit(id, (flow) => void (flow.name = "edited"));
      at.emulator.ui.remove(gone);
      const before = at.requests().length;
      const read = await inParallel(states, atOnce, ([id, outs]) => at.flow.read(id, outs));
      for (const [i, [id]] of states.entries()) {
        if (id === gone) expect(read[i]!.id).toBe("");
        else expect(read[i]!.inputs!["name"]).toBe(edited.includes(id) ? "edited" : `flow ${i}`);
      }
      const requests = at.requests().slice(before);
      // The flow that is missing from the pages is asked for once, and the project confirms it.
      expect(requests.filter((request) => request === "GET 404")).toHaveLength(1);
      expect(requests.filter((request) => request === "GET 200")).toHaveLength(SINGLES + edited.length);
      expect(requests.filter((request) => request === "GET ?limit 200")).toHaveLength(2);
    },
  );

  it.each([1, 16])("of a handful, %d at once, reads no list", async (atOnce) => {
    const at = rig();
    const states = await made(at, SINGLES);
    const before = at.requests().length;
    await inParallel(states, atOnce, ([id, outs]) => at.flow.read(id, outs));
    expect(at.requests().slice(before)).toEqual(Array(SINGLES).fill("GET 200"));
  });

  it("does not let an edit that was made after the page was read be overwritten", async () => {
    const at = rig();
    const states = await made(at, 5);
    const [id, outs] = states[4]!;
    for (const [other, props] of states.slice(0, 4)) await at.flow.read(other, props);
    at.emulator.ui.edit(id, (flow) => void (flow.name = "edited in the meantime"));
    const { inputs, props } = await at.flow.read(id, outs);
    expect(inputs!["name"]).toBe("flow 4");
    await expect(at.flow.update(id, props!, { ...inputs, name: "from the program" })).rejects.toThrow(
      /edited in the meantime/,
    );
    expect(at.emulator.flow(id).name).toBe("edited in the meantime");
  });

  it.each([1, 16])("of schedules on a flow that is gone, %d at once, asks for the flow once", async (atOnce) => {
    const at = rig();
    const [[flowId]] = (await made(at, 1)) as [[string, Dict]];
    const schedules: { id: string; outs: Dict }[] = [];
    for (const day of ["MO", "TU", "WE"])
      schedules.push(
        await at.schedule.create({
          rrule: `FREQ=WEEKLY;BYDAY=${day}`,
          startsAt: "2040-01-02T09:00:00Z",
          flowId,
          host: at.place.host,
          projectId: at.place.projectId,
        }),
      );
    at.emulator.ui.remove(flowId);
    const before = at.requests().length;
    expect(
      (await inParallel(schedules, atOnce, ({ id, outs }) => at.schedule.read(id, outs))).map(({ id }) => id),
    ).toEqual(["", "", ""]);
    expect(at.requests().slice(before)).toEqual(["GET 404", "GET ?limit 200"]);
  });
});

describe("pages that shift while they are read", () => {
  const FLOWS = 2 * PAGE + 100;
  let emulator: Emulator;
  let ids: string[];

  beforeAll(async () => {
    emulator = await startEmulator();
    ids = [];
    for (let i = 0; i < FLOWS; i += 1) {
      emulator.clock.advance(1);
      ids.push(emulator.ui.create("1", flowJson(undefined, { name: `flow ${i}` })).id);
    }
    // As the list has them: the last one first.
    ids.reverse();
  });
  afterAll(() => emulator.stop());

  /** Reads all flows through a reader of its own. `meanwhile` happens after each page, before the next one. */
  async function readAll(
    wanted: readonly string[],
    meanwhile: (page: number) => void,
  ): Promise<{ found: Map<string, Lookup>; pages: number; singles: number }> {
    let pages = 0;
    let singles = 0;
    const clock = new FakeClock();
    const api = createClient({
      host: emulator.url,
      projectId: "1",
      apiKey: "phx_test",
      clock,
      limiter: createLimiter({ clock, maxConcurrency: 64 }),
      onRequest({ path }) {
        if (path.includes("offset=")) meanwhile((pages += 1));
        else singles += 1;
      },
    });
    const reader = new FlowReader(api, clock);
    const settles = (row: WireFlowRow): boolean => row.name!.startsWith("flow ");
    const found = await inParallel(wanted, 64, async (id) => [id, await reader.find(id, settles)] as const);
    return { found: new Map(found), pages, singles: singles - SINGLES };
  }

  const edit = (id: string): void => {
    emulator.clock.advance(1);
    emulator.ui.edit(id, (flow) => void (flow.description = `${flow.description}.`));
  };
  const order = (): string[] =>
    emulator
      .flows("1")
      .sort((a, b) => (a.updated_at < b.updated_at ? 1 : -1))
      .map(({ id }) => id);
  const kinds = (found: ReadonlyMap<string, Lookup>): Set<string> =>
    new Set([...found.values()].map(({ kind }) => kind));

  it("are read in one pass where nothing shifts", async () => {
    const { found, pages, singles } = await readAll(ids, () => {});
    expect({ pages, singles, found: found.size }).toEqual({ pages: 3, singles: 0, found: FLOWS });
    expect([...kinds(found)].sort()).toEqual(["detail", "row"]);
  });

  it("find a flow that jumped from a page that was not read yet to one that was", async () => {
    const jumper = order()[PAGE + 10]!;
    const { found, pages, singles } = await readAll(ids, (page) => page === 1 && edit(jumper));
    expect(found.get(jumper)!.kind).not.toBe("gone");
    expect([...kinds(found)].sort()).toEqual(["detail", "row"]);
    expect({ pages, singles }).toEqual({ pages: 6, singles: 0 });
  });

  it("find every flow where they never stand still: who is in no page is read by itself", async () => {
    const jumpers = order().slice(-9);
    const { found, pages, singles } = await readAll(ids, (page) => edit(jumpers[page - 1]!));
    expect([...found].filter(([, { kind }]) => kind === "gone")).toEqual([]);
    expect(found.size).toBe(FLOWS);
    expect(pages).toBe(9);
    expect(singles).toBeLessThanOrEqual(jumpers.length);
  });

  it("take a flow for gone that was deleted in between, and no other one", async () => {
    const before = order();
    const deleted = before[5]!;
    const pulledOver = before[PAGE]!;
    const { found } = await readAll(ids, (page) => page === 1 && emulator.ui.remove(deleted));
    expect(found.get(pulledOver)!.kind).toBe("row");
    expect([...found].filter(([, { kind }]) => kind === "gone").map(([id]) => id)).toEqual([deleted]);
    ids = ids.filter((id) => id !== deleted);
  });

  it("do not take a flow for gone that was made after its page was read", async () => {
    let made = "";
    const { found } = await readAll(ids, (page) => {
      if (page === 3) made = emulator.ui.create("1", flowJson(undefined, { name: "flow that is new" })).id;
    });
    expect([...found.values()].some(({ kind }) => kind === "gone")).toBe(false);
    expect(found.size).toBe(ids.length);
    expect(made).not.toBe("");
  });
});
