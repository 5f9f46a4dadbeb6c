// What this version knows of PostHog's API, under the names of the schema that PostHog publishes. Fields that a program writes come from the definition's own schemas;
// what only answers have, and the end points, are listed here from the reference of the API (API §1.1, §2.1).
import { snakeCase } from "../../definition/schema/names";
import { unwrapped } from "../../definition/schema/rules";
import * as schemas from "../../definition/schema/schemas";
import { STEP_KINDS } from "../../definition/schema/step-kinds";
import { TRIGGER_KINDS } from "../../definition/schema/trigger-kinds";
import * as z from "../../definition/schema/zod";

/** An object of the API. */
export interface KnownObject {
  /** What people call it. */
  noun: string;
  /** Fields that this version sends. */
  sent: readonly string[];
  /** Fields that it knows from answers, and does not send. */
  answered: readonly string[];
}

const fieldsOf = ({ shape }: z.ZodObject, without: readonly string[] = []): string[] =>
  Object.entries(shape)
    .filter(([key]) => !without.includes(key))
    .map(([key, schema]) => unwrapped(schema as z.ZodType).rule.wire ?? snakeCase(key));
const derivedOf = (schema: z.ZodType): readonly string[] => unwrapped(schema).rule.derived ?? [];
const stamps = ["created_at", "updated_at"];

/** By the name of the component. */
export const OBJECTS: Readonly<Record<string, KnownObject>> = {
  HogFlow: {
    noun: "flow",
    sent: [...fieldsOf(schemas.flow, ["leftover", "extra"]), "edges", "origin_product"],
    answered: [
      ...stamps,
      "id",
      "version",
      "created_by",
      "trigger",
      "abort_action",
      "billable_action_types",
      "schedules",
      "user_access_level",
      "draft",
      "draft_updated_at",
      "last_run",
      "action_redirects",
      "email_sending_paused_at",
      "email_sending_resumed_at",
      "email_sending_paused_reason",
      "email_sending_paused_by",
      "email_sending_pause_requires_support",
    ],
  },
  HogFlowAction: {
    noun: "step",
    sent: [...fieldsOf(schemas.action, ["next", "branches", "extra"]), "id"],
    answered: stamps,
  },
  HogFlowEdge: { noun: "edge", sent: ["from", "to", "type", "index"], answered: [] },
  HogFlowMasking: {
    noun: "triggerMasking",
    sent: fieldsOf(schemas.triggerMasking),
    answered: derivedOf(schemas.triggerMasking),
  },
  HogFlowConversion: {
    noun: "conversion",
    sent: fieldsOf(schemas.conversion),
    answered: [...derivedOf(schemas.conversion), "window_minutes"],
  },
  HogFunctionFilters: { noun: "filters", sent: fieldsOf(schemas.filters), answered: derivedOf(schemas.filters) },
  HogFlowSchedule: {
    noun: "schedule",
    sent: ["rrule", "starts_at", "timezone", "variables"],
    answered: [...stamps, "id", "status", "next_run_at"],
  },
};

/** A closed set of values. Enums have other names in other versions, so it is found by the property that has one. */
export interface KnownValues {
  /** The component and its property. */
  component: string;
  property: string;
  /** The field as a program writes it. */
  field: string;
  values: readonly string[];
  /** Whether a program states one; others only come in answers. */
  isStated: boolean;
}

const optionsOf = (optional: z.ZodType): string[] => {
  const { schema } = unwrapped(optional);
  return schema instanceof z.ZodEnum ? schema.options.map(String) : [];
};
const stated = (component: string, property: string, field: string, schema: z.ZodType): KnownValues => ({
  component,
  property,
  field,
  values: optionsOf(schema),
  isStated: true,
});

export const VALUES: readonly KnownValues[] = [
  stated("HogFlow", "status", "status", schemas.flow.shape.status),
  stated("HogFlow", "exit_condition", "exitCondition", schemas.flow.shape.exitCondition),
  stated("HogFlowAction", "on_error", "onError", schemas.action.shape.onError),
  stated("HogFunctionFilters", "source", "filters.source", schemas.filters.shape.source),
  {
    component: "HogFlowEdge",
    property: "type",
    field: "type of an edge",
    values: ["continue", "branch"],
    isStated: false,
  },
  {
    component: "HogFlowSchedule",
    property: "status",
    field: "status of a schedule",
    values: ["active", "paused", "completed"],
    isStated: false,
  },
];

/** Kinds of steps, which newer schemas list and older ones name in a description; those of triggers are named in a description alone. */
export const STEP_TYPES: readonly string[] = Object.keys(STEP_KINDS);
export const TRIGGER_TYPES: readonly string[] = Object.keys(TRIGGER_KINDS);

/** An end point below `/api/projects/<project>/`, with `{}` for each id. */
export interface KnownEndpoint {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  /** What of this package needs it; none: it is known, and not used. */
  usedBy?: string;
}

const endpoint = (method: KnownEndpoint["method"], path: string, usedBy?: string): KnownEndpoint => ({
  method,
  path,
  ...(usedBy === undefined ? {} : { usedBy }),
});

export const ENDPOINTS: readonly KnownEndpoint[] = [
  endpoint("GET", "hog_flows/", "every command, and every `up` that creates or adopts"),
  endpoint("POST", "hog_flows/", "creating flows"),
  endpoint("GET", "hog_flows/{}/", "refresh, drift and updates"),
  endpoint("PUT", "hog_flows/{}/", "updating flows"),
  endpoint("PATCH", "hog_flows/{}/", "changing the status of flows"),
  endpoint("DELETE", "hog_flows/{}/", "deleting flows"),
  endpoint("POST", "hog_flows/bulk_delete/", "hogflow bulk-delete"),
  endpoint("GET", "hog_flows/{}/schedules/", "schedules"),
  endpoint("POST", "hog_flows/{}/schedules/", "creating schedules"),
  endpoint("PATCH", "hog_flows/{}/schedules/{}/", "updating schedules"),
  endpoint("DELETE", "hog_flows/{}/schedules/{}/", "deleting schedules"),
  endpoint("GET", "hog_flows/{}/batch_jobs/", "hogflow batch"),
  endpoint("POST", "hog_flows/{}/batch_jobs/", "hogflow batch"),
  endpoint("POST", "hog_flows/{}/batch_jobs/{}/cancel/"),
  endpoint("POST", "hog_flows/user_blast_radius/", "hogflow audience and hogflow review"),
  endpoint("POST", "hog_flows/{}/publish/", "protectInFlight, hogflow review and drafts"),
  endpoint("POST", "hog_flows/{}/discard_draft/", "discardStagedDraft"),
  endpoint("GET", "hog_flows/{}/revisions/", "hogflow history"),
  endpoint("GET", "hog_flows/{}/revisions/{}/", "hogflow history"),
  endpoint("POST", "hog_flows/{}/revisions/{}/restore/"),
  endpoint("POST", "hog_flows/{}/invocations/", "hogflow test and hogflow verify"),
  endpoint("POST", "hog_flows/{}/invocations/cancel/"),
  endpoint("POST", "hog_flows/{}/rerun/"),
  endpoint("POST", "hog_flows/{}/run/"),
  endpoint("GET", "hog_flows/{}/invocation_results/", "hogflow runs"),
  endpoint("GET", "hog_flows/{}/invocation_results_count/", "hogflow runs"),
  endpoint("GET", "hog_flows/{}/invocation_results/{}/", "hogflow runs"),
  endpoint("GET", "hog_flows/{}/logs/", "hogflow logs"),
  endpoint("GET", "hog_flows/{}/metrics/", "hogflow metrics"),
  endpoint("GET", "hog_flows/{}/metrics/totals/", "hogflow metrics totals"),
  endpoint("GET", "hog_flows/{}/metrics/version/"),
  endpoint("GET", "hog_flows/metrics/global/"),
  endpoint("GET", "hog_flows/{}/assets/"),
  endpoint("GET", "hog_flows/{}/assets/content/"),
  endpoint("PATCH", "hog_flows/{}/graph/"),
  endpoint("PATCH", "hog_flows/{}/actions/{}/email/"),
  endpoint("GET", "hog_flows/reputation/"),
  endpoint("GET", "hog_flows/email_sending_suspension/"),
  endpoint("POST", "hog_flows/{}/resume_email_sending/"),
  endpoint("GET", "hog_flows/{}/proposals/"),
  endpoint("POST", "hog_flows/{}/proposals/"),
  endpoint("GET", "hog_flows/{}/proposals/{}/"),
  endpoint("POST", "hog_flows/{}/proposals/{}/approve/"),
  endpoint("POST", "hog_flows/{}/proposals/{}/reject/"),
  endpoint("GET", "hog_flows/{}/proposals/{}/outcome/"),
  endpoint("GET", "hog_flows/{}/optimization/"),
  endpoint("POST", "hog_flows/{}/optimization/"),
  endpoint("GET", "hog_function_templates/{}/", "hogflow templates"),
];
