// Time zones by their IANA names. PostHog compares them with case (API §5.3), Intl does not.

import { nearest } from "./names";

let names: ReadonlyMap<string, string> | undefined;
const known = (): ReadonlyMap<string, string> =>
  (names ??= new Map([...Intl.supportedValuesOf("timeZone"), "UTC"].map((zone) => [zone.toLowerCase(), zone])));

/** Whether the name is a zone; if not, the zone with the most similar name. */
export function checkZone(zone: string): { ok: boolean; suggestion?: string } {
  const proper = known().get(zone.toLowerCase());
  if (proper !== undefined) return proper === zone ? { ok: true } : { ok: false, suggestion: proper };
  // Names that Intl does not list but knows, such as EST or Asia/Calcutta; offsets such as +02:00 are none for PostHog.
  if (!/^[A-Za-z]/.test(zone) || /^(utc|gmt)[+-]/i.test(zone)) return { ok: false };
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return { ok: true };
  } catch {
    return { ok: false, suggestion: nearest(zone, [...known().values()]) };
  }
}
