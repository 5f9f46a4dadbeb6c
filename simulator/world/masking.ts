// Whether the same person may start the flow again (run time §1.5).
import { isDict, type Dict } from "../../definition/canonical/values";
import type { KnownPerson, SignalEvent } from "../filters/globals";
import { compileHogTemplate, evaluate, HogRefused } from "../hog/evaluate";
import { displayName } from "./people";
import type { World } from "./state";

const THREE_YEARS = 94_608_000;

/** Whether this hit is held back. Every hit counts, also one that is held back. */
export function isMasked(world: World, event: SignalEvent, person: KnownPerson | undefined): boolean {
  const masking = world.live.model.definition.triggerMasking;
  if (!masking?.hash) return false;
  const globals: Dict = {
    event: {
      uuid: event.uuid,
      event: event.event,
      distinct_id: event.distinctId,
      properties: event.properties,
      timestamp: event.timestamp,
    },
    person: person
      ? { id: person.id, properties: person.properties, name: displayName(person), distinct_id: person.distinctId }
      : null,
  };
  const hash = hashOf(world, masking.hash, globals);
  if (!hash) return false;
  if (world.scenario.maskingStoreDown) return true;
  const ttl = Math.min(Math.max(masking.ttl ?? THREE_YEARS, 1), THREE_YEARS) * 1000;
  const key = textOf(hash);
  const known = world.maskingCounters.get(key);
  // The window starts with its first hit and is never extended.
  const counter = known && world.now < known.expires ? known : { expires: world.now + ttl, hits: 0 };
  counter.hits += 1;
  world.maskingCounters.set(key, counter);
  return masking.threshold ? (counter.hits - 1) % masking.threshold !== 0 : counter.hits > 1;
}

/** As JavaScript writes what Hog's machine yields: every map is the same text, so that a hash that is one counts everybody together. */
function textOf(hash: unknown): string {
  if (Array.isArray(hash))
    return (hash as unknown[]).map((item) => (item === null || item === undefined ? "" : textOf(item))).join(",");
  return isDict(hash) ? "[object Map]" : String(hash);
}

function hashOf(world: World, text: string, globals: Dict): unknown {
  try {
    const result = evaluate(compileHogTemplate(text), globals, { now: world.now, random: world.random });
    // A hash that fails masks nobody.
    return result.ok ? result.value : undefined;
  } catch (error) {
    if (!(error instanceof HogRefused)) throw error;
    world.notes.add({ kind: "refused_masking_hash", error: error.message });
    return undefined;
  }
}
