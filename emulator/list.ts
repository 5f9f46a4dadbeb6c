/** The list of flows: its filters, its order and its pages. */
import { parseInstant } from "./clock";
import { FieldError } from "./errors";
import { canonicalUuid, contains, isObject, type JsonObject } from "./json";
import { searchFlows, SEARCH_MAX } from "./search";
import { ORIGINS, STATUSES } from "./serializers/flow";
import { billableTypes } from "./representation";
import { MESSAGES } from "./serializers/action-types";
import type { Flow } from "./store";
import type { Switches } from "./switches";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 500;

export interface Page<T> {
  count: number;
  next: string | null;
  previous: string | null;
  results: T[];
}

/** One page; `url` is the absolute URL of the request. */
export function paginate<T, R>(items: readonly T[], url: URL, show: (item: T) => R): Page<R> {
  const limit = Math.min(positive(url.searchParams.get("limit")) || DEFAULT_LIMIT, MAX_LIMIT);
  const offset = positive(url.searchParams.get("offset"));
  const link = (at: number | null) => {
    if (at === null) return null;
    const target = new URL(url);
    target.searchParams.set("limit", String(limit));
    if (at > 0) target.searchParams.set("offset", String(at));
    else target.searchParams.delete("offset");
    return target.href;
  };
  return {
    count: items.length,
    next: link(offset + limit < items.length ? offset + limit : null),
    previous: link(offset > 0 ? Math.max(0, offset - limit) : null),
    results: items.slice(offset, offset + limit).map(show),
  };
}

const positive = (text: string | null): number => (text !== null && /^\s*\+?\d+\s*$/.test(text) ? Number(text) : 0);

const TYPES = ["messaging", "automation", "loop", "broadcast"];
const BROADCAST_STATUSES = ["draft", "scheduled", "sending", "sent", "failed", "archived"];

const sendsMessages = (flow: Flow) => billableTypes(flow.content.actions).some((type) => MESSAGES.includes(type));

function typeOf(flow: Flow): string {
  if (flow.origin_product === "loops") return "loop";
  if (flow.origin_product === "broadcasts") return "broadcast";
  return sendsMessages(flow) ? "messaging" : "automation";
}

/** Types of steps that the page of broadcasts can show. */
const BROADCAST_STEPS = ["trigger", "function_email", "exit"];

/** What the page of broadcasts shows: its own flows, and those that nobody owns and that are a batch with one e-mail. */
function isBroadcast(flow: Flow): boolean {
  if (flow.origin_product !== null) return flow.origin_product === "broadcasts";
  const steps: JsonObject[] = Array.isArray(flow.content.actions) ? flow.content.actions.filter(isObject) : [];
  const batch = steps.some((step) => step.type === "trigger" && step.config?.type === "batch");
  return (
    batch &&
    steps.filter((step) => step.type === "function_email").length === 1 &&
    steps.every((step) => BROADCAST_STEPS.includes(step.type))
  );
}

const JOB_PHASE: Record<string, string> = { completed: "sent", failed: "failed", cancelled: "failed" };

function broadcastStatus(flow: Flow): string | undefined {
  if (flow.origin_product !== "broadcasts") return undefined;
  if (flow.status !== "active") return flow.status;
  const job = flow.batchJobs[flow.batchJobs.length - 1];
  return job ? (JOB_PHASE[job.status] ?? "sending") : "scheduled";
}

type Filter = (value: string, switches: Switches) => (flow: Flow) => boolean;

const refuse = (key: string, detail: string, code?: string) => new FieldError([key], detail, code);

/** A list with commas. One that names nothing is refused like one that names something unknown. */
function words(key: string, value: string, allowed: readonly string[]): string[] {
  const given = value.split(",").filter(Boolean);
  const unknown = [...new Set(given)].filter((word) => !allowed.includes(word)).sort();
  if (unknown.length > 0 || given.length === 0) {
    throw refuse(
      key,
      `${unknown.length > 0 ? `Unknown: ${unknown.join(", ")}. ` : ""}Must be one of: ${allowed.join(", ")}`,
    );
  }
  return given;
}

const instantFilter =
  (key: "created_at" | "updated_at"): Filter =>
  (value) => {
    const instant = parseInstant(value.replace(/ (\d\d:?\d\d)$/, "+$1"));
    if (typeof instant !== "number") throw refuse(key, "Enter a valid date/time.");
    return (flow) => flow[key] === instant;
  };

/** By query parameter, in the order in which their errors are reported. Empty values filter nothing. */
const FILTERS: Record<string, Filter> = {
  id(value) {
    const id = canonicalUuid(value);
    if (!id) throw refuse("id", "Enter a valid UUID.");
    return (flow) => flow.id === id;
  },
  status(value) {
    if (!(STATUSES as readonly string[]).includes(value))
      throw refuse("status", `Select a valid choice. ${value} is not one of the available choices.`, "invalid_choice");
    return (flow) => flow.status === value;
  },
  created_at: instantFilter("created_at"),
  updated_at: instantFilter("updated_at"),
  origin_product(value) {
    if (!(ORIGINS as readonly string[]).includes(value))
      throw refuse("origin_product", `Must be one of: ${ORIGINS.join(", ")}.`);
    return (flow) => flow.origin_product === value;
  },
  created_by(value) {
    const uuid = canonicalUuid(value);
    if (!uuid) throw refuse("created_by", "Must be a valid user uuid");
    return (flow) => flow.created_by?.uuid === uuid;
  },
  type(value) {
    const types = words("type", value, TYPES);
    return (flow) => types.includes(typeOf(flow));
  },
  broadcast_eligible(value) {
    return (flow) => value !== "true" || isBroadcast(flow);
  },
  broadcast_status(value) {
    const statuses = words("broadcast_status", value, BROADCAST_STATUSES);
    return (flow) => statuses.includes(broadcastStatus(flow) ?? "");
  },
  trigger(value) {
    const part = readJson(value);
    if (!isObject(part)) throw refuse("trigger", "Invalid trigger");
    return (flow) => contains(flow.content.trigger, part);
  },
  key(value, switches) {
    return (flow) => !switches.keySupport || flow.key === value;
  },
};

/** The query parameters that choose rows. */
export const LIST_PARAMETERS = [...Object.keys(FILTERS), "search"];

function readJson(text: string): JsonObject | undefined {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return undefined;
  }
}

export function listFlows(flows: Flow[], query: URLSearchParams, switches: Switches): Flow[] {
  let rows = flows;
  for (const [key, filter] of Object.entries(FILTERS)) {
    const value = query.get(key);
    if (value) rows = rows.filter(filter(value, switches));
  }
  const search = (query.get("search") ?? "").trim();
  if ([...search].length > SEARCH_MAX) throw refuse("search", `Search term cannot exceed ${SEARCH_MAX} characters`);
  return searchFlows(rows, search).sort((a, b) => b.updated_at - a.updated_at || (a.id < b.id ? 1 : -1));
}
