// What a user is told while requests wait for PostHog's rate limit, and how often: minutes of silence look like a hang, and a line for every
// request hides the rest.
import { MINUTE_MS, SECOND_MS } from "../definition/lengths";
import type { Clock } from "./clock";
import { POSTHOG_WINDOWS, type Wait, type Window } from "./limiter";

/** Waits below this are no news. */
const NOTABLE_MS = 5_000;
/** Time between two notes. */
const BETWEEN_MS = 60_000;

/** `43 s`, `50 min`. */
const duration = (ms: number): string =>
  ms < 2 * MINUTE_MS ? `${Math.ceil(ms / SECOND_MS)} s` : `${Math.ceil(ms / MINUTE_MS)} min`;
const limitWords = ({ ms, max }: Window): string =>
  `${max.toLocaleString("en-US")} requests ${ms === MINUTE_MS ? "a minute" : ms === 60 * MINUTE_MS ? "an hour" : `in ${duration(ms)}`}`;

/** How long, and for what. */
export function waitWords({ ms, limit }: Wait): string {
  const why = limit
    ? `it allows ${limitWords(limit)} for each API key, and this run has made them`
    : `it answered 429, so something else uses the same API key (${POSTHOG_WINDOWS.map(limitWords).join(" and ")} for all together)`;
  return `Waiting ${duration(ms)} for PostHog's rate limit: ${why}. It continues by itself.`;
}

/** Passes the words on for waits that are worth a note, once a minute at most. */
export function waitNotes(clock: Clock, note: (text: string) => void): (wait: Wait) => void {
  let last: number | undefined;
  return (wait) => {
    const now = clock.now();
    if (wait.ms < NOTABLE_MS || (last !== undefined && now - last < BETWEEN_MS)) return;
    last = now;
    note(waitWords(wait));
  };
}
