// The people and groups of a simulation, and what changes them.
import type { Dict } from "../../definition/canonical/values";
import type { KnownGroup, KnownPerson, SignalEvent } from "../filters/globals";
import type { Person } from "../input/people";

export class People {
  private readonly byDistinctId = new Map<string, KnownPerson>();
  private readonly byId = new Map<string, KnownPerson>();

  add(person: Person, fallback: string): KnownPerson {
    const distinctId = person.distinctId ?? fallback;
    const known: KnownPerson = {
      id: person.id ?? `id-of-${distinctId}`,
      distinctId,
      properties: { ...person.properties },
      ...(person.cohorts ? { cohorts: new Set(person.cohorts) } : {}),
      ...(person.optedOut ? { optedOut: person.optedOut } : {}),
    };
    this.byId.set(known.id, known);
    for (const id of [distinctId, ...(person.distinctIds ?? [])]) this.byDistinctId.set(id, known);
    return known;
  }

  of(distinctId: string): KnownPerson | undefined {
    return this.byDistinctId.get(distinctId);
  }

  withId(id: string | undefined): KnownPerson | undefined {
    return id === undefined ? undefined : this.byId.get(id);
  }

  /** The id becomes one of this person's; the person who had it loses it. */
  attach(distinctId: string, person: KnownPerson): KnownPerson | undefined {
    const before = this.byDistinctId.get(distinctId);
    this.byDistinctId.set(distinctId, person);
    return before === person ? undefined : before;
  }

  /** What an ingested event does to its person: `$set` overwrites, `$set_once` does not. */
  ingest(person: KnownPerson, properties: Dict): void {
    const once = properties["$set_once"];
    const set = properties["$set"];
    if (!isMap(once) && !isMap(set)) return;
    person.properties = { ...(isMap(once) ? once : {}), ...person.properties, ...(isMap(set) ? set : {}) };
  }

  /** Nobody finds the person any more. */
  remove(person: KnownPerson): void {
    this.byId.delete(person.id);
    for (const [id, owner] of this.byDistinctId) if (owner === person) this.byDistinctId.delete(id);
  }

  update(person: KnownPerson, set: Dict, unset: readonly string[]): void {
    const properties = { ...person.properties, ...set };
    for (const key of unset) delete properties[key];
    person.properties = properties;
  }
}

/** The groups of the trigger event, read again at each wake. */
export function groupsOf(
  { groups }: { groups: readonly KnownGroup[] },
  { event }: { event: SignalEvent },
): KnownGroup[] {
  const named = event.properties["$groups"];
  if (!isMap(named)) return [];
  return groups.filter(({ type, key }) => String(named[type]) === key);
}

/** Whether a signal is one of the run's: the same distinct id, or the same person. Updates of a person come without a distinct id. */
export function isOf(
  { event, person }: { event: SignalEvent; person: KnownPerson | undefined },
  run: { event: SignalEvent; personId: string | undefined },
): boolean {
  if (run.event.distinctId !== "" && event.distinctId === run.event.distinctId) return true;
  return person !== undefined && run.personId === person.id;
}

/** Memberships that nobody gave are not known. */
export const cohortsOf = ({ cohorts }: KnownPerson): ReadonlySet<number> | "unknown" => cohorts ?? "unknown";

export const isMap = (value: unknown): value is Dict =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The name that PostHog shows for a person. */
export function displayName({ properties, distinctId }: KnownPerson): string {
  for (const key of ["email", "name", "username"])
    if (typeof properties[key] === "string" && properties[key] !== "") return properties[key];
  return distinctId;
}
