// Limits of the server, each beside the rule that it mirrors.

/** Largest body of a request in bytes: Django's default, which PostHog answers with a 500 beyond (API §4.6). */
export const MAX_BODY_BYTES = 2_621_440;
/**
 * Deepest nesting of a flow: maps in lists in maps. PostHog's Python stops at some hundred levels with a 500, the engine and everything here that calls
 * itself for each level soon after. No flow that people wrote comes near.
 */
export const MAX_NESTING = 200;
/** Deepest nesting of what is read: PostHog itself reads no JSON that is nested deeper. */
export const MAX_READ_NESTING = 1_000;
/** Longest title of a flow or of a step (API §4.1). */
export const MAX_NAME_LENGTH = 400;
/** Longest step id (API §2.2). */
export const MAX_STEP_ID_LENGTH = 200;
/** Bytes of all variables together, in the server's own JSON (API §3.8). */
export const MAX_VARIABLES_BYTES = 5120;
/** Seconds of a masking window (API §3.6). */
export const MASKING_TTL_SECONDS = { min: 60, max: 94_608_000 };
/** Messages per period (API §2.1). */
export const RATE_LIMIT_COUNT = { min: 1, max: 1_000_000 };
/** Longest conversion window, as days and as text (API §3.7). */
export const CONVERSION_WINDOW = { maxDays: 365, maxLength: 32 };
/** Senders of one e-mail step (API §4.2). */
export const MAX_SENDERS = 10;
/** Longest zone name of a schedule (API §5.1). */
export const MAX_TIMEZONE_LENGTH = 64;
/** Schedules closer than this are refused (API §5.3). */
export const MIN_SCHEDULE_DISTANCE_MS = 60 * 60 * 1000;

/** One number and one unit (API §3.11). */
export const DURATION = /^(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)[dhms]$/;
/** A duration with an optional sign, as `delayUntil.offset` takes it (API §4.2). */
export const SIGNED_DURATION = /^[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)[dhms]$/;
/** What a wait really lasts at most, by unit and without carry (run time §3.1). */
export const WAIT_CAPS: Readonly<Record<string, number>> = { s: 60, m: 60, h: 24, d: 30 };
/** Seconds of a unit. */
export const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

const MEGA = 2 ** 20;
/** Bytes for people: `2.50 MB`, as the limit above is counted, and more exactly where that would hide the excess. */
export const megabytes = (bytes: number): string =>
  `${(bytes / MEGA).toFixed(2)} MB (${bytes.toLocaleString("en-US")} bytes)`;
