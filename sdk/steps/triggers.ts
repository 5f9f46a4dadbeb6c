// What starts a run: `on.event`, `on.webhook` and the others.
import type * as pulumi from "@pulumi/pulumi";
import type { Dict } from "../../definition/canonical/values";
import {
  audienceFilters,
  conditionFilters,
  eventFilters,
  type AudienceCondition,
  type Closed,
  type EventFilter,
  type EventName,
  type HogText,
  type Secret,
  type SecretHelp,
  type TriggerCondition,
} from "../values";
import type { At } from "./at";
import { callerOf } from "./caller";
import { TRIGGER_ID } from "../../definition/schema/step-ids";
import { inputsOf } from "./inputs";
import { leaves, listOf } from "./leaves";
import * as nodes from "./node";
import { namesOf } from "./options";

declare const starts: unique symbol;

/** What starts a run. */
export interface Trigger {
  readonly [starts]: true;
}

/** Options of every trigger. */
export interface TriggerOptions {
  /** Title in PostHog. Default: what it is, such as "Event". */
  name?: string;
  /** Pins the id in PostHog. Default `trigger_node`, as in PostHog's editor. */
  id?: string;
  description?: pulumi.Input<string>;
}
const TRIGGER_NAMES = { name: true, id: true, description: true } as const;

interface Filtered {
  /** Leaves the project's test accounts out. Default false. */
  filterTestAccounts?: pulumi.Input<boolean>;
  /** Leaves who starts the flow to PostHog's editor: the program gives the first value. */
  editorOwns?: readonly "filters"[];
}
const FILTERED_NAMES = { filterTestAccounts: true, editorOwns: true } as const;
const FILTERS_EDITABLE = { filters: ["config", "filters"] };

/** Options of `on.event`. */
export interface EventTriggerOptions extends TriggerOptions, Filtered {
  /** Tests that any of the events must pass. */
  where?: TriggerCondition | readonly TriggerCondition[];
}

type Method = "POST" | "GET" | "PUT" | "PATCH" | "DELETE";

/** Options of `on.webhook`. Its texts are Hog, and read the request as `request`: there is no person yet. */
export interface WebhookTriggerOptions extends TriggerOptions {
  /** Name of the event that the request represents, such as `{request.body.event}`. If it is empty, the request is answered with 400. */
  event: HogText;
  /** The person of the run, such as `{request.body.distinct_id}`. If it is empty, the request is answered with 400. */
  distinctId: HogText;
  /** Properties of the event. Default: none; `$ip`, `$lib` and `$source_url` are set only if you give them, as PostHog's editor does. */
  properties?: Record<string, HogText>;
  /** Only requests with this method start a run; others are answered with 405. Default `POST`. */
  method?: Closed<Method>;
  /** Requests without this text as their Authorization header are refused. Only an output fits, such as `config.requireSecret("token")`. */
  authHeader?: Secret<SecretHelp>;
  /** Logs requests. Default false. */
  debug?: pulumi.Input<boolean>;
}

/** Options of `on.manual`. PostHog's button sends a `POST` with the body `{ user_id, $variables }`, and texts can read nothing else. */
export interface ManualTriggerOptions extends TriggerOptions {
  /** Default `$workflow_triggered`, as in PostHog's editor. */
  event?: HogText;
  /** Default `{request.body.user_id}`, as in PostHog's editor. */
  distinctId?: HogText;
  properties?: Record<string, HogText>;
  /** Only requests with this method start a run. Default `POST`, which is what the button sends: with another one it is answered with 405. */
  method?: Closed<Method>;
}

/** Options of `on.trackingPixel`. Its texts are Hog, and read the query of the pixel's address as `request.query`: such a request has no body. */
export interface TrackingPixelOptions extends TriggerOptions {
  /** Default: `{request.query.ph_event}`, as in PostHog's editor. If it is empty, no run starts. */
  event?: HogText;
  /** Default: `{request.query.ph_distinct_id}`, as in PostHog's editor. If it is empty, no run starts. */
  distinctId?: HogText;
  /** Properties of the event. Default: none; `$lib`, `$source_url` and `query_params` are set only if you give them, as PostHog's editor does. */
  properties?: Record<string, HogText>;
  /** Logs requests. Default false. */
  debug?: pulumi.Input<boolean>;
}

/** Options of `on.batch`. */
export interface BatchOptions extends TriggerOptions, Filtered {
  /** One run per person or per account. PostHog's default is `persons`. */
  audienceType?: Closed<"persons" | "accounts">;
  /** Accounts with one of these tags (accounts only). */
  tagNames?: readonly pulumi.Input<string>[];
  /** Accounts by whether somebody owns them (accounts only). */
  assignmentStatus?: Closed<"all" | "assigned" | "unassigned">;
  /** Accounts owned by these users (accounts only). */
  assignedToUserIds?: readonly pulumi.Input<number>[];
}

/** Options of `on.warehouseTable` and `on.warehouseView`. */
export interface WarehouseOptions extends TriggerOptions {
  /** Tests that a row must pass; `eventProperty` reads its columns. */
  where?: TriggerCondition | readonly TriggerCondition[];
  /** Column that identifies a row. */
  keyProperty?: pulumi.Input<string>;
  editorOwns?: readonly "filters"[];
}

/** Options of `on.slackMessage`. */
export interface SlackTriggerOptions extends TriggerOptions {
  /** Id of the channel, or of several. */
  channel: pulumi.Input<string> | readonly pulumi.Input<string>[];
}

/** Options of `on.github`. */
export interface GitHubTriggerOptions extends TriggerOptions {
  /** Repository, such as `acme/app`, or several. */
  repository: pulumi.Input<string> | readonly pulumi.Input<string>[];
  /** GitHub's names of events, such as `release`. */
  eventTypes: readonly pulumi.Input<string>[];
}

interface Make {
  title: string;
  options: object;
  known: readonly string[];
  config: (at: At) => Dict;
  editable?: Readonly<Record<string, readonly string[]>>;
}

const make = (maker: string, location: string | undefined, { title, options, ...rest }: Make): Trigger =>
  nodes.trigger({
    maker: `on.${maker}`,
    key: TRIGGER_ID,
    type: "trigger",
    location,
    options: { name: title, ...options },
    ...rest,
  }) as object as Trigger;

const EVENT_NAMES = namesOf<EventTriggerOptions>({ ...TRIGGER_NAMES, ...FILTERED_NAMES, where: true });
const WEBHOOK_NAMES = namesOf<WebhookTriggerOptions>({
  ...TRIGGER_NAMES,
  event: true,
  distinctId: true,
  properties: true,
  method: true,
  authHeader: true,
  debug: true,
});
const MANUAL_NAMES = namesOf<ManualTriggerOptions>({
  ...TRIGGER_NAMES,
  event: true,
  distinctId: true,
  properties: true,
  method: true,
});
const PIXEL_NAMES = namesOf<TrackingPixelOptions>({
  ...TRIGGER_NAMES,
  event: true,
  distinctId: true,
  properties: true,
  debug: true,
});
const PLAIN_NAMES = namesOf<TriggerOptions>(TRIGGER_NAMES);
const BATCH_NAMES = namesOf<BatchOptions>({
  ...TRIGGER_NAMES,
  ...FILTERED_NAMES,
  audienceType: true,
  tagNames: true,
  assignmentStatus: true,
  assignedToUserIds: true,
});
const WAREHOUSE_NAMES = namesOf<WarehouseOptions>({
  ...TRIGGER_NAMES,
  where: true,
  keyProperty: true,
  editorOwns: true,
});
const SLACK_NAMES = namesOf<SlackTriggerOptions>({ ...TRIGGER_NAMES, channel: true });
const GITHUB_NAMES = namesOf<GitHubTriggerOptions>({ ...TRIGGER_NAMES, repository: true, eventTypes: true });

const members = (options: object, names: readonly string[], at: At): Dict => leaves(options as Dict, names, at);
const property = (key: string, value: unknown): Dict => ({
  key,
  value: listOf(value),
  operator: "exact",
  type: "event",
});

/**
 * Starts a run for every matching event.
 *
 * @param events An event by name, `event(name, …)` with conditions, or several events, any of which starts a run.
 * @example
 * ```ts
 * on.event("user signed up", { where: eventProperty("plan").is("pro"), filterTestAccounts: true })
 * ```
 */
function event(
  events: EventName | EventFilter | readonly (EventName | EventFilter)[],
  options: EventTriggerOptions = {},
): Trigger {
  return make("event", callerOf(event), {
    title: "Event",
    options,
    known: EVENT_NAMES,
    editable: FILTERS_EDITABLE,
    config: (at) => {
      const filters = at.at("filters");
      return {
        type: "event",
        filters: {
          ...eventFilters(listOf(events), filters),
          ...(options.where === undefined ? {} : conditionFilters(options.where, filters, "trigger")),
          ...members(options, ["filterTestAccounts"], filters),
        },
      };
    },
  });
}

/**
 * Starts a run for every `POST` to the flow's address, which is `webhookUrl` of the resource; `method` chooses another method.
 *
 * @example
 * ```ts
 * on.webhook({ event: "{request.body.event}", distinctId: "{request.body.distinct_id}", authHeader: config.requireSecret("ticketToken") })
 * ```
 */
function webhook(options: WebhookTriggerOptions): Trigger {
  return make("webhook", callerOf(webhook), {
    title: "Webhook",
    options,
    known: WEBHOOK_NAMES,
    config: (at) => ({
      type: "webhook",
      inputs: inputsOf(
        {
          event: options.event,
          distinct_id: options.distinctId,
          properties: options.properties,
          method: options.method ?? "POST",
          auth_header: options.authHeader,
          debug: options.debug,
        },
        at,
        "template-source-webhook",
      ),
    }),
  });
}

/**
 * Starts a run when somebody presses the button in PostHog, or calls the flow's address (`webhookUrl` of the resource).
 *
 * @example
 * ```ts
 * on.manual()
 * ```
 */
function manual(options: ManualTriggerOptions = {}): Trigger {
  return make("manual", callerOf(manual), {
    title: "Manual",
    options,
    known: MANUAL_NAMES,
    config: (at) => ({
      type: "manual",
      inputs: inputsOf(
        {
          event: options.event ?? "$workflow_triggered",
          distinct_id: options.distinctId ?? "{request.body.user_id}",
          properties: options.properties,
          method: options.method ?? "POST",
        },
        at,
        "template-source-webhook",
      ),
    }),
  });
}

/**
 * Starts a run when the flow's pixel is loaded. Its address is `webhookUrl` of the resource.
 *
 * @example
 * ```ts
 * on.trackingPixel()
 * ```
 */
function trackingPixel(options: TrackingPixelOptions = {}): Trigger {
  return make("trackingPixel", callerOf(trackingPixel), {
    title: "Tracking pixel",
    options,
    known: PIXEL_NAMES,
    config: (at) => ({
      type: "tracking_pixel",
      inputs: inputsOf(
        {
          event: options.event ?? "{request.query.ph_event}",
          distinct_id: options.distinctId ?? "{request.query.ph_distinct_id}",
          properties: options.properties,
          debug: options.debug,
        },
        at,
      ),
    }),
  });
}

/**
 * Starts one run, without a person, at each occurrence of the flow's schedules (`HogFlowSchedule`).
 *
 * @example
 * ```ts
 * on.schedule()
 * ```
 */
function schedule(options: TriggerOptions = {}): Trigger {
  return make("schedule", callerOf(schedule), {
    title: "Schedule",
    options,
    known: PLAIN_NAMES,
    config: () => ({ type: "schedule" }),
  });
}

/**
 * Starts one run for each person or account of an audience, at each occurrence of the flow's schedules (`HogFlowSchedule`).
 *
 * @param audience Tests that must all match, of person properties, cohorts or groups; `[]` is everybody.
 * @example
 * ```ts
 * on.batch([person("last_seen").before("-30d"), cohort(42)])
 * ```
 */
function batch(audience: AudienceCondition | readonly AudienceCondition[], options: BatchOptions = {}): Trigger {
  return make("batch", callerOf(batch), {
    title: "Audience",
    options,
    known: BATCH_NAMES,
    editable: FILTERS_EDITABLE,
    config: (at) => {
      const filters = at.at("filters");
      return {
        type: "batch",
        filters: {
          ...audienceFilters(audience, filters),
          ...members(
            options,
            ["audienceType", "filterTestAccounts", "tagNames", "assignmentStatus", "assignedToUserIds"],
            filters,
          ),
        },
      };
    },
  });
}

function rows(
  type: "data-warehouse-table" | "data-warehouse-view",
  maker: string,
  location: string | undefined,
  tableName: pulumi.Input<string>,
  options: WarehouseOptions,
): Trigger {
  return make(maker, location, {
    title: "Row",
    options,
    known: WAREHOUSE_NAMES,
    editable: FILTERS_EDITABLE,
    config: (at) => ({
      type,
      tableName,
      ...(options.where === undefined ? {} : { filters: conditionFilters(options.where, at.at("filters"), "trigger") }),
      ...members(options, ["keyProperty"], at),
    }),
  });
}

/**
 * Starts a run for every new row of a warehouse table. There is no person, and such a flow cannot wait for a condition.
 *
 * @example
 * ```ts
 * on.warehouseTable("stripe.invoice", { where: eventProperty("amount").gt(100) })
 * ```
 */
function warehouseTable(tableName: pulumi.Input<string>, options: WarehouseOptions = {}): Trigger {
  return rows("data-warehouse-table", "warehouseTable", callerOf(warehouseTable), tableName, options);
}

/**
 * Starts a run for every new row of a warehouse view.
 *
 * @example
 * ```ts
 * on.warehouseView("big_invoices")
 * ```
 */
function warehouseView(tableName: pulumi.Input<string>, options: WarehouseOptions = {}): Trigger {
  return rows("data-warehouse-view", "warehouseView", callerOf(warehouseView), tableName, options);
}

const internal = (id: string, properties: readonly Dict[]): Dict => ({
  type: "internal-event",
  filters: { events: [{ id }], properties },
});

/**
 * Starts a run for every message in a Slack channel.
 *
 * @example
 * ```ts
 * on.slackMessage({ channel: "C0123456" })
 * ```
 */
function slackMessage(options: SlackTriggerOptions): Trigger {
  return make("slackMessage", callerOf(slackMessage), {
    title: "Slack message",
    options,
    known: SLACK_NAMES,
    config: () => internal("$slack_message_received", [property("channel", options.channel)]),
  });
}

/**
 * Starts a run for events of a GitHub repository.
 *
 * @example
 * ```ts
 * on.github({ repository: "acme/app", eventTypes: ["release"] })
 * ```
 */
function github(options: GitHubTriggerOptions): Trigger {
  return make("github", callerOf(github), {
    title: "GitHub event",
    options,
    known: GITHUB_NAMES,
    config: () =>
      internal("$github_event_received", [
        property("repository", options.repository),
        property("event_type", options.eventTypes),
      ]),
  });
}

/**
 * What starts a run: `on.event("user signed up")`, `on.webhook({ … })`, `on.batch([…])` and others.
 *
 * @example
 * ```ts
 * new HogFlow("hello", { trigger: on.event("user signed up"), steps: [email("welcome", { from: team, subject: "Welcome!", text: "Good to have you." })] });
 * ```
 */
export const on = {
  event,
  webhook,
  manual,
  trackingPixel,
  schedule,
  batch,
  warehouseTable,
  warehouseView,
  slackMessage,
  github,
};
