/**
 * What is repeated, how often, and after what pause. The rule behind the table: nothing that may already have happened is
 * done twice, unless doing it twice is harmless or the caller says so.
 */
import type { Clock } from "./clock";
import { PostHogApiError, type Outcome } from "./errors";

export type Method = "GET" | "PUT" | "PATCH" | "DELETE" | "POST";

/** Kinds of failure that may pass by themselves. */
export type Trouble =
  | "throttled" // 429
  | "unsent" // no connection
  | "unavailable" // 502, 503, 504
  | "serverError" // 500
  | "cut"; // time-out or broken connection after sending began

/** Most requests for one call. */
export const MAX_ATTEMPTS = 4;

const OFTEN = MAX_ATTEMPTS - 1;

/** How often a call is repeated after each kind of trouble. */
export const REPEATS: Record<Method, Record<Trouble, number>> = {
  // A 500 on a read can be for ever: a flow stored incomplete (API §1.3). So once.
  GET: { throttled: OFTEN, unsent: OFTEN, unavailable: OFTEN, serverError: 1, cut: OFTEN },
  // After a lost answer the caller reads before it writes again, see `retryUnknown`.
  PUT: { throttled: OFTEN, unsent: OFTEN, unavailable: 0, serverError: 0, cut: 0 },
  PATCH: { throttled: OFTEN, unsent: OFTEN, unavailable: 0, serverError: 0, cut: 0 },
  // A 500 on a delete can be for ever, too: batch jobs (API §6.1).
  DELETE: { throttled: OFTEN, unsent: OFTEN, unavailable: OFTEN, serverError: 1, cut: OFTEN },
  // The server keeps no record of a POST: a second one is a second flow (API §6.4).
  POST: { throttled: OFTEN, unsent: OFTEN, unavailable: 0, serverError: 0, cut: 0 },
};

/** What `retryUnknown` sets: true allows these repeats, false forbids them. Never for POST. */
const REPEATS_UNKNOWN: Pick<Record<Trouble, number>, "unavailable" | "serverError" | "cut"> = {
  unavailable: OFTEN,
  serverError: 1,
  cut: OFTEN,
};

const TROUBLE_BY_STATUS: Record<number, Trouble> = {
  429: "throttled",
  500: "serverError",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

const TROUBLE_BY_CODE: Record<string, Trouble> = { unreachable: "unsent", timeout: "cut", cut: "cut" };

/** Undefined for everything that a repeat would not fix: a refusal, a wrong certificate, a proxy's no, an abort. */
function troubleOf(error: PostHogApiError): Trouble | undefined {
  if (error.status !== undefined) return TROUBLE_BY_STATUS[error.status];
  const trouble = TROUBLE_BY_CODE[error.code ?? ""];
  return trouble === "cut" && error.outcome === "unsent" ? "unsent" : trouble;
}

const BACKOFF = { baseMs: 500, capMs: 20_000 };

/** Full jitter: anything from nothing to the doubled step, so that many clients do not come back together. */
export function backoffMs(attempt: number, random: () => number): number {
  return Math.round(random() * Math.min(BACKOFF.capMs, BACKOFF.baseMs * 2 ** (attempt - 1)));
}

export interface RetryOptions {
  method: Method;
  clock: Clock;
  /** Longest total wait of one call in milliseconds. */
  patienceMs: number;
  retryUnknown?: boolean;
  signal?: AbortSignal;
  /** Told of a 429 and the pause that it asks for. */
  onThrottled?(ms: number): void;
  /** Told before the call itself waits out a 429. */
  onPause?(ms: number): void;
  /** The error when the wait is broken off. */
  aborted(): PostHogApiError;
}

export interface Attempt {
  /** 1 for the first. */
  number: number;
  /** An earlier attempt may have been carried out. */
  afterUnknown: boolean;
}

/** Calls until it succeeds, fails for good, or attempts or patience run out. Throws the last error. */
export async function withRetries<T>(options: RetryOptions, call: (attempt: Attempt) => Promise<T>): Promise<T> {
  const { method, clock, signal } = options;
  const repeats = { ...REPEATS[method], ...(method === "POST" ? {} : unknownRepeats(options.retryUnknown)) };
  const seen: Partial<Record<Trouble, number>> = {};
  let waited = 0;
  let afterUnknown = false;

  for (let number = 1; ; number++) {
    let error: PostHogApiError;
    try {
      return await call({ number, afterUnknown });
    } catch (thrown) {
      if (!(thrown instanceof PostHogApiError)) throw thrown;
      error = thrown;
    }
    afterUnknown ||= error.outcome === "unknown";
    const trouble = troubleOf(error);
    const pause = Math.max(backoffMs(number, clock.random), error.retryAfterMs ?? 0);
    if (trouble === "throttled") options.onThrottled?.(pause);

    const count = trouble ? (seen[trouble] = (seen[trouble] ?? 0) + 1) : 0;
    if (!trouble || count > repeats[trouble] || number >= MAX_ATTEMPTS) throw summary(error, number, afterUnknown);
    if (waited + pause > options.patienceMs) {
      const tired = `The server asks to wait ${Math.ceil(pause / 1000)} s, more than the ${Math.floor(options.patienceMs / 1000)} s that one call may wait.`;
      throw summary(error.with({ message: `${error.message} ${tired}` }), number, afterUnknown);
    }
    waited += pause;
    if (trouble === "throttled") options.onPause?.(pause);
    try {
      await clock.sleep(pause, signal);
    } catch {
      throw summary(options.aborted(), number, afterUnknown);
    }
  }
}

function unknownRepeats(retryUnknown: boolean | undefined): Partial<Record<Trouble, number>> {
  if (retryUnknown === undefined) return {};
  return retryUnknown ? REPEATS_UNKNOWN : { unavailable: 0, serverError: 0, cut: 0 };
}

/** The last error speaks for all attempts: when an earlier one may have been carried out, the outcome stays unknown. */
function summary(error: PostHogApiError, attempts: number, afterUnknown: boolean): PostHogApiError {
  const outcome: Outcome = afterUnknown ? "unknown" : error.outcome;
  if (attempts === 1 && outcome === error.outcome) return error;
  return error.with({ outcome, message: attempts === 1 ? error.message : `${error.message} Tried ${attempts} times.` });
}
