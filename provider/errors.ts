// Errors as the engine takes them. Plain ones are printed with their JavaScript stack unless it is empty; partial ones keep the id of what
// was already made, and show only their `reasons` (PDP §3).
import { PostHogApiError } from "../api/errors";
import type { Dict } from "../definition/canonical/values";
import { plainText } from "../definition/plain-text";
import { failureText, type CheckFailure } from "../rules/findings";

/** A message as it is sent to the engine, which takes `<{%red%}>` for a colour. */
export const engineText = (message: string): string => plainText(message).replace(/<(?=\{%)/g, "< ");

/**
 * The engine puts `property … value {…} has a problem` before a failure that names a property, with the whole value or `{<nil>}` in it; without a
 * property, path and reason are separate.
 */
export const engineFailure = (failure: CheckFailure): CheckFailure => ({
  property: "",
  reason: engineText(failureText(failure)),
});

/** An error without a stack. */
export function plainError(message: string): Error {
  const error = new Error(message);
  error.stack = "";
  return error;
}

/** Why a resource was not adopted, named by the argument that asks for it. */
export const adoptError = (message: string): Error => plainError(`adopt: ${message}`);

/** Something failed after the resource came into being, or after a write that may have worked. The next `up` continues from `properties`. */
export class PartialError extends Error {
  readonly id: string;
  readonly properties: Dict;
  readonly reasons: string[];

  constructor(id: string, properties: Dict, reason: string) {
    super(reason);
    this.name = "Error";
    this.stack = "";
    this.id = id;
    this.properties = properties;
    this.reasons = [reason];
  }
}

/** The text of anything thrown, with the path that the user wrote where the server named one. */
export function errorText(error: unknown): string {
  if (error instanceof PostHogApiError)
    return error.path && !error.message.includes(error.path) ? `${error.path}: ${error.message}` : error.message;
  return error instanceof Error ? error.message : String(error);
}

/** Whether the server refused before it did anything, or never got the request (design L6). */
export const didNothing = (error: unknown): boolean => error instanceof PostHogApiError && error.outcome !== "unknown";
export const isUnknownOutcome = (error: unknown): boolean =>
  error instanceof PostHogApiError && error.outcome === "unknown";
export const isConflict = (error: unknown): boolean => error instanceof PostHogApiError && error.status === 409;
export const isServerError = (error: unknown): boolean => error instanceof PostHogApiError && error.status === 500;

/** Two resources for one object would undo each other's changes, and the first that is removed would delete it under the other. */
export const heldByAnother = (kind: "flow" | "schedule", id: string): string =>
  `${kind} ${id} is managed by another resource of this program. Each would undo what the other does. Remove one of the two from the program.`;
