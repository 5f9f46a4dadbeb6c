/**
 * What a request can fail with. Validation throws a FieldError with the path of the culprit; callers put their own key in
 * front of it on the way up, and the HTTP layer turns the first error into PostHog's envelope.
 */

export interface Envelope {
  type: string;
  code: string;
  detail: string;
  attr: string | null;
  extra?: unknown;
}

export const NON_FIELD = "non_field_errors";

/** An error of one field of the payload; `path` leads to it from the object that is being validated. */
export class FieldError extends Error {
  constructor(
    readonly path: readonly (string | number)[],
    readonly detail: string,
    readonly code = "invalid_input",
  ) {
    super(detail);
    this.name = "FieldError";
  }

  under(...prefix: (string | number)[]): FieldError {
    return new FieldError([...prefix, ...this.path], this.detail, this.code);
  }

  /** Errors of the payload as a whole have no attribute; those of a nested object keep the name `non_field_errors`. */
  get attr(): string | null {
    return this.path.length === 0 || (this.path.length === 1 && this.path[0] === NON_FIELD)
      ? null
      : this.path.join("__");
  }
}

/** An answer other than success, in the envelope unless `body` says otherwise. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers: Record<string, string> = {},
  ) {
    super(typeof body === "object" && body !== null && "detail" in body ? String(body.detail) : `HTTP ${status}`);
    this.name = "ApiError";
  }
}

/** What upstream does not catch. It answers 500 and says nothing more. */
export class ServerCrash extends Error {
  override name = "ServerCrash";
}

/** A request that is never answered, as when the server computes for ever. */
export class NeverAnswers extends Error {
  override name = "NeverAnswers";
}

const envelope = (type: string, code: string, detail: string): Envelope => ({ type, code, detail, attr: null });

export const notFound = (detail = "Not found.") => new ApiError(404, envelope("invalid_request", "not_found", detail));
export const denied = (detail: string) =>
  new ApiError(403, envelope("authentication_error", "permission_denied", detail));
export const unauthenticated = (code: "authentication_failed" | "not_authenticated", detail: string) =>
  new ApiError(401, envelope("authentication_error", code, detail), { "WWW-Authenticate": 'Bearer realm="api"' });
export const badRequest = (code: string, detail: string, status = 400) =>
  new ApiError(status, envelope("invalid_request", code, detail));
export const conflict = (code: "stale_update" | "draft_exists", detail: string) =>
  new ApiError(409, envelope("server_error", code, detail));
export const invalid = (detail: string, attr: string | null = null, code = "invalid_input") =>
  new ApiError(400, { ...envelope("validation_error", code, detail), attr });
export const throttled = (seconds: number, retryAfter: string) =>
  new ApiError(
    429,
    envelope(
      "throttled_error",
      "throttled",
      `Request was throttled. Expected available in ${seconds} second${seconds === 1 ? "" : "s"}.`,
    ),
    {
      "Retry-After": retryAfter,
    },
  );
const crashed = () => new ApiError(500, envelope("server_error", "error", "A server error occurred."));
export const immutable = (extra: unknown) =>
  new ApiError(403, {
    ...envelope("authentication_error", "immutable", "This workflow is managed in code and cannot be changed here."),
    extra,
  });

export const staleUpdate = () =>
  conflict(
    "stale_update",
    "This workflow was updated elsewhere since you loaded it. Reload it and apply your changes again.",
  );

/** Runs a validation of a nested value; its errors get the key of that value. */
export function at<T>(key: string | number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof FieldError ? error.under(key) : error;
  }
}

export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof FieldError) return invalid(error.detail, error.attr, error.code);
  return crashed();
}
