// Which time zone a delay or a window uses (run time §3.3).
import { checkZone } from "../../definition/schema/zones";
import type { KnownPerson } from "../filters/globals";

interface ZoneSettings {
  timezone?: string;
  usePersonTimezone?: boolean;
  fallbackTimezone?: string;
}

const isZone = (value: unknown): value is string => typeof value === "string" && value !== "" && checkZone(value).ok;

export function zoneOf(
  { timezone, usePersonTimezone, fallbackTimezone }: ZoneSettings,
  person: KnownPerson | undefined,
): string {
  const personZone = person?.properties["$geoip_time_zone"];
  if (usePersonTimezone === true && isZone(personZone)) return personZone;
  return (usePersonTimezone === true ? [fallbackTimezone, timezone] : [timezone]).find(isZone) ?? "UTC";
}
