/** The types of steps and triggers, and what callers often write in their place. */

interface StepRow {
  isBillable?: true;
  /** The template of a step that sends a message. */
  template?: string;
  needsPerson?: true;
  /** What callers write in its place, and what they want. */
  hint?: { matches: RegExp; toDo: string };
}

const STEPS: Readonly<Record<string, StepRow>> = {
  trigger: {},
  function: { isBillable: true },
  function_email: {
    isBillable: true,
    template: "template-email",
    hint: { matches: /e?mail/i, toDo: "send an email" },
  },
  function_sms: {
    isBillable: true,
    template: "template-twilio",
    hint: { matches: /sms|twilio/i, toDo: "send a text message" },
  },
  function_push: { isBillable: true, template: "template-native-push" },
  delay: {},
  wait_until_condition: { needsPerson: true },
  wait_until_time_window: {},
  conditional_branch: {},
  random_cohort_branch: { needsPerson: true },
  exit: {},
};

const typesWhere = (holds: (row: StepRow) => unknown): readonly string[] =>
  Object.keys(STEPS).filter((type) => holds(STEPS[type]!));

export const STEP_TYPES = Object.keys(STEPS);
export const BILLABLE = typesWhere(({ isBillable }) => isBillable);
export const MESSAGES = typesWhere(({ template }) => template);
export const NEEDS_PERSON = typesWhere(({ needsPerson }) => needsPerson);

/** Steps with a template of their own. */
export const LITERAL_TEMPLATES: Record<string, string> = Object.fromEntries(
  MESSAGES.map((type) => [type, STEPS[type]!.template!]),
);

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

const ROW_SCOPED: readonly string[] = ["data-warehouse-table", "data-warehouse-view"];
/** Triggers without a person: nothing but reaching the end can make a run leave. */
export const PERSONLESS: readonly string[] = [...ROW_SCOPED, "internal-event"];

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
  ...Object.entries(STEPS).flatMap(([type, { hint }]) =>
    hint ? [{ matches: hint.matches, hint: () => `To ${hint.toDo} use type "${type}".` }] : [],
  ),
];

export function unsupportedType(type: string): string {
  const hint = HINTS.find(({ matches }) => matches.test(type))?.hint(type);
  return `Unsupported action type "${type}". ${hint ? `${hint} ` : ""}Valid types are: ${STEP_TYPES.join(", ")}.`;
}
