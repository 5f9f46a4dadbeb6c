// Durations at run time: clamped by unit before they are added, without carry (run time §3.1).
import { DURATION, SIGNED_DURATION, UNIT_SECONDS, WAIT_CAPS } from "../definition/schema/limits";

/** A wait in milliseconds, clamped; undefined when PostHog cannot read it. */
export function clampedDuration(text: unknown): number | undefined {
  if (typeof text !== "string" || !DURATION.test(text)) return undefined;
  const unit = text.slice(-1);
  return Math.min(Number(text.slice(0, -1)), WAIT_CAPS[unit]!) * UNIT_SECONDS[unit]! * 1000;
}

/** Whether the clamp shortens it. */
export function isClamped(text: string): boolean {
  return DURATION.test(text) && Number(text.slice(0, -1)) > WAIT_CAPS[text.slice(-1)]!;
}

/** A signed offset in milliseconds at its full size (run time §3.2). */
export function signedDuration(text: string): number | undefined {
  return SIGNED_DURATION.test(text) ? Number(text.slice(0, -1)) * UNIT_SECONDS[text.slice(-1)]! * 1000 : undefined;
}

/** A duration at its full size, as conversion windows are read. */
export const plainDuration = (text: unknown): number | undefined =>
  typeof text === "string" && DURATION.test(text)
    ? Number(text.slice(0, -1)) * UNIT_SECONDS[text.slice(-1)]! * 1000
    : undefined;
