// How long a request may be silent, where the environment says so.

/**
 * `POSTHOG_REQUEST_TIMEOUT_MS`: longest silence of one request in milliseconds, for slow networks and for tests. Undefined, which is the client's own
 * default, when it is not a number above zero.
 */
export function requestTimeoutMs(env: Readonly<Record<string, string | undefined>>): number | undefined {
  const ms = Number(env["POSTHOG_REQUEST_TIMEOUT_MS"]);
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
