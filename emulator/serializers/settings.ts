/** The settings beside the steps: edges, masking, conversion, rate limit. */
import { CompileError, compileExpression, compileProperties } from "../compiler";
import { at, FieldError, NON_FIELD, ServerCrash } from "../errors";
import { choice, integer, isNull, list, nested, required, text } from "../fields";
import { isFalsy, isObject, type JsonObject } from "../json";
import type { Context } from "./context";
import { durationSeconds, DURATION } from "./durations";
import { filtersField, targetsSomething } from "./filters";

export const EDGE_TYPES = ["continue", "branch"];
const PATTERN = "This value does not match the required pattern.";

export function edgesField(value: unknown, { partial }: Context): JsonObject[] {
  return list(value).map((edge, i) => at(i, () => edgeField(edge, partial)));
}

function edgeField(sent: unknown, partial: boolean): JsonObject {
  const raw = nested(sent);
  const read: Record<string, (value: unknown) => unknown> = {
    to: (v) => text(v),
    type: (v) => choice(v, EDGE_TYPES),
    index: (v) => integer(v),
    from: (v) => text(v),
  };
  const edge: JsonObject = {};
  for (const [key, field] of Object.entries(read)) {
    if (key in raw) edge[key] = at(key, () => field(raw[key]));
    else if (key !== "index" && !partial) throw required(key);
  }
  return edge;
}

export const TTL = { min: 60, max: 94_608_000 };

export function maskingField(value: unknown, { partial, generation }: Context): JsonObject | null {
  if (value === null) return null;
  const raw = nested(value);
  const masking: JsonObject = {};
  if ("hash" in raw) masking.hash = at("hash", () => text(raw.hash));
  else if (!partial) throw required("hash");
  if ("ttl" in raw) masking.ttl = raw.ttl === null ? null : at("ttl", () => integer(raw.ttl, TTL));
  if ("threshold" in raw)
    masking.threshold = raw.threshold === null ? null : at("threshold", () => integer(raw.threshold));
  if (masking.hash === undefined) throw new ServerCrash("masking without a hash");
  try {
    return { ...masking, bytecode: compileExpression(masking.hash, generation) };
  } catch (error) {
    if (error instanceof CompileError) throw new ServerCrash("a hash that does not compile");
    throw error;
  }
}

export const WINDOW = { maxLength: 32, maxSeconds: 365 * 86_400, pattern: DURATION };

/** The shape of a conversion goal. It is compiled only when all fields of the flow have passed. */
export function conversionField(value: unknown): JsonObject | null {
  if (value === null) return null;
  const raw = { ...nested(value) };
  if (isObject(raw.filters) && "events" in raw.filters) {
    raw.events = [...(Array.isArray(raw.events) ? raw.events : []), { filters: raw.filters }];
    raw.filters = [];
  }
  const conversion: JsonObject = {};
  if ("filters" in raw) conversion.filters = at("filters", () => list(raw.filters));
  if ("window" in raw) conversion.window = raw.window === null ? null : at("window", () => windowField(raw.window));
  conversion.events =
    "events" in raw ? at("events", () => list(raw.events).map((entry, i) => at(i, () => goalEvent(entry)))) : [];
  return conversion;
}

function windowField(value: unknown): string {
  const window = text(value, { max: WINDOW.maxLength });
  if (!WINDOW.pattern.test(window)) throw new FieldError([], PATTERN);
  const seconds = durationSeconds(window);
  if (seconds <= 0) throw new FieldError([], "The conversion window must be longer than zero.");
  if (seconds > WINDOW.maxSeconds) throw new FieldError([], "The conversion window cannot be longer than 365d.");
  return window;
}

function goalEvent(entry: unknown): JsonObject {
  const raw = nested(entry);
  if (!("filters" in raw)) throw required("filters");
  if (raw.filters === null) throw isNull().under("filters");
  return { filters: raw.filters };
}

export function compiledConversion(conversion: JsonObject, generation: number): JsonObject {
  const events = (conversion.events as JsonObject[])
    .map((entry) => {
      if (!isObject(entry.filters)) throw new ServerCrash("a conversion event whose filters are not an object");
      return entry;
    })
    .filter((entry) => targetsSomething(entry.filters))
    .map((entry) => ({ filters: filtersField(entry.filters, { generation }) }));
  const { events: _events, ...rest } = conversion;
  if (isFalsy(rest.filters)) return { ...rest, events, bytecode: [] };
  try {
    return { ...rest, events, bytecode: compileProperties(rest.filters, generation) };
  } catch (error) {
    if (error instanceof CompileError)
      throw new FieldError([NON_FIELD], `Invalid filter configuration: ${error.message}`);
    throw error;
  }
}

export const RATE_LIMIT = { count: { min: 1, max: 1_000_000 }, periods: ["minute", "hour"] };

export function rateLimitField(value: unknown, { partial }: Context): JsonObject | null {
  if (value === null) return null;
  const raw = nested(value);
  const limit: JsonObject = {};
  if ("count" in raw) limit.count = at("count", () => integer(raw.count, RATE_LIMIT.count));
  else if (!partial) throw required("count");
  if ("period" in raw) limit.period = at("period", () => choice(raw.period, RATE_LIMIT.periods));
  else if (!partial) throw required("period");
  if (!("count" in limit) || !("period" in limit))
    throw new FieldError([NON_FIELD], "Both count and period are required.");
  return limit;
}
