/** The PostHog HTTP client: what the rest of the provider may use of it. */
export { type ClientOptions, createClient, MAX_SEARCH_LENGTH, type PostHogClient, type WriteOptions } from "./client";
export { type Clock, systemClock } from "./clock";
export { userPath, type UserPath } from "./error-path";
export { type ApiErrorFields, isGone, type LocalCode, type Outcome, PostHogApiError } from "./errors";
export { BEYOND_FLOWS, kindOfKey } from "./key-kinds";
export {
  createLimiter,
  type Limiter,
  type LimiterOptions,
  PausedTooLong,
  sharedLimiter,
  type Ticket,
  type Wait,
  type Window,
} from "./limiter";
export { waitNotes, waitWords } from "./wait-words";
export * from "./wire";
export * from "./wire-runs";
