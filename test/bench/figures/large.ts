// Flows as large as PostHog takes them: one of 1,000 steps, one of 2 MB, and one with 500 schedules.
import type { Properties } from "../../support/provider-process";
import { interleaved, median, type Context, type Figure, type Row } from "../figure";
import { edited, flowArgs } from "../flows";
import { pairOf, type Pair } from "../stacks";

const CHANGE = 1.15;
const NO_OP = 1.1;
const REFRESH = 1.2;
/** One search of what an interrupted run left, for each process that creates. */
const SEARCH = 1;
const SCHEDULES = 500;
/** Requests a minute: the provider's share of what PostHog allows a key. */
const PER_MINUTE = 456;
const MINUTE_MS = 60_000;
/** A schedule carries no mark, so the flow's list is read again after each half minute in which more are made (design L5). */
const LISTS = 5;
const DAY_MS = 86_400_000;
const FIRST = Date.UTC(2099, 0, 5, 9);

const UP = ["up", "--yes", "--skip-preview"];
const PREVIEW = ["preview", "--expect-no-changes"];
const READ = ["refresh", "--preview-only", "--expect-no-changes"];

/** One command on both stacks, which take turns: times, and the requests of ours. */
async function both(
  pair: Pair,
  round: number,
  args: string[],
  progress: () => void,
): Promise<{ ours: number; floor: number; requests: number }> {
  let requests = 0;
  const works = [pair.ours, pair.floor].map((stack) => async () => {
    progress();
    pair.emulator.clearRequests();
    const { ms } = await pair.run(stack, args);
    if (stack === pair.ours) requests = pair.emulator.requests.length;
    return ms;
  });
  const results = await interleaved(1, round % 2 === 0 ? works : works.reverse());
  const [first, second] = results.map(([ms]) => ms!) as [number, number];
  return round % 2 === 0 ? { ours: first, floor: second, requests } : { ours: second, floor: first, requests };
}

interface Measured {
  name: string;
  limit: number;
  requests: number;
  ours: number[];
  floor: number[];
  got: number[];
}

const rowOf = ({ name, limit, requests, ours, floor, got }: Measured): Row => ({
  name,
  unit: "ms",
  ours,
  floor,
  goal: `≤ ${limit} × floor`,
  limit,
  requests: { ours: median(got), limit: requests },
});

async function lifeOf(name: string, args: Properties, { rounds, progress }: Context): Promise<Row[]> {
  const before = { flows: [args], schedules: [] };
  const after = { flows: [edited(args)], schedules: [] };
  const pair = await pairOf(before, { made: false });
  const life = [
    { what: "create", args: UP, wanted: before, limit: CHANGE, requests: SEARCH + 1 },
    { what: "no-op preview", args: PREVIEW, limit: NO_OP, requests: 0 },
    { what: "update of one text", args: UP, wanted: after, limit: NO_OP, requests: 1 },
    { what: "refresh", args: READ, limit: REFRESH, requests: 1 },
  ];
  const measured = life.map(({ what, limit, requests }): Measured => ({
    name: `${name}, ${what}`,
    limit,
    requests,
    ours: [],
    floor: [],
    got: [],
  }));
  try {
    for (let round = 0; round < rounds(3); round += 1) {
      for (const [i, step] of life.entries()) {
        if (step.wanted) await pair.write(step.wanted);
        const { ours, floor, requests } = await both(pair, round, step.args, () => progress(`${name}, ${step.what}`));
        measured[i]!.ours.push(ours);
        measured[i]!.floor.push(floor);
        measured[i]!.got.push(requests);
      }
      for (const stack of [pair.ours, pair.floor]) await pair.run(stack, ["destroy", "--yes", "--skip-preview"]);
    }
    return measured.map(rowOf);
  } finally {
    await pair.dispose();
  }
}

async function manySchedules({ rounds, progress }: Context): Promise<Row[]> {
  const name = `a flow with ${SCHEDULES} schedules`;
  const schedules = Array.from({ length: SCHEDULES }, (_, i) => ({
    rrule: "FREQ=WEEKLY;BYDAY=MO",
    startsAt: new Date(FIRST + i * DAY_MS).toISOString(),
  }));
  const pair = await pairOf({ flows: [flowArgs(0, { batch: true })], schedules: [schedules] }, { made: false });
  try {
    const creations = SEARCH + 1 + SCHEDULES;
    const waiting = Math.floor((creations - 1) / PER_MINUTE) * MINUTE_MS;
    const requests = creations + LISTS;
    const made = await both(pair, 0, UP, () => progress(`${name}, create`));
    const rows: Row[] = [
      {
        name: `${name}, create`,
        unit: "ms",
        ours: [made.ours],
        floor: [made.floor + waiting],
        goal: `≤ ${CHANGE} × (floor + the rate limit's ${waiting / MINUTE_MS} min)`,
        limit: CHANGE,
        requests: { ours: made.requests, limit: requests },
      },
    ];
    for (const { what, args, limit, most } of [
      { what: "no-op preview", args: PREVIEW, limit: NO_OP, most: 0 },
      { what: "refresh", args: READ, limit: REFRESH, most: 2 },
    ]) {
      const one: Measured = { name: `${name}, ${what}`, limit, requests: most, ours: [], floor: [], got: [] };
      for (let round = 0; round < rounds(3); round += 1) {
        const { ours, floor, requests: got } = await both(pair, round, args, () => progress(one.name));
        one.ours.push(ours);
        one.floor.push(floor);
        one.got.push(got);
      }
      rows.push(rowOf(one));
    }
    return rows;
  } finally {
    await pair.dispose();
  }
}

export const large: Figure = {
  name: "large",
  what: "one flow of 1,000 steps, one of 2 MB, one with 500 schedules: create, no-op, update, refresh",
  async measure(context) {
    return [
      ...(await lifeOf("a flow of 1,000 steps", flowArgs(0, { steps: 1000 }), context)),
      // Five of twenty steps are e-mails.
      ...(await lifeOf("a flow of 2 MB", flowArgs(0, { text: 400_000 }), context)),
      ...(await manySchedules(context)),
    ];
  },
};
