/** The one error that this client throws, and the questions a caller asks about it. */

/**
 * What is known about the effect of the failed request:
 * - `refused`: the server said no before it did anything (400, 401, 403, 404, 405, 409, 415, 429 and their kin, redirects)
 * - `unsent`: the request never reached it (name not found, connection or TLS failed, proxy refused, aborted in time)
 * - `unknown`: it may have been carried out (time-out, connection cut after sending began, 5xx, unreadable answer)
 */
export type Outcome = "refused" | "unsent" | "unknown";

/** Codes that this client gives to errors without a code of PostHog's. */
export type LocalCode =
  | "unreachable" // no connection to host or proxy
  | "tls" // a connection, but no trust
  | "proxy" // the proxy refused the tunnel
  | "timeout"
  | "cut" // the connection ended before the answer did
  | "aborted" // by the caller's signal
  | "redirect"
  | "unreadable" // not JSON, or JSON of another shape
  | "too_large"
  | "paused" // the rate limit asks for more patience than there is
  | "key_kind" // a key of this kind may not make the request
  | "invalid_request"; // this client refused to send it

export interface ApiErrorFields {
  message: string;
  /** `PUT /api/projects/1/hog_flows/<id>`: method and path, without query. */
  request: string;
  outcome: Outcome;
  /** The server's text, or this client's own; free of keys, bodies and values of inputs. */
  detail: string;
  /** HTTP status; absent when there was no answer. */
  status?: number;
  // API §0.6
  /** PostHog's code, or a `LocalCode`. */
  code?: string;
  // API §0.6
  /** PostHog's type. */
  type?: string;
  /** PostHog's own path into the body; null for errors about the whole of it. */
  attr?: string | null;
  /** `attr` as the path that the user wrote, when it can be told. */
  path?: string;
  /** How long the server asks to wait, in milliseconds. */
  retryAfterMs?: number;
  /** Members of PostHog's `extra`. */
  extra?: Record<string, unknown>;
}

/**
 * A request to PostHog that did not succeed. The message says what happened, why, and where known how to fix it. It holds no key and no body.
 *
 * @example
 * ```ts
 * try {
 *   await client.getFlow(flowId);
 * } catch (error) {
 *   if (error instanceof PostHogApiError) console.error(error.status, error.code, error.message);
 * }
 * ```
 */
export class PostHogApiError extends Error {
  /** HTTP status; absent when there was no answer. */
  readonly status?: number;
  // API §0.6
  /** PostHog's code, or the client's own. */
  readonly code?: string;
  // API §0.6
  /** PostHog's type. */
  readonly type?: string;
  /** PostHog's own path into the body; null for errors about the whole of it. */
  readonly attr?: string | null;
  /** The server's text, or the client's own; free of keys, bodies and values of inputs. */
  readonly detail: string;
  /** Method and path, without query: `PUT /api/projects/1/hog_flows/<id>`. */
  readonly request: string;
  /** Whether the server did the work, as far as that is known. */
  readonly outcome: Outcome;
  /** `attr` as the path that the user wrote, when it can be told. */
  readonly path?: string;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Members of PostHog's `extra`. */
  readonly extra?: Record<string, unknown>;

  constructor(fields: ApiErrorFields) {
    super(fields.message);
    this.name = "PostHogApiError";
    this.detail = fields.detail;
    this.request = fields.request;
    this.outcome = fields.outcome;
    this.status = fields.status;
    this.code = fields.code;
    this.type = fields.type;
    this.attr = fields.attr;
    this.path = fields.path;
    this.retryAfterMs = fields.retryAfterMs;
    this.extra = fields.extra;
  }

  /** The same error with other fields. */
  with(changes: Partial<ApiErrorFields>): PostHogApiError {
    return new PostHogApiError({ ...this.fields(), ...changes });
  }

  private fields(): ApiErrorFields {
    const { message, request, outcome, detail, status, code, type, attr, path, retryAfterMs, extra } = this;
    return { message, request, outcome, detail, status, code, type, attr, path, retryAfterMs, extra };
  }
}

/**
 * True when PostHog itself says that the object does not exist: its own 404 envelope (API §0.6, §6.2). Any other 404, such
 * as a proxy's page or another service under the same host, is false: nothing may be re-created because of it.
 */
export function isGone(error: unknown): boolean {
  return (
    error instanceof PostHogApiError &&
    error.status === 404 &&
    error.type === "invalid_request" &&
    error.code === "not_found"
  );
}

/** Statuses that are sent before anything is done. 408 is none of them: a request that took too long may have been read. */
const REFUSED = new Set([400, 401, 402, 403, 404, 405, 406, 407, 409, 410, 411, 413, 414, 415, 421, 422, 429, 431]);

/** What an answer that is no success says about the effect of the request. A redirect is an answer instead of the deed. */
export function outcomeOf(status: number): Outcome {
  return REFUSED.has(status) || (status >= 300 && status < 400) ? "refused" : "unknown";
}
