/** Durations, time zones and signed offsets as text. */
import { FieldError } from "../errors";

export const DURATION = /^(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)[dhms]$/;
export const SIGNED_DURATION = /^[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)[dhms]$/;

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

const isDuration = (value: unknown): value is string => typeof value === "string" && DURATION.test(value);

/** Seconds of a duration that matches the grammar. */
export const durationSeconds = (text: string): number => Number(text.slice(0, -1)) * (SECONDS[text.slice(-1)] ?? NaN);

export function checkDuration(field: string, value: unknown): void {
  if (isDuration(value)) return;
  throw new FieldError(
    ["config"],
    `${field} must be a duration string such as '30s', '30m', '2h', '1.5d'. ISO-8601 formats are not supported.`,
  );
}

// Intl ignores letter case and knows aliases by other names, but PostHog reads the names of zone files.
const ALIAS = /^(?:[A-Z][A-Za-z0-9+_-]*)(?:\/[A-Z][A-Za-z0-9+_-]*)*$/;
const SHOUTED = /^[A-Z_]{5,}$/;
const NO_ZONE_FILE = new Set(
  "ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST".split(" "),
);

export function isTimeZone(name: unknown): name is string {
  if (typeof name !== "string" || /^[+-]/.test(name) || NO_ZONE_FILE.has(name)) return false;
  let resolved: string;
  try {
    resolved = new Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return false;
  }
  if (resolved.toLowerCase() === name.toLowerCase()) return resolved === name;
  return ALIAS.test(name) && !name.split("/").some((part) => SHOUTED.test(part));
}
