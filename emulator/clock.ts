/** The server's time: a clock that can be frozen, write stamps with microseconds, and the text forms of both. */

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Freezes the clock at an instant. */
  set(isoOrMs: string | number): void;
  /** Moves the clock; freezes it when it still runs. */
  advance(ms: number): void;
  /** Lets the clock run again. */
  release(): void;
}

/** An instant in microseconds since the epoch. */
export type Instant = number;

// A stamp is never a whole millisecond, so that a client which cuts stamps to milliseconds is found out.
const MICROSECONDS_WITHIN = 137;

export class ServerClock implements Clock {
  private frozen: number | undefined;
  private last = 0;

  constructor(private readonly source: () => number) {}

  now(): number {
    return this.frozen ?? this.source();
  }

  set(isoOrMs: string | number): void {
    const ms = typeof isoOrMs === "number" ? isoOrMs : Date.parse(isoOrMs);
    if (Number.isNaN(ms)) throw new Error(`clock.set: not a point in time: ${isoOrMs}`);
    this.frozen = ms;
  }

  advance(ms: number): void {
    this.frozen = this.now() + ms;
  }

  release(): void {
    this.frozen = undefined;
  }

  /** The stamp of a write: later than every earlier one, also when the clock stands still. */
  stamp(): Instant {
    this.last = Math.max(Math.floor(this.now()) * 1000 + MICROSECONDS_WITHIN, this.last + 1);
    return this.last;
  }
}

const two = (n: number) => String(n).padStart(2, "0");

/** As the API prints it: `Z`, microseconds, and no fraction when it is zero. */
export function formatInstant(instant: Instant): string {
  const seconds = Math.floor(instant / 1_000_000);
  const fraction = instant - seconds * 1_000_000;
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  return `${text}${fraction === 0 ? "" : `.${String(fraction).padStart(6, "0")}`}Z`;
}

export const formatNullable = (instant: Instant | null): string | null =>
  instant === null ? null : formatInstant(instant);

const DATETIME = /^(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/** Reads a datetime as Django does; a value without offset is UTC. "impossible" has the form of a datetime but names none. */
export function parseInstant(text: string): Instant | "malformed" | "impossible" {
  const match = DATETIME.exec(text);
  if (!match) return "malformed";
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((i) => Number(match[i] ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  const normal = `${match[1]}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
  if (year < 1 || Number.isNaN(wall) || new Date(wall).toISOString().slice(0, 19) !== normal) return "impossible";
  const micros = Number((match[7] ?? "").slice(0, 6).padEnd(6, "0"));
  return (wall - offsetMs(match[8])) * 1000 + micros;
}

function offsetMs(zone: string | undefined): number {
  if (!zone || zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(":", "") || 0);
  return (zone[0] === "-" ? -minutes : minutes) * 60_000;
}
