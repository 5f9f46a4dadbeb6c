/** Filter objects that the server compiles: their shape, what it adds and what it drops. */
import { BYTECODE_CONTRACT, CompileError, compileFilters as emit } from "../compiler";
import { at, FieldError, NON_FIELD } from "../errors";
import { boolean, choice, dictionary, list, nested } from "../fields";
import { isFalsy, isObject, type JsonObject } from "../json";

export const EVENTS = "events";
export const INTERNAL_EVENTS = "internal-events";
export const SOURCES = [
  EVENTS,
  "person-updates",
  INTERNAL_EVENTS,
  "data-warehouse-table",
  "data-warehouse-view",
] as const;

/** Keys that a step's own filters show; bytecode_contract is not known to be declared there. */
export const SHOWN_STEP_FILTER_KEYS = [
  "source",
  "actions",
  "events",
  "data_warehouse",
  "properties",
  "bytecode",
  "transpiled",
  "filter_test_accounts",
  "bytecode_error",
] as const;

export const FILTER_LISTS: readonly string[] = ["actions", "events", "data_warehouse", "properties"];

/** Which lists a source has no use for. */
const DROPPED: Record<string, readonly string[]> = {
  events: ["data_warehouse"],
  "internal-events": ["data_warehouse"],
  "person-updates": ["events", "actions", "data_warehouse"],
  "data-warehouse-table": ["events", "actions"],
  "data-warehouse-view": ["events", "actions"],
};

const PLACEHOLDER_TABLE = "Select a table";

export interface FilterOptions {
  generation: number;
  /** A PATCHed step's own filters: no default source, nothing dropped. */
  partial?: boolean;
}

export function filtersField(value: unknown, { generation, partial = false }: FilterOptions): JsonObject {
  const sent = nested(value);
  const filters: JsonObject = {};
  if ("source" in sent) filters.source = at("source", () => choice(sent.source, SOURCES));
  else if (!partial) filters.source = EVENTS;
  for (const key of FILTER_LISTS) {
    if (key in sent) filters[key] = at(key, () => list(sent[key]).map((item, i) => at(i, () => dictionary(item))));
  }
  if ("transpiled" in sent) filters.transpiled = sent.transpiled;
  if ("filter_test_accounts" in sent)
    filters.filter_test_accounts = at("filter_test_accounts", () => boolean(sent.filter_test_accounts));
  if (filters.source !== undefined) for (const key of DROPPED[filters.source] ?? []) delete filters[key];
  if (filters.data_warehouse)
    filters.data_warehouse = filters.data_warehouse.filter((entry: JsonObject) => entry.name !== PLACEHOLDER_TABLE);
  try {
    return { ...filters, bytecode: emit(filters, generation), bytecode_contract: BYTECODE_CONTRACT };
  } catch (error) {
    if (error instanceof CompileError)
      throw new FieldError([NON_FIELD], `Invalid filter configuration: ${error.message}`);
    throw error;
  }
}

/** Whether an entry of a wait's or a conversion's events waits for anything. */
export const targetsSomething = (filters: unknown): boolean =>
  isObject(filters) && (!isFalsy(filters.events) || !isFalsy(filters.actions));
