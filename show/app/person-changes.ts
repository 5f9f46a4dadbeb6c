// What a change does to the messages of one person: what is new, what is gone, what moves, and what reads otherwise.
import type { Delivery, ShowData } from "../data";
import { entriesOf, type CalendarDay, type Entry } from "./calendar";
import { dateOfDay, dayOf } from "./dates";
import { grouped } from "./lookup";

type Shows = (delivery: Delivery) => boolean;

/** Each change once, by time: what is on both sides as it is after the change. */
export function changesOf(data: ShowData, person: number, shows?: Shows): Entry[] {
  const after = entriesOf(data, { person, side: "after", shows }).filter(({ fates }) => fates.length > 0);
  const gone = entriesOf(data, { person, side: "before", shows }).filter(({ fates }) => fates.includes("removed"));
  return [...after, ...gone].sort((a, b) => Date.parse(a.delivery.at) - Date.parse(b.delivery.at));
}

/** A day on both sides. */
export interface ComparedDay extends Pick<CalendarDay, "day" | "date"> {
  before: readonly Entry[];
  after: readonly Entry[];
}

/** The days on which something comes on either side. */
export function comparedDays(data: ShowData, person: number, shows?: Shows): ComparedDay[] {
  const [before, after] = (["before", "after"] as const).map((side) =>
    grouped(entriesOf(data, { person, side, shows }), ({ delivery }) => dayOf(data.madeAt, delivery.at)),
  ) as [Map<number, Entry[]>, Map<number, Entry[]>];
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort((a, b) => a - b)
    .map((day) => ({
      day,
      date: dateOfDay(data.madeAt, day),
      before: before.get(day) ?? [],
      after: after.get(day) ?? [],
    }));
}
