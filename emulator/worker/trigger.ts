/** The trigger of a test run: whether the event that came with it would start the flow. */
import { isObject, type JsonObject } from "../json";
import { evaluateFilters } from "./filters";
import { nextStep, note, type Outcome, type Run } from "./run";

const GITHUB = "$github_event_received";
const SOURCE_TABLE = "$source_table";
/** The event of a row, by the type of trigger that it starts. */
const ROW_EVENTS: Record<string, string> = {
  "data-warehouse-table": "$warehouse_source_row",
  "data-warehouse-view": "$warehouse_view_row",
};
/** Triggers of every other type have no filters on events, and let every event in. */
const FILTERED = ["event", "internal-event", ...Object.keys(ROW_EVENTS)];

export function triggerStep(run: Run, step: JsonObject): Outcome {
  const trigger: JsonObject = isObject(step.config) ? step.config : {};
  const refusal = ineligible(trigger, run.globals.event as JsonObject);
  if (refusal !== undefined) return skipped(run, refusal);
  if (!FILTERED.includes(trigger.type as string)) return { next: nextStep(run.flow, step) };
  const { match, error } = evaluateFilters(trigger.filters, run.filters);
  if (error !== undefined) throw new Error(error);
  return match ? { next: nextStep(run.flow, step) } : skipped(run, "Workflow trigger did not match the event.");
}

function skipped(run: Run, why: string): Outcome {
  note(run, "info", why);
  return { finished: true, skipped: true };
}

/** Why an event would never reach the trigger, whatever its filters say. */
function ineligible(trigger: JsonObject, event: JsonObject): string | undefined {
  if (trigger.type === "internal-event") {
    const ids = internalEvents(trigger.filters);
    if (ids.length === 0) return "The filters of this trigger name no event, so nothing starts the workflow.";
    if (!ids.includes(event.event as string))
      return `The workflow starts on '${ids.join("', '")}', and a '${event.event}' event does not start it.`;
    if (event.event === GITHUB && event.properties?.own_app === true)
      return "What PostHog's own GitHub app does starts no workflow.";
  }
  if (trigger.type in ROW_EVENTS) {
    const table: unknown = event.properties?.[SOURCE_TABLE];
    if (event.event !== ROW_EVENTS[trigger.type] || table !== trigger.table_name)
      return `The workflow starts on rows of '${trigger.table_name}', and a '${event.event}' event of the table '${String(table ?? "none")}' does not start it.`;
  }
  return undefined;
}

const internalEvents = (filters: unknown): string[] =>
  isObject(filters) && Array.isArray(filters.events)
    ? filters.events.map((event: unknown) => String(isObject(event) ? event.id : event))
    : [];
