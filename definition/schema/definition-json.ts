// The pasted form of a definition: the JSON that PostHog returns, snake_case, with lists. The JSON Schema that editors use for such files is
// generated from this type, so every docstring here is what somebody reads while hovering.
import type { ExitCondition, FlowStatus, MessageCategoryType, OnError } from "./types";

/** A workflow as PostHog's API returns it. Keys that PostHog makes may stay; they are ignored. */
export interface FlowDefinitionJson extends ServerMadeJson {
  /** Where the JSON Schema of this file is. For editors; never sent. */
  $schema?: string;
  /**
   * Title in PostHog. Default: none.
   * @minLength 1
   * @maxLength 400
   */
  name?: string | null;
  /** Text for people. Default empty. The provider adds one line that says who manages the flow. */
  description?: string;
  /** Whether the flow runs. Unstated, a flow is created as a draft and then belongs to whoever presses the button in PostHog. */
  status?: FlowStatus;
  /**
   * When a run ends before its exit step. Flows started by warehouse rows or internal events are always exit_only_at_end.
   * @default exit_on_conversion
   */
  exit_condition?: ExitCondition;
  /** Lets the same person start the flow only now and then. Default: always. */
  trigger_masking?: TriggerMaskingJson | null;
  /** The goal of the flow. Default: none. */
  conversion?: ConversionJson | null;
  /** Slows the sending of e-mail down. Default: as fast as possible. */
  email_sending_rate_limit?: EmailSendingRateLimitJson | null;
  /** The steps, in any order; exactly one of type trigger. */
  actions: ActionJson[];
  /** The ways from step to step, in any order. Of two edges of one kind from one step the first counts. */
  edges?: EdgeJson[];
  /** Variables of the flow. All together at most 5,120 bytes. */
  variables?: VariableJson[];
}

/** What PostHog adds to a flow that it returns. Ignored. */
export interface ServerMadeJson {
  /** Made by PostHog; ignored. */
  id?: string;
  /**
   * Made by PostHog; ignored. Counts the changes of content.
   * @TJS-type integer
   */
  version?: number;
  /** Where PostHog lists and edits the flow: loops, broadcasts, or null for the workflows. Sent when the flow is created, and ignored afterwards. */
  origin_product?: string | null;
  /** Made by PostHog; ignored. */
  created_at?: string;
  /** Made by PostHog; ignored. */
  created_by?: unknown;
  /** Made by PostHog; ignored. */
  updated_at?: string;
  /** Made by PostHog; ignored: a copy of the trigger step's config. */
  trigger?: unknown;
  /** Made by PostHog; ignored. */
  abort_action?: string | null;
  /** Made by PostHog; ignored. */
  billable_action_types?: unknown;
  /** Made by PostHog; ignored. Schedules are resources of their own: HogFlowSchedule. */
  schedules?: unknown;
  /** Made by PostHog; ignored. */
  user_access_level?: string | null;
  /** Made by PostHog; ignored: content that is staged and not published. */
  draft?: unknown;
  /** Made by PostHog; ignored. */
  draft_updated_at?: string | null;
  /** Made by PostHog; ignored: where people of removed steps went. */
  action_redirects?: unknown;
  /** Made by PostHog; ignored. */
  email_sending_paused_at?: string | null;
  /** Made by PostHog; ignored. */
  email_sending_resumed_at?: string | null;
  /** Made by PostHog; ignored. */
  email_sending_paused_reason?: string;
  /** Made by PostHog; ignored. */
  email_sending_paused_by?: string;
  /** Made by PostHog; ignored. */
  email_sending_pause_requires_support?: boolean;
  /** Made by PostHog; ignored. */
  last_run?: unknown;
  /** Made by PostHog; ignored. */
  pending_suggestions?: unknown;
  /** Made by PostHog; ignored. */
  suggestions_enabled?: unknown;
}

/** What PostHog's compiler adds beside a text or a filter. Ignored. */
export interface CompiledJson {
  /** Made by PostHog; ignored. */
  bytecode?: unknown;
}

/** Lets the same person start a flow only now and then. */
export interface TriggerMaskingJson extends CompiledJson {
  /**
   * Hog expression whose result is counted, for example {person.id}.
   * @minLength 1
   */
  hash: string;
  /**
   * Length of the window in seconds. Default: three years.
   * @minimum 60
   * @maximum 94608000
   */
  ttl?: number | null;
  /** Lets every n-th hit of a window through. Default: only the first. */
  threshold?: number | null;
}

/** The goal of a flow. */
export interface ConversionJson extends CompiledJson {
  /** Property tests, all of which must match. Default: none. */
  filters?: PropertyFilterJson[];
  /** Events, any of which converts. Default: none. */
  events?: ConversionEventJson[];
  /**
   * How long after its start a run can convert: one number and one unit of s, m, h, d, at most 365d. Default 90d.
   * @maxLength 32
   * @pattern ^(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)[dhms]$
   */
  window?: string | null;
  /** Null in older exports; ignored. */
  window_minutes?: null;
}

/** An event that counts as a conversion. */
export interface ConversionEventJson {
  /** Which event. */
  filters: FiltersJson;
}

/** Slows the sending of e-mail down. */
export interface EmailSendingRateLimitJson {
  /**
   * E-mails per period.
   * @minimum 1
   * @maximum 1000000
   * @TJS-type integer
   */
  count: number;
  /** The period. */
  period: "minute" | "hour";
}

/** A variable of the flow. PostHog stores every value as text. */
export interface VariableJson {
  /** Name of the variable, unique in the flow. */
  key: string;
  /** For example string, number, boolean. */
  type?: string;
  /** Label in PostHog's editor. */
  label?: string;
  /** Value where a run has none of its own. */
  default?: string | number | boolean;
}

/** The way from one step to another. */
export interface EdgeJson {
  /** Id of the step that it starts at. */
  from: string;
  /** Id of the step that it leads to. */
  to: string;
  /** continue: the way on, also without a match or after the time is out. branch: the way for the condition or share of the same index. */
  type: "continue" | "branch";
  /**
   * Of a branch: the place of its condition or share, from 0; for a wait, 0.
   * @TJS-type integer
   */
  index?: number;
}

/** A step, by its type. */
export type ActionJson =
  | TriggerActionJson
  | FunctionActionJson
  | EmailActionJson
  | SmsActionJson
  | PushActionJson
  | DelayActionJson
  | WaitUntilConditionActionJson
  | TimeWindowActionJson
  | ConditionalBranchActionJson
  | RandomCohortBranchActionJson
  | ExitActionJson;

/** What every step has. */
export interface ActionBaseJson {
  /**
   * Identity of the step, unique in the flow. People in flight and stored secrets hang on it, so keep it when the step changes.
   * @minLength 1
   * @maxLength 200
   */
  id: string;
  /**
   * Title in PostHog's editor. Free to change.
   * @minLength 1
   * @maxLength 400
   */
  name: string;
  /** Text for people. Default empty. */
  description?: string;
  /** What happens after the step failed: abort ends the run, continue goes on. Default: go on. */
  on_error?: OnError | null;
  /** Runs the step only for those who match; the others go on. Default: for everybody. */
  filters?: FiltersJson | null;
  /** Variables that take the step's result; a bare text is the name of one. Default: none. */
  output_variable?: string | OutputVariableJson | (string | OutputVariableJson)[] | null;
  /** Kept by PostHog's editor, in milliseconds; ignored. */
  created_at?: number | null;
  /** Kept by PostHog's editor, in milliseconds; ignored. */
  updated_at?: number | null;
}

/** Where the result of a step goes. */
export interface OutputVariableJson {
  /**
   * Name of the variable.
   * @minLength 1
   */
  key: string;
  /** Dotted path into the result. Default: the whole of it. */
  result_path?: string | null;
  /** Stores each member of a map as <key>_<member>. Default false. */
  spread?: boolean | null;
  /** Label in PostHog's editor. */
  label?: string | null;
}

/** What starts a run. Exactly one in a flow. */
export interface TriggerActionJson extends ActionBaseJson {
  /** Kind of step. */
  type: "trigger";
  /** What starts a run, by its type. */
  config: TriggerConfigJson;
}

/** Runs a destination template, for example template-webhook or template-slack. */
export interface FunctionActionJson extends ActionBaseJson {
  /** Kind of step. */
  type: "function";
  /** The template and its inputs. */
  config: FunctionConfigJson;
}

/** Sends an e-mail. */
export interface EmailActionJson extends ActionBaseJson {
  /** Kind of step. */
  type: "function_email";
  /** Sender, recipient, subject and body. */
  config: EmailConfigJson;
}

/** Sends a text message. */
export interface SmsActionJson extends ActionBaseJson {
  /** Kind of step. */
  type: "function_sms";
  /** Sender, recipient and message. */
  config: SmsConfigJson;
}

/** Sends a push notification. */
export interface PushActionJson extends ActionBaseJson {
  /** Kind of step. */
  type: "function_push";
  /** Channels, title and body. */
  config: PushConfigJson;
}

/** Waits for a time, or until a moment. */
export interface DelayActionJson extends ActionBaseJson {
  /** Kind of step. */
  type: "delay";
  /** How long, or until when. */
  config: DelayConfigJson;
}

/** Waits for an event or a condition. Branch 0 is taken when it comes, the continue edge when the time is out. */
export interface WaitUntilConditionActionJson extends ActionBaseJson {
  /** Kind of step. */
  type: "wait_until_condition";
  /** For what, and how long. */
  config: WaitUntilConditionConfigJson;
}

/** Waits until the clock shows one of these times. */
export interface TimeWindowActionJson extends ActionBaseJson {
  /** Kind of step. */
  type: "wait_until_time_window";
  /** Days, times and zone. */
  config: TimeWindowConfigJson;
}

/** Goes to the branch of the first condition that matches, else along the continue edge. */
export interface ConditionalBranchActionJson extends ActionBaseJson {
  /** Kind of step. */
  type: "conditional_branch";
  /** The conditions. */
  config: ConditionalBranchConfigJson;
}

/** Goes to one of the branches by chance. */
export interface RandomCohortBranchActionJson extends ActionBaseJson {
  /** Kind of step. */
  type: "random_cohort_branch";
  /** The shares. */
  config: RandomCohortBranchConfigJson;
}

/** Ends the run. */
export interface ExitActionJson extends ActionBaseJson {
  /** Kind of step. */
  type: "exit";
  /** {} or a reason. */
  config: ExitConfigJson;
}

/** What starts a run, by its type. */
export type TriggerConfigJson =
  | EventTriggerConfigJson
  | WebhookTriggerConfigJson
  | ManualTriggerConfigJson
  | TrackingPixelTriggerConfigJson
  | ScheduleTriggerConfigJson
  | BatchTriggerConfigJson
  | WarehouseTriggerConfigJson
  | InternalEventTriggerConfigJson;

/** Starts a run for every matching event. */
export interface EventTriggerConfigJson {
  /** Kind of trigger. */
  type: "event";
  /** Which events. An active flow must name an event, an action or a property. */
  filters?: FiltersJson | null;
  /** An older place of filters.filter_test_accounts, to which PostHog moves it. */
  filter_test_accounts?: boolean | null;
}

/** Starts a run for every request to the flow's webhook URL. */
export interface WebhookTriggerConfigJson extends TemplateJson {
  /** Kind of trigger. */
  type: "webhook";
  /**
   * Template of the trigger.
   * @default template-source-webhook
   */
  template_id?: string;
  /** event, distinct_id, method (without it every request is answered with 405), and optionally properties, debug and the secret auth_header. */
  inputs?: TemplateInputsJson;
}

/** Starts a run when somebody presses the button in PostHog, or calls the flow's URL. */
export interface ManualTriggerConfigJson extends TemplateJson {
  /** Kind of trigger. */
  type: "manual";
  /**
   * Template of the trigger.
   * @default template-source-webhook
   */
  template_id?: string;
  /** event, usually $workflow_triggered, distinct_id, and method, which is POST for the button: without it every request is answered with 405. */
  inputs?: TemplateInputsJson;
}

/** Starts a run when the flow's pixel is loaded. */
export interface TrackingPixelTriggerConfigJson extends TemplateJson {
  /** Kind of trigger. */
  type: "tracking_pixel";
  /**
   * Template of the trigger.
   * @default template-source-webhook-pixel
   */
  template_id?: string;
  /** event, distinct_id, and optionally properties and debug. */
  inputs?: TemplateInputsJson;
}

/** Starts one run, without a person, at each occurrence of the flow's schedules. */
export interface ScheduleTriggerConfigJson {
  /** Kind of trigger. */
  type: "schedule";
  /** Passed on unchanged. */
  filters?: unknown;
}

/** Starts one run for each person or account of an audience, at each occurrence of the flow's schedules or by a batch job. */
export interface BatchTriggerConfigJson {
  /** Kind of trigger. */
  type: "batch";
  /** The audience. Kept word for word: a change of text alone pauses the flow's schedules. */
  filters: BatchFiltersJson;
}

/** Starts a run for every new row of a warehouse table or view. */
export interface WarehouseTriggerConfigJson {
  /** Kind of trigger. */
  type: "data-warehouse-table" | "data-warehouse-view";
  /** Table or view, for example stripe.invoice. Needed once the flow is active. */
  table_name?: string | null;
  /** Which rows. Default: all. */
  filters?: FiltersJson | null;
  /** Column that identifies a row. */
  key_property?: string | null;
}

/** Starts a run for a Slack message or a GitHub event. */
export interface InternalEventTriggerConfigJson {
  /** Kind of trigger. */
  type: "internal-event";
  /** The event, and at the top level of properties the channel, or the repository and event type. */
  filters: FiltersJson;
}

/** A filter that PostHog compiles: (test accounts) and all properties and any of events and actions. */
export interface FiltersJson extends CompiledJson {
  /**
   * Stream that the filter reads. Triggers on rows and internal events have their own.
   * @default events
   */
  source?: "events" | "person-updates" | "internal-events" | "data-warehouse-table" | "data-warehouse-view";
  /** Events, any of which matches. Default: none. */
  events?: EventFilterItemJson[];
  /** PostHog actions, any of which matches. Default: none. */
  actions?: EventFilterItemJson[];
  /** Property tests, all of which must match. Default: none. */
  properties?: PropertyFilterJson[];
  /**
   * Leaves the project's test accounts out.
   * @default false
   */
  filter_test_accounts?: boolean;
  /** Warehouse tables; only with a warehouse source. */
  data_warehouse?: unknown[] | null;
  /** Made by PostHog; ignored. */
  bytecode_contract?: unknown;
  /** Made by PostHog; ignored. */
  bytecode_error?: unknown;
  /** Made by PostHog; ignored. */
  transpiled?: unknown;
}

/** One event, or one PostHog action, inside a filter. */
export interface EventFilterItemJson {
  /** Event name, for example user signed up; null for any event; id of the PostHog action in actions. */
  id: string | number | null;
  /** Label. Default: the id. */
  name?: string | null;
  /** events or actions. Default: the list that it stands in. */
  type?: string;
  /** Place in the list. Default: its index. */
  order?: number;
  /** Tests on this event alone. Default: none. */
  properties?: PropertyFilterJson[] | null;
  /** Made by PostHog's editor; ignored. */
  uuid?: string;
  /** Kept by PostHog's editor; ignored. */
  custom_name?: string | null;
}

/** One property test inside a filter. Further members are kept as they are. */
export interface PropertyFilterJson {
  /** Name of the property, for example plan; id for a cohort. */
  key: string;
  /** Value or values to compare with; none for is_set and is_not_set. */
  value?: unknown;
  /** For example exact, is_not, icontains, gt, is_set. Default exact. */
  operator?: string | null;
  /** Where the property lives: event, person, group, event_metadata, cohort, hogql, workflow_variable and others. */
  type?: string | null;
  /** Index of the group type, with type group. */
  group_type_index?: number | null;
}

/** Who a batch flow runs for. Kept word for word. */
export interface BatchFiltersJson {
  /** Property tests, all of which must match. [] is everybody. */
  properties?: PropertyFilterJson[];
  /** One run per person or per account. PostHog's default is persons. */
  audience_type?: "persons" | "accounts";
  /** Leaves the project's test accounts out. */
  filter_test_accounts?: boolean;
  /** Accounts with one of these tags (accounts only). */
  tag_names?: string[];
  /** Accounts by whether somebody owns them (accounts only). */
  assignment_status?: "all" | "assigned" | "unassigned";
  /** Accounts owned by these users (accounts only). */
  assigned_to_user_ids?: number[];
}

/** A saved template of the project. */
export interface TemplateJson {
  /** Id of a saved template of the project. */
  template_uuid?: string | null;
}

/** Template inputs by name. Names are the template's. */
export interface TemplateInputsJson {
  [name: string]: TemplateInputJson;
}

/** A value for one input of a template. {"secret": true} alone keeps the secret that PostHog stores for this step. */
export interface TemplateInputJson extends CompiledJson {
  /** The value. Text may hold a template in the language of templating. */
  value?: unknown;
  /** Language of the templates inside value. Default: the template's own choice, mostly hog. */
  templating?: "hog" | "liquid" | null;
  /** true without a value keeps the stored secret; only for a step that exists in PostHog already. */
  secret?: boolean;
  /** Made by PostHog; ignored. */
  bytecode_contract?: unknown;
  /** Made by PostHog; ignored. */
  order?: number;
}

/** The inputs of an e-mail step. */
export interface EmailInputsJson {
  /** Sender, recipient, subject and body. */
  email?: EmailInputJson;
  [name: string]: TemplateInputJson | undefined;
}

/** The e-mail, and the language of its templates. */
export interface EmailInputJson extends TemplateInputJson {
  /** Sender, recipient, subject and body. */
  value?: EmailValueJson;
}

/** An e-mail. Texts may hold templates. */
export interface EmailValueJson {
  /** Sender. */
  from?: EmailSenderJson;
  /** Recipient: an object with email, usually {{ person.properties.email }}, and name. PostHog takes a text, too, and its worker sends nothing then. */
  to?: unknown;
  /** Subject line. */
  subject?: string;
  /** Text that mail programs show beside the subject. */
  preheader?: string;
  /** Body as plain text. */
  text?: string;
  /** Body as HTML. Needed: "" where there is only text. */
  html?: string;
  /** Document of PostHog's visual editor. Without one PostHog makes one from html, which is ignored here. */
  design?: unknown;
  /** Addresses for answers: one text, with commas between them. */
  replyTo?: unknown;
  /** Further recipients: one text, with commas between them. */
  cc?: unknown;
  /** Further recipients that the others do not see: one text, with commas between them. */
  bcc?: unknown;
}

/** The sender of an e-mail. */
export interface EmailSenderJson {
  /**
   * Id of the e-mail integration. Needed: without it PostHog's worker sends nothing.
   * @TJS-type integer
   */
  integrationId?: number;
  /**
   * Several integrations that share the sending; the first should be integrationId, too.
   * @maxItems 10
   */
  integrationIds?: number[];
  /** Address, where it is not the integration's own. */
  email?: string;
  /** Name, where it is not the integration's own. */
  name?: string;
}

/** What message steps have in common. */
export interface MessageJson extends TemplateJson {
  /** Category that people can opt out of. */
  message_category_id?: string | null;
  /** Whether opt-outs are respected: a transactional message is sent to people who opted out, too. */
  message_category_type?: MessageCategoryType | null;
}

/** Any destination template with its inputs. */
export interface FunctionConfigJson extends TemplateJson {
  /** Template, for example template-webhook. */
  template_id: string;
  /** Inputs of the template by name. Default: none. */
  inputs?: TemplateInputsJson;
  /** Event mappings of the template, passed on unchanged. */
  mappings?: unknown[] | null;
}

/** An e-mail. */
export interface EmailConfigJson extends MessageJson {
  /**
   * Always template-email. A saved template goes into template_uuid.
   * @default template-email
   */
  template_id?: string;
  /** email: sender, recipient, subject and body. */
  inputs?: EmailInputsJson;
  /** Open and click tracking. PostHog's default is true. */
  tracking_enabled?: boolean | null;
}

/** A text message. */
export interface SmsConfigJson extends MessageJson {
  /**
   * Always template-twilio.
   * @default template-twilio
   */
  template_id?: string;
  /** twilio_account (integration id) and from_number, which are read as they are; to_number and message, which are Liquid. */
  inputs?: TemplateInputsJson;
}

/** A push notification. */
export interface PushConfigJson extends MessageJson {
  /**
   * Always template-native-push.
   * @default template-native-push
   */
  template_id?: string;
  /** distinctId, channels, title, body ("" where there is nothing to say), and optionally image (a whole address) and data (a map of texts). */
  inputs?: TemplateInputsJson;
}

/** A wait: delay_duration or delay_until, one of the two. */
export interface DelayConfigJson {
  /**
   * One number and one unit of s, m, h, d. It lasts at most 60s, 60m, 24h, 30d, without carry.
   * @pattern ^(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)[dhms]$
   */
  delay_duration?: string | null;
  /** A moment computed for each person. */
  delay_until?: DelayUntilJson | null;
  /**
   * Longest wait with delay_until. Default and maximum 30d.
   * @pattern ^(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)[dhms]$
   */
  max_delay_duration?: string | null;
}

/** A moment computed for each person. */
export interface DelayUntilJson extends CompiledJson {
  /**
   * Hog expression that yields a date, for example person.properties.renewal.
   * @minLength 1
   */
  expression: string;
  /**
   * Signed duration that is added, for example -3d.
   * @pattern ^[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)[dhms]$
   */
  offset?: string | null;
  /** IANA zone of dates without one, for example Europe/Berlin. Default UTC. */
  timezone?: string | null;
  /** Takes the person's own zone where it is known. Default false. */
  use_person_timezone?: boolean | null;
  /** IANA zone where the person's is unknown. */
  fallback_timezone?: string | null;
  /** Made by PostHog; ignored. */
  bytecode_error?: unknown;
}

/** For what to wait, and how long. */
export interface WaitUntilConditionConfigJson {
  /** State of the person that ends the wait. Default: none. */
  condition?: ConditionJson | null;
  /** Events, any of which ends the wait. Only those that come while somebody waits count. Default: none. */
  events?: ConditionJson[];
  /**
   * One number and one unit of s, m, h, d; at most 60s, 60m, 24h, 30d. Without it nobody waits at all.
   * @pattern ^(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)[dhms]$
   */
  max_wait_duration?: string | null;
}

/** A filter with a label. */
export interface ConditionJson {
  /** What must match. */
  filters?: FiltersJson | null;
  /** Label. */
  name?: string | null;
}

/** Days, times and zone. */
export interface TimeWindowConfigJson {
  /** IANA zone, for example Europe/Berlin. Default UTC. */
  timezone?: string | null;
  /** Takes the person's own zone where it is known. Default false. */
  use_person_timezone?: boolean | null;
  /** IANA zone where the person's is unknown. */
  fallback_timezone?: string | null;
  /** any, weekday, weekend, or a list of lower-case English names. */
  day:
    | "any"
    | "weekday"
    | "weekend"
    | ("monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday")[];
  /** any, or start and end as HH:MM. */
  time: "any" | string[];
}

/** Conditions in order; the first that matches decides. */
export interface ConditionalBranchConfigJson {
  /** Condition i belongs to the branch edge with index i. */
  conditions: ConditionJson[];
}

/** Shares of a random split. */
export interface RandomCohortBranchConfigJson {
  /** Share i belongs to the branch edge with index i. */
  cohorts: CohortJson[];
}

/** One share of a random split. */
export interface CohortJson {
  /** Relative weight; shares need not add up to 100. */
  percentage: number;
  /** Label. */
  name?: string | null;
}

/** The end of a run. */
export interface ExitConfigJson {
  /** A note for people; PostHog does nothing with it. */
  reason?: string | null;
}
