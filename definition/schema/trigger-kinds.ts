// What is true of each kind of trigger, one row a kind, as step-kinds.ts has it for steps.
import type { TriggerType } from "./types";

export interface TriggerKind {
  /** What starts a run: an event, a request to the flow's public address, a row, or a schedule (run time §1.1, §1.4). */
  startedBy: "event" | "request" | "row" | "schedule";
  /** The template that it takes when it names none. */
  template: `template-${string}` | undefined;
  /** What PostHog does with its `filters`: it compiles them, counts an audience by them, stores them unread, or has none (API §2.3). */
  filters: "compiled" | "audience" | "unread" | "none";
  /** What its compiled filters always hold. */
  filterDefaults: Readonly<Record<string, unknown>> | undefined;
  /** Whether its runs are about a person. */
  person: "always" | "never" | "unless it counts accounts";
  /** Whether its flows are always `exit_only_at_end`, and take no step that needs a person (API §2.3, row 4; §4.3). */
  isRowScoped: boolean;
  /** Whether its starts are masked (run time §1.1). */
  isMasked: boolean;
  /** Whether whoever starts a run can give it values for variables (run time §1.3, §7.1). */
  takesVariables: boolean;
}

const requested = {
  startedBy: "request",
  filters: "none",
  filterDefaults: undefined,
  person: "always",
  isRowScoped: false,
  isMasked: false,
  takesVariables: true,
} as const;
const rowScoped = {
  template: undefined,
  filters: "compiled",
  person: "never",
  isRowScoped: true,
  isMasked: true,
  takesVariables: false,
} as const;

export const TRIGGER_KINDS = {
  event: {
    startedBy: "event",
    template: undefined,
    filters: "compiled",
    filterDefaults: undefined,
    person: "always",
    isRowScoped: false,
    isMasked: true,
    takesVariables: false,
  },
  webhook: { ...requested, template: "template-source-webhook" },
  manual: { ...requested, template: "template-source-webhook" },
  tracking_pixel: { ...requested, template: "template-source-webhook-pixel" },
  schedule: {
    startedBy: "schedule",
    template: undefined,
    filters: "unread",
    filterDefaults: undefined,
    person: "never",
    isRowScoped: false,
    isMasked: false,
    takesVariables: true,
  },
  batch: {
    startedBy: "schedule",
    template: undefined,
    filters: "audience",
    filterDefaults: undefined,
    person: "unless it counts accounts",
    isRowScoped: false,
    isMasked: true,
    takesVariables: true,
  },
  "data-warehouse-table": {
    ...rowScoped,
    startedBy: "row",
    filterDefaults: { source: "data-warehouse-table", properties: [] },
  },
  "data-warehouse-view": {
    ...rowScoped,
    startedBy: "row",
    filterDefaults: { source: "data-warehouse-view", properties: [] },
  },
  "internal-event": {
    ...rowScoped,
    startedBy: "event",
    filterDefaults: { source: "internal-events", events: [] },
  },
} as const satisfies Readonly<Record<TriggerType, TriggerKind>>;

/** The row of a kind that is known here. */
export const triggerKindOf = (type: unknown): TriggerKind | undefined =>
  typeof type === "string" && Object.hasOwn(TRIGGER_KINDS, type) ? TRIGGER_KINDS[type as TriggerType] : undefined;
