// What sections look up in the data: flows by name, deliveries and runs by person. Made once for each data, on first use.
import type { Delivery, ShowData, ShownFlow, ShownPerson, ShownStep, Side } from "../data";

export interface Lookup {
  flow(name: string): ShownFlow | undefined;
  person(name: string): ShownPerson | undefined;
  /** Of one person and side, by time. */
  deliveries(person: number, side: Side): readonly Delivery[];
  /** Of one step on both sides, by time. */
  deliveriesOfStep(flow: string, step: string): readonly Delivery[];
}

const made = new WeakMap<ShowData, Lookup>();

export function lookupIn(data: ShowData): Lookup {
  const known = made.get(data);
  if (known !== undefined) return known;
  const lookup = makeLookup(data);
  made.set(data, lookup);
  return lookup;
}

/** The steps of a flow, and behind them those that a change removes. */
export function stepsOf({ before, after }: ShownFlow): ShownStep[] {
  const steps = after?.steps ?? [];
  const ids = new Set(steps.map(({ id }) => id));
  return [...steps, ...(before?.steps ?? []).filter(({ id }) => !ids.has(id))];
}

/** A step on the side after, or before where the change removes it. */
export const stepOf = (flow: ShownFlow | undefined, id: string): ShownStep | undefined =>
  flow?.after?.steps.find((step) => step.id === id) ?? flow?.before?.steps.find((step) => step.id === id);

function makeLookup(data: ShowData): Lookup {
  const flows = new Map(data.flows.map((flow) => [flow.name, flow]));
  const people = new Map(data.people.map((person) => [person.name, person]));
  const byPerson = grouped(data.deliveries, ({ person, side }) => `${person} ${side}`);
  const byStep = grouped(data.deliveries, ({ flow, step }) => JSON.stringify([flow, step]));
  return {
    flow: (name) => flows.get(name),
    person: (name) => people.get(name),
    deliveries: (person, side) => byPerson.get(`${person} ${side}`) ?? [],
    deliveriesOfStep: (flow, step) => byStep.get(JSON.stringify([flow, step])) ?? [],
  };
}

export function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
