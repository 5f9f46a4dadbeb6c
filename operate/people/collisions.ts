// Messages that come too close together or too often, for one person.
import { HOUR_MS, WEEK_MS } from "../../definition/lengths";
import type { Sent } from "./deliveries";

/** E-mails to one person that come too close together, or too often. */
export interface Collision {
  /** `close`: each within an hour of the one before. `week`: among them are more in some seven days than the limit. */
  kind: "close" | "week";
  /** Indexes in the person's deliveries, by time. */
  deliveries: number[];
  /** The most e-mails within an hour, or within seven days. */
  most: number;
}

type Comparable = Pick<Sent, "kind" | "to" | "sinceDayZero"> & { isAssumed: boolean; flow: { key: string } };

/**
 * Collisions of e-mails that the person gets: those to somebody else do not count, nor do messages of other kinds. Where a start is only assumed, nobody knows
 * how its day relates to other flows, so those e-mails are compared with those of the same flow alone.
 *
 * @param deliveries By time.
 * @param perWeek Most e-mails in seven days.
 */
export function collisionsIn(deliveries: readonly Comparable[], perWeek: number): Collision[] {
  const groups = new Map<string, number[]>();
  for (const [i, { kind, to, isAssumed, flow }] of deliveries.entries()) {
    if (kind !== "e-mail" || to !== undefined) continue;
    const group = isAssumed ? flow.key : "";
    groups.set(group, [...(groups.get(group) ?? []), i]);
  }
  const timeOf = (i: number): number => deliveries[i]!.sinceDayZero;
  return [...groups.values()]
    .flatMap((mails) => [
      ...crowds(mails, { timeOf, span: HOUR_MS, most: 1 }).map((crowd) => ({ kind: "close" as const, ...crowd })),
      ...crowds(mails, { timeOf, span: WEEK_MS - 1, most: perWeek }).map((crowd) => ({
        kind: "week" as const,
        ...crowd,
      })),
    ])
    .sort((a, b) => a.deliveries[0]! - b.deliveries[0]!);
}

/** Runs of items of which more than `most` lie within the span; those that share an item are one. */
function crowds(
  items: readonly number[],
  { timeOf, span, most }: { timeOf: (item: number) => number; span: number; most: number },
): Pick<Collision, "deliveries" | "most">[] {
  const found: { from: number; to: number; most: number }[] = [];
  let from = 0;
  for (let to = 0; to < items.length; to += 1) {
    while (timeOf(items[to]!) - timeOf(items[from]!) > span) from += 1;
    const count = to - from + 1;
    if (count <= most) continue;
    const last = found.at(-1);
    if (last && last.to >= from) Object.assign(last, { to, most: Math.max(last.most, count) });
    else found.push({ from, to, most: count });
  }
  return found.map(({ from: first, to, most: count }) => ({ deliveries: items.slice(first, to + 1), most: count }));
}
