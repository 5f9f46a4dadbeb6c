/** Reads an answer: the data when it is what the endpoint promises, otherwise an error that says all there is to say. */
import { errorMessage, type Target } from "./error-message";
import { userPath } from "./error-path";
import { outcomeOf, PostHogApiError, type LocalCode, type Outcome } from "./errors";
import { HIDDEN, inputValues, keyForms, redact, redactDeep } from "./redact";
import type { RawAnswer } from "./transport";
import { isDeeper } from "../definition/canonical/depth";
import { oneLine } from "../definition/plain-text";
import { MAX_READ_NESTING } from "../definition/schema/limits";

/** What an endpoint promises. A `flow` or `schedule` without an id is no answer to build state on. */
export type Expected = "nothing" | "object" | "withId" | "list" | "page";

const PROMISES: Record<Exclude<Expected, "nothing">, { holds: (data: unknown) => boolean; text: string }> = {
  object: { holds: isFields, text: "an object" },
  withId: {
    holds: (data) => isFields(data) && typeof data.id === "string" && data.id !== "",
    text: "an object with an id",
  },
  list: { holds: Array.isArray, text: "a list" },
  page: { holds: (data) => isFields(data) && Array.isArray(data.results), text: "a page with results" },
};

/** What is known about the request when its answer is read. */
export interface Sent {
  request: string;
  host: string;
  target: Target;
  apiKey: string;
  body?: unknown;
}

interface Failure {
  outcome: Outcome;
  detail: string;
  status?: number;
  code?: string;
  type?: string;
  attr?: string | null;
  retryAfterMs?: number;
  extra?: Record<string, unknown>;
}

/** Builds an error in which nothing secret is left. */
export function apiError(sent: Sent, failure: Failure): PostHogApiError {
  const key = keyForms(sent.apiKey);
  const secrets = [...key, ...inputValues(sent.body)];
  const detail = oneLine(redact(failure.detail, secrets));
  // Codes are plain words, but for a quirk with variables (API §0.6) that puts a repr of the value there.
  const code =
    failure.code !== undefined && /^\w+$/.test(failure.code)
      ? redact(failure.code, key)
      : failure.code && redact(failure.code, secrets);
  const { path, note } = userPath(failure.attr, sent.body, detail);
  const { request, host, target } = sent;
  const facts = {
    request,
    host,
    target,
    keyKind: sent.apiKey.slice(0, 4),
    status: failure.status,
    outcome: failure.outcome,
    detail,
    code,
    path,
    note,
  };
  return new PostHogApiError({
    ...failure,
    message: redact(errorMessage(facts), key),
    request: redact(request, key),
    detail,
    code,
    path,
    extra: failure.extra && (redactDeep(failure.extra, secrets) as Record<string, unknown>),
  });
}

/** What broke on our side while a request was made or its answer read. Uses nothing that may have broken: once a byte has left, nobody knows what it did. */
export function brokenError(sent: Sent, outcome: "unsent" | "unknown", thrown: unknown): PostHogApiError {
  const kind = thrown instanceof Error ? thrown.name : typeof thrown;
  const request = sent.request.split(sent.apiKey).join(HIDDEN);
  const detail = outcome === "unsent" ? `it could not be written (${kind})` : `its answer could not be read (${kind})`;
  const effect = outcome === "unsent" ? "Nothing was sent." : "PostHog may still have carried out the request.";
  return new PostHogApiError({
    message: `${request} failed on this side: ${detail}. ${effect}`,
    request,
    outcome,
    detail,
    code: "unreadable",
  });
}

/** The data of an answer. Throws `PostHogApiError` for every status but 2xx, and for a 2xx that is not as expected. */
export function readAnswer(sent: Sent, expected: Expected, answer: RawAnswer, now: number): unknown {
  const { status, headers } = answer;
  const local = (code: LocalCode, outcome: Outcome, detail: string) =>
    apiError(sent, { status, code, outcome, detail, retryAfterMs: retryAfterMs(headers, now) });

  if (status >= 300 && status < 400)
    throw local(
      "redirect",
      "refused",
      `${sent.host} wants to send the request to ${destination(headers.location, sent.host)}`,
    );

  let data = parse(answer);
  if (expected === "page") data = withoutDeepSteps(data);
  if (isTooDeep(data))
    throw local(
      "unreadable",
      outcomeOf(status),
      `${sent.host} answered JSON that is nested more than ${MAX_READ_NESTING} deep`,
    );
  if (status >= 200 && status < 300) {
    if (expected === "nothing" && (answer.body.length === 0 || data !== NOT_JSON)) return undefined;
    if (expected === "nothing" || data === NOT_JSON)
      throw local("unreadable", "unknown", `${sent.host} answered ${contentOf(answer)} instead of JSON`);
    const promise = PROMISES[expected];
    if (!promise.holds(data))
      throw local("unreadable", "unknown", `${sent.host} answered JSON that is not ${promise.text}`);
    return data;
  }
  if (data === NOT_JSON)
    throw local("unreadable", outcomeOf(status), `${sent.host} answered ${contentOf(answer)} instead of JSON`);
  throw apiError(sent, {
    status,
    outcome: outcomeOf(status),
    retryAfterMs: retryAfterMs(headers, now),
    ...envelope(data),
  });
}

/**
 * A flow with steps that are nested too deep comes without them in a list, so that the others can still be read. Whoever needs its content reads the
 * flow alone, and gets an error.
 */
function withoutDeepSteps(data: unknown): unknown {
  if (!isFields(data) || !Array.isArray(data.results) || !isTooDeep(data)) return data;
  const results = data.results.map((row: unknown) =>
    isFields(row) && Array.isArray(row.actions) && isTooDeep(row)
      ? { ...Object.fromEntries(Object.entries(row).filter(([, value]) => !isTooDeep(value))), actions: [] }
      : row,
  );
  return { ...data, results };
}

const isTooDeep = (data: unknown): boolean => isDeeper(data, MAX_READ_NESTING);

const NOT_JSON = Symbol("not JSON");

function parse({ headers, body }: RawAnswer): unknown {
  const type = String(headers["content-type"] ?? "");
  if (type !== "" && !/^[\w.+-]+\/([\w.-]+\+)?json\b/i.test(type)) return NOT_JSON;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return NOT_JSON;
  }
}

/** The content type in words; never the content. */
function contentOf({ headers, body }: RawAnswer): string {
  if (body.length === 0) return "nothing";
  const type = String(headers["content-type"] ?? "")
    .split(";")[0]!
    .trim();
  if (type === "") return `${body.length} bytes without a content type`;
  return /json$/i.test(type) ? "broken JSON" : type.slice(0, 100);
}

/** Only the origin: the rest of an address may hold anything. */
function destination(location: string | string[] | undefined, host: string): string {
  const text = String(location ?? "");
  if (!URL.canParse(text, host)) return "an unknown address";
  const url = new URL(text, host);
  return url.origin === new URL(host).origin
    ? "another path of the same host"
    : url.origin === "null"
      ? "another place"
      : url.origin;
}

type Envelope = Pick<Failure, "detail" | "code" | "type" | "attr" | "extra">;

/** PostHog's envelope, and the shapes of the endpoints that do not use it (API §0.6). First match wins. */
const ENVELOPES: Array<(data: Record<string, unknown>) => Envelope | undefined> = [
  ({ type, code, detail, attr, extra }) =>
    typeof detail === "string"
      ? {
          detail,
          code: text(code),
          type: text(type),
          attr: attr === null ? null : text(attr),
          extra: isFields(extra) ? extra : undefined,
        }
      : undefined,
  ({ error }) => (typeof error === "string" ? { detail: error } : undefined),
  ({ message }) => (typeof message === "string" ? { detail: message } : undefined),
  // A plain serializer error, {field: [messages]}, in which a field may be an object or a list of such: like the envelope, the first one is told.
  (data) => {
    const first = firstText(data, []);
    if (first === undefined) return undefined;
    const path = first.path.filter((key) => key !== "non_field_errors");
    return { detail: first.text, attr: path.length === 0 ? null : path.join("__") };
  },
];

/** The first message, and the keys that lead to it; a list of messages has no index. */
function firstText(data: unknown, path: readonly string[]): { text: string; path: readonly string[] } | undefined {
  if (typeof data === "string") return { text: data, path };
  if (typeof data !== "object" || data === null || path.length > MAX_READ_NESTING) return undefined;
  for (const [key, value] of Object.entries(data)) {
    const isMessage = Array.isArray(data) && typeof value === "string";
    const found = firstText(value, isMessage ? path : [...path, key]);
    if (found) return found;
  }
  return undefined;
}

function envelope(data: unknown): Envelope {
  const list = Array.isArray(data) ? { non_field_errors: data } : data;
  if (isFields(list)) {
    for (const read of ENVELOPES) {
      const found = read(list);
      if (found)
        return {
          ...found,
          detail: found.detail.slice(0, 2000),
          code: found.code?.slice(0, 200),
          type: found.type?.slice(0, 200),
          attr: found.attr?.slice(0, 1000) ?? found.attr,
        };
    }
  }
  return { detail: "the server gave no reason" };
}

/**
 * `Retry-After` in milliseconds from now; seconds or an HTTP date, which is measured against the server's own `Date`, since
 * its clock and ours may differ. Undefined when absent or unreadable, 0 when in the past.
 */
function retryAfterMs(headers: RawAnswer["headers"], now: number): number | undefined {
  const value = String(headers["retry-after"] ?? "").trim();
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  const until = Date.parse(value);
  if (Number.isNaN(until)) return undefined;
  const from = Date.parse(String(headers.date ?? ""));
  return Math.max(0, until - (Number.isNaN(from) ? now : from));
}

const text = (value: unknown) => (typeof value === "string" ? value : undefined);

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
