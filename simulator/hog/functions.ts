// Functions of Hog that look at the clock, at chance or at the machine: they follow the simulation instead.
import { STL } from "@posthog/hogvm";
import type { Surroundings } from "../evaluation";
import { NotSimulated } from "../not-simulated";

/** A date-time of Hog. */
interface HogDateTime {
  __hogDateTime__: true;
  /** Unix seconds, with fraction. */
  dt: number;
  zone: string;
}

/** A date of Hog. */
interface HogDate {
  __hogDate__: true;
  year: number;
  month: number;
  day: number;
}

type HogFunction = (...args: unknown[]) => unknown;

/** The names that `simulatedFunctions` replaces; as bare values, without a call, they would still be the real ones. */
export const REPLACED_FUNCTIONS: ReadonlySet<string> = new Set([
  "range",
  "now",
  "today",
  "toDate",
  "generateUUIDv4",
  "randomFloat",
  "print",
]);

export function simulatedFunctions({ now, random }: Surroundings): Record<string, HogFunction> {
  return {
    now: (zone) =>
      ({
        __hogDateTime__: true,
        dt: now / 1000,
        zone: typeof zone === "string" && zone !== "" ? zone : "UTC",
      }) satisfies HogDateTime,
    today: () => utcDate(now),
    // The machine's own zone would decide about numbers; PostHog's workers run in UTC.
    toDate: (input) =>
      typeof input === "number" ? utcDate(input * 1000) : (STL["toDate"]!.fn([input], "toDate") as unknown),
    generateUUIDv4: () => uuid(random),
    randomFloat: () => random(),
    print: () => null,
    range: (...bounds) => range(bounds),
  };
}

/** More numbers than PostHog's machine has memory for. The real function makes them all before the machine counts them. */
const MAX_RANGE = 8_000_000;

function range(bounds: unknown[]): unknown {
  const [from, to] = bounds.length > 1 ? bounds : [0, bounds[0]];
  if (Number(to) - Number(from) > MAX_RANGE) throw new NotSimulated({ kind: "hog_range", most: MAX_RANGE });
  return STL["range"]!.fn(bounds, "range") as unknown;
}

function utcDate(milliseconds: number): HogDate {
  const date = new Date(milliseconds);
  return { __hogDate__: true, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

const uuid = (random: () => number): string =>
  "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replace(/[xy]/g, (place) => {
    const digit = Math.floor(random() * 16);
    return (place === "x" ? digit : (digit & 0x3) | 0x8).toString(16);
  });
