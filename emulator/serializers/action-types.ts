/** The types of steps and triggers, and what callers often write in their place. */

export const STEP_TYPES = [
  "trigger",
  "function",
  "function_email",
  "function_sms",
  "function_push",
  "delay",
  "wait_until_condition",
  "wait_until_time_window",
  "conditional_branch",
  "random_cohort_branch",
  "exit",
] as const;

export const TRIGGER_TYPES = [
  "event",
  "webhook",
  "manual",
  "tracking_pixel",
  "schedule",
  "batch",
  "data-warehouse-table",
  "data-warehouse-view",
  "internal-event",
] as const;

export const BILLABLE = ["function", "function_email", "function_push", "function_sms"] as const;
export const ROW_SCOPED: readonly string[] = ["data-warehouse-table", "data-warehouse-view"];
/** Triggers without a person: nothing but reaching the end can make a run leave. */
export const PERSONLESS: readonly string[] = [...ROW_SCOPED, "internal-event"];
export const NEEDS_PERSON: readonly string[] = ["wait_until_condition", "random_cohort_branch"];

/** Steps with a template of their own. */
export const LITERAL_TEMPLATES: Record<string, string> = {
  function_email: "template-email",
  function_sms: "template-twilio",
  function_push: "template-native-push",
};

const HINTS: readonly { matches: RegExp; hint: (type: string) => string }[] = [
  {
    matches: new RegExp(`^(${TRIGGER_TYPES.join("|")})$`),
    hint: (type) => `"${type}" is a trigger type: use type "trigger" with config.type "${type}".`,
  },
  {
    matches: /^(http|https|http_request|request|api|post|fetch|call_webhook|send_webhook)$/i,
    hint: () => 'For an HTTP request use type "function" with template_id "template-webhook".',
  },
  {
    matches: /person_propert|contact|person_update|update_person/i,
    hint: () =>
      'To change person properties use type "function" with template_id "template-posthog-update-person-properties".',
  },
  { matches: /e?mail/i, hint: () => 'To send an email use type "function_email".' },
  { matches: /sms|twilio/i, hint: () => 'To send a text message use type "function_sms".' },
];

export function unsupportedType(type: string): string {
  const hint = HINTS.find(({ matches }) => matches.test(type))?.hint(type);
  return `Unsupported action type "${type}". ${hint ? `${hint} ` : ""}Valid types are: ${STEP_TYPES.join(", ")}.`;
}
