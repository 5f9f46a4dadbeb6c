/**
 * The schema of its API (OpenAPI) that a PostHog publishes. It is the same for everybody, so it is read without a key.
 */
import { apiError, type Sent } from "./answer";
import { sharedDispatcher } from "./dispatcher";
import { exchange, TransportFault } from "./transport";
import { defaultUserAgent } from "./user-agent";

/** Below the origin. */
const SCHEMA_PATH = "/api/schema/";

/** Schemas of PostHog have some megabytes. */
const MAX_BYTES = 100 * 1024 * 1024;

/** Where to read, and when to stop. */
export interface ApiSchemaOptions {
  /** Origin, http or https. */
  host: string;
  /** Longest silence in milliseconds. Default 60 000: PostHog makes the document when it is asked. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/**
 * Reads the schema as JSON.
 *
 * @throws PostHogApiError when there is none, it is not JSON, or nothing answers.
 */
export async function readApiSchema({ host, timeoutMs = 60_000, signal }: ApiSchemaOptions): Promise<unknown> {
  const sent: Sent = { request: `GET ${SCHEMA_PATH}`, host, target: "project", apiKey: "" };
  try {
    const answer = await exchange({
      dispatcher: sharedDispatcher(host),
      origin: host,
      path: `${SCHEMA_PATH}?format=json`,
      method: "GET",
      headers: { accept: "application/vnd.oai.openapi+json, application/json", "user-agent": defaultUserAgent() },
      timeoutMs,
      maxBytes: MAX_BYTES,
      signal,
    });
    const { status } = answer;
    if (status !== 200)
      throw apiError(sent, { status, outcome: "refused", detail: "there is no schema for everybody" });
    try {
      return JSON.parse(answer.body.toString("utf8"));
    } catch {
      throw apiError(sent, {
        status,
        outcome: "refused",
        code: "unreadable",
        detail: `${host} answered something other than JSON`,
      });
    }
  } catch (thrown) {
    if (!(thrown instanceof TransportFault)) throw thrown;
    throw apiError(sent, { outcome: "unsent", code: thrown.code, detail: thrown.message });
  }
}
