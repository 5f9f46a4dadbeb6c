// Which texts of a live flow are literals that composition takes: what the compiler would refuse is written another way.
import { WAIT_CAPS } from "../../definition/schema/limits";
import { Call } from "./expression";

const WHOLE = /^([1-9]\d?)([smhd])$/;
const FRACTION = /^(\d|[1-9]\d)\.(\d+)([smhd])$/;

/** A wait that is not cut and stands in the list of durations. */
export function isDuration(value: unknown): boolean {
  if (typeof value !== "string") return false;
  const whole = WHOLE.exec(value);
  if (whole) return Number(whole[1]) <= WAIT_CAPS[whole[2]!]!;
  const fraction = FRACTION.exec(value);
  return (
    fraction !== null && Number(fraction[1]) < WAIT_CAPS[fraction[3]!]! && String(BigInt(fraction[2]!)) === fraction[2]
  );
}

/** A length that is not cut, such as a conversion window. */
export const isLength = (value: unknown): boolean => typeof value === "string" && /^\d+(\.\d+)?[smhd]$/.test(value);

export const isClockTime = (value: unknown): boolean =>
  typeof value === "string" && /^([01]\d|2[0-3]):[0-5]\d$/.test(value);

const KNOWN: ReadonlySet<string> = new Set([...Intl.supportedValuesOf("timeZone"), "UTC"]);

/** A zone: the name where it is a current one, otherwise through `timeZone`. */
export const zoneCode = (zone: unknown): unknown =>
  typeof zone === "string" && !KNOWN.has(zone) ? new Call("timeZone", [zone]) : zone;
