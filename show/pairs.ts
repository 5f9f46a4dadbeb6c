// The two sides of a change, message by message: the n-th message of a step to a person belongs to the n-th one before.
import type { Delivery, Side } from "./data";

/** A message on each side on which somebody gets it. */
export type DeliveryPair = Partial<Record<Side, Delivery>>;

/** In the order in which they first come, whatever their side. */
export function pairsOf(deliveries: readonly Delivery[]): DeliveryPair[] {
  const pairs = new Map<string, DeliveryPair>();
  const counts = new Map<string, number>();
  for (const delivery of deliveries) {
    const { side, flow, step, person } = delivery;
    const message = JSON.stringify([flow, step, person]);
    const number = (counts.get(side + message) ?? 0) + 1;
    counts.set(side + message, number);
    const pair = pairs.get(`${number} ${message}`) ?? {};
    pairs.set(`${number} ${message}`, pair);
    pair[side] = delivery;
  }
  return [...pairs.values()];
}
