/** The kinds of API keys, by the prefix that PostHog gives them, and what each may do. */

export interface KeyKind {
  /** In words, with its article. */
  name: string;
  /** Why PostHog does not take it here at all. */
  unfit?: string;
  /** May list, read, create and update flows, and nothing else. */
  flowsOnly?: true;
}

const KINDS: Readonly<Record<string, KeyKind>> = {
  phx_: { name: "a personal API key" },
  phs_: { name: "a project secret API key", flowsOnly: true },
  phc_: { name: "a project token", unfit: "it may only send events" },
};

/** The kind of a key; undefined for a prefix that is not known, which is treated as a personal one. */
export const kindOfKey = (apiKey: string): KeyKind | undefined => KINDS[apiKey.slice(0, 4)];

/** What a project secret API key cannot be used for, in words. */
export const BEYOND_FLOWS =
  "A project secret API key (phs_…) may list, read, create and update flows, and nothing else: no schedules, no deletion, no staged drafts, no runs.";

/** A request about flows: `path` is what follows `hog_flows`. */
interface Request {
  method: string;
  collection?: string | undefined;
  path: readonly string[];
  body?: unknown;
}

/** Whether a key may make this request. What is not known is left to PostHog. A draft that is staged can be neither published nor dropped with such a key, so none is staged. */
export function mayRequest(apiKey: string, { method, collection, path, body }: Request): boolean {
  if (!kindOfKey(apiKey)?.flowsOnly) return true;
  if (collection !== undefined || (body as { stage_draft?: unknown } | undefined)?.stage_draft === true) return false;
  return path.length === 0
    ? method === "GET" || method === "POST"
    : path.length === 1 && (method === "GET" || method === "PUT" || method === "PATCH");
}
