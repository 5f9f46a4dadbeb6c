// The definition of a workflow in its keyed form: steps by id, camelCase names, wiring inside each step.
// This is what the engine stores, diffs and shows. Data (template inputs, property keys, variables) is never renamed.

/** Any value that JSON can carry. */
export type Json = unknown;

/**
 * Whether a flow runs. No one enters `draft` and `archived` flows; an archived one is hidden in PostHog's list.
 * Unstated, a flow is created as a draft and whoever presses the button in PostHog decides from then on.
 */
export type FlowStatus = "draft" | "active" | "archived";

/** The part of PostHog that a flow belongs to, in addition to Workflows. Set when it is created. */
export type OriginProduct = "loops" | "broadcasts";

/**
 * When a run ends before its `exit` step. Default `exit_on_conversion`.
 * Flows triggered by warehouse rows or internal events are always `exit_only_at_end`.
 */
export type ExitCondition =
  | "exit_on_conversion"
  | "exit_on_trigger_not_matched"
  | "exit_on_trigger_not_matched_or_conversion"
  | "exit_only_at_end";

/** What happens after a step fails: `abort` ends the run, `continue` (the default) continues along `next`. */
export type OnError = "continue" | "abort";

/** One property test inside a filter. Further members that PostHog's editor writes are kept as they are. */
export interface PropertyFilter {
  /** Name of the property, for example `plan`; `id` for a cohort. */
  key: string;
  /** Value or values to compare with; absent for `is_set` and `is_not_set`. */
  value?: Json;
  /** Operator, for example `exact`, `is_not`, `icontains`, `gt`, `is_set`. Default `exact`. */
  operator?: string;
  /** Where the property lives: `event`, `person`, `group`, `event_metadata`, `cohort`, `hogql`, `workflow_variable` … */
  type?: string;
  /** Index of the group type, with `type: "group"`. */
  groupTypeIndex?: number;
}

/** One event, or one PostHog action, inside a filter. */
export interface EventFilterItem {
  /** Event name, for example `user signed up`; `null` for any event; id of the PostHog action in `actions`. */
  id: string | number | null;
  /** Label. Default: the id. */
  name?: string | null;
  /** `events` or `actions`. Default: the list that it is in. */
  type?: string;
  /** Place in the list. Default: its index. */
  order?: number;
  /** Tests on this event alone. Default: none. */
  properties?: PropertyFilter[];
}

/** A compiled filter: (test accounts) AND all `properties` AND any of `events` and `actions`. */
export interface Filters {
  /** Stream that the filter reads. Default `events`; triggers on rows and internal events have their own. */
  source?: "events" | "person-updates" | "internal-events" | "data-warehouse-table" | "data-warehouse-view";
  /** Events, any of which matches. Default: none. */
  events?: EventFilterItem[];
  /** PostHog actions, any of which matches. Default: none. */
  actions?: EventFilterItem[];
  /** Property tests, all of which must match. Default: none. */
  properties?: PropertyFilter[];
  /** Leaves the project's test accounts out. Default false. */
  filterTestAccounts?: boolean;
  /** Warehouse tables; only with a warehouse source. */
  dataWarehouse?: Json[];
}

/**
 * Who a batch flow runs for. Kept word for word: a change of text alone, even without a change of meaning, makes PostHog pause
 * the flow's schedules.
 */
export interface BatchFilters {
  /** Property tests, all of which must match. `[]` is everybody. */
  properties?: PropertyFilter[];
  /** One run per person or per account. PostHog's default is `persons`. */
  audienceType?: "persons" | "accounts";
  /** Leaves the project's test accounts out. */
  filterTestAccounts?: boolean;
  /** Accounts with one of these tags (accounts only). */
  tagNames?: string[];
  /** Accounts by whether somebody owns them (accounts only). */
  assignmentStatus?: "all" | "assigned" | "unassigned";
  /** Accounts owned by these users (accounts only). */
  assignedToUserIds?: number[];
}

/** A value for one input of a template. */
export interface TemplateInput {
  /** The value. Text may hold a template in the language of `templating`. */
  value?: Json;
  /** Language of the templates inside `value`. Default: the template's own choice, mostly `hog`. */
  templating?: "hog" | "liquid";
  /** `true` without a value keeps the secret that PostHog stores for this step. Only for a step that exists there already. */
  secret?: boolean;
}

/** Template inputs by name. Names are the template's and are never renamed. */
export type TemplateInputs = Record<string, TemplateInput>;

/**
 * Starts a run for every matching event.
 *
 * @example
 * ```ts
 * trigger_node: { type: "trigger", name: "Signed up", config: { type: "event", filters: { events: [{ id: "user signed up" }] } }, next: "welcome" }
 * ```
 */
export interface EventTriggerConfig {
  /** Kind of trigger. */
  type: "event";
  /** Which events. An active flow must name an event, an action or a property. */
  filters?: Filters;
}

/**
 * Starts a run for every request to the flow's webhook URL.
 *
 * @example
 * ```ts
 * trigger_node: { type: "trigger", name: "Ticket", config: { type: "webhook", inputs: { event: { value: "{request.body.event}" }, distinct_id: { value: "{request.body.distinct_id}" }, method: { value: "POST" } } }, next: "route" }
 * ```
 */
export interface WebhookTriggerConfig {
  /** Kind of trigger. */
  type: "webhook";
  /** Default `template-source-webhook`. */
  templateId?: string;
  /** Id of a saved template of the project. */
  templateUuid?: string;
  /**
   * `event`, `distinct_id`, `method`, and optionally `properties`, `debug` and the secret `auth_header`. Requests with another method than `method` are answered with
   * 405, and without it all of them are: `POST` is the default of PostHog's editor, which stores it.
   */
  inputs?: TemplateInputs;
}

/**
 * Starts a run when somebody presses the button in PostHog, or calls the flow's URL.
 *
 * @example
 * ```ts
 * trigger_node: { type: "trigger", name: "By hand", config: { type: "manual", inputs: { event: { value: "$workflow_triggered" }, distinct_id: { value: "{request.body.user_id}" }, method: { value: "POST" } } }, next: "remind" }
 * ```
 */
export interface ManualTriggerConfig {
  /** Kind of trigger. */
  type: "manual";
  /** Default `template-source-webhook`. */
  templateId?: string;
  /** Id of a saved template of the project. */
  templateUuid?: string;
  /** `event`, usually `$workflow_triggered`, `distinct_id`, and `method`, which is `POST` for the button: without it every request is answered with 405. */
  inputs?: TemplateInputs;
}

/**
 * Starts a run when the flow's pixel is loaded.
 *
 * @example
 * ```ts
 * trigger_node: { type: "trigger", name: "Pixel", config: { type: "tracking_pixel", inputs: { event: { value: "{request.query.ph_event}" }, distinct_id: { value: "{request.query.ph_distinct_id}" } } }, next: "follow_up" }
 * ```
 */
export interface TrackingPixelTriggerConfig {
  /** Kind of trigger. */
  type: "tracking_pixel";
  /** Default `template-source-webhook-pixel`. */
  templateId?: string;
  /** Id of a saved template of the project. */
  templateUuid?: string;
  /** `event`, `distinct_id` and optionally `properties`, `debug`. */
  inputs?: TemplateInputs;
}

/**
 * Starts one run, without a person, at each occurrence of the flow's schedules.
 *
 * @example
 * ```ts
 * trigger_node: { type: "trigger", name: "On schedule", config: { type: "schedule" }, next: "numbers" }
 * ```
 */
export interface ScheduleTriggerConfig {
  /** Kind of trigger. */
  type: "schedule";
  /** Passed on unchanged. */
  filters?: Json;
}

/**
 * Starts one run for each person or account of an audience, at each occurrence of the flow's schedules or by a batch job.
 *
 * @example
 * ```ts
 * trigger_node: { type: "trigger", name: "Audience", config: { type: "batch", filters: { properties: [{ key: "churned", value: ["true"], operator: "exact", type: "person" }] } }, next: "offer" }
 * ```
 */
export interface BatchTriggerConfig {
  /** Kind of trigger. */
  type: "batch";
  /** The audience. Kept word for word: a change of text alone pauses the flow's schedules. */
  filters: BatchFilters;
}

/**
 * Starts a run for every new row of a warehouse table or view.
 *
 * @example
 * ```ts
 * trigger_node: { type: "trigger", name: "Row", config: { type: "data-warehouse-table", tableName: "stripe.invoice" }, next: "notify" }
 * ```
 */
export interface WarehouseTriggerConfig {
  /** Kind of trigger. */
  type: "data-warehouse-table" | "data-warehouse-view";
  /** Table or view, for example `stripe.invoice`. Needed once the flow is active. */
  tableName?: string;
  /** Which rows. Default: all. */
  filters?: Filters;
  /** Column that identifies a row. */
  keyProperty?: string;
}

/**
 * Starts a run for a Slack message or a GitHub event.
 *
 * @example
 * ```ts
 * trigger_node: { type: "trigger", name: "Release", config: { type: "internal-event", filters: { events: [{ id: "$github_event_received" }], properties: [{ key: "repository", value: ["acme/app"], type: "event" }, { key: "event_type", value: ["release"], type: "event" }] } }, next: "announce" }
 * ```
 */
export interface InternalEventTriggerConfig {
  /** Kind of trigger. */
  type: "internal-event";
  /** The event, and at the top level of `properties` the channel, or the repository and event type. */
  filters: Filters;
}

/** What starts a run, by `type`. */
export type TriggerConfig =
  | EventTriggerConfig
  | WebhookTriggerConfig
  | ManualTriggerConfig
  | TrackingPixelTriggerConfig
  | ScheduleTriggerConfig
  | BatchTriggerConfig
  | WarehouseTriggerConfig
  | InternalEventTriggerConfig;

/** A moment computed for each person. */
export interface DelayUntil {
  /** Hog expression that yields a date, for example `person.properties.renewal`. */
  expression: string;
  /** Signed duration that is added, for example `-3d`. */
  offset?: string;
  /** IANA zone of dates without one, for example `Europe/Berlin`. Default UTC. */
  timezone?: string;
  /** Uses the person's time zone if it is known. Default false. */
  usePersonTimezone?: boolean;
  /** IANA time zone if the person's is unknown. */
  fallbackTimezone?: string;
}

/**
 * Waits for a time, or until a moment: one of the two.
 *
 * @example
 * ```ts
 * let_them_try: { type: "delay", name: "Wait 3 days", config: { delayDuration: "3d" }, next: "tips" }
 * ```
 */
export interface DelayConfig {
  /** One number and one unit of `s`, `m`, `h`, `d`. Caps at run time, without carry: 60s, 60m, 24h, 30d. */
  delayDuration?: string;
  /** A moment computed for each person. */
  delayUntil?: DelayUntil;
  /** Longest wait with `delayUntil`. Default and maximum 30d. */
  maxDelayDuration?: string;
}

/**
 * Waits until the clock shows one of these times.
 *
 * @example
 * ```ts
 * office_hours: { type: "wait_until_time_window", name: "Office hours", config: { timezone: "Europe/Berlin", day: "weekday", time: ["09:00", "17:00"] }, next: "digest" }
 * ```
 */
export interface TimeWindowConfig {
  /** IANA zone, for example `Europe/Berlin`. Default UTC. */
  timezone?: string;
  /** Uses the person's time zone if it is known. Default false. */
  usePersonTimezone?: boolean;
  /** IANA time zone if the person's is unknown. */
  fallbackTimezone?: string;
  /** `any`, `weekday`, `weekend`, or a list of lower-case English names. */
  day:
    | "any"
    | "weekday"
    | "weekend"
    | ("monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday")[];
  /** `any`, or start and end as `HH:MM`. */
  time: "any" | string[];
}

/** A condition with a label. */
export interface Condition {
  /** What must match. */
  filters?: Filters;
  /** Label. */
  name?: string;
}

/**
 * Waits for an event or a condition; `branches[0]` is taken when it comes, `next` when the time is out.
 *
 * @example
 * ```ts
 * bought: { type: "wait_until_condition", name: "Bought?", config: { events: [{ filters: { events: [{ id: "order completed" }] } }], maxWaitDuration: "2h" }, branches: ["exit_node"], next: "reminder" }
 * ```
 */
export interface WaitUntilConditionConfig {
  /** State of the person that ends the wait. Default: none. */
  condition?: Condition;
  /** Events, any of which ends the wait. Only those that come while somebody waits count. Default: none. */
  events?: Condition[];
  /** One number and one unit of `s`, `m`, `h`, `d`; at most 60s, 60m, 24h, 30d. Without it nobody waits at all. */
  maxWaitDuration?: string;
}

/**
 * Continues at `branches[i]` for the first of `conditions` that matches, else to `next`.
 *
 * @example
 * ```ts
 * plan: { type: "conditional_branch", name: "Plan?", config: { conditions: [{ name: "Pro", filters: { properties: [{ key: "plan", value: ["pro"], type: "person" }] } }] }, branches: ["exit_node"], next: "upgrade" }
 * ```
 */
export interface ConditionalBranchConfig {
  /** Condition `i` belongs to `branches[i]`. */
  conditions: Condition[];
}

/** One share of a random split. */
export interface Cohort {
  /** Relative weight; shares need not add up to 100. */
  percentage: number;
  /** Label. */
  name?: string;
}

/**
 * Continues at `branches[i]` at random.
 *
 * @example
 * ```ts
 * offer: { type: "random_cohort_branch", name: "A/B", config: { cohorts: [{ name: "A", percentage: 50 }, { name: "B", percentage: 50 }] }, branches: ["mail_a", "mail_b"] }
 * ```
 */
export interface RandomCohortBranchConfig {
  /** Share `i` belongs to `branches[i]`. */
  cohorts: Cohort[];
}

/**
 * Runs any destination template, for example `template-webhook` or `template-slack`. An optional input that is left out is empty: defaults that PostHog's editor
 * shows are stored by the editor.
 *
 * @example
 * ```ts
 * notify: { type: "function", name: "Notify", config: { templateId: "template-webhook", inputs: { url: { value: "https://example.com/hook" }, signing_secret: { value: config.requireSecret("hookSecret") } } }, next: "exit_node" }
 * ```
 */
export interface FunctionConfig {
  /** Template, for example `template-webhook`. */
  templateId: string;
  /** Id of a saved template of the project. */
  templateUuid?: string;
  inputs?: TemplateInputs;
  /** Event mappings of the template, passed on unchanged. */
  mappings?: Json[];
}

/** Whether opt-outs are respected: a `transactional` message is sent to people who opted out, too. */
export type MessageCategoryType = "marketing" | "transactional";

/**
 * Sends an e-mail.
 *
 * @example
 * ```ts
 * welcome: { type: "function_email", name: "Welcome", config: { messageCategoryType: "marketing", inputs: { email: { templating: "liquid", value: { from: { integrationId: 7 }, to: { email: "{{ person.properties.email }}", name: "" }, subject: "Welcome!", html: '<p>Hello</p><a href="{{ unsubscribe_url }}">Unsubscribe</a>' } } } }, next: "exit_node" }
 * ```
 */
export interface EmailConfig {
  /** Always `template-email`, which is the default. */
  templateId?: string;
  /** A saved message template of the project; its body is copied when no body is given. */
  templateUuid?: string;
  /**
   * `email`: sender (`from.integrationId`, a number), recipient (`to.email`), `subject` and `html`, all of them needed; `html` is `""` for an e-mail that has only
   * `text`. `cc`, `bcc`, `replyTo`, `preheader` and `text` are texts or absent.
   */
  inputs?: TemplateInputs;
  /** Category that people can opt out of. */
  messageCategoryId?: string;
  /** Whether opt-outs are respected. */
  messageCategoryType?: MessageCategoryType;
  /** Open and click tracking. PostHog's default is true. */
  trackingEnabled?: boolean;
}

/**
 * Sends a text message.
 *
 * @example
 * ```ts
 * sms: { type: "function_sms", name: "Reminder", config: { messageCategoryType: "transactional", inputs: { twilio_account: { value: 456 }, from_number: { value: "+15550100000" }, to_number: { value: "{{ person.properties.phone }}", templating: "liquid" }, message: { value: "See you tomorrow.", templating: "liquid" } } }, next: "exit_node" }
 * ```
 */
export interface SmsConfig {
  /** Always `template-twilio`, which is the default. */
  templateId?: string;
  /** Id of a saved template of the project. */
  templateUuid?: string;
  /** `twilio_account` (integration id) and `from_number`, which are read as they are; `to_number` and `message`, which are Liquid. */
  inputs?: TemplateInputs;
  /** Category that people can opt out of. */
  messageCategoryId?: string;
  /** Whether opt-outs are respected. */
  messageCategoryType?: MessageCategoryType;
}

/**
 * Sends a push notification.
 *
 * @example
 * ```ts
 * push: { type: "function_push", name: "Nudge", config: { inputs: { distinctId: { value: "{{ person.distinct_id }}", templating: "liquid" }, channels: { value: [3] }, title: { value: "Still there?", templating: "liquid" }, body: { value: "", templating: "liquid" } } }, next: "exit_node" }
 * ```
 */
export interface PushConfig {
  /** Always `template-native-push`, which is the default. */
  templateId?: string;
  /** Id of a saved template of the project. */
  templateUuid?: string;
  /**
   * `distinctId`, `channels` (at most ten), `title` and `body`, which is `""` if there is nothing to say; optionally `image`, a whole address, and `data`, a map of
   * texts. It is sent to the devices of the run's person, whatever `distinctId` says.
   */
  inputs?: TemplateInputs;
  /** Category that people can opt out of. */
  messageCategoryId?: string;
  /** Whether opt-outs are respected. */
  messageCategoryType?: MessageCategoryType;
}

/**
 * Ends the run.
 *
 * @example
 * ```ts
 * exit_node: { type: "exit", name: "Exit", config: { reason: "done" } }
 * ```
 */
export interface ExitConfig {
  /** A note for people; PostHog does nothing with it. */
  reason?: string;
}

/** The variable that holds the result of a step. */
export interface OutputVariable {
  /** Name of the variable. */
  key: string;
  /** Dotted path into the result. Default: the whole of it. */
  resultPath?: string;
  /** Stores each member of a map as `<key>_<member>`. Default false. */
  spread?: boolean;
  /** Label in PostHog's editor. */
  label?: string;
}

/** What every step has. */
export interface StepBase {
  /** Title in PostHog's editor, at most 400 characters. Free to change; the id is what people in flight hold on to. */
  name: string;
  /** Text for people. Default empty. */
  description?: string;
  /** What happens after the step fails: `abort` ends the run, `continue` continues along `next`. Default: continue. */
  onError?: OnError;
  /** Runs the step only for those who match; the others go on along `next`. Default: for everybody. */
  filters?: Filters;
  /** Variables that take the step's result. */
  outputVariable?: OutputVariable | OutputVariable[];
  /** Id of the step that follows: the `continue` edge. */
  next?: string;
  /** Ids of the steps that follow by index: the `branch` edges. */
  branches?: string[];
  /** Keys of the step that this version does not know yet, sent as they are. */
  extra?: Record<string, Json>;
}

/** A step by its `type`. */
export type Action =
  | (StepBase & { type: "trigger"; config: TriggerConfig })
  | (StepBase & { type: "function"; config: FunctionConfig })
  | (StepBase & { type: "function_email"; config: EmailConfig })
  | (StepBase & { type: "function_sms"; config: SmsConfig })
  | (StepBase & { type: "function_push"; config: PushConfig })
  | (StepBase & { type: "delay"; config: DelayConfig })
  | (StepBase & { type: "wait_until_condition"; config: WaitUntilConditionConfig })
  | (StepBase & { type: "wait_until_time_window"; config: TimeWindowConfig })
  | (StepBase & { type: "conditional_branch"; config: ConditionalBranchConfig })
  | (StepBase & { type: "random_cohort_branch"; config: RandomCohortBranchConfig })
  | (StepBase & { type: "exit"; config?: ExitConfig });

/** The types of steps, the trigger among them. */
export type ActionType = Action["type"];
/** The types of triggers. */
export type TriggerType = TriggerConfig["type"];

/** Lets the same person start a flow only now and then. */
export interface TriggerMasking {
  /** Hog expression whose result is counted, for example `{person.id}`. */
  hash: string;
  /** Length of the window in seconds, 60 to 94,608,000. Default three years. */
  ttl?: number;
  /** Lets every n-th hit of a window through. Default: only the first. */
  threshold?: number;
}

/** An event that counts as a conversion. */
export interface ConversionEvent {
  /** Which event. */
  filters: Filters;
}

/** The goal of a flow. */
export interface Conversion {
  /** Property tests, all of which must match. Default: none. */
  filters?: PropertyFilter[];
  /** Events, any of which converts. Default: none. */
  events?: ConversionEvent[];
  /** How long after its start a run can convert: one number and one unit of `s`, `m`, `h`, `d`, at most 365d. Default 90d. */
  window?: string;
}

/** Slows the sending of e-mail down. */
export interface EmailSendingRateLimit {
  /** E-mails per period, 1 to 1,000,000. */
  count: number;
  /** The period. */
  period: "minute" | "hour";
}

/** A variable of the flow. PostHog stores every value as text. */
export interface Variable {
  /** For example `string`, `number`, `boolean`. */
  type?: string;
  /** Label in PostHog's editor. */
  label?: string;
  /** Value if a run does not set one. */
  default?: string | number | boolean;
}

/** An edge that the wiring inside the steps cannot say: dangling, doubled, or with a gap before it. */
export interface LeftoverEdge {
  /** Id of the step that it starts at. */
  from: string;
  /** Id of the step that it leads to. */
  to: string;
  /** `continue` for the edge to the next step, `branch` for one of its branches. */
  type: "continue" | "branch";
  /** Of a branch: its index, from 0. */
  index?: number;
}

/** What a live flow holds and the keyed form has no place for. Kept so that nothing is lost on the way. */
export interface Leftover {
  /** Edges that the wiring cannot say. */
  edges?: LeftoverEdge[];
  /** Variables without a key, or with the key of another one. */
  variables?: Json[];
  /** Steps without an id, or with the id of another one. */
  actions?: Json[];
}

/** A whole definition in keyed form. */
export interface FlowDefinition {
  /** Title in PostHog, at most 400 characters. Default: none. */
  name?: string;
  /** Text for people. Default empty. The provider adds one line that says who manages the flow. */
  description?: string;
  /** Whether the flow runs. Unstated, a flow is created as a draft and then belongs to whoever presses the button in PostHog. */
  status?: FlowStatus;
  /**
   * When a run ends before its exit step. Default `exit_on_conversion`. Flows started by warehouse rows or internal events are always `exit_only_at_end`.
   */
  exitCondition?: ExitCondition;
  /** Lets the same person start the flow only now and then. Default: always. */
  triggerMasking?: TriggerMasking;
  /** The goal of the flow. Default: none. */
  conversion?: Conversion;
  /** Slows the sending of e-mail down. Default: as fast as the project may. */
  emailSendingRateLimit?: EmailSendingRateLimit;
  /** Variables by key; at most 5,120 bytes in all. */
  variables?: Record<string, Variable>;
  /** Steps by id; exactly one of type `trigger`. */
  actions: Record<string, Action>;
  /** Edges, variables and steps that the keyed form has no place for. */
  leftover?: Leftover;
  /** Keys of the flow that this version does not know yet, sent as they are. */
  extra?: Record<string, Json>;
}

/** A schedule of a flow, in the form that is stored and compared. */
export interface ScheduleDefinition {
  /** Recurrence rule without DTSTART, for example `FREQ=WEEKLY;BYDAY=MO`. */
  rrule: string;
  /** First possible moment, in UTC. */
  startsAt: string;
  /** IANA zone in which the rule is read. Default UTC. */
  timezone?: string;
  /** Values for the flow's variables in these runs. */
  variables?: Record<string, Json>;
}
