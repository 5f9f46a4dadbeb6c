// What texts may refer to, by where they are (run time §5.2, §6.3).

/** Roots of every template input. `actions` is declared, and never filled. */
export const INPUT_ROOTS: readonly string[] = [
  "event",
  "person",
  "groups",
  "variables",
  "project",
  "source",
  "inputs",
  "actions",
];
/** Roots of e-mail steps alone. */
export const EMAIL_ROOTS: readonly string[] = ["unsubscribe_url", "unsubscribe_url_one_click"];
/** Roots of trigger inputs alone. */
export const TRIGGER_ROOTS: readonly string[] = ["request"];
/** Roots that come with the person of a run, and are not there while a trigger reads its request. */
export const RUN_ROOTS: readonly string[] = ["person", "groups"];
/** What only Liquid has. */
export const LIQUID_ROOTS: readonly string[] = ["now", "today"];
/** Roots of filters and of `delayUntil`. */
export const FILTER_ROOTS: readonly string[] = [
  "event",
  "properties",
  "distinct_id",
  "uuid",
  "timestamp",
  "elements_chain",
  "person",
  "pdi",
  "variables",
];

/** Members of roots that have no others. */
export const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  event: ["uuid", "event", "distinct_id", "properties", "timestamp", "url", "elements_chain"],
  person: ["id", "properties", "name", "url", "distinct_id"],
  project: ["id", "name", "url"],
  source: ["name", "url"],
  request: ["method", "headers", "ip", "body", "query", "stringBody", "rawBody"],
};
