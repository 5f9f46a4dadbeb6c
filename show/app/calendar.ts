// The calendar of one person: days in weeks from Monday to Sunday, each with what comes on it. Weeks in which nothing comes are one gap.
import type { Collision, Delivery, Mark, ShowData, Side } from "../data";
import { dateOfDay, dayOf } from "./dates";
import { pairsOf } from "../pairs";
import { grouped, lookupIn } from "./lookup";

/** A message in a calendar. */
export interface Entry {
  delivery: Delivery;
  /** What a change does to it; nothing where nothing is compared. */
  fates: readonly (Mark | "moved")[];
  /** Of what moved or reads otherwise: what it is on the other side. */
  other?: Delivery;
  /** Too close to others. */
  collides: readonly Collision["kind"][];
}

export interface CalendarDay {
  /** From 0, the day on which the page was made. */
  day: number;
  date: Date;
  entries: readonly Entry[];
}

export type CalendarWeek = { days: readonly CalendarDay[] } | { daysWithout: number; from: Date; to: Date };

export interface CalendarOptions {
  person: number;
  side: Side;
  /** Which to show. Default: all. */
  shows?: (delivery: Delivery) => boolean;
}

/** What a person gets on one side, by time. */
export function entriesOf(data: ShowData, { person, side, shows = () => true }: CalendarOptions): Entry[] {
  const collisions = new Map<Delivery, Collision["kind"][]>();
  for (const collision of data.collisions) {
    if (collision.person !== person || collision.side !== side) continue;
    for (const index of collision.deliveries) {
      const delivery = data.deliveries[index]!;
      collisions.set(delivery, [...(collisions.get(delivery) ?? []), collision.kind]);
    }
  }
  const changes = data.change === undefined ? undefined : changesFor(data, person);
  return lookupIn(data)
    .deliveries(person, side)
    .filter(shows)
    .map((delivery) => ({
      delivery,
      collides: collisions.get(delivery) ?? [],
      fates: [],
      ...changes?.get(delivery),
    }));
}

/** The weeks from day 0 to the last message. */
export function weeksOf(madeAt: string, entries: readonly Entry[]): CalendarWeek[] {
  const byDay = grouped(entries, ({ delivery }) => dayOf(madeAt, delivery.at));
  if (byDay.size === 0) return [];
  const weekOf = (day: number): number => Math.floor((day + daysSinceMonday(madeAt)) / 7);
  const first = weekOf(Math.min(0, ...byDay.keys()));
  const full = [...new Set([...byDay.keys()].map(weekOf))].sort((a, b) => a - b);
  const mondayOf = (week: number): number => week * 7 - daysSinceMonday(madeAt);
  const weeks: CalendarWeek[] = [];
  let next = first;
  for (const week of full) {
    if (week > next) {
      const [from, to] = [Math.max(mondayOf(next), 0), mondayOf(week) - 1];
      weeks.push({ daysWithout: to - from + 1, from: dateOfDay(madeAt, from), to: dateOfDay(madeAt, to) });
    }
    const days = Array.from({ length: 7 }, (_, i): CalendarDay => {
      const day = mondayOf(week) + i;
      return { day, date: dateOfDay(madeAt, day), entries: byDay.get(day) ?? [] };
    });
    weeks.push({ days });
    next = week + 1;
  }
  return weeks;
}

const daysSinceMonday = (madeAt: string): number => (new Date(madeAt).getUTCDay() + 6) % 7;

type Change = Pick<Entry, "fates" | "other">;

const changes = new WeakMap<ShowData, Map<number, Map<Delivery, Change>>>();

/**
 * What a change does to each message of a person, on both sides. A message is paired with the one of the same step that comes as often before it: `moved` is one
 * that comes on another minute, `changed` one that reads otherwise, `added` and `removed` one that has no other.
 */
function changesFor(data: ShowData, person: number): Map<Delivery, Change> {
  const known = changes.get(data) ?? new Map<number, Map<Delivery, Change>>();
  changes.set(data, known);
  const made = known.get(person) ?? pairChanges(data, person);
  known.set(person, made);
  return made;
}

function pairChanges(data: ShowData, person: number): Map<Delivery, Change> {
  const { deliveries } = lookupIn(data);
  const result = new Map<Delivery, Change>();
  for (const { before, after } of pairsOf([...deliveries(person, "before"), ...deliveries(person, "after")])) {
    if (before === undefined) result.set(after!, { fates: ["added"] });
    else if (after === undefined) result.set(before, { fates: ["removed"] });
    else {
      const fates: Entry["fates"] = [
        ...(minuteOf(before) === minuteOf(after) ? [] : ["moved" as const]),
        ...(before.content === after.content && before.to === after.to ? [] : ["changed" as const]),
      ];
      if (fates.length === 0) continue;
      result.set(after, { fates, other: before });
      result.set(before, { fates, other: after });
    }
  }
  return result;
}

const minuteOf = ({ at }: Delivery): number => Math.floor(Date.parse(at) / 60_000);
